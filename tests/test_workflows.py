"""The workflows: what they may do, and that a pull request cannot speak through the comment on it.

The comment's own script runs here as it stands in the workflow; only GitHub's service is replaced, by a program `gh`
that answers from a file and writes down what it is told.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from generator.model import Kind

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
TRIGGERS = {
    "pull-request.yml": ["pull_request"],
    "tests.yml": ["pull_request"],
    "comment.yml": ["schedule", "workflow_dispatch"],
    "publish.yml": ["push"],
}
"""Every workflow, and the only events that start it."""
RIGHTS = {
    "seeds": {"contents": "read"},
    "tests": {"contents": "read"},
    "comment": {"actions": "read", "pull-requests": "write"},
    "build": {"contents": "read"},
    "deploy": {"pages": "write", "id-token": "write"},
}
"""Every job, and all that its token may do."""


def read(file):
    """Return a workflow; every scalar is a text, so that `on` is no truth value."""
    return yaml.load(file.read_text("utf-8"), Loader=yaml.CBaseLoader)


def steps(file):
    return [step for job in read(file)["jobs"].values() for step in job["steps"]]


def zizmor(folder, persona="regular"):
    """Return the exit code of zizmor, and what it says."""
    program = Path(sys.executable).with_name("zizmor")
    words = [program, "--offline", "--quiet", "--no-progress", f"--persona={persona}", folder]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


# What they may do.


@pytest.mark.parametrize("persona", ["regular", "pedantic", "auditor"])
def test_zizmor_finds_nothing(persona):
    code, said = zizmor(GITHUB, persona)
    assert code == 0, said
    assert "No findings to report" in said


def test_zizmor_finds_a_title_that_is_pasted_into_a_program(tmp_path):
    shutil.copytree(GITHUB, tmp_path / ".github")
    file = tmp_path / ".github" / "workflows" / "tests.yml"
    planted = file.read_text("utf-8").replace(
        "          .ci/run\n", '          echo "${{ github.event.pull_request.title }}"\n'
    )
    assert planted != file.read_text("utf-8")
    file.write_text(planted, "utf-8")
    code, said = zizmor(tmp_path / ".github")
    assert code != 0
    assert "template-injection" in said


def test_no_finding_is_ignored():
    assert not [file.name for file in WORKFLOWS if "zizmor:" in file.read_text("utf-8")]


def test_each_workflow_is_started_by_its_events_only():
    assert {file.name: list(read(file)["on"]) for file in WORKFLOWS} == TRIGGERS


def test_the_comment_follows_the_review_of_the_seeds():
    (step,) = steps(GITHUB / "workflows" / "comment.yml")
    review = read(GITHUB / "workflows" / "pull-request.yml")
    assert "/actions/workflows/pull-request.yml/runs?event=pull_request&" in step["run"]
    assert list(review["jobs"]) == ["seeds"]
    for name in ("pull-request.yml", "tests.yml"):
        assert read(GITHUB / "workflows" / name)["on"]["pull_request"] == {"branches": ["main"]}


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_has_no_rights_and_its_jobs_have_those_they_need(file):
    workflow = read(file)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert job["permissions"] == RIGHTS[name]
        assert job["runs-on"] == "ubuntu-24.04"
        assert int(job["timeout-minutes"]) <= 40
    assert {"group", "cancel-in-progress"} == set(workflow["concurrency"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_no_workflow_knows_a_secret(file):
    assert not re.search(r"\bsecrets\s*(\.|\[|:)", file.read_text("utf-8"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_by_its_commit_and_says_its_version(file):
    lines = [line.strip() for line in file.read_text("utf-8").splitlines() if re.search(r"\buses:", line)]
    assert len(lines) == sum("uses" in step for step in steps(file))
    for line in lines:
        assert re.fullmatch(r"uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


def test_an_action_has_one_version_everywhere():
    used = {step["uses"] for file in WORKFLOWS for step in steps(file) if "uses" in step}
    assert len(used) == len({use.split("@")[0] for use in used})


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_nothing_is_pasted_into_a_program_and_no_credentials_are_kept(file):
    for step in steps(file):
        assert "${{" not in step.get("run", "")
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


def test_the_comment_checks_nothing_out_and_uses_no_action():
    assert [set(step) & {"uses", "run"} for step in steps(GITHUB / "workflows" / "comment.yml")] == [{"run"}]


def test_the_seeds_are_reviewed_by_the_program_of_the_base_branch():
    job = read(GITHUB / "workflows" / "pull-request.yml")["jobs"]["seeds"]
    programs = [step["run"] for step in job["steps"] if "run" in step]
    assert programs[0].startswith("git archive HEAD^1 .github/review |")
    assert '"$RUNNER_TEMP/.github/review" --base HEAD^1 --head HEAD ' in programs[1]
    assert "--environment" not in programs[1]  # a pull request could bring an environment of its own
    assert len(programs) == 2


def test_the_preview_and_the_differences_are_kept_where_the_review_leaves_them():
    job = read(GITHUB / "workflows" / "pull-request.yml")["jobs"]["seeds"]
    kept = {
        step["with"]["name"]: step["with"]["path"] for step in job["steps"] if "path" in step.get("with", {})
    }
    assert kept == {
        "review": "${{ runner.temp }}/review/diff.*",
        "preview": "${{ runner.temp }}/review/site",
    }


FORMS = sorted(set((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) - {GITHUB / "ISSUE_TEMPLATE" / "config.yml"})


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.name)
def test_a_form_asks_for_something_and_every_field_has_a_name_of_its_own(file):
    form = read(file)
    assert {"name", "description", "body"} <= set(form)
    fields = [part for part in form["body"] if part["type"] != "markdown"]
    assert fields
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["label"] for field in fields)


def test_the_form_for_an_entry_offers_every_kind_of_entry():
    (kind,) = [
        part for part in read(GITHUB / "ISSUE_TEMPLATE" / "entry.yml")["body"] if part.get("id") == "kind"
    ]
    assert kind["attributes"]["options"] == [kind.value for kind in Kind]


# The comment.

HEAD = "0123456789abcdef0123456789abcdef01234567"
MINE = [7, HEAD, "someone/archive", "eagle", "main"]
"""The pull request of the run, as GitHub knows it."""
RUN = "https://github.example/run/42"
RUNS = [
    (41, "https://github.example/run/41", *MINE[1:4]), (42, RUN, *MINE[1:4]),
    (43, "https://github.example/run/43", HEAD, "third/archive", "eagle"),
]  # fmt: skip
"""An earlier run, the one that counts, and that of another fork."""
MARK = "<!-- what this changes -->"
JQ = shutil.which("jq")
"""Where it is installed, `gh` answers with GitHub's whole objects, and the script's own questions are put to them."""
FAKE_GH = """#!{python} -I
import json, subprocess, sys
from pathlib import Path
here = Path({folder!r})
words = sys.argv[2:]
(address,) = [word for word in words if word.startswith("repos/")]
given = sys.stdin.buffer.read().decode() if "--input" in words else None
with (here / "told.jsonl").open("a") as file:
    print(json.dumps([words, given]), file=file)
