"""Proposing: the front matter and the block marks of an article that nobody has looked at yet.

What is guessed about a text, and how it is written down, is decided here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from sentencex import segment

from generator.read.decisions import write_scalar

if TYPE_CHECKING:
    from generator.model import Edtf

MAX_HEADING = 90
"""Longer lines are paragraphs even where they end without a full stop."""
MAX_TITLE = 80
DAYS_OF_A_SEASON = 80
"""A date that may mean so many days has no month."""
MAX_SLUG = 60
_ENDS_A_SENTENCE = tuple(".!?:;,…\"'”’»)]؟،؛。")
_PLAIN = re.compile(r"[0-9A-Za-z][\w./~?%-]*")
"""Dates, tags, ids and file names."""
_NO_HEADING = re.compile(r"[#>*•–-] |\d+[.)] |Source: |By [A-Z]|(?=.*\d{4})[\w ,./:-]{4,30}$")
"""Marks, a byline, a date: "By Jane Doe", "24 July 1969"."""
_MARK = re.compile(r"(?:#{2,3}|[>-]|\d+\.) ")
_TYPOGRAPHIC = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": "", "\u201d": "", "\u2013": "-", "\u2026": ""}
)
_LINE_END = re.compile(r"\r\n|\n|\r")


class Proposal(Struct, frozen=True):
    """What is known of a text before a person has looked at it; None leaves a key to be guessed or left out."""

    title: str | None = None
    date: Edtf | None = None
    language: str | None = None
    outlet: str | None = None
    url: str | None = None
    byline: str | None = None
    rights: str | None = None
    captured: Edtf | None = None
    topics: tuple[str, ...] = ()
    supplied: tuple[str, ...] | None = None
    """Keys that the archive supplies, where the caller knows; None leaves that to be told from what is known."""


def propose_article(text: str, capture: str, known: Proposal) -> str:
    """Return a seed article with the words of `text`: paragraphs set apart, headings marked, front matter proposed."""
    body, first_is_heading = _blocks(text)
    supplied = [] if first_is_heading and known.title is None else ["title"]
    if known.date is None:
        supplied.append("date")
    guessed = replace(
        known,
        title=propose_title(text, known),
        language=known.language or guess_language(text),
        supplied=tuple(supplied) if known.supplied is None else known.supplied,
    )
    return write_article(guessed, body, capture)


def write_article(known: Proposal, body: str, capture: str, original: str | None = None) -> str:
    """Return the text of a seed article: the front matter that is known, and the body as it is."""
    fields: dict[str, str | list[str] | None] = {
        "title": plain(known.title or ""),
        "date": known.date.text if known.date else "XXXX",
        "language": known.language,
        "supplied": list(known.supplied or ()),
        "outlet": known.outlet,
        "byline": known.byline and plain(known.byline),
        "url": known.url,
        "captured": known.captured.text if known.captured else None,
        "rights": known.rights and plain(known.rights),
        "capture": capture,
        "original": original,
        "topics": [write_scalar(topic) for topic in known.topics],
    }
    lines = [f"{key}: {_yaml(value)}" for key, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", body])


def propose_title(text: str, known: Proposal) -> str:
    """Return the title that the caller knows, else a heading that opens the text, else the first words."""
    if known.title is not None:
        return plain(known.title)
    first = _first_line(text)
    if _blocks(text)[1]:
        return plain(first.removeprefix("## "))
    return plain(_first_words(_MARK.sub("", first), known.language or guess_language(text)))


def _yaml(value: str | list[str]) -> str:
    """Return a value as YAML; quoted where a plain word might not do."""
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    return value if _PLAIN.fullmatch(value) else write_scalar(value)


def _blocks(text: str) -> tuple[str, bool]:
    """Return the text with headings marked and paragraphs set apart, and whether it opens with a heading.

    A file without a blank line has a paragraph a line, as pages saved as text do, unless its lines were broken to a
    width; else its own blank lines count. In such files a heading stands above a blank line.
    """
    lines = _LINE_END.split(text.strip("\r\n"))
    words = [line for line in lines if line.strip()]
    by_blank_lines = len(words) < len(lines) or any(_goes_on(*pair) for pair in pairwise(words))
    above_blank = {line for line, following in pairwise(lines) if not following.strip()}
    headings = {
        line
        for line, following in pairwise(words)
        if _is_heading(line, following) and (line in above_blank or not by_blank_lines)
    }
    marked = [f"## {line.strip()}" if line in headings else line for line in lines]
    if by_blank_lines:
        return "\n".join(marked).strip("\n") + "\n", words[0] in headings
    return "\n\n".join(line for line in marked if line.strip()) + "\n", words[0] in headings


def _goes_on(line: str, following: str) -> bool:
    """Tell whether a sentence goes on from one line to the next."""
    return not line.rstrip().endswith(_ENDS_A_SENTENCE) and following.strip()[0].islower()


def _is_heading(line: str, following: str) -> bool:
    """Tell whether a line looks like a heading: short, without a sentence's end, above a longer paragraph."""
    words = line.strip()
    starts_like_one = not words[0].islower() and any(char.isalpha() for char in words)
    is_short = len(words) <= MAX_HEADING and len(words) < len(following.strip())
    return (
        is_short and starts_like_one and not words.endswith(_ENDS_A_SENTENCE) and not _NO_HEADING.match(words)
    )


def _first_line(text: str) -> str:
    return next(line for line in _LINE_END.split(text) if line.strip()).strip()


def _first_words(line: str, language: str) -> str:
    """Return the first sentence, cut at a word."""
    sentence = str(next(s for s in segment(language.split("-", maxsplit=1)[0], line) if s.strip())).strip()
    if len(sentence) <= MAX_TITLE:
        return sentence.rstrip(".")
    return sentence[:MAX_TITLE].rpartition(" ")[0].rstrip(",;:") + "…"


def plain(title: str) -> str:
    """Return a title as metadata may be: one line, nothing invisible."""
    return " ".join(
        "".join(c for c in title if unicodedata.category(c) not in {"Cf", "Cc"} or c.isspace()).split()
    )


def guess_language(text: str) -> str:
    """Guess a language from the script that most letters belong to; en for Latin ones."""
    arabic = sum("\u0600" <= char <= "\u06ff" for char in text)
    hebrew = sum("\u0590" <= char <= "\u05ff" for char in text)
    if max(arabic, hebrew) * 2 < sum(char.isalpha() for char in text):
        return "en"
    return "ar" if arabic > hebrew else "he"


def folder_of(date: Edtf | None) -> str:
    """Return the folder of an article below seeds/articles: by year and month, as far as these are known."""
    if date is None or date.unknown:
        return "undated"
    year = f"{date.earliest.year:04}"
    whole_year = (date.latest - date.earliest).days >= DAYS_OF_A_SEASON
    return year if whole_year else f"{year}/{date.earliest.month:02}"


def slug_of(title: str, data: bytes) -> str:
    """Return a file stem: from an ASCII title, else from the capture's digest, never from a transliteration."""
    plain = title.translate(_TYPOGRAPHIC).replace("'", "")
    words = re.findall(r"[a-z0-9]+", plain.lower()) if plain.isascii() else []
    slug = ""
    for word in words:
        if len(slug) + len(word) < MAX_SLUG:
            slug = f"{slug}-{word}".strip("-")
    return slug or f"text-{hashlib.sha256(data).hexdigest()[:12]}"
