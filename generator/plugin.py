"""Door two: the MkDocs plugin. Configures MkDocs, hands it the pages, logs the issues; decides nothing about archives.

MkDocs builds the pages that people wrote, those in its navigation and what belongs to the theme. All other pages are
made beside it; then everything is verified and put in place at once: an error leaves the last good site as it was.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.utils import CountHandler

from generator import pipeline
from generator.config import find_archive
from generator.issues import ArchiveError
from generator.live import Live
from generator.progress import Progress
from generator.publish.assembling import Assembly
from generator.publish.frame import Frame
from generator.publish.handing import hand_over, navigation, tell_navigation
from generator.publish.reporting import log, report_faults, report_issues
from generator.publish.serving import Browsers, keep_memory_together, serve_from, watch
from generator.publish.settings import (
    apply_settings,
    configured_address,
    fix_build_date,
    others_search,
    others_take_part,
    own_templates,
    prepare_theme,
    read_from,
)
from generator.publish.shells import headings_of
from generator.publish.swap import check_target, lock
from generator.publish.theme import Theme
from generator.records import Records
from generator.render.definitions import align_cells
from generator.render.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page as MkDocsPage

    from generator.publish.frame import Written


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
        self.frame: Frame | None = None
        """What that was built beside; None where it takes more than seeds to build it anew."""
        self.reported: list[str] = []
        """The issues of the seeds."""
        self._command: Literal["build", "gh-deploy", "serve"] = "build"
        self._held = ExitStack()
        """While a build runs: first what cleans up after it, then the locks."""
        self._live = Live()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note the command. That this method exists keeps the instance alive between the rebuilds of `mkdocs serve`."""
        del dirty
        self._command = command
        if command == "serve":
            keep_memory_together()

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
        if self._command == "serve":
            self._live.begin(self._config, read_from(config, self._config))
        with self._stage("seeds"), closing(Records(self._config.cache / "articles.db")) as known:
            annotated = pipeline.annotate(self._config, known)
            self.reported = [str(issue) for issue in annotated.issues]
            report_issues(annotated.issues, annotated.seeds.count, strict=config.strict)
        self._annotated = annotated
        with self._stage("link"):
            self._archive = pipeline.link(annotated)
        fix_build_date(self._archive)
        apply_settings(config, self._config, search=self.search)
        if self._command == "serve":  # the same pages as in a build
            config.site_url = configured_address(config)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Turn MkDocs to a folder of ours: it wipes the one it builds into."""
        with self._stage("plan"):
            pages = pipeline.plan(self._archive, config.site_name, search=config.extra["archive_search"])
            self._pages = {page.src_uri: page for page in pages}
        with self._stage("lock"):
            self._published = self._target(config)
            assembly = Assembly(self._config, self._archive, self._published, {})
            self.assembly = self._held.enter_context(assembly)
        config.site_dir = str(self.assembly.work)
        self._mkdocs = ExitStack()
        self._mkdocs.enter_context(self._stage("mkdocs"))

    def _target(self, config: MkDocsConfig) -> Path:
        """Return where the site goes, locked; the folder that `mkdocs serve` names may lie on another file system."""
        if self._command == "serve":
            return self._live.folder(self._config.cache)
        published = Path(config.site_dir).resolve()
        self._held.enter_context(lock(published))
        return published

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Hand the pages and our styles to MkDocs; a file of the archive's docs/ goes before ours of the same name."""
        hand_written = list(files.documentation_pages())
        self._hand_written = tuple((file.url, file.dest_uri) for file in hand_written)
        self._taken = frozenset(file.dest_uri for file in files)
        self._left_out = frozenset(page.path for page in self._pages.values() if page.path in self._taken)
        self._pages = {uri: page for uri, page in self._pages.items() if page.path not in self._taken}
        hand_over(self._pages.values(), self._config, files, config)
        if config.nav is None:
            config.nav = navigation(hand_written)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Note the navigation, which is on every page, and give its generated pages their titles."""
        del config, files
        self._nav, self._listed = nav, tell_navigation(nav, self._pages)
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Give the theme's templates what ours need to know."""
        del files
        prepare_theme(env, config)
        own = own_templates(config, self._config, self._nav)
        self._theme = Theme(env, config, self._nav, self._listed, own)
        if others_search(config):
            templates = Templates(self._config)
            for page in map(self._pages.__getitem__, self._listed):
                content = templates.html(page)
                self._theme.render(page, content, headings_of(content))  # plugins are shown what is rendered
        return env

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Align tables by class: a page's policy forbids styles."""
        del page, config, files
        return align_cells(html)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Make all pages, verify the whole and put it in place; last of all plugins: it takes what they wrote."""
        self._mkdocs.close()
        assert self.assembly is not None
        config.site_dir = str(self._published)
        searched = config.extra["archive_search"]
        later = searched and self._command == "serve"
        pages = list(self._pages.values())
        with self._telling():
            written = self.assembly.take(self._hand_written)
            self.assembly.begin(written, search=searched and not later)
            found = self.assembly.complete(pages, self._theme, self.progress, site_url=config.site_url)
            report_faults(found)
        if not searched:
            self.assembly.forget_search()
        self.frame = self._frame_of(config, written)
        if not _counted_by_strict():  # else MkDocs aborts right after this
            with self._stage("put in place"):
                self.assembly.publish(complete=not later)
            if self._command == "serve":
                hand_written = self._hand_written if later else None
                self._live.show(self.assembly, self._annotated, self.frame, hand_written, self._held)
                self.assembly = None  # else all that the first site was made of stays as long as it is served
                del self._annotated, self._archive, self._pages, self._theme
        self._held.close()

    def _frame_of(self, config: MkDocsConfig, written: Written) -> Frame | None:
        """Return the frame of the site; None where there is none."""
        shells = self._theme.shells
        if shells is None or others_take_part(config):
            return None
        return Frame(
            config.site_name,
            config.site_url,
            config.extra["archive_search"],
            config.strict,
            written,
            self._taken,
            self._left_out,
            {uri: self._pages[uri].title for uri in self._listed},
            tuple((kind, shell, sign) for kind, (shell, sign) in shells.items()),
        )

    def on_build_error(self, *, error: Exception) -> None:
        """Throw the staged site away and let go of the locks."""
        del error
        self._held.close()

    def on_shutdown(self) -> None:
        """Do the same where an interrupt ended the build."""
        self._held.close()
        self._live.close()

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Watch what pages are made of besides docs/, and go on serving the last good pages when a rebuild fails."""
        del builder
        custom = [Path(config.theme.custom_dir)] if config.theme.custom_dir else []
        server.builder = self._keep_serving(server.builder, Browsers(server))
        serve_from(server, self._published)
        watch(server, [self._config.seeds, self._config.root / "templates", *custom], self._config.cache)
        return server

    def _keep_serving(self, build: Callable[[], None], browsers: Browsers) -> Callable[[], None]:
        """Return a builder that logs a failure, after which MkDocs itself would answer no request until a mend."""

        def build_or_log() -> None:
            try:
                if not self._live.renew(browsers):
                    build()
                    browsers.end()
            except ArchiveError as error:
                log.error("%s", error)
                self._live.restore(browsers)
            except MkDocsException as error:
                log.error("%s The last good pages stay.", error.message)
                self._live.restore(browsers)

        return build_or_log

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


def _counted_by_strict() -> bool:
    """Tell whether MkDocs counted a warning in strict mode and is about to abort."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(handler.get_counts() for handler in handlers if isinstance(handler, CountHandler))
