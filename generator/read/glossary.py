"""Glossary: files of seeds/glossary become `Entity` values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.issues import quote
from generator.model import Alias, Entity, Kind, Location, Relation, Role, Source, Strength
from generator.read.definitions import check_definition
from generator.read.files import check_ids, list_files, read_text, stray_file
from generator.read.front_matter import parse_seed
from generator.read.mends import wikidata_id
from generator.read.nodes import MappingNode, Node, ScalarNode, SequenceNode
from generator.read.schema import Fields

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from pathlib import Path

    from generator.issues import Issue
    from generator.read.files import SeedFile

FOLDER = "seeds/glossary"
MAX_DESCRIPTION = 400

KEYS = (
    "name", "kind", "description", "aliases", "without", "roles", "stop", "metonym", "date", "location", "same_as",
    "relations", "sources", "replaces",
)  # fmt: skip

REQUIRED = ("name", "kind", "description")
WIKIDATA_ID = re.compile(r"Q[1-9][0-9]{0,11}")

VARIANT_RULES = (
    "arabic-article", "bracketed", "capitalised", "company-form", "country-name", "dotted-initials", "first-word",
    "initials", "place-without-type", "plural", "role", "spelling", "surname", "transliteration",
    "without-article",
)  # fmt: skip
"""What an entry may switch off with `without`."""

RELATIONS = (
    "located-in", "part-of", "member-of", "party", "broker", "participant", "predecessor", "related",
)  # fmt: skip


def read_glossary(root: Path) -> tuple[list[Entity], list[str], list[Issue]]:
    """Return the entries without an error of their own, the paths of all entry files, and the issues."""
    files, issues = list_files(root, FOLDER)
    ids = {entry_id(file.path) for file in files if file.path.endswith(".md")}
    entities: list[Entity] = []
    for file in files:
        entity, found = read_entry(file, ids)
        issues += found
        if entity is not None:
            entities.append(entity)
    return entities, [file.path for file in files], issues


def entry_id(path: str) -> str:
    """Return the id that an entry's path gives: its stem."""
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def read_entry(file: SeedFile, ids: Collection[str]) -> tuple[Entity | None, list[Issue]]:
    """Return one entry, or None and what is wrong with its file; `ids` are those of all entries."""
    if not file.path.endswith(".md"):
        return None, [stray_file(file.path)]
    issues = check_ids(file.path, [entry_id(file.path)])
    text, found = read_text(file)
    issues += found
    if text is None:
        return None, issues
    document, found = parse_seed(file.path, text)
    issues += found
    if document is None:
        return None, issues
    fields = Fields(file.path, document.mapping, issues, KEYS, ids, mends=document.mends)
    entity = _entity(fields, file.path, document.body)
    sources = fields.node("sources")
    count = len(sources.items) if isinstance(sources, SequenceNode) else 0
    issues += check_definition(file.path, document.body, document.first_line, count)
    return (None, issues) if issues else (entity, [])


def _entity(fields: Fields, path: str, body: str) -> Entity | None:
    """Return the typed entry, or None where a required key is absent or wrong."""
    fields.require(*REQUIRED)
    name = fields.one("name", fields.text_of_at_most(200))
    kind = fields.one("kind", fields.choice(*(kind.value for kind in Kind)))
    description = fields.one("description", fields.text_of_at_most(MAX_DESCRIPTION))
    aliases = fields.many("aliases", lambda node: _alias(fields, node, kind))
    values = {
        "aliases": tuple(alias for alias, _ in aliases),
        "alias_lines": tuple(line for _, line in aliases),
        "name_line": fields.line("name"),
        "roles": fields.many("roles", lambda node: _role(fields, node)),
        "without": fields.many("without", fields.choice(*VARIANT_RULES)),
        "stop": fields.many("stop", fields.text_of_at_most(200)),
        "metonym_for": fields.one("metonym", lambda node: _metonym(fields, node)),
        "date": fields.one("date", fields.date),
        "location": fields.one("location", lambda node: _location(fields, node)),
        "same_as": fields.one("same_as", lambda node: _same_as(fields, node)) or {},
        "relations": fields.many("relations", lambda node: _relation(fields, node)),
        "sources": fields.many("sources", lambda node: _source(fields, node)),
        "replaces": fields.many("replaces", fields.new_id),
        "replaces_lines": fields.lines("replaces"),
    }
    if name is None or kind is None or description is None:
        return None
    return Entity(entry_id(path), path, Kind(kind), name, description, body, **values)  # type: ignore[arg-type]


