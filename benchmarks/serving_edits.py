"""What an editor waits for: from saving a seed to the new words on the page that is open in Chromium.

And until all else has followed, when the build ends. `mkdocs serve` and `archive serve` of our archive take turns with
`mkdocs serve` of stock Material on the same articles. Also: how many builds an edit causes, which is to be one; what
the watcher takes of a core while nobody edits; and the memory of all processes of a server after the first edit and
after the last. Linux only, as processes.py is.

    python benchmarks/serving_edits.py [--articles N] [--entries N] [--edits N] [--only SERVER]
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from peers import write_stock
from processes import cpu_of, memory_of, quiet, run
from projects import PROGRAMS
from synthetic import write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PATIENCE = 3600
"""Seconds after which no build is waited for."""
IDLE = 10
"""Seconds for which the watcher is left alone."""


@dataclass(frozen=True)
class Served:
    """A site that a command serves while one of its articles is edited."""

    command: list[str | Path]
    """Without the address, which comes last."""
    root: Path
    article: Path
    """Below `root`."""
    path: str
    """Of the article's page."""


def main() -> None:
    """Print a line for each server."""
    parser = argparse.ArgumentParser(description="Time edits of served sites.")
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--entries", type=int, default=500)
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--only", default="", help="serve only where the name of a line begins so: ours")
    wanted = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # else a background job hands on that it is ignored
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        sites = _prepare(Path(folder), wanted.articles, wanted.entries)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        print(f"{wanted.articles:,} articles, {wanted.entries:,} entries, medians of {wanted.edits} edits")
        print(
            f"{'':24} {'s to serve':>10} {'s to see':>9} {'slowest':>8} {'s for all':>10} {'builds an edit':>15} "
            f"{'idle CPU':>9} {'MB after 1':>11} {f'MB after {wanted.edits}':>13}"
        )
        for name, site in sites.items():
            if name.startswith(wanted.only):
                print(f"{name:24} {_measure(browser, site, wanted.edits)}", flush=True)
        browser.close()


def _prepare(folder: Path, articles: int, entries: int) -> dict[str, Served]:
    """Write an archive and, from its site, the same pages for stock Material."""
    root, peer = folder / "archive", folder / "stock"
    write_archive(root, articles, entries)
    run([PROGRAMS / "archive", "build", "--archive", root], folder)
    write_stock(root / "site", peer, "bare entries")
    seed = sorted((root / "seeds" / "articles").rglob("*.md"))[articles // 2].relative_to(root)
    address = seed.relative_to("seeds").with_suffix("")
    mkdocs = [PROGRAMS / "mkdocs", "serve", "--dev-addr"]
    page = Path("docs", address, "index.md")
    return {
        "ours, mkdocs serve": Served(mkdocs, root, seed, f"{address}/"),
        "ours, archive serve": Served([PROGRAMS / "archive", "serve", "--address"], root, seed, f"{address}/"),
        "stock, mkdocs serve": Served(mkdocs, peer, page, f"{address}/"),
    }


class Server:
    """A command that serves a site, and what it has said in a file."""

    def __init__(self, site: Served, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{free.getsockname()[1]}"
        self.address, self._log = f"http://{host}/", log
        with log.open("w") as said:
            self.process = subprocess.Popen(
                [*site.command, host], cwd=site.root, stdout=said, stderr=said, env=quiet(), start_new_session=True
            )

    def builds(self) -> int:
        """Return how often it has built so far."""
        return self._log.read_text("utf-8").count("Building documentation...")

    def wait_for_build(self, number: int) -> None:
        """Wait until so many builds have ended."""
        end = time.monotonic() + PATIENCE
        while self._log.read_text("utf-8").count("Documentation built in") < number and time.monotonic() < end:
            time.sleep(0.02)

    def wait(self) -> None:
        """Wait until it serves.

        Raises:
            SystemExit: it has ended, or takes too long; says what it said.
        """
        end = time.monotonic() + PATIENCE
        while "Serving on" not in self._log.read_text("utf-8"):
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"nothing is served\n{self._log.read_text('utf-8')[-2000:]}")
            time.sleep(0.05)

    def rest(self) -> None:
        """Wait until what it does besides serving is done: two seconds of little work.

        So a second build for one edit is seen, too: the watcher looks twice a second.
        """
        quiet_seconds = 0
        while quiet_seconds < 2:
            before = cpu_of(self.process.pid)
            time.sleep(1)
            quiet_seconds = quiet_seconds + 1 if cpu_of(self.process.pid) - before < 0.5 else 0

    def idle_share(self) -> float:
        """Return the share of a core that it takes while nobody asks for anything."""
        before = cpu_of(self.process.pid)
        time.sleep(IDLE)
        return (cpu_of(self.process.pid) - before) / IDLE

    def memory(self) -> float:
        """Return the MB that it uses now."""
        used = memory_of({self.process.pid})
        return (used.peak + used.pagefind) / 1e6

    def stop(self) -> None:
        """Interrupt it as its user would; what is still there after 20 seconds is killed."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def _serving(site: Served) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(site, Path(folder) / "log")
        try:
            yield server
        finally:
            server.stop()


def _measure(browser: Browser, site: Served, edits: int) -> str:
    """Serve a site, edit an article of it while its page is open, and return the columns of a line."""
    seed = site.root / site.article
    before, waits, ends, builds, memory = seed.read_text("utf-8").rstrip(), [], [], [], []
    start = time.perf_counter()
    with _serving(site) as server:
        server.wait()
        to_serve = time.perf_counter() - start
        server.rest()
        idle = server.idle_share()
        page = browser.new_page()
        page.goto(server.address + site.path)
        for number in range(1, edits + 1):
            words, built, start = f"Edit {number} is seen.", server.builds(), time.perf_counter()
            seed.write_text(f"{before}\n\n{words}\n", "utf-8")
            page.get_by_text(words).first.wait_for(timeout=PATIENCE * 1000)
            waits.append(time.perf_counter() - start)
            server.wait_for_build(built + 1)
            ends.append(time.perf_counter() - start)
            server.rest()
            builds.append(server.builds() - built)
            memory.append(server.memory())
        page.close()
    seed.write_text(f"{before}\n", "utf-8")
    return (
        f"{to_serve:>10.1f} {statistics.median(waits):>9.2f} {max(waits):>8.2f} {statistics.median(ends):>10.2f} "
        f"{f'{min(builds)} to {max(builds)}':>15} {idle:>9.1%} {memory[0]:>11,.0f} {memory[-1]:>13,.0f}"
    )


if __name__ == "__main__":
    main()
