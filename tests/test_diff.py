"""What a change does to the links, texts, pages and captures of an archive: all of it is told, and nothing else."""

from __future__ import annotations

import json
import subprocess

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from generator import cli
from generator.compare.alignment import align, differences
from generator.model import Span
from tests.repositories import start_repository

CAPTURE = "Envoys met.\n"
REPORTED = ("mentions", "texts", "pages", "captures")


def article(text, title="A title", **keys):
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\ntitle: {title}\ndate: 2025-07-01\nlanguage: en\n{more}---\n{text}"


def entry(name, **keys):
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\nname: {name}\nkind: place\ndescription: A place called {name}.\n{more}---\nA place.\n"


@pytest.fixture
def archive(tmp_path):
    """Thirty articles that name the Heights, ten that name a port, one with a capture."""
    files = {f"seeds/articles/h{n}.md": article(f"Day {n}. Guards on the Heights saw Port Said.\n") for n in range(30)}
    files |= {f"seeds/articles/p{n}.md": article(f"Ships left Port Said on day {n}.\n") for n in range(10)}
    files |= {
        "seeds/articles/c.md": article(CAPTURE, capture="c.txt"),
        "seeds/captures/c.txt": CAPTURE,
        "seeds/glossary/golan.md": entry("Golan"),
        "seeds/glossary/heights.md": entry("Heights"),
        "seeds/glossary/port-said.md": entry("Port Said"),
    }
    return start_repository(tmp_path / "archive", files)


def diff(archive, *words, code=0):
    ran = CliRunner().invoke(cli.archive, ["diff", *words, "--archive", str(archive.root)])
    assert ran.exit_code == code, ran.output
    return ran.stdout


def changes(archive, code=0):
    return json.loads(diff(archive, "base", "--format", "json", code=code))


def only(found, *names):
    """Return these lists, having seen that the others are empty."""
    assert {name for name in REPORTED if found[name]} == set(names)
    return [found[name] for name in names]


def became(mentions):
    return {(m["became"], m["old"], m["new"]) for m in mentions}


def test_nothing_is_told_of_nothing(archive):
    assert diff(archive, "base") == "no mention, text, page, capture or word of an entry changes\n"
    only(changes(archive))


def test_an_alias_that_relinks_thirty_articles_is_told_with_each_sentence(archive):
    archive.write("seeds/glossary/heights.md", entry("Heights", aliases="[{text: Heights, strength: weak}]"))
    archive.write("seeds/glossary/golan.md", entry("Golan", aliases="[Heights]"))
    (mentions,) = only(changes(archive), "mentions")
    assert became(mentions) == {("retargeted", "heights", "golan")}
    assert sorted(m["path"] for m in mentions) == sorted(f"seeds/articles/h{n}.md" for n in range(30))
    (one,) = [m for m in mentions if m["path"] == "seeds/articles/h7.md"]
    assert (one["line"], one["column"], one["surface"], one["rule"]) == (6, 22, "Heights", "alias")
    assert one["context"]["left"] == "Guards on the "
    assert one["context"]["right"] == " saw Port Said."


def test_an_alias_of_two_entries_makes_mentions_ambiguous(archive):
    archive.write("seeds/glossary/golan.md", entry("Golan", aliases="[Port Said]"))
    (mentions,) = only(changes(archive), "mentions")
    assert became(mentions) == {("newly ambiguous", "port-said", None)}
    assert {tuple(m["candidates"]) for m in mentions} == {("golan", "port-said")}
    assert len(mentions) == 40


def test_a_longer_alias_rewords_mentions_and_moves_none(archive):
    archive.write("seeds/glossary/heights.md", entry("Heights", aliases="[the Heights]"))
    (mentions,) = only(changes(archive), "mentions")
    assert became(mentions) == {("reworded", "heights", "heights")}
    assert {m["surface"] for m in mentions} == {"the Heights"}


