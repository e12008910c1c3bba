"""What a server shows ahead of a build is what the build will show; where that is not certain, nothing is."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from generator import pipeline, previewing
from generator.building import build_site
from generator.previewing import preview_of
from generator.publish.frame import decode_frame
from generator.store import lock_of
from tests.publishing import build, copy_tiny, differing, environment_kept, read_tree, replace_in

ARTICLE = "seeds/articles/2031/03/quay.md"
ACCORD = "seeds/glossary/things/kestrel-accord.md"
AXIS = "---\nname: Axis\nkind: organisation\ndescription: A group.\n---\nIt turns.\n"
TEXT = "---\ntitle: The quay\ndate: 2031-03-20\nlanguage: en\noutlet: harbour-gazette\n---\nAda Lindqvist spoke.\n"


class Served:
    """A site as a server has it, and what can be shown ahead in it."""

    def __init__(self, config):
        self.config = config
        with environment_kept():
            run = build_site(config).run
        self.given = config, decode_frame(run.frame), run.assembly, pipeline.annotate(config).usage
        self.preview = preview_of(*self.given)
        self.folder = run.site

    def shows(self, *changed):
        """Return the paths of the pages that are shown ahead; None where none are."""
        before = read_tree(self.folder)
        paths = {str(self.config.root / path) for path in changed}
        if not self.preview.show(paths, self.folder):
            assert read_tree(self.folder) == before
            return None
        return differing(before, read_tree(self.folder))

    def build(self):
        """Return what each page is after a whole build."""
        return read_tree(build(self.config))


@pytest.fixture
def served(tmp_path, monkeypatch):
    monkeypatch.setattr(previewing, "LARGE", 1)
    config = copy_tiny(tmp_path / "archive")
    (config.root / ARTICLE).write_text(TEXT, "utf-8")
    (config.root / ARTICLE).with_name("axis.md").write_text(TEXT.replace("spoke", "fell on an axis"), "utf-8")
    (config.root / ACCORD).with_name("axis.md").write_text(AXIS, "utf-8")
    return Served(config)


def edit(served, path, old, new):
    replace_in(served.config.root / path, old, new)


EDITS = {
    "other words": (ARTICLE, "spoke.", "spoke to nobody."),
    "another title": (ARTICLE, "The quay", "A quay & more"),
    "a word that another text has in small letters": (ARTICLE, "spoke.", "spoke. Axis fell."),
    "another definition": (ACCORD, "- fees.", "- fees, and *more*."),
    "another description": (ACCORD, "nobody has signed yet", "everybody has signed"),
}
ADDRESSES = {ARTICLE: "articles/2031/03/quay/index.html", ACCORD: "glossary/kestrel-accord/index.html"}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)
def test_the_page_of_what_was_edited_is_shown_ahead_as_the_build_will_show_it(served, change):
    edit(served, *change)
    page = ADDRESSES[change[0]]
    assert served.shows(change[0]) == [page]
    ahead = read_tree(served.folder)[page]
    assert served.build()[page] == ahead


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("spoke.", "spoke of the Kestrel Accord.", ["Ada Lindqvist", "Kestrel Accord"]),
        ("Ada Lindqvist", "Somebody", []),
    ],
)
def test_mentions_that_come_or_go_are_shown_ahead_and_what_is_related_follows(served, old, new, names):
    edit(served, ARTICLE, old, new)
    page = ADDRESSES[ARTICLE]
    assert served.shows(ARTICLE) == [page]
    ahead, after = (LexborHTMLParser(tree[page]) for tree in (read_tree(served.folder), served.build()))
    assert [mention.text(deep=False) for mention in ahead.css("[data-source-text] a.mention")] == names
    assert ahead.css_first("[data-source-text]").html == after.css_first("[data-source-text]").html


def test_several_articles_are_shown_ahead_together_but_not_what_a_program_has_changed(served, monkeypatch):
    paths = [ARTICLE, ARTICLE.replace("quay", "axis")]
    for path in paths:
        edit(served, path, "Ada", "Mrs Ada")
    assert served.shows(*paths) == sorted(f"articles/2031/03/{name}/index.html" for name in ("quay", "axis"))
    monkeypatch.setattr(previewing, "MOST", 1)
    assert served.shows(*paths) is None


def test_what_an_edit_of_an_entry_means_for_an_edited_article_is_not_certain(served):
    edit(served, ACCORD, "name: Kestrel Accord", "name: Kestrel Accord\naliases: [Ada]")
    edit(served, *EDITS["other words"])
    assert served.shows(ARTICLE, ACCORD) is None
    assert served.shows(ACCORD) == [ADDRESSES[ACCORD]]


def test_a_file_that_an_editor_keeps_beside_a_seed_is_not_looked_at(served):
    edit(served, *EDITS["other words"])
    assert served.shows(ARTICLE, f"{ARTICLE.replace('quay', '.quay')}.swp") == [ADDRESSES[ARTICLE]]
    assert served.shows(f"{ARTICLE.replace('quay', '.quay')}.swp") is None


def test_nothing_else_lies_in_the_site_afterwards(served):
    edit(served, *EDITS["other words"])
    assert served.shows(ARTICLE)
    assert served.shows(ARTICLE) == []


def test_what_was_shown_ahead_is_taken_back(served):
    before = read_tree(served.folder)
    edit(served, *EDITS["other words"])
    assert served.shows(ARTICLE)
    served.preview.take_back(served.folder)
    assert read_tree(served.folder) == before
    assert not served.preview.ahead


def withdrawn(served):
    edit(served, ARTICLE, "outlet: harbour-gazette", "withdrawn: {date: 2031-06-01, reason: They took it back.}")
    edit(served, ARTICLE, "Ada Lindqvist spoke.\n", "")
    return [ARTICLE]


def linked(served):
    file = served.config.root / ARTICLE
    file.rename(file.with_suffix(".txt"))
    file.symlink_to(file.with_suffix(".txt"))
    return [ARTICLE]


def edited(path, old, new):
    def change(served):
        edit(served, path, old, new)
        return [path]

    return change


def new(path):
    def change(served):
        (served.config.root / path).write_text(TEXT)
        return [path]

    return change


def removed(served):
    (served.config.root / ARTICLE).unlink()
    return [ARTICLE]


def anchored(served):
    """A hand-written page leads to a mention that goes."""
    link = f"[one](../{ADDRESSES[ARTICLE]}#m-ada-lindqvist-1)"
    replace_in(served.config.root / "docs/about.md", "is for.", f"is for {link}.")
    served.__init__(served.config)
    edit(served, ARTICLE, "Ada Lindqvist", "Somebody")
    return [ARTICLE]


UNCERTAIN = {
    "a mention to which a page of docs/ leads": anchored,
    "another day": edited(ARTICLE, "2031-03-20", "2031-03-10"),
    "an address that leads on": edited(ARTICLE, "language: en", "language: en\nreplaces: [2031/03/dock]"),
    "a link to a page that is not there yet": edited(ARTICLE, "language: en", "language: en\ntopics: [quays]"),
    "a language that no page has": edited(ARTICLE, "language: en", "language: fr"),
    "a mistake in an article": edited(ARTICLE, "language: en", "language: "),
    "a mistake in an entry": edited(ACCORD, "kind: agreement", "kind: agreemnt"),
    "an entry of another kind": edited(ACCORD, "kind: agreement", "kind: term"),
    "a page of docs/": edited("docs/about.md", "What this archive is for.", "Why."),
    "an article that is new": new("seeds/articles/2031/03/new.md"),
    "an article that is gone": removed,
    "an article that was withdrawn": withdrawn,
    "a link in the place of a seed": linked,
}


@pytest.mark.parametrize("change", UNCERTAIN.values(), ids=UNCERTAIN)
def test_nothing_is_shown_ahead_that_the_build_may_show_otherwise(served, change):
    changed = change(served)
    assert served.shows(*changed) is None


def test_nothing_is_shown_ahead_where_a_warning_stops_a_build(served):
    config, frame, *rest = served.given
    assert preview_of(config, replace(frame, strict=True), *rest) is None
    assert preview_of(config, frame, *rest)


def test_nothing_is_shown_ahead_while_another_build_runs(served):
    edit(served, *EDITS["other words"])
    with lock_of(served.config.cache / ".lock"):
        assert served.shows(ARTICLE) is None
    assert served.shows(ARTICLE)


def test_small_archives_are_built_at_once(served, monkeypatch):
    monkeypatch.setattr(previewing, "LARGE", len(served.preview.archive.articles) + 1)
    assert preview_of(*served.given) is None


def test_what_was_shown_ahead_does_not_confuse_the_build_that_follows(served):
    edit(served, ARTICLE, "spoke.", "spoke of the Kestrel Accord.")
    assert served.shows(ARTICLE)
    after = served.build()
    other = served.config.root.with_name("other")
    served.config.root.rename(other)
    assert differing(after, read_tree(build(type(served.config)(other), other / "elsewhere"))) == []
