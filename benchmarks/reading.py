"""What a page costs a reader: bytes, time to the largest paint and shifts of the layout, on a slow line, in Chromium.

Each page is measured beside its peer: the same words as plain Markdown, built by stock Material without our plugin.
The line is Lighthouse's slow 4G (150 ms, 1.6 Mbit/s) with the processor slowed four times; files are served gzipped.
"""

from __future__ import annotations

import gzip
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from serving import served
from synthetic import names_of_entities, vocabulary, write_archive

from generator.building import build_site
from generator.config import find_archive
from generator.read.seeds import read_seeds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
FIRST = "articles/2025/06/syria-israel-indirect-talks"
LONG = "articles/2030/01/long"
HOVERS = 20
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 93_750}
OBSERVE = """
  window.lcp = 0, window.cls = 0
  new PerformanceObserver(list => { for (const e of list.getEntries()) lcp = e.startTime })
    .observe({type: "largest-contentful-paint", buffered: true})
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) cls += e.value })
    .observe({type: "layout-shift", buffered: true})
"""
HOVER = """
  mention => new Promise(resolve => {
    const start = performance.now()
    const seen = () => document.querySelector(".archive-card:not([hidden])") && resolve(performance.now() - start)
    new MutationObserver(seen).observe(document.body, {childList: true, subtree: true, attributes: true})
    mention.dispatchEvent(new PointerEvent("pointerover", {bubbles: true, pointerType: "mouse"}))
  })
"""


def main() -> None:
    """Print the table of pages and peers, our scripts, and the delays of cards."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        sites = {"own": _copy_own(folder / "own"), "synthetic": _long_article(folder / "synthetic")}
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        print(
            f"{'page':<28} {'HTML gz':>8} {'view gz':>8} {'LCP s':>6} {'CLS':>6}   ratio to the peer's view and LCP"
        )
        for name, article in (("own", FIRST), ("synthetic", LONG)):
            peer = _stock(sites[name], article, folder / f"stock-{name}")
            built = build_site(find_archive(sites[name])).site
            with served(peer) as address:
                plain = _measure(browser, f"{address}plain/")
            with served(built) as address:
                for path in (article, "", "glossary/syria" if name == "own" else "glossary/e0", "browse"):
                    found = _measure(browser, f"{address}{path}/" if path else address)
                    print(
                        f"{path or 'home':<28.28} {found[0]:>8,} {found[1]:>8,} {found[2]:>6.2f} {found[3]:>6.3f}   "
                        f"{found[1] / plain[1]:.2f} {found[2] / plain[2]:.2f}"
                    )
                if name == "own":
                    _print_delays(browser, f"{address}{article}/")
        scripts = sum(
            len(gzip.compress(file.read_bytes(), 9)) for file in (ROOT / "docs/assets").glob("*.js")
        )
        print(f"our scripts, gzipped: {scripts:,} bytes")
        browser.close()


def _copy_own(root: Path) -> Path:
    for name in ("seeds", "docs"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "mkdocs.yml", root)
    return root


def _long_article(root: Path) -> Path:
    """Write an archive with an article of 3,000 words and 80 mentions."""
    write_archive(root, 200, entries=100)
    names = names_of_entities(100)[:80]
    words = vocabulary(random.Random("words"), 5000)
    weights = [1 / (rank + 1) for rank in range(len(words))]
    chance = random.Random("long")
    text = "\n\n".join(f"{name} {' '.join(chance.choices(words, weights, k=36))}." for name in names)
    target = root / "seeds" / f"{LONG}.md"
    target.parent.mkdir(parents=True)
    target.write_text(f"---\ntitle: A long one\ndate: 2030-01-01\nlanguage: en\n---\n{text}\n")
    return root


def _stock(root: Path, article: str, folder: Path) -> Path:
    """Build the words of an article with stock Material and return the site."""
    seeds, _ = read_seeds(find_archive(root))
    text = next(a.text for a in seeds.articles if f"articles/{a.id}" == article)
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "plain.md").write_text(f"# Plain\n\n{text}")
    (folder / "docs" / "index.md").write_text("# Home\n")
    (folder / "mkdocs.yml").write_text("site_name: Peer\ntheme: {name: material, font: false}\n")
    mkdocs_build(load_config(str(folder / "mkdocs.yml"), site_dir=str(folder / "site")))
    return folder / "site"


def _measure(browser: Browser, address: str) -> tuple[int, int, float, float]:
    """Return (HTML, everything fetched before search is used: gzipped bytes; seconds to the LCP; CLS), medians of 3."""
    runs = [_measure_once(browser, address) for _ in range(3)]
    html, view, lcp, cls = (statistics.median(column) for column in zip(*runs, strict=True))
    return int(html), int(view), lcp, cls


def _measure_once(browser: Browser, address: str) -> tuple[int, int, float, float]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", SLOW_4G)
    client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    fetched: dict[str, int] = {}
    urls: dict[str, str] = {}

    def on_response(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["response"]["url"]

    def on_finished(event: dict[str, Any]) -> None:
        fetched[urls.get(event["requestId"], "")] = int(event["encodedDataLength"])

    client.on("Network.responseReceived", on_response)
    client.on("Network.loadingFinished", on_finished)
    page.add_init_script(OBSERVE)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(2500)
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(500)
    lcp, cls = page.evaluate("[lcp, cls]")
    context.close()
    view = sum(fetched.values())
    return fetched[address], view, lcp / 1000, cls


def _print_delays(browser: Browser, address: str) -> None:
    """Print how long after the pointer came a card opens."""
    page: Page = browser.new_page()
    page.goto(address)
    page.locator(".archive-marks").wait_for()
    delays = []
    for number in range(HOVERS):
        delays.append(page.locator("[data-source-text] a.mention").nth(number % 10).evaluate(HOVER))
        page.keyboard.press("Escape")
        page.wait_for_timeout(50)
    print(
        f"card after {min(delays):.0f} to {max(delays):.0f} ms, "
        f"median {statistics.median(delays):.0f} ms, {HOVERS} runs"
    )
    page.close()


if __name__ == "__main__":
    main()
