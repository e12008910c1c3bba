"""Rendering: escaping, words for dates, and paragraphs made to keep Markdown busy."""

from __future__ import annotations

import pytest
from markdown import Markdown
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from generator import pipeline
from generator.config import MARKDOWN_EXTENSIONS
from generator.read.dates import parse_date
from generator.read.words import MAX_PUNCTUATION
from generator.render.dates import date_in_words, period_in_words
from generator.render.escape import escape_attribute, escape_markdown
from generator.render.templates import Templates
from generator.render.vocabulary import text_direction


def to_html(markdown):
    return Markdown(extensions=list(MARKDOWN_EXTENSIONS)).convert(markdown)


@pytest.fixture
def source_html(annotate_text, build_archive):
    """Return a function that gives the HTML of a text's element on its page."""

    def source_html(text, glossary=None, **front_matter):
        annotated = annotate_text(text, glossary or {}, **front_matter)
        pages = pipeline.plan(pipeline.link(annotated), "Site")
        page = next(page for page in pages if page.url == "articles/a/")
        return LexborHTMLParser(Templates(build_archive({})).html(page)).css_first("[data-source-text]")

    return source_html


@pytest.mark.parametrize(
    "text",
    [
        "- a",
        "+ a",
        "* a",
        "1. a",
        "12) a",
        "# a",
        "===",
        "---",
        "> a",
        "    a",
        "\ta",
        " - a",
        "  ---",
        " 1. a",
        ": a",
        "***",
        "[a](b)",
        "![a](b)",
        "[a]: http://b",
        "`a`",
        "*a*",
        "_a_",
        "<b>a</b>",
        "&amp;",
        "&#42;",
        "\\*",
        "{: .a }",
        "a | b",
        "~~a~~",
        "[TOC]",
        "[^1]",
        "!!! a",
        "///",
        "```",
        "~~~",
        "http://a.b",
        "a  \nb",
        "<!-- a -->",
        "\x02a\x03",
    ],
)
def test_markdown_shows_a_value_as_written(text):
    html = LexborHTMLParser(to_html(str(escape_markdown(text)).strip()))
    assert html.body.text().split() == text.split()
    assert [node.tag for node in html.body.traverse() if node.tag not in {"body", "br"}] == ["p"]


def test_what_is_markup_already_stays_and_nothing_is_nothing():
    assert escape_markdown(Markup("*a*")) == "*a*"
    assert escape_markdown(None) == ""


def test_an_attribute_closes_nothing():
    assert escape_attribute("\"'<>&") == "&quot;&#x27;&lt;&gt;&amp;"


def test_lists_headings_and_quotations_become_what_they_are(source_html):
    html = source_html("## Head\n\n- a\n- b\n\n7. c\n\n> d\n> e\n\nf")
    found = [(n.tag, n.attributes["id"], n.text().split()) for n in html.css("[id]")]
    assert found == [
        ("h2", "p-1", ["Head"]),
        ("li", "p-2", ["a"]),
        ("li", "p-3", ["b"]),
        ("li", "p-4", ["c"]),
        ("p", "p-5", ["d", "e"]),
        ("p", "p-6", ["f"]),
    ]
    assert html.css_first("#p-4").attributes["value"] == "7"


def test_the_first_mention_of_a_section_is_a_link_and_the_others_are_spans(source_html):
    html = source_html("Syria, Syria", {"syria": "Syria"})
    found = [(n.tag, n.attributes["id"], n.attributes.get("href")) for n in html.css("[data-entity=syria]")]
    assert found == [("a", "m-syria-1", "../../glossary/syria/"), ("span", "m-syria-2", None)]


def test_the_most_signs_that_a_paragraph_may_hold_are_shown(source_html):
    for sign in "*[\\`_":
        assert source_html(sign * MAX_PUNCTUATION).text().strip() == sign * MAX_PUNCTUATION


def test_thousands_of_mentions_in_one_paragraph_are_shown(source_html):
    html = source_html("Syria " * 5000, {"syria": "Syria"})
    assert len(html.css("[data-entity]")) == 5000


@pytest.mark.parametrize(
    "text, words",
    [
        ("2025-07-01", "1 July 2025"),
        ("2025-07", "July 2025"),
        ("2025", "2025"),
        ("2025?", "2025 (uncertain)"),
        ("2025-06%", "about June 2025 (uncertain)"),
        ("2024/2025", "2024–2025"),
        ("201X", "2010–2019"),
        ("2025-06-30/2025-07-01", "30 June – 1 July 2025"),
        ("2024-12-31/2025-01-01", "31 December 2024 – 1 January 2025"),
        ("2025-07-01/..", "since 1 July 2025"),
        ("../2025-07-01", "until 1 July 2025"),
        ("XXXX", "date unknown"),
    ],
)
def test_a_date_in_words(text, words):
    assert date_in_words(parse_date(text)) == words


def test_a_period_without_ends_is_silent():
    assert period_in_words(None, None) == ""


@pytest.mark.parametrize(
    "tag, direction", [("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("en", "ltr"), ("xx", "ltr")]
)
def test_a_language_has_a_direction(tag, direction):
    assert text_direction(tag) == direction
