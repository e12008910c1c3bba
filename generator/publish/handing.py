"""Handing: what MkDocs is told of generated pages: it builds none, but they are in its navigation and have links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.toc import AnchorLink, TableOfContents

from generator.publish.front_matter import page_meta
from generator.publish.shells import nested
from generator.render.addresses import ARTICLES, BROWSE, GLOSSARY, HOME, src_uri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page as MkDocsPage

    from generator.config import ArchiveConfig
    from generator.model import Page
    from generator.publish.shells import Heading


class _Known(File):
    """A page that MkDocs need not build: it is here for the navigation, and for the links of what people wrote."""

    def is_documentation_page(self) -> bool:
        return False

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 - MkDocs' signature
        """Copy nothing: the page is made elsewhere."""


def outline(title: str, anchor: str, headings: Sequence[Heading]) -> TableOfContents:
    """Return the outline of a page as themes want it, given its title and the headings below that."""
    top = AnchorLink(title, anchor, 1)
    top.children = [listed(heading, below) for heading, below in nested(headings)]
    return TableOfContents([top])


def listed(heading: Heading, below: Sequence[Heading]) -> AnchorLink:
    """Return a heading as an outline lists it, with those below it."""
    item = AnchorLink(heading.title, heading.anchor, heading.level)
    item.children = [listed(one, ()) for one in below]
    return item


def hand_over(pages: Iterable[Page], archive: ArchiveConfig, files: Files, config: MkDocsConfig) -> None:
    """Add generated pages, and our styles and scripts, to the files that MkDocs knows.

    Args:
        pages: none of them has an address that a file has.
        archive: with the folder of our styles and scripts.
        files: what MkDocs found.
        config: MkDocs' own.
    """
    for page in pages:
        file = _Known(
            page.src_uri,
            None,
            config.site_dir,
            use_directory_urls=True,
            dest_uri=page.path,
            inclusion=InclusionLevel.NOT_IN_NAV,
        )
        file.generated_by = "news-archive"
        files.append(file)
    for asset in sorted(archive.assets.rglob("*")):
        uri = f"assets/{asset.relative_to(archive.assets).as_posix()}"
        if asset.is_file() and not files.get_file_from_path(uri):
            files.append(File.generated(config, uri, abs_src_path=str(asset)))


def tell_navigation(nav: Navigation, pages: Mapping[str, Page]) -> dict[str, MkDocsPage]:
    """Tell the navigation of the generated pages in it what they are called, and return these by `src_uri`.

    Args:
        nav: of MkDocs.
        pages: all generated pages by `src_uri`.
    """
    named = {shown.file.src_uri: shown for shown in nav.pages if shown.file.src_uri in pages}
    for uri, shown in named.items():
        shown.meta, shown.markdown = page_meta(pages[uri]), ""
    return named


def navigation(hand_written: list[File]) -> list[dict[str, str | list[str]]]:
    """Return the tabs of a site whose mkdocs.yml names none.

    Every page in them costs bytes on every other page, so pages in folders of docs/ stay out.
    """
    tabs = {"Home": HOME, "Articles": ARTICLES, "Glossary": GLOSSARY, "Browse": BROWSE}
    by_hand = {file.url.removeprefix("./"): file.src_uri for file in hand_written}
    about = []
    for file in sorted(hand_written, key=lambda file: file.src_uri):
        if "/" in file.src_uri:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        elif file.url.removeprefix("./") not in tabs.values():
            about.append(file.src_uri)
    named: list[dict[str, str | list[str]]] = [
        {name: by_hand.get(address, src_uri(address))} for name, address in tabs.items()
    ]
    return [*named, {"About": about}] if about else named
