"""Citations: what readers copy is complete, and no word of a seed becomes a command of TeX or breaks JSON."""

from __future__ import annotations

import json

import pytest

from generator.model import Article, FrontMatter
from generator.read.dates import parse_date
from generator.render.citations import bibtex, citation, csl_json

OUTLET = "The Herald"


def article(**values):
    matter = {"title": "Talks go on", "date": parse_date("2031-03-14"), "language": "en"} | values
    return Article("2031/03/talks", "", FrontMatter(**matter), "", 1, ())


def test_a_citation_names_author_title_outlet_date_and_address():
    cited = article(byline="A. Reporter", url="https://example.org/talks")
    assert citation(cited, OUTLET) == (
        "A. Reporter. “Talks go on”. The Herald. 14 March 2031. https://example.org/talks."
    )


def test_a_title_that_the_archive_supplied_stands_in_brackets():
    assert citation(article(supplied=("title",)), None) == "[Talks go on]. 14 March 2031."


def test_bibtex_has_every_field_that_is_known():
    assert bibtex(article(byline="A. Reporter", url="https://example.org/talks"), OUTLET) == [
        "@online{2031-03-talks,",
        "  author = {{A. Reporter}},",
        "  title = {{Talks go on}},",
        "  howpublished = {The Herald},",
        "  date = {2031-03-14},",
        "  url = {https://example.org/talks},",
        "  langid = {en},",
        "}",
    ]


def test_no_word_of_a_title_is_a_command_of_tex():
    (title,) = [
        line for line in bibtex(article(title=r"\input{x} 100 % & $a_b^c~#"), None) if "title" in line
    ]
    assert title == (
        r"  title = {{\textbackslash{}input\{x\} 100 \% \& \$a\_b\textasciicircum{}c\textasciitilde{}\#}},"
    )


@pytest.mark.parametrize(
    ("written", "issued"),
    [
        ("2031-03-14", {"date-parts": [[2031, 3, 14]]}),
        ("2031-03", {"date-parts": [[2031, 3]]}),
        ("2031", {"date-parts": [[2031]]}),
        ("2031-03-14/2031-04-01", {"date-parts": [[2031, 3, 14], [2031, 4, 1]]}),
        ("2031-03~", {"date-parts": [[2031, 3]], "circa": True}),
    ],
)
def test_csl_has_the_date_as_exactly_as_it_is_known(written, issued):
    (item,) = json.loads("\n".join(csl_json(article(date=parse_date(written)), OUTLET)))
    assert item["issued"] == issued


def test_csl_reads_back_what_was_written():
    title = 'A "title" \\ with <b> and \u0627'
    (item,) = json.loads("\n".join(csl_json(article(title=title, byline="B"), OUTLET)))
    assert (item["title"], item["author"], item["container-title"]) == (
        title,
        [{"literal": "B"}],
        "The Herald",
    )


def test_an_unknown_date_is_left_out():
    (item,) = json.loads("\n".join(csl_json(article(date=parse_date("XXXX")), None)))
    assert "issued" not in item
