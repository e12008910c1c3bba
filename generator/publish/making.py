"""Making: how planned pages become files, each verified; what was made and verified before is not made again.

A page is a function of its view, its templates and its shell, and what must hold of it is one of its seed. What stands
for all of these is the key under which the digest of the finished file is kept, with what the page offers to links and
what its own need.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec import Struct

from generator.objects import Objects
from generator.publish.links import Verified  # noqa: TC001 - what decodes a page looks up its types
from generator.publish.shells import fill, headings_of
from generator.publish.verify import Expected, verify_page
from generator.read.blocks import words_without_marks
from generator.render.pages import decode, encode, identify
from generator.render.templates import Templates
from generator.store import digest
from generator.workers import share, without_collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.config import ArchiveConfig
    from generator.model import Page
    from generator.publish.shells import Filled, Heading, Shell
    from generator.records import Records

_AT_ONCE = 1000
"""Pages that are looked up, and results that are kept, together."""


class Surroundings(Protocol):
    """A theme, or what is known of it."""

    def shell(self, page: Page) -> tuple[Shell | None, bytes]:
        """Return the shell of a page, the same one for all that share it, and what stands for it.

        None, and what stands for the theme, where only `render` can make the page.
        """

    def render(self, page: Page, content: str, headings: Sequence[Heading]) -> str:
        """Return a whole page as the theme itself renders it."""


class Made(Struct, frozen=True):
    """A finished page."""

    name: str
    """The object that holds it."""
    verified: Verified


class _Planned(Struct, frozen=True):
    """A page that is not finished yet."""

    page: Page
    text: str | None
    """That it shows, word for word; None for none."""
    key: bytes
    shell: Shell | None


_TO_BYTES = msgspec.msgpack.Encoder()
_TO_MADE = msgspec.msgpack.Decoder(Made)


class Maker(Struct, frozen=True):
    """Makes the pages of one site."""

    config: ArchiveConfig
    theme: Surroundings
    records: Records
    objects: Objects

    @without_collector()
    def make(
        self,
        pages: Sequence[Page],
        texts: Mapping[str, str],
        advance: Callable[[int], None] = lambda _: None,
    ) -> dict[str, Made]:
        """Return each page, finished and verified, by its path below the site.

        Args:
            pages: all generated pages of the site.
            texts: what a page must show word for word, by its path.
            advance: is told how many pages more are finished.

        Raises:
            ArchiveError: a template of the archive cannot be used.
        """
        templates = Templates(self.config)
        made: dict[str, Made] = {}
        keys: list[bytes] = []
        new: dict[bytes, bytes] = {}
        missing = self._missing(pages, (texts, templates.digest), made, keys, advance)
        shells = {id(shell): shell for page in pages if (shell := self.theme.shell(page)[0]) is not None}
        for one, result in self._finished(templates, list(shells.values()), missing):
            found = _TO_MADE.decode(result)
            made[one.page.path] = found
            if not found.verified.faults:  # what must not be published is made again until it may
                new[one.key] = result
            if len(new) >= _AT_ONCE:
                self.records.put(new)
                new.clear()
            advance(1)
        self.records.put(new)
        self.records.keep_only(keys)
        return {page.path: made[page.path] for page in pages}

    def _missing(
        self,
        pages: Sequence[Page],
        given: tuple[Mapping[str, str], bytes],
        made: dict[str, Made],
        keys: list[bytes],
        advance: Callable[[int], None],
    ) -> Iterator[_Planned]:
        """Yield the pages that are not finished yet; add the others to those that are made, and the keys of all.

        Some are looked up at a time, while other processes are busy with those that were missing before.
        """
        texts, sources = given
        for start in range(0, len(pages), _AT_ONCE):
            planned = [self._plan(page, texts.get(page.path), sources) for page in pages[start : start + _AT_ONCE]]
            keys += [one.key for one in planned]
            found = self._look_up(planned)
            made |= found
            advance(len(found))
            yield from (one for one in planned if one.page.path not in found)

    def _plan(self, page: Page, text: str | None, sources: bytes) -> _Planned:
        shell, sign = self.theme.shell(page)
        return _Planned(page, text, digest(identify(page), _TO_BYTES.encode(text), sign, sources), shell)

    def _look_up(self, planned: Sequence[_Planned]) -> dict[str, Made]:
        """Return the pages that were finished before and are still there, byte for byte, by path."""
        known = self.records.get([one.key for one in planned])
        found = {one.page.path: _TO_MADE.decode(known[one.key]) for one in planned if one.key in known}
        good = {path: made for path, made in found.items() if self.objects.is_known(made.name)}
        rest = [(path, made) for path, made in found.items() if path not in good]
        with ThreadPoolExecutor(os.cpu_count()) as readers:  # reading and digesting let go of the interpreter
            whole = readers.map(self.objects.is_whole, [made.name for _, made in rest])
            return good | {path: made for (path, made), is_whole in zip(rest, whole, strict=True) if is_whole}

    def _finished(
        self, templates: Templates, shells: Sequence[Shell], missing: Iterable[_Planned]
    ) -> Iterator[tuple[_Planned, bytes]]:
        """Yield pages, finished by several processes, and at last those that the theme itself has to render."""
        places = {id(shell): place for place, shell in enumerate(shells)}
        waiting: deque[_Planned] = deque()
        alone: list[_Planned] = []

        def tasks() -> Iterator[tuple[int, bytes, str | None]]:
            for one in missing:
                if one.shell is None:
                    alone.append(one)
                    continue
                waiting.append(one)
                yield places[id(one.shell)], encode(one.page), one.text

        for result in share(_Task, (self.config, self.objects.folder, shells), tasks()):
            yield waiting.popleft(), result
        for one in alone:
            content = templates.html(one.page)
            html = self.theme.render(one.page, content, headings_of(content))
            yield one, _TO_BYTES.encode(_finish(one.page, html, one.text, self.objects))


class _Task:
    """Finishes pages, in a process of its own or here."""

    def __init__(self, config: ArchiveConfig, objects: Path, shells: Sequence[Shell]) -> None:
        self._templates = Templates(config)
        self._objects = Objects(objects)
        self._shells = shells

    def __call__(self, task: tuple[int, bytes, str | None]) -> bytes:
        """Return what was made of a page, in bytes."""
        shell, page, text = task
        return _TO_BYTES.encode(make_page(decode(page), text, self._shells[shell], self._templates, self._objects))


def make_page(page: Page, text: str | None, shell: Shell, templates: Templates, objects: Objects) -> Made:
    """Make, verify and keep one page; `text` is what it shows word for word, None for nothing.

    Raises:
        ArchiveError: a template of the archive cannot be used.
    """
    return _finish(page, fill(shell, page, templates.html(page)), text, objects)


def _finish(page: Page, made: str | Filled, text: str | None, objects: Objects) -> Made:
    """Verify and keep a page, and return what was made."""
    html = made if isinstance(made, str) else made.html
    verified = verify_page(page.path, made, expected_of(page, text))
    return Made(objects.add(html.encode()), verified)


def expected_of(page: Page | None, text: str | None) -> Expected:
    """Return what must hold of a page, generated or None where somebody wrote it, and of the text that it shows."""
    words = None if text is None else tuple(words_without_marks(text))
    return Expected(page is not None, page.description if page else "", words)
