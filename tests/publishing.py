"""Archives to publish, and ways to build them and to look at what was built. Holds no test."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from generator.building import build_site
from generator.config import ArchiveConfig, find_archive
from generator.issues import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
"""The project, which is an archive itself."""
TINY = Path(__file__).parent / "site" / "archive"
"""Three articles, one of them in Arabic and one withdrawn, and five entries."""
FIRST_ARTICLE = "seeds/articles/2025/06/syria-israel-indirect-talks.md"
FIRST_CAPTURE = "000_2dc7ca04f9c99a60.txt"
HARBOUR = "seeds/articles/2031/03/harbour-talks.md"
_STOPPED_BUILD = Path(__file__).with_name("stopped_build.py")


def copy_tiny(folder: Path) -> ArchiveConfig:
    """Return a copy of the tiny archive at `folder`, to be changed and built."""
    shutil.copytree(TINY, folder)
    return find_archive(folder)


def copy_own(folder: Path) -> ArchiveConfig:
    """Return a copy of the project's own pages, glossary and first article at `folder`.

    Articles that came later are left out: whoever adds one need not mend what tests expect of a search.
    """
    for name in ("docs", "seeds/glossary"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", FIRST_ARTICLE, f"seeds/captures/{FIRST_CAPTURE}"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    listed = (ROOT / "seeds/captures.sha256").read_text("utf-8").splitlines(keepends=True)
    own = [line for line in listed if line.endswith(f"  {FIRST_CAPTURE}\n")]
    (folder / "seeds/captures.sha256").write_text("".join(own), "utf-8")
    return find_archive(folder)


def replace_in(file: Path, old: str, new: str) -> None:
    """Replace the only occurrence of `old`."""
    text = file.read_bytes().decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_bytes(text.replace(old, new).encode())


@contextmanager
def environment_kept():
    """Put the environment back afterwards: a build sets SOURCE_DATE_EPOCH."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def build(config: ArchiveConfig, site_dir: Path | None = None) -> Path:
    """Build a site in this process and return its folder."""
    with environment_kept():
        return build_site(config, site_dir).site


class Outcome(NamedTuple):
    """What became of a build."""

    failed: bool
    said: str
    """On stderr; the folder of the archive is not named."""
    unchanged: bool = False


def try_build(config: ArchiveConfig, *, search: bool = True) -> Outcome:
    """Build a site in this process, which may fail."""
    heard, unchanged, failed = io.StringIO(), False, False
    with redirect_stderr(heard), environment_kept():
        try:
            unchanged = build_site(config, search=search).unchanged
        except ArchiveError:
            failed = True
    return Outcome(failed, heard.getvalue().replace(str(config.root), ""), unchanged)


def read_site(config: ArchiveConfig) -> dict[str, bytes]:
    """Return the bytes of every file of an archive's site; nothing where there is none."""
    return read_tree(config.root / "site")


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder by its path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Return the paths in which two trees differ; empty where they are the same byte for byte."""
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


@contextmanager
def start_stopped_build(*arguments: object, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Start a real build, in a process of its own, that stops where it is told to; see stopped_build.py.

    What it has in the system's folder for such goes with it: who is killed cannot clear up.
    """
    always = {"PYTHONDONTWRITEBYTECODE": "1", "NO_MKDOCS_2_WARNING": "1"}
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as temporary,
        subprocess.Popen(
            [sys.executable, str(_STOPPED_BUILD), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, **always, "TMPDIR": temporary, **environment},
        ) as process,
    ):
        yield process


def run_stopped_build(*arguments: object, **environment: str) -> tuple[int, str]:
    """Run such a build to its end; return its exit code, negative where killed, and what it said."""
    with start_stopped_build(*arguments, **environment) as process:
        said = process.communicate(timeout=120)[0]
    return process.returncode, said
