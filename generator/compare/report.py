"""Report: what a change does to an archive, as text, as Markdown for a summary, and for programs."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from generator.compare.changes import Fate
from generator.compare.mentions import Became
from generator.issues import inert, quote, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.compare.changes import Changes, PlaceChange, StatementChange, TextChange
    from generator.compare.mentions import MentionChange

MOST_ROWS = 20
"""Rows of a group in Markdown: past that a summary is not read; text and JSON have them all."""
MOST_CHARACTERS = 60_000
"""Of Markdown: a comment on GitHub has at most 65,536."""
_SIGNS = {
    Became.RETARGETED: "!", Became.AMBIGUOUS: "!", Became.LOST: "-", Became.REWORDED: "!", Became.GAINED: "+",
    Fate.ADDED: "+", Fate.MOVED: "!", Fate.CHANGED: "!", Fate.GONE: "-",
}  # fmt: skip
"""As diff has them, so that the text can stand in a block of it."""


class _Row(Struct, frozen=True):
    """One line of a report."""

    sign: str
    place: str
    words: tuple[str, str, str] = ("", "", "")
    """A sentence: what stands before the mention, the mention, what stands behind it."""
    note: str = ""


class _Group(Struct, frozen=True):
    """Rows of which one thing can be said."""

    title: str
    rows: list[_Row]


def changes_as_text(changes: Changes) -> str:
    """Return all changes, a line each; mentions stand in square brackets in their sentences."""
    lines = [summary(changes)]
    for group in _groups(changes):
        lines += ["", f"@@ {visible(group.title)} @@"]
        for row in group.rows:
            left, keyword, right = row.words
            sentence = f"{left}[{keyword}]{right}" if keyword else ""
            said = " ".join(filter(None, [row.sign, row.place, sentence, row.note]))
            lines.append(inert(visible(said)))
    return "\n".join(lines)


def changes_as_markdown(changes: Changes) -> str:
    """Return the changes as Markdown of bounded length, in which nothing that a contributor wrote takes effect."""
    lines = ["## What this changes", "", f"**{summary(changes)}.**"]
    length, left_out = sum(map(len, lines)), 0
    for group in _groups(changes):
        block = ["", f"### {_plain(group.title)}", "", *map(_bullet, group.rows[:MOST_ROWS])]
        if len(group.rows) > MOST_ROWS:
            block.append(f"- … and {len(group.rows) - MOST_ROWS:,} more")
        length += sum(len(line) + 1 for line in block)
        if length > MOST_CHARACTERS:
            left_out += len(group.rows)
        else:
            lines += block
    if left_out:
        lines += ["", f"{left_out:,} more changes are not shown here; `archive diff` prints them all."]
    return "\n".join(lines)


def changes_as_json(changes: Changes) -> dict[str, Any]:
    """Return the changes as JSON can hold them."""
    return {
        "mentions": [
            {
                **structs.asdict(change),
                "became": change.became.value,
                "candidates": list(change.candidates),
                "context": None if change.context is None else structs.asdict(change.context),
            }
            for change in changes.mentions
        ],
        "texts": [structs.asdict(change) for change in changes.texts],
        "statements": [structs.asdict(change) for change in changes.statements],
        "pages": [structs.asdict(change) for change in changes.pages],
        "captures": [structs.asdict(change) for change in changes.captures],
        "errors": {"before": changes.errors[0], "after": changes.errors[1]},
    }


def summary(changes: Changes) -> str:
    """Return in one line how many of what changed."""
    parts = [f"{count:,} {_noun('mention', count)} {b.value}" for b in Became if (count := changes.count(b))]
    taken_down = sum(text.withdrawn for text in changes.texts)
    in_words = {text.path for text in changes.texts if text.in_words and not text.withdrawn}
    others = {text.path for text in changes.texts if not text.in_words}
    for what, paths in (("words", in_words), ("spaces", others)):
        parts += [f"the {what} of {len(paths):,} {_noun('text', len(paths))} changed"] if paths else []
    parts += [f"{taken_down:,} {_noun('text', taken_down)} withdrawn"] if taken_down else []
    seeds = len(changes.statements)
    parts += [f"what {seeds:,} {_noun('seed', seeds)} {'says' if seeds == 1 else 'say'} changed"] if seeds else []
    for noun, places in (("page", changes.pages), ("capture", changes.captures)):
        for fate in Fate:
            count = sum(place.fate is fate for place in places)
            parts += [f"{count:,} {_noun(noun, count)} {fate.value}"] if count else []
    said = ", ".join(parts) or "no mention, text, page, capture or word of an entry changes"
    if any(changes.errors):
        before, after = changes.errors
        said += (
            f"; seeds with errors are left out ({before:,} {_noun('error', before)} before, {after:,} after)"
        )
    return said


def _noun(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def _groups(changes: Changes) -> Iterator[_Group]:
    """Yield the doubtful first: links that changed, words that changed, files, pages, and at last what was gained."""
    by_title = [
        _Group(title, list(map(_mention_row, some))) for title, some in groupby(changes.mentions, _title)
    ]
    gained = [group for group in by_title if group.title.startswith(Became.GAINED.value)]
    yield from (group for group in by_title if group not in gained)
    if changes.texts:
        yield _Group("texts", [_text_row(text) for text in changes.texts])
    if changes.statements:
        yield _Group("what else seeds say", [_statement_row(change) for change in changes.statements])
    for title, places in (("captures", changes.captures), ("pages", changes.pages)):
        if places:
            yield _Group(title, [_place_row(place) for place in places])
    yield from gained


def _title(change: MentionChange) -> str:
    """Return what is said of a group of mentions."""
    was = f", was {change.old}" if change.old else ""
    match change.became:
        case Became.RETARGETED:
            merged = " (merged)" if change.merged else ""
            return f"retargeted: {change.new}{was}{merged}"
        case Became.AMBIGUOUS:
            return f"newly ambiguous: {' or '.join(change.candidates)}{was}"
        case Became.LOST:
            return f"lost: {change.old}"
        case _:
            return f"{change.became.value}: {change.new}"


def _mention_row(change: MentionChange) -> _Row:
    words = (change.context.left, change.context.keyword, change.context.right) if change.context else None
    place = f"{change.path}:{change.line}:{change.column}"
    if words is None:
        return _Row(_SIGNS[change.became], place, note="(withdrawn)")
    return _Row(_SIGNS[change.became], place, words, f"({change.rule})")


def _text_row(text: TextChange) -> _Row:
    place = f"{text.path}:{text.line}"
    if text.withdrawn:
        return _Row("-", place, note="the text is withdrawn")
    if not text.in_words:
        return _Row("!", place, note="only spaces, line ends or block marks")
    return _Row("!", place, note=f"{quote(text.old)} became {quote(text.new)}")


def _statement_row(change: StatementChange) -> _Row:
    return _Row("!", change.path, note=f"{', '.join(change.keys)} changed")


def _place_row(place: PlaceChange) -> _Row:
    is_page = "seeds/" not in place.place
    old, new = (f"/{where}" if is_page and where else where for where in (place.place, place.new_place))
    note = f"{'leads to' if is_page else 'is now'} {new}" if place.fate is Fate.MOVED else place.fate.value
    return _Row(_SIGNS[place.fate], old, note=note)


def _bullet(row: _Row) -> str:
    left, keyword, right = map(_plain, row.words)
    sentence = f"{left}**{keyword}**{right}" if keyword else ""
    return "- " + " ".join(filter(None, [_plain(row.place), sentence, _plain(row.note)]))


def _plain(text: str) -> str:
    """Return a text as GitHub's Markdown shows it letter by letter: no tag, link, mention, reference or emphasis.

    >>> _plain("@all see #1 <b> https://a.example")
    '&#64;all see &#35;1 &lt;b&gt; https&#58;//a&#46;example'
    """
    return _SPECIAL.sub(lambda found: _ENTITIES.get(found[0], f"&#{ord(found[0])};"), visible(text))


_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#+!|~@$&]|:(?=//)|(?<=\w)\.(?=\w)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
