"""The pages of a built site for its peers: the same articles, entries and lists as plain Markdown with plain links.

What is read is the site, so that a peer shows what we show, however our pages are made. What only scripts, pictures or
notes need stays out; no attribute lists, no HTML: a peer is given nothing that would slow it down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BLOCKS = {"h1": "# ", "h2": "## ", "h3": "### ", "p": "", "nav": "", "summary": "", "li": "- ", "tr": ""}
"""What becomes a block of Markdown, and what that begins with."""
LEFT_OUT = "svg, script, style, button, .noteref, .headerlink"
_SPECIAL = re.compile(r"[\\`*_\[\]<>#|]")
"""What means something to Markdown in the middle of a line."""
STOCK = """\
site_name: Peer
theme: {name: material, font: false}
plugins: [search]
nav: [index.md]
not_in_nav: "*"
validation: {links: {not_found: ignore, anchors: ignore, unrecognized_links: ignore}}
"""
HUGO = """\
baseURL = "/"
title = "Peer"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]
"""
HUGO_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Peer</title></head><body>{{ .Content }}</body></html>
"""
Shown = Literal["entries", "bare entries", "every page"]
"""What a peer shows besides articles: see `write_stock`."""


@dataclass(frozen=True)
class SitePage:
    """A page of a built site."""

    uri: str
    """Where its Markdown lies, such as `glossary/syria/index.md`."""
    content: LexborNode
    """The element that holds what differs from page to page."""


def write_stock(site: Path, root: Path, shown: Shown) -> None:
    """Write what stock Material builds: mkdocs.yml with its own search, searchless.yml with none, and pages.

    An article is its title and its text, with a link where our page has one; other pages have all of our page's words.

    Args:
        site: ours.
        root: where it is written.
        shown: besides articles and a home page, *entries*; *bare entries*, which have but a name, a description and a
            definition, no mentions; or *every page* of ours, such as further pages of mentions.
    """
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(STOCK)
    (root / "searchless.yml").write_text(STOCK.replace("[search]", "[]"))
    for page in read_pages(site):
        markdown = page_markdown(page, shown)
        if markdown:
            file = root / "docs" / page.uri
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(markdown)


def write_hugo(docs: Path, root: Path) -> None:
    """Write the pages of a peer, its docs/, for Hugo, with templates that add nothing."""
    layouts = root / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (root / "hugo.toml").write_text(HUGO)
    for name in ("single.html", "list.html"):
        (layouts / name).write_text(HUGO_PAGE)
    for file in docs.rglob("index.md"):
        folder = root / "content" / file.relative_to(docs).parent
        above = any(path.is_dir() for path in file.parent.iterdir())
        target = folder / "_index.md" if above else folder.with_suffix(".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(re.sub(r"(\]\([^()\s]*)index\.md\)", r"\1)", file.read_text()))


def read_pages(site: Path) -> Iterator[SitePage]:
    """Yield the pages of a built site, sorted by address; the one for what is not found is none."""
    for file in sorted(site.rglob("index.html")):
        content = LexborHTMLParser(file.read_text("utf-8")).css_first("article.md-content__inner")
        assert content is not None, f"{file} has no content"
        for unwanted in content.css(LEFT_OUT):
            unwanted.decompose()
        yield SitePage(file.relative_to(site).with_suffix(".md").as_posix(), content)


def page_markdown(page: SitePage, shown: Shown) -> str:
    """Return what a peer has of a page: plain Markdown, or nothing where it has no such page."""
    match page.uri.split("/"):
        case "articles", _, *_, "index.md":
            parts = [part for name in ("h1", "[data-source-text]") for part in page.content.css(name)]
        case "glossary", _, "index.md" if shown == "bare entries":
            parts = [part for name in ("h1", ".archive-lead", ".archive-definition") for part in page.content.css(name)]
        case "glossary", _, "index.md":
            parts = [page.content]
        case _ if shown == "every page":
            parts = [page.content]
        case ["index.md"]:
            return "# Home\n\nA peer.\n"
        case _:
            return ""
    return "".join(block for part in parts for block in _blocks(part)).lstrip("\n")


def _blocks(part: LexborNode) -> Iterator[str]:
    """Yield each block of a part of a page as Markdown; items of a list and rows of a table follow without a gap."""
    before = None
    for node in part.traverse():
        words = _row(node, first=before != "tr") if node.tag == "tr" else _inline(node).strip()
        if node.tag in BLOCKS and words:
            gap = "" if node.tag == before in {"li", "tr"} else "\n"
            yield f"{gap}{BLOCKS[node.tag]}{words}\n"
            before = node.tag


def _row(node: LexborNode, *, first: bool) -> str:
    cells = [_inline(cell).strip() for cell in node.css("th, td")]
    return f"| {' | '.join(cells)} |" + (f"\n|{' --- |' * len(cells)}" if first else "")


def _inline(node: LexborNode) -> str:
    """Return the words of an element and its links; blocks inside it stand for themselves."""
    found = []
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            found.append(_SPECIAL.sub(r"\\\g<0>", " ".join(f"|{child.text_content}|".split()).strip("|")))
        elif child.tag not in BLOCKS:
            words = _inline(child)
            target = _target(child.attributes.get("href")) if child.tag == "a" else None
            found.append(f"[{words}]({target})" if target and words else words)
    return "".join(found)


def _target(href: str | None) -> str | None:
    """Return the file that a link of a page leads to, as its Markdown has it.

    >>> _target("../../glossary/e1/#m-1"), _target("https://example.org/"), _target("#n-1")
    ('../../glossary/e1/index.md', 'https://example.org/', None)
    """
    parts = urlsplit(href or "")
    if parts.scheme:
        return href
    folder, _, name = parts.path.rpartition("/")
    return f"{folder}/index.md".lstrip("/") if parts.path and name in {"", ".", ".."} else parts.path or None
