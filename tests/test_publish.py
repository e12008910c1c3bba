"""Publishing is all or nothing: whatever ends a build, the site is the old one or the new one, whole."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.issues import ArchiveError, BuildFailedError, SiteError
from generator.publish.reporting import report_faults
from generator.publish.swap import lock, put_in_place, recover, staging_folder
from generator.publish.verify import Fault
from tests.publishing import (
    HARBOUR,
    build,
    copy_tiny,
    differing,
    read_tree,
    replace_in,
    run_stopped_build,
    start_stopped_build,
)

KILLED = -signal.SIGKILL
SYSTEMS = pytest.mark.parametrize("system", [(), ("no-exchange",)], ids=["exchange", "renames"])
NEWS = "seven berths"


# Swap, lock and recover, on folders of three files


@pytest.fixture
def folders(tmp_path):
    """A published folder and a staged one that is to take its place."""
    published = tmp_path / "site"
    staged = staging_folder(published)
    for folder, names in ((published, ("old", "deep/old")), (staged, ("new", "deep/new", "deep/er/new"))):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(folder.name)
    return staged, published


def test_the_staged_folder_takes_the_place_of_the_published_one_and_nothing_stays_beside_it(folders):
    staged, published = folders
    new = read_tree(staged)
    put_in_place(staged, published)
    assert read_tree(published) == new
    assert [path.name for path in published.parent.iterdir()] == ["site"]


def test_the_first_folder_is_put_where_there_was_none(folders):
    staged, published = folders
    new = read_tree(staged)
    shutil.rmtree(published)
    put_in_place(staged, published)
    assert read_tree(published) == new
    assert [path.name for path in published.parent.iterdir()] == ["site"]


@SYSTEMS
def test_a_kill_at_any_step_of_the_swap_leaves_one_of_the_two_folders_whole(folders, tmp_path, system):
    staged, published = folders
    old, new = read_tree(published), read_tree(staged)
    seen = set()
    for step in range(1, 30):
        work = tmp_path / str(step)
        shutil.copytree(published, work / "site")
        shutil.copytree(staged, work / staged.name)
        code, said = run_stopped_build(
            "swap", work / staged.name, work / "site", "kill", "swap", step, *system
        )
        there = read_tree(work / "site") if (work / "site").exists() else None
        recover(work / "site")
        assert read_tree(work / "site") in (old, new), said
        if there is None:
            assert system, "only where folders cannot be exchanged is there a moment without one"
            assert read_tree(work / "site") == old
        else:
            assert there == read_tree(work / "site"), said
        assert {path.name for path in work.iterdir()} == {"site", ".site.lock"}
        seen.add(there is None or there == new)
        if code != KILLED:
            assert code == 0, said
            break
    assert step > (8 if system else 5), said
    assert seen == {True, False}


def test_what_was_killed_between_two_renames_is_put_back(folders):
    staged, published = folders
    old = read_tree(published)
    published.rename(published.with_name(".site.previous"))
    recover(published)
    assert read_tree(published) == old
    assert not staged.exists()
    assert [path.name for path in published.parent.iterdir()] == ["site"]


def test_recover_leaves_a_published_folder_alone(folders):
    _, published = folders
    old = read_tree(published)
    recover(published)
    recover(published)
    assert read_tree(published) == old


def test_one_folder_has_one_lock_and_it_is_free_again_afterwards(tmp_path):
    with (
        lock(tmp_path / "site"),
        lock(tmp_path / "other"),
        pytest.raises(ArchiveError, match=r"another build of .*site is running"),
        lock(tmp_path / "site"),
    ):
        pass
    with lock(tmp_path / "site"):
        pass


# Whole builds


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """The bytes of the tiny archive's site before and after an edit."""
    config = copy_tiny(tmp_path_factory.mktemp("sites") / "archive")
    old = read_tree(build(config))
    edit(config.root)
    return old, read_tree(build(config))


@pytest.fixture
def edited(tmp_path, sites):
    """A tiny archive whose site is built, and whose seeds were edited after that."""
    config = copy_tiny(tmp_path / "archive")
    for path, data in sites[0].items():
        file = config.root / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    edit(config.root)
    return config


def edit(root):
    replace_in(
        root / "seeds/glossary/places/port-kestrel.md", "A harbour city with seven berths.", f"It has {NEWS}."
    )
    replace_in(root / HARBOUR, "Harbour talks *begin* & go on", "Harbour talks end")


def beside(config):
    """What lies beside the site that is no part of the archive and no cache."""
    known = {"mkdocs.yml", "seeds", "docs", "templates", "site", ".site.lock", ".cache"}
    return sorted({path.name for path in config.root.iterdir()} - known)


