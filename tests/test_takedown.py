"""Takedowns: once a text is withdrawn, no eight words of it in a row are left in anything that is written."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from html import unescape
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from generator.cli import archive
from generator.read.manifest import list_capture
from tests.publishing import ROOT, build, copy_tiny, differing, read_tree, replace_in

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "seeds/articles/2031/06/removed.md"
CAPTURE = "seeds/captures/removed.txt"
SECRET = (
    "Ada Lindqvist told seven friends beside the old lighthouse that her brother had never paid for the boat. "
    "Nobody in Port Kestrel would repeat that private story after the long winter had ended.\n"
)
HEAD = (
    "---\ntitle: A story\ndate: 2031-06-01\nlanguage: en\nreplaces: [2031/06/older]\ncapture: removed.txt\n"
)
ROW = 8


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


WORDS = words_of(SECRET)
ROWS = {" ".join(WORDS[n : n + ROW]) for n in range(len(WORDS) - ROW + 1)}


def texts_in(data: bytes) -> list[str]:
    """Return every text in the bytes of a file: as they are, as a page shows them, and out of what is packed."""
    if data.startswith(b"\x1f\x8b"):
        return texts_in(gzip.decompress(data))
    raw = data.decode("utf-8", "replace")
    found = [raw, unescape(raw), raw.replace("\\n", " ")]
    if "<" in raw:
        tree = LexborHTMLParser(raw)
        found.append(tree.text())
        for added in tree.css("[data-archive]"):
            added.decompose()
        found.append(tree.text())
    return found


def holding(files: dict[str, bytes]) -> set[str]:
    """Return the paths of the files in which eight words of the secret stand in a row."""
    found = set()
    for path, data in files.items():
        shown = [" ".join(words_of(text)) for text in texts_in(data)]
        if any(row in text for text in shown for row in ROWS):
            found.add(path)
    return found


def command(*arguments: object) -> bytes:
    """Return what a command prints, results and talk alike."""
    result = CliRunner().invoke(archive, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output.encode()


def written(root: Path, scratch: Path) -> dict[str, bytes]:
    """Return everything that an archive gives away, by the kind of output and its path."""
    exported = scratch / "exported"
    shutil.rmtree(exported, ignore_errors=True)
    said = {
        name: command(*arguments, "--archive", root)
        for name, arguments in {
            "said/annotate": ["annotate"],
            "said/check": ["check", "--glossary"],
            "said/suggest": ["suggest", "--least", "1"],
            "said/export": ["export", "markdown", exported],
        }.items()
    }
    trees = {"site": root / "site", "cache": root / ".cache", "exported": exported}
    files = {f"{name}/{path}": data for name, tree in trees.items() for path, data in read_tree(tree).items()}
    return {**said, **files}


def withdraw(root: Path) -> None:
    (root / CAPTURE).unlink()
    end = "withdrawn: {date: 2031-07-01, reason: At the wish of those concerned}\n---\n"
    (root / ARTICLE).write_text(
        f'{HEAD}corrections:\n  - {{date: 2031-06-15, text: "The boat was hers."}}\n{end}', "utf-8"
    )


@pytest.fixture(scope="module")
def outputs(tmp_path_factory) -> tuple[dict[str, bytes], dict[str, bytes], dict[str, bytes]]:
    """Return what an archive writes with a text, after its withdrawal in the same folder, and built afresh."""
    scratch = tmp_path_factory.mktemp("takedown")
    config = copy_tiny(scratch / "archive")
    (config.root / ARTICLE).parent.mkdir(parents=True)
    (config.root / ARTICLE).write_text(f"{HEAD}---\n{SECRET}", "utf-8")
    (config.root / CAPTURE).write_text(SECRET, "utf-8")
    (config.root / "seeds/glossary/merged.md").write_text(
        "---\nname: Merged\nkind: term\ndescription: M.\nreplaces: [second-name, first-name]\n---\n", "utf-8"
    )
    list_capture(config.root, "removed.txt", SECRET.encode())
    build(config)
    (config.cache / "search/0123456789ab.cbor").write_text(SECRET, "utf-8")  # as earlier versions kept shards
    before = written(config.root, scratch)
    withdraw(config.root)
    build(config)
    after = written(config.root, scratch)
    for folder in ("site", ".cache"):
        shutil.rmtree(config.root / folder)
    build(config)
    return before, after, written(config.root, scratch)


def test_before_the_withdrawal_the_words_are_found_in_each_kind_of_output(outputs):
    found = holding(outputs[0])
    for kind in (
        r"site/articles/.*\.html",
        r"site/search/.*\.pf_fragment",
        r"cache/archive/objects/.*",
        r"cache/archive/search/.*\.cbor",
        r"exported/.*\.md",
    ):
        assert any(re.fullmatch(kind, path) for path in found), kind


def test_after_the_withdrawal_no_eight_words_are_left_anywhere(outputs):
    assert holding(outputs[1]) == set()


def test_after_the_withdrawal_no_word_that_only_the_text_had_is_left_in_what_is_kept_for_search(outputs):
    """Postings stand one by one under stems, so that no eight words ever stand in a row."""
    before, after, _ = (output["cache/archive/search/documents.sqlite"] for output in outputs)
    assert b"lighthous" in before
    assert b"lighthous" not in after


def test_what_is_left_is_what_a_fresh_build_gives(outputs):
    """But for what only says how things came about: the order in databases, times, and what the former site held."""
    told = re.compile(r"\.(db|sqlite)$|/last-build$|/spare/")
    assert [path for path in differing(outputs[1], outputs[2]) if not told.search(path)] == []


def test_the_tombstone_has_its_reason_its_correction_and_no_digest(outputs):
    page = outputs[1]["site/articles/2031/06/removed/index.html"].decode()
    shown = " ".join(LexborHTMLParser(page).css_first("article").text().split())
    assert "This text was withdrawn on 1 July 2031. At the wish of those concerned" in shown
    assert "Correction, 15 June 2031: The boat was hers." in shown
    assert "SHA-256" not in shown
    assert "data-source-text" not in page


def test_an_address_that_was_replaced_leads_to_the_tombstone(outputs):
    page = LexborHTMLParser(outputs[1]["site/articles/2031/06/older/index.html"].decode())
    assert page.css_first("meta[http-equiv=refresh]").attributes["content"].endswith("/articles/2031/06/removed/")


@pytest.mark.parametrize("old", ["first-name", "second-name"])
def test_every_name_of_a_chain_of_mergers_leads_straight_to_the_last(outputs, old):
    page = LexborHTMLParser(outputs[1][f"site/glossary/{old}/index.html"].decode())
    assert page.css_first("meta[http-equiv=refresh]").attributes["content"].endswith("/glossary/merged/")


def test_an_archive_with_another_search_keeps_no_shards_of_ours(tmp_path):
    config = copy_tiny(tmp_path / "archive")
    build(config)
    assert (config.cache / "search").is_dir()
    replace_in(config.root / "mkdocs.yml", "[news-archive]", "[search, news-archive]")
    build(config)
    assert not (config.cache / "search").exists()


def test_git_keeps_the_bytes_of_seeds_whatever_it_is_told_to_translate(tmp_path):
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "core.autocrlf=true", *arguments], cwd=tmp_path, check=True, capture_output=True
        )

    git("init", "-q")
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    contents = {
        "seeds/captures/a.txt": b"one\ntwo\r\n$Id$\n",
        "seeds/articles/b.md": b"one\n",
        "other.txt": b"one\n",
    }
    for path, data in contents.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    git("add", ".")
    for path in contents:
        (tmp_path / path).unlink()
    git("checkout", "--", ".")
    read = {path: (tmp_path / path).read_bytes() for path in contents}
    assert read == {**contents, "other.txt": b"one\r\n"}
