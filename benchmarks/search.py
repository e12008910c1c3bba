"""Search at 1,000, 3,000 and 10,000 articles, beside Material's own and beside Pagefind as it comes.

Ours and Material's index the same documents: articles and a quarter as many entries; Pagefind as it comes indexes the
built site, and once more the same documents. Bytes are those of files as served, gzipped;
times to the first result are of a browser with an empty cache, from the last key, and the median of all
queries. The slow line is that of Lighthouse's slow 4G (150 ms, 1.6 Mbit/s), laid by the server, since a browser's own
brake does not reach workers; the page's processor is slowed four times.

    python benchmarks/search.py [ARTICLES …]
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from material.plugins.search.plugin import SearchIndex
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from msgspec.structs import replace
from pagefind_bin import get_executable
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from serving import Line, served
from synthetic import names_of_entities, vocabulary, write_archive

from generator import pipeline
from generator.building import build_site
from generator.config import find_archive
from generator.objects import Objects
from generator.publish.documents import article_document, entry_document, origin_of
from generator.publish.search import make_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from generator.model import Archive
    from generator.publish.documents import Document

SIZES = (1000, 3000, 10_000)
PEER_QUERIES = 3
"""A peer that takes half a minute for each is not asked all of them."""
PATIENCE = 200_000
"""Milliseconds after which no result is waited for."""


@dataclass
class Cost:
    """What it took to make an index, and what there is then."""

    seconds: float = 0
    processor: float = 0
    """Seconds that the processor worked, for this process and its children."""
    peak: float = 0
    """MB that the program and its children had more than before."""
    size: int = 0
    files: int = 0


def main() -> None:
    """Print, for each size, what indexing cost, and what a reader waits for."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                _measure(browser, Path(folder), size)
        browser.close()