def test_the_two_sites_differ(sites):
    assert "glossary/port-kestrel/index.html" in differing(*sites)


def assert_one_or_the_other(config, sites, said, *, may_be_away=False):
    """The site is one of the two; the next build succeeds, gives the new one and leaves nothing beside it."""
    site = config.root / "site"
    if not site.exists():
        assert may_be_away, said
        recover(site)
    found = read_tree(site)
    assert any(not differing(found, wanted) for wanted in sites), said
    assert not differing(read_tree(build(config)), sites[1])
    assert beside(config) == []


@SYSTEMS
@pytest.mark.parametrize("step", range(1, 8))
def test_a_build_killed_at_a_step_of_the_swap_leaves_a_whole_site(edited, sites, system, step):
    code, said = run_stopped_build("site", edited.root, "kill", "swap", step, *system)
    assert code == KILLED, said
    assert_one_or_the_other(edited, sites, said, may_be_away=bool(system) and step == 3)


def kill_at_random(config, sites, moments, system):
    """Kill one build after another, each over what the last one left."""
    for moment in moments:
        code, said = run_stopped_build("site", config.root, "kill", "build", moment, *system)
        assert code in (KILLED, 0), said
        if (config.root / "site").exists():
            assert any(not differing(read_tree(config.root / "site"), wanted) for wanted in sites), said
        else:
            assert system, said
    assert_one_or_the_other(config, sites, "after all kills", may_be_away=bool(system))


@SYSTEMS
def test_builds_killed_at_a_few_moments_one_after_the_other_leave_a_whole_site(edited, sites, system):
    kill_at_random(edited, sites, [1, 90, 160, 3], system)


@pytest.mark.soak
@SYSTEMS
def test_builds_killed_at_fifty_moments_leave_a_whole_site(edited, sites, system):
    chosen = random.Random(2031)
    kill_at_random(edited, sites, [chosen.randint(1, 320) for _ in range(50)], system)


@pytest.mark.soak
def test_builds_killed_from_outside_at_fifty_moments_leave_a_whole_site(edited, sites):
    chosen = random.Random(1)
    for _ in range(50):
        with start_stopped_build("site", edited.root, "go", "build", 0) as process:
            try:
                process.wait(chosen.uniform(0.3, 1.6))
            except subprocess.TimeoutExpired:
                process.kill()
            said = process.communicate()[0]
        assert any(not differing(read_tree(edited.root / "site"), wanted) for wanted in sites), said
    assert_one_or_the_other(edited, sites, "after all kills")


def test_a_second_build_is_refused_while_one_runs_and_does_not_disturb_it(edited, sites, capsys):
    with start_stopped_build("site", edited.root, "wait", "build", 60) as first:
        for line in first.stdout:
            if line == "waiting\n":
                break
        staged = read_tree(edited.root / ".cache/archive/mkdocs")
        with pytest.raises(BuildFailedError) as refused:
            build(edited)
        assert refused.value.exit_code == 2
        assert f"another build of {edited.root / 'site'} is running" in capsys.readouterr().err
        assert not differing(read_tree(edited.root / "site"), sites[0])
        assert staged
        assert not differing(read_tree(edited.root / ".cache/archive/mkdocs"), staged)
        said = first.communicate("\n")[0]
    assert first.returncode == 0, said
    assert not differing(read_tree(edited.root / "site"), sites[1])
    assert beside(edited) == []


def assert_untouched(config, sites):
    """The old site stands byte for byte, nothing lies beside it, and the lock is free."""
    assert not differing(read_tree(config.root / "site"), sites[0])
    assert beside(config) == []
    with lock(config.root / "site"):
        pass


def test_an_error_in_a_seed_leaves_the_old_site_byte_for_byte(edited, sites, capsys):
    replace_in(edited.root / HARBOUR, "date: 2031-03-14\n", "date: 14/3/2031\n")
    with pytest.raises(BuildFailedError) as failed:
        build(edited)
    assert failed.value.exit_code == 1
    assert f"{HARBOUR}:3:7: error[bad-date] '14/3/2031' is not a date" in capsys.readouterr().err
    assert_untouched(edited, sites)


def override_article_template(config, template):
    folder = config.root / "templates" / "pages"
    folder.mkdir(parents=True)
    (folder / "article.html.j2").write_text(template, encoding="utf-8")


def test_a_fault_in_the_built_site_leaves_the_old_site_byte_for_byte(edited, sites, capsys):
    override_article_template(edited, "<div data-source-text>Ada Lindqvist, mayor of nothing.</div>\n")
    with pytest.raises(BuildFailedError) as failed:
        build(edited)
    assert failed.value.exit_code == 3
    assert "harbour-talks/index.html: the text differs from its seed at word 5" in capsys.readouterr().err
    assert_untouched(edited, sites)


