"""Frame: what of a site does not come from its seeds: what MkDocs wrote, and what the theme puts around pages.

While nothing but seeds has changed, a site is built beside the frame of the last build, and MkDocs is not started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from generator.publish.links import Verified  # noqa: TC001 - what decodes a frame looks up its types
from generator.publish.shells import Kind, Shell, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.model import Page
    from generator.publish.assembling import Assembly
    from generator.publish.shells import Heading
    from generator.unchanged import Seen


class Written(Struct, frozen=True):
    """What MkDocs wrote."""

    files: dict[str, str]
    """The digest of each file by its path below the site."""
    pages: dict[str, Verified]
    """What is known of those that are pages, by the same path."""
    hand_written: tuple[tuple[str, str], ...]
    """(address, file), below the site, of the pages that were not made from seeds."""


class Frame(Struct, frozen=True):
    """What a site is built beside."""

    site_name: str
    site_url: str | None
    search: bool
    """Whether the site has a search of ours."""
    strict: bool
    """Whether a warning stops a build."""
    written: Written
    taken: frozenset[str]
    """Where the files of what is in docs/ lie below the site: no generated page lies there."""
    left_out: frozenset[str]
    """Where the generated pages would lie that were left out for those."""
    titles: dict[str, str]
    """Of the generated pages in the navigation, by `src_uri`: they are on every page."""
    shells: tuple[tuple[Kind, Shell, bytes], ...]
    """What stands around pages, by their kind, and what stands for that."""
    said: tuple[str, ...] = ()
    """What MkDocs warned of."""

    def around(self, planned: Sequence[Page]) -> list[Page] | None:
        """Return those of the planned pages that are published in it; None where they do not go into it.

        A page of docs/ in the place of an article has to show its words, as they are now.
        """
        from generator.render.views import ArticleView  # noqa: PLC0415 - who planned pages has loaded it

        pages = [page for page in planned if page.path not in self.taken]
        left_out = [page for page in planned if page.path in self.taken]
        titles = {page.src_uri: page.title for page in pages}
        fit = (
            {page.path for page in left_out} == self.left_out
            and not any(isinstance(page.view, ArticleView) for page in left_out)
            and all(titles.get(uri) == title for uri, title in self.titles.items())
            and {kind_of(page, self.titles) for page in pages} <= {kind for kind, _, _ in self.shells}
        )
        return pages if fit else None

    def takes(self, page: Page) -> bool:
        """Tell whether a generated page may take the place of the one at its address, all others as they are."""
        same = self.titles.get(page.src_uri, page.title) == page.title
        kinds = {kind for kind, _, _ in self.shells}
        return same and page.path not in self.taken and kind_of(page, self.titles) in kinds


class Run(Struct, frozen=True, eq=False):
    """A build that succeeded."""

    site: Path
    """The folder."""
    named: str
    """The same, as it was named: part of it may be a link."""
    assembly: Assembly
    """The site, file by file, and all that it was made of."""
    roots: tuple[Path, ...]
    """What was read; empty where settings may have had more read than is known here."""
    inputs: dict[str, Seen]
    """Everything in these, as it was before it was read."""
    said: tuple[str, ...]
    """Warnings."""
    frame: bytes
    """What another site can be built beside; empty for none."""

    def __repr__(self) -> str:  # what it holds is the whole archive
        return f"<{type(self).__name__} of {self.site}>"


class KnownTheme:
    """The theme as far as a frame knows it."""

    def __init__(self, frame: Frame) -> None:
        self._listed = frame.titles
        self._shells = {kind: (shell, sign) for kind, shell, sign in frame.shells}

    def shell(self, page: Page) -> tuple[Shell | None, bytes]:
        """Return the shell of a page of a kind that is known, and what stands for it."""
        return self._shells[kind_of(page, self._listed)]

    def render(self, page: Page, content: str, headings: Sequence[Heading]) -> str:
        """Do nothing: that every page has a shell is what makes a frame."""
        raise NotImplementedError


encode_frame = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Frame).decode


def decode_frame(data: bytes) -> Frame | None:
    """Return the frame that was encoded; None where there was none."""
    return _decode(data) if data else None
