"""Outlets: which entry of kind outlet a page belongs to, told by its site's name or its host; never guessed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.issues import visible
from generator.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Entity


def find_outlet(
    entities: Iterable[Entity], site_name: str | None, url: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the id of the one outlet that has this name or host, or None and what to do about it.

    An outlet has a host where its name or an alias is that host, as `axios.com`. Addresses of sources do not
    count: an entry may be sourced from any site.
    """
    wanted = {name.casefold() for name in (site_name, host_of(url)) if name}
    if not wanted:
        return None, ()
    found = {
        entity.id
        for entity in entities
        if entity.kind is Kind.OUTLET
        and wanted & {name.casefold() for name in (entity.name, *(alias.text for alias in entity.aliases))}
    }
    if len(found) == 1:
        return found.pop(), ()
    said = visible(site_name or host_of(url) or "")
    if found:
        return None, (f"{', '.join(sorted(found))} may be its outlet: write one of them as 'outlet'",)
    name = shlex.quote(said)  # a page chooses it, and a person may paste the command
    return None, (
        f"the glossary has no outlet {said}; add one with: archive new entry --kind outlet --name {name}",
    )


def host_of(url: str | None) -> str | None:
    """Return the host of an address without `www.`.

    >>> host_of("https://www.axios.com/2025/06/30/talks")
    'axios.com'
    """
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
