"""Door two: the MkDocs plugin. Configures MkDocs, hands it the pages, logs the issues; decides nothing about archives.

Each build is staged beside the site, verified, and put in place whole, so that an error leaves the last good site as it was.
"""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.utils import CountHandler

from generator import pipeline
from generator.config import MARKDOWN_EXTENSIONS, ArchiveConfig, find_archive
from generator.issues import ArchiveError, Issue, Level, has_errors, summary
from generator.model import newest_day
from generator.publish.swap import lock, put_in_place, recover, staging_folder
from generator.publish.verify import verify_site
from generator.render.addresses import ARTICLES, GLOSSARY, HOME
from generator.render.escape import escape_attribute

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.pages import Page as MkDocsPage

    from generator.model import Archive, Page

log = get_plugin_logger("news-archive")

STYLES = "assets/archive.css"
_LEVELS = {Level.ERROR: logging.ERROR, Level.WARNING: logging.WARNING, Level.NOTICE: logging.INFO}


class NewsArchivePlugin(BasePlugin):  # type: ignore[no-untyped-call,type-arg]
    """Builds the annotated archive that lies beside mkdocs.yml."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Keep this instance alive between the rebuilds of `mkdocs serve`."""
        self._command = command
        self._dirty = dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set what an archive's mkdocs.yml need not say, and read and link the seeds."""
        self._archive_config = _find(config)
        annotated = pipeline.annotate(self._archive_config)
        _report(annotated.issues, annotated.seeds.count, strict=config.strict)
        self._archive = pipeline.link(annotated)
        _set_build_date(self._archive)
        _configure(config, self._archive_config)
        _add_search(config, self._command, dirty=self._dirty)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Turn the build to a folder beside the site: MkDocs wipes the one it builds into."""
        self._held = ExitStack()
        self._published = Path(config.site_dir)
        self._held.enter_context(lock(self._published))
        recover(self._published)
        config.site_dir = str(staging_folder(self._published))

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Hand the pages and our styles to MkDocs; a file of the archive's docs/ goes before ours of the same name."""
        site_name = config.site_name
        self._pages = {page.src_uri: page for page in pipeline.render(self._archive_config, self._archive, site_name)}
        for page in list(self._pages.values()):
            if page.src_uri == HOME and files.get_file_from_path(HOME):
                del self._pages[HOME]
                continue
            inclusion = InclusionLevel.INCLUDED if page.src_uri in (HOME, ARTICLES, GLOSSARY) else InclusionLevel.NOT_IN_NAV
            files.append(File.generated(config, page.src_uri, content=page.markdown, inclusion=inclusion))
        for asset in sorted(self._archive_config.assets.rglob("*")):
            uri = f"assets/{asset.relative_to(self._archive_config.assets).as_posix()}"
            if asset.is_file() and not files.get_file_from_path(uri):
                files.append(File.generated(config, uri, abs_src_path=str(asset)))
        return files

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Give a generated page its title and description, escaped: the theme inserts both as they are."""
        del config, files
        generated = self._pages.get(page.file.src_uri)
        if generated is not None:
            page.meta |= page_meta(generated)
            page.title = page.meta["title"]
        return markdown

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Verify the staged site and put it in place; last of all plugins, so that nothing is written after it."""
        staged = Path(config.site_dir)
        faults = verify_site(staged, self._archive, self._pages.values())
        for fault in faults:
            log.error("%s", fault)
        if faults:
            raise PluginError(f"{len(faults)} faults in the built site; the last good one stays")
        if config.strict and any(count for _, count in _counts()):
            return  # MkDocs aborts right after this; on_build_error cleans up
        put_in_place(staged, self._published)
        self._finish(config)

    def on_build_error(self, *, error: Exception) -> None:
        """Let go of the lock; the staged site is thrown away."""
        del error
        if hasattr(self, "_held"):
            with self._held:
                recover(self._published)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object) -> LiveReloadServer:
        """Watch what pages are made of besides docs/."""
        del config, builder
        server.watch(str(self._archive_config.seeds))
        templates = self._archive_config.root / "templates"
        if templates.is_dir():
            server.watch(str(templates))
        return server

    def _finish(self, config: MkDocsConfig) -> None:
        """Give the site's folder its name back, for commands that go on with it, and free the lock."""
        config.site_dir = str(self._published)
        self._held.close()


