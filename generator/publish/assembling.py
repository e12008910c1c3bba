"""Assembling: a site is put together of what MkDocs wrote, the pages, the search index and the sitemap.

All of it is kept as objects first; the folder that takes the place of the published one is laid out from these. What
was published before is the beginning of the next folder: most of its files are in that, too.

What makes and verifies pages is loaded by the functions that need it, while the search index is being made.
"""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Self

from generator.issues import ArchiveError
from generator.objects import Objects
from generator.publish.frame import Written
from generator.publish.search import make_index
from generator.publish.sitemap import sitemaps
from generator.publish.swap import lock, put_in_place, recover, staging_folder
from generator.publish.tree import clear_out, lay_out
from generator.records import Records
from generator.store import lock_of, remove
from generator.workers import count_jobs, taking_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from generator.config import ArchiveConfig
    from generator.model import Archive, Page
    from generator.objects import State
    from generator.progress import Progress
    from generator.publish.links import Verified
    from generator.publish.making import Surroundings
    from generator.publish.verify import Fault


class Assembly:
    """A site while it is put together. Only one at a time has the archive's cache."""

    def __init__(
        self, config: ArchiveConfig, archive: Archive, published: Path, known: Mapping[str, State]
    ) -> None:
        """Take what the site is made from.

        Args:
            config: the archive.
            archive: its articles and entries.
            published: where the site goes; hold the lock of it.
            known: the states in which the files of the last site were left, by their digests.
        """
        self._config, self._published, self._known = config, published, known
        self.archive = archive
        """What it shows."""
        self.work = config.cache / "mkdocs"
        """Where MkDocs writes."""
        self.site: dict[str, str] = {}
        """The digest of each file by its path below the site."""
        self.verified: dict[str, Verified] = {}
        """What is known of each page, by the same path."""
        self._spare = config.cache / "spare"
        self._held = ExitStack()
        """What ends before the right to build does."""
        self._finish_search: Callable[[], object] = lambda: None
        """Makes the search index, or waits until it is made; does nothing where none is wanted."""
        self._urls: list[str] = []
        """Addresses of the pages that were not made from seeds."""
        self._texts = {
            f"articles/{a.article.id}/index.html": a.article.text
            for a in archive.articles
            if not a.article.front_matter.withdrawn
        }

    def __enter__(self) -> Self:
        """Wait until no other build of the archive runs, and finish what a killed one left."""
        recover(self._published)
        self._lock = lock_of(self._config.cache / ".lock")
        self._lock.acquire()
        _cut_links(self._config.cache)
        remove(self.work)  # MkDocs leaves what begins with a dot, and all of it to a build that is `--dirty`
        for left in self._config.cache.glob("served-*"):
            with suppress(ArchiveError), lock(left):  # by a server that was killed
                remove(left)
        self._objects = Objects(self._config.cache / "objects", self._known)
        self._records = Records(self._config.cache / "pages.db")
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()  # first: nobody else may have the cache while the index is still being made
        self._records.close()
        self._lock.release()
        recover(self._published)

    def take(self, hand_written: Iterable[tuple[str, str]]) -> Written:
        """Return what MkDocs wrote, verified and kept.

        Args:
            hand_written: (address, file), below the site, of the pages that were not made from seeds.
        """
        from generator.publish.making import expected_of  # noqa: PLC0415 - see above
        from generator.publish.verify import verify_page  # noqa: PLC0415

        files: dict[str, str] = {}
        pages: dict[str, Verified] = {}
        for file in sorted(self.work.rglob("*")):
            if file.is_file():
                path, content = file.relative_to(self.work).as_posix(), file.read_bytes()
                files[path] = self._objects.add(content)
                if path.endswith(".html"):
                    wanted = expected_of(None, self._texts.get(path))
                    pages[path] = verify_page(path, content.decode(), wanted)
        files.pop("sitemap.xml", None)  # ours takes its place
        remove(self.work)
        return Written(files, pages, tuple(hand_written))

    def has(self, written: Written) -> bool:
        """Tell whether what MkDocs wrote is still kept, whole."""
        return all(map(self._objects.is_whole, written.files.values()))

    def begin(self, written: Written, *, search: bool) -> None:
        """Begin with what MkDocs wrote, and with the search index where there are processes to make it beside the rest.

        Args:
            written: what MkDocs wrote.
            search: whether the search index is made at once.
        """
        self.site |= written.files
        self.verified |= written.pages
        self._urls = [url for url, _ in written.hand_written]
        if search and count_jobs() == 1:
            self._finish_search = partial(self.add_search, written.hand_written)
        elif search:
            unwanted = threading.Event()
            self._held.enter_context(taking_turns())
            beside = self._held.enter_context(ThreadPoolExecutor(1))
            self._held.callback(unwanted.set)  # before the thread is waited for
            self._finish_search = beside.submit(self.add_search, written.hand_written, unwanted.is_set).result

    def complete(
        self, pages: Sequence[Page], theme: Surroundings, progress: Progress, *, site_url: str | None
    ) -> list[Fault]:
        """Put the site together and return everything that is wrong with it; nothing means that it may be published.

        Args:
            pages: all generated pages.
            theme: what stands around these.
            progress: is told of the stages.
            site_url: where the site is published.

        Raises:
            ArchiveError: a page template of the archive cannot be used.
            SiteError: Pagefind is not there, or failed.
        """
        from generator.publish.making import Maker  # noqa: PLC0415 - see above

        self._pages = pages  # all that the site is made of stays together; see BuiltSite.run
        for path, content in sitemaps(site_url, [*(page.url for page in pages), *self._urls]).items():
            self.site[path] = self._objects.add(content)
        with progress.stage("pages", len(pages)) as advance:
            maker = Maker(self._config, theme, self._records, self._objects)
            for path, made in maker.make(pages, self._texts, advance).items():
                self.site[path], self.verified[path] = made.name, made.verified
        with progress.stage("search"):
            self._finish_search()
        with progress.stage("verify"):
            return self.faults(page.path for page in pages if page.redirect)

    def add_search(
        self, hand_written: Iterable[tuple[str, str]], unwanted: Callable[[], bool] = lambda: False
    ) -> None:
        """Add the search index.

        Args:
            hand_written: (address, file), below the site, of the pages that were not made from seeds.
            unwanted: tells that nobody needs the index any more.

        Raises:
            SiteError: Pagefind is not there, or failed.
        """
        pages = [(url, self._html(path)) for url, path in sorted(hand_written) if path in self.site]
        index = make_index(self.archive, pages, self._config.cache / "search", self._objects, unwanted)
        self.site |= {f"search/{path}": name for path, name in (index or {}).items()}

    def forget_search(self) -> None:
        """Throw the pieces of an index away: nobody renews them, and a text may be withdrawn."""
        remove(self._config.cache / "search")

    def faults(self, redirects: Iterable[str]) -> list[Fault]:
        """Return everything that is wrong with the site, given the pages that lead on to another."""
        from generator.publish.verify import Fault, verify_census, verify_links  # noqa: PLC0415 - see above

        articles = (f"articles/{a.article.id}/index.html" for a in self.archive.articles)
        entries = (f"glossary/{entity_id}/index.html" for entity_id in self.archive.entities)
        return [
            *verify_census(self.verified, {*articles, *entries, *redirects}),
            *(Fault(path, message) for path, page in self.verified.items() for message in page.faults),
            *verify_links(self.verified, self.site.keys() - self.verified.keys(), self._html),
        ]

    def _html(self, path: str) -> str:
        return (self._objects.read(self.site[path]) or b"").decode()

    @property
    def states(self) -> dict[str, State]:
        """The states in which the files of some digests are known to be in the published site."""
        return self._objects.states

    def publish(self, *, complete: bool = True) -> None:
        """Put the site in the place of the published one, whole.

        What was there is kept for the next site, as far as the system can move it; objects that are no part of the
        site are thrown away where it is complete.
        """
        staged = staging_folder(self._published)
        if not (self._spare.is_dir() and _moved(self._spare, staged)):
            remove(self._spare)

        def retire(former: Path) -> None:
            clear_out(self.site, former, self._objects)  # what was withdrawn must be nowhere any more
            if not _moved(former, self._spare):
                shutil.rmtree(former)

        lay_out(self.site, staged, self._objects)
        put_in_place(staged, self._published, retire)
        if complete:
            self._objects.keep_only(self.site.values())


def _cut_links(cache: Path) -> None:
    """Take links away from where folders belong that are cleared out: what lies where they lead is not ours."""
    for pattern in ("objects", "search", "spare", "objects/??"):
        for place in cache.glob(pattern):
            if place.is_symlink():
                place.unlink()


def _moved(folder: Path, target: Path) -> bool:
    """Move a folder; False where the system cannot, as to another file system."""
    try:
        folder.rename(target)
    except OSError:
        return False
    return True
