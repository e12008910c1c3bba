"""What is kept may be damaged, and so may the published site: the next build notices, and mends it byte for byte."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from generator.config import ArchiveConfig
from tests.editing import Editor
from tests.publishing import differing, read_site, try_build

FLIPS, SOAKED = 25, 500


class Damaged:
    """An archive whose cache is damaged again and again; its about page is one of two."""

    def __init__(self, root):
        self.editor = Editor(root / "archive", "to be damaged", articles=10, entries=12)
        self.config = self.editor.config
        self.wanted = []
        for page in ("# About\n\nOne.\n", "# About us\n\nTwo.\n"):
            self.editor.others["docs/about.md"] = page
            self.editor.write(root / "clean")
            clean = ArchiveConfig(root / "clean")
            self.wanted.append((try_build(clean).said, read_site(clean)))
            shutil.rmtree(root / "clean")
        self.state = 1
        self.editor.write()
        self.check()

    def edit(self):
        self.state = 1 - self.state
        page = ["# About\n\nOne.\n", "# About us\n\nTwo.\n"][self.state]
        self.editor.others["docs/about.md"] = page
        self.editor.write()

    def check(self, what=""):
        """Build: nothing is said that a clean build would not say, and its site is there."""
        said, site = self.wanted[self.state]
        try:
            outcome = try_build(self.config)
            assert outcome._replace(unchanged=False) == (False, said, False)
            assert differing(read_site(self.config), site) == []
        except Exception as error:
            error.add_note(f"{what}, state {self.state}")
            shutil.rmtree(self.config.cache)  # the next case has another cache
            raise
        return outcome.unchanged

    def a_place(self, *, folder=False):
        """Return something that is kept; as likely of every kind, though there are many more objects than databases."""
        cache = self.config.cache
        kinds = sorted(path for path in cache.iterdir() if path.is_dir() or not folder)
        kind = self.chance.choice(kinds)
        below = sorted(path for path in kind.rglob("*") if path.is_dir() == folder) if kind.is_dir() else []
        return self.chance.choice(below or [kind])


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARCHIVE_JOBS", "1")
        yield Damaged(tmp_path_factory.mktemp("damaged"))


@pytest.fixture(autouse=True)
def chance_of_its_own(damaged, request):
    """Let a case choose the same, whichever others run."""
    damaged.chance = random.Random(request.node.name)


def flip(file, chance):
    """Flip one bit, and let the file look as before where that can be."""
    state = file.stat()
    with file.open("r+b") as opened:
        data = opened.read()
        if data:
            at = chance.randrange(len(data))
            opened.seek(at)
            opened.write(bytes([data[at] ^ 1 << chance.randrange(8)]))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


def truncate(file, chance):
    os.truncate(file, chance.randrange(file.stat().st_size + 1))


def empty(file, chance):
    os.truncate(file, 0)


def remove(place, chance):
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()


def make_folder(place, chance):
    remove(place, chance)
    (place / "inside").mkdir(parents=True)
    (place / "inside/file").write_bytes(b"x")


def make_file(place, chance):
    remove(place, chance)
    place.write_bytes(b"x")


def make_unreadable(place, chance):
    if place.is_file() and not place.name.endswith(".lock"):  # a folder or a lock, closed to us, nobody can mend
        place.chmod(0)


def lead_nowhere(place, chance):
    remove(place, chance)
    place.symlink_to("nowhere")


DAMAGES = [flip, truncate, empty, remove, make_folder, make_file, make_unreadable, lead_nowhere]


def check_flips(damaged, count):
    """Flip bits, one after the other; some of them are followed by an edit, without which most are of no matter."""
    for _ in range(count):
        file = damaged.a_place()
        flip(file, damaged.chance)
        if damaged.chance.random() < 0.3:
            damaged.edit()
        damaged.check(file)


def test_a_flipped_bit_of_what_is_kept_changes_nothing(damaged):
    check_flips(damaged, FLIPS)


@pytest.mark.soak
def test_the_same_for_many_more_bits(damaged):
    check_flips(damaged, SOAKED)


def places(damaged):
    """Return one of every kind of file and folder that is kept, by what is left of its name."""
    cache = damaged.config.cache
    found = {}
    for path in [*sorted(cache.rglob("*")), cache]:
        name = path.relative_to(cache).as_posix()
        kind = name.partition("/")[0] + "/…" * name.count("/") + path.suffix
        found.setdefault(kind, path)
    return found


@pytest.mark.parametrize("damage", DAMAGES[1:], ids=lambda damage: damage.__name__)
def test_a_damaged_file_or_folder_is_mended(damaged, damage):
    places = [damaged.a_place()]
    damage(places[0], damaged.chance)
    if damage not in {truncate, empty}:
        places.append(damaged.a_place(folder=True))
        damage(places[1], damaged.chance)
    damaged.edit()
    damaged.check(places)


@pytest.mark.soak
@pytest.mark.parametrize("damage", DAMAGES[1:], ids=lambda damage: damage.__name__)
def test_whatever_is_damaged_is_mended(damaged, damage):
    for kind, place in places(damaged).items():
        if not place.exists() or (place.is_dir() and damage in {truncate, empty}):
            continue
        damage(place, damaged.chance)
        damaged.edit()
        damaged.check(kind)


@pytest.mark.parametrize("damage", [flip, remove, make_folder], ids=lambda damage: damage.__name__)
def test_damage_to_the_published_site_is_noticed_and_mended(damaged, damage):
    site = damaged.config.root / "site"
    file = damaged.chance.choice(sorted(path for path in site.rglob("*") if path.is_file() and path.stat().st_size))
    damage(file, damaged.chance)
    assert not damaged.check()
    assert damaged.check()


def test_a_strangers_file_in_the_published_site_is_removed(damaged):
    (damaged.config.root / "site/new.html").write_text("x")
    assert not damaged.check()
    assert damaged.check()


def test_what_is_damaged_while_the_site_is_whole_is_noticed_by_the_next_build(damaged):
    damaged.check()
    for name in ("pages.db", "articles.db", "search/documents.sqlite"):
        file = damaged.config.cache / name
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert damaged.check()
    damaged.edit()
    assert not damaged.check()
