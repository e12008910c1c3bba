"""Live: what `mkdocs serve` shows, from one build to the next in the same process.

An editor waits for the page, not for the search: that is made while the pages are served already. Where only seeds
have changed, MkDocs is not asked again; in a large archive, the pages of edited articles are shown ahead of all others.
"""

from __future__ import annotations

import gc
import shutil
import threading
import time
from contextlib import ExitStack, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from generator.issues import ArchiveError, UnwantedError
from generator.previewing import preview_of
from generator.progress import Progress
from generator.publish.reporting import log
from generator.publish.swap import lock
from generator.renewing import build_beside
from generator.store import edition
from generator.unchanged import Built, compare, look_again, look_at, look_at_site, only_seeds, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config import ArchiveConfig
    from generator.pipeline import Annotated
    from generator.previewing import Preview
    from generator.publish.assembling import Assembly
    from generator.publish.frame import Frame
    from generator.publish.serving import Browsers
    from generator.unchanged import Seen

OFTEN = 3
"""Builds that are given up one after the other, for somebody who goes on editing."""


class Live:
    """The pages that one `mkdocs serve` shows."""

    def __init__(self) -> None:
        self._serving = ExitStack()
        """As long as they are shown: removes their folder, and lets go of it."""
        self._indexing = ExitStack()
        """While their index is made: tells it to stop, and waits until it has."""
        self._folder: Path | None = None
        self._roots: tuple[Path, ...] = ()
        self._inputs: dict[str, Seen] = {}
        self._last: Built | None = None
        self._frame: Frame | None = None
        self._annotated: Annotated | None = None
        self._preview: Preview | None = None
        self._unindexed: tuple[Assembly, tuple[tuple[str, str], ...]] | None = None
        """The site that is shown, and its hand-written pages, while its index is not finished."""
        self._given_up = 0
        """How many builds, one after the other."""

    def folder(self, cache: Path) -> Path:
        """Return a folder that no other `mkdocs serve` serves from; it is there as long as this one runs."""
        for number in count(1) if self._folder is None else ():
            folder = cache / f"served-{number}"
            with suppress(ArchiveError):
                self._serving.enter_context(lock(folder))
                self._serving.callback(shutil.rmtree, folder, ignore_errors=True)
                self._folder = folder
                break
        assert self._folder is not None
        return self._folder

    def begin(self, config: ArchiveConfig, roots: Iterable[Path]) -> None:
        """Begin a build of an archive by MkDocs, which reads what lies in these places."""
        self.stop_indexing()
        self._config, self._roots, self._last = config, tuple(roots), None
        self._inputs = look_at(self._roots)

    def show(
        self,
        assembly: Assembly,
        annotated: Annotated,
        frame: Frame | None,
        hand_written: tuple[tuple[str, str], ...] | None,
        held: ExitStack,
    ) -> None:
        """Take a site that was put in place, and let its index be made.

        Args:
            assembly: the site.
            annotated: the articles that it was made of.
            frame: what it was built beside; None where it takes more than seeds to build it anew.
            hand_written: see `Assembly.add_search`; None where there is no index.
            held: the right to build.
        """
        assert self._folder is not None
        outputs = look_at_site(self._folder, assembly.site, assembly.states)
        roots, folder = tuple(map(str, self._roots)), str(self._folder)
        self._last = Built(edition(), (), roots, look_again(self._inputs), folder, folder, outputs, ())
        self._frame = frame if roots else None  # without, nobody knows all that was read
        self._given_up = 0
        self._annotated = annotated if self._frame else None
        self._preview = preview_of(self._config, self._frame, assembly, annotated.usage) if self._frame else None
        self._unindexed = None
        if hand_written is not None:
            self._index(assembly, hand_written, held.pop_all())

    def _index(
        self, assembly: Assembly, hand_written: tuple[tuple[str, str], ...], held: ExitStack
    ) -> None:
        unwanted = threading.Event()
        self._unindexed = assembly, hand_written

        def index() -> None:
            with held:
                try:
                    assembly.add_search(hand_written, unwanted.is_set)
                    if not unwanted.is_set():
                        assembly.publish()
                        self._unindexed = None
                except (ArchiveError, OSError) as error:
                    log.error("the search index is not made: %s", error)

        thread = threading.Thread(target=index, name="search index")
        thread.start()
        self._indexing.callback(thread.join)
        self._indexing.callback(unwanted.set)

    def renew(self, browsers: Browsers) -> bool:
        """Build the site anew without MkDocs; False where that has to do it.

        Where something is shown ahead and more is edited meanwhile, the build is given up: the next one does it all.

        Args:
            browsers: are told of what is shown ahead.

        Raises:
            ArchiveError: the build stopped.
        """
        try:
            return self._renew(browsers)
        finally:
            gc.collect()  # what templates leave refers to itself, and to all that they showed

    def _renew(self, browsers: Browsers) -> bool:
        last, frame = self._last, self._frame
        if last is None or frame is None:
            return False
        compared = compare(last)
        if not compared.changed or not only_seeds(self._config, last, compared.changed):
            return False
        log.info("Building documentation...")
        start = time.perf_counter()
        self.stop_indexing()
        progress = Progress(log.info)
        if self._preview and self._preview.show(compared.changed, Path(last.site)):
            log.info("What was edited is shown after %.2f seconds; all else follows", time.perf_counter() - start)
            browsers.show()
            progress = Progress(log.info, go_on=partial(self._go_on, browsers))
        try:
            if not self._build(frame, Path(last.site), compared.inputs, progress):
                return False
        except UnwantedError:
            self._given_up += 1
            log.info("More was edited: all else follows later")
            return True
        browsers.end()
        log.info("Documentation built in %.2f seconds", time.perf_counter() - start)
        return True

    def _go_on(self, browsers: Browsers) -> None:
        """Give a build up where another one waits; but all else has to be shown some time.

        Raises:
            UnwantedError: one waits.
        """
        if self._given_up < OFTEN and browsers.has_change_waiting():
            raise UnwantedError

    def _build(self, frame: Frame, site: Path, inputs: dict[str, Seen], progress: Progress) -> bool:
        """Build the site beside a frame and show it; False where it does not go into that."""
        assert self._last is not None
        with ExitStack() as held:
            place, index = (site, states_of(self._last)), not frame.search
            known = self._annotated
            built = build_beside(frame, self._config, place, progress, held, former=known, index=index)
            if built is None:
                return False
            self._inputs = inputs
            self.show(*built, frame, frame.written.hand_written if frame.search else None, held)
        return True

    def restore(self, browsers: Browsers) -> None:
        """Show the last whole site again after a build that has failed, and finish its index.

        Args:
            browsers: are told where something was shown ahead.
        """
        self.stop_indexing()
        if self._preview and self._preview.ahead and self._folder:
            self._preview.take_back(self._folder)
            log.info("What was shown ahead of the build is taken back")
            browsers.end()
        if self._unindexed:
            with ExitStack() as held:
                held.enter_context(self._unindexed[0])
                self._index(*self._unindexed, held.pop_all())

    def stop_indexing(self) -> None:
        """Stop the making of an index that nobody needs any more, and wait until that has ended."""
        self._indexing.close()

    def close(self) -> None:
        """Stop, and remove the folder."""
        self._indexing.close()
        self._serving.close()
