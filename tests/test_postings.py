"""What we say of a document, and of many together, is what Pagefind says of them as pages."""

from __future__ import annotations

import gzip
import random
from html import escape

import pytest

from generator import pipeline
from generator.config import ArchiveConfig
from generator.publish.bundles import gather, index_texts, read_pages, show_text
from generator.publish.canonical import Index, ranges
from generator.publish.documents import (
    EVERY,
    NAMES,
    TEXT,
    UNDATED,
    Document,
    Passage,
    article_document,
    entry_document,
    in_one_line,
    origin_of,
)
from generator.publish.pagefind import index_pages, read_file, read_index, weighed
from generator.publish.postings import FIELDS
from generator.publish.tokens import cut
from generator.publish.vocabulary import Vocabulary
from tests.publishing import ROOT

ODD = (
    # literal references to characters are left out: Pagefind takes those of anchors for what they refer to
    "the port opened Port, PORT. harbours harbour's running ran café Café cafe naïve Straße Łódź İstanbul ﬁne "
    "al-Sharaa la-la U.S. U.N.'s 3,000 1.5% $5 A&B <b> O’Connor d'Ivoire Jean-Luc_Godard McDonald iPhone "
    "—  – … ... « » \" ' ) ( [x] {y} a.b.cd.ef ab-cd-ef-gh-ij-kl-mn x__y _under_ snake_case camelCaseWord "
    "آدا السلام عليكم مُحَمَّد בוקר טוב 你好 世界 नमस्ते สวัสดี the🌦️ 👋 Ⅷ ² ½ ٣ e\u0301t\u00e9 \u200bzero\u200bwidth \u200b "
    "very\u00a0hard soft\u00adhyphen tab\tbed line\nend http://example.org/a?b=c#d someone@example.org"
)
WORDS = ODD.split(" ")
ENDS = ["", ".", "?", "!", "…", ")", '"', "'", "”", "*", "$", "%", " ", "\n", "é", "مُ", "🌦️", "_", ";"]


def some_text(chance, most):
    return " ".join(chance.choices(WORDS, k=chance.randint(0, most))) + chance.choice(ENDS)


def some_passage(chance, number):
    weight, tag = chance.choice([(TEXT, "p")] * 4 + [(144, "h2"), (NAMES, "p")])
    anchor = f"p-{number}" if weight != NAMES else ""
    pieces = [
        (f"m-x-{number}-{n}" if anchor and chance.random() < 0.5 else "", some_text(chance, 12))
        for n in range(chance.randint(1, 5))
    ]
    return Passage(weight, tuple(pieces), tag, anchor)


def some_document(chance, number):
    title = "On " + some_text(chance, 8).replace("\u200b", "")
    fields = [("language", chance.choice(["en", "ar"]))]
    if chance.random() < 0.8:
        fields.append(("date", chance.choice(["3 August 2024", "about 1920", "Łódź, May"])))
    if chance.random() < 0.7:
        fields.append(("outlet", "Nice & Sons"))
    passages = (some_passage(chance, n) for n in range(chance.randint(0, 6)))
    return Document(
        f"articles/2031/{number}/",
        f"20{chance.randint(10, 40)}-01-01",
        (("type", "Articles"), ("e7", "ada"), ("e7", "bee"), ("outlet", "Nice & Sons")),
        (*fields, ("title", in_one_line(title))),
        (Passage(168, (("", title),), "h1"), *passages, Passage(TEXT, (("", EVERY),))),
    )


def page_of(document):
    """Return a document as a page of HTML."""
    filters = "".join(
        f'<meta data-pagefind-filter="{name}[content]" content="{escape(value)}">'
        for name, value in document.facets
    )
    fields = "".join(
        f'<meta data-pagefind-meta="{name}[content]" content="{escape(value)}">'
        for name, value in document.fields
        if name != "title"
    )
    sort = f'<meta data-pagefind-sort="date[content]" content="{document.day}">'
    passages = "".join(map(block_of, document.passages))
    return (
        f'<!doctype html><html lang="en"><head>{filters}{fields}{sort}</head>'
        f"<body data-pagefind-body>{passages}</body></html>"
    )


def block_of(passage):
    words = "".join(
        f'<span id="{anchor}">{escape(text)}</span>' if anchor else escape(text)
        for anchor, text in passage.pieces
    )
    weight = ' data-pagefind-weight="5"' if passage.weight == NAMES else ""
    anchor = f' id="{passage.anchor}"' if passage.anchor else ""
    return f"<{passage.tag}{anchor}{weight}>{words}</{passage.tag}>"


class Kept(list):
    """Files by their numbers; what makes them wants names."""

    def add(self, content):
        self.append(content)
        return str(len(self) - 1)

    def text_of(self, document):
        return gzip.decompress(self[int(document.fragment)])


def in_tokens(documents, language="en"):
    vocabulary = Vocabulary(language)
    texts = [cut(document) for document in documents]
    vocabulary.learn(texts)
    return texts, vocabulary


def bundle_of(texts, vocabulary, kept=None):
    kept = kept or Kept()
    return index_texts([show_text(text, kept.add) for text in texts], texts, vocabulary)


def indexed_by_us(documents):
    """Return the files of an index of documents, which are put together of some bundles."""
    texts, vocabulary = in_tokens(documents)
    index = Index(vocabulary.runtime)
    for some in [texts[:1], texts[1:150], texts[150:]]:
        index.add(bundle_of(some, vocabulary))
    chunks, files = index.chunks()
    return files | index.files(chunks)


