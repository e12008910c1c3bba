"""Settings: what an archive's mkdocs.yml need not say, and what it may not say otherwise."""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.utils import get_build_timestamp, get_theme_dir
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from generator.config import MARKDOWN_EXTENSIONS, SCRIPTS
from generator.issues import ArchiveError
from generator.publish.mending import MendingLoader
from generator.publish.policy import page_policy
from generator.render.compiled import keep_compiled
from generator.store import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation

    from generator.config import ArchiveConfig
    from generator.model import Archive, Article

log = logging.getLogger("mkdocs.plugins.news-archive")

STYLES = "assets/archive.css"
_LANGUAGES = "partials/languages/"
"""Where Material keeps its words in every language that it knows."""
FEATURES = ("navigation.tabs", "navigation.top")
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


def apply_settings(config: MkDocsConfig, archive: ArchiveConfig, *, search: bool = True) -> None:
    """Set theme, Markdown and styles as pages need them: no outside origin, one closed Markdown configuration.

    Args:
        config: MkDocs' own.
        archive: what is built.
        search: whether the site gets a search of ours; it gets none either where mkdocs.yml names another.

    Raises:
        ArchiveError: the theme is not Material.
    """
    if config.theme.name != "material":
        raise ArchiveError(
            f"mkdocs.yml names the theme {config.theme.name!r}, and pages are made for Material",
            "write the line 'theme: {name: material}'",
        )
    config.theme["font"] = False
    config.theme["palette"] = config.theme.get("palette") or PALETTE
    config.theme["features"] = list(dict.fromkeys([*config.theme.get("features", []), *FEATURES]))
    own = 1 if config.theme.custom_dir else 0
    config.theme.dirs[own:own] = [str(folder) for folder in archive.theme_templates if folder.is_dir()]
    unused = sorted({str(name) for name in config.markdown_extensions} - set(MARKDOWN_EXTENSIONS))
    if unused:
        log.warning(
            "markdown_extensions: %s is not used; the Markdown of an archive is closed", ", ".join(unused)
        )
    config.markdown_extensions = list(MARKDOWN_EXTENSIONS)
    config.mdx_configs = {"toc": {"toc_depth": "1-3"}}
    config.extra_css = list(dict.fromkeys([STYLES, *config.extra_css]))
    config.extra["archive_scripts"] = [f"assets/{name}.js" for name in SCRIPTS]
    config.extra["archive_search"] = search and not others_search(config)
    config.extra.setdefault("generator", False)
    config.theme.static_templates.discard("sitemap.xml")  # ours is made of pages that MkDocs does not build


def configured_address(config: MkDocsConfig) -> str | None:
    """Return the address of the site in mkdocs.yml, in whose place `mkdocs serve` puts its own."""
    address = _settings(config).get("site_url")
    return f"{str(address).rstrip('/')}/" if address else None


def _settings(config: MkDocsConfig) -> dict[str, Any]:
    """Return what mkdocs.yml says, with the settings that it inherits."""
    with Path(config.config_file_path).open("rb") as file:
        return yaml_load(file, get_yaml_loader(config=config))


def others_search(config: MkDocsConfig) -> bool:
    """Tell whether mkdocs.yml names another search, which finds the pages that people wrote and those that are tabs."""
    return bool({"search", "material/search"} & set(config.plugins))


def others_take_part(config: MkDocsConfig) -> bool:
    """Tell whether hooks or plugins of others may change what is built, in ways that nobody here knows."""
    return bool(config.hooks) or bool(set(config.plugins) - {"news-archive", "search", "material/search"})


def read_from(config: MkDocsConfig, archive: ArchiveConfig) -> tuple[Path, ...]:
    """Return the files and folders that a build reads; none where its settings may name others."""
    settings = Path(config.config_file_path)
    if re.search(rb"INHERIT|!ENV", settings.read_bytes()) or others_take_part(config):
        return ()
    docs = (Path(config.docs_dir), archive.root / "docs")  # where that is not there yet, an empty one is named
    custom = [Path(config.theme.custom_dir)] if config.theme.custom_dir else []
    ours = (*archive.page_templates, *archive.theme_templates, archive.assets)
    return (settings, archive.seeds, *dict.fromkeys((*docs, *custom, *ours)))


def own_templates(config: MkDocsConfig, archive: ArchiveConfig, nav: Navigation) -> bytes:
    """Return what stands for the templates of the theme and for what they may ask for of the site.

    That is the settings, the navigation with the front matter of its pages and, where a template names it, the day of
    the build. Empty where no template is the archive's own; never the same where others take part.
    """
    if others_take_part(config):
        return os.urandom(32)
    custom = [Path(config.theme.custom_dir)] if config.theme.custom_dir else []
    *beside, shipped = [*custom, *archive.theme_templates]
    own = [folder for folder in beside if folder != shipped]  # they are one where the archive is this project
    if not any(file.is_file() for folder in own for file in folder.rglob("*")):
        return b""
    files = [
        (file.relative_to(folder).as_posix(), file.read_bytes())
        for folder in (*own, shipped)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    ]
    dated = any(b"build_date_utc" in content for _, content in files)
    day = get_build_timestamp() if dated else 0
    said = [_settings(config), config.extra, str(nav), [page.meta for page in nav.pages], day]
    parts = (part for name, content in files for part in (name.encode(), content))
    return digest(json.dumps(said, default=str).encode(), *parts)


def prepare_theme(environment: Environment, config: MkDocsConfig) -> None:
    """Give the theme's templates what ours need, and keep Material's compiled.

    Ours need the languages that Material knows, and the page's policy.
    """
    assert environment.loader is not None
    environment.loader = MendingLoader(environment.loader)
    if environment.bytecode_cache is None:
        keep_compiled(environment, Path(get_theme_dir("material")))
    languages = environment.list_templates(filter_func=lambda name: name.startswith(_LANGUAGES))
    environment.globals |= {
        "theme_languages": {name.removeprefix(_LANGUAGES).removesuffix(".html") for name in languages},
        "archive_policy": page_policy(environment, config),
    }


_own: dict[str, str] = {}
"""The SOURCE_DATE_EPOCH that we set: a rebuild of `mkdocs serve` may change it; a user's own value stays."""


def fix_build_date(archive: Archive) -> None:
    """Make dates in the site depend on the seeds, not the clock, so that two builds give the same bytes."""
    newest = _newest_day(annotated.article for annotated in archive.articles)
    if newest and os.environ.get("SOURCE_DATE_EPOCH") in (None, "", _own.get("epoch")):
        moment = datetime(newest.year, newest.month, newest.day, tzinfo=UTC)
        _own["epoch"] = os.environ["SOURCE_DATE_EPOCH"] = str(max(int(moment.timestamp()), 0))


def _newest_day(articles: Iterable[Article]) -> date | None:
    """Return the latest day that any of these articles names, or None where none does."""
    days = [
        day
        for article in articles
        for edtf in (article.front_matter.date, article.front_matter.updated, article.front_matter.captured)
        if edtf is not None
        for day in (edtf.latest, edtf.earliest)
        if date.min < day < date.max - timedelta(days=1)
    ]
    return max(days, default=None)
