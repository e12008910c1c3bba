"""The index of the search: its shards, its documents, its bytes.

What readers see of it is in tests/browser/test_search.py.
"""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest

from generator import pipeline
from generator.config import ArchiveConfig, find_archive
from generator.issues import SiteError
from generator.publish import pagefind, search
from generator.publish.documents import article_document, bucket_of, entries_of, pages_of
from generator.publish.names import name_index, sound_of, words_of
from generator.publish.search import MOST, SMALLEST, build_search, stretches
from tests.conftest import article_seed, entry_seed, write_seed
from tests.publishing import copy_tiny, differing, read_tree, replace_in


def archive_of(config):
    return pipeline.link(pipeline.annotate(config))


BIG = [f"{year}-{month:02}" for year in range(2020, 2024) for month in range(1, 12) for _ in range(100)]
"""The months of 4,400 articles; none is of December."""


def stretches_of(months):
    return stretches(months, str)


def test_stretches_are_whole_months_newest_first():
    found = stretches_of(BIG)
    months = [sorted(set(stretch)) for stretch in found]
    assert [month for stretch in reversed(months) for month in stretch] == sorted(set(BIG))
    assert all(len(stretch) >= SMALLEST for stretch in found[1:]), "only the newest may be small"
    assert len(found) == 8


def test_a_new_article_of_the_newest_month_moves_no_other():
    before, after = stretches_of(BIG), stretches_of([*BIG, "2023-11", "2023-12"])
    assert after[1:] == before[1:]
    assert after[0] != before[0]


def test_a_large_archive_has_no_more_stretches_but_larger_ones():
    assert MOST / 2 <= len(stretches_of(BIG * 20)) <= MOST


def test_articles_without_a_date_are_the_oldest():
    assert stretches_of(["0000", "2031-01"]) == [["0000", "2031-01"]]


def articles(archive):
    return [article_document(article, archive) for article in archive.articles]


def kept_in(cache):
    return {path.stem for path in cache.glob("*.cbor")}


@pytest.fixture
def several_shards(monkeypatch):
    monkeypatch.setattr(search, "SMALLEST", 1)


@pytest.fixture
def indexed(tmp_path, several_shards):
    """An archive of three months, and how to index it into a new folder; returns that and the shards made anew."""
    for month in (1, 2, 3):
        text = f"Ada Lindqvist opened the port {month} times."
        write_seed(tmp_path, f"seeds/articles/a{month}.md", article_seed(text, date=f"2031-0{month}-01"))
    write_seed(tmp_path, "seeds/glossary/ada.md", entry_seed(name="Ada Lindqvist", kind="person"))
    (tmp_path / "mkdocs.yml").write_text("site_name: S\ntheme: {name: material}\nplugins: [news-archive]\n")
    config = find_archive(tmp_path)
    cache, count = tmp_path / "cache", 0

    def index(cache=cache):
        nonlocal count
        count += 1
        site = tmp_path / f"site-{count}"
        site.mkdir()
        before = kept_in(cache)
        build_search(site, archive_of(config), [], cache)
        return site, kept_in(cache) - before

    index.config, index.cache = config, cache
    return index


def test_only_the_shard_of_a_changed_article_is_made_anew(indexed):
    _, made = indexed()
    assert len(made) == 4
    site, made = indexed()
    assert made == set()
    replace_in(indexed.config.root / "seeds/articles/a2.md", "opened the port", "closed the harbour")
    changed, made = indexed()
    assert len(made) == 1
    assert not differing(
        read_tree(changed / "search"), read_tree(indexed(cache=changed / "cache")[0] / "search")
    )
    needed = json.loads((changed / "search/index.json").read_text("utf-8"))["shards"]
    assert kept_in(indexed.cache) == set(needed), "what nobody needs any more goes"
    assert differing(read_tree(site), read_tree(changed))


def test_the_same_archive_gives_the_same_bytes(indexed, tmp_path):
    """Pagefind alone gives others on most runs: its filters lie in hash maps."""
    first = read_tree(indexed()[0])
    for number in range(4):
        assert not differing(first, read_tree(indexed(cache=tmp_path / f"cache-{number}")[0]))


def test_a_half_made_shard_of_a_killed_build_goes(indexed):
    indexed.cache.mkdir()
    (indexed.cache / "0123456789ab.made").write_bytes(b"half")
    indexed()
    assert not (indexed.cache / "0123456789ab.made").exists()


def test_an_index_that_nobody_waits_for_is_not_made(indexed, tmp_path):
    build_search(tmp_path / "none", archive_of(indexed.config), [], indexed.cache, lambda: True)
    assert not (tmp_path / "none").exists()
    assert not kept_in(indexed.cache)


