"""Articles: files of seeds/articles become `Article` values, compared with their captures word for word."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from generator.issues import quote, visible
from generator.model import (
    Article,
    Capture,
    Correction,
    FrontMatter,
    Kind,
    Override,
    Overrides,
    Withdrawal,
)
from generator.read.blocks import parse_blocks
from generator.read.captures import FOLDER as CAPTURES
from generator.read.captures import Captures
from generator.read.files import check_ids, decode, decode_seed, list_files, read_bytes, stray_file
from generator.read.front_matter import parse_seed
from generator.read.keys import MAX_ITEMS, is_empty
from generator.read.manifest import read_manifest
from generator.read.mends import bare_name
from generator.read.nodes import MappingNode, Node
from generator.read.schema import Fields
from generator.read.words import check_blocks, check_text, compare_words
from generator.store import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from generator.issues import Issue
    from generator.read.files import SeedFile

    Kinds = Mapping[str, Kind | None]

FOLDER = "seeds/articles"

KEYS = (
    "title", "date", "language", "supplied", "outlet", "byline", "url", "archived_url", "updated", "captured",
    "rights", "capture", "original", "topics", "corrections", "replaces", "withdrawn", "annotations",
)  # fmt: skip

REQUIRED = ("title", "date", "language")


def read_articles(
    root: Path, kinds: Kinds, named: Collection[str] | None = None
) -> tuple[list[Article], list[str], list[Issue]]:
    """Return the articles without an error of their own, the paths of all article files, and the issues.

    Args:
        root: the archive.
        kinds: the kind of every entry by id; None for an entry with errors.
        named: paths of the only articles to read; captures are then not compared with their manifest.
    """
    files, issues = list_files(root, FOLDER)
    captures = Captures(root)
    articles: list[Article] = []
    for file in files if named is None else [file for file in files if file.path in named]:
        article, found = read_article(file, captures, kinds)
        issues += found
        if article is not None:
            articles.append(article)
    if named is not None:
        return articles, [file.path for file in files], issues
    manifest, found = read_manifest(root)
    issues += [*captures.issues, *found, *captures.check(manifest, whole=not found)]
    return articles, [file.path for file in files], issues


def article_id(path: str) -> str:
    """Return the id that an article's path gives."""
    return path.removeprefix(f"{FOLDER}/").removesuffix(".md")


def read_article(file: SeedFile, captures: Captures, kinds: Kinds) -> tuple[Article | None, list[Issue]]:
    """Return one article, or None and what is wrong with its file."""
    if not file.path.endswith(".md"):
        return None, [stray_file(file.path)]
    data, issues = read_bytes(file)
    if data is None:
        return None, [*check_ids(file.path, article_id(file.path).split("/")), *issues]
    return parse_article(file.path, data, captures, kinds)


def parse_article(
    path: str, data: bytes, captures: Captures, kinds: Kinds
) -> tuple[Article | None, list[Issue]]:
    """Return the article that the bytes of a seed are, or None and what is wrong with them."""
    issues = check_ids(path, article_id(path).split("/"))
    text, found = decode_seed(path, data)
    issues += found
    if text is None:
        return None, issues
    document, found = parse_seed(path, text)
    issues += found
    if document is None:
        return None, issues
    fields = Fields(path, document.mapping, issues, KEYS, kinds, mends=document.mends)
    capture, words = _read_capture(fields, captures)
    front_matter = _front_matter(fields, capture, _kept_file(fields, "original", captures), kinds)
    withdrawn = front_matter is not None and front_matter.withdrawn is not None
    issues += check_text(path, document, withdrawn=withdrawn)
    if words is not None and document.body.strip():
        issues += compare_words(path, document, words)
    blocks = parse_blocks(document.body)
    issues += check_blocks(path, document, blocks)
    if issues or front_matter is None:
        return None, issues
    said = digest(document.body.encode(), front_matter.language.encode())
    return Article(article_id(path), path, front_matter, document.body, document.first_line, blocks, said), []


def would_be_read_again(article: Article, captures: Captures, kinds: Kinds) -> bool:
    """Tell whether the bytes of a seed that once were this article, without an issue, still are it.

    What the reader looks at besides these bytes are the captures and the entries that they name. A withdrawn article
    is never believed: only its bytes say which captures may be gone.
    """
    front_matter = article.front_matter
    capture, overrides = front_matter.capture, front_matter.overrides
    if capture is not None:
        if capture.name not in captures.files or captures.read(capture.name)[0] is None:
            return False
        if captures.digest(capture.name) != capture.sha256:
            return False
    return (
        front_matter.withdrawn is None
        and (front_matter.original is None or front_matter.original in captures.files)
        and (front_matter.outlet is None or kinds.get(front_matter.outlet, Kind.TERM) in (Kind.OUTLET, None))
        and all(override.entity_id in kinds for override in (*overrides.prefer, *overrides.link))
    )


def _front_matter(
    fields: Fields, capture: Capture | None, original: str | None, kinds: Kinds
) -> FrontMatter | None:
    """Return the typed front matter, or None where a required key is absent or wrong."""
    fields.require(*REQUIRED)
    title, day, language = (
        fields.one("title", fields.text_of_at_most(500)),
        fields.one("date", fields.date),
        fields.one("language", fields.language),
    )
    values = {
        "supplied": fields.many("supplied", fields.choice(*KEYS)),
        "outlet": fields.one("outlet", lambda node: _outlet(fields, node, kinds)),
        "byline": fields.one("byline", fields.text_of_at_most(500)),
        "url": fields.one("url", fields.url),
        "archived_url": fields.one("archived_url", fields.url),
        "updated": fields.one("updated", fields.date),
        "captured": fields.one("captured", fields.date),
        "rights": fields.one("rights", fields.text_of_at_most(1000)),
        "topics": fields.many("topics", fields.text_of_at_most(100)),
        "corrections": fields.many("corrections", lambda node: _correction(fields, node)),
        "replaces": fields.many("replaces", fields.article_id),
        "replaces_lines": fields.lines("replaces"),
        "withdrawn": fields.one("withdrawn", lambda node: _withdrawal(fields, node)),
        "overrides": fields.one("annotations", lambda node: _overrides(fields, node)) or Overrides(),
    }
    if title is None or day is None or language is None:
        return None
    return FrontMatter(title, day, language, capture=capture, original=original, **values)  # type: ignore[arg-type]