def _measure(browser: Browser, folder: Path, size: int) -> None:
    write_archive(folder / "archive", size, size // 4)
    ours, stock = build_site(find_archive(folder / "archive")).site, _stock_shell(folder / "stock")
    archive = pipeline.link(pipeline.annotate(find_archive(folder / "archive")))
    documents = [
        *(article_document(origin_of(article, archive)) for article in archive.articles),
        *map(entry_document, archive.entities.values()),
    ]
    _forget(ours)
    costs = {
        "Pagefind, of the site": _cost(folder / "all", lambda: _run_pagefind(ours, folder / "all")),
        "ours": _cost(ours / "search", lambda: _index(ours, archive, folder / "cache")),
    }
    _forget(ours)
    costs["ours, unchanged"] = _cost(ours / "search", lambda: _index(ours, archive, folder / "cache"))
    _forget(ours)
    changed = _with_a_change(archive)
    costs["ours, one article"] = _cost(ours / "search", lambda: _index(ours, changed, folder / "cache"))
    _write(folder / "documents", documents)
    costs["Pagefind, of ours"] = _cost(
        folder / "same", lambda: _run_pagefind(folder / "documents", folder / "same")
    )
    costs["Material"] = _cost(stock / "search", lambda: _index_with_material(stock, documents))
    print(f"\n{size:,} articles, {size // 4:,} entries")
    print(f"{'':>22} {'s':>7} {'worked':>7} {'to plain':>8} {'to ours':>8} {'peak MB':>8} {'MB':>7} {'files':>7}")
    plain, own = costs["Pagefind, of the site"].processor, costs["ours"].processor
    for name, cost in costs.items():
        print(
            f"{name:>22} {cost.seconds:>7.2f} {cost.processor:>7.2f} {cost.processor / plain:>8.2f} "
            f"{cost.processor / own:>8.2f} {cost.peak:>8.0f} {cost.size / 1e6:>7.1f} {cost.files:>7,}"
        )
    queries = _queries(size // 4)
    few = queries[:: len(queries) // PEER_QUERIES][:PEER_QUERIES]
    print(f"{'':>22} {'line':>8} {'kB before':>10} {'kB to first':>12} {'s to first':>11} {'slowest':>8}")
    for slow in (False, True):
        _print_waits(browser, "ours", ours, queries[:: 2 if slow else 1], slow=slow)
        _print_waits(browser, "Material", stock, few[:1] if slow else few, slow=slow)


def _index(site: Path, archive: Archive, cache: Path) -> None:
    """Make the index of an archive and put it into a site that has none."""
    objects = Objects(cache / "objects")
    for path, name in (make_index(archive, [], cache / "search", objects) or {}).items():
        target = site / "search" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        objects.place(name, target)


def _forget(site: Path) -> None:
    """Take the index out of a site."""
    for path in (site / "search").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    (site / "search" / "index.json").unlink()


def _stock_shell(root: Path) -> Path:
    """Return a site of stock Material with one page."""
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "index.md").write_text("# Home\n")
    (root / "mkdocs.yml").write_text(
        "site_name: Peer\ntheme: {name: material, font: false}\nplugins: [search]\n"
    )
    mkdocs_build(load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site")))
    return root / "site"


def _with_a_change(archive: Archive) -> Archive:
    """Return the archive with another title of an article in the middle of its time."""
    articles = list(archive.articles)
    middle = len(articles) // 2
    changed = articles[middle]
    front_matter = replace(changed.article.front_matter, title="Another title")
    articles[middle] = replace(changed, article=replace(changed.article, front_matter=front_matter))
    return replace(archive, articles=tuple(articles))


def _write(folder: Path, documents: list[Document]) -> None:
    for document in documents:
        file = folder / document.url / "index.html"
        file.parent.mkdir(parents=True)
        file.write_text(_page_of(document))


def _page_of(document: Document) -> str:
    """Return a document as a page of HTML."""
    said = [*(("filter", *facet) for facet in document.facets), *(("meta", *field) for field in document.fields)]
    head = "".join(
        f'<meta data-pagefind-{what}="{name}[content]" content="{escape(value)}">'
        for what, name, value in [*said, ("sort", "date", document.day)]
    )
    return f"<!doctype html><html lang=en><head>{head}</head><body>{_body_of(document)}</body></html>\n"


def _body_of(document: Document) -> str:
    """Return the passages of a document as HTML, with what results lead to."""
    body = []
    for passage in document.passages:
        words = "".join(
            f"<span id={anchor}>{escape(text)}</span>" if anchor else escape(text)
            for anchor, text in passage.pieces
        )
        anchor = f" id={passage.anchor}" if passage.anchor else ""
        body.append(f"<{passage.tag}{anchor}>{words}</{passage.tag}>")
    return "".join(body)


def _run_pagefind(source: Path, bundle: Path) -> None:
    subprocess.run([get_executable(), "--site", source, "--output-path", bundle, "--silent"], check=True)


def _index_with_material(site: Path, documents: list[Document]) -> None:
    """Index with the class by which Material's plugin does it, and its own settings."""
    settings = {"lang": ["en"], "separator": r"[\s\-]+", "pipeline": ["stopWordFilter"]}
    fields = {"title": {"boost": 1e3}, "text": {"boost": 1e0}, "tags": {"boost": 1e6}}
    index = SearchIndex(**settings, fields=fields)
    for document in documents:
        page = SimpleNamespace(meta={}, content=_body_of(document), toc=[], url=document.url, title="")
        index.add_entry_from_context(page)
    (site / "search" / "search_index.json").write_text(index.generate_search_index(None))


def _cost(folder: Path, make: object) -> Cost:
    cost = Cost()
    with _peak(cost):
        start, worked = time.perf_counter(), sum(os.times()[:4])
        make()  # type: ignore[operator]
        cost.seconds, cost.processor = time.perf_counter() - start, sum(os.times()[:4]) - worked
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "index.html"]
    cost.size, cost.files = sum(file.stat().st_size for file in files), len(files)
    return cost


@contextmanager
def _peak(cost: Cost) -> Iterator[None]:
    """Look every 20 ms how much memory this process and its children have."""
    before = _memory()
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            cost.peak = max(cost.peak, (_memory() - before) / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _memory() -> int:
    """Return the resident bytes of this process and its children (Linux)."""
    own, total = os.getpid(), 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if own in (parent, int(process.name)):
                total += int((process / "statm").read_text().split()[1])
        except (OSError, ValueError):
            continue  # it has ended
    return total * os.sysconf("SC_PAGE_SIZE")


def _queries(entries: int) -> list[str]:
    """Return words from the most frequent to the rarest, names of entries, and pairs of words."""
    words = vocabulary(random.Random("words"), 5000)
    names = names_of_entities(entries)
    return [
        *(words[rank] for rank in (0, 3, 10, 30, 100, 300, 1000, 2000, 3000, 4999)),
        *(names[rank] for rank in (0, 3, 10, 50, 100, 240)),
        *(f"{words[rank]} {words[2 * rank]}" for rank in (1, 20, 100, 200)),
    ]


def _print_waits(browser: Browser, name: str, site: Path, queries: list[str], *, slow: bool) -> None:
    waits = [_ask(browser, site, query, slow=slow) for query in queries]
    before = _unused(browser, site)
    after, seconds = (statistics.median(column) for column in zip(*waits, strict=True))
    print(
        f"{name:>22} {'slow 4G' if slow else 'local':>8} {before / 1000:>10,.1f} {after / 1000:>12,.1f} "
        f"{seconds:>11.2f} {max(wait[1] for wait in waits):>8.2f}   {len(queries)} queries"
    )


def _unused(browser: Browser, site: Path) -> int:
    """Return the bytes that search costs a reader who does not search."""
    line = Line()
    with served(site, line) as address:
        page = browser.new_page()
        page.goto(address, wait_until="networkidle", timeout=PATIENCE)
        page.close()
    return sum(size for path, size in line.sent.items() if "search" in path)


def _ask(browser: Browser, site: Path, query: str, *, slow: bool) -> tuple[int, float]:
    """Return the bytes fetched from the first key to the first result, and the seconds between them."""
    line = Line(slow)
    with served(site, line) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        if slow:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(address, wait_until="load", timeout=PATIENCE)
        sent = sum(line.sent.values())
        page.locator("input.md-search__input").click()
        start = time.perf_counter()
        page.locator("input.md-search__input").fill(query)
        page.locator("a.md-search-result__link").first.wait_for(timeout=PATIENCE)
        seconds = time.perf_counter() - start
        after = sum(line.sent.values()) - sent
        context.close()
    return after, seconds


if __name__ == "__main__":
    main()
