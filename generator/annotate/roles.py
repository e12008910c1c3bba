"""Roles: offices by which a text names people. `Syria's President` is who held the role on the article's date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.annotate.fold import fold
from generator.annotate.variants import derive
from generator.model import Alias, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model import Edtf, Entity

MAX_TITLE = 60
"""Code points before a surname in which a title is looked for."""


def role_forms(entity: Entity, entities: Mapping[str, Entity]) -> Iterator[Alias]:
    """Yield the phrases that name a person by a role, valid while the role was held.

    `Syria's President`, `President of Syria`, `Syrian president`, `UN Secretary-General`.
    """
    if "role" in entity.without:
        return
    for role in entity.roles:
        body = entities.get(role.of or "")
        if body is None:
            continue
        for text in dict.fromkeys(_phrases(role.title, body)):
            yield Alias(text, since=role.since, until=role.until)


def _phrases(title: str, body: Entity) -> Iterator[str]:
    """Yield the ways to say a title of a country or another body."""
    forms = [
        *body.surface_forms,
        *(alias for rule, alias in derive(body) if rule in ("country-name", "without-article")),
    ]
    for said in dict.fromkeys((title, _with_capitals(title), title.lower())):
        for form in forms:
            if form.strength is Strength.FULL:
                yield f"{form.text}'s {said}"
                yield f"{said} of {form.text}"
                yield f"{said} of the {form.text}"
                yield f"{form.text} {said}"
            elif form.strength is Strength.DEMONYM:
                yield f"{form.text} {said}"


def _with_capitals(title: str) -> str:
    return " ".join(word if word == "of" else word[:1].upper() + word[1:] for word in title.split())


def has_title_before(folded: str, start: int, entity: Entity, day: Edtf) -> bool:
    """Tell whether a title that the person held on that day stands right before `start`: `President Al-Shara`."""
    if not entity.roles:
        return False
    before = folded[max(0, start - MAX_TITLE) : start].lower()
    return any(
        before.endswith(title := f"{fold(role.title).lower()} ")
        and not before[: -len(title)][-1:].isalnum()
        and Alias(role.title, since=role.since, until=role.until).valid_on(day)
        for role in entity.roles
    )
