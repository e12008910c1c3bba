"""Site: the whole site through MkDocs, for the command line."""

from __future__ import annotations

import logging
import socket
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, ConfigurationError

from generator.issues import ArchiveError, BuildFailedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig

    from generator.config import ArchiveConfig

PLUGIN = "news-archive"


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """What a build left."""

    site: Path
    """The folder."""
    pages: int
    """How many HTML files lie in it."""
    timings: tuple[tuple[str, float], ...]
    """(stage, seconds)."""


def build_site(config: ArchiveConfig, site_dir: Path | None = None) -> BuiltSite:
    """Build the site of an archive; warnings and errors go to stderr.

    Raises:
        ArchiveError: mkdocs.yml is missing or wrong.
        BuildFailedError: the build stopped.
    """
    with _talk_on_stderr(logging.WARNING):
        mkdocs_config = _load(config, **({"site_dir": str(site_dir.resolve())} if site_dir else {}))
        plugin: Any = mkdocs_config.plugins[PLUGIN]
        mkdocs_config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build.build(mkdocs_config)
        except Abort as error:
            raise BuildFailedError(plugin.error.exit_code if plugin.error else 1) from error
        finally:
            mkdocs_config.plugins.on_shutdown()
    site = Path(mkdocs_config.site_dir)
    return BuiltSite(site, sum(1 for _ in site.rglob("*.html")), tuple(plugin.timings))


def serve_site(config: ArchiveConfig, address: str | None = None) -> None:
    """Serve the site of an archive with live reload until interrupted.

    Raises:
        ArchiveError: mkdocs.yml is missing or wrong.
        BuildFailedError: the first build stopped.
    """
    with _talk_on_stderr(logging.INFO):
        options: dict[str, Any] = _docs_dir(config) | ({"dev_addr": address} if address else {})
        loaded = _load(config, **({"dev_addr": address} if address else {}))
        _check_free(*loaded.dev_addr)
        try:
            mkdocs_serve.serve(config_file=str(_config_file(config)), **options)
        except Abort as error:
            raise BuildFailedError(1) from error


def _check_free(host: str, port: int) -> None:
    """Say before the first build, not after it, that nobody can be served at an address."""
    try:
        with socket.create_server((host, port)):
            pass
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArchiveError(
            f"{host}:{port} cannot be served: {reason}", "name another with --address HOST:PORT"
        ) from error


@contextmanager
def _talk_on_stderr(level: int) -> Iterator[None]:
    """Let MkDocs' and our log lines of a level and above appear on stderr, as they are."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain())
    handler.setLevel(level)
    logger = logging.getLogger("mkdocs")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


class _Plain(logging.Formatter):
    """An issue stands first in its line, as editors open it."""

    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage().removeprefix(f"{PLUGIN}: ")


def _config_file(config: ArchiveConfig) -> Path:
    file = config.root / "mkdocs.yml"
    if not file.is_file():
        raise ArchiveError(
            f"there is no mkdocs.yml in {config.root}",
            "write one with the lines 'site_name: …', 'theme: {name: material}' and 'plugins: [news-archive]'",
        )
    return file


def _load(config: ArchiveConfig, **options: str) -> MkDocsConfig:
    try:
        loaded = load_config(config_file=str(_config_file(config)), **_docs_dir(config), **options)
    except (Abort, ConfigurationError) as error:
        raise ArchiveError(
            f"mkdocs.yml is wrong: {error}", "see the lines above, and docs/commands.md"
        ) from error
    if PLUGIN not in loaded.plugins:
        raise ArchiveError("mkdocs.yml does not name our plugin", f"add the line 'plugins: [{PLUGIN}]'")
    return loaded


def _docs_dir(config: ArchiveConfig) -> dict[str, str]:
    """Return an empty docs_dir for an archive that has no docs/: MkDocs wants one to exist."""
    if (config.root / "docs").is_dir():
        return {}
    empty = config.cache / "docs"
    empty.mkdir(parents=True, exist_ok=True)
    return {"docs_dir": str(empty)}
