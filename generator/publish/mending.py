"""Mending: small faults of Material's templates, set right where they are read, so that pages are valid and named.

A version of Material without a fault just finds nothing to mend. tests/browser/test_access.py sees what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BaseLoader

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

_MENDS = {
    "base.html": (
        # a checkbox takes `autocomplete` from its form only
        ('id="__drawer" autocomplete="off">', 'id="__drawer" form="__switches">'),
        (
            'id="__search" autocomplete="off">',
            'id="__search" form="__switches"><form id="__switches" autocomplete="off"></form>',
        ),
    ),
    "partials/search.html": (
        ('role="dialog"', """role="dialog" aria-label="{{ lang.t('search') }}\""""),
        (' autocorrect="off"', ""),
    ),
    # our search has Material's box without Material's plugin
    "partials/header.html": (
        (
            '{% if "material/search" in config.plugins %}',
            '{% if "material/search" in config.plugins or config.extra.archive_search %}',
        ),
        ("{% if search.enabled %}", "{% if config.extra.archive_search or search.enabled %}"),
        (
            '{% include "partials/search.html" %}',
            '{% include "partials/" ~ ("archive-" if config.extra.archive_search else "") ~ "search.html" %}',
        ),
        (
            'config.plugins["material/search"] | attr("config")',
            'config.plugins.get("material/search") | attr("config")',
        ),
    ),
    "partials/nav-item.html": (
        (' tabindex="{{ tabindex }}"', '{% if tabindex %} tabindex="{{ tabindex }}"{% endif %}'),
    ),
    # only pages of the navigation have the switch that the label is for
    "partials/toc.html": ((' for="__toc"', '{% if page in nav.pages %} for="__toc"{% endif %}'),),
}


class MendingLoader(BaseLoader):
    """Loads the theme's templates without the faults that we know of."""

    def __init__(self, theme: BaseLoader) -> None:
        self._theme = theme

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the source of a template, where it lies, and whether it is still that.

        Raises:
            TemplateNotFound: the theme has no such template.
        """
        source, file, up_to_date = self._theme.get_source(environment, template)
        for fault, mended in _MENDS.get(template, ()):
            source = source.replace(fault, mended)
        return source, file, up_to_date

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        return self._theme.list_templates()