def test_an_entry_that_is_gone_loses_its_mentions_and_its_page(archive):
    (archive.root / "seeds/glossary/heights.md").unlink()
    mentions, pages = only(changes(archive), "mentions", "pages")
    assert became(mentions) == {("lost", "heights", None)}
    assert [(p["fate"], p["place"]) for p in pages] == [("gone", "glossary/heights/")]


def test_a_merger_is_told_as_one(archive):
    (archive.root / "seeds/glossary/heights.md").unlink()
    archive.write("seeds/glossary/golan.md", entry("Golan", aliases="[Heights]", replaces="[heights]"))
    mentions, pages = only(changes(archive), "mentions", "pages")
    assert became(mentions) == {("retargeted", "heights", "golan")}
    assert all(m["merged"] for m in mentions)
    assert pages == [{"fate": "moved", "place": "glossary/heights/", "new_place": "glossary/golan/"}]
    assert "@@ retargeted: golan, was heights (merged) @@" in diff(archive, "base")


def test_one_letter_of_a_text_is_told_and_no_mention_behind_it(archive):
    archive.replace("seeds/articles/h3.md", "Guards", "Guardss")
    (texts,) = only(changes(archive), "texts")
    expected = {"path": "seeds/articles/h3.md", "line": 6, "old": "Guards", "new": "Guardss"}
    assert texts == [expected | {"in_words": True, "withdrawn": False}]
    assert "the words of 1 text changed" in diff(archive, "base")


def test_a_text_with_errors_is_compared_all_the_same(archive):
    archive.replace("seeds/articles/c.md", "met", "meet")
    found = changes(archive, code=1)
    assert [(t["old"], t["new"]) for t in found["texts"]] == [("met", "meet")]
    assert found["errors"]["after"] > found["errors"]["before"]


def test_an_article_with_errors_at_one_moment_is_said_to_have_gained_or_lost_nothing(archive):
    archive.replace("seeds/articles/h3.md", "language: en", "language: ?")
    found = changes(archive, code=1)
    only(found)
    assert found["errors"] == {"before": 0, "after": 1}
    archive.commit()
    archive.git("tag", "--force", "broken")
    archive.replace("seeds/articles/h3.md", "language: ?", "language: en")
    found = json.loads(diff(archive, "broken", "--format", "json"))
    only(found)
    assert found["errors"] == {"before": 1, "after": 0}


def test_a_mention_that_becomes_two_is_reworded_once(archive):
    archive.write("seeds/glossary/golan.md", entry("Golan", aliases="[Guards on the Heights]"))
    archive.commit()
    archive.git("tag", "--force", "base")
    archive.write("seeds/glossary/golan.md", entry("Golan", aliases="[Guards]"))
    (mentions,) = only(changes(archive), "mentions")
    assert became(mentions) == {("reworded", "golan", "golan"), ("gained", None, "heights")}
    assert len(mentions) == 60


def test_a_path_that_leads_out_of_the_archive_is_refused(archive):
    def tree(*entries):
        data = b"".join(b"%s %s\0%s" % (mode, name, bytes.fromhex(oid)) for mode, name, oid in entries)
        command = ["git", "-C", str(archive.root), "hash-object", "-t", "tree", "-w", "--stdin", "--literally"]
        made = subprocess.run(command, input=data, check=True, capture_output=True)
        return made.stdout.decode().strip()

    blob = archive.git("rev-parse", "base:seeds/captures/c.txt").strip()
    inner = tree((b"100644", b"escaped.txt", blob))
    root = tree((b"40000", b"seeds", tree((b"40000", b"..", tree((b"40000", b"..", inner))))))
    commit = archive.git("commit-tree", root, "-m", "sly").strip()
    ran = CliRunner().invoke(cli.archive, ["diff", "base", commit, "--archive", str(archive.root)])
    assert "which no archive can have" in str(ran.exception)
    assert ran.stdout == ""


def test_spaces_and_block_marks_are_no_words(archive):
    archive.replace("seeds/articles/p4.md", "Ships left", "## Ships  left")
    (texts,) = only(changes(archive), "texts")
    assert [text["in_words"] for text in texts] == [False, False]
    assert diff(archive, "base").startswith("the spaces of 1 text changed\n")


