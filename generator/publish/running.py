"""Running: how the command line calls MkDocs."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, ConfigurationError
from msgspec.structs import replace

from generator.issues import ArchiveError, BuildFailedError
from generator.publish.frame import Run, encode_frame
from generator.publish.reporting import NAME, talk_on_stderr
from generator.publish.settings import read_from
from generator.store import make_folder
from generator.unchanged import look_at
from generator.workers import without_collector

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from generator.config import ArchiveConfig
    from generator.progress import Progress


def run_build(config: ArchiveConfig, site_dir: Path | None, progress: Progress, *, search: bool) -> Run:
    """Build the site of an archive; warnings and errors go to stderr. See `build_site`."""
    settings = look_at([_config_file(config)])
    with talk_on_stderr(logging.WARNING) as said:
        mkdocs_config = _load(config, **({"site_dir": str(site_dir.resolve())} if site_dir else {}))
        roots, named = read_from(mkdocs_config, config), mkdocs_config.site_dir
        inputs = look_at(roots) | settings
        plugin: Any = mkdocs_config.plugins[NAME]
        plugin.search, plugin.progress = search, progress
        mkdocs_config.plugins.on_startup(command="build", dirty=False)
        try:
            with without_collector():
                mkdocs_build.build(mkdocs_config)
        except Abort as error:
            raise BuildFailedError(plugin.error.exit_code if plugin.error else 1) from error
        finally:
            mkdocs_config.plugins.on_shutdown()
    frame = b""
    if plugin.frame is not None:
        warnings = tuple(line for line in said if line not in plugin.reported)
        frame = encode_frame(replace(plugin.frame, said=warnings))
    return Run(Path(mkdocs_config.site_dir), named, plugin.assembly, roots, inputs, tuple(said), frame)


def serve_site(config: ArchiveConfig, address: str | None = None) -> None:
    """Serve the site of an archive with live reload until interrupted.

    Raises:
        ArchiveError: mkdocs.yml is missing or wrong.
        BuildFailedError: the first build stopped.
    """
    with talk_on_stderr(logging.INFO):
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
    if NAME not in loaded.plugins:
        raise ArchiveError("mkdocs.yml does not name our plugin", f"add the line 'plugins: [{NAME}]'")
    return loaded


def _docs_dir(config: ArchiveConfig) -> dict[str, str]:
    """Return an empty docs_dir for an archive that has no docs/: MkDocs wants one to exist."""
    if (config.root / "docs").is_dir():
        return {}
    empty = config.cache / "docs"
    make_folder(empty)
    return {"docs_dir": str(empty)}
