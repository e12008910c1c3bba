"""The review of a change: what runs, what it prints, and that it leaves everything as it was.

It runs as it is, on git repositories made here. The generator in most of them is a small stand-in, kept in the
repository like the real one, that does what its seeds tell it: hang, fail, or say what it must not.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REVIEW = ROOT / ".github" / "review"
GENERATOR = '''
"""A stand-in for `archive`."""
import json, os, shutil, subprocess, sys, time
from pathlib import Path

NAME = "generator of the base"

def main():
    seen = Path(os.environ["SEEN"])
    command, words = sys.argv[1], sys.argv[2:]
    with (seen / "calls.jsonl").open("a") as file:
        print(json.dumps([NAME, command, words, os.getcwd(), sorted(os.environ)]), file=file)
    shutil.copytree("seeds", seen / "seeds", symlinks=True, dirs_exist_ok=True)
    shutil.copy("mkdocs.yml", seen / "mkdocs.yml")
    seeds = "".join(path.read_text() for path in sorted(Path("seeds").glob("*.md")))
    if command == "diff":
        git = ["git", "diff", "--no-ext-diff", "--no-textconv", words[0], words[1], "--", "seeds"]
        said = subprocess.run(git, capture_output=True, text=True, check=True).stdout
        print(said)
        if "BROKEN" in seeds and words[-1] != "text":
            sys.exit(3)
        sys.exit(1 if "WRONG" in seeds else 0)
    if command == "check":
        if words[-1] == "github":
            print("::notice file=seeds/a.md::checked")
        print("::error::" + NAME, seeds, file=sys.stderr)
        sys.exit(1 if "WRONG" in seeds else 0)
    if "HANG" in seeds:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        (seen / "hanging").write_text(f"{os.getpid()} {child.pid}")
        time.sleep(60)
    print(seeds)
    site = Path(words[words.index("--site-dir") + 1])
    site.mkdir()
    (site / "index.html").write_text(seeds)
'''
TESTS = "#!/bin/sh\npwd > \"$SEEN/tests\"\necho '::error::x'\n! grep -q UNTESTED seeds/a.md\n"
HOSTILE = "::error::x\n  ::set-output name=a::b\nabc ##[set-env name=PATH]/tmp"


class Repository:
    """A repository whose branch `main` holds an archive, and whose branch `change` is checked out."""

    def __init__(self, folder):
        self.root = folder / "archive"
        self.seen = folder / "seen"
        self.environment = folder / "environment"
        self.root.mkdir()
        self.seen.mkdir()
        (self.environment / "bin").mkdir(parents=True)
        (self.environment / "bin" / "python").symlink_to(sys.executable)
        for stamp in ("site", "dev"):
            (self.environment / stamp).touch()
        self.git("init", "--quiet", "--initial-branch", "main")
        self.write(
            {
                "generator/__init__.py": "", "generator/cli.py": GENERATOR, ".ci/run": TESTS,
                ".gitignore": "/.cache/\n", "requirements/site.txt": "\n", "requirements/dev.txt": "\n",
                "pyproject.toml": "[project]\nname = 'x'\n", "mkdocs.yml": "site_name: Base\n",
                "seeds/a.md": "One.\n",
            }
        )  # fmt: skip
        (self.root / ".ci" / "run").chmod(0o755)
        self.commit()
        self.git("switch", "--quiet", "--create", "change")

    def git(self, *words):
        names = {f"GIT_{who}_{what}": "x@y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return subprocess.run(
            ["git", *words], cwd=self.root, env=kept | names, capture_output=True, text=True, check=True
        ).stdout.strip()

    def write(self, files):
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self):
        self.git("add", "--all", "--force", ".")
        self.git("commit", "--quiet", "--message", "A change")

    def put(self, path, content):
        """Add a file to the index as it is, past the work tree and its attributes."""
        (self.root.parent / "blob").write_bytes(content)
        name = self.git("hash-object", "-w", "--no-filters", self.root.parent / "blob")
        self.git("update-index", "--add", "--cacheinfo", f"100644,{name},{path}")

    def commit_tree(self, *entries):
        """Commit seeds as no work tree could hold them: (mode, name, bytes or the entries of a folder)."""
        tree = self.tree([("040000", "seeds", entries)])
        self.git("reset", "--quiet", "--soft", self.git("commit-tree", tree, "-p", "main", "-m", "A tree"))

    def tree(self, entries):
        lines = []
        for mode, name, content in entries:
            (self.root.parent / "blob").write_bytes(content if isinstance(content, bytes) else b"")
            folder = None if isinstance(content, bytes) else self.tree(content)
            blob = folder or self.git("hash-object", "-w", "--no-filters", self.root.parent / "blob")
            lines.append(f"{mode} {'tree' if folder else 'blob'} {blob}\t{name}\0".encode())
        made = subprocess.run(
            ["git", "mktree", "-z"], cwd=self.root, input=b"".join(lines), capture_output=True, check=True
        )
        return made.stdout.decode().strip()

    def words(self, *words, environment=True):
        given = ["--environment", self.environment] if environment else []
        return [sys.executable, "-I", REVIEW, *given, *words]

    def variables(self, **values):
        return {n: v for n, v in os.environ.items() if not n.startswith(("GIT", "CI"))} | {
            "SEEN": str(self.seen)
        } | values  # fmt: skip

    def review(self, *words, **variables):
        """Run the review: (exit code, stdout, stderr)."""
        done = subprocess.run(
            self.words(*words),
            cwd=self.root,
            env=self.variables(**variables),
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def calls(self):
        file = self.seen / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def state(self):
        """Return all that is the user's: files, index, branches, checkouts."""
        files = {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not {".git", ".cache"} & set(path.relative_to(self.root).parts)
        }
        index = (self.root / ".git" / "index").read_bytes()
        return files, index, self.git("for-each-ref"), (self.root / ".git" / "HEAD").read_text()

    def left_over(self):
        """Return what a review left that it should have taken away."""
        checkouts = self.git("worktree", "list", "--porcelain").count("worktree ") - 1
        admin = list((self.root / ".git").glob("worktrees/*"))
        return [*(self.root / ".cache").glob("review-*"), *admin, *["a checkout"] * checkouts]


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