def test_a_redirect_that_leads_elsewhere_is_told(archive):
    archive.write("seeds/glossary/golan.md", entry("Golan", replaces="[jolan]"))
    archive.commit()
    archive.git("tag", "--force", "base")
    archive.write("seeds/glossary/golan.md", entry("Golan"))
    archive.write("seeds/glossary/heights.md", entry("Heights", replaces="[jolan]"))
    (pages,) = only(changes(archive), "pages")
    assert pages == [{"fate": "moved", "place": "glossary/jolan/", "new_place": "glossary/heights/"}]


def test_what_an_entry_and_a_front_matter_say_is_compared_as_well(archive):
    archive.replace("seeds/glossary/golan.md", "A place.", "A dull place.")
    archive.replace("seeds/glossary/heights.md", "A place called", "A town called")
    archive.replace("seeds/articles/p3.md", "title: A title", "x-note: mine\nrights: Ours\ntitle: A title")
    found = changes(archive)
    only(found)
    assert found["statements"] == [
        {"path": "seeds/articles/p3.md", "keys": ["rights"]},
        {"path": "seeds/glossary/golan.md", "keys": ["definition"]},
        {"path": "seeds/glossary/heights.md", "keys": ["description"]},
    ]
    assert "! seeds/glossary/golan.md definition changed" in diff(archive, "base")


def test_an_override_that_only_moves_is_no_change(archive):
    overrides = "{skip: [{text: Port Said}]}"
    archive.write("seeds/articles/p3.md", article("Ships left Port Said on day 3.\n", annotations=overrides))
    archive.commit()
    archive.git("tag", "--force", "base")
    archive.replace("seeds/articles/p3.md", "title: A title", "title: A title\nrights: Ours")
    assert changes(archive)["statements"] == [{"path": "seeds/articles/p3.md", "keys": ["rights"]}]


def test_an_article_that_takes_over_another_keeps_its_own_mentions(archive):
    (archive.root / "seeds/articles/p1.md").unlink()
    archive.write("seeds/articles/p2.md", article("Ships left Port Said on day 2.\n", replaces="[p1]"))
    mentions, pages = only(changes(archive), "mentions", "pages")
    assert [(m["became"], m["path"]) for m in mentions] == [("lost", "seeds/articles/p1.md")]
    assert pages == [{"fate": "moved", "place": "articles/p1/", "new_place": "articles/p2/"}]


def test_nothing_that_is_printed_starts_a_command_of_a_runner(archive):
    archive.write("seeds/captures/##[error]x.txt", "X\n")
    for form in ("text", "markdown", "json"):
        assert "##[" not in diff(archive, "base", "--format", form)


def test_a_renamed_capture_is_told(archive):
    (archive.root / "seeds/captures/c.txt").rename(archive.root / "seeds/captures/d.txt")
    archive.replace("seeds/articles/c.md", "c.txt", "d.txt")
    (captures,) = only(changes(archive), "captures")
    assert captures == [{"fate": "moved", "place": "seeds/captures/c.txt", "new_place": "seeds/captures/d.txt"}]


def test_captures_that_come_go_and_change_are_told(archive):
    archive.write("seeds/captures/n.txt", "New.\n")
    assert [(c["fate"], c["place"]) for c in changes(archive)["captures"]] == [("added", "seeds/captures/n.txt")]
    archive.write("seeds/captures/c.txt", "Envoys  met.\n")
    assert ("changed", "seeds/captures/c.txt") in {(c["fate"], c["place"]) for c in changes(archive)["captures"]}
    (archive.root / "seeds/captures/c.txt").unlink()
    found = changes(archive, code=1)["captures"]
    assert ("gone", "seeds/captures/c.txt") in {(c["fate"], c["place"]) for c in found}