def assert_pagefind_says_the_same(documents, language="en"):
    kept = Kept()
    by_address = sorted(documents, key=lambda document: document.url)
    ours = bundle_of(*in_tokens(by_address, language), kept)
    files = index_pages([(document.url, page_of(document)) for document in documents], language)
    theirs = read_pages(files, UNDATED, kept.add)
    assert ours.words == theirs.words
    assert ours.forms == theirs.forms
    for our, their in zip(ours.shown, theirs.shown, strict=True):
        assert kept.text_of(our) == kept.text_of(their)
        assert our.length == their.length
        assert sorted(our.facets) == sorted(their.facets)


@pytest.fixture(scope="module")
def many():
    chance = random.Random("documents")
    return [some_document(chance, number) for number in range(400)]


@pytest.mark.parametrize("language", ["en", "ar", "de", "zh"])
def test_what_we_say_of_a_document_is_what_pagefind_says_of_its_page(many, language):
    assert_pagefind_says_the_same(many[:100], language)


def test_pagefind_says_the_same_of_the_projects_own_articles_and_entries():
    archive = pipeline.link(pipeline.annotate(ArchiveConfig(ROOT)))
    articles = [article_document(origin_of(article, archive)) for article in archive.articles]
    assert_pagefind_says_the_same([*articles, *map(entry_document, archive.entities.values())])


def numbered(postings, fields):
    """Return {number of a document: (places in the text, places in fields by their names)}."""
    found, number = {}, 0
    for distance, in_text, in_fields in postings:
        number += distance
        named = sorted((fields[field], place) for field, place in weighed(in_fields))
        found[number] = (in_text, named)
    return found


def said_by(files):
    """Return what an index says, but for its names of files and the order of what has none."""
    [meta] = [read_file(content) for path, content in files.items() if path.endswith(".pf_meta")]
    version, pages, chunks, filters, sorts, fields = meta
    words = {
        word: (numbered(postings, fields), {form: numbered(of_form, fields) for form, of_form in forms})
        for word, postings, forms in read_index(files)
    }
    values = {name: dict(read_file(files[f"filter/{file}.pf_filter"])[1]) for name, file in filters}
    assert all(read_file(files[f"filter/{file}.pf_filter"])[0] == name for name, file in filters)
    assert {f"index/{name}.pf_index" for _, _, name in chunks} == {p for p in files if p.startswith("index/")}
    return {"version": version, "lengths": [n for _, n in pages], "words": words, "filters": values, "sorts": sorts}


def test_an_index_that_we_put_together_says_what_pagefind_says_of_all_pages(many):
    ours = indexed_by_us(many)
    theirs = index_pages([(document.url, page_of(document)) for document in many], "en")
    assert said_by(ours) == said_by(theirs)
    assert {path for path in ours if "/" not in path and "pf_meta" not in path} <= set(theirs)


def chunks_of(files):
    [meta] = [read_file(content) for path, content in files.items() if path.endswith(".pf_meta")]
    return [(chunk, [w for w, *_ in read_file(files[f"index/{chunk[2]}.pf_index"])[0]]) for chunk in meta[2]]


def test_chunks_say_of_which_words_they_are_as_those_of_pagefind_do(many):
    theirs = chunks_of(index_pages([(document.url, page_of(document)) for document in many], "en"))
    assert len(theirs) > 1
    assert [chunk for chunk, _ in theirs] == ranges([(words[0], words[-1], name) for (*_, name), words in theirs])


def test_the_word_of_every_document_has_a_chunk_to_itself(many, monkeypatch):
    monkeypatch.setattr("generator.publish.canonical._CHUNK", 3000)
    chunks = [words for _, words in chunks_of(indexed_by_us(many))]
    assert [EVERY] in chunks
    assert len(chunks) > 10
    together = [word for words in chunks for word in words]
    assert together == sorted(set(together))


def test_where_a_bundle_begins_others_do_not_tell():
    names = [f"articles/{number}" for number in range(2000)]
    before, after = list(gather(names, str)), list(gather([*names[:700], "another", *names[700:]], str))
    assert [name for bundle in before for name in bundle] == names
    assert max(map(len, before)) <= 128
    assert 15 < len(before) < 60
    same = [bundle for bundle in after if bundle in before]
    assert len(before) - 2 <= len(same) < len(after)


def test_a_range_is_not_shortened_where_it_would_end_before_it_begins():
    assert ranges([["apple", "apple", "a"], ["apricot", "zoo", "b"]]) == [["apple", "apple", "a"], ["apr", "zoo", "b"]]


def test_marks_of_pagefind_in_a_text_are_words_like_others_but_found_under_nothing(many):
    document = Document("a/", UNDATED, (), (), (Passage(TEXT, (("", "so ___PAGEFIND_WEIGHT___9 it goes"),)),))
    ours = bundle_of(*in_tokens([document]))
    assert ours.shown[0].length == 4
    assert set(ours.words) == {"so", "it", "goe"}


def test_of_a_hand_written_page_fields_that_we_do_not_know_are_shown_and_not_found():
    html = (
        "<html><body data-pagefind-body><h1>On ports</h1><img src='quay.png' alt='A quay'><p>Boats.</p>"
        "<p data-pagefind-meta='author[data-name]' data-name='Zanzibar'></p></body></html>"
    )
    kept = Kept()
    page = read_pages(index_pages([("about/", html)], "en"), UNDATED, kept.add)
    assert b"Zanzibar" in kept.text_of(page.shown[0])
    assert "zanzibar" not in page.words
    image, alternative = (0x20 + FIELDS.index(field) for field in ("image", "image_alt"))
    assert page.words["quay"] == (0, 0, 1, bytes([0x80, 0x84, image, 0, alternative, 1]))


def test_fields_have_their_numbers_by_their_names():
    assert sorted(FIELDS) == list(FIELDS)
