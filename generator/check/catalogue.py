"""The catalogue: what each kind of issue means, as the page of issues says it. That page is the one place of truth."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from generator.check.formats import DOCS
from generator.config import SHIPPED
from generator.issues import Level

# "## bad-date", what it means, an example in a block of code, how it is mended
_SECTION = re.compile(
    r"^## (?P<kind>[a-z0-9-]+)\n\n(?P<meaning>.+?)\n\n```text\n.*?: (?P<level>error|warning|notice)\[.*?\n```\n\n"
    r"(?P<mend>.+?)(?=\n\n|\n?\Z)",
    re.MULTILINE | re.DOTALL,
)


class Rule(Struct, frozen=True):
    """What the page of issues says of a kind."""

    kind: str
    level: Level
    """Of its example. A kind that stands in a text may be a notice, and an error in front matter."""
    meaning: str
    """Its first sentence."""
    mend: str
    """In Markdown."""


@cache
def read_catalogue() -> dict[str, Rule]:
    """Return what is said of every kind, in the order of the page."""
    text = (SHIPPED / DOCS).read_text(encoding="utf-8")
    return {
        found["kind"]: Rule(
            found["kind"],
            Level(found["level"]),
            _first_sentence(found["meaning"]),
            _in_one_line(found["mend"]),
        )
        for found in _SECTION.finditer(text)
    }


def _first_sentence(markdown: str) -> str:
    words = _in_one_line(markdown)
    sentence = re.match(r".+?\.(?= |\Z)", words)
    return sentence[0] if sentence else words


def _in_one_line(markdown: str) -> str:
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("`", "").split())
