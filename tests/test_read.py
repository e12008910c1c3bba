"""Reading: what comes out of a seed, beside the issues that tests/cases/issues holds."""

from __future__ import annotations

import os
import tracemalloc
from datetime import date

import pytest

from generator.config import ArchiveConfig, find_archive
from generator.issues import ArchiveError, near_miss, quote
from generator.model import BlockKind, Span
from generator.read.blocks import parse_blocks
from generator.read.dates import parse_date
from generator.read.definitions import MAX_BRACKETS, MAX_LENGTH, check_definition, neutralise
from generator.read.files import MAX_SEED_BYTES, SeedFile, list_files, read_bytes
from generator.read.schema import url_fault
from generator.read.seeds import read_seeds
from generator.read.words import MAX_BLOCK, MAX_PUNCTUATION


@pytest.fixture
def read(build_archive):
    def read(seeds):
        return read_seeds(build_archive(seeds))

    return read


def test_scalars_stay_as_written(read):
    seeds, issues = read(
        {"seeds/articles/a.md": "---\ntitle: NO\ndate: 1984\nlanguage: no\nbyline: 007\n---\nA\n"}
    )
    front_matter = seeds.articles[0].front_matter
    assert not issues
    assert (front_matter.title, front_matter.language, front_matter.byline) == ("NO", "no", "007")
    assert front_matter.date.text == "1984"


def test_a_text_is_kept_byte_for_byte(read):
    text = "\r\n\tOne \r\n\r\n  two\u00a0\r three \n\n"
    seeds, issues = read(
        {"seeds/articles/a.md": f"---\r\ntitle: A\r\ndate: 2025\r\nlanguage: en\r\n---\r\n{text}"}
    )
    assert not issues
    assert seeds.articles[0].text == text
    assert seeds.articles[0].first_line == 6


def test_an_articles_id_is_its_path_and_an_entrys_its_stem(read, seed_text):
    article, entry = seed_text
    seeds, _ = read(
        {"seeds/articles/2025/07/a.md": article("A"), "seeds/glossary/x/Y/q796.md": entry(name="Q")}
    )
    assert seeds.articles[0].id == "2025/07/a"
    assert seeds.entities[0].id == "q796"
    assert seeds.count == 2


def test_places_of_a_text_count_from_the_files_first_line(read, seed_text):
    seeds, _ = read({"seeds/articles/a.md": seed_text[0]("ab\r\ncd\ref\ngh")})
    article = seeds.articles[0]
    assert [article.place_of(article.text.index(c)) for c in "abcdefgh"] == [
        (6, 1), (6, 2), (7, 1), (7, 2), (8, 1), (8, 2), (9, 1), (9, 2),
    ]  # fmt: skip


def test_an_article_with_an_error_leaves_the_others(read, seed_text):
    seeds, issues = read({"seeds/articles/a.md": "nothing", "seeds/articles/b.md": seed_text[0]("B")})
    assert [article.id for article in seeds.articles] == ["b"]
    assert [issue.path for issue in issues] == ["seeds/articles/a.md"]


def test_a_second_file_of_one_id_is_left_out(read, seed_text):
    entry = seed_text[1]
    seeds, _ = read({"seeds/glossary/1/g.md": entry(name="One"), "seeds/glossary/2/g.md": entry(name="Two")})
    assert [entity.name for entity in seeds.entities] == ["One"]


def test_a_file_that_is_no_seed_is_no_id(read, seed_text):
    _, issues = read(
        {"seeds/articles/a.md": seed_text[0]("A", outlet="paper.txt"), "seeds/glossary/paper.txt": "x"}
    )
    assert "unknown-id" in {issue.kind for issue in issues}


def test_a_folder_without_seeds_is_a_wrong_set_up(tmp_path):
    with pytest.raises(ArchiveError, match="seeds/"):
        find_archive(tmp_path)


