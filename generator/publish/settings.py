"""Settings: what an archive's mkdocs.yml need not say, and what it may not say otherwise."""

from __future__ import annotations

import logging
import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from generator.config import MARKDOWN_EXTENSIONS, SCRIPTS
from generator.issues import ArchiveError
from generator.publish.mending import MendingLoader
from generator.publish.policy import page_policy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig

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


def apply_settings(config: MkDocsConfig, archive: ArchiveConfig) -> None:
    """Set theme, Markdown and styles as pages need them: no outside origin, one closed Markdown configuration.

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
    config.extra["archive_search"] = not {"search", "material/search"} & set(config.plugins)
    config.extra.setdefault("generator", False)


def prepare_theme(environment: Environment, config: MkDocsConfig, *, serving: bool) -> None:
    """Give the theme's templates what ours need: the languages that Material knows, and the page's policy.

    `mkdocs serve` writes a script of its own into pages, so there they go without a policy.
    """
    assert environment.loader is not None
    environment.loader = MendingLoader(environment.loader)
    languages = environment.list_templates(filter_func=lambda name: name.startswith(_LANGUAGES))
    environment.globals |= {
        "theme_languages": {name.removeprefix(_LANGUAGES).removesuffix(".html") for name in languages},
        "archive_policy": None if serving else page_policy(environment, config),
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
