"""Planned pages: bytes and back, what a template sees, and which pages a change touches."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from generator import pipeline
from generator.config import find_archive
from generator.issues import ArchiveError
from generator.render import vocabulary
from generator.render.pages import decode, encode, identify
from generator.render.templates import Templates
from tests.publishing import TINY, copy_tiny

PEOPLE = {name.lower(): {"kind": "person", "name": name} for name in ("Ada", "Bo", "Cy")}


@pytest.fixture(scope="module")
def pages():
    return pipeline.plan(pipeline.link(pipeline.annotate(find_archive(TINY))), "Tiny archive", search=True)


@pytest.fixture
def plan(build_archive, seed_text):
    """Return a function that plans the pages of some texts about the people, by their addresses."""
    article_seed, entry_seed = seed_text

    def plan(*texts, **entry):
        seeds = {
            f"seeds/glossary/{id_}.md": entry_seed(**values, **(entry if id_ == "ada" else {}))
            for id_, values in PEOPLE.items()
        }
        for number, text in enumerate(texts):
            seeds[f"seeds/articles/a{number:03}.md"] = article_seed(text, date=f"20{10 + number // 100}-01-01")
        archive = pipeline.link(pipeline.annotate(build_archive(seeds)))
        return {page.url: encode(page) for page in pipeline.plan(archive, "Site")}

    return plan


@pytest.fixture
def tiny(tmp_path):
    """Return a copy of the tiny archive with a template of its own, and that template."""
    config = copy_tiny(tmp_path / "archive")
    template = config.root / "templates" / "pages" / "moved.html.j2"
    template.parent.mkdir(parents=True)
    template.write_text("<h1>{{ title }}</h1>\n<p>{{ target }}</p>\n")
    return config, template


def test_a_page_is_bytes_and_the_same_page_again(pages):
    plain = [page for page in pages if not hasattr(page.view, "sightings")]
    assert [decode(encode(page)) for page in plain] == plain
    assert [encode(decode(encode(page))) for page in pages] == [encode(page) for page in pages]
    assert len({encode(page) for page in pages}) == len(pages)


def test_what_is_no_page_is_not_read_as_one(pages):
    whole = encode(pages[0])
    for data in (b"", whole[:-1], whole + b"x", whole.replace(b"article.html.j2", b"entries.html.j2")):
        with pytest.raises(msgspec.DecodeError):
            decode(data)


def test_a_page_is_made_of_its_bytes_alone(pages):
    templates = Templates(find_archive(TINY))
    assert [templates.html(decode(encode(page))) for page in pages] == list(map(templates.html, pages))


def test_the_digest_of_templates_changes_with_every_one_of_them(tiny):
    config, template = tiny
    before = Templates(config).digest
    assert Templates(config).digest == before
    template.write_text("<h1>{{ title }}</h1>\n")
    edited = Templates(config).digest
    template.rename(template.with_name("pair.html.j2"))
    renamed = Templates(config).digest
    template.with_name("pair.html.j2").unlink()
    assert len({before, edited, renamed, Templates(config).digest, Templates(find_archive(TINY)).digest}) == 4


def test_a_file_that_templates_include_may_have_any_name(tiny):
    config, template = tiny
    note = template.with_name("note.html")
    digests = set()
    for text in ("one", "two"):
        note.write_text(text)
        digests.add(Templates(config).digest)
    assert len(digests) == 2


def test_a_template_for_markdown_is_told_what_to_become(tiny):
    config, template = tiny
    template.rename(template.with_name("moved.md.j2"))
    with pytest.raises(ArchiveError, match=r"templates/pages/moved\.md\.j2: page templates are HTML") as raised:
        Templates(config)
    assert "moved.html.j2" in str(raised.value)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("<h1>\n{% if %}</h1>", "moved.html.j2:2: a page template is wrong"),
        ("<h1>\n\n{{ shelves.articles }}</h1>", "moved.html.j2:3: a page template is wrong: 'shelves' is undefined"),
        ("<h1>\n{{ 1 / 0 }}</h1>", "moved.html.j2:2: a page template is wrong: ZeroDivisionError: division by zero"),
        ("<h1>\n{{ [title] | entry_link(base) }}</h1>", "moved.html.j2:2: a page template is wrong: TypeError: unhash"),
        ("<h1>\n\ncaf\xe9</h1>", "moved.html.j2:3: a page template is not UTF-8"),
        ("<h1>\n{% include 'moved-too.html.j2' %}", "moved.html.j2:2: a page template is wrong: 'moved-too.html.j2'"),
    ],
)
def test_the_line_of_a_wrong_template_is_told(tiny, pages, source, place):
    config, template = tiny
    template.write_text(source, encoding="latin-1")
    moved = next(page for page in pages if page.redirect)
    with pytest.raises(ArchiveError, match=place):
        Templates(config).html(moved)


def test_a_fault_of_the_program_is_not_told_as_one_of_a_template(tiny, pages, monkeypatch):
    config, _ = tiny
    article = next(page for page in pages if page.template == "article.html.j2")
    monkeypatch.setitem(vocabulary.GLOBALS, "citation", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Templates(config).html(article)


@pytest.fixture
def sign_of_mentions(build_archive, seed_text):
    """Return a function that tells what stands for the mentions of Ada on a page, given the only article."""
    article_seed, entry_seed = seed_text

    def sign(text, also=None, url="glossary/ada/", **front_matter):
        entry = entry_seed(kind="person", name="Ada", aliases=[{"text": also, "strength": "full"}] if also else [])
        seeds = {"seeds/glossary/ada.md": entry, "seeds/articles/a.md": article_seed(text, **front_matter)}
        archive = pipeline.link(pipeline.annotate(build_archive(seeds)))
        assert all(annotated.article.digest for annotated in archive.articles)
        (page,) = (page for page in pipeline.plan(archive, "Site") if page.url == url)
        return identify(replace(page, view=page.view.sightings))

    return sign


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("Ada slept.", {"title": "Another"}),  # the list of mentions shows titles
        ("Ada woke.", {}),  # the mention stands where it stood, in another sentence
        ("Ada slept.", {"also": "Ada slept"}),  # it begins where it began, and ends elsewhere
    ],
)
def test_what_stands_for_mentions_changes_with_all_that_is_shown_of_them(sign_of_mentions, text, changed):
    assert sign_of_mentions("Ada slept.") == sign_of_mentions("Ada slept.")
    assert sign_of_mentions("Ada slept.") != sign_of_mentions(text, **changed)


def test_what_stands_for_mentions_changes_with_the_anchors_that_they_lead_to(sign_of_mentions):
    """The page of earlier mentions has the last hundred of them: the same words, whose numbers have changed."""
    text, earlier = "Ada slept. " * 160, "browse/mentions/ada/1/"
    skipped = {"annotations": {"skip": [{"text": "Ada", "nth": 10}]}}
    assert sign_of_mentions(text, url=earlier) != sign_of_mentions(text, url=earlier, **skipped)


def test_a_new_article_changes_no_page_that_says_nothing_of_it(plan):
    texts = [f"Ada met Bo {number} times." for number in range(360)]
    before, after = plan(*texts), plan(*texts, "Ada slept.")
    changed = {address for address in after if before.get(address) != after[address]}
    assert before.keys() - after.keys() == set()
    assert {"glossary/ada/", "browse/date/2013/", "articles/a360/", "articles/a359/"} <= changed
    unchanged = {f"browse/mentions/ada/{part}/" for part in (1, 2, 3)} | {
        "glossary/bo/", "browse/date/2012/", "browse/together/ada/bo/", "browse/together/ada/bo/2/",
    }  # fmt: skip
    assert unchanged <= before.keys()
    assert not unchanged & changed


def test_what_an_entry_is_changes_the_pages_that_say_so_and_no_others(plan):
    texts = ["Ada met Bo.", "Bo slept.", "Cy slept."]
    before, after = plan(*texts), plan(*texts, description="Another one.")
    changed = {address for address in after if before[address] != after[address]}
    assert changed == {"glossary/ada/", "articles/a000/", "glossary/", "browse/person/", ""}


@pytest.fixture
def pieces(tiny):
    """Return the archive of `tiny`, and a function that gives it a template of its own, made of ours."""
    config, template = tiny

    def write(name, *exchanged):
        source = (config.page_templates[-1] / name).read_text("utf-8")
        for old, new in exchanged:
            assert old in source
            source = source.replace(old, new)
        template.with_name(name).write_text(source, "utf-8")
        return config

    return write


def shown(config, pages):
    templates = Templates(config)
    return "".join(map(templates.html, pages))


def test_a_piece_of_the_archive_takes_the_place_of_ours(pieces, pages):
    config = pieces("pieces.html.j2", ("<bdi>{{ entry.name }}</bdi>", "<bdi>{{ entry.name | upper }}</bdi>"))
    assert "<bdi>PORT KESTREL (CITY)</bdi></a>" in shown(config, pages)


def test_a_piece_sees_nothing_of_the_page(pieces, pages):
    config = pieces("pieces.html.j2", ("<bdi>{{ entry.name }}</bdi>", "<bdi>{{ title }}</bdi>"))
    with pytest.raises(ArchiveError, match=r"pieces\.html\.j2:6: a page template is wrong: 'title' is undefined"):
        shown(config, pages)


def test_what_a_piece_made_of_words_is_not_taken_for_what_it_makes_of_markup(pieces, pages):
    said = "{% macro said(words) %}{{ words }}{% endmacro %}\n"
    pieces("pieces.html.j2", ("{% macro entry_link", f"{said}{{% macro entry_link"))
    twice = "{{ '<b>' | said }}{{ '<b>' | safe | said }}{{ '<b>' | said }}"
    config = pieces("search.html.j2", ('<div id="search"', f'{twice}<div id="search"'))
    assert "&lt;b&gt;<b>&lt;b&gt;" in shown(config, [page for page in pages if page.template == "search.html.j2"])


def test_a_wrong_piece_is_told_of_with_its_line(pieces, pages):
    config = pieces("pieces.html.j2", ("{% macro spoken", "\n{% if %}\n{% macro spoken"))
    with pytest.raises(ArchiveError, match=r"pieces\.html\.j2:3: a page template is wrong"):
        shown(config, pages)