def test_linked_folders_are_never_followed(tmp_path, seed_text):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.md").write_text(seed_text[0]("Secret"), encoding="utf-8")
    for name, link in (("one", "seeds"), ("two", "seeds/articles")):
        root = tmp_path / name
        (root / link).parent.mkdir(parents=True)
        (root / link).symlink_to(elsewhere)
        seeds, issues = read_seeds(ArchiveConfig(root))
        assert not seeds.articles
        assert link in {issue.path for issue in issues if issue.kind == "symlink"}


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    folder = tmp_path / "seeds" / "articles"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "a.md")
    files, issues = list_files(tmp_path, "seeds/articles")
    assert not files
    assert [issue.kind for issue in issues] == ["not-a-file"]


def test_a_file_that_vanishes_is_an_issue(tmp_path):
    data, issues = read_bytes(SeedFile("seeds/articles/a.md", tmp_path / "a.md"))
    assert data is None
    assert [issue.kind for issue in issues] == ["unreadable"]


def test_a_huge_file_is_not_read_whole(tmp_path):
    huge = tmp_path / "a.md"
    with huge.open("wb") as stream:
        stream.truncate(10**9)
    tracemalloc.start()
    data, issues = read_bytes(SeedFile("a.md", huge))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert data is None
    assert [issue.kind for issue in issues] == ["too-large"]
    assert peak < 4 * MAX_SEED_BYTES


def test_a_name_that_is_no_unicode_is_shown_and_refused(tmp_path):
    folder = tmp_path / "seeds" / "articles"
    folder.mkdir(parents=True)
    (folder / os.fsdecode(b"a\xff.md")).write_text("x", encoding="utf-8")
    _, issues = read_seeds(ArchiveConfig(tmp_path))
    assert "bad-id" in {issue.kind for issue in issues}
    assert all(str(issue).isascii() for issue in issues)


@pytest.mark.parametrize(
    "text, earliest, latest",
    [
        ("2025-06-30", date(2025, 6, 30), date(2025, 6, 30)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
        ("2024-02~", date(2024, 2, 1), date(2024, 2, 29)),
        ("1984?", date(1984, 1, 1), date(1984, 12, 31)),
        ("201X", date(2010, 1, 1), date(2019, 12, 31)),
        ("2025-06-XX", date(2025, 6, 1), date(2025, 6, 30)),
        ("2025-06-30/2025-07-01", date(2025, 6, 30), date(2025, 7, 1)),
        ("2025/..", date(2025, 1, 1), date.max),
        ("2025/", date(2025, 1, 1), date.max),
        ("../2025", date.min, date(2025, 12, 31)),
        ("/2025", date.min, date(2025, 12, 31)),
        ("XXXX", date.min, date.max),
        ("XXXX-XX-XX", date.min, date.max),
    ],
)
def test_a_date_means_these_days(text, earliest, latest):
    day = parse_date(text)
    assert (day.text, day.earliest, day.latest) == (text, earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "2025-13",
        "2025-02-30",
        "0000",
        "12025",
        "y2025",
        "2025-7-1",
        "２０２５",
        "2025-07-02/2025-07-01",
    ],
)
def test_a_text_that_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_date(text)


def test_blocks_are_told_by_marks_and_blank_lines():
    text = "One\ntwo\n## Head\nmore\n> q\n> r\ns\n- a\n- b\nc\n7. d\n\n\nend"
    found = [(b.kind, b.level, b.section, [line.of(text) for line in b.lines]) for b in parse_blocks(text)]
    assert found == [
        (BlockKind.PARAGRAPH, 0, 0, ["One", "two"]),
        (BlockKind.HEADING, 2, 1, ["Head"]),
        (BlockKind.PARAGRAPH, 0, 1, ["more"]),
        (BlockKind.QUOTE, 0, 1, ["q", "r", "s"]),
        (BlockKind.BULLET, 0, 1, ["a"]),
        (BlockKind.BULLET, 0, 1, ["b", "c"]),
        (BlockKind.NUMBERED, 7, 1, ["d"]),
        (BlockKind.PARAGRAPH, 0, 1, ["end"]),
    ]


