"""The checkout: where an archive lies in a clone of git, and nothing else of git."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from generator.read.files import shown_path


def find_prefix(root: Path) -> str:
    """Return the archive's folder in its repository, with a slash at its end; nothing at the top or without git."""
    git = shutil.which("git")
    if git is None:
        return ""
    asked = subprocess.run(  # noqa: S603 - fixed words, and no shell
        [git, "-C", str(root), "rev-parse", "--show-prefix"], capture_output=True, text=True, check=False,
        encoding="utf-8", errors="surrogateescape",
    )  # fmt: skip
    prefix = asked.stdout.removesuffix("\n") if asked.returncode == 0 else ""
    return f"{shown_path(Path(prefix))}/" if prefix else ""
