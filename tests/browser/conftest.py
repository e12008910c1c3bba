"""A real Chromium, sites built by real MkDocs, and a server that puts them below a path of a host."""

from __future__ import annotations

import http.server
import shutil
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from generator.config import find_archive
from generator.publish import search
from tests.browser.names_archive import write_names_archive
from tests.conftest import article_seed, entry_seed, write_seed
from tests.publishing import build, copy_own, copy_tiny

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "/some/sub/path/"

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell's background job ignores interrupts and hands that on to the servers that the tests stop with one
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def serving(folder: Path, prefix: str = PREFIX):
    """Serve a folder below a path of a host on 127.0.0.1, and nothing else there; yield its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            if not urlsplit(path).path.startswith(prefix):
                return str(folder / "there is no such file")
            return super().translate_path(path[len(prefix) - 1 :])

        def log_message(self, *_: object) -> None:
            pass

        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Site:
    """A site that is being served."""

    folder: Path
    address: str

    @property
    def pages(self) -> list[str]:
        """The paths of all its pages."""
        return sorted(
            file.relative_to(self.folder).as_posix().removesuffix("index.html")
            for file in self.folder.rglob("*.html")
        )


@pytest.fixture(scope="session")
def own_site(tmp_path_factory):
    """The site of the project's own seeds."""
    folder = build(copy_own(tmp_path_factory.mktemp("own") / "archive"))
    with serving(folder) as address:
        yield Site(folder, address)


@pytest.fixture(scope="session")
def tiny_site(tmp_path_factory):
    """The site of the tiny archive in tests/site."""
    folder = build(copy_tiny(tmp_path_factory.mktemp("tiny") / "archive"))
    with serving(folder) as address:
        yield Site(folder, address)


@pytest.fixture(scope="session")
def full_site(tmp_path_factory):
    """A site of 170 articles of two years and four people, so that lists have further pages and pairs a page."""
    root = tmp_path_factory.mktemp("full")
    for name in ("Ada", "Bo", "Cy", "Di"):
        write_seed(root, f"seeds/glossary/{name.lower()}.md", entry_seed(name=name, kind="person"))
    treaty = entry_seed(name="Kestrel Treaty", kind="agreement", date="2029-05")
    write_seed(root, "seeds/glossary/kestrel-treaty.md", treaty)
    for number in range(170):
        text = (
            f"Ada met Bo about the Kestrel Treaty. Ada saw Cy {number} times.\n\nDi slept, and Ada did not."
        )
        day = f"{2031 - number // 160}-{1 + number % 12:02}-01"
        write_seed(
            root, f"seeds/articles/a{number:03}.md", article_seed(text, date=day, title=f"News {number}")
        )
    (root / "mkdocs.yml").write_text("site_name: Full\ntheme: {name: material}\nplugins: [news-archive]\n")
    with serving(build(find_archive(root))) as address:
        yield Site(root / "site", address)


@pytest.fixture(scope="session")
def names_site(tmp_path_factory):
    """A site of names in many scripts, whose search index has several shards."""
    config = write_names_archive(tmp_path_factory.mktemp("names"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "SMALLEST", 8)
        folder = build(config)
    assert len(list(folder.glob("search/*/pagefind-entry.json"))) > 3
    with serving(folder) as address:
        yield Site(folder, address)


@pytest.fixture(params=["own_site", "tiny_site"])
def site(request):
    """Each of the two sites."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests; each opens windows of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a window did that a reader does not see."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings on the console, exceptions of scripts, failed requests, dialogs."""

    def attach(self, page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        page.on("console", self._console)
        page.on("dialog", self._dialog)
        page.on("requestfailed", self._failed)

    def _console(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text} {message.location}")

    def _dialog(self, dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _failed(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a reader who clicks on before all is loaded
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def outside(self, origin: str) -> list[str]:
        """Return the requests that left the origin."""
        host = urlsplit(origin).netloc
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != host
        ]


@contextmanager
def window(chromium, **options):
    """Open a window; yield its page and the watch over it."""
    context = chromium.new_context(**options)
    context.set_default_timeout(10_000)
    watch = Watch()
    try:
        page = context.new_page()
        watch.attach(page)
        yield page, watch
    finally:
        context.close()


@pytest.fixture
def page(chromium):
    """A window of a usual size; afterwards nothing may have gone wrong behind the reader's back."""
    with window(chromium, viewport={"width": 1280, "height": 800}) as (opened, watch):
        yield opened
        assert watch.complaints == []
        assert len({urlsplit(url).netloc for url in watch.requests if urlsplit(url).scheme == "http"}) <= 1
        assert [url for url in watch.requests if urlsplit(url).scheme not in {"http", "data", "blob"}] == []


@pytest.fixture(scope="session")
def window_of():
    """How to open a window of another kind."""
    return window


@pytest.fixture(scope="session")
def site_at():
    """How to serve a folder as a site."""

    @contextmanager
    def serve(folder: Path, prefix: str = PREFIX):
        with serving(folder, prefix) as address:
            yield Site(folder, address)

    return serve