def test_a_sound_change_is_checked_told_built_and_tested(repository):
    repository.write({"seeds/b.md": "Two.\n"})
    repository.commit()
    code, out, _ = repository.review()
    assert code == 0
    assert [call[1] for call in repository.calls()] == ["check", "diff", "build"]
    assert "+Two." in out
    kept = repository.root / ".cache" / "review"
    assert (kept / "site" / "index.html").read_text() == "One.\nTwo.\n"
    assert "+Two." in (kept / "diff.txt").read_text()
    assert Path((repository.seen / "tests").read_text().strip()).name == "head"
    assert out.count(" passed\n") == 4


def test_the_generator_and_the_pages_are_those_of_the_base(repository):
    hostile = "from pathlib import Path\nPath('/proc/self/cwd/stolen').touch()\nraise SystemExit(0)\n"
    repository.write(
        {
            "generator/cli.py": hostile, "generator/__init__.py": hostile, "sitecustomize.py": hostile,
            "seeds/json.py": hostile, "json.py": hostile, "mkdocs.yml": "hooks: [json.py]\n",
            ".github/review/__main__.py": hostile, "Makefile": "$(error run)\n", "seeds/b.md": "Two.\n",
            ".venv/bin/python": "#!/bin/sh\nexit 0\n", ".venv/site": "",
        }
    )  # fmt: skip
    (repository.root / ".venv" / "bin" / "python").chmod(0o755)
    repository.commit()
    assert repository.review("check", "diff", "build")[0] == 0
    assert {call[0] for call in repository.calls()} == {"generator of the base"}
    assert (repository.seen / "mkdocs.yml").read_text() == "site_name: Base\n"
    assert (repository.seen / "seeds" / "b.md").read_text() == "Two.\n"


def test_where_the_locks_differ_the_environment_is_set_up_from_those_of_the_base(repository):
    made = ".venv/site:\n\tmkdir -p .venv/bin && ln -s $(PYTHON) .venv/bin/python && pwd > $(SEEN)/made\n"
    repository.git("switch", "--quiet", "main")
    repository.write({"Makefile": made})
    repository.commit()
    repository.git("switch", "--quiet", "change")
    repository.git("merge", "--quiet", "main")
    assert repository.review("check")[0] == 0
    assert not (repository.seen / "made").exists()
    repository.write({"requirements/site.txt": "other==1\n"})
    repository.commit()
    assert repository.review("check")[0] == 0
    assert Path((repository.seen / "made").read_text().strip()).name == "base"


