"""Strict: pages that are judged by their source alone, several times as fast as by their tree.

What is written in a narrow form (grammar.py) means to every reader of HTML just what stands there. Of a page in that
form this module may say that it is sound; of any other it says nothing, and the tree decides. So it never has to name
a fault, only never to overlook one. What the pages of a shell share is judged once.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from generator.publish import grammar
from generator.publish.links import Places
from generator.publish.shells import CONTENT, MARKS, OUTLINE, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.publish.shells import Filled

_Script = tuple[str, str | None, str]
"""The attributes, the address and the words of one."""
_NO_PLACES = Places(frozenset(), ())
_ANY_OUTLINE = '<nav class="md-nav"></nav>'
"""Stands for the outline of a page where a shell's tags are looked at: its own tags are closed within it."""


class _Frame(NamedTuple):
    """What stands around the content of a page, or of all pages of a shell, sound as far as it is known."""

    places: Places
    descriptions: tuple[str, ...]
    """What the page's description is said to be."""


class _Marked(NamedTuple):
    """What the pages of a shell share, and what each fills in."""

    frame: _Frame
    """Of the lines that are the same on every page."""
    lines: tuple[tuple[str, str], ...]
    """The lines that hold marks, in pieces."""
    outlined: tuple[tuple[str, str], ...]
    """Those where the outline belongs."""
    inside: tuple[str, str]
    """What stands before and after the content within its element."""


def read_strictly(made: str | Filled, description: str, words: tuple[str, ...] | None) -> Places | None:
    """Return the places of a generated page where it is sound for certain.

    Args:
        made: the page.
        description: what its head must show, where it shows one.
        words: those of its source text; None where it has none.
    """
    read = _read(made) if isinstance(made, str) else _read_filled(made)
    if read is None:
        return None
    content, frames = read
    if (
        content.count("<") != content.count(">")
        or not _shows_description(frames, description)
        or not _shows_words(content, words)
    ):
        return None
    return _all_places(content, frames)


def _read(html: str) -> tuple[str, list[_Frame]] | None:
    """Return the content of a page, and what stands around it where that is sound."""
    before, opened, rest = html.partition(grammar.OPENED)
    content, _, after = rest.rpartition(grammar.CLOSED)
    frame = _frame(before, after) if opened else None
    return (content, [frame]) if frame else None


def _read_filled(filled: Filled) -> tuple[str, list[_Frame]] | None:
    """Return the same of a page that was filled into a shell.

    A line of the shell without a mark is one of every page, so it is judged once; lines with marks are judged as they
    are filled. What is filled in has no brackets and no quotes and stands in texts and values, or closes its own tags
    as an outline does: so the tags around it keep their names, their classes and their order.
    """
    marked, words = _marked(filled.pieces), filled.words
    if marked is None or not _keeps_order(words):
        return _read(filled.html)
    lines = "".join([part for text, mark in marked.lines for part in (text, words[mark])])
    if grammar.POLICY_NAME in lines:
        return _read(filled.html)
    frame = _frame_of(lines)
    outline = _outlined("".join([part for text, mark in marked.outlined for part in (text, words[mark])]))
    return (words[CONTENT].join(marked.inside), [marked.frame, frame, outline]) if frame and outline else None


def _all_places(content: str, frames: Sequence[_Frame]) -> Places:
    """Return the places of a page, given its content and what stands around that, all of it sound."""
    anchors, links = set(grammar.IDS.findall(content)), set(grammar.HREFS.findall(content))
    for frame in frames:
        anchors |= frame.places.anchors
        links.update(frame.places.links)
    return Places(frozenset(anchors), tuple([link for link in links if link and ":" not in link]))


def _frame(before: str, after: str) -> _Frame | None:
    """Return what stands around a content where it is sound."""
    before_plain, scripts = _without_scripts(before)
    after_plain, more = _without_scripts(after)
    scripts += more
    frame = _frame_of(f"{before_plain}\n{after_plain}")
    if (
        frame is None
        or not _is_in_order(before, before_plain, after_plain)
        or not _may_run(scripts, grammar.POLICY.findall(before_plain))
    ):
        return None
    return _with_scripts(frame, scripts)


def _with_scripts(frame: _Frame, scripts: Iterable[_Script]) -> _Frame:
    """Return the same with the places of scripts."""
    anchors, links = set(frame.places.anchors), set(frame.places.links)
    for attributes, source, _ in scripts:
        anchors.update(grammar.IDS.findall(f"{attributes}>"))
        links.add(source or "")
    return frame._replace(places=Places(frozenset(anchors), tuple(links)))


def _frame_of(plain: str) -> _Frame | None:
    """Return what lines around a content say, without scripts; None where one of them is not sound by itself."""
    anchors: set[str] = set()
    links: set[str] = set()
    for places in map(_places, {*plain.split("\n")}):
        if places is None:
            return None
        if places is not _NO_PLACES:
            anchors |= places.anchors
            links.update(places.links)
    return _Frame(Places(frozenset(anchors), tuple(links)), tuple(grammar.DESCRIPTION.findall(plain)))


_outlined = lru_cache(maxsize=1000)(_frame_of)
"""The same for lines of outlines, which many pages have in common."""