def test_four_changes_at_once_are_each_told_and_nothing_else(archive):
    archive.write("seeds/glossary/golan.md", entry("Golan", aliases="[Guards]"))
    (archive.root / "seeds/glossary/port-said.md").unlink()
    archive.write("seeds/glossary/said.md", entry("Said", aliases="[Port Said]", replaces="[port-said]"))
    archive.replace("seeds/articles/p4.md", "left", "lefts")
    (archive.root / "seeds/captures/c.txt").rename(archive.root / "seeds/captures/d.txt")
    archive.replace("seeds/articles/c.md", "c.txt", "d.txt")
    found = changes(archive)
    assert became(found["mentions"]) == {("gained", None, "golan"), ("retargeted", "port-said", "said")}
    assert len(found["mentions"]) == 30 + 40
    assert [(t["path"], t["old"], t["new"]) for t in found["texts"]] == [("seeds/articles/p4.md", "left", "lefts")]
    assert [p["place"] for p in found["pages"]] == ["glossary/port-said/"]
    assert [c["place"] for c in found["captures"]] == ["seeds/captures/c.txt"]


def test_an_article_that_moves_keeps_its_mentions(archive):
    old, new = archive.root / "seeds/articles/p1.md", archive.root / "seeds/articles/moved/p1.md"
    new.parent.mkdir()
    new.write_text(old.read_text().replace("language: en\n", "language: en\nreplaces: [p1]\n"))
    old.unlink()
    (pages,) = only(changes(archive), "pages")
    assert pages == [{"fate": "moved", "place": "articles/p1/", "new_place": "articles/moved/p1/"}]


def test_a_new_article_brings_its_mentions_and_its_page(archive):
    archive.write("seeds/articles/new.md", article("Golan is near Port Said.\n"))
    mentions, pages = only(changes(archive), "mentions", "pages")
    assert became(mentions) == {("gained", None, "golan"), ("gained", None, "port-said")}
    assert pages == [{"fate": "added", "place": "articles/new/", "new_place": ""}]


def test_of_a_withdrawn_text_no_word_is_repeated(archive):
    words = "Secret envoys of the Golan went by night over nine bridges to Port Said.\n"
    archive.write("seeds/articles/w.md", article(words))
    archive.commit()
    archive.git("tag", "--force", "base")
    archive.write("seeds/articles/w.md", article("", withdrawn="{date: 2025-08-01, reason: At the wish of the author}"))
    for form, code in (("text", 0), ("markdown", 0), ("json", 0), ("text", 1)):
        if code:  # it has moved as well, and has an error
            (archive.root / "seeds/articles/w.md").unlink()
            moved = article("", withdrawn="{date: 2025-08-01, reason: Asked}", replaces="[w]", updated="soon")
            archive.write("seeds/articles/gone.md", moved)
        printed = diff(archive, "base", "--format", form, code=code)
        assert "withdrawn" in printed
        assert "envoys" not in printed
        assert "bridges" not in printed


def test_revisions_are_compared_without_the_files_on_disk(archive):
    archive.write("seeds/glossary/golan.md", entry("Golan", aliases="[Guards]"))
    archive.commit()
    archive.replace("seeds/articles/p4.md", "left", "lefts")
    status = archive.git("status", "--porcelain")
    forwards = json.loads(diff(archive, "base", "HEAD", "--format", "json"))
    backwards = json.loads(diff(archive, "HEAD", "base", "--format", "json"))
    assert became(forwards["mentions"]) == {("gained", None, "golan")}
    assert became(backwards["mentions"]) == {("lost", "golan", None)}
    assert forwards["texts"] == backwards["texts"] == []
    assert archive.git("status", "--porcelain") == status


def test_the_text_can_stand_in_a_block_of_diff(archive):
    archive.write("seeds/glossary/heights.md", entry("Heights", aliases="[{text: Heights, strength: weak}]"))
    archive.write("seeds/glossary/golan.md", entry("Golan", aliases="[Heights]"))
    lines = diff(archive, "base").splitlines()
    assert lines[:4] == [
        "30 mentions retargeted, what 2 seeds say changed",
        "",
        "@@ retargeted: golan, was heights @@",
        "! seeds/articles/h0.md:6:22 Guards on the [Heights] saw Port Said. (alias)",
    ]
    assert all(line == "" or line[:2] in {"! ", "+ ", "- ", "@@"} for line in lines[1:])