def page_meta(page: Page) -> dict[str, str | list[str]]:
    """Return a page's front matter, every text escaped for HTML."""
    meta: dict[str, str | list[str]] = {"title": escape_attribute(page.title)}
    if page.description:
        meta["description"] = escape_attribute(page.description)
    if page.redirect:
        meta["redirect"] = page.redirect
    return meta | {"hide": ["navigation"]}


def _find(config: MkDocsConfig) -> ArchiveConfig:
    try:
        return find_archive(Path(config.config_file_path).parent)
    except ArchiveError as error:
        raise PluginError(str(error)) from error


def _report(issues: tuple[Issue, ...], seeds: int, *, strict: bool) -> None:
    """Log the issues, and stop before MkDocs touches the site where they say so."""
    for issue in issues:
        log.log(_LEVELS[issue.level], "%s", issue)
    stops = has_errors(issues) or (strict and any(issue.level is Level.WARNING for issue in issues))
    if stops:
        raise PluginError(f"{summary(seeds, issues)}; the last good site stays")


def _set_build_date(archive: Archive) -> None:
    """Make dates in the site depend on the seeds, not the clock: two builds give the same bytes."""
    newest = newest_day(annotated.article for annotated in archive.articles)
    if newest and os.environ.get("SOURCE_DATE_EPOCH", "") in ("", _own_epoch.get("set")):
        moment = datetime(newest.year, newest.month, newest.day, tzinfo=UTC)
        os.environ["SOURCE_DATE_EPOCH"] = _own_epoch["set"] = str(max(int(moment.timestamp()), 0))


_own_epoch: dict[str, str] = {}
"""What we put into SOURCE_DATE_EPOCH ourselves: a rebuild of `mkdocs serve` may change it, a user's value stays."""


def _configure(config: MkDocsConfig, archive: ArchiveConfig) -> None:
    """Set theme, Markdown and navigation as pages need them."""
    config.theme["font"] = False
    if not config.theme.get("palette"):
        config.theme["palette"] = PALETTE
    config.theme["features"] = list(dict.fromkeys([*config.theme.get("features", []), *FEATURES]))
    overrides = [str(folder) for folder in archive.theme_templates if folder.is_dir()]
    own = 1 if config.theme.custom_dir else 0
    config.theme.dirs[own:own] = overrides
    unknown = sorted({str(name) for name in config.markdown_extensions} - set(MARKDOWN_EXTENSIONS))
    if unknown:
        log.warning("markdown_extensions %s: not used, the Markdown of an archive is closed", ", ".join(unknown))
    config.markdown_extensions = list(MARKDOWN_EXTENSIONS)
    config.mdx_configs = {"toc": {"toc_depth": "2-3"}}
    if STYLES not in config.extra_css:
        config.extra_css = [STYLES, *config.extra_css]
    config.extra.setdefault("generator", False)  # noqa: FBT003 - Material's own key


FEATURES = ("navigation.tabs", "navigation.top", "search.highlight", "search.suggest")
PALETTE = [
    {
        "media": "(prefers-color-scheme: light)", "scheme": "default", "primary": "custom", "accent": "custom",
        "toggle": {"icon": "material/weather-night", "name": "Dark colours"},
    },
    {
        "media": "(prefers-color-scheme: dark)", "scheme": "slate", "primary": "custom", "accent": "custom",
        "toggle": {"icon": "material/weather-sunny", "name": "Light colours"},
    },
]  # fmt: skip


def _add_search(config: MkDocsConfig, command: str, *, dirty: bool) -> None:
    """Switch on Material's search where mkdocs.yml names no search of its own."""
    if any(name in config.plugins for name in ("material/search", "search")):
        return
    option = dict(config._schema)["plugins"]  # noqa: SLF001 - MkDocs has no public way to add a plugin
    search = option.load_plugin("material/search", {})  # type: ignore[attr-defined]
    config.plugins["material/search"] = search
    search.on_startup(command=command, dirty=dirty)


def _counts() -> list[tuple[str, int]]:
    """Return what MkDocs counts for strict mode."""
    handlers = logging.getLogger("mkdocs").handlers
    return [count for handler in handlers if isinstance(handler, CountHandler) for count in handler.get_counts()]