def _period(fields: Fields) -> tuple[date | None, date | None]:
    """Return the first day of `since` and the last day of `until`."""
    since, until = fields.one("since", fields.date), fields.one("until", fields.date)
    if since and until and since.earliest > until.latest:
        node = fields.node("until")
        assert node is not None
        fields.add(
            node,
            "bad-period",
            f"{quote(until.text)} is before {quote(since.text)}",
            "exchange since and until",
        )
    return since.earliest if since else None, until.latest if until else None


_PROPER = frozenset({"person", "place", "organisation", "outlet"})


def _default_strength(text: str, kind: str | None) -> Strength:
    """Return the strength of an alias that says none: a common noun, such as `government` of a country, is weak."""
    return Strength.WEAK if kind in _PROPER and text.islower() else Strength.FULL


def _alias(fields: Fields, node: Node, kind: str | None) -> tuple[Alias, int] | None:
    """`Quneitra Province` or `{text: القنيطرة, language: ar}`."""
    parse_text = fields.text_of_at_most(200)
    if isinstance(node, ScalarNode):
        text = parse_text(node)
        return (Alias(text, _default_strength(text, kind)), node.line) if text else None
    inner = fields.inner(
        node, ("text", "strength", "language", "case", "since", "until"), "{text: القنيطرة, language: ar}"
    )
    if inner is None:
        return None
    inner.require("text")
    text = inner.one("text", parse_text)
    strength = inner.one("strength", inner.choice(*(strength.value for strength in Strength)))
    language = inner.one("language", inner.language)
    exact = inner.one("case", inner.choice("exact")) is not None
    since, until = _period(inner)
    if text is None:
        return None
    return Alias(
        text, Strength(strength) if strength else _default_strength(text, kind), language, exact, since, until
    ), node.line


def _role(fields: Fields, node: Node) -> Role | None:
    inner = fields.inner(
        node, ("title", "of", "since", "until"), "{title: President, of: syria, since: 2025-01-29}"
    )
    if inner is None:
        return None
    inner.require("title")
    title, of = inner.one("title", inner.text), inner.one("of", inner.entity_id)
    since, until = _period(inner)
    return Role(title, of, since, until) if title else None


def _metonym(fields: Fields, node: Node) -> str | None:
    inner = fields.inner(node, ("for",), "{for: israel}")
    if inner is None:
        return None
    inner.require("for")
    return inner.one("for", inner.entity_id)


def _location(fields: Fields, node: Node) -> Location | None:
    inner = fields.inner(node, ("lat", "lon"), "{lat: 33.03, lon: 35.79}")
    if inner is None:
        return None
    inner.require("lat", "lon")
    lat, lon = inner.one("lat", inner.degrees(90)), inner.one("lon", inner.degrees(180))
    return Location(lat, lon) if lat is not None and lon is not None else None


def _same_as(fields: Fields, node: Node) -> dict[str, str] | None:
    inner = fields.inner(node, ("wikidata",), "{wikidata: Q42}")
    if inner is None or not isinstance(node, MappingNode):
        return None
    ids: dict[str, str] = {}
    for key, value in node.pairs:
        text = fields.text(value) if key.value == "wikidata" else None
        if text is not None and not WIKIDATA_ID.fullmatch(text):
            fields.add(
                value,
                "bad-wikidata-id",
                f"{quote(text)} is not a Wikidata id",
                "write Q and digits, as in Q42",
                fields.rewrite(value, wikidata_id(text)),
            )
        elif text is not None:
            ids[key.value] = text
    return ids


def _relation(fields: Fields, node: Node) -> Relation | None:
    inner = fields.inner(node, ("kind", "to", "since", "until"), "{kind: located-in, to: syria}")
    if inner is None:
        return None
    inner.require("kind", "to")
    kind, to = inner.one("kind", inner.choice(*RELATIONS)), inner.one("to", inner.entity_id)
    since, until = inner.one("since", inner.date), inner.one("until", inner.date)
    return Relation(kind, to, since, until) if kind and to else None


def _source(fields: Fields, node: Node) -> Source | None:
    inner = fields.inner(
        node,
        ("title", "publisher", "url", "date"),
        "{title: …, publisher: …, url: https://…, date: 2025-06-25}",
    )
    if inner is None:
        return None
    inner.require("title")
    title, publisher = inner.one("title", inner.text), inner.one("publisher", inner.text)
    url, day = inner.one("url", inner.url), inner.one("date", inner.date)
    return Source(title, publisher, url, day) if title else None
