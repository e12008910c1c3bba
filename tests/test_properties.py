"""Properties: what holds for any text, any glossary and any bytes."""

from __future__ import annotations

import random
import unicodedata
from functools import cache
from itertools import accumulate, pairwise, product
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser
from sentencex import get_sentence_boundaries, segment

from generator import pipeline
from generator.annotate.context import (
    follows_unknown_name,
    is_among_small_words,
    is_joined,
    why_no_mention,
)
from generator.annotate.fold import fold, is_whole_word, squeeze
from generator.annotate.gazetteer import Gazetteer
from generator.annotate.masks import find_masks
from generator.annotate.mentions import find_mentions
from generator.annotate.readings import Reading
from generator.config import ArchiveConfig
from generator.link.archive import link_archive
from generator.link.concordance import kwic_lines
from generator.link.entities import link_entities
from generator.link.permalinks import link_article
from generator.link.usage import Usage
from generator.model import Alias, Article, Candidate, Entity, FrontMatter, Kind, Span, Strength
from generator.read.blocks import parse_blocks, words_without_marks
from generator.read.dates import parse_date
from generator.read.front_matter import parse_seed
from generator.read.glossary import VARIANT_RULES
from generator.render.article import plan_articles
from generator.render.entry import plan_entries
from generator.render.pages import encode
from generator.render.shelves import Shelves
from generator.render.splice import splice
from generator.render.templates import Templates

WORDS = [
    "سوريا",
    "القنيطرة",
    "ישראל",
    "José",
    "Syria",
    "New York",
    "York",
    "new",
    "US",
    "U.S.",
    "Sana'a",
    "Öz",
    "İstanbul",
    "al-Rif",
    "a",
    "1.",
]
JOINTS = [
    " ",
    "  ",
    "\n",
    "\r\n",
    "\n\n",
    "'s ",
    "’",
    "-",
    ".",
    ", ",
    "\t",
    "\u00a0",
    "😀",
    "/",
    "@",
    "x",
    "\u0301",
    "\u064f",
    "\u0640",
    "\u05b4",
    "و",
    "ב",
]
MARKS = [
    "## ",
    "### ",
    "> ",
    "- ",
    "12. ",
    "#",
    ">",
    "-",
    "+ ",
    "* ",
    "    ",
    "=====",
    "-----",
    "***",
    "[toc]",
    "///",
]
SIGNS = [
    *"\\`*_{}[]<>&\"|~#!()+-=.:;'^$%@/?,",
    "&amp;",
    "&#42;",
    "<b>",
    "</div>",
    "<!--",
    "-->",
    "<script>",
    "```",
    "![a](b)",
    "[a]: http://b",
    "{: #x }",
    "{.y}",
    "[^1]",
    "://",
    "http://a.b/*c*",
    "\x02",
    "\x03",
    "\x7f",
    "\x1b",
    "\u200b",
    "\u202e",
    "\u2028",
    "\x85",
    "\x1c",
    "klzzwxh:0042",
    "wzxhzdk:0",
]

texts = st.lists(st.sampled_from([*WORDS, *JOINTS, *MARKS, *SIGNS]), max_size=40).map("".join)
free_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)
any_text = st.one_of(texts, free_texts).filter(str.strip)
strengths = st.sampled_from(list(Strength))
aliases = st.builds(Alias, st.sampled_from(WORDS), strengths, exact=st.booleans())
glossaries = st.lists(st.lists(aliases, min_size=1, max_size=5), max_size=4)


def article_of(text, **front_matter):
    values = FrontMatter(title="A title", date=parse_date("2025-07-01"), language="en")
    return Article("a", "seeds/articles/a.md", replace(values, **front_matter), text, 6, parse_blocks(text))


def entities_of(glossary):
    return [
        Entity(f"e{n}", f"seeds/glossary/e{n}.md", Kind.TERM, f"Entity {n}", "D", "", tuple(forms))
        for n, forms in enumerate(glossary)
    ]


