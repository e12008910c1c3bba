"""Verification names each fault of a built site: here is one site, broken in one way after another."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from generator import pipeline
from generator.objects import Objects
from generator.publish.assembling import Assembly
from generator.publish.links import destination, needs_of
from generator.publish.making import expected_of
from generator.publish.verify import verify_page
from tests.publishing import build, copy_tiny, read_tree, replace_in

if TYPE_CHECKING:
    from pathlib import Path

    from generator.config import ArchiveConfig

HARBOUR = "articles/2031/03/harbour-talks/index.html"
ARABIC = "articles/2031/04/arabic/index.html"
ADA = "glossary/ada-lindqvist/index.html"


@dataclass(frozen=True)
class Built:
    """A site and what it was made from."""

    config: ArchiveConfig
    site: Path
    archive: object
    pages: list

    def faults(self) -> list[str]:
        """What is said of the site."""
        planned = {page.path: page for page in self.pages}
        texts = {f"articles/{a.article.id}/index.html": a.article.text for a in self.archive.articles}
        objects = Objects(self.config.cache / "objects")
        with Assembly(self.config, self.archive, self.site, {}) as assembly:
            for path, content in read_tree(self.site).items():
                assembly.site[path] = objects.add(content)
                if path.endswith(".html"):
                    expected = expected_of(planned.get(path), texts.get(path) or None)  # withdrawn texts are empty
                    assembly.verified[path] = verify_page(path, content.decode(), expected)
            return [str(fault) for fault in assembly.faults(p.path for p in self.pages if p.redirect)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    config = copy_tiny(tmp_path_factory.mktemp("verify") / "archive")
    archive = pipeline.link(pipeline.annotate(config))
    return Built(config, build(config), archive, pipeline.plan(archive, "Tiny archive"))


@pytest.fixture
def built(whole, tmp_path):
    """A copy of the site, to be broken."""
    return replace(whole, site=shutil.copytree(whole.site, tmp_path / "site"))


def test_a_built_site_has_no_fault(built):
    assert built.faults() == []


SOURCE = '<p id="p-8">'
"""Where the source text goes on, in the page as MkDocs wrote it."""

BREAKS = {
    # Words
    "a word changed": (
        HARBOUR,
        "opened talks on",
        "ended talks on",
        "at word 7: the page has ['ended', 'talks', 'on'], the seed ['opened', 'talks', 'on']",
    ),
    "a word lost": (
        HARBOUR,
        "opened talks on",
        "opened on",
        "at word 8: the page has ['on', 'the', 'Kestrel'], the seed ['talks', 'on', 'the']",
    ),
    "the last words lost": (
        ARABIC,
        " للجميع».",
        "",
        "the text differs from its seed at word 15: the page has []",
    ),
    "two words run together": (
        HARBOUR,
        "opened talks on",
        "opened talkson",
        "at word 8: the page has ['talkson', 'the', ",
    ),
    "words in a comment": (
        HARBOUR,
        "opened talks on",
        "opened <!--talks--> on",
        "at word 8: the page has ['on', 'the', ",
    ),
    "a word added": (
        HARBOUR,
        "opened talks on",
        "opened new talks on",
        "at word 8: the page has ['new', 'talks', 'on']",
    ),
    "a paragraph added": (
        HARBOUR,
        SOURCE,
        f"<p>No!</p>\n{SOURCE}",
        "the page has ['No!', 'The', 'board'], the seed ['The', 'board', 'asks']",
    ),
    "two words exchanged": (
        HARBOUR,
        "The board asks",
        "board The asks",
        "the page has ['board', 'The', 'asks']",
    ),
    "a capital lost": (HARBOUR, "The board asks", "the board asks", "the page has ['the', 'board', 'asks']"),
    "two source texts": (
        HARBOUR,
        SOURCE,
        f"<div data-source-text>again</div>{SOURCE}",
        "2 elements carry data-source-text; there must be one",
    ),
    "no source text": (
        HARBOUR,
        "data-source-text",
        "",
        "0 elements carry data-source-text; there must be one",
    ),
    # Links
    "a dead link": (
        ADA,
        'href="#source-1"',
        'href="../nobody/"',
        "the link to '../nobody/' leads nowhere",
    ),
    "a dead anchor in the page": (
        ADA,
        'href="#source-1"',
        'href="#source-9"',
        "the link to '#source-9' names an anchor",
    ),
    "a dead anchor elsewhere": (
        ADA,
        "harbour-talks/#m-ada-lindqvist-1",
        "harbour-talks/#m-ada-lindqvist-9",
        "the link to '../../articles/2031/03/harbour-talks/#m-ada-lindqvist-9' names an anchor",
    ),
    "a link out of the site": (
        ADA,
        'href="#source-1"',
        'href="../../../outside.html"',
        "the link to '../../../outside.html' leads nowhere",
    ),
    "a missing style sheet": (
        ADA,
        'href="../../assets/archive.css"',
        'href="../../assets/lost.css"',
        "the link to '../../assets/lost.css' leads nowhere",
    ),
    # Safety, in the content
    "a script": (
        HARBOUR,
        SOURCE,
        f"<script>x()</script>{SOURCE}",
        "<script> is not allowed in a page's content",
    ),
    "a script in an entry": (
        ADA,
        "<h2",
        "<script src=x></script><h2",
        "<script> is not allowed in a page's content",
    ),
    "an on* attribute": (
        HARBOUR,
        SOURCE,
        '<p id="p-8" onclick="x()">',
        "the attribute 'onclick' of <p> is not allowed in a page's content",
    ),
    "a javascript: address": (
        HARBOUR,
        SOURCE,
        f'<a href="javascript:x()"></a>{SOURCE}',
        "the address 'javascript:x()' is not allowed in a page's content",
    ),
    "a javascript: address in disguise": (
        HARBOUR,
        SOURCE,
        f'<a href="&#1; jAva&Tab;scr&NewLine;ipt&colon;x()"></a>{SOURCE}',
        "is not allowed in a page's content",
    ),
    "a data: address": (
        ADA,
        'href="#source-1"',
        'href="data:text/html,x"',
        "the address 'data:text/html,x' is not allowed",
    ),
    "an address of another host without a scheme": (
        ADA,
        'href="#source-1"',
        'href="//evil.example"',
        "the address '//evil.example' is not allowed",
    ),
    "an iframe": (
        HARBOUR,
        SOURCE,
        f"<iframe></iframe>{SOURCE}",
        "<iframe> is not allowed in a page's content",
    ),
    "an outside image": (
        HARBOUR,
        SOURCE,
        f'<img src="https://evil.example/x.png">{SOURCE}',
        "<img> is not allowed in a page's content",
    ),
    "an image of a style": (
        HARBOUR,
        SOURCE,
        '<p id="p-8" style="text-align:left;background:url(//evil.example)">',
        "the attribute 'style' of <p>",
    ),
    "a script behind an end tag": (
        HARBOUR,
        SOURCE,
        f"</div></article></div></div></main><script>x()</script>{SOURCE}",
        "<script> is not allowed in a page's content",
    ),
    "a form": (ADA, "<h2", "<form action=x></form><h2", "<form> is not allowed in a page's content"),
    "an svg": (ADA, "<h2", "<svg onload=x()></svg><h2", "<svg> is not allowed in a page's content"),
    "a style element": (ADA, "<h2", "<style>*{}</style><h2", "<style> is not allowed in a page's content"),
    "a template": (
        ADA,
        "<h2",
        "<template><b></b></template><h2",
        "<template> is not allowed in a page's content",
    ),
    "no content": (
        ADA,
        "md-content__inner",
        "md-content__other",
        "0 elements match article.md-content__inner",
    ),
    # Safety, around the content
    "a second title": (
        ADA,
        "</head>",
        "<title>x</title></head>",
        "a second <title>, or the end of one, stands in the page",
    ),
    "a script that broke out of the title": (
        ADA,
        "</head>",
        "</title><script>x()</script></head>",
        "a second <title>, or the end of one, stands in the page",
    ),
    "a script that broke out of the description": (
        ADA,
        'content="Mayor of',
        'content=""><script>x()</script>Mayor of',
        "the description in the page's head is not",
    ),
    "an on* attribute around the content": (
        ADA,
        "<body ",
        "<body onload='x()' ",
        "the attribute 'onload' of <body> is not allowed anywhere",
    ),
    "a script in the table of contents": (
        HARBOUR,
        "Nine berths\n",
        "<script>x()</script>Nine berths\n",
        "a script stands in the navigation",
    ),
    "an iframe around the content": (
        ADA,
        "<footer",
        "<iframe></iframe><footer",
        "<iframe> is not allowed anywhere",
    ),
    "a base address": (ADA, "</head>", "<base href=/elsewhere/></head>", "<base> is not allowed anywhere"),
    "a javascript: address around the content": (
        ADA,
        "<footer",
        "<a href='javascript:x()'></a><footer",
        "the address 'javascript:x()' is not allowed anywhere",
    ),
    "a script of another host": (
        ADA,
        "<footer",
        "<script src='https://evil.example/x.js'></script><footer",
        "'https://evil.example/x.js' would be fetched from another host",
    ),
    "a script that the policy does not know": (
        ADA,
        "<footer",
        "<script>x()</script><footer",
        "the page's policy does not let this script run: 'x()'",
    ),
    "a style that the policy forbids": (
        ADA,
        "<footer",
        "<p style='color: red'>x</p><footer",
        "the page's policy does not let the style of this <p> apply",
    ),
    "a style sheet of another host": (
        ADA,
        "</head>",
        "<link rel=stylesheet href='//evil.example/x.css'></head>",
        "'//evil.example/x.css' would be fetched from another host",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_fault_is_found_and_named(built, name):
    page, old, new, wanted = BREAKS[name]
    file = built.site / page
    html = file.read_text(encoding="utf-8")
    before, found, after = html.rpartition(old)
    assert found
    file.write_text(before + new + after, encoding="utf-8")
    faults = built.faults()
    assert any(fault.startswith(f"{page}: ") and wanted in fault for fault in faults), faults
    assert all(fault.startswith(f"{page}: ") for fault in faults)


def test_what_the_archive_adds_to_a_source_text_is_marked_and_left_out(built):
    replace_in(
        built.site / HARBOUR, SOURCE, f"<p data-archive>Added <em>by</em> <span>us</span>.</p>{SOURCE}"
    )
    replace_in(
        built.site / HARBOUR, "The board asks", 'The <span data-archive="note">[sic] </span>board asks'
    )
    assert built.faults() == []


def test_markup_within_the_words_does_not_change_them(built):
    replace_in(built.site / HARBOUR, "The board asks", "Th<em>e bo</em>ard\n   asks")
    assert built.faults() == []


def test_a_page_that_is_removed_is_missed(built):
    (built.site / HARBOUR).unlink()
    faults = built.faults()
    assert f"{HARBOUR}: this page of a seed is missing" in faults
    assert any(
        fault.startswith(f"{ADA}: the link to '../../articles/2031/03/harbour-talks/") for fault in faults
    )


@pytest.mark.parametrize(
    "path",
    [
        "articles/2031/05/taken-down",
        "glossary/harbour-gazette",
        "articles/2031/03/port-talks",
        "glossary/kestrel-port",
    ],
)
def test_a_tombstone_an_unmentioned_entry_and_a_redirect_are_missed(built, path):
    (built.site / path / "index.html").unlink()
    assert f"{path}/index.html: this page of a seed is missing" in built.faults()


@pytest.mark.parametrize(
    "path", ["articles/2031/06/ghost/index.html", "glossary/ghost/index.html", "articles/ghost.html"]
)
def test_a_page_without_a_seed_is_found(built, path):
    (built.site / path).parent.mkdir(parents=True, exist_ok=True)
    (built.site / path).write_text("<p>Boo</p>")
    assert built.faults() == [f"{path}: this page has no seed"]


def test_a_hand_written_page_may_hold_what_a_generated_one_may_not(built):
    replace_in(built.site / "about" / "index.html", "What this archive is for.", "<form><input></form>")
    assert built.faults() == []


def test_a_dead_link_of_a_hand_written_page_is_found(built):
    replace_in(built.site / "about" / "index.html", '<a href="../articles/">', '<a href="../nowhere/">')
    assert built.faults() == ["about/index.html: the link to '../nowhere/' leads nowhere"]


@pytest.mark.parametrize("address", ["", "a/", "a/b-c/", "a_/1/", "a", "a//", "a/../b/", "./a/", "a%20b/", "a/?q"])
@pytest.mark.parametrize("fragment", ["", "#", "#m-a-1", "#__x", "#%41", "#a#b", "#é"])
def test_a_link_from_the_root_needs_what_it_leads_to(address, fragment):
    link = f"{address}{fragment}"
    target, anchor = destination("index.html", link)
    plain = f"../{target}#{anchor}" if anchor else f"../{target}"
    assert needs_of("x/index.html", [f"../{link}"]) == needs_of("x/index.html", [plain.replace("%", "%25")])
