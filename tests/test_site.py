"""The tiny archive of tests/site and the whole tree of pages that it must give."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator import pipeline
from generator.config import find_archive
from generator.render.templates import Templates
from tests.publishing import TINY, read_tree

PAGES = Path(__file__).parent / "site" / "pages"


@pytest.fixture(scope="module")
def pages():
    return pipeline.plan(pipeline.link(pipeline.annotate(find_archive(TINY))), "Tiny archive")


@pytest.fixture(scope="module")
def templates():
    return Templates(find_archive(TINY))


def as_file(page, templates):
    """A page as tests/site/pages keeps it: title, description and redirect above the HTML of its content."""
    head = {"title": page.title, "description": page.description, "redirect": page.redirect}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items() if value]
    return "---\n" + "".join(lines) + "---\n" + templates.html(page)


def test_the_tiny_archive_gives_this_tree_of_pages(pages, templates, request):
    found = {f"{page.url}index.html": as_file(page, templates) for page in pages}
    if request.config.getoption("--update-cases", default=False):
        for file in PAGES.rglob("*.html"):
            if file.relative_to(PAGES).as_posix() not in found:
                file.unlink()
        for path, text in found.items():
            (PAGES / path).parent.mkdir(parents=True, exist_ok=True)
            (PAGES / path).write_text(text, encoding="utf-8", newline="\n")
    wanted = {path: data.decode() for path, data in read_tree(PAGES).items()}
    assert sorted(found) == sorted(wanted)
    for path, text in found.items():
        assert text.splitlines() == wanted[path].splitlines(), (
            f"{path}: pytest --update-cases rewrites the tree"
        )


def test_the_tiny_archive_has_no_mistake():
    issues = pipeline.annotate(find_archive(TINY)).issues
    assert [(issue.kind, str(issue.level)) for issue in issues] == [("looks-like-a-tag", "notice")]


def test_pages_are_made_in_the_order_of_their_addresses(pages):
    addresses = [page.src_uri for page in pages]
    assert addresses == sorted(set(addresses))


def test_nothing_of_a_withdrawn_text_but_its_reason_is_told(pages, templates):
    tombstone = templates.html(next(page for page in pages if page.url == "articles/2031/05/taken-down/"))
    assert "The paper took it back" in tombstone
    assert "data-source-text" not in tombstone
