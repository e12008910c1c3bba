"""Importing: a text file or a web page becomes a capture, kept byte for byte, and a seed article of its words.

What is written where, and that it is taken back where it would be an article with errors, is decided here.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from generator.entries import create_file, refuse_links
from generator.issues import ArchiveError, Issue, Level, visible
from generator.outlets import find_outlet
from generator.pages import looks_like_page, read_page
from generator.proposing import (
    Proposal,
    folder_of,
    guess_language,
    plain,
    propose_article,
    propose_title,
    slug_of,
    write_article,
)
from generator.read.articles import FOLDER
from generator.read.captures import FOLDER as CAPTURES
from generator.read.files import MAX_CAPTURE_BYTES, SeedFile, decode, read_bytes, shown_path
from generator.read.glossary import read_glossary
from generator.read.manifest import FILE as MANIFEST
from generator.read.manifest import list_capture
from generator.read.schema import url_fault
from generator.read.seeds import read_seeds

if TYPE_CHECKING:
    from pathlib import Path

    from generator.config import ArchiveConfig
    from generator.pages import SavedPage

MAX_STEM = 80
_SAFE_STEM = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_NO_TEXT = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a packed file, such as a Word document",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a packed file",
    b"From: <Saved by": "a page saved as MHTML",
    b"MIME-Version:": "a page saved as MHTML",
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Received(Struct, frozen=True):
    """What is to be imported."""

    name: str
    """The name of its file."""
    data: bytes
    """Exactly as received."""
    charset: str | None = None
    """The encoding that a server named."""


class Imported(Struct, frozen=True):
    """The files that an import wrote, and what the person must know."""

    article: Path
    capture: Path
    original: Path | None = None
    notes: tuple[str, ...] = ()


def read_file(file: Path) -> tuple[Received | None, list[Issue]]:
    """Return what is in a file, or what is wrong with it.

    Raises:
        ArchiveError: there is no such file.
    """
    if not file.is_file():
        raise ArchiveError(f"there is no file {shown_path(file)}", "name a text file, a saved web page, or an address")
    data, issues = read_bytes(SeedFile(shown_path(file), file), MAX_CAPTURE_BYTES)
    return (None, issues) if data is None else (Received(file.name, data), [])


def import_received(
    config: ArchiveConfig, received: Received, known: Proposal, out: Path | None
) -> tuple[Imported | None, list[Issue]]:
    """Write a capture and a seed article for a text or a page, or return what is wrong with it.

    Args:
        config: the archive.
        received: a text in UTF-8, or a web page in any encoding that it names.
        known: front matter that the caller knows.
        out: folder for the article; by default seeds/articles/<year>/<month> of its date.

    Raises:
        ArchiveError: it holds no article, or a file of another content or a symbolic link is in the way; nothing
            is overwritten.
    """
    _refuse_other_formats(received)
    if looks_like_page(received.name, received.data):
        return _import_page(config, received, known, out)
    text, issues = decode(visible(received.name), received.data)
    if text is None:
        return None, issues
    if not text.strip():
        raise ArchiveError(f"{visible(received.name)} holds no text", "name a file with an article in it")
    known = replace(known, language=known.language or guess_language(text))
    name, notes = _safe_name(received, ".txt")
    article = _article_path(config, propose_title(text, known), known, out, received.data)
    markdown = propose_article(text, name, known)
    capture = config.root / CAPTURES / name
    return _write(config, Imported(article, capture, None, notes), {capture: received.data}, markdown)


def _import_page(
    config: ArchiveConfig, received: Received, known: Proposal, out: Path | None
) -> tuple[Imported | None, list[Issue]]:
    """Write the page as the original, the words found in it as the capture, and the article."""
    page = read_page(received.name, received.data, received.charset)
    name, notes = _safe_name(received, ".html")
    merged, more = _merge(config, page, known)
    title = merged.title or propose_title(page.text, merged)
    merged = replace(merged, title=title)
    original = config.root / CAPTURES / name
    capture = original.with_name(f"{name.rpartition('.')[0]}.txt")
    article = _article_path(config, title, merged, out, received.data)
    files = {original: received.data, capture: page.text.encode()}
    markdown = write_article(merged, page.body, capture.name, original.name)
    return _write(config, Imported(article, capture, original, (*notes, *more)), files, markdown)


def _merge(config: ArchiveConfig, page: SavedPage, known: Proposal) -> tuple[Proposal, tuple[str, ...]]:
    """Return what the caller knows, filled up with what the page says, and what a person must do about the rest."""
    supplied = []
    if known.title is not None or page.title is None:
        same = known.title is not None and page.title is not None and plain(known.title) == plain(page.title)
        supplied += [] if same else ["title"]
    if page.date is None or (known.date is not None and known.date != page.date):
        supplied.append("date")
    outlet = known.outlet
    notes: tuple[str, ...] = ()
    if outlet is None:
        outlet, notes = find_outlet(read_glossary(config.root)[0], page.site_name, known.url or page.url)
    url = page.url if page.url and not url_fault(page.url) else None
    merged = replace(
        known,
        title=known.title if known.title is not None else page.title,
        date=known.date or page.date,
        language=known.language or page.language or guess_language(page.text),
        outlet=outlet,
        url=known.url or url,
        byline=known.byline or page.byline,
        supplied=tuple(supplied),
    )
    return merged, notes


def _article_path(config: ArchiveConfig, title: str, known: Proposal, out: Path | None, data: bytes) -> Path:
    """Return where the article goes."""
    base = config.root / FOLDER
    folder = out.absolute() if out else base / folder_of(known.date)
    if ".." in folder.parts or not folder.is_relative_to(base):
        folder = folder.resolve()
    if not folder.is_relative_to(base):
        raise ArchiveError(f"{out} is not below {FOLDER}", f"name a folder below {FOLDER} with --out")
    article = folder / f"{slug_of(title, data)}.md"
    refuse_links(config.root, article)
    if article.exists():
        hint = "remove it, or import with another --title or --out"
        raise ArchiveError(f"{shown_path(article)} exists already", hint)
    return article


def _refuse_other_formats(received: Received) -> None:
    """Raise where the bytes are those of a file without readable text."""
    for start, what in _NO_TEXT.items():
        if received.data.startswith(start):
            hint = "copy the words of the article into a text file, save it as UTF-8 and import that"
            raise ArchiveError(f"{visible(received.name)} is {what}, not a text or a web page", hint)
    if b"\0" in received.data[:4096] and not received.data.startswith(_UTF_16):
        hint = "name a text file in UTF-8, or a web page saved from a browser"
        raise ArchiveError(f"{visible(received.name)} is not a text: it holds null bytes", hint)


def _safe_name(received: Received, suffix: str) -> tuple[str, tuple[str, ...]]:
    """Return the name under which a file is kept, and a note where that is not its own.

    A text keeps its name as long as that may stand in front matter: contributors look for it.
    """
    stem, _, ending = received.name.rpartition(".")
    printable = (
        received.name.isprintable() and "\\" not in received.name and not received.name.startswith(".")
    )
    if suffix == ".txt" and printable and ending == "txt" and len(received.name.encode()) <= MAX_STEM * 2:
        return received.name, ()
    if not (_SAFE_STEM.fullmatch(stem) and len(stem) <= MAX_STEM):
        words = re.findall(r"[a-z0-9]+", stem.lower()) if stem.isascii() else []
        stem = "-".join(words)[:MAX_STEM].strip("-")
        stem = stem or f"page-{hashlib.sha256(received.data).hexdigest()[:12]}"
    name = f"{stem}{suffix}"
    note = f"{visible(received.name)} is kept under the name {name}"
    return name, () if name == received.name else (note,)


def _write(
    config: ArchiveConfig, imported: Imported, kept: dict[Path, bytes], markdown: str
) -> tuple[Imported | None, list[Issue]]:
    """Write all files, and take them back where the article would be one with errors."""
    manifest = config.root / MANIFEST
    for place in (*kept, manifest):
        refuse_links(config.root, place)
    for target, data in kept.items():
        if target.exists() and target.read_bytes() != data:
            message = f"there is another capture named {visible(target.name)}"
            raise ArchiveError(message, "rename the file and import it again")
    contents = {**kept, imported.article: markdown.encode()}
    missing = [target for target in contents if not target.exists()]
    written: list[Path] = []
    before = manifest.read_bytes() if manifest.exists() else None
    own = {shown_path(target.relative_to(config.root)) for target in missing}
    issues: list[Issue] | None = None
    try:
        for target in missing:
            create_file(config.root, target, contents[target])
            written.append(target)
        for target, data in kept.items():
            list_capture(config.root, target.name, data)
        issues = [i for i in read_seeds(config)[1] if i.path in own and i.level is Level.ERROR]
    finally:
        if issues is None or issues:
            _take_back(written, manifest, before)
    return (None, issues) if issues else (imported, [])


def _take_back(written: list[Path], manifest: Path, before: bytes | None) -> None:
    """Leave no trace: remove what was written, and put the manifest as it was."""
    for target in written:
        target.unlink(missing_ok=True)
    if before is not None:
        manifest.write_bytes(before)
    else:
        manifest.unlink(missing_ok=True)