@pytest.mark.parametrize(
    ("seed", "ended"),
    [
        ("WRONG", ["check  failed", "diff   passed", "build  left out", "tests  passed"]),
        ("UNTESTED", ["check  passed", "diff   passed", "build  passed", "tests  failed"]),
    ],
)
def test_what_fails_is_said_and_the_differences_are_shown_all_the_same(repository, seed, ended):
    repository.write({"seeds/a.md": f"{seed}\n"})
    repository.commit()
    code, out, _ = repository.review()
    assert code == 1
    assert f"+{seed}" in out
    assert [line for line in ended if f"\n{line}" not in out] == []
    assert repository.left_over() == []


def test_work_tree_index_and_branches_stay_as_they_are(repository):
    repository.write({"seeds/b.md": "Two.\n"})
    repository.commit()
    hook = repository.root / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\ntouch "$SEEN/hook"\n')
    hook.chmod(0o755)
    repository.write({"seeds/b.md": "Three.\n", "seeds/c.md": "Four.\n", "requirements/dev.txt": "\n"})
    repository.git("add", "seeds/b.md")
    before = repository.state()
    code, out, _ = repository.review()
    assert code == 0
    assert repository.state() == before
    assert repository.left_over() == []
    assert not (repository.seen / "hook").exists()
    assert "Left out: 2 files with changes that are not committed." in out
    assert not (repository.seen / "seeds" / "c.md").exists()


