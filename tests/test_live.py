"""What a server shows: first what was edited, then all else; after a failure, the last site."""

# ruff: noqa: SLF001 - what MkDocs keeps of builds has no other names

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import threading
from contextlib import ExitStack
from itertools import pairwise

import pytest
from jinja2.runtime import Context
from mkdocs.livereload import LiveReloadServer

from generator import pipeline, previewing
from generator.building import build_site
from generator.config import find_archive
from generator.issues import ArchiveError
from generator.live import OFTEN, Live
from generator.publish.assembling import Assembly
from generator.publish.frame import decode_frame
from generator.publish.serving import Browsers
from tests.publishing import HARBOUR, copy_tiny, differing, environment_kept, read_tree, replace_in

ARTICLE = "seeds/articles/2031/03/quay.md"
PAGE = "articles/2031/03/quay/index.html"
LIST = "articles/index.html"
TEXT = "---\ntitle: The quay\ndate: 2031-03-20\nlanguage: en\n---\nAda Lindqvist spoke.\n"


class Server:
    """What `mkdocs serve` has, but for the sockets."""

    def __init__(self, config):
        self.root = config.root
        self.live, self.http = Live(), LiveReloadServer(lambda: None, "127.0.0.1", 0, str(config.root))
        self.browsers = Browsers(self.http)
        with environment_kept():
            run = build_site(config).run
        self.folder = self.live.folder(config.cache)
        self.live.begin(config, run.roots)
        annotated, frame = pipeline.annotate(config), decode_frame(run.frame)
        with ExitStack() as held:
            assembly = held.enter_context(Assembly(config, run.assembly.archive, self.folder, {}))
            assembly.site, assembly.verified = run.assembly.site, run.assembly.verified
            assembly.publish()
            self.live.show(assembly, annotated, frame, frame.written.hand_written, held)
        self.wait_for_index()

    def save(self, path, old, new):
        replace_in(self.root / path, old, new)
        self.http._wanted_epoch += 1000  # as the server does before it builds

    def renew(self, *, waiting=False):
        self.http._want_rebuild = waiting
        assert self.live.renew(self.browsers)

    def wait_for_index(self):
        for thread in threading.enumerate():
            if thread.name == "search index":
                thread.join()

    def page(self, path):
        return (self.folder / path).read_text("utf-8")

    @property
    def shown(self):
        """Which page browsers are told to show, and which one they wait for."""
        return self.http._visible_epoch, self.http._wanted_epoch


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setattr(previewing, "LARGE", 1)
    config = copy_tiny(tmp_path / "archive")
    (config.root / ARTICLE).write_text(TEXT, "utf-8")
    running = Server(config)
    yield running
    running.live.close()
    running.http.server_close()


def test_all_else_follows_what_is_shown_ahead_and_browsers_are_told_of_both(server):
    server.save(ARTICLE, "The quay", "Another quay")
    wanted = server.http._wanted_epoch
    server.renew()
    assert server.shown == (wanted, wanted + 1)
    assert "Another quay" in server.page(PAGE)
    assert "Another quay" in server.page(LIST)


def test_a_build_is_given_up_where_more_was_edited_and_the_next_one_does_it_all(server):
    server.save(ARTICLE, "The quay", "Another quay")
    server.renew(waiting=True)
    assert "Another quay" in server.page(PAGE)
    assert "Another quay" not in server.page(LIST)
    assert server.shown == (server.http._wanted_epoch,) * 2
    server.save("seeds/articles/2031/04/arabic.md", "language: ar", "language: ar\ntopics: [trade]")
    server.renew()
    assert "Another quay" in server.page(LIST)


def test_who_goes_on_editing_is_shown_all_else_sometimes(server):
    for number in range(OFTEN):
        server.save(ARTICLE, "spoke", f"spoke {number}")
        server.renew(waiting=True)
        assert "spoke" in server.page(PAGE)
    server.save(ARTICLE, "The quay", "Another quay")
    server.renew(waiting=True)
    assert "Another quay" in server.page(LIST)
    server.save(ARTICLE, "Another quay", "A third quay")
    server.renew(waiting=True)
    assert "A third quay" not in server.page(LIST)


def test_after_a_failed_build_the_last_whole_site_is_shown_again(server):
    before = read_tree(server.folder)
    server.save(ARTICLE, "The quay", "Another quay")
    server.renew(waiting=True)
    server.save(HARBOUR, "date: 2031-03-14", "date: soon")
    with pytest.raises(ArchiveError, match="the last good site stays"):
        server.renew()
    server.live.restore(server.browsers)
    assert read_tree(server.folder) == before
    assert server.shown[1] > server.shown[0]
    server.save(HARBOUR, "date: soon", "date: 2031-03-14")
    server.renew()
    assert "Another quay" in server.page(LIST)


def test_after_a_failed_build_the_search_of_the_last_site_is_finished(server):
    server.save(ARTICLE, "The quay", "Another quay")
    server.renew()
    server.live.stop_indexing()  # as the next build does
    server.save(HARBOUR, "date: 2031-03-14", "date: soon")
    with pytest.raises(ArchiveError, match="the last good site stays"):
        server.renew()
    server.live.restore(server.browsers)
    server.wait_for_index()
    served = read_tree(server.folder)
    replace_in(server.root / HARBOUR, "date: soon", "date: 2031-03-14")
    with environment_kept():
        assert differing(served, read_tree(build_site(find_archive(server.root)).site)) == []


def test_what_a_former_build_showed_is_let_go_of(server):
    counts = []
    gc.disable()
    try:
        for old, new in pairwise(["spoke", "spoke again", "spoke at last", "was heard"]):
            server.save(ARTICLE, old, new)
            server.renew()
            server.wait_for_index()
            counts.append(sum(isinstance(one, Context) for one in gc.get_objects()))
    finally:
        gc.enable()
    assert counts[0] == counts[1] == counts[2]


ARENAS = """
import ctypes, threading
from generator.publish.serving import keep_memory_together
keep_memory_together()
all_there = threading.Barrier(9)
def take():
    taken = [bytes(5000) for _ in range(100)]
    all_there.wait()
    all_there.wait()
for _ in range(8):
    threading.Thread(target=take).start()
all_there.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
all_there.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other systems have one place for all threads")
def test_threads_of_a_server_take_their_memory_from_the_same_places():
    said = subprocess.run([sys.executable, "-c", ARENAS], check=True, capture_output=True, text=True)
    assert 1 <= said.stdout.count("<heap nr=") <= 2
