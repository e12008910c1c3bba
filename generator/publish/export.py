"""Export: the whole archive as plain Markdown that stock MkDocs builds without our plugin."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import yaml

from generator.config import MARKDOWN_EXTENSIONS, SCRIPTS
from generator.issues import ArchiveError
from generator.publish.front_matter import page_meta
from generator.publish.markdown import markdown_of
from generator.render.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.config import ArchiveConfig
    from generator.model import Page


def export_markdown(config: ArchiveConfig, pages: Iterable[Page], site_name: str, folder: Path) -> int:
    """Write DIR/mkdocs.yml and DIR/docs/ and return the number of generated pages.

    Hand-written pages and assets of the archive's docs/ are copied, and go before generated ones of the same name.

    Raises:
        ArchiveError: `folder` exists and is not empty: nothing is overwritten; or a page template cannot be used.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArchiveError(f"{folder} is not an empty folder", "name a folder that does not exist yet")
    docs = folder / "docs"
    hand_written = config.root / "docs"
    shutil.copytree(config.assets, docs / "assets")
    if hand_written.is_dir():
        shutil.copytree(hand_written, docs, dirs_exist_ok=True)
    templates = Templates(config)
    count = 0
    for page in pages:
        file = docs / page.src_uri
        if file.exists():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        content = markdown_of(templates.html(page), page.src_uri)
        file.write_text(_front_matter(page) + content, encoding="utf-8", newline="\n")
        count += 1
    (folder / "mkdocs.yml").write_text(_mkdocs_yml(site_name), encoding="utf-8", newline="\n")
    return count


def site_name_of(config: ArchiveConfig) -> str:
    """Return the name that mkdocs.yml gives the site; a plain one where there is no such file."""
    file = config.root / "mkdocs.yml"
    settings = yaml.load(file.read_bytes(), Loader=yaml.BaseLoader) if file.is_file() else {}  # noqa: S506 - texts only
    return str((settings or {}).get("site_name") or "News archive")


def _front_matter(page: Page) -> str:
    """Return a page's front matter; JSON texts are YAML."""
    meta = page_meta(page)
    return (
        "---\n"
        + "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in meta.items())
        + "---\n"
    )


def _mkdocs_yml(site_name: str) -> str:
    extensions = "".join(f"  - {name}\n" for name in MARKDOWN_EXTENSIONS)
    scripts = "".join(f"  - {{path: assets/{name}.js, type: module}}\n" for name in SCRIPTS)
    return (
        f"site_name: {json.dumps(site_name, ensure_ascii=False)}\n"
        "theme:\n  name: material\n  font: false\n"
        "extra_css: [assets/archive.css]\n"
        f"extra_javascript:\n{scripts}"
        "nav:\n  - Home: index.md\n  - Articles: articles/index.md\n  - Glossary: glossary/index.md\n"
        "  - Browse: browse/index.md\n"
        "not_in_nav: |\n  *\n"
        f"markdown_extensions:\n{extensions}"
    )
