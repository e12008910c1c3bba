"""Editing: what a program for editing texts must know of front matter, as JSON Schema (draft 2020-12).

It is built from what the reader itself checks by, and says of each key what the page on writing says. It is a little
wider than the reader, never narrower: that an id exists or that a day does, no schema can tell.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from generator.config import SHIPPED
from generator.model import Kind, Strength
from generator.read import articles, glossary
from generator.read.files import ID_RULE
from generator.read.keys import MAX_ITEMS
from generator.read.schema import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DOCS = "docs/writing.md"
Schema = dict[str, Any]

_SCALAR = ["string", "number", "boolean"]
"""Editors read `title: 1984` as a number and `title: no` as false; for us both are texts."""
_PART = r"[~?%]?[0-9X]{4}[~?%]?(-[~?%]?[0-9X]{2}[~?%]?){0,2}"
_IN_LINE = r"[^\n\r\v\f\u0085\u2028\u2029]"
_OWN_KEYS = {"^x-": True}


def _text(limit: int | None = None) -> Schema:
    length = {"maxLength": limit} if limit else {}
    return {"type": _SCALAR, "pattern": rf"^{_IN_LINE}*\S{_IN_LINE}*$"} | length


_DATE: Schema = {"type": ["string", "number"], "pattern": rf"^({_PART}|({_PART}|\.\.)?/({_PART}|\.\.)?)$"}
_LANGUAGE: Schema = {"type": ["string", "boolean"], "pattern": f"^{LANGUAGE.pattern}$"}
_URL: Schema = {"type": "string", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s<>\"\\^`{|}]+$"}
_ID: Schema = {"type": _SCALAR, "pattern": f"^{ID_RULE.pattern}$"}
_ARTICLE_ID: Schema = {"type": _SCALAR, "pattern": f"^{ID_RULE.pattern}(/{ID_RULE.pattern})*$"}
_FILE_NAME: Schema = {"type": _SCALAR, "pattern": r"^[^./\\][^/\\]*$"}
_COUNT: Schema = {
    "type": ["integer", "string"],
    "minimum": 1,
    "maximum": 999_999,
    "pattern": "^[1-9][0-9]{0,5}$",
}


def _degrees(limit: int) -> Schema:
    pattern = r"^[+-]?[0-9]{1,3}(\.[0-9]{1,15})?$"
    return {"type": ["number", "string"], "minimum": -limit, "maximum": limit, "pattern": pattern}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item, "maxItems": MAX_ITEMS}


def _mapping(section: str, properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """Return the schema of a mapping whose keys a section of the page on writing describes."""
    said = _descriptions()[section]
    return {
        "type": "object",
        "properties": {key: value | {"description": said[key]} for key, value in properties.items()},
        "patternProperties": _OWN_KEYS,
        "additionalProperties": False,
    } | ({"required": list(required)} if required else {})


def _words(values: Iterable[str]) -> Schema:
    return {"enum": [str(value) for value in values]}


def article_schema() -> Schema:
    """Return the schema of an article's front matter."""
    override = {"text": _text(500), "to": _ID, "nth": _COUNT}
    skipped = {key: value for key, value in override.items() if key != "to"}
    prefer = {
        "type": "object", "additionalProperties": _ID, "maxProperties": MAX_ITEMS,
        "propertyNames": {"maxLength": 500},
    }  # fmt: skip
    annotations = {
        "prefer": prefer,
        "link": _list(_mapping("Overrides", override, ("text", "to"))),
        "skip": _list(_mapping("Overrides", skipped, ("text",))),
    }
    correction = _mapping("Corrections", {"date": _DATE, "text": _text()}, ("date", "text"))
    withdrawal = _mapping("Withdrawn", {"date": _DATE, "reason": _text()}, ("date", "reason"))
    keys: dict[str, Schema] = {
        "title": _text(500), "date": _DATE, "language": _LANGUAGE, "supplied": _list(_words(articles.KEYS)),
        "outlet": _ID, "byline": _text(500), "url": _URL, "archived_url": _URL, "updated": _DATE,
        "captured": _DATE, "rights": _text(1000), "capture": _FILE_NAME, "original": _FILE_NAME,
        "topics": _list(_text(100)), "corrections": _list(correction), "replaces": _list(_ARTICLE_ID),
        "withdrawn": withdrawal, "annotations": _mapping("Overrides", annotations),
    }  # fmt: skip
    return _whole("An article", {key: keys[key] for key in articles.KEYS}, articles.REQUIRED)


def entry_schema() -> Schema:
    """Return the schema of an entry's front matter."""
    period = {"since": _DATE, "until": _DATE}
    alias = {
        "text": _text(200),
        "strength": _words(Strength),
        "language": _LANGUAGE,
        "case": _words(["exact"]),
    }
    role = {"title": _text(), "of": _ID} | period
    relation = {"kind": _words(glossary.RELATIONS), "to": _ID} | period
    source = {"title": _text(), "publisher": _text(), "url": _URL, "date": _DATE}
    location = {"lat": _degrees(90), "lon": _degrees(180)}
    wikidata = {"wikidata": {"type": "string", "pattern": f"^{glossary.WIKIDATA_ID.pattern}$"}}
    keys: dict[str, Schema] = {
        "name": _text(200), "kind": _words(Kind), "description": _text(glossary.MAX_DESCRIPTION),
        "aliases": _list({"anyOf": [_text(200), _mapping("Aliases", alias | period, ("text",))]}),
        "without": _list(_words(glossary.VARIANT_RULES)),
        "roles": _list(_mapping("Roles", role, ("title",))), "stop": _list(_text(200)),
        "metonym": _mapping("Metonym", {"for": _ID}, ("for",)), "date": _DATE,
        "location": _mapping("Location", location, ("lat", "lon")),
        "same_as": _mapping("same_as", wikidata),
        "relations": _list(_mapping("Relations", relation, ("kind", "to"))),
        "sources": _list(_mapping("Sources", source, ("title",))), "replaces": _list(_ID),
    }  # fmt: skip
    return _whole("An entry", {key: keys[key] for key in glossary.KEYS}, glossary.REQUIRED)


def _whole(section: str, properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"{section}: front matter"}
    return head | _mapping(section, properties, required)


def write_schemas(folder: Path) -> list[Path]:
    """Write both schemas into a folder, in place of older ones; return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, schema in (("article", article_schema()), ("entry", entry_schema())):
        files.append(folder / f"{name}.schema.json")
        text = json.dumps(schema, ensure_ascii=False, indent=2)
        files[-1].write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return files


@cache
def _descriptions() -> dict[str, dict[str, str]]:
    """Return what the page on writing says of each key, by the heading that its table stands under."""
    parts = re.split(r"^#{2,3} (.+)$", (SHIPPED / DOCS).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        title: {key: _plain(said) for key, said in re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE)}
        for title, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def _plain(markdown: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("`", "")
