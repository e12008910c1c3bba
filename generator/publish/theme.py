"""Theme: what Material puts around the content of a page, rendered once for all pages that differ in nothing else.

The theme is rendered with marks where a page's own words belong, and once more with words that need escaping: only
where the marks, filled in, give the same bytes is there a shell. The templates of an archive may ask for anything of a
page, so there each page is rendered by the theme itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from markupsafe import escape
from mkdocs.commands.build import get_context
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from msgspec.structs import replace

from generator.publish.front_matter import page_meta
from generator.publish.handing import listed, outline
from generator.publish.shells import (
    CONTENT,
    DESCRIPTION,
    OUTLINE,
    PATH,
    REDIRECT,
    TITLE,
    TOP,
    Heading,
    Kind,
    Shell,
    fill,
    headings_of,
    kind_of,
    pieces_of,
    with_title,
)
from generator.store import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation

    from generator.model import Page

_MARKED = f'<h1 id="{TOP}">{CONTENT}</h1>'
"""The content of a page, marked: where it has no heading of its own, Material adds one."""
DEEPER, FIRST, SECOND = (f"archive{hole}hole" for hole in ("deeper", "first", "second"))
_AWKWARD = """A &amp; B’s <i>“1” < 2</i> \\ 'x'"""


class Theme:
    """The theme of a site, with all that MkDocs hands to its templates."""

    def __init__(
        self,
        environment: Environment,
        config: MkDocsConfig,
        nav: Navigation,
        listed: Mapping[str, MkDocsPage],
        own: bytes,
    ) -> None:
        """Take the theme.

        Args:
            environment: of its templates.
            config: MkDocs' own.
            nav: the navigation of the site.
            listed: the generated pages in that, by `src_uri`.
            own: stands for the archive's templates and what they may ask for, empty for none.
        """
        self._environment, self._config, self._nav, self._own = environment, config, nav, own
        self._listed = listed
        self._known: dict[Kind, tuple[Shell | None, bytes]] = {}

    @property
    def shells(self) -> dict[Kind, tuple[Shell, bytes]] | None:
        """All shells that were asked for, and what stands for each; None where a page has none."""
        found = {kind: (shell, sign) for kind, (shell, sign) in self._known.items() if shell}
        return None if self._own or len(found) < len(self._known) else found

    def shell(self, page: Page) -> tuple[Shell | None, bytes]:
        """Return the shell of a page, None where only `render` can make it, and what stands for either."""
        if self._own:
            return None, self._own
        kind = kind_of(page, self._listed)
        if kind not in self._known:
            rest = [PATH, *[DEEPER] * (kind.depth - 1)] if kind.depth else []
            src_uri = "/".join([kind.section, *rest, "index.md"]) if rest else page.src_uri
            self._known[kind] = self._learn(page, "/".join(rest), src_uri)
        return self._known[kind]

    def render(self, page: Page, content: str, headings: Sequence[Heading]) -> str:
        """Return a whole page as the theme itself renders it."""
        with self._shown(page) as shown:
            shown.content, top = with_title(content, str(shown.meta["title"]))
            shown.toc = outline(str(shown.meta["title"]), top, headings)
            context = get_context(self._nav, [], self._config, shown)
            context = self._config.plugins.on_page_context(
                context, page=shown, config=self._config, nav=self._nav
            )
            html = self._environment.get_template("main.html").render(context)
            return self._config.plugins.on_post_page(html, page=shown, config=self._config)

    @contextmanager
    def _shown(self, page: Page) -> Iterator[MkDocsPage]:
        """Give a page as MkDocs knows it: the one in the navigation, as active there, or one of its own."""
        listed = self._listed.get(page.src_uri)
        if listed is None:
            file = File.generated(self._config, page.src_uri, content="", inclusion=InclusionLevel.NOT_IN_NAV)
            shown = MkDocsPage(None, file, self._config)
            shown.meta, shown.markdown = page_meta(page), ""
            yield shown
            return
        before = listed.meta
        listed.meta, listed.active = page_meta(page), True
        try:
            yield listed
        finally:
            listed.meta, listed.active = before, False

    def _learn(self, page: Page, rest: str, src_uri: str) -> tuple[Shell | None, bytes]:
        """Return the shell of all pages that are like this one, and what stands for it."""
        marked = replace(
            page,
            src_uri=src_uri,
            title=TITLE,
            description=page.description and DESCRIPTION,
            redirect=page.redirect and REDIRECT,
        )
        headings = [Heading(2, name, name) for name in (FIRST, SECOND)]
        outlined = self.render(marked, _MARKED, headings)
        first, second = (self._item(heading, []) for heading in headings)
        between = outlined.partition(first)[2].partition(second)[0]
        outlined = outlined.replace(first + between + second, OUTLINE)  # twice on a page of the navigation
        shell = Shell(
            pieces_of(self.render(marked, _MARKED, []).replace(_MARKED, CONTENT), rest),
            pieces_of(outlined.replace(_MARKED, CONTENT), rest),
            between,
            self._item(Heading(2, PATH, TITLE), []),
            self._branch(),
        )
        awkward = replace(
            page,
            title=_AWKWARD,
            description=page.description and _AWKWARD,
            redirect=page.redirect and f"../{_AWKWARD}/",
        )
        for content in (
            '<h1 class="b" id="a">a</h1>',
            f'<h1>a</h1><h2 id="b">{escape(_AWKWARD)}</h2><h3 id="c">c</h3><h3 id="d">d</h3><h2 id="e">e</h2>',
        ):
            if fill(shell, awkward, content).html != self.render(awkward, content, headings_of(content)):
                return None, digest(b"no shell", msgspec.msgpack.encode(shell))
        return shell, digest(msgspec.msgpack.encode(shell))

    def _item(self, heading: Heading, below: Sequence[Heading]) -> str:
        """Return a heading as the theme lists it."""
        template = self._environment.get_template("partials/toc-item.html")
        return template.render(toc_item=listed(heading, below))

    def _branch(self) -> tuple[str, str, str]:
        one, two = (Heading(3, name, name) for name in (FIRST, SECOND))
        before, _, after = self._item(Heading(2, PATH, TITLE), [one, two]).partition(self._item(one, []))
        between, _, after = after.partition(self._item(two, []))
        return before, between, after
