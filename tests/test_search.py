"""The index of the search: its shards, its documents, its bytes.

What readers see of it is in tests/browser/test_search.py.
"""

from __future__ import annotations

import hashlib
import json
import random
import stat

import pytest
from msgspec.structs import replace

from generator import pipeline
from generator.config import ArchiveConfig, find_archive
from generator.issues import SiteError
from generator.objects import Objects
from generator.publish import canonical, indexing, pagefind, search
from generator.publish.documents import article_document, bucket_of, entry_document, origin_of, page_document
from generator.publish.names import name_index, sound_of, words_of
from generator.publish.search import MOST, SMALLEST, make_index, stretches
from generator.publish.tree import lay_out
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
    return [article_document(origin_of(article, archive)) for article in archive.articles]


def index_of(archive, pages, cache, *unwanted):
    return make_index(archive, pages, cache, Objects(cache.parent / "objects"), *unwanted)


def write_index(folder, archive, cache):
    """Make an index of an archive and let a folder hold its files."""
    lay_out(index_of(archive, [], cache), folder, Objects(cache.parent / "objects"))


def shards_of(index):
    return set(json.loads((index / "index.json").read_text("utf-8"))["shards"])


@pytest.fixture
def several_shards(monkeypatch):
    monkeypatch.setattr(search, "SMALLEST", 1)


@pytest.fixture
def indexed(tmp_path, several_shards):
    """An archive of three months, and how to index it into a new folder, which is returned."""
    for month in (1, 2, 3):
        text = f"Ada Lindqvist opened the port {month} times."
        write_seed(tmp_path, f"seeds/articles/a{month}.md", article_seed(text, date=f"2031-0{month}-01"))
    write_seed(tmp_path, "seeds/glossary/ada.md", entry_seed(name="Ada Lindqvist", kind="person"))
    (tmp_path / "mkdocs.yml").write_text("site_name: S\ntheme: {name: material}\nplugins: [news-archive]\n")
    config = find_archive(tmp_path)
    count = 0

    def index(cache=tmp_path / "cache/search"):
        nonlocal count
        count += 1
        folder = tmp_path / f"index-{count}"
        write_index(folder, archive_of(config), cache)
        return folder

    index.config, index.cache = config, tmp_path / "cache/search"
    return index


def test_only_the_shard_of_a_changed_article_is_another(indexed, tmp_path):
    first = indexed()
    assert len(shards_of(first)) == 4
    replace_in(indexed.config.root / "seeds/articles/a2.md", "opened the port", "closed the harbour")
    changed = indexed()
    assert len(shards_of(changed) - shards_of(first)) == 1
    assert not differing(read_tree(changed), read_tree(indexed(tmp_path / "fresh/search")))
    assert differing(read_tree(first), read_tree(changed))


def test_only_a_changed_article_is_indexed_anew(indexed, monkeypatch):
    seen = []

    def note(origin):
        seen.append(origin.annotated.article.id)
        return article_document(origin)

    monkeypatch.setattr("generator.publish.indexing.article_document", note)
    indexed()
    assert sorted(seen) == ["a1", "a2", "a3"]
    seen.clear()
    indexed()
    assert seen == []
    replace_in(indexed.config.root / "seeds/articles/a2.md", "opened the port", "closed the harbour")
    indexed()
    assert seen == ["a2"]


def test_only_the_words_that_a_change_touches_are_written_anew(indexed, tmp_path, monkeypatch):
    monkeypatch.setattr(canonical, "_CHUNK", 1)  # a file for each word, as a large archive has many
    first = indexed()
    files, written = [], canonical.written
    monkeypatch.setattr(canonical, "written", lambda content: files.append(content) or written(content))
    replace_in(indexed.config.root / "seeds/articles/a2.md", "2 times", "9 times")
    changed = indexed()
    words = [content for content in files if content.startswith(b"\x81\x81\x83")]  # a list of one word
    assert len(words) == 1, "the others of the article stand where they stood"
    assert b"a9" in words[0]
    assert not differing(read_tree(changed), read_tree(indexed(tmp_path / "fresh/search")))
    assert differing(read_tree(first), read_tree(changed))