def _outlet(fields: Fields, node: Node, kinds: Kinds) -> str | None:
    entity_id = fields.entity_id(node)
    if entity_id is not None and kinds[entity_id] not in (Kind.OUTLET, None):
        message = f"{quote(entity_id)} is an entry of kind {kinds[entity_id]}"
        fields.add(node, "not-an-outlet", message, "name an entry of kind outlet")
    return entity_id


def _correction(fields: Fields, node: Node) -> Correction | None:
    inner = fields.inner(node, ("date", "text"), "{date: 2025-07-05, text: What was corrected and why}")
    if inner is None:
        return None
    inner.require("date", "text")
    day, text = inner.one("date", inner.date), inner.one("text", inner.text)
    return Correction(day, text) if day and text else None


def _withdrawal(fields: Fields, node: Node) -> Withdrawal | None:
    inner = fields.inner(node, ("date", "reason"), "{date: 2025-07-05, reason: Why the text is gone}")
    if inner is None:
        return None
    inner.require("date", "reason")
    day, reason = inner.one("date", inner.date), inner.one("reason", inner.text)
    return Withdrawal(day, reason) if day and reason else None


def _overrides(fields: Fields, node: Node) -> Overrides | None:
    inner = fields.inner(node, ("prefer", "link", "skip"), "{skip: [{text: X}]}")
    if inner is None:
        return None
    return Overrides(
        prefer=inner.one("prefer", lambda node: _prefer(inner, node)) or (),
        link=inner.many(
            "link",
            lambda node: _override(
                inner, node, ("text", "to", "nth"), "{text: the two regions, to: quneitra}"
            ),
        ),
        skip=inner.many("skip", lambda node: _override(inner, node, ("text", "nth"), "{text: X, nth: 2}")),
    )


def _prefer(fields: Fields, node: Node) -> tuple[Override, ...]:
    """`{Quneitra: quneitra-city}`: surface form to id."""
    if not isinstance(node, MappingNode):
        fix = fields.removal(node) if is_empty(node) else None
        hint = "write it as {Quneitra: quneitra-city}"
        fields.add(node, "wrong-shape", "a mapping belongs here", hint, fix)
        return ()
    if len(node.pairs) > MAX_ITEMS:
        message = f"'prefer' holds {len(node.pairs):,} names; {MAX_ITEMS:,} are allowed"
        fields.add(node, "too-long", message, "shorten it")
        return ()
    chosen = []
    for key, value in node.pairs:
        surface, entity_id = fields.text_of_at_most(500)(key), fields.entity_id(value)
        if surface and entity_id:
            chosen.append(Override(surface, entity_id, None, key.line, key.column))
    return tuple(chosen)


def _override(fields: Fields, node: Node, keys: tuple[str, ...], example: str) -> Override | None:
    """`{text: the two regions, to: quneitra, nth: 1}`."""
    inner = fields.inner(node, keys, example)
    if inner is None:
        return None
    inner.require(*(key for key in keys if key != "nth"))
    surface, nth = inner.one("text", inner.text_of_at_most(500)), inner.one("nth", inner.count)
    entity_id = inner.one("to", inner.entity_id)
    if surface is None or ("to" in keys and entity_id is None):
        return None
    return Override(surface, entity_id, nth, node.line, node.column)


def _read_capture(fields: Fields, captures: Captures) -> tuple[Capture | None, list[str] | None]:
    """Return the capture that an article names and its words."""
    name = _kept_file(fields, "capture", captures)
    if name is None:
        return None, None
    data, issues = captures.read(name)
    fields.issues += issues
    digest = captures.digest(name)
    if data is None or digest is None:
        return None, None
    text, issues = decode(captures.files[name].path, data)
    fields.issues += issues
    return Capture(name, digest), None if text is None else text.split()


def _as_word(path: str) -> str:
    """Return a path as one word of a command that is copied into a shell: it means that file, and does nothing else."""
    # git itself would take these signs for patterns
    return visible(shlex.quote(f":(literal){path}" if re.search(r"[*?\[\\]", path) else path))


def _kept_file(fields: Fields, key: str, captures: Captures) -> str | None:
    """Return the file of seeds/captures that a key names; of a withdrawn article, it must be gone."""
    name, node = fields.one(key, lambda node: fields.file_name(node, captures.files)), fields.node(key)
    if name is None or node is None:
        return None
    if fields.node("withdrawn") is not None:
        captures.withdraw(name)
        if name in captures.files:
            message = f"the article is withdrawn and {quote(name)} is still in {CAPTURES}/"
            hint = f"remove it with: git rm {_as_word(f'{CAPTURES}/{name}')}"
            fields.add(node, "withdrawn-capture", message, hint)
        return None
    if name not in captures.files:
        message = f"there is no file {quote(name)} in {CAPTURES}/"
        fix = fields.rewrite(node, bare_name(name, captures.files))
        fields.add(node, "missing-capture", message, "put the file there under this name", fix)
        return None
    return name
