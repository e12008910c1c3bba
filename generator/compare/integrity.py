"""Integrity: what must not happen to texts, captures and addresses between two moments of an archive.

Captures are never changed, the words of a text stay, no address is lost, and git hands over every byte as it is.
"""

from __future__ import annotations

import shlex
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from generator.compare.seeds import (
    ChangedSeeds,
    address,
    earlier_addresses,
    is_article,
    is_capture,
    is_entry,
)
from generator.issues import Issue, Level, quote, visible
from generator.read.blocks import words_without_marks
from generator.read.captures import FOLDER as CAPTURES
from generator.read.files import shown_path
from generator.read.manifest import FILE as MANIFEST
from generator.read.manifest import Manifest, parse_manifest
from generator.read.revisions import EXECUTABLE, SUBMODULE, SYMLINK, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.compare.seeds import Seed
    from generator.read.revisions import Repository, Snapshot, Stored

_MODES = {
    EXECUTABLE: "an executable file", SYMLINK: "a symbolic link", SUBMODULE: "a submodule",
    UNREADABLE: "a file that cannot be read",
}  # fmt: skip
REWRITING = {
    "filter": "a filter may rewrite it",
    "ident": "'$Id$' in it is rewritten",
    "working-tree-encoding": "its encoding is changed",
    "text": "its line ends may be changed",
    "eol": "its line ends are changed",
}
"""Attributes of git under which the file on disk is not the one that was committed."""
HIDING = {"diff": {"unset"}, "linguist-generated": {"set", "true"}}
"""Attributes under which reviewers are not shown what changes, and the values that do so."""


def check_integrity(base: Snapshot, head: Snapshot) -> list[Issue]:
    """Return each breach between two snapshots. Only files that changed are read."""
    both = ChangedSeeds(base, head)
    gone = {
        file
        for path, seed in both.before.items()
        if (now := both.successor(path)) and now.withdrawn
        for file in seed.files
    }
    return [
        *_check_captures(both, gone),
        *_check_manifest(base, head, gone),
        *_check_modes(both),
        *_check_texts(both),
        *_check_addresses(both),
    ]


def _check_captures(both: ChangedSeeds, gone: Collection[str]) -> Iterator[Issue]:
    """Yield each capture of the base that is not as it was; those of articles that were withdrawn may be gone."""
    for path in filter(is_capture, both.paths):
        was, is_now = both.base.files.get(path), both.head.files.get(path)
        if was is None or (is_now is None and path in gone):
            continue
        restore = f"git checkout {_quoted(both.base.name)} -- {_quoted(path)}"
        hint = f"restore it: {restore}; a better copy gets a name of its own"
        yield _breach(path, 0, "capture-altered", f"this capture {_fate(both, was, is_now)}", hint)
    for path, seed in both.before.items():
        now = both.successor(path)
        dropped = sorted(set(seed.files) - set(now.files)) if now else []
        if now and dropped:
            names = ", ".join(quote(file.removeprefix(f"{CAPTURES}/")) for file in dropped)
            message = f"the article no longer names {names}, which its text was taken from"
            hint = "name it again under 'capture' or 'original', and restore the file if it is gone"
            yield _breach(now.path, 1, "capture-altered", message, hint)


def _check_manifest(base: Snapshot, head: Snapshot, gone: Collection[str]) -> Iterator[Issue]:
    """Yield each line of the base's manifest that says something else now, or nothing."""
    was, is_now = (_read_manifest(snapshot) for snapshot in (base, head))
    for name, digest in was.digests.items():
        if is_now.digests.get(name) != digest and f"{CAPTURES}/{name}" not in gone:
            what = "lists another digest" if name in is_now.digests else "lists no digest"
            message = f"the manifest {what} for {quote(name)}, which {base.name} lists"
            hint = f"restore its line: {digest}  {name}"
            yield _breach(MANIFEST, is_now.lines.get(name, 0), "capture-altered", message, hint)


def _read_manifest(snapshot: Snapshot) -> Manifest:
    stored = snapshot.files.get(MANIFEST)
    if stored is None or not stored.is_regular:
        return Manifest()
    ((_, data),) = snapshot.read([MANIFEST])
    return parse_manifest(data.decode("utf-8", errors="replace"))[0]


def _fate(both: ChangedSeeds, was: Stored, is_now: Stored | None) -> str:
    """Return in words what became of a capture."""
    if is_now is None:
        others = (path for path, stored in both.head.files.items() if stored.oid == was.oid)
        new = next((path for path in others if path not in both.base.files), None)
        return f"of {both.base.name} is gone" + (f": it was renamed to {_shown(new)}" if new else "")
    if is_now.oid == was.oid or not is_now.is_regular:
        return f"is {_MODES.get(is_now.mode, 'a plain file')} now, which it is not in {both.base.name}"
    return f"has other bytes than in {both.base.name}"


def _check_modes(both: ChangedSeeds) -> Iterator[Issue]:
    """Yield each changed file, other than a capture of the base, that is anything but a plain file."""
    for path in both.paths:
        is_now = both.head.files.get(path)
        reported = is_capture(path) and path in both.base.files
        if is_now is not None and is_now.mode in _MODES and not reported:
            message = f"this is {_MODES[is_now.mode]}; seeds are plain files"
            chmod = f"take the right away: git update-index --chmod=-x {_quoted(path)}"
            hint = chmod if is_now.mode == EXECUTABLE else "put the file itself here"
            yield _breach(path, 0, "not-plain", message, hint)


def _check_texts(both: ChangedSeeds) -> Iterator[Issue]:
    """Yield each article whose text is not what it was."""
    for path, seed in both.before.items():
        now = both.successor(path)
        if not is_article(path) or now is None or now.withdrawn or now.body == seed.body:
            continue
        if both.took_over(now, path):
            message = f"it replaces {_shown(path)} of {both.base.name}, whose text is lost"
            hint = "keep both texts; where one was published twice, keep the copy with the same words"
            if seed.words != now.words:
                yield _breach(now.path, 1, "text-altered", message, hint)
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


def _check_addresses(both: ChangedSeeds) -> Iterator[Issue]:
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
        elif value in HIDING.get(name, ()):
            message = f"git's attribute {name} is {value} for this file: reviewers are not shown its words"
            hint = "take it out of .gitattributes"
            yield Issue(_shown(path), 0, 0, "git-attribute", Level.WARNING, message, hint)


def _breach(path: str, line: int, kind: str, message: str, hint: str) -> Issue:
    return Issue(_shown(path), line, 0, kind, Level.ERROR, message, hint)


def _shown(path: str) -> str:
    return shown_path(Path(path))


def _quoted(word: str) -> str:
    """Return a word as a shell takes it: hints are copied."""
    return shlex.quote(visible(word))