@lru_cache(maxsize=256)
def _marked(pieces: tuple[tuple[str, str], ...]) -> _Marked | None:
    """Return what the pages of a shell share; None where not all of them are sound whatever is filled in."""
    before, opened, rest = "".join([part for piece in pieces for part in piece]).partition(grammar.OPENED)
    inside, _, after = rest.rpartition(grammar.CLOSED)
    start, mark, end = inside.partition(CONTENT)
    before_plain, scripts = _without_scripts(before)
    after_plain, more = _without_scripts(after)
    fixed = [*(text for text, _ in pieces), start, end, after, *(words or "" for script in scripts for words in script)]
    fixed += grammar.TAG.findall(grammar.VALUES.sub("", before_plain)) + grammar.CLASSES.findall(before_plain)
    if not (opened and mark) or MARKS.search("\n".join(fixed)):
        return None
    if _frame(before.replace(OUTLINE, _ANY_OUTLINE), after) is None:
        return None
    lines = before_plain.split("\n")
    shared = _frame_of("\n".join([*(line for line in lines if not MARKS.search(line)), after_plain]))
    if shared is None:
        return None
    outlined = "\n".join([line for line in lines if OUTLINE in line])
    others = "\n".join([line for line in lines if MARKS.search(line) and OUTLINE not in line])
    shared = _with_scripts(shared, [*scripts, *more])
    return _Marked(shared, pieces_of(others, ""), pieces_of(outlined, ""), (start, end))


def _keeps_order(words: Mapping[str, str]) -> bool:
    """Tell whether what is filled in leaves the tags around it what they are, and in their order."""
    plain = "".join([word for mark, word in words.items() if mark not in {CONTENT, OUTLINE}])
    return not any(char in plain for char in '<>"') and _is_closed(words[OUTLINE])


@lru_cache(maxsize=1000)
def _is_closed(outline: str) -> bool:
    """Tell whether an outline closes its own tags, and has none of those whose order matters."""
    return (
        _closes_navigation(outline)
        and not grammar.NOT_IN_OUTLINES.search(outline)
        and not grammar.NOT_ONLY_WORDS.search(outline)
    )


def _without_scripts(html: str) -> tuple[str, list[_Script]]:
    """Return a part of a page without its scripts, and the (attributes, address, words) of these.

    A line ends where each was, so that none can hide in a tag: tags do not run over lines.
    """
    pieces = grammar.SCRIPT.split(html)
    return "\n".join(pieces[::4]), list(zip(pieces[1::4], pieces[2::4], pieces[3::4], strict=True))


@lru_cache(maxsize=1 << 12)
def _places(line: str) -> Places | None:
    """Return the places of a line around the content where it holds what it may; pages share most of their lines."""
    if not grammar.SHELL.fullmatch(line) or line.count("<") != line.count(">"):
        return None
    anchors, links = frozenset(grammar.IDS.findall(line)), (*grammar.HREFS.findall(line), *grammar.SRCS.findall(line))
    return Places(anchors, links) if anchors or links else _NO_PLACES


def _is_in_order(before: str, before_plain: str, after_plain: str) -> bool:
    """Tell whether the one title stands in the head, and the navigation is closed before the content, scriptless.

    Nothing among what a page may hold keeps an end tag of a `nav` from closing the innermost one. A form within a form
    is not there at all.
    """
    forms = "".join(grammar.FORM.findall(before_plain))
    return (
        _closes_navigation(before_plain)
        and forms.replace("<form</form", "") == ""
        and "<script" not in before.partition('<nav class="md-nav')[2]
        and not grammar.NOT_ONLY_WORDS.search(before)
        and not grammar.ONLY_BEFORE.search(after_plain)
        and grammar.HEAD.match(before_plain) is not None
        and before_plain.count("<title>") == 1
    )


def _closes_navigation(html: str) -> bool:
    """Tell whether each `nav` that is opened is closed, and no other."""
    opened = 0
    for tag in grammar.NAV.findall(html):
        opened += 1 if tag == "<nav" else -1
        if opened < 0:
            return False
    return opened == 0


def _may_run(scripts: Iterable[_Script], policies: Sequence[str]) -> bool:
    """Tell whether every policy of the page lets each of its scripts run, and none of them ends a title."""
    for attributes, source, words in scripts:
        digest = _hash(words)
        if attributes in grammar.RUN:
            allowed = source or all(digest in policy for policy in policies)
        else:
            allowed = attributes in grammar.NOT_RUN
        if not (digest and allowed):
            return False
    return True


@lru_cache(maxsize=256)
def _hash(script: str) -> str:
    """Return how a policy names a script; nothing where a browser could read it otherwise than it stands there."""
    if "\r" in script or "\0" in script or "</title" in script.lower():
        return ""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _shows_description(frames: Sequence[_Frame], description: str) -> bool:
    wanted = description.split()
    return not wanted or all(_words(found) == wanted for frame in frames for found in frame.descriptions)


def _words(text: str) -> list[str] | None:
    """Return the words that a browser shows for a text; None where Python could decode it otherwise."""
    return None if "\0" in text or grammar.ODD_REFERENCE.search(text) else unescape(text).split()


def _shows_words(content: str, words: tuple[str, ...] | None) -> bool:
    """Tell whether content holds what it may, and its one source text, additions taken away, these words."""
    if words is None:
        return grammar.CONTENT.fullmatch(content) is not None
    found = grammar.SOURCE_TEXT.search(content)
    if (
        found is None
        or grammar.MISMATCHED.search(found[1])
        or not grammar.CONTENT.fullmatch(content, 0, found.start())
        or not grammar.CONTENT.fullmatch(content, found.end())
    ):
        return False
    return _words(grammar.NO_WORDS.sub("", found[1])) == list(words)
