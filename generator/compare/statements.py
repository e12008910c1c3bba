"""Statements: which keys of an article or entry say something else than before, its definition among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import fields

from generator.model import Overrides

if TYPE_CHECKING:
    from generator.model import Entity, FrontMatter

_KEYS = {"metonym_for": "metonym", "overrides": "annotations"}
"""Fields that have another name than their key."""
_NO_KEYS = frozenset({"id", "path", "alias_lines", "name_line"})


def changed_keys(old: Entity | FrontMatter, new: Entity | FrontMatter) -> tuple[str, ...]:
    """Return the keys whose values differ, in the order of the noun; where in the file they stand is no value."""
    return tuple(
        _KEYS.get(field.name, field.name)
        for field in fields(new)
        if field.name not in _NO_KEYS
        and _value(getattr(old, field.name)) != _value(getattr(new, field.name))
    )


def _value(value: Any) -> Any:  # noqa: ANN401 - whatever a key may hold
    """Return what a key says; overrides without the lines that they stand in."""
    if not isinstance(value, Overrides):
        return value
    groups = (value.prefer, value.link, value.skip)
    return [[(each.surface, each.entity_id, each.nth) for each in group] for group in groups]