def annotate(text, glossary):
    article, gazetteer = article_of(text), Gazetteer(entities_of(glossary))
    finds, _ = find_mentions(article, gazetteer)
    return finds, link_article(article, link_entities(article, finds, gazetteer.entities, Usage()))


@given(any_text)
@example("İIiß\u2019\r\n")
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


@given(any_text)
@example("Jose\u0301  \u0633\u064f\u0648\u0631\u064a\u0640\u0627 \u05d9\u05b4\u05e9\u05c2")
def test_squeezing_keeps_every_character_but_repeated_spaces_and_marks(text):
    folded = fold(text)
    squeezed, places = squeeze(folded)
    assert len(places) == len(squeezed)
    assert list(places) == sorted(set(places))
    assert "".join(folded[place] for place in places) == squeezed
    left_out = set(range(len(folded))) - set(places)
    for place in left_out:
        repeated_space = folded[place] == " " == folded[place - 1]
        assert repeated_space or unicodedata.category(folded[place]) in ("Mn", "Lm")


@given(any_text, glossaries)
def test_a_mention_says_the_words_that_its_span_covers(text, glossary):
    _, annotated = annotate(text, glossary)
    for mention in annotated.mentions:
        assert mention.surface == text[mention.span.start : mention.span.end]


@given(any_text, glossaries)
def test_finds_are_sorted_and_disjoint(text, glossary):
    finds, _ = annotate(text, glossary)
    for one, next_one in pairwise(finds):
        assert one.span.end <= next_one.span.start


@given(any_text, glossaries)
@example("https://example.org/Syria", [[Alias("Syria")]])
@example("## US\n\n1. US", [[Alias("1.")], [Alias("US")]])
def test_nothing_is_found_inside_a_mask(text, glossary):
    finds, _ = annotate(text, glossary)
    for mask in find_masks(text):
        assert not [find for find in finds if find.span.overlaps(mask)]


@given(any_text, glossaries)
@example("New  York", [[Alias("New York"), Alias("York")]])
@example("xa a a", [[Alias("a a")]])
@example(
    "\u0633\u064f\u0648\u0631\u064a\u0640\u0627 Jose\u0301 e\u0301",
    [[Alias("\u0633\u0648\u0631\u064a\u0627"), Alias("Jose")]],
)
def test_the_automaton_finds_what_a_naive_search_finds(text, glossary):
    article = article_of(text)
    found = {Span(hit[0], hit[1]) for hit in _automaton(article, glossary)}
    assert found == set(_naive(article, glossary))


def _automaton(article, glossary):
    """Whole-word hits in plain spelling, as spans of the text."""
    entities = entities_of([[replace(a, exact=True) for a in forms] for forms in glossary])
    gazetteer = Gazetteer(replace(entity, without=VARIANT_RULES) for entity in entities)
    for _, start, end in gazetteer.find(fold(article.text)):
        yield start, end


def _naive(article, glossary):
    """Try every form at every place, character by character."""
    folded = fold(article.text)
    forms = {fold(alias.text) for forms in glossary for alias in forms}
    forms |= {f"Entity {n}" for n in range(len(glossary))}
    for form in forms:
        for start in range(len(folded)):
            end = _end_of(form, folded, start)
            if end is not None and not _is_mark(folded, start) and is_whole_word(folded, start, end):
                yield Span(start, end)


def _end_of(form, folded, start):
    """Return where a form ends that begins here, marks and repeated spaces passed over; None where it does not."""
    place = start
    for char in form:
        if place == len(folded) or folded[place] != char:
            return None
        place += 1
        while place < len(folded) and (_is_mark(folded, place) or folded[place - 1 : place + 1] == "  "):
            if folded[place] == " " and char != " ":
                return None
            place += 1
    while place > start and folded[place - 1] == " " and not form.endswith(" "):
        place -= 1
    return place