def test_an_indented_mark_is_text():
    assert [block.kind for block in parse_blocks(" - a\n\n\t> b\n\n ## c")] == [BlockKind.PARAGRAPH] * 3


def test_nested_marks_are_words_of_one_block():
    text = "> " * 50_000 + "end"
    (block,) = parse_blocks(text)
    assert block.lines == (Span(2, len(text)),)


def test_blocks_of_a_megabyte_are_as_many_as_its_lines():
    assert len(parse_blocks("- a\n" * 250_000)) == 250_000
    assert len(parse_blocks("> a\n" * 250_000)) == 1
    assert not parse_blocks("\n" * 1_000_000)


@pytest.mark.parametrize("sign", ["*", "[", "\\", "`", "_", "&"])
def test_a_paragraph_of_signs_is_refused_where_markdown_would_take_minutes(read, seed_text, sign):
    article = seed_text[0]
    _, issues = read({"seeds/articles/a.md": article(sign * (MAX_PUNCTUATION + 1))})
    assert [issue.kind for issue in issues] == ["too-long"]
    _, issues = read(
        {"seeds/articles/a.md": article(f"{sign * MAX_PUNCTUATION}\n\n{sign * MAX_PUNCTUATION}")}
    )
    assert not issues


def test_a_paragraph_past_the_cap_is_refused_and_two_are_not(read, seed_text):
    article, half = seed_text[0], "word " * (MAX_BLOCK // 5)
    _, issues = read({"seeds/articles/a.md": article(f"{half}\n{half}")})
    assert [issue.kind for issue in issues] == ["too-long"]
    _, issues = read({"seeds/articles/a.md": article(f"{half}\n\n{half}")})
    assert not issues


@pytest.mark.parametrize(
    "definition",
    [
        "[" * (MAX_BRACKETS + 1),
        "a" * (MAX_LENGTH + 1),
        "- " * 5000 + "[a](b)",
        "> " * 5000,
        "1. " * 900 + "x",
    ],
)
def test_a_definition_that_would_keep_markdown_busy_is_refused(definition):
    (issue,) = check_definition("g.md", definition, 7, 0)
    assert issue.kind in {"too-long", "too-deep"}


@pytest.mark.parametrize(
    "definition", ["- - -", "----------------", "* * *", "| a |\n|---|\n| b |", "1. 2. 3."]
)
def test_a_rule_or_table_is_not_too_deep(definition):
    assert not check_definition("g.md", definition, 7, 0)


def test_html_attributes_and_images_of_a_definition_are_words():
    assert neutralise("<b>{: .c }![d](e)") == "&lt;b>&#123;: .c }&#33;[d](e)"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:80/a?b=c#d",
        "HTTPS://EXAMPLE.ORG/%20",
        "https://مثال.إختبار/",
    ],
)
def test_an_address_that_is_fine(url):
    assert url_fault(url) is None


@pytest.mark.parametrize(
    "url",
    ["", "//example.org", "/a", "data:text/html,a", "JavaScript:alert(1)", "https:///a", "http://[", "http://a:b/",
     "http://a:99999/", "http://a@b/", "http://a/<b>", 'http://a/"b', "http://a/\tb", "mailto:a@b.org"],
)  # fmt: skip
def test_an_address_that_is_not(url):
    assert url_fault(url)


def test_a_near_miss_is_found_in_other_capitals_alike_or_cut_short():
    known = ["title", "language", "date"]
    assert near_miss("Title", known) == "title"
    assert near_miss("langauge", known) == "language"
    assert near_miss("lang", known) == "language"
    assert near_miss("zzz", known) is None


def test_a_quoted_text_is_visible_and_short():
    assert quote("a\u202eb\n") == r"'a\u202eb\n'"
    assert quote("a" * 100) == f"'{'a' * 79}…'"