def test_a_fault_of_many_pages_is_named_with_a_few_of_them(caplog):
    alike = [Fault(f"{number}/index.html", "the title is missing") for number in range(9)]
    with pytest.raises(SiteError, match="11 faults in the built site; the last good site stays"):
        report_faults([*alike, alike[0], Fault("a/index.html", "the link to 'b' leads nowhere")])
    assert [line.partition(": ")[2] for line in caplog.messages] == [
        "0/index.html: the title is missing",
        "1/index.html: the title is missing",
        "2/index.html: the title is missing",
        "6 pages more: the title is missing",
        "a/index.html: the link to 'b' leads nowhere",
    ]


def test_a_wrong_template_leaves_the_old_site_byte_for_byte(edited, sites, capsys):
    override_article_template(edited, "{% if %}")
    with pytest.raises(BuildFailedError):
        build(edited)
    assert "article.html.j2:1: a page template is wrong" in capsys.readouterr().err
    assert_untouched(edited, sites)


def test_an_unexpected_exception_leaves_the_old_site_byte_for_byte(edited, sites):
    (edited.root / "hooks.py").write_text("def on_page_context(context, **_):\n    1 / 0\n")
    replace_in(edited.root / "mkdocs.yml", "plugins:", "hooks: [hooks.py]\nplugins:")
    with pytest.raises(ZeroDivisionError):
        build(edited)
    (edited.root / "hooks.py").unlink()
    shutil.rmtree(edited.root / "__pycache__", ignore_errors=True)
    assert_untouched(edited, sites)


def test_a_full_disk_leaves_the_old_site_byte_for_byte(edited, sites):
    code, said = run_stopped_build("site", edited.root, "go", "build", 0, "full")
    assert code not in (0, KILLED)
    assert "File too large" in said
    assert_untouched(edited, sites)


def test_a_warning_under_strict_leaves_the_old_site_byte_for_byte(edited, sites):
    replace_in(edited.root / "mkdocs.yml", "plugins:", "markdown_extensions: [admonition]\nplugins:")
    mkdocs = Path(sys.executable).with_name("mkdocs")
    done = subprocess.run(
        [mkdocs, "build", "--strict"],
        cwd=edited.root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 1, done.stderr
    assert "Aborted with 1 warnings in strict mode" in done.stdout
    assert_untouched(edited, sites)


def test_a_site_behind_a_symbolic_link_is_replaced_where_it_lies(edited, sites, tmp_path):
    site = edited.root / "site"
    site.rename(tmp_path / "elsewhere")
    site.symlink_to(tmp_path / "elsewhere")
    build(edited)
    assert site.is_symlink()
    assert not differing(read_tree(tmp_path / "elsewhere"), sites[1])
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "elsewhere", ".elsewhere.lock"}


def test_a_build_into_another_folder_leaves_the_site_alone(edited, sites, tmp_path):
    out = build(edited, tmp_path / "out" / "deep")
    assert out == tmp_path / "out" / "deep"
    assert not differing(read_tree(out), sites[1])
    assert_untouched(edited, sites)


# The same bytes


@pytest.mark.parametrize(
    "environment",
    [
        {
            "PYTHONHASHSEED": "1",
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "C",
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        },
        {"PYTHONHASHSEED": "2", "TZ": "Pacific/Pago_Pago", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"},
    ],
    ids=["no locale, far east", "Turkish, far west"],
)
def test_the_same_seeds_give_the_same_bytes_elsewhere(tmp_path, sites, environment):
    config = copy_tiny(tmp_path / "a-folder-of-another-name")
    edit(config.root)
    code, said = run_stopped_build(
        "site", config.root, "go", "build", 0, "reversed", SOURCE_DATE_EPOCH="", **environment
    )
    assert code == 0, said
    assert not differing(read_tree(config.root / "site"), sites[1])


def with_a_date(tmp_path):
    """A tiny archive whose pages show when they were built."""
    config = copy_tiny(tmp_path / "archive")
    footer = config.root / "templates/theme/partials/footer.html"
    footer.parent.mkdir(parents=True)
    footer.write_text("<footer>{{ build_date_utc.date() }}</footer>\n")
    return config


def dates_of(site):
    pages = [file.read_text("utf-8") for file in site.rglob("*.html")]
    return {date for page in pages for date in re.findall("<footer>(.*?)</footer>", page)}


def test_the_date_of_the_site_is_the_newest_in_its_seeds(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert dates_of(build(with_a_date(tmp_path))) == {"2031-05-02"}


def test_a_users_own_date_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(86400 * 366))
    assert dates_of(build(with_a_date(tmp_path))) == {"1971-01-02"}