def _is_mark(folded, place):
    """Tell whether a character is a vowel mark, a point, the lengthening stroke, or an accent on a Latin letter."""
    char = folded[place]
    if "\u0300" <= char <= "\u036f":
        while place >= 0 and "\u0300" <= folded[place] <= "\u036f":
            place -= 1
        return place >= 0 and folded[place].isascii() and folded[place].isalpha()
    return char == "\u0640" or (
        unicodedata.category(char) == "Mn"
        and "\u0591" <= char <= "\u0670"
        and not "\u0610" <= char <= "\u061a"
    )


@given(any_text, glossaries)
@example("Syria\nSyria", [[Alias("Syria")]])
def test_taking_the_markup_away_gives_the_article_back(text, glossary):
    _, annotated = annotate(text, glossary)
    for spliced in splice(annotated):
        lines = "\n".join(line.of(text) for line in spliced.block.lines)
        assert "".join(piece.text for piece in spliced.pieces) == lines
        for piece in spliced.pieces:
            if piece.mention:
                assert piece.text.split() == piece.mention.surface.split()
                assert piece.text == piece.text.strip()


@given(any_text)
def test_every_word_lies_in_exactly_one_block(text):
    blocks = parse_blocks(text)
    words = [word for block in blocks for line in block.lines for word in line.of(text).split()]
    assert words == words_without_marks(text)
    covered = [at for block in blocks for line in block.lines for at in range(line.start, line.end)]
    assert covered == sorted(set(covered))


@given(any_text, glossaries)
def test_a_line_of_the_concordance_is_part_of_the_text(text, glossary):
    _, annotated = annotate(text, glossary)
    for mention, line in kwic_lines(annotated):
        assert line.keyword.split() == mention.surface.split()
        for side in (line.left, line.right):
            assert len(side) <= 242
            assert not set("\r\n") & set(side)


@given(any_text, st.sampled_from(["en", "de", "ar", "xx"]))
@example("One.\u2029Two.\u0085 \u2028(Three!) «Four?» etc. \x1cFive", "en")
def test_the_sentences_of_a_block_are_all_of_it(text, language):
    for block in parse_blocks(text):
        words = block.span.of(text)
        found = get_sentence_boundaries(language, words)
        ends = list(accumulate(map(len, segment(language, words))))
        assert [sentence["end_index"] for sentence in found] == ends
        assert ends[-1] == len(words)


BEFORE = [
    "", "in ", "(in ", "in  ", "of ", "the ", "a Bank of ", "the Bank of the ", "The ", "New ", "Anna ", "A. ",
    "South ", "Finnish ", "us$", "cost $", "pro-", "Anti-", "ó ", "3 ", "vice ", "Captain ",
]  # fmt: skip
AFTER = [
    "", ".", ", and", " and", " dollars", "$", "$ 5", " $5", " €5", "€", " 5", " \u0663", "-5", "-Bissau", "-led",
    "'s President", " University", " Bank of", " State's", " Ó", " é", " (GSD)", "  New",
]  # fmt: skip
FORMS = [
    Alias("Syria"), Alias("Quneitra", Strength.SHORT), Alias("Syrian", Strength.DEMONYM), Alias("US"), Alias("calm")
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.text)
@pytest.mark.parametrize("kind", Kind)
def test_no_rule_speaks_against_a_form_among_small_words(kind, form):
    entity = replace(entities_of([[form]])[0], kind=kind)
    entities, among = {entity.id: entity}, 0
    reading = Reading((Candidate(entity.id, form.strength, "alias"),), entities)
    for before, after in product(BEFORE, AFTER):
        text = f"A. It was {before}{form.text}{after}"
        start = 10 + len(before)
        span, block = Span(start, start + len(form.text)), Span(3, len(text))
        if is_among_small_words(text, span, block):
            among += 1
            assert is_joined(text, span) == (False, False), text
            assert not follows_unknown_name(text, span, block), text
            assert why_no_mention(text, span, block, reading, entities) is None, text
    assert among > 20