def test_unchanged_files_are_those_of_the_build_before(indexed):
    one, other = indexed(), indexed()
    files = [path for path in one.rglob("*") if path.is_file()]
    assert files
    assert all(path.samefile(other / path.relative_to(one)) for path in files)


@pytest.mark.parametrize("text", ["The port was opened.", "The air(port) was opened."], ids=["a word", "half a word"])
def test_what_is_newly_mentioned_is_found_and_words_that_are_known_are_not_looked_up_again(
    indexed, tmp_path, monkeypatch, text
):
    write_seed(indexed.config.root, "seeds/articles/a9.md", article_seed(text, date="2031-09-01"))
    first = indexed()
    port = entry_seed(name="port", kind="term")
    write_seed(indexed.config.root, "seeds/glossary/port.md", port)
    looked_up, look_up = [], indexing.index_texts
    monkeypatch.setattr(indexing, "index_texts", lambda *given: looked_up.append(given) or look_up(*given))
    put_together, put = [], indexing.Index.chunks
    monkeypatch.setattr(indexing.Index, "chunks", lambda *given: put_together.append(given) or put(*given))
    changed = indexed()
    anew = 1 if text == "The port was opened." else 2
    assert (len(looked_up), len(put_together)) == (anew, anew), "entries, and the article of half a word"
    assert differing(read_tree(first), read_tree(changed))
    assert not differing(read_tree(changed), read_tree(indexed(tmp_path / "fresh/search")))


def test_the_same_archive_gives_the_same_bytes(indexed, tmp_path):
    first = read_tree(indexed())
    assert not differing(first, read_tree(indexed(tmp_path / "other/search")))


