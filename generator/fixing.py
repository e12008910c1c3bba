"""Fixing: what can be mended without asking is written into the seeds; the words of a text never are.

Fixes come in with the issues that know them. Whether a fix may be carried out at all is decided here: in regular
files of the archive that still say what they said when they were read, in front of a text and never in it.
"""

from __future__ import annotations

import os
import stat
import tempfile
from bisect import bisect_left, insort
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from generator.read.files import is_link
from generator.read.front_matter import body_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.check.formats import Report
    from generator.config import ArchiveConfig
    from generator.issues import Edit, Fix, Issue

MAX_ROUNDS = 10
"""A mend may uncover what the next one mends: a byte-order mark hides all the rest. Four have been seen."""
_NEVER = ("seeds/captures/",)
"""Evidence, byte for byte as received."""
_WITH_TEXT = ("seeds/articles/", "seeds/glossary/")


def fix_seeds(config: ArchiveConfig, look: Callable[[], Report]) -> Report:
    """Carry out fixes until none is left; return what is left then, and what was mended.

    Args:
        config: the archive.
        look: gives the issues that are to be mended, as the seeds are now.
    """
    mended: list[Issue] = []
    report = look()
    for _ in range(MAX_ROUNDS):
        done = _apply(config.root, [issue for issue in report.issues if issue.fix])
        if not done:
            break
        mended += done
        report = look()
    return replace(report, mended=tuple(mended))


def _apply(root: Path, issues: list[Issue]) -> list[Issue]:
    """Carry out the fixes of these issues that do not touch one another; return the issues that had them."""
    texts: dict[str, str | None] = {}
    taken: dict[str, Taken] = defaultdict(Taken)
    done = []
    for issue in issues:
        assert issue.fix is not None
        for path in {edit.path for edit in issue.fix.edits if edit.path not in texts}:
            texts[path] = _read(root, path)
        if _is_possible(issue.fix, texts, taken):
            for edit in issue.fix.edits:
                taken[edit.path].take(edit)
            done.append(issue)
    for path, edits in taken.items():
        if edits:
            _write(root / path, texts[path] or "", _edited(path, texts[path] or "", edits))
    return done


def _is_possible(fix: Fix, texts: dict[str, str | None], taken: dict[str, Taken]) -> bool:
    """Tell whether every edit of a fix meets the words that it expects, and no other edit."""
    for edit in fix.edits:
        text = texts[edit.path]
        if text is None or edit.end > len(text) or text[edit.start : edit.end] != edit.found:
            return False
        if _is_line(edit) and text[edit.start - 1 : edit.start] not in {"", "\n"} and edit.start < len(text):
            return False
        if taken[edit.path].meets(edit):
            return False
    return True


class Taken:
    """The edits of one file that are to be made: none has a place in common with another."""

    def __init__(self) -> None:
        self._edits: dict[Edit, None] = {}
        self._sorted: list[Edit] = []

    def __len__(self) -> int:
        return len(self._edits)

    def __iter__(self) -> Iterator[Edit]:
        """By place; new lines of one place as they came."""
        return iter(self._sorted)

    def take(self, edit: Edit) -> None:
        """Take an edit, once."""
        if edit not in self._edits:
            self._edits[edit] = None
            insort(self._sorted, edit, key=_extent)

    def meets(self, edit: Edit) -> bool:
        """Tell whether an edit has a place in common with another; new lines follow one another at theirs.

        Only the neighbours can be met: whatever lies beyond them would meet them.
        """
        at = bisect_left(self._sorted, _extent(edit), key=_extent)
        return edit not in self._edits and any(
            other.start <= edit.end and edit.start <= other.end and not (_is_line(edit) and _is_line(other))
            for other in self._sorted[max(at - 1, 0) : at + 1]
        )


def _extent(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _is_line(edit: Edit) -> bool:
    """Tell whether an edit adds a whole line: to a file of lines, as no value of a front matter ends one."""
    return edit.start == edit.end and edit.replacement.endswith("\n")


def _edited(path: str, text: str, edits: Iterable[Edit]) -> str:
    """Return a text with all edits made, having made sure that they left the words below the front matter alone."""
    parts: list[str] = []
    last = 0
    for edit in edits:
        parts += [text[last : edit.start], edit.replacement]
        last = edit.end
    new = "".join([*parts, text[last:]])
    if path.startswith(_WITH_TEXT) and body_of(new) != body_of(text):
        raise RuntimeError(f"a fix would have changed the text of {path}")
    return new


def _read(root: Path, path: str) -> str | None:
    """Return the text of a file that fixes may touch, an empty one where there is no file; None for any other."""
    if path.startswith(_NEVER) or not path.startswith("seeds/") or "\\" in path or ".." in path.split("/"):
        # a path with a backslash was spelt out: the file has another name
        return None
    if any(is_link(root, path)):
        return None
    try:
        file = root / path
        return file.read_bytes().decode() if stat.S_ISREG(file.lstat().st_mode) else None
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        return None


def _write(file: Path, old: str, new: str) -> None:
    """Put a file in the place of another, whole or not at all, with the same rights."""
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=".", suffix=".fixed", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(new.encode())
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists() and file.read_bytes() != old.encode():
            raise RuntimeError(f"{file.name} was changed while it was mended")
        Path(name).chmod(mode)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)