@given(any_text, glossaries, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_entries_does_not_change_the_finds(text, glossary, dice):
    entities = entities_of(glossary)
    article = article_of(text)
    shuffled = dice.sample(entities, len(entities))
    assert find_mentions(article, Gazetteer(entities)) == find_mentions(article, Gazetteer(shuffled))


def seed_bytes():
    keys = st.sampled_from(
        [
            "title",
            "date",
            "language",
            "name",
            "kind",
            "aliases",
            "annotations",
            "location",
            "sources",
            "url",
            "withdrawn",
            "corrections",
            "replaces",
            "same_as",
            "topics",
            "metonym",
            "roles",
            "relations",
            "x-y",
            "?",
        ]
    )
    values = st.one_of(
        st.sampled_from(
            ["", "en", "2025", "[a, b]", "{text: a}", "[{text: a, nth: 1}]", "'", "&a", "*a", "!t", "|", "{"]
        ),
        st.text(max_size=20),
    )
    lines = st.lists(st.tuples(keys, values).map(lambda pair: f"{pair[0]}: {pair[1]}\n"), max_size=6)
    seeds = st.tuples(lines, any_text).map(lambda pair: f"---\n{''.join(pair[0])}---\n{pair[1]}".encode())
    return st.one_of(st.binary(max_size=200), seeds)


@given(seed_bytes(), seed_bytes())
@settings(max_examples=300)
def test_reading_never_raises(tmp_path_factory, one, other):
    root = tmp_path_factory.mktemp("archive")
    for folder in ("articles", "glossary"):
        (root / "seeds" / folder).mkdir(parents=True)
    (root / "seeds/articles/a.md").write_bytes(one)
    (root / "seeds/glossary/b.md").write_bytes(other)
    annotated = pipeline.annotate(ArchiveConfig(root))
    sound = len(annotated.seeds.articles) + len(annotated.seeds.entities)
    assert sound + len({issue.path for issue in annotated.issues if issue.level == "error"}) >= 2
    assert list(annotated.issues) == sorted(annotated.issues, key=lambda issue: issue.sort_key)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_front_matter_of_any_characters_gives_nodes_or_issues(inside):
    document, issues = parse_seed("a.md", f"---\n{inside}\n---\n")
    assert document is not None or issues
    last = inside.count("\n") + inside.count("\r") + sum(map(inside.count, "\x85\u2028\u2029")) + 3
    assert all(1 <= issue.line <= last and issue.column >= 1 for issue in issues)


@given(st.text("0123456789X.~?%/-", max_size=14))
@settings(max_examples=300)
@example("2025/")
@example("/2025")
@example("/")
@example("../..")
@example("7461-X7")
def test_a_date_is_a_period_or_refused(capsys, text):
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    assert day is None or day.earliest <= day.latest
    assert capsys.readouterr() == ("", "")


def test_the_order_of_seeds_does_not_change_the_output(build_archive, seed_text):
    article, entry = seed_text
    names = ["Syria", "Iran", "Syria", "Oman"]
    seeds = {f"seeds/glossary/{n}/g{n}.md": entry(name=name) for n, name in enumerate(names)}
    seeds |= {f"seeds/articles/{n}/a.md": article(f"{name} and Oman.") for n, name in enumerate(names)}
    seeds |= {"seeds/articles/z.md": "nothing", "seeds/articles/y.md": article("")}
    outputs = []
    for order in (
        sorted(seeds),
        sorted(seeds, reverse=True),
        random.Random(7).sample(sorted(seeds), len(seeds)),
    ):
        config = build_archive({path: seeds[path] for path in order})
        annotated = pipeline.annotate(config)
        pages = pipeline.plan(pipeline.link(annotated), "Site")
        outputs.append((annotated, list(map(encode, pages))))
    assert outputs[0] == outputs[1] == outputs[2]


@cache
def templates():
    return Templates(ArchiveConfig(Path(__file__).parent))


def tree_of(pages):
    """Return what the first of some pages shows, in Material's element, as verify reads it."""
    html = templates().html(next(pages))
    return LexborHTMLParser(f'<article class="md-content__inner">{html}</article>')


OUR_TAGS = {
    "article",
    "h1",
    "h2",
    "h3",
    "p",
    "div",
    "span",
    "a",
    "bdi",
    "time",
    "blockquote",
    "details",
    "pre",
    "summary",
    "ul",
    "ol",
    "li",
    "strong",
}
"""What our templates spell out. Anything else in a page came from the words of a seed."""


def tags(tree):
    return [node.tag for node in tree.css_first("article").traverse() if node.tag != "_comment"]


def shown_words(tree):
    """Return the words of the source text, as a browser shows them, annotations taken away."""
    (source,) = tree.css("[data-source-text]")
    for annotation in source.css("[data-archive]"):
        annotation.decompose()
    return source.text(deep=True, separator="").split()


@given(any_text, glossaries)
@settings(max_examples=400)
@example("* a\n\n    code\n\n1) b\n", [])
@example("- a\n- b\n\ntext\n\n3. c\n4. d\n> e\n> f\n", [])
@example("## a\nb\n===\nc\n---\n\n\td", [])
@example("New\nYork", [[Alias("New York")]])
@example("> New York\n> and", [[Alias("New York")]])
@example("Syria{: .x }\n{: #p-9 }", [[Alias("Syria")]])
def test_a_page_shows_exactly_the_words_of_the_text(text, glossary):
    _, annotated = annotate(text, glossary)
    archive = link_archive([annotated], entities_of(glossary))
    tree = tree_of(plan_articles(Shelves(archive)))
    assert shown_words(tree) == words_without_marks(text)
    assert not set(tags(tree)) - OUR_TAGS
    anchors = {node.attributes.get("id") for node in tree.css("[data-source-text] [id]")}
    assert {f"p-{block.number}" for block in annotated.article.blocks} <= anchors
    assert {mention.anchor for mention in annotated.mentions if mention.anchor} <= anchors


names = st.lists(
    st.sampled_from([*WORDS, " ", *SIGNS, *[m for m in MARKS if "\n" not in m]]), max_size=12
).map("".join)
hidden = dict.fromkeys(map(ord, "\x02\x03\x7f\x1b\u200b\u202e\u2028\x85\x1c\t"))
plain = names.map(lambda name: " ".join(name.translate(hidden).split())).filter(bool)


@given(plain)
@settings(max_examples=200)
@example("1. *a* _b_ `c` <i>d</i> [e](f) &amp; \\# {: .g } # h")
def test_a_title_appears_on_its_page_as_written(name):
    annotated = replace(
        annotate("words", [])[1], article=article_of("words", title=name, rights=name, byline=name)
    )
    tree = tree_of(plan_articles(Shelves(link_archive([annotated], []))))
    assert " ".join(tree.css_first("h1").text().split()) == name
    shown = " ".join(tree.css_first(".archive-provenance").text().split())
    assert shown.count(name) >= 2
    assert not set(tags(tree)) - OUR_TAGS


@given(plain)
@settings(max_examples=200)
def test_a_name_appears_on_its_page_as_written(name):
    entity = replace(entities_of([[]])[0], name=name, description=name, aliases=(Alias(name),))
    tree = tree_of(plan_entries(Shelves(link_archive([], [entity]))))
    assert " ".join(tree.css_first("h1").text().split()) == name
    assert " ".join(tree.css_first(".archive-lead").text().split()) == name
    assert " ".join(tree.css_first(".archive-names").text().split()) == name
    assert not set(tags(tree)) - OUR_TAGS


@pytest.mark.parametrize("mark", ["## ", "### ", "> ", "- ", "1. "])
def test_marks_that_stand_alone_are_words(mark):
    assert words_without_marks(f"{mark}\n{mark}a") == [mark.strip(), "a"]