def is_alive(process):
    """Return whether a process still runs; one that ended and is not yet taken note of does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_review_ends_what_it_started_and_leaves_nothing(repository, number):
    repository.write({"seeds/a.md": "HANG\n"})
    repository.commit()
    before = repository.state()
    with subprocess.Popen(
        repository.words(), cwd=repository.root, env=repository.variables(), stdout=subprocess.PIPE
    ) as review:
        hanging = repository.seen / "hanging"
        wait_until(lambda: hanging.exists() and len(hanging.read_text().split()) == 2)
        processes = hanging.read_text().split()
        review.send_signal(number)
        out = review.communicate(timeout=30)[0].decode()
    assert review.returncode == 130
    assert "+HANG" in out
    wait_until(lambda: not any(map(is_alive, processes)))
    assert repository.left_over() == []
    assert repository.state() == before


def wait_until(holds):
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_base_that_is_not_there_is_a_matter_of_usage(repository):
    code, _, err = repository.review("--base", "nowhere")
    assert (code, err) == (2, "error: there is no revision nowhere; name another with BASE=…\n")
    assert repository.review("everything")[0] == 2
    assert repository.review("--base", "--output=x")[0] == 2


def test_a_change_is_compared_with_where_it_began(repository):
    repository.git("switch", "--quiet", "main")
    repository.write({"seeds/later.md": "Later.\n"})
    repository.commit()
    repository.git("switch", "--quiet", "change")
    repository.write({"seeds/b.md": "Two.\n"})
    repository.commit()
    code, out, _ = repository.review("check", "diff")
    assert code == 0
    assert "main has 1 newer commits" in out
    assert "Later" not in out


# Seeds of strangers.


def test_seeds_are_read_byte_for_byte_whatever_attributes_say(repository):
    exact = b"\xff\r\n$Id$\n"
    attributes = b"* text eol=crlf ident working-tree-encoding=UTF-16 export-ignore filter=evil diff=evil\n"
    for path, content in (
        (".gitattributes", attributes),
        ("seeds/.gitattributes", attributes),
        ("seeds/exact", exact),
    ):
        repository.put(path, content)
    repository.git("commit", "--quiet", "--message", "Bytes")
    repository.git("config", "filter.evil.smudge", 'touch "$SEEN/filter"; cat')
    repository.git("config", "diff.evil.textconv", 'touch "$SEEN/filter"; cat')
    assert repository.review("check", "diff", "build")[0] == 0
    assert (repository.seen / "seeds" / "exact").read_bytes() == exact
    assert not (repository.seen / "filter").exists()


def test_links_are_left_to_the_generator_and_never_followed(repository):
    (repository.root / "seeds" / "link.txt").symlink_to("/etc/passwd")
    (repository.root / "seeds" / "folder").symlink_to(repository.seen)
    repository.commit()
    repository.review("check")
    assert (repository.seen / "seeds" / "link.txt").readlink() == Path("/etc/passwd")
    assert (repository.seen / "seeds" / "folder").is_symlink()
    assert repository.left_over() == []


def test_seeds_that_are_no_folder_and_submodules_are_refused(repository):
    commit = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},seeds/module")
    repository.git("commit", "--quiet", "--message", "A submodule")
    code, out, _ = repository.review("check", "build")
    assert code == 1
    assert "error: 'seeds/module' is a submodule" in out
    repository.git("reset", "--quiet", "--hard", "main")
    shutil.rmtree(repository.root / "seeds")
    (repository.root / "seeds").symlink_to("/etc")
    repository.commit()
    code, out, _ = repository.review("check", "build")
    assert code == 1
    assert "error: 'seeds' is no file" in out
    assert repository.calls() == []


FILE, LINK = "100644", "120000"
UNWRITABLE = {
    "an empty target": [(LINK, "##[error]x", b"")],
    "a null character in a target": [(LINK, "##[error]x", b"a\0b")],
    "a long target": [(LINK, "##[error]x", b"x/" * 2_500)],
    "a long name": [(FILE, "##[error]x" + "y" * 250, b"One.\n")],
    "a long name of a folder": [("040000", "##[error]x" + "y" * 250, [(FILE, "a", b"One.\n")])],
    "a long name of a link": [(LINK, "##[error]x" + "y" * 250, b"a")],
    "the same name twice": [(FILE, "##[error]x", b"One.\n"), (FILE, "##[error]x", b"Two.\n")],
    "a file that is a folder": [(FILE, "##[error]x", b"a"), ("040000", "##[error]x", [(FILE, "a", b"")])],
}


@pytest.mark.parametrize("entries", UNWRITABLE.values(), ids=UNWRITABLE)
def test_a_seed_that_no_system_would_take_is_told_by_its_name_and_nothing_else_is(repository, entries):
    repository.commit_tree((FILE, "a.md", b"One.\n"), *entries)
    code, out, err = repository.review("check", "build")
    assert (code, err) == (1, "")
    assert re.search(r"^error: 'seeds/##\[error\]x[^']*' cannot be written$", out, re.MULTILINE)
    assert repository.calls() == []
    assert repository.left_over() == []
    code, log, summary = in_actions(repository)
    assert code == 1
    assert commands(log) == []
    assert "Traceback" not in log
    assert "cannot be written\n```" in summary


def test_nothing_is_written_through_a_link_that_is_a_folder_as_well(repository):
    outside = repository.root.parent / "outside"
    outside.mkdir()
    repository.commit_tree((LINK, "a", bytes(outside)), ("040000", "a", [(LINK, "b", b"c")]))
    assert repository.review("check", "build")[0] == 1
    assert list(outside.iterdir()) == []


# The log and the summary of a job.


def commands(log):
    """Return the lines that the runner of GitHub takes as commands."""
    found, token = [], None
    for line in log.splitlines():
        if token is None and line.startswith("::stop-commands::"):
            token = line.removeprefix("::stop-commands::")
            assert re.fullmatch(r"[0-9a-f]{64}", token)
        elif token is not None and line.strip() == f"::{token}::":
            token = None
        elif token is None and (line.lstrip().startswith("::") or "##[" in line):
            found.append(line)
    assert token is None
    return found


def in_actions(repository):
    """Run the review as the workflow does: (exit code, log, summary)."""
    out, summary = repository.seen / "kept", repository.seen / "summary.md"
    summary.touch()
    given = {name: str(repository.seen / name) for name in ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT")}
    words = repository.words("--base", "main", "--out", out, "check", "diff", "build")
    done = subprocess.run(
        words, cwd=repository.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        env=repository.variables(GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary), **given),
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), summary.read_text()


def test_no_word_of_a_stranger_is_a_command_to_the_runner(repository):
    repository.write(
        {"seeds/a.md": HOSTILE, "::error::x": "", "##[add-path]": "", "a\n::error::b": "", "```\n<img>": ""}
    )
    repository.commit()
    code, log, summary = in_actions(repository)
    assert code == 0
    assert commands(log) == ["::notice file=seeds/a.md::checked"]
    assert log.count("abc ##[set-env name=PATH]/tmp") >= 3
    assert "### Needs a maintainer\n" in summary
    tokens = re.findall("::stop-commands::(.*)", log)
    assert len(tokens) == len(set(tokens)) >= 3


def test_the_names_of_files_outside_seeds_stand_in_a_fence_that_they_cannot_end(repository):
    repository.write({"`````": "", "docs/x.md": "", "<img src=x>": "", "seeds/b.md": "Two.\n"})
    repository.commit()
    _, log, summary = in_actions(repository)
    fence, names = re.search(r"\n(`+)text\n(.*?)\n\1\n", summary, re.DOTALL).groups()
    assert names.splitlines() == ["<img src=x>", "`````", "docs/x.md"]
    assert fence == "``````"
    assert "so that a maintainer has to look:\n<img src=x>\n" in log


def test_seeds_alone_need_no_look_at_files(repository):
    repository.write({"seeds/b.md": "Two.\n"})
    repository.commit()
    _, log, summary = in_actions(repository)
    assert "maintainer" not in log + summary
    assert "+Two." in summary


def test_a_job_keeps_the_differences_as_text_and_markdown_and_programs_cannot_speak_to_later_steps(
    repository,
):
    repository.write({"seeds/a.md": "WRONG\n"})
    repository.commit()
    code, _, _ = in_actions(repository)
    assert code == 1
    assert {path.name for path in (repository.seen / "kept").iterdir()} == {"diff.md", "diff.txt"}
    for _, command, _, folder, names in repository.calls():
        told = {name for name in names if name.startswith("GITHUB_")} - {"GITHUB_ACTIONS"}
        assert told == ({"GITHUB_STEP_SUMMARY"} if command == "check" else set())
        assert not Path(folder).is_relative_to(repository.root)
    assert list(repository.seen.glob("review-*")) == []


def test_a_comparison_that_failed_is_not_kept_where_it_could_be_taken_for_no_change(repository):
    repository.write({"seeds/a.md": "BROKEN\n"})
    repository.commit()
    code, log, summary = in_actions(repository)
    assert code == 1
    assert "diff   failed, with exit code 3" in log
    assert [path.name for path in (repository.seen / "kept").iterdir()] == ["site"]
    assert summary == ""


def test_a_folder_that_holds_something_is_not_written_to(repository, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    code, _, err = repository.review("--out", tmp_path / "full", "check")
    assert (code, "is not empty" in err) == (2, True)


# With the real generator.


def test_the_real_generator_checks_tells_and_builds_a_change(repository):
    shutil.rmtree(repository.root / "generator")
    for name in ("generator", "templates", "docs/assets", "requirements"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, repository.root / name, ignore=ignored, dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", repository.root)
    shutil.rmtree(repository.root / "seeds")
    shutil.copytree(ROOT / "tests" / "site" / "archive", repository.root, dirs_exist_ok=True)
    repository.commit()
    repository.git("branch", "--force", "main")
    environment = repository.environment
    shutil.rmtree(environment / "bin")
    for part in ("bin", "lib", "pyvenv.cfg"):
        (environment / part).symlink_to(Path(sys.prefix) / part)
    (article,) = repository.root.glob("seeds/articles/**/harbour-talks.md")
    name = repository.root / "seeds" / "glossary" / "the-word-nobody-knows.md"
    name.write_text("---\nname: Nobody Knows\nkind: term\ndescription: A word.\n---\nA word.\n")
    repository.commit()
    code, out, err = repository.review("check", "diff", "build")
    assert code == 0, out + err
    assert "the-word-nobody-knows" in out
    site = repository.root / ".cache" / "review" / "site"
    assert (site / "glossary" / "the-word-nobody-knows" / "index.html").exists()
    article.write_text("---\ntitle: x\n---\n")
    repository.commit()
    assert repository.review("check", "diff", "build")[0] == 1
    assert repository.left_over() == []