def damage(path):
    """Turn a bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()  # the published file, which may be the same one, stays as it is
    path.write_bytes(content)


def test_whatever_is_damaged_in_the_cache_is_made_anew(indexed):
    first = read_tree(indexed())
    kept = [path for path in sorted(indexed.cache.parent.rglob("*")) if path.is_file() and path.stat().st_size]
    for damaged in [*([path] for path in kept[::7]), [indexed.cache / "documents.sqlite"], kept]:
        for path in damaged:
            damage(path)
        assert not differing(first, read_tree(indexed())), f"{damaged}"


def test_whatever_file_of_words_is_damaged_is_made_anew(indexed, tmp_path):
    """Words hold while the tokens of their documents do, but not where their files are damaged."""
    port = indexed.config.root / "seeds/glossary/port.md"
    for path in sorted(indexed().glob("*/index/*.pf_index")):
        name = hashlib.sha256(path.read_bytes()).hexdigest()
        damage(tmp_path / "cache/objects" / name[:2] / name[2:])
        if port.exists():
            port.unlink()
        else:
            write_seed(indexed.config.root, "seeds/glossary/port.md", entry_seed(name="port", kind="term"))
        assert not differing(read_tree(indexed()), read_tree(indexed(tmp_path / f"{path.stem}/search")))


def test_nothing_unused_is_kept(indexed):
    article = indexed.config.root / "seeds/articles/a2.md"
    replace_in(article, "opened the port", "closed the lighthouse zzz")
    indexed()
    kept = (indexed.cache / "documents.sqlite").read_bytes()
    assert b"lighthous" in kept
    assert b"zzz" in kept
    replace_in(article, "closed the lighthouse zzz", "closed the harbour")
    indexed()
    kept = (indexed.cache / "documents.sqlite").read_bytes()
    assert b"lighthous" not in kept
    assert b"zzz" not in kept


def test_nothing_is_kept_of_an_edit_that_was_undone_before_its_index_was_needed(indexed, monkeypatch):
    article = indexed.config.root / "seeds/articles/a2.md"
    indexed()
    replace_in(article, "opened the port", "closed the lighthouse zzz")

    def stop(shards):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(search.Shards, "forget", stop)
        with pytest.raises(KeyboardInterrupt):
            indexed()
    assert b"zzz" in (indexed.cache / "documents.sqlite").read_bytes()
    replace_in(article, "closed the lighthouse zzz", "opened the port")
    indexed()
    assert b"zzz" not in (indexed.cache / "documents.sqlite").read_bytes()


def test_what_earlier_versions_kept_is_thrown_away(indexed):
    indexed()
    usual = sorted(indexed.cache.iterdir())
    (indexed.cache / "0123456789ab.cbor").write_bytes(b"a shard")
    write_seed(indexed.cache, "files/0123456789ab", "a part of one")
    indexed()
    assert sorted(indexed.cache.iterdir()) == usual


def test_hand_written_pages_have_the_stems_of_the_language_of_most_articles(indexed, tmp_path):
    pages = [("about/", "<article class='md-content__inner'><h1>About</h1><p>Who opened all ports.</p></article>")]
    english = index_of(archive_of(indexed.config), pages, indexed.cache)
    for month in (1, 2, 3):
        replace_in(indexed.config.root / f"seeds/articles/a{month}.md", "language: en", "language: de")
    german = index_of(archive_of(indexed.config), pages, indexed.cache)
    assert german != english
    assert german == index_of(archive_of(indexed.config), pages, tmp_path / "fresh/search")


class Edited:
    """An archive of a few months, to which anything may happen."""

    def __init__(self, root, chance):
        self.root, self.chance, self.names = root, chance, []
        for _ in range(6):
            self.add_article()
        self.write_entry()

    def add_article(self):
        self.names.append(f"a{self.chance.randrange(10**9)}")
        self.write_article(self.names[-1])

    def write_article(self, name="", **front_matter):
        words = self.chance.choices(["Ada", "Lindqvist", "port", "café", "Nord-Süd", "opened", "2031."], k=12)
        front_matter = {"date": f"2031-0{self.chance.randint(1, 2)}-01", "title": f"On {words[0]}"} | front_matter
        text = "" if "withdrawn" in front_matter else " ".join(words)
        name = name or self.chance.choice(self.names)
        write_seed(self.root, f"seeds/articles/{name}.md", article_seed(text, **front_matter))

    def withdraw_article(self):
        self.write_article(withdrawn={"date": "2031-07-01", "reason": "A wish"})

    def remove_article(self):
        if len(self.names) > 2:
            (self.root / f"seeds/articles/{self.names.pop(0)}.md").unlink(missing_ok=True)

    def write_entry(self):
        name = self.chance.choice(["Ada Lindqvist", "Ada", "Lindqvist of Port"])
        kind = self.chance.choice(["person", "place"])
        write_seed(self.root, "seeds/glossary/ada.md", entry_seed(name=name, kind=kind))

    def edit(self):
        changes = [self.add_article, self.write_article, self.withdraw_article, self.remove_article, self.write_entry]
        for change in self.chance.choices(changes, k=self.chance.randint(1, 2)):
            change()


@pytest.mark.parametrize("seed", range(20))
def test_any_sequence_of_edits_gives_the_index_of_a_fresh_build(tmp_path, several_shards, seed):
    chance = random.Random(seed)
    edited = Edited(tmp_path / "archive", chance)
    for number in range(3):
        pages = [("about/", f"<article class='md-content__inner'><h1>About</h1>{chance.randint(1, 2)}</article>")]
        archive = archive_of(ArchiveConfig(edited.root))
        assert len(archive.articles) == len(edited.names)
        index = index_of(archive, pages, tmp_path / "cache/search")
        assert index == index_of(archive, pages, tmp_path / f"fresh-{number}/search")
        edited.edit()


def test_an_index_that_nobody_waits_for_is_not_made(indexed):
    assert index_of(archive_of(indexed.config), [], indexed.cache, lambda: True) is None
    assert not (indexed.cache.parent / "objects").exists()


def test_another_process_makes_the_same_index(indexed, tmp_path, monkeypatch):
    here = read_tree(indexed())
    monkeypatch.setattr("generator.publish.shards._WORTHWHILE", 1)
    monkeypatch.setattr("generator.publish.shards._AT_ONCE", 1)
    monkeypatch.setenv("ARCHIVE_JOBS", "2")
    cache = tmp_path / "beside/search"
    assert not differing(here, read_tree(indexed(cache)))
    replace_in(indexed.config.root / "seeds/articles/a2.md", "opened the port", "closed the harbour")
    assert not differing(read_tree(indexed(cache)), read_tree(indexed()))


def test_an_index_may_become_unwanted_while_it_is_made(indexed, monkeypatch):
    monkeypatch.setattr("generator.publish.shards._WORTHWHILE", 1)
    monkeypatch.setenv("ARCHIVE_JOBS", "2")
    archive = archive_of(indexed.config)
    asked = iter([False, False, True])
    assert index_of(archive, [], indexed.cache, lambda: next(asked)) is None
    assert index_of(archive, [], indexed.cache) == index_of(archive, [], indexed.cache.parent / "fresh")


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
    assert not (indexed.cache.parent / "objects").exists(), "nothing half made is kept"


def text_of(document):
    return " ".join(words for passage in document.passages for _, words in passage.pieces)


def anchors_of(document):
    return [passage.anchor for passage in document.passages] + [
        anchor for passage in document.passages for anchor, _ in passage.pieces
    ]


def test_a_document_of_an_article_has_its_words_and_no_annotation(tmp_path):
    archive = archive_of(copy_tiny(tmp_path / "tiny"))
    by_url = {document.url: document for document in articles(archive)}
    document = by_url["articles/2031/03/harbour-talks/"]
    assert ("year", "2031") in document.facets
    assert (bucket_of("ada-lindqvist"), "ada-lindqvist") in document.facets
    assert anchors_of(document).count("m-ada-lindqvist-1") == 1
    assert "m-ada-lindqvist-2" not in anchors_of(document)
    assert "p-1" in anchors_of(document)
    assert "p-1" not in anchors_of(by_url["articles/2031/05/taken-down/"]), "a withdrawn text is not found"
    entry = entry_document(archive.entities["ada-lindqvist"])
    assert ("=ada-lindqvist") in dict(entry.facets).values()
    assert "آدا" in text_of(entry), "every alias is found"


def test_a_document_of_a_hand_written_page_has_its_title_and_no_script():
    html = (
        "<!doctype html><title>T</title><main><article class='md-content__inner'>"
        "<h1>About &lt;us&gt;</h1><p>We <b>are</b>.</p><script>no()</script></article></main>"
    )
    document = page_document("about/", html)
    assert "<h1>About &lt;us&gt;</h1>" in document
    assert "We <b>are</b>." in document
    assert "no()" not in document
    assert page_document("empty/", "<main></main>") is None


@pytest.mark.parametrize(("language", "text"), [("he", "בוקר טוב"), ("zh", "你好"), ("ar", "صباح الخير")])
def test_an_archive_in_a_language_without_stems_is_indexed(tmp_path, language, text):
    write_seed(tmp_path, "seeds/articles/a.md", article_seed(text, language=language))
    write_index(tmp_path / "index", archive_of(ArchiveConfig(tmp_path)), tmp_path / "cache/search")
    [shard] = shards_of(tmp_path / "index")
    known = json.loads((tmp_path / "index" / shard / "pagefind-entry.json").read_text("utf-8"))
    wasm = known["languages"][language]["wasm"] or "unknown"
    assert (tmp_path / "index" / shard / f"wasm.{wasm}.pagefind").is_file()


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
    before = {document.url: document for document in articles(archive)}
    first = archive.articles[0]
    front_matter = replace(first.article.front_matter, title="Another")
    changed = (
        replace(first, article=replace(first.article, front_matter=front_matter)),
        *archive.articles[1:],
    )
    after = {document.url: document for document in articles(replace(archive, articles=changed))}
    assert [url for url in after if after[url] != before[url]] == [f"articles/{first.article.id}/"]