def test_a_program_that_is_not_there_or_fails_is_told(indexed, tmp_path, monkeypatch):
    monkeypatch.setattr(pagefind, "get_executable", lambda: tmp_path / "nowhere")
    with pytest.raises(SiteError, match=r"the search index could not be made: .*nowhere") as missing:
        indexed()
    assert "pip install --force-reinstall pagefind-bin" in str(missing.value)
    program = tmp_path / "fails"
    program.write_text("#!/bin/sh\necho no room on the disk >&2\nexit 1\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pagefind, "get_executable", lambda: program)
    with pytest.raises(SiteError, match="no room on the disk; the last good site stays"):
        indexed()
    assert not kept_in(indexed.cache), "nothing half made is kept"


def test_a_document_of_an_article_has_its_words_and_no_annotation(tmp_path):
    archive = archive_of(copy_tiny(tmp_path / "tiny"))
    by_url = {document.url: document for document in articles(archive)}
    html = by_url["articles/2031/03/harbour-talks/"].html
    assert 'data-pagefind-filter="year[content]" content="2031"' in html
    assert f'data-pagefind-filter="{bucket_of("ada-lindqvist")}[content]" content="ada-lindqvist"' in html
    assert html.count('id="m-ada-lindqvist-1"') == 1
    assert 'id="m-ada-lindqvist-2"' not in html
    assert 'id="p-1"' not in by_url["articles/2031/05/taken-down/"].html, "a withdrawn text is not found"
    entry = next(document for document in entries_of(archive) if document.url == "glossary/ada-lindqvist/")
    assert 'content="=ada-lindqvist"' in entry.html
    assert "آدا" in entry.html, "every alias is found"


def test_a_document_of_a_hand_written_page_has_its_title_and_no_script():
    html = (
        "<!doctype html><title>T</title><main><article class='md-content__inner'>"
        "<h1>About &lt;us&gt;</h1><p>We <b>are</b>.</p><script>no()</script></article></main>"
    )
    [document] = pages_of([("about/", html)])
    assert "<h1>About &lt;us&gt;</h1>" in document.html
    assert "We <b>are</b>." in document.html
    assert "no()" not in document.html


@pytest.mark.parametrize(("language", "text"), [("he", "בוקר טוב"), ("zh", "你好"), ("ar", "صباح الخير")])
def test_an_archive_in_a_language_without_stems_is_indexed(tmp_path, language, text):
    write_seed(tmp_path, "seeds/articles/a.md", article_seed(text, language=language))
    build_search(tmp_path / "site", archive_of(ArchiveConfig(tmp_path)), [], tmp_path / "cache")
    [shard] = json.loads((tmp_path / "site/search/index.json").read_text("utf-8"))["shards"]
    known = json.loads((tmp_path / "site/search" / shard / "pagefind-entry.json").read_text("utf-8"))
    wasm = known["languages"][language]["wasm"] or "unknown"
    assert (tmp_path / "site/search" / shard / f"wasm.{wasm}.pagefind").is_file()


def test_an_entry_is_in_the_piece_of_every_way_its_names_begin(tmp_path):
    archive = archive_of(copy_tiny(tmp_path / "tiny"))
    known, pieces = name_index(archive)
    assert set(known["pieces"]) == set(pieces)
    first, last, arabic = (f"{ord(sound_of(word)[0]):x}" for word in words_of("Ada Lindqvist آدا"))
    for piece in (first, last, arabic):
        assert "ada-lindqvist" in [record["id"] for record in pieces[piece]]
    assert all(record["names"] for piece in pieces.values() for record in piece)


def test_more_entries_than_a_piece_should_have_go_by_two_sounds(tmp_path, monkeypatch):
    archive = archive_of(copy_tiny(tmp_path / "tiny"))
    monkeypatch.setattr("generator.publish.names.MANY", 2)
    known, pieces = name_index(archive)
    assert known["depth"] == 2
    assert all(name.count("-") <= 1 for name in pieces)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quneitra", "Kuneytra"),
        ("al-Sharaa", "Al Shara"),
        ("Khaddafi", "Gadafy"),
        ("Łódź", "Lodz"),
        ("الإمارات", "الامارات"),
        ("Straße", "Strasse"),
        ("O’Connor", "Oconnor"),
    ],
)
def test_spellings_of_a_name_sound_alike(one, other):
    sounds = [[sound_of(word) for word in words_of(name)] for name in (one, other)]
    assert sounds[0] == sounds[1]


def test_a_changed_title_changes_its_document_only(tmp_path):
    archive = archive_of(copy_tiny(tmp_path / "tiny"))
    before = {document.url: document.html for document in articles(archive)}
    first = archive.articles[0]
    front_matter = replace(first.article.front_matter, title="Another")
    changed = (
        replace(first, article=replace(first.article, front_matter=front_matter)),
        *archive.articles[1:],
    )
    after = {document.url: document.html for document in articles(replace(archive, articles=changed))}
    assert [url for url in after if after[url] != before[url]] == [f"articles/{first.article.id}/"]
