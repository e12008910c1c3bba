"""Handing: what MkDocs is told of generated pages: it builds those in its navigation, and knows all the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.toc import AnchorLink, TableOfContents

from generator.publish.shells import headings_of, nested, with_title
from generator.render.addresses import ARTICLES, BROWSE, GLOSSARY, HOME, src_uri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page as MkDocsPage

    from generator.config import ArchiveConfig
    from generator.model import Page
    from generator.publish.shells import Heading
    from generator.render.templates import Templates

IN_NAVIGATION = tuple(map(src_uri, (HOME, ARTICLES, GLOSSARY, BROWSE)))
"""Generated pages that are tabs."""


class _Known(File):
    """A page that MkDocs need not build: it is here for the links of those that people wrote."""

    def is_documentation_page(self) -> bool:
        return False

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 - MkDocs' signature
        """Copy nothing: the page is made elsewhere."""


def show(page: Page, shown: MkDocsPage, templates: Templates) -> str:
    """Return the content of a generated page that MkDocs builds, and give it its outline.

    Raises:
        ArchiveError: a page template of the archive cannot be used.
    """
    content, top = with_title(templates.html(page), str(shown.meta["title"]))
    shown.toc = outline(str(shown.meta["title"]), top, headings_of(content))
    return content


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


def hand_over(pages: Iterable[Page], archive: ArchiveConfig, files: Files, config: MkDocsConfig) -> set[str]:
    """Add generated pages, and our styles and scripts, to the files that MkDocs knows; return which it builds.

    Args:
        pages: none of them has an address that a file has.
        archive: with the folder of our styles and scripts.
        files: what MkDocs found.
        config: MkDocs' own.
    """
    built = {*IN_NAVIGATION, *_named(config.nav)}
    for page in pages:
        if page.src_uri in built:
            file = File.generated(config, page.src_uri, content="", inclusion=InclusionLevel.INCLUDED)
        else:
            file = _Known(
                page.src_uri,
                None,
                config.site_dir,
                use_directory_urls=True,
                dest_uri=page.path,
                inclusion=InclusionLevel.NOT_IN_NAV,
            )
        files.append(file)
    for asset in sorted(archive.assets.rglob("*")):
        uri = f"assets/{asset.relative_to(archive.assets).as_posix()}"
        if asset.is_file() and not files.get_file_from_path(uri):
            files.append(File.generated(config, uri, abs_src_path=str(asset)))
    return built


def _named(nav: object) -> Iterator[str]:
    """Yield everything that a navigation of mkdocs.yml names."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, Mapping):
        yield from _named(list(nav.values()))
    elif isinstance(nav, list):
        for item in nav:
            yield from _named(item)


def navigation(hand_written: list[File]) -> list[dict[str, str | list[str]]]:
    """Return the tabs of a site whose mkdocs.yml names none.

    Every page in them costs bytes on every other page, so pages in folders of docs/ stay out.
    """
    about = []
    for file in sorted(hand_written, key=lambda file: file.src_uri):
        if "/" in file.src_uri:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        elif file.src_uri != src_uri(HOME):
            about.append(file.src_uri)
    tabs: list[dict[str, str | list[str]]] = [
        {"Home": src_uri(HOME)},
        {"Articles": src_uri(ARTICLES)},
        {"Glossary": src_uri(GLOSSARY)},
        {"Browse": src_uri(BROWSE)},
    ]
    return [*tabs, {"About": about}] if about else tabs