if address.endswith("/zip"):
    sys.stdout.buffer.write((here / "artefact.zip").read_bytes())
elif given is None:
    rows, whole = json.loads((here / "answers.json").read_text())[address.split("?")[0].rsplit("/", 1)[1]]
    if {jq!r}:
        question = [{jq!r}, "--raw-output", words[words.index("--jq") + 1]]
        sys.exit(subprocess.run(question, input=json.dumps(whole).encode()).returncode)
    print("\\n".join(json.dumps(row) for row in rows))
"""


def as_pull(number, sha, repository, branch, base):
    """Return a pull request as GitHub tells of it; that of a fork which is gone has no repository."""
    head = {"sha": sha, "ref": branch, "repo": {"full_name": repository} if repository else None}
    return {"number": number, "title": "A title", "head": head, "base": {"ref": base, "sha": "f" * 40}}


def as_run(row):
    """Return a run as GitHub tells of it; that of a fork which is gone has no repository."""
    number, address, sha, repository, branch = row
    head = {"full_name": repository} if repository else None
    return {"id": number, "html_url": address, "head_sha": sha, "head_repository": head, "head_branch": branch}


def as_comment(number, login, is_marked):
    """Return a comment as GitHub tells of it; one may have no text."""
    unmarked = f"See {MARK}" if number % 2 else None
    body = is_marked if isinstance(is_marked, str) else f"{MARK}\nOld" if is_marked else unmarked
    return {"id": number, "user": {"login": login, "type": "Bot"}, "body": body}


def as_github_tells(pulls, artefacts, comments):
    """Return, for each address, what the script asks for and the whole that it is taken from."""
    kept = [
        {"id": number, "name": name, "expired": expired, "size": 1} for number, name, expired in artefacts
    ]
    return {
        "pulls": [pulls, [as_pull(*row) for row in pulls]],
        "artifacts": [artefacts, {"total_count": len(kept), "artifacts": kept}],
        "comments": [
            [[row[0], row[1], as_comment(*row)["body"] or ""] for row in comments],
            [as_comment(*row) for row in comments],
        ],
        "runs": [list(map(list, RUNS)), {"total_count": len(RUNS), "workflow_runs": list(map(as_run, RUNS))}],
    }


def pack(*members):
    """Return a zip file: of texts or bytes by their names, with the mode of their kind of file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, *mode in members:
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (mode[0] if mode else stat.S_IFREG | 0o644) << 16
            archive.writestr(member, content)
    return packed.getvalue()


