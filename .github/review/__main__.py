"""What a change does to the archive: its seeds judged and built by the generator of the base, and its own tests.

    python3 .github/review [--base REV] [--head REV] [--out DIR] [--environment DIR] [STEP…]

Comes in: two revisions of a git repository. Goes out: the differences and a preview in a folder; exit code 0, 1
where a step failed, 2 where it was called wrongly, 130 where it was interrupted. `make review` and the workflow of
pull requests both call this, so that they cannot tell different things. Decided here and nowhere else: which program
judges which seeds. It needs Python and git only, because it runs before anything is set up.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from change import GIT, SEEDS, Change, ReviewError, SeedsError, find_change, workplace, write_seeds
from programs import InterruptedReviewError, Programs
from speech import IN_ACTIONS, add_to_summary, fenced, harmless

STEPS = ("check", "diff", "build", "tests")
"""In the order in which they run."""
SUMMARY_LIMIT = 400_000
"""Bytes of names of files in a job's summary; GitHub drops a summary of more than 1 MiB altogether."""
ARCHIVE = "import sys; sys.argv[0] = 'archive'; from generator.cli import main; main()"
"""The command `archive` of the folder it runs in, whichever checkout the environment was set up for."""


@dataclass(frozen=True)
class Review:
    """One review: the change, the folders it works in, and the programs it runs."""

    change: Change
    work: Path
    out: Path
    environment: Path | None
    programs: Programs

    @property
    def base(self) -> Path:
        """The checkout of the base, with the seeds of the head."""
        return self.work / "base"

    def check_out(self, revision: str, place: Path) -> None:
        """Make a detached checkout: no branch knows of it."""
        words = (*GIT, "worktree", "add", "--quiet", "--detach", place, revision)
        if self.programs.run(*words, cwd=self.change.root):
            raise ReviewError(f"git could not check out {revision}")

    def is_at_hand(self, lock: str, revision: str) -> bool:
        """Return whether the environment at hand is that of a revision: it was made from the same locks."""
        if self.environment is None or not (self.environment / lock).exists():
            return False
        here = {path: self.change.root / path for path in (f"requirements/{lock}.txt", "pyproject.toml")}
        if not all(file.is_file() for file in here.values()):
            return False
        locks, project = (
            (self.change.read(revision, path), file.read_bytes()) for path, file in here.items()
        )
        of_revision, of_tree = (tomllib.loads(text.decode()).get("project") for text in project)
        return locks[0] == locks[1] and of_revision == of_tree

    def set_up_base(self) -> Path:
        """Check out the base, give it the head's seeds, and return the Python that runs its generator."""
        self.check_out(self.change.base, self.base)
        shutil.rmtree(self.base / SEEDS, ignore_errors=True)
        if self.environment is not None and self.is_at_hand("site", self.change.base):
            return self.environment / "bin" / "python"
        if self.programs.run("make", "--silent", f"PYTHON={sys.executable}", ".venv/site", cwd=self.base):
            raise ReviewError("the generator of the base could not be set up")
        return self.base / ".venv" / "bin" / "python"

    def archive(
        self, python: Path, *words: str | Path, out: IO[bytes] | None = None, err: IO[bytes] | None = None,
        **environment: str,
    ) -> int:  # fmt: skip
        """Run `archive` of the base in its checkout."""
        environment |= {"PYTHONPATH": str(self.base), "PYTHONDONTWRITEBYTECODE": "1"}
        return self.programs.run(
            python, "-c", ARCHIVE, *words, cwd=self.base, out=out, err=err, **environment
        )

    def check(self, python: Path) -> int:
        """Say what is wrong with the head's seeds, and what they change that may not change."""
        try:
            write_seeds(self.change, self.base)
        except SeedsError as error:
            (self.base / SEEDS).mkdir(exist_ok=True)
            with harmless():
                print(f"error: {error}")
            add_to_summary(fenced(f"error: {error}"))
            return 1
        words = ("check", "--base", self.change.base, "--format")
        if not IN_ACTIONS:
            return self.archive(python, *words, "text")
        # This format is made of commands to the runner, escapes strangers' words by itself, and leaves a table in
        # the summary. What stands on stderr is none of that.
        told = {name: os.environ[name] for name in ("GITHUB_STEP_SUMMARY",) if name in os.environ}
        with tempfile.TemporaryFile() as said:
            code = self.archive(python, *words, "github", err=said, **told)
            said.seek(0)
            with harmless():
                print(said.read().decode("utf-8", "replace").rstrip())
        return code

    def diff(self, python: Path) -> int:
        """Say what changes, as text here and as Markdown in the summary, which has a bounded length; keep both."""
        forms = {"text": "diff.txt"} | ({"markdown": "diff.md"} if IN_ACTIONS else {})
        worst = 0
        with harmless():
            for form, name in forms.items():
                with (self.out / name).open("wb") as file:
                    words = ("diff", self.change.base, self.change.head, "--format", form)
                    worst = max(worst, self.archive(python, *words, out=file))
            if worst <= 1:  # errors in the seeds are the matter of `check`
                print((self.out / "diff.txt").read_text("utf-8", "replace").rstrip())
        if worst > 1:
            for name in forms.values():  # half a comparison would be read as a whole one
                (self.out / name).unlink()
            return worst
        if IN_ACTIONS:
            add_to_summary((self.out / "diff.md").read_text("utf-8", "replace"))
        return 0

    def build(self, python: Path) -> int:
        """Build a preview: pages and templates of the base, seeds of the head."""
        staged = self.work / "site"
        with harmless():
            code = self.archive(python, "build", "--site-dir", staged)
        if code == 0:
            staged.rename(self.out / "site")
        return code

    def tests(self) -> int:
        """Run the tests of the head in a checkout of its own: the code of the change runs here, and only here."""
        head = self.work / "head"
        self.check_out(self.change.head, head)
        if self.environment is not None and self.is_at_hand("dev", self.change.head):
            (head / ".venv").symlink_to(self.environment.resolve())
            for path in ("requirements/site.txt", "requirements/dev.txt", "pyproject.toml"):
                os.utime(head / path, (0, 0))  # make would set up anew what is younger than the environment
        with harmless():
            return self.programs.run(head / ".ci" / "run", cwd=head, PYTHONPATH=str(head))


