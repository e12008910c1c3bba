"""What benchmarks rest on: an archive of known size, the same pages for every peer, edits that are undone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator import pipeline
from generator.config import find_archive
from tests.publishing import ROOT, build, read_tree

sys.path.insert(0, str(ROOT / "benchmarks"))

import building
import peers
import processes
import projects
import synthetic

ARTICLES, ENTRIES = 12, 16


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small synthetic archive and its site."""
    root = tmp_path_factory.mktemp("synthetic") / "archive"
    synthetic.write_archive(root, ARTICLES, ENTRIES)
    build(find_archive(root))
    return root


@pytest.fixture(scope="module")
def stock(built):
    """Every page of it, built by stock Material, which warns of no link."""
    root = built.parent / "stock"
    peers.write_stock(built / "site", root, "every page")
    mkdocs = [Path(sys.executable).with_name("mkdocs"), "build", "--strict", "--quiet"]
    subprocess.run(mkdocs, cwd=root, check=True, env=processes.quiet())
    return root


def pages_of(site):
    return {page.uri: page.content for page in peers.read_pages(site)}


def letters_of(content):
    """Return the text of a page without its spaces, which depend on where tags stand."""
    return "".join(content.text().split())


def test_an_article_has_about_20_mentions_and_4_400_characters(tmp_path):
    synthetic.write_archive(tmp_path / "archive", 100, 500)
    annotated = pipeline.annotate(find_archive(tmp_path / "archive"))
    assert annotated.issues == ()
    assert 19 < sum(len(found.mentions) for found in annotated.articles) / 100 < 21
    assert 4300 < sum(len(found.article.text) for found in annotated.articles) / 100 < 4500


def test_the_same_numbers_give_the_same_archive(tmp_path):
    for name in ("first", "second"):
        synthetic.write_archive(tmp_path / name, 5, 8)
    assert read_tree(tmp_path / "first") == read_tree(tmp_path / "second")


def test_a_peer_that_builds_every_page_has_the_pages_and_the_words_of_ours(built, stock):
    ours, theirs = pages_of(built / "site"), pages_of(stock / "site")
    assert ours.keys() == theirs.keys()
    whole = [uri for uri in ours if not uri.startswith("articles/2")]
    assert len(whole) > 40 + ENTRIES
    for uri in whole:
        assert letters_of(theirs[uri]) == letters_of(ours[uri])


def test_a_peers_article_has_the_words_and_the_links_of_our_text(built, stock):
    theirs = pages_of(stock / "site")
    for uri, page in pages_of(built / "site").items():
        if uri.startswith("articles/2"):
            text = page.css_first("[data-source-text]")
            assert letters_of(theirs[uri]) == letters_of(page.css_first("h1")) + letters_of(text)
            links = [a.attributes["href"] for a in text.css("a")]
            assert [a.attributes["href"] for a in theirs[uri].css("a")] == links
            assert len(links) > 5


def test_a_peer_without_lists_has_articles_entries_and_a_home_page(built, stock, tmp_path):
    peers.write_stock(built / "site", tmp_path / "stock", "entries")
    docs = read_tree(tmp_path / "stock" / "docs")
    assert len(docs) == ARTICLES + ENTRIES + 1
    every = read_tree(stock / "docs")
    assert {path for path, content in docs.items() if every[path] != content} == {"index.md"}


def test_a_bare_entry_has_no_mentions_and_all_else_is_the_same(built, tmp_path):
    for shown in ("entries", "bare entries"):
        peers.write_stock(built / "site", tmp_path / shown, shown)
    whole, bare = (read_tree(tmp_path / shown / "docs") for shown in ("entries", "bare entries"))
    assert whole.keys() == bare.keys()
    assert {path for path, content in whole.items() if bare[path] != content} == {
        path for path in whole if path.startswith("glossary/e")
    }
    assert b"articles/2" in whole["glossary/e0/index.md"]
    assert b"articles/2" not in bare["glossary/e0/index.md"]


def test_pages_for_hugo_are_as_many_and_their_links_lead_to_folders(stock, tmp_path):
    peers.write_hugo(stock / "docs", tmp_path / "hugo")
    pages = list((tmp_path / "hugo" / "content").rglob("*.md"))
    assert len(pages) == len(list((stock / "docs").rglob("*.md")))
    assert not any("index.md)" in page.read_text("utf-8") for page in pages)
    assert any("](../../../../glossary/e0/)" in page.read_text("utf-8") for page in pages)


def test_edits_change_what_is_found_and_are_undone(tmp_path):
    root = tmp_path / "archive"
    synthetic.write_archive(root, 150, 30)
    before = read_tree(root)
    article = next((root / "seeds" / "articles").rglob("*.md"))
    ours = projects.Archive(root, [], [], root / "site", article)

    def found():
        annotated = pipeline.annotate(find_archive(root))
        assert annotated.issues == ()
        return len(annotated.articles), sum(len(a.mentions) for a in annotated.articles)

    counts = [found()]
    for edit in (ours.edit_article, ours.add_article, ours.add_alias):
        edit()
        counts.append(found())
    (first, mentions), edited, (added, more), with_alias = counts
    assert edited == (first, mentions)
    assert (added, more > mentions) == (first + 1, True)
    assert with_alias > (added, more)
    ours.undo()
    assert read_tree(root) == before


def test_a_command_that_fails_ends_the_benchmark_with_what_it_said(tmp_path):
    program = "import sys; print('so it is'); sys.exit(3)"
    with pytest.raises(SystemExit, match="ended with 3\nso it is"):
        processes.run([sys.executable, "-c", program], tmp_path)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_and_processor_time_are_those_of_all_processes_of_a_session():
    child = "x = bytearray(30_000_000); print('ready', flush=True); input()"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout.readline() == "ready\n"
        used = processes.memory_of({process.pid})
        assert 30e6 < used.peak < 90e6
        assert used.pagefind == 0
        assert processes.cpu_of(process.pid) > 0
        process.communicate("\n")


def test_what_a_process_left_behind_spends_is_counted(tmp_path):
    """Worker processes are copies of one that outlives the command by a moment."""
    work = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    program = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}])"
    assert processes.run([sys.executable, "-c", program], tmp_path).cpu > 0.3


def test_a_table_says_which_bars_are_kept(capsys):
    def runs(*seconds):
        return [processes.Run(second, 2 * second, "") for second in seconds]

    times = {
        ("stock", "cold"): runs(9, 10, 99),
        ("ours", "cold"): runs(1, 5, 5),
        ("stock, whole entries", "cold"): runs(12.5),
        ("stock, every page", "cold"): runs(20),
        ("stock", "one article edited"): runs(8),
        ("stock, whole entries", "one article edited"): runs(16),
        ("stock, every page", "one article edited"): runs(25),
        ("ours", "nothing changed"): runs(0.4),
    }
    building.print_times(times, building.BARS)
    rows = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert rows[1] == "ours: cold 5.00 10.00 0.500 kept 0.400 reached 0.250 reached 0.6, aim 0.4"
    assert rows[2] == "ours: nothing changed 0.40 0.80 0.050 missed 0.025 missed 0.016 kept 0.02"
    assert rows[3] == "stock: cold 10.00 20.00 1.000 0.800 0.500"
