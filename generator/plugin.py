"""Door two: the MkDocs plugin. Configures MkDocs, hands it the pages, logs the issues; decides nothing about archives.

MkDocs builds the pages that people wrote, those in its navigation and what belongs to the theme. All other pages are
made beside it; then everything is verified and put in place at once: an error leaves the last good site as it was.
"""

from __future__ import annotations

import logging
import shutil
import threading
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.utils import CountHandler

from generator import pipeline
from generator.config import find_archive
from generator.issues import ArchiveError, Level, SeedsError, SiteError, has_errors, summary
from generator.progress import Progress
from generator.publish.assembling import Assembly
from generator.publish.front_matter import page_meta
from generator.publish.handing import hand_over, navigation, show
from generator.publish.serving import serve_from, watch
from generator.publish.settings import (
    apply_settings,
    configured_address,
    fix_build_date,
    own_templates,
    prepare_theme,
)
from generator.publish.swap import check_target, lock, recover
from generator.publish.theme import Theme
from generator.render.definitions import align_cells
from generator.render.templates import Templates
from generator.store import Records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page as MkDocsPage

    from generator.pipeline import Annotated
    from generator.publish.verify import Fault

log = get_plugin_logger("news-archive")

_LEVELS = {Level.ERROR: logging.ERROR, Level.WARNING: logging.WARNING, Level.NOTICE: logging.INFO}


