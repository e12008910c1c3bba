"""`mkdocs serve`: what an editor saves is what the browser shows; a mistake does not take the page away."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from generator.previewing import LARGE
from tests.publishing import HARBOUR, copy_tiny, replace_in

pytestmark = pytest.mark.browser

ACCORD = "seeds/glossary/things/kestrel-accord.md"
SETTLED = 1.5
"""Seconds after which another rebuild would have begun: the watcher looks twice a second."""


class Server:
    """A running `mkdocs serve` and what it says."""

    def __init__(self, root, temporary):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.root, self.address = root, f"http://127.0.0.1:{port}/"
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("mkdocs"), "serve", "--dev-addr", f"127.0.0.1:{port}"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
        )
        self.listener = threading.Thread(target=self._listen)
        self.listener.start()

    def _listen(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_for(self, words, *, start=0):
        """Wait until a line from the given one on holds these words."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if any(words in line for line in self.lines[start:]):
                return
            time.sleep(0.05)
        pytest.fail(f"never said {words!r}: {''.join(self.lines)}")

    def builds(self):
        return sum("Building documentation..." in line for line in self.lines)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(20)
        self.listener.join(20)
        self.process.stdout.close()
        return code


@contextmanager
def serving(config):
    """Serve an archive, with a folder beside it for what is temporary."""
    temporary = config.root.with_name("tmp")
    temporary.mkdir()
    running = Server(config.root, temporary)
    try:
        running.wait_for("Serving on")
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


@pytest.fixture
def large(tmp_path):
    """A server of so many articles that what is edited is shown ahead of all else."""
    config = copy_tiny(tmp_path / "archive")
    for number in range(LARGE):
        text = f"---\ntitle: Note {number}\ndate: 2031-05-02\nlanguage: en\n---\nAda Lindqvist spoke {number} times.\n"
        (config.root / f"seeds/articles/2031/05/note-{number}.md").write_text(text, "utf-8")
    with serving(config) as running:
        yield running


@pytest.fixture
def server(tmp_path):
    config = copy_tiny(tmp_path / "archive")
    folder = config.root / "templates" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "moved.html.j2").write_text(
        '<h1>{{ title }}</h1>\n<p>Moved to <a href="{{ base }}{{ target }}">another place</a></p>\n'
    )
    with serving(config) as running:
        yield running


def index_of(page, address):
    """Wait until the search has an index; return what it says."""
    for _ in range(200):
        answer = page.request.get(f"{address}search/index.json")
        if answer.ok:
            return answer.text()
        time.sleep(0.05)
    return pytest.fail("there is no index")


def test_an_edit_is_found_by_the_search_and_pages_do_not_wait_for_it(server, page):
    before = index_of(page, server.address)
    start = len(server.lines)
    replace_in(server.root / ACCORD, "- fees.", "- zeppelins.")
    server.wait_for("Documentation built", start=start)
    assert index_of(page, server.address) != before
    page.goto(f"{server.address}search/?q=zeppelins")
    page.locator(".archive-hits a").first.click()
    assert "zeppelins" in page.locator("article").inner_text()


def test_each_edit_is_built_once_and_shown_by_the_open_page(server, page):
    edits = [
        (
            "glossary/kestrel-accord/",
            ACCORD,
            "nobody has signed yet",
            "everybody has signed",
            ".archive-lead",
        ),
        ("about/", "docs/about.md", "What this archive is for.", "Why this archive was made.", "article p"),
    ]
    for path, file, old, new, place in edits:
        page.goto(server.address + path)
        expect(page.locator(place).first).to_contain_text(old)
        before = server.builds()
        replace_in(server.root / file, old, new)
        expect(page.locator(place).first).to_contain_text(new, timeout=15_000)
        time.sleep(SETTLED)
        assert server.builds() == before + 1, "".join(server.lines)


def test_an_edit_to_a_template_of_the_archive_is_shown(server, page):
    moved = "glossary/kestrel-port/"
    page.route(
        f"**/{moved}",
        lambda route: route.fulfill(body=unmoving(route.fetch().text()), content_type="text/html"),
    )
    page.goto(server.address + moved)
    expect(page.locator("article p").first).to_contain_text("Moved to another place")
    before = server.builds()
    replace_in(server.root / "templates/pages/moved.html.j2", "Moved to", "Now lives at")
    expect(page.locator("article p").first).to_contain_text("Now lives at another place", timeout=15_000)
    time.sleep(SETTLED)
    assert server.builds() == before + 1, "".join(server.lines)


def unmoving(html):
    """A page that leads on, made to stay."""
    return re.sub('<meta http-equiv="refresh"[^>]*>', "", html)


def test_a_mistake_is_logged_the_last_good_page_stays_and_a_mend_brings_the_page_back(server, page):
    page.goto(f"{server.address}articles/2031/03/harbour-talks/")
    heading = page.locator("h1")
    said = len(server.lines)
    replace_in(
        server.root / HARBOUR,
        "title: Harbour talks *begin* & go on\ndate: 2031-03-14",
        "title: New title\ndate: soon",
    )
    server.wait_for(f"{HARBOUR}:3:7: error[bad-date] 'soon' is not a date", start=said)
    server.wait_for("the last good site stays", start=said)
    expect(heading).to_have_text("Harbour talks *begin* & go on")
    page.reload()
    expect(heading).to_have_text("Harbour talks *begin* & go on")
    page.goto(f"{server.address}glossary/ada-lindqvist/")
    expect(heading).to_have_text("Ada Lindqvist")
    page.goto(f"{server.address}articles/2031/03/harbour-talks/")
    replace_in(server.root / HARBOUR, "date: soon", "date: 2031-03-14")
    expect(heading).to_have_text("New title", timeout=15_000)
    assert not any("Traceback" in line for line in server.lines)


def test_in_a_large_archive_the_edited_page_is_shown_ahead_and_all_else_follows(large, page):
    note = large.root / "seeds/articles/2031/05/note-7.md"
    page.goto(f"{large.address}articles/2031/05/note-7/")
    start = len(large.lines)
    replace_in(note, "spoke 7 times", "spoke of the Kestrel Accord")
    expect(page.locator("[data-source-text]")).to_contain_text("of the Kestrel Accord", timeout=15_000)
    large.wait_for("Documentation built", start=start)
    shown, built = (
        next(place for place, line in enumerate(large.lines[start:]) if words in line)
        for words in ("What was edited is shown", "Documentation built")
    )
    assert shown < built
    other = page.context.new_page()
    other.goto(f"{large.address}glossary/kestrel-accord/")
    expect(other.locator("article")).to_contain_text("Note 7")
    time.sleep(SETTLED)
    assert sum("Building documentation..." in line for line in large.lines[start:]) == 1, "".join(large.lines[start:])


def test_what_an_editor_keeps_for_itself_beside_a_seed_is_no_change(server):
    start = len(server.lines)
    (server.root / HARBOUR).with_name(".harbour-talks.md.swp").write_text("words that are not saved yet")
    time.sleep(SETTLED)
    assert server.lines[start:] == []
    saved = (server.root / HARBOUR).with_name(".harbour-talks.md.new")
    saved.write_bytes((server.root / HARBOUR).read_bytes() + b"\n")
    saved.replace(server.root / HARBOUR)
    server.wait_for("Detected file changes", start=start)


def test_an_interrupt_ends_it_and_leaves_nothing_behind(server):
    assert list((server.root.parent / "tmp").iterdir()) != []
    assert server.stop() == 0
    assert list((server.root.parent / "tmp").iterdir()) == []
    assert not (server.root / "site").exists()
    assert not any("Traceback" in line for line in server.lines)
