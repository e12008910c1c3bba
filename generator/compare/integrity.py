"""Integrity: what must not happen to texts, captures and addresses between two moments of an archive.

Captures are never changed, the words of a text stay, no address is lost, and git hands over every byte as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from generator.compare.seeds import (
    address,
    changed_paths,
    earlier_addresses,
    is_article,
    is_capture,
    is_entry,
    read_some,
    successor,
)
from generator.issues import Issue, Level, quote
from generator.read.blocks import words_without_marks
from generator.read.files import shown_path
from generator.read.revisions import EXECUTABLE, SUBMODULE, SYMLINK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.compare.seeds import Seed
    from generator.read.revisions import Repository, Snapshot, Stored

_MODES = {EXECUTABLE: "an executable file", SYMLINK: "a symbolic link", SUBMODULE: "a submodule"}
REWRITING = {
    "filter": "a filter may rewrite it",
    "ident": "'$Id$' in it is rewritten",
    "working-tree-encoding": "its encoding is changed",
    "text": "its line ends may be changed",
    "eol": "its line ends are changed",
}
"""Attributes of git under which the file on disk is not the one that was committed."""
HIDING = {"diff": "unset", "linguist-generated": "set"}
"""Attributes under which reviewers are not shown what changes, and the value that does so."""


@dataclass(frozen=True, slots=True)
class _Both:
    """What changed between two snapshots, read."""

    base: Snapshot
    head: Snapshot
    paths: list[str]
    before: Mapping[str, Seed]
    after: Mapping[str, Seed]


def check_integrity(base: Snapshot, head: Snapshot) -> list[Issue]:
    """Return each breach between two snapshots. Only files that changed are read."""
    paths = changed_paths(base, head)
    seeds = [path for path in paths if is_article(path) or is_entry(path)]
    before = read_some(base, [path for path in seeds if path in base.files])
    after = read_some(head, [path for path in seeds if path in head.files])
    both = _Both(base, head, paths, before, after)
    return [*_check_captures(both), *_check_modes(both), *_check_texts(both), *_check_addresses(both)]


def _check_captures(both: _Both) -> Iterator[Issue]:
    """Yield each capture of the base that is not as it was; only a withdrawal may remove one."""
    gone = {name for seed in both.after.values() if seed.withdrawn for name in seed.files}
    for path in filter(is_capture, both.paths):
        was, is_now = both.base.files.get(path), both.head.files.get(path)
        if was is None or (is_now is None and path.rsplit("/", 1)[-1] in gone):
            continue
        hint = f"restore it: git checkout {both.base.name} -- {_shown(path)}; a better copy gets a name of its own"
        yield _breach(path, 0, "capture-altered", f"this capture {_fate(both, was, is_now)}", hint)
    for path, seed in both.before.items():
        now = successor(path, both.after)
        dropped = sorted(set(seed.files) - set(now.files)) if now else []
        if now and dropped:
            names = ", ".join(map(quote, dropped))
            message = f"the article no longer names {names}, which its text was taken from"
            hint = "keep the key: it says where the text comes from"
            yield _breach(now.path, 1, "capture-altered", message, hint)


def _fate(both: _Both, was: Stored, is_now: Stored | None) -> str:
    """Return in words what became of a capture."""
    if is_now is None:
        others = (path for path, stored in both.head.files.items() if stored.oid == was.oid)
        new = next((path for path in others if path not in both.base.files), None)
        return f"of {both.base.name} is gone" + (f": it was renamed to {_shown(new)}" if new else "")
    if is_now.oid == was.oid or not is_now.is_regular:
        return f"is {_MODES.get(is_now.mode, 'a plain file')} now, which it is not in {both.base.name}"
    return f"has other bytes than in {both.base.name}"


def _check_modes(both: _Both) -> Iterator[Issue]:
    """Yield each changed file, other than a capture of the base, that is anything but a plain file."""
    for path in both.paths:
        is_now = both.head.files.get(path)
        reported = is_capture(path) and path in both.base.files
        if is_now is not None and is_now.mode in _MODES and not reported:
            message = f"this is {_MODES[is_now.mode]}; seeds are plain files"
            chmod = f"take the right away: git update-index --chmod=-x {_shown(path)}"
            hint = chmod if is_now.mode == EXECUTABLE else "put the file itself here"
            yield _breach(path, 0, "not-plain", message, hint)


def _check_texts(both: _Both) -> Iterator[Issue]:
    """Yield each article whose text is not what it was."""
    for path, seed in both.before.items():
        now = successor(path, both.after)
        if not is_article(path) or now is None or now.withdrawn or now.body == seed.body:
            continue
        if seed.words == now.words:
            message = f"the spaces, lines or block marks of the text are not those of {both.base.name}"
            hint = "look at what changed: only block marks and blank lines may"
            line = _differing_line(seed, now)
            yield Issue(_shown(now.path), line, 0, "text-respaced", Level.WARNING, message, hint)
            continue
        line, difference = _first_difference(now, seed.words)
        message = f"the words of the text are not those of {both.base.name}: {difference}"
        if now.corrections > seed.corrections:
            hint = "a new entry under 'corrections' says why: compare the text with the source"
            yield Issue(_shown(now.path), line, 0, "text-altered", Level.WARNING, message, hint)
        else:
            hint = (
                "restore the words: what is wrong in a source is noted under 'corrections'; words that were not taken "
                "down as they were published are mended together with an entry there that says so"
            )
            yield _breach(now.path, line, "text-altered", message, hint)


def _differing_line(seed: Seed, now: Seed) -> int:
    """Return the line of the file at which two bodies part."""
    pairs = enumerate(zip(seed.body, now.body, strict=False))
    at = next((n for n, (was, is_now) in pairs if was != is_now), min(len(seed.body), len(now.body)))
    return now.first_line + now.body.count("\n", 0, at)


def _first_difference(now: Seed, was: list[str]) -> tuple[int, str]:
    """Return the line of the first word that differs, and in words what stands there."""
    words = now.words
    pairs = enumerate(zip(was, words, strict=False))
    at = next((n for n, (one, other) in pairs if one != other), min(len(was), len(words)))
    here, there = (quote(some[at]) if at < len(some) else "nothing" for some in (words, was))
    ends = accumulate(len(words_without_marks(line)) for line in now.body.split("\n"))
    line = next((n for n, end in enumerate(ends) if end > at), now.body.rstrip().count("\n"))
    return now.first_line + line, f"{here} stands where {there} stood"


def _check_addresses(both: _Both) -> Iterator[Issue]:
    """Yield each address of the base that leads nowhere any more."""
    live = {address(path) for path in both.head.files if is_article(path) or is_entry(path)}
    for seed in both.after.values():
        live.update(earlier_addresses(seed.path, seed.replaces))
    for path, seed in both.before.items():
        for lost in [address(path), *earlier_addresses(path, seed.replaces)]:
            if lost not in live:
                message = f"/{lost} of {both.base.name} would lead nowhere"
                old = lost.split("/", 1)[1].rstrip("/")
                hint = f"add 'replaces: [{old}]' to the seed that it became, or restore it"
                if is_article(path):
                    hint += "; a text that must go leaves its file, with 'withdrawn' and no text"
                yield _breach(path, 1 if path in both.head.files else 0, "lost-address", message, hint)


def check_attributes(repository: Repository, paths: Iterable[str]) -> Iterator[Issue]:
    """Yield where git would not hand over the bytes of a seed as they are, or hides what changes in it."""
    for path, name, value in repository.attributes((*REWRITING, *HIDING), paths):
        if name in REWRITING and value != "unset" and (name not in {"text", "eol"} or is_capture(path)):
            message = f"git's attribute {name}={value} applies to this file: {REWRITING[name]}"
            hint = "take it out of .gitattributes; 'seeds/** -text -ident -filter' there keeps every byte"
            yield _breach(path, 0, "git-attribute", message, hint)
        elif HIDING.get(name) == value:
            message = f"git's attribute {name} is {value} for this file: reviewers are not shown its words"
            hint = "take it out of .gitattributes"
            yield Issue(_shown(path), 0, 0, "git-attribute", Level.WARNING, message, hint)


def _breach(path: str, line: int, kind: str, message: str, hint: str) -> Issue:
    return Issue(_shown(path), line, 0, kind, Level.ERROR, message, hint)


def _shown(path: str) -> str:
    return shown_path(Path(path))
