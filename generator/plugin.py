"""Door two: the MkDocs plugin. Configures MkDocs, hands it the pages, logs the issues; decides nothing about archives.

Each build is staged beside the site, verified, and put in place whole: an error leaves the last good site as it was.
"""

from __future__ import annotations

import logging
import re
import shutil
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import CountHandler

from generator import pipeline
from generator.config import find_archive
from generator.issues import ArchiveError, Level, SeedsError, SiteError, has_errors, summary
from generator.publish.front_matter import page_meta
from generator.publish.search import build_search
from generator.publish.settings import apply_settings, fix_build_date, prepare_theme
from generator.publish.swap import check_target, lock, put_in_place, recover, staging_folder
from generator.publish.verify import verify_site
from generator.render.addresses import ARTICLES, BROWSE, GLOSSARY, HOME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page as MkDocsPage

    from generator.pipeline import Annotated

log = get_plugin_logger("news-archive")

_ALIGNED_CELL = re.compile(r'<(t[dh]) style="text-align: (left|right|center);"')
"""How Python-Markdown aligns the cells of a table."""
_LEVELS = {Level.ERROR: logging.ERROR, Level.WARNING: logging.WARNING, Level.NOTICE: logging.INFO}


class NewsArchivePlugin(BasePlugin):  # type: ignore[no-untyped-call,type-arg]
    """Builds the annotated archive that lies beside mkdocs.yml."""

    def __init__(self) -> None:
        self.error: ArchiveError | None = None
        """What stopped the last build, where it was not MkDocs."""
        self.timings: list[tuple[str, float]] = []
        """(stage, seconds) of the last build."""
        self._command: Literal["build", "gh-deploy", "serve"] = "build"
        self._held = ExitStack()
        """While a build is staged: first what cleans up after it, then the lock."""
        self._indexing = ExitStack()
        """While the index of served pages is made: tells it to stop, and waits until it has."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note the command. That this method exists keeps the instance alive between the rebuilds of `mkdocs serve`."""
        del dirty
        self._command = command

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read and link the seeds, and set what an archive's mkdocs.yml need not say."""
        self.error, self.timings = None, []
        with self._stage("seeds"):
            self._config = find_archive(Path(config.config_file_path).parent)
            annotated = pipeline.annotate(self._config)
            _report(annotated, strict=config.strict)
        with self._stage("link"):
            self._archive = pipeline.link(annotated)
        fix_build_date(self._archive)
        with self._stage("settings"):
            apply_settings(config, self._config)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Turn the build to a folder beside the site: MkDocs wipes the one it builds into."""
        self._indexing.close()
        with self._stage("render"):
            pages = pipeline.render(
                self._config, self._archive, config.site_name, search=config.extra["archive_search"]
            )
            self._pages = {page.src_uri: page for page in pages}
        with self._stage("lock"):
            self._published = Path(config.site_dir).resolve()
            root = self._config.root
            check_target(
                self._published, [*(root / name for name in ("seeds", "templates")), Path(config.docs_dir)]
            )
            if self._command != "serve":  # which builds into a folder of its own
                self._held.enter_context(lock(self._published))
            recover(self._published)
            self._held.callback(recover, self._published)
        config.site_dir = str(staging_folder(self._published))
        self._started = time.perf_counter()

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Hand the pages and our styles to MkDocs; a file of the archive's docs/ goes before ours of the same name."""
        hand_written = list(files.documentation_pages())
        self._hand_written = [(file.url, file.dest_uri) for file in hand_written]
        self._pages = {uri: page for uri, page in self._pages.items() if not files.get_file_from_path(uri)}
        for uri, page in self._pages.items():
            inclusion = (
                InclusionLevel.INCLUDED
                if uri in (HOME, ARTICLES, GLOSSARY, BROWSE)
                else InclusionLevel.NOT_IN_NAV
            )
            files.append(File.generated(config, uri, content=page.markdown, inclusion=inclusion))
        for asset in sorted(self._config.assets.rglob("*")):
            uri = f"assets/{asset.relative_to(self._config.assets).as_posix()}"
            if asset.is_file() and not files.get_file_from_path(uri):
                files.append(File.generated(config, uri, abs_src_path=str(asset)))
        if config.nav is None:
            config.nav = _navigation(hand_written)
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Give the theme's templates what ours need to know."""
        del files
        prepare_theme(env, config, serving=self._command == "serve")
        return env

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Give a generated page its title and description, escaped: the theme inserts both as they are."""
        del config, files
        generated = self._pages.get(page.file.src_uri)
        if generated is not None:
            page.meta.update(page_meta(generated))
        return markdown

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Align the cells of tables by class: the policy lets no style attribute apply."""
        del page, config, files
        return _ALIGNED_CELL.sub(r'<\1 class="archive-\2"', html)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Verify the staged site and put it in place; last of all plugins, so that nothing is written after it."""
        self.timings.append(("mkdocs", time.perf_counter() - self._started))
        staged = Path(config.site_dir)
        config.site_dir = str(self._published)
        searched = config.extra["archive_search"]
        if searched and self._command != "serve":
            with self._stage("search"):
                build_search(staged, self._archive, self._hand_written, self._config.cache / "search")
        elif not searched:  # shards that nobody renews would keep the words of texts that are withdrawn later
            shutil.rmtree(self._config.cache / "search", ignore_errors=True)
        with self._stage("verify"):
            faults = verify_site(staged, self._archive, self._pages.values())
            for fault in faults:
                log.error("%s", fault)
            if faults:
                raise SiteError(
                    f"{len(faults)} fault{'' if len(faults) == 1 else 's'} in the built site; the last good site stays"
                )
        if not _counted_by_strict():  # else MkDocs aborts right after this
            with self._stage("put in place"):
                put_in_place(staged, self._published)
        self._held.close()
        if searched and self._command == "serve":
            self._index_meanwhile()

    def _index_meanwhile(self) -> None:
        """Make the index of pages that are served already: an editor waits for the page, not for the search."""
        unwanted = threading.Event()

        def index() -> None:
            try:
                build_search(
                    self._published,
                    self._archive,
                    self._hand_written,
                    self._config.cache / "search",
                    unwanted.is_set,
                )
            except (ArchiveError, OSError) as error:
                log.error("the search index is not made: %s", error)  # noqa: TRY400 - its cause is in its words

        thread = threading.Thread(target=index, name="search index")
        thread.start()
        self._indexing.callback(thread.join)
        self._indexing.callback(unwanted.set)

    def on_build_error(self, *, error: Exception) -> None:
        """Throw the staged site away and let go of the lock."""
        del error
        self._held.close()

    def on_shutdown(self) -> None:
        """Do the same where an interrupt ended the build."""
        self._indexing.close()
        self._held.close()

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Watch what pages are made of besides docs/, and go on serving the last good pages when a rebuild fails."""
        del config, builder
        server.builder = _keep_serving(server.builder)
        for folder in (self._config.seeds, self._config.root / "templates"):
            if folder.is_dir():
                server.watch(str(folder))
        return server

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        """Time a stage; tell MkDocs of our errors in the form that it shows without a traceback."""
        start = time.perf_counter()
        try:
            yield
        except ArchiveError as error:
            self.error = error
            raise PluginError(str(error)) from error
        finally:
            self.timings.append((name, time.perf_counter() - start))


def _keep_serving(build: Callable[[], None]) -> Callable[[], None]:
    """Return a builder for `mkdocs serve` that logs a failure; MkDocs itself would answer no request until a mend."""

    def build_or_log() -> None:
        try:
            build()
        except MkDocsException as error:
            log.error("%s The last good pages stay.", error.message)  # noqa: TRY400 - its cause was logged

    return build_or_log


def _navigation(hand_written: list[File]) -> list[dict[str, str | list[str]]]:
    """Return the tabs of a site whose mkdocs.yml names none.

    Every page in them costs bytes on every other page, so pages in folders of docs/ stay out.
    """
    about = []
    for file in sorted(hand_written, key=lambda file: file.src_uri):
        if "/" in file.src_uri:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        elif file.src_uri != HOME:
            about.append(file.src_uri)
    tabs: list[dict[str, str | list[str]]] = [
        {"Home": HOME},
        {"Articles": ARTICLES},
        {"Glossary": GLOSSARY},
        {"Browse": BROWSE},
    ]
    return [*tabs, {"About": about}] if about else tabs


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