HOSTILE = ["@everyone", "<img src=x>", "[a](https://evil.example)", "`x`", "![a](b)", "#1", "www.evil.example", "**b**"]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_that_a_contributor_wrote_takes_effect_in_markdown(archive, words):
    archive.write("seeds/articles/new.md", article(f"{words} Port Said {words}\n"))
    printed = diff(archive, "base", "--format", "markdown")
    assert "**Port Said**" in printed
    assert words not in printed


def test_markdown_has_a_bounded_length_and_says_what_it_leaves_out(archive):
    for n in range(400):
        archive.write(f"seeds/articles/n{n}.md", article(f"Port Said {'*' * 350} day {n}. Golan {'*' * 350} too.\n"))
    printed = diff(archive, "base", "--format", "markdown")
    assert len(printed) < 65_536
    assert "and 380 more" in printed
    assert "400 more changes are not shown here" in printed


def test_a_character_that_a_terminal_obeys_is_spelt_out(archive):
    archive.write("seeds/articles/new.md", article("Port Said \u202eis\u009b2J shut.\n"))
    printed = diff(archive, "base")
    assert "\\u202eis\\x9b2J" in printed


@pytest.mark.parametrize("words", [("nowhere",), ("base", "--upload-pack=x"), ("--", "--output=/tmp/x")])
def test_a_revision_that_is_not_there_is_a_matter_of_usage(archive, words):
    ran = CliRunner().invoke(cli.archive, ["diff", *words, "--archive", str(archive.root)])
    assert ran.exit_code != 0
    assert ran.stdout == ""


@given(st.text("ab \n"), st.text("ab \n"))
def test_what_two_texts_have_in_common_and_in_what_they_differ_is_all_of_them(old, new):
    alignment = align(old, new)
    for a, b, length in alignment.blocks:
        assert old[a : a + length] == new[b : b + length]
    gaps = differences(alignment, old, new)
    kept_old = sum(length for *_, length in alignment.blocks) + sum(len(gap.old) for gap in gaps)
    kept_new = sum(length for *_, length in alignment.blocks) + sum(len(gap.new) for gap in gaps)
    assert (kept_old, kept_new) == (len(old), len(new))


def test_a_span_is_followed_only_where_all_its_words_stand():
    alignment = align("one two three four", "zero one two 3 four")
    assert alignment.new_span(Span(0, 7)) == Span(5, 12)
    assert alignment.new_span(Span(4, 13)) is None
    assert alignment.new_span(Span(14, 18)) == Span(15, 19)


# Each of these would keep difflib busy for more than a minute.
SLOW = {
    "nothing in common": ("".join(f"a{n} " for n in range(30_000)), "".join(f"b{n} " for n in range(30_000))),
    "signs": ("." * 19_900 + "x", ".;" * 9_950),
    "words": ("x " + "a " * 9_900 + "y", "z " + "b a " * 4_950 + "q"),
    "lines": ("x\n" + "a\n" * 9_900 + "y", "z\n" + "b\na\n" * 4_950 + "q"),
}


@pytest.mark.parametrize("old, new", SLOW.values(), ids=SLOW)
def test_texts_that_differ_too_much_are_not_compared_for_ever(old, new):
    assert len(differences(align(old, new), old, new)) == 1


def test_two_changes_far_apart_leave_what_is_between_them():
    paragraphs = [f"The envoys of day {n} met in the harbour of the town." for n in range(300)]
    old = "\n\n".join(paragraphs)
    new = old.replace("day 3 ", "night 3 ").replace("day 290 ", "night 290 ")
    gaps = differences(align(old, new), old, new)
    assert [(gap.old.of(old), gap.new.of(new)) for gap in gaps] == [("day", "night"), ("day", "night")]
