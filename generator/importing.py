"""Importing: a text file becomes a capture, kept byte for byte, and a seed article whose words are the capture's."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sentencex import segment

from generator.issues import ArchiveError, Issue, Level
from generator.read.articles import FOLDER
from generator.read.captures import FOLDER as CAPTURES
from generator.read.decisions import write_scalar
from generator.read.files import MAX_CAPTURE_BYTES, SeedFile, decode, read_bytes, shown_path
from generator.read.seeds import read_seeds

if TYPE_CHECKING:
    from pathlib import Path

    from generator.config import ArchiveConfig
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
_NO_HEADING = re.compile(r"[#>-] |\d+\. |By [A-Z]|(?=.*\d{4})[\w ,./:-]{4,30}$")
"""Marks, a byline, a date: "By Jane Doe", "24 July 1969"."""
_MARK = re.compile(r"(?:#{2,3}|[>-]|\d+\.) ")
_TYPOGRAPHIC = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": "", "\u201d": "", "\u2013": "-", "\u2026": ""}
)
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is known of a text before a person has looked at it; None leaves a key to be guessed or left out."""

    title: str | None = None
    date: Edtf | None = None
    language: str | None = None
    outlet: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """The files that an import wrote."""

    article: Path
    capture: Path


def import_text(
    config: ArchiveConfig, file: Path, known: Proposal, out: Path | None
) -> tuple[Imported | None, list[Issue]]:
    """Write a capture and a seed article for a text file, or return what is wrong with the file.

    Args:
        config: the archive.
        file: the text, in UTF-8.
        known: front matter that the caller knows.
        out: folder for the article; by default seeds/articles/<year>/<month> of its date.

    Raises:
        ArchiveError: a file of another content is in the way; nothing is overwritten.
    """
    if not file.is_file():
        raise ArchiveError(f"there is no file {file}", "name a text file")
    shown = SeedFile(shown_path(file), file)
    data, issues = read_bytes(shown, MAX_CAPTURE_BYTES)
    text, found = decode(shown.path, data) if data is not None else (None, [])
    if data is None or text is None:
        return None, issues + found
    if not text.strip():
        raise ArchiveError(f"{file} holds no text", "name a file with an article in it")
    known = replace(known, language=known.language or _language(text))
    folder = (out or config.root / FOLDER / _folder(known.date)).resolve()
    if not folder.is_relative_to(config.root / FOLDER):
        raise ArchiveError(f"{out} is not below {FOLDER}", f"name a folder below {FOLDER} with --out")
    capture = config.root / CAPTURES / file.name
    article = folder / f"{_slug(propose_title(text, known), data)}.md"
    if capture.exists() and capture.read_bytes() != data:
        raise ArchiveError(
            f"there is another capture named {file.name}", "rename the file and import it again"
        )
    if article.exists():
        raise ArchiveError(f"{article} exists already", "remove it, or import with another --title or --out")
    return _write(config, Imported(article, capture), data, propose_article(text, file.name, known))


def _write(
    config: ArchiveConfig, files: Imported, data: bytes, markdown: str
) -> tuple[Imported | None, list[Issue]]:
    """Write both files, and take them back where the article would be one with errors."""
    written = [target for target in (files.capture, files.article) if not target.exists()]
    for target, content in ((files.capture, data), (files.article, markdown.encode())):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    own = {shown_path(target.relative_to(config.root)) for target in written}
    issues = [issue for issue in read_seeds(config)[1] if issue.path in own and issue.level is Level.ERROR]
    if not issues:
        return files, []
    for target in written:
        target.unlink()
    return None, issues


def propose_article(text: str, capture: str, known: Proposal) -> str:
    """Return a seed article with the words of `text`: paragraphs set apart, headings marked, front matter proposed."""
    body, first_is_heading = _blocks(text)
    language = known.language or _language(text)
    supplied = []
    if not first_is_heading or known.title is not None:
        supplied.append("title")
    if known.date is None:
        supplied.append("date")
    fields: dict[str, str | list[str] | None] = {
        "title": propose_title(text, known),
        "date": known.date.text if known.date else "XXXX",
        "language": language,
        "supplied": supplied,
        "outlet": known.outlet,
        "url": known.url,
        "capture": capture,
    }
    lines = [f"{key}: {_yaml(value)}" for key, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", body])


def propose_title(text: str, known: Proposal) -> str:
    """Return the title that the caller knows, else a heading that opens the text, else the first words."""
    if known.title is not None:
        return _plain(known.title)
    first = _first_line(text)
    if _blocks(text)[1]:
        return _plain(first.removeprefix("## "))
    return _plain(_first_words(_MARK.sub("", first), known.language or _language(text)))


def _yaml(value: str | list[str]) -> str:
    """Return a value as YAML; quoted where a plain word might not do."""
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    return value if _PLAIN.fullmatch(value) else write_scalar(value)


def _blocks(text: str) -> tuple[str, bool]:
    """Return the text with headings marked and paragraphs set apart, and whether it opens with a heading.

    A file without a blank line has a paragraph a line, as pages saved as text do; else its own blank lines count.
    """
    lines = _LINE_END.split(text)
    words = [line for line in lines if line.strip()]
    headings = {line for line, following in pairwise(words) if _is_heading(line, following)}
    marked = [f"## {line.strip()}" if line in headings else line for line in lines]
    spaced = any(not line.strip() for line in _LINE_END.split(text.strip()))
    if spaced:
        return "\n".join(marked).strip("\n") + "\n", words[0] in headings
    return "\n\n".join(line for line in marked if line.strip()) + "\n", words[0] in headings


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


def _plain(title: str) -> str:
    """Return a title as metadata may be: one line, nothing invisible."""
    return " ".join(
        "".join(c for c in title if unicodedata.category(c) not in {"Cf", "Cc"} or c.isspace()).split()
    )


def _language(text: str) -> str:
    """Guess a language from the script that most letters belong to; en for Latin ones."""
    arabic = sum("\u0600" <= char <= "\u06ff" for char in text)
    hebrew = sum("\u0590" <= char <= "\u05ff" for char in text)
    if max(arabic, hebrew) * 2 < sum(char.isalpha() for char in text):
        return "en"
    return "ar" if arabic > hebrew else "he"


def _folder(date: Edtf | None) -> str:
    if date is None or date.unknown:
        return "undated"
    year = f"{date.earliest.year:04}"
    whole_year = (date.latest - date.earliest).days >= DAYS_OF_A_SEASON
    return year if whole_year else f"{year}/{date.earliest.month:02}"


def _slug(title: str, data: bytes) -> str:
    """Return a file stem: from an ASCII title, else from the capture's digest, never from a transliteration."""
    plain = title.translate(_TYPOGRAPHIC).replace("'", "")
    words = re.findall(r"[a-z0-9]+", plain.lower()) if plain.isascii() else []
    slug = ""
    for word in words:
        if len(slug) + len(word) < MAX_SLUG:
            slug = f"{slug}-{word}".strip("-")
    return slug or f"text-{hashlib.sha256(data).hexdigest()[:12]}"