def tell_change(change: Change, base: str, head: str) -> None:
    """Say what is compared with what, what is left out, and which files need a maintainer."""
    print(f"Compared: {change.head[:12]} ({head}) with {change.base[:12]} ({base}, where this left it).")
    later = int(change.git("rev-list", "--count", f"{change.head}..{base}"))
    if later:
        print(f"{base} has {later} newer commits: merge it to see both together.")
    # A job has nothing to commit, and git would have to look at the files of the head, as their attributes say.
    dirty = [] if IN_ACTIONS or head != "HEAD" else change.git("status", "--porcelain").splitlines()
    if dirty:
        print(f"Left out: {len(dirty)} files with changes that are not committed.")
    words = ("diff", "--no-ext-diff", "--no-renames", "--name-only", change.base, change.head)
    outside = change.git(*words, "--", ".", f":(exclude){SEEDS}").rstrip()
    if outside:
        with harmless():
            print(f"Outside {SEEDS}/, so that a maintainer has to look:\n{outside}")
        heading = f"### Needs a maintainer\n\nThe change touches these files outside `{SEEDS}/`:\n\n"
        add_to_summary(heading + fenced(outside[:SUMMARY_LIMIT]))


def run_steps(review: Review, steps: list[str]) -> dict[str, str]:
    """Run the steps and return how each ended; one that fails does not keep the others from being shown."""
    ended: dict[str, str] = {}
    of_seeds = [step for step in ("check", "diff", "build") if step in steps]
    python = review.set_up_base() if of_seeds else Path()
    if of_seeds and "check" not in of_seeds:
        of_seeds.insert(0, "check")  # it puts the seeds in place, and nothing is built that was not looked at
    for step in of_seeds:
        if step == "build" and ended["check"] != "passed":
            ended[step] = "left out: the check failed"
            continue
        print(f"\n== {step} ==", flush=True)
        ended[step] = verdict(getattr(review, step)(python))
    if "tests" in steps:
        print("\n== tests ==", flush=True)
        ended["tests"] = verdict(review.tests())
    return ended


def verdict(code: int) -> str:
    """Return how a step ended, in words."""
    return "passed" if code == 0 else f"failed, with exit code {code}"


def prepare(out: Path, *, is_ours: bool) -> None:
    """Make the folder for what is kept; what an earlier review left there goes, and nothing else ever does.

    Raises:
        ReviewError: something else is there.
    """
    if is_ours:
        shutil.rmtree(out, ignore_errors=True)
    elif out.exists() and any(out.iterdir()):
        raise ReviewError(f"{out} is not empty")
    out.mkdir(parents=True, exist_ok=True)


def review_change(options: argparse.Namespace, programs: Programs) -> int:
    """Review a change and return the exit code."""
    change = find_change(Path.cwd(), options.base, options.head)
    out = (options.out or change.root / ".cache" / "review").absolute()
    prepare(out, is_ours=options.out is None)
    with workplace(change, out.parent) as work:
        tell_change(change, options.base, options.head)
        environment = options.environment and options.environment.absolute()
        ended = run_steps(Review(change, work, out, environment, programs), options.steps or list(STEPS))
    print()
    for step, how in ended.items():
        print(f"{step:6} {how}")
    print(f"Kept in {out}: {', '.join(sorted(path.name for path in out.iterdir())) or 'nothing'}")
    return int(any(how != "passed" for how in ended.values()))


def main() -> int:
    """Run the review and return its exit code."""
    parser = argparse.ArgumentParser(prog="review", description="Say what a change does to the archive.")
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"{', '.join(STEPS)}; all where absent")
    parser.add_argument(
        "--base", default="main", metavar="REV", help="what is compared with; main where absent"
    )
    parser.add_argument("--head", default="HEAD", metavar="REV", help="what is judged; HEAD where absent")
    parser.add_argument("--out", type=Path, metavar="DIR", help="an empty folder for what is kept")
    parser.add_argument(
        "--environment", type=Path, metavar="DIR", help="used where it was made from the same locks"
    )
    options = parser.parse_args()
    if unknown := set(options.steps) - set(STEPS):
        parser.error(f"{', '.join(sorted(unknown))}: the steps are {', '.join(STEPS)}")
    programs = Programs()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, programs.stop)
    try:
        return review_change(options, programs)
    except InterruptedReviewError:
        print("interrupted", file=sys.stderr)
        return 130
    except ReviewError as error:
        with harmless():
            print(f"error: {error}", file=sys.stderr, flush=True)
        return 2


if __name__ == "__main__":
    sys.exit(main())