@pytest.fixture
def comment(tmp_path):
    """Return a function that runs the comment's script on an artefact: (exit code, log, what GitHub was told)."""
    (step,) = steps(GITHUB / "workflows" / "comment.yml")
    script = tmp_path / "step.sh"
    script.write_text(step["run"], "utf-8")
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(FAKE_GH.format(python=sys.executable, folder=str(tmp_path), jq=JQ))
    gh.chmod(0o755)
    values = {
        "GH_TOKEN": "", "REPOSITORY": "us/archive",
    }  # fmt: skip
    assert set(values) == set(step["env"])

    def run(packed, *, pulls=(MINE,), artefacts=([3, "preview", False], [4, "review", False]), comments=()):
        (tmp_path / "artefact.zip").write_bytes(packed)
        (tmp_path / "answers.json").write_text(json.dumps(as_github_tells(pulls, artefacts, comments)))
        environment = os.environ | values | {"PATH": f"{gh.parent}:{os.environ['PATH']}"}
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=False)
        told = [json.loads(line) for line in (tmp_path / "told.jsonl").read_text().splitlines()]
        assert not done.stderr
        return done.returncode, done.stdout.decode(), [call for call in told if call[1] is not None]

    return run


def quoted(told):
    """Return what stands inside the fence of the only comment; nothing but our own words stands outside."""
    ((_, given),) = told
    body = json.loads(given)["body"]
    assert length(body) <= 65_536
    opening, fence, text, after = re.fullmatch(
        r"(<!-- .*? -->\n.*?\n\n)(`{3,})diff\n(.*)\n\2\n(.*)", body, re.DOTALL
    ).groups()
    assert fence not in text
    assert HEAD in opening
    assert after in {"", "\n\nThe rest is left out here: it is in the artefact `review` of the run.\n"}
    return text, bool(after)


def length(text):
    return len(text.encode("utf-16-le")) // 2


def test_what_changes_is_told_in_a_comment_on_the_pull_request(comment):
    code, log, told = comment(pack(("diff.txt", "1969/07/eagle\n+ Neil Armstrong -> neil-armstrong\n")))
    assert (code, log) == (0, "told on pull request 7\n")
    assert told[0][0][:3] == ["--method", "POST", "repos/us/archive/issues/7/comments"]
    assert quoted(told) == ("1969/07/eagle\n+ Neil Armstrong -> neil-armstrong", False)


def test_the_comment_that_is_there_is_mended(comment):
    bot = "github-actions[bot]"
    others = [[1, "someone", True], [2, bot, False], [3, bot, False], [5, bot, True]]
    code, _, told = comment(pack(("diff.txt", "+ Armstrong")), comments=others)
    assert code == 0
    assert told[0][0][:3] == ["--method", "PATCH", "repos/us/archive/issues/comments/5"]


def test_a_comment_that_tells_of_the_run_already_is_left_alone(comment):
    body = f"{MARK}\nWhat {HEAD} changes in the archive. [The run]({RUN}) has a preview.\n\n```diff\n+ a\n```"
    ours = [[5, "github-actions[bot]", body]]
    assert comment(pack(("diff.txt", "+ Armstrong")), comments=ours) == (0, "", [])


