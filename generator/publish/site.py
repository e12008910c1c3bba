"""Site: the whole site through MkDocs, for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config

from generator.issues import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

    from generator.config import ArchiveConfig


def build_site(config: ArchiveConfig, site_dir: Path | None = None) -> Path:
    """Build the site of an archive and return the folder that holds it.

    Raises:
        ArchiveError: mkdocs.yml is missing or does not name the plugin.
        mkdocs.exceptions.MkDocsException: the build failed; the last good site is untouched.
    """
    options = {"site_dir": str(site_dir.resolve())} if site_dir else {}
    mkdocs_config = _load(config, **options)
    mkdocs_config.plugins.on_startup(command="build", dirty=False)
    mkdocs_build.build(mkdocs_config)
    mkdocs_config.plugins.on_shutdown()
    return config.root / mkdocs_config.site_dir


def serve_site(config: ArchiveConfig, address: str | None = None) -> None:
    """Serve the site of an archive with live reload until interrupted."""
    _load(config)
    options = {"dev_addr": address} if address else {}
    mkdocs_serve.serve(config_file=str(_config_file(config)), **_docs_dir(config), **options)


def _config_file(config: ArchiveConfig) -> Path:
    file = config.root / "mkdocs.yml"
    if not file.is_file():
        raise ArchiveError(
            f"there is no mkdocs.yml in {config.root}",
            "write one with the lines 'site_name: …', 'theme: {name: material}' and 'plugins: [news-archive]'",
        )
    return file


def _load(config: ArchiveConfig, **options: str) -> MkDocsConfig:
    loaded = load_config(config_file=str(_config_file(config)), **_docs_dir(config), **options)
    if "news-archive" not in loaded.plugins:
        raise ArchiveError("mkdocs.yml does not name our plugin", "add the line 'plugins: [news-archive]'")
    return loaded


def _docs_dir(config: ArchiveConfig) -> dict[str, str]:
    """Return an empty docs_dir for an archive that has no docs/: MkDocs wants one to exist."""
    if (config.root / "docs").is_dir():
        return {}
    empty = config.cache / "docs"
    empty.mkdir(parents=True, exist_ok=True)
    return {"docs_dir": str(empty)}
