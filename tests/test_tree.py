"""A folder is made to hold a site's files and no others, whatever it holds before."""

from __future__ import annotations

import pytest

from generator.objects import Objects
from generator.publish.tree import clear_out, lay_out
from tests.publishing import read_tree

WANTED = {"index.html": b"home", "a/index.html": b"a", "a/b/index.html": b"b", "c/d.txt": b"d"}


@pytest.fixture
def objects(tmp_path):
    return Objects(tmp_path / "objects")


@pytest.fixture
def site(objects):
    return {path: objects.add(content) for path, content in WANTED.items()}


def test_a_new_folder_gets_every_file(tmp_path, objects, site):
    lay_out(site, tmp_path / "new", objects)
    assert read_tree(tmp_path / "new") == WANTED


def test_what_is_there_stays_and_the_rest_goes(tmp_path, objects, site):
    folder = tmp_path / "folder"
    lay_out(site, folder, objects)
    stays = (folder / "a/index.html").stat().st_ino
    (folder / "index.html").unlink()
    (folder / "index.html").write_bytes(b"home, but somebody else's")
    (folder / "c/d.txt").unlink()
    (folder / "c/d.txt").mkdir()
    (folder / "c/d.txt/inner").write_bytes(b"x")
    (folder / "strange/deep").mkdir(parents=True)
    (folder / "strange/deep/file").write_bytes(b"x")
    (folder / "link").symlink_to(tmp_path)
    lay_out(site, folder, objects)
    assert read_tree(folder) == WANTED
    assert sorted(path.name for path in folder.iterdir()) == ["a", "c", "index.html"]
    assert (folder / "a/index.html").stat().st_ino == stays
    assert (tmp_path / "objects").is_dir(), "a link was followed"


def test_a_copy_of_the_same_bytes_is_replaced_too(tmp_path, objects, site):
    """Only the kept object itself is known to be whole without being read."""
    folder = tmp_path / "folder"
    lay_out(site, folder, objects)
    (folder / "index.html").unlink()
    (folder / "index.html").write_bytes(b"hole")
    lay_out(site, folder, objects)
    assert read_tree(folder) == WANTED


def test_what_is_no_part_of_the_site_is_cleared_out(tmp_path, objects, site):
    folder = tmp_path / "folder"
    lay_out(site, folder, objects)
    del site["a/b/index.html"]
    site["index.html"] = objects.add(b"another home")
    assert clear_out(site, folder, objects) == {"a/index.html", "c/d.txt"}
    assert read_tree(folder) == {"a/index.html": b"a", "c/d.txt": b"d"}
    assert not (folder / "a/b").exists()