HOSTILE = {
    "a fence": "```\n@everyone\n```",
    "a longer fence": "`" * 40 + "\n# Big\n" + "`" * 39,
    "tildes": "~~~\n</code></pre>\n~~~",
    "a mention": "@everyone and @us/maintainers, see #1",
    "an image": '<img src="https://tracker.example/x.png"> ![x](https://tracker.example/y.png)',
    "an end of the comment": "--> <script>alert(1)</script>",
    "commands": "::error::x\n  ::set-output name=a::b\nabc ##[set-env name=PATH]/tmp",
    "our own mark": "<!-- what this changes -->",
    "templates": "${{ github.token }} $(id) `id` PYTHON\nPYTHON\nid",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_words_of_a_stranger_take_no_effect_in_the_comment_or_the_log(comment, text):
    code, log, told = comment(pack(("diff.txt", text)))
    assert (code, log) == (0, "told on pull request 7\n")
    assert quoted(told) == (text, False)


def test_characters_that_hide_or_turn_words_round_are_shown_by_their_numbers(comment):
    _, _, told = comment(
        pack(("diff.txt", b"a\0b\x1b[31mc\r\nd\re\xff\xfe\xe2\x80\xaef\xe2\x80\x8bg \xd9\x82"))
    )
    assert quoted(told) == ("a\\u{0}b\\u{1b}[31mc\nd\\u{d}e��\\u{202e}f\\u{200b}g ق", False)


@pytest.mark.parametrize(
    "text", ["x" * 5_000_000, "+ a line\n" * 600_000, "🌔" * 200_000, "``` @all\n" * 99_999]
)
def test_what_is_too_long_is_cut_and_says_so(comment, text):
    code, _, told = comment(pack(("diff.txt", text)))
    kept, cut = quoted(told)
    assert (code, cut) == (0, True)
    assert text.startswith(kept)
    assert length(kept) > 60_000


def test_a_text_of_backticks_only_is_not_shown(comment):
    code, _, told = comment(pack(("diff.txt", "`" * 70_000)))
    assert code == 0
    assert "`" * 10 not in json.loads(told[0][1])["body"]


@pytest.mark.parametrize(
    "packed",
    [
        pack(("diff.txt", "/etc/passwd", stat.S_IFLNK | 0o777)),
        pack(("diff.txt", "", stat.S_IFIFO | 0o644)),
        pack(("other.txt", "words")),
        pack(("../diff.txt", "words")),
        pack(),
        pack(("diff.txt", "words"))[:-30],
        b"\0" * 10_000_001,
        b"",
    ],
    ids=["link", "pipe", "missing", "outside", "empty", "broken", "large", "nothing"],
)
def test_an_artefact_that_is_not_what_it_should_be_is_told_nowhere(comment, packed):
    code, log, told = comment(packed)
    assert (code, told) == (0, [])
    assert log.startswith("no comment on pull request 7: ")
    assert log.count("\n") == 1


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_an_artefact_that_holds_the_file_twice_is_told_nowhere(comment):
    assert comment(pack(("diff.txt", "one"), ("diff.txt", "two")))[2] == []


def test_a_run_without_an_artefact_is_told_nowhere(comment):
    assert comment(b"", artefacts=[[3, "preview", False], [4, "review", True]])[::2] == (0, [])


@pytest.mark.parametrize(
    "pulls",
    [
        [],
        [[8, "f" * 40, "someone/archive", "eagle", "main"]],
        [[8, HEAD, "another/archive", "eagle", "main"]],
        [[8, HEAD, "someone/archive", "falcon", "main"]],
        [[8, HEAD, "someone/archive", "eagle", "old"]],
        [[8, HEAD, None, "eagle", "main"]],
    ],
    ids=["closed", "newer commit", "another fork", "another branch", "another base", "deleted fork"],
)
def test_no_other_pull_request_is_told(comment, pulls):
    packed = pack(("diff.txt", "words"), ("number", "8"))
    assert comment(packed, pulls=pulls)[::2] == (0, [])
    assert "issues/7/" in comment(packed, pulls=[*pulls, MINE])[2][0][0][2]
