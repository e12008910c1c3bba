"""Archives in git repositories of their own, to be changed and compared. Holds no test."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config import ArchiveConfig

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Repository:
    """An archive that is the whole of a git repository."""

    root: Path

    @property
    def config(self) -> ArchiveConfig:
        return ArchiveConfig(self.root)

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@archive.example", "-c", "commit.gpgsign=false"]
        quiet = ["-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", "-c", "protocol.file.allow=always"]
        run = subprocess.run(
            ["git", "-C", str(self.root), *identity, *quiet, *words], check=True, capture_output=True, text=True
        )
        return run.stdout

    def write(self, path: str, data: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return file

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_bytes().decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))

    def commit(self, message: str = "change") -> None:
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)


def start_repository(root: Path, files: dict[str, str]) -> Repository:
    """Return a repository at `root` with these files, committed on a branch main and tagged base."""
    root.mkdir(parents=True)
    repository = Repository(root)
    repository.git("init", "--quiet", "--initial-branch=main")
    for path, text in files.items():
        repository.write(path, text)
    repository.commit("base")
    repository.git("tag", "base")
    return repository