class NewsArchivePlugin(BasePlugin):  # type: ignore[no-untyped-call,type-arg]
    """Builds the annotated archive that lies beside mkdocs.yml."""

    def __init__(self) -> None:
        self.error: ArchiveError | None = None
        """What stopped the last build, where it was not MkDocs."""
        self.progress = Progress(log.info)
        self.search = True
        """Whether the site gets a search of ours."""
        self.assembly: Assembly | None = None
        """The site that was built last."""
        self._command: Literal["build", "gh-deploy", "serve"] = "build"
        self._held = ExitStack()
        """While a build runs: first what cleans up after it, then the locks."""
        self._indexing = ExitStack()
        """While the index of served pages is made: tells it to stop, and waits until it has."""
        self._served: Path | None = None
        """Where the pages lie that are served."""
        self._serving = ExitStack()
        """As long as they are: removes that folder, and lets go of it."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note the command. That this method exists keeps the instance alive between the rebuilds of `mkdocs serve`."""
        del dirty
        self._command = command

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read and link the seeds, and set what an archive's mkdocs.yml need not say."""
        self.error = None
        self.progress.timings.clear()
        with self._stage("settings"):
            self._config = find_archive(Path(config.config_file_path).parent)
            if self._command != "serve":
                own = (self._config.root / name for name in ("seeds", "templates", "docs", ".cache"))
                sources = [*own, Path(config.docs_dir)]
                check_target(Path(config.site_dir).resolve(), sources)
        with self._stage("seeds"), closing(Records(self._config.cache / "articles.db")) as known:
            annotated = pipeline.annotate(self._config, known)
            _report(annotated, strict=config.strict)
        with self._stage("link"):
            self._archive = pipeline.link(annotated)
        fix_build_date(self._archive)
        apply_settings(config, self._config, search=self.search)
        if self._command == "serve":  # the same pages as in a build
            config.site_url = configured_address(config)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Turn MkDocs to a folder of ours: it wipes the one it builds into."""
        self._indexing.close()
        with self._stage("plan"):
            pages = pipeline.plan(self._archive, config.site_name, search=config.extra["archive_search"])
            self._pages = {page.src_uri: page for page in pages}
        with self._stage("lock"):
            self._published = self._target(config)
            recover(self._published)
            self._held.callback(recover, self._published)
            self.assembly = self._held.enter_context(Assembly(self._config, self._archive))
        config.site_dir = str(self.assembly.work)
        self._mkdocs = ExitStack()
        self._mkdocs.enter_context(self._stage("mkdocs"))

    def _target(self, config: MkDocsConfig) -> Path:
        """Return where the site goes, locked; the folder that `mkdocs serve` names may lie on another file system."""
        if self._command == "serve":
            return self._served_folder()
        published = Path(config.site_dir).resolve()
        self._held.enter_context(lock(published))
        return published

    def _served_folder(self) -> Path:
        """Return a folder that no other `mkdocs serve` serves from; it is there as long as this one runs."""
        for number in count(1) if self._served is None else ():
            folder = self._config.cache / f"served-{number}"
            with suppress(ArchiveError):
                self._serving.enter_context(lock(folder))
                self._serving.callback(shutil.rmtree, folder, ignore_errors=True)
                self._served = folder
                break
        assert self._served is not None
        return self._served

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Hand the pages and our styles to MkDocs; a file of the archive's docs/ goes before ours of the same name."""
        hand_written = list(files.documentation_pages())
        self._hand_written = [(file.url, file.dest_uri) for file in hand_written]
        self._pages = {uri: page for uri, page in self._pages.items() if not files.get_file_from_path(uri)}
        self._built = hand_over(self._pages.values(), self._config, files, config)
        if config.nav is None:
            config.nav = navigation(hand_written)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Note the navigation: it is on every page."""
        del config, files
        self._nav = nav
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Give the theme's templates what ours need to know."""
        del files
        prepare_theme(env, config)
        self._theme = Theme(env, config, self._nav, own_templates(config, self._config, self._nav))
        return env

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Give a generated page its title and description, escaped: the theme inserts both as they are."""
        del config, files
        generated = self._pages.get(page.file.src_uri)
        if generated is not None:
            page.meta.update(page_meta(generated))
        return markdown

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Give a generated page its content, which is HTML already; align tables in the others by class."""
        del config, files
        generated = self._pages.get(page.file.src_uri)
        if generated is None:
            return align_cells(html)
        with self._telling():
            return show(generated, page, Templates(self._config))

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Make all other pages, verify the whole and put it in place; last of all plugins: it takes what they wrote."""
        self._mkdocs.close()
        assert self.assembly is not None
        config.site_dir = str(self._published)
        searched, serving = config.extra["archive_search"], self._command == "serve"
        built = [page for uri, page in self._pages.items() if uri in self._built]
        others = [page for uri, page in self._pages.items() if uri not in self._built]
        urls = [*(page.url for page in self._pages.values()), *(url for url, _ in self._hand_written)]
        self.assembly.add_written(built, urls, config.site_url)
        with self.assembly.searching(self._hand_written if searched and not serving else None) as wait:
            with self._stage("pages", len(others)) as advance:
                self.assembly.add_pages(others, self._theme, advance)
            with self._stage("search"):
                wait()
        if not searched:
            self.assembly.forget_search()
        with self._stage("verify"):
            _report_faults(self.assembly.faults(p.path for p in self._pages.values() if p.redirect))
        if not _counted_by_strict():  # else MkDocs aborts right after this
            with self._stage("put in place"):
                self.assembly.publish(self._published, complete=not (searched and serving))
            if searched and serving:
                self._index_meanwhile()
        self._held.close()

    def _index_meanwhile(self) -> None:
        """Make the index of pages that are served already: an editor waits for the page, not for the search."""
        assembly, held, unwanted = self.assembly, self._held.pop_all(), threading.Event()
        assert assembly is not None

        def index() -> None:
            with held:
                try:
                    assembly.add_search(self._hand_written, unwanted.is_set)
                    if not unwanted.is_set():
                        assembly.publish(self._published)
                except (ArchiveError, OSError) as error:
                    log.error("the search index is not made: %s", error)  # noqa: TRY400 - its cause is in its words

        thread = threading.Thread(target=index, name="search index")
        thread.start()
        self._indexing.callback(thread.join)
        self._indexing.callback(unwanted.set)

    def on_build_error(self, *, error: Exception) -> None:
        """Throw the staged site away and let go of the locks."""
        del error
        self._held.close()

    def on_shutdown(self) -> None:
        """Do the same where an interrupt ended the build."""
        self._indexing.close()
        self._held.close()
        self._serving.close()

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Watch what pages are made of besides docs/, and go on serving the last good pages when a rebuild fails."""
        del builder
        custom = [Path(config.theme.custom_dir)] if config.theme.custom_dir else []
        server.builder = _keep_serving(server.builder)
        serve_from(server, self._published)
        watch(server, [self._config.seeds, self._config.root / "templates", *custom], self._config.cache)
        return server

    @contextmanager
    def _stage(self, name: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        """Enter a stage of the build."""
        with self._telling(), self.progress.stage(name, total) as advance:
            yield advance

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell MkDocs of our errors in the form that it shows without a traceback."""
        try:
            yield
        except ArchiveError as error:
            self.error = error
            raise PluginError(str(error)) from error


def _keep_serving(build: Callable[[], None]) -> Callable[[], None]:
    """Return a builder for `mkdocs serve` that logs a failure; MkDocs itself would answer no request until a mend."""

    def build_or_log() -> None:
        try:
            build()
        except MkDocsException as error:
            log.error("%s The last good pages stay.", error.message)  # noqa: TRY400 - its cause was logged

    return build_or_log


def _report_faults(faults: Sequence[Fault]) -> None:
    """Log what is wrong with the built site, and stop where anything is."""
    for fault in faults:
        log.error("%s", fault)
    if faults:
        counted = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        raise SiteError(f"{counted} in the built site; the last good site stays")


def _report(annotated: Annotated, *, strict: bool) -> None:
    """Log the issues, and stop before MkDocs touches the site where they say so."""
    for issue in annotated.issues:
        log.log(_LEVELS[issue.level], "%s", issue)
    warned = any(issue.level is Level.WARNING for issue in annotated.issues)
    if has_errors(annotated.issues) or (strict and warned):
        raise SeedsError(f"{summary(annotated.seeds.count, annotated.issues)}; the last good site stays")


def _counted_by_strict() -> bool:
    """Tell whether MkDocs counted a warning in strict mode and is about to abort."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(handler.get_counts() for handler in handlers if isinstance(handler, CountHandler))
