"""A page that is called sound without a look at its tree is one in which the tree finds no fault either."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator import pipeline
from generator.publish.links import Places, places_of
from generator.publish.shells import OUTLINE, PATH, Filled, fill, pieces_of
from generator.publish.strict import read_strictly
from generator.publish.theme import Theme
from generator.publish.verify import Expected, verify_tree
from generator.read.blocks import words_without_marks
from generator.render.templates import Templates
from tests.payloads import SAMPLE
from tests.publishing import build, copy_tiny

HARBOUR = "articles/2031/03/harbour-talks/index.html"


@dataclass(frozen=True)
class Built:
    """A generated page and what it must show."""

    html: str
    expected: Expected
    filled: Filled | None
    """None where MkDocs renders it: it stands in the navigation."""

    def sound(self, made: str | Filled) -> Places | None:
        return read_strictly(made, self.expected.description, self.expected.words)

    def places(self, made: str | Filled) -> tuple[frozenset[str], set[str]] | None:
        found = self.sound(made)
        return found and (found.anchors, set(found.links))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    config = copy_tiny(tmp_path_factory.mktemp("strict") / "archive")
    archive = pipeline.link(pipeline.annotate(config))
    words = {
        f"articles/{a.article.id}/index.html": tuple(words_without_marks(a.article.text))
        for a in archive.articles
        if not a.article.front_matter.withdrawn
    }
    shells = {}
    ask = Theme.shell

    def shell(theme, page):
        shells[page.path], sign = ask(theme, page)
        return shells[page.path], sign

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Theme, "shell", shell)
        site = build(config)
    templates = Templates(config)
    return {
        path: Built(
            (site / path).read_text(encoding="utf-8"),
            Expected(generated=True, description=page.description, words=words.get(path)),
            fill(shells[path], page, templates.html(page)) if path in shells else None,
        )
        for page in pipeline.plan(archive, "Tiny archive")
        for path in [f"{page.url}index.html"]
    }


def test_no_page_of_ours_needs_a_tree(built):
    for path, page in built.items():
        tree = LexborHTMLParser(page.html)
        sound, places = page.sound(page.html), places_of(tree)
        assert sound, path
        assert (sound.anchors, set(sound.links)) == (places.anchors, set(places.links))


@pytest.fixture(scope="module")
def shelled(built):
    return {path: page for path, page in built.items() if page.filled}


def test_a_page_filled_into_a_shell_is_judged_as_its_html_is(shelled):
    assert len(shelled) > 20
    for path, page in shelled.items():
        assert page.filled.html == page.html, path
        assert page.places(page.filled) == page.places(page.html) is not None, path


FRAGMENTS = [
    *SAMPLE,
    # tags that open, close, move or swallow others
    *("<p>", "</p>", "<div>", "</div>", "<li>", "<ul>", "</ul>", "<a>", "</a>", "<b>", "<h2>", "</h2>", "<br />"),
    *("<table>", "<td>", '<td id="x">', "<select>", "<button>", "<form>", "</main>", "</article>", "</body>"),
    *("<template>", "<style>", "<textarea>", "<plaintext>", "<noscript>", "<frameset>", "<iframe>", "<math>"),
    *("<svg>", "</svg>", "<svg/>", "<text>", "<![CDATA[", "]]>", "<!--", "-->", "<!-- -->", "<?x?>", "</script>"),
    *('<nav class="md-nav">', "</nav>", '<span class="md-ellipsis">', "</span>", "<title>", "</title>"),
    # attributes, and what looks like one
    *(' id="x"', ' href="x"', ' href="//x"', ' onclick="x"', ' style="x"', ' class="md-nav"', ' data-archive=""'),
    *(" data-archive", " data-source-text", '"', "'", "=", ">", "<", "/", ' title="', ' title=" href="'),
    *("<span data-archive>", "<span data-archive>x</span>", '<a class="noteref" data-archive>x</a>'),
    # what stands in a head, and characters that are not what they look like
    *('<meta name="description" content="x">', '<link rel="stylesheet" href="//x">', '<base href="/">'),
    *('<script src="onclick">', '<a title="<script src="onclick">x</script>">', '<script src="x"></script>'),
    *("<head>", '<body onload="x">', "\r", "\0", "&", "&#1;", "&#x41;", "&colon;", "x", " ", "\n"),
]


def mutate(chance: random.Random, html: str) -> str:
    """Return a page with a fragment put in, some characters left out, or tags lost, doubled or exchanged."""
    at = chance.randrange(len(html))
    kind = chance.randrange(4)
    if kind == 0:
        at = max(html.find(chance.choice("<>"), at), 0) + chance.randrange(2)
        return html[:at] + chance.choice(FRAGMENTS) + html[at:]
    if kind == 1:
        return html[:at] + chance.choice(FRAGMENTS) + html[at:]
    if kind == 2:
        return html[:at] + html[at + chance.choice((1, 2, 5, 50)) :]
    pieces = re.split(r"(<[^<>]*>)", html)
    one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[one], pieces[other] = chance.choice(
        [("", pieces[other]), (pieces[other] * 2, pieces[other]), (pieces[other], pieces[one])]
    )
    return "".join(pieces)


@pytest.mark.parametrize("part", range(4))
def test_whatever_is_done_to_a_page_none_is_called_sound_that_is_not(built, part):
    chance = random.Random(part)
    paths = [HARBOUR, *built]
    sound = 0
    for _ in range(1000):
        page = built[chance.choice(paths)]
        html = page.html
        for _ in range(chance.choice((1, 1, 2, 3))):
            html = mutate(chance, html)
        said = page.sound(html)
        if said is not None:
            sound += 1
            tree = LexborHTMLParser(html)
            places = places_of(tree)
            assert list(verify_tree(html, tree, page.expected)) == []
            assert (said.anchors, set(said.links)) == (places.anchors, set(places.links))
    assert sound > 50, "else nothing was tried"


ENDS = ["a", "span", "bdi"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("start", [*ENDS, "span data-archive", 'a class="noteref" data-archive'])
def test_an_end_tag_in_the_source_text_closes_what_stands_open(built, start, end):
    page = built[HARBOUR]
    before, paragraph, after = page.html.partition('<p id="p-1">')
    added = f"<{start}>{' ' if 'archive' in start else ''}</{end}>"
    assert bool(page.sound(f"{before}{paragraph}{added}{after}")) == (start.split()[0] == end)


PARTS = [
    *("nav", "form", "script", "a", "ass", "class=", 'class="md-nav"', 'class="md-ellipsis"', "md-nav", "md-ellipsis"),
    *("description", "Content-Security-Policy", "on", "id", "//x", "javascript:x", "x\ny", '" id="x', "x="),
]
"""What a word may add to a tag where a mark stands in it."""


def spoil(chance: random.Random, filled: Filled) -> Filled:
    """Return a page with other words in its shell, or with a shell that is another, or has its marks elsewhere."""
    kind = chance.randrange(5)
    mark = chance.choice([mark for mark in filled.words if mark])
    word = filled.words[mark]
    if kind == 0:
        at = chance.randrange(len(word) + 1)
        return filled._replace(words={**filled.words, mark: word[:at] + chance.choice(FRAGMENTS) + word[at:]})
    if kind == 1:
        made = chance.choice([*FRAGMENTS, *filled.words.values(), *PARTS])
        return filled._replace(words={**filled.words, mark: made})
    if kind == 2 and word:
        return filled._replace(words={**filled.words, mark: mutate(chance, word)})
    marked = "".join(part for piece in filled.pieces for part in piece)
    if kind == 3:
        return filled._replace(pieces=pieces_of(mutate(chance, marked), ""))
    at = chance.choice([found.end() for found in re.finditer(r'[<" =>-]|nav|script|cl(?=ass)|md-|</?', marked)])
    return filled._replace(pieces=pieces_of(marked[:at] + mark + marked[at:], ""))


@pytest.mark.parametrize("part", range(4))
def test_whatever_is_filled_into_a_shell_no_page_is_called_sound_that_is_not(shelled, part):
    chance = random.Random(part)
    paths = [HARBOUR, *shelled]
    sound = 0
    for _ in range(1000):
        page = shelled[chance.choice(paths)]
        filled = page.filled
        for _ in range(chance.choice((1, 1, 2, 3))):
            filled = spoil(chance, filled)
        said = page.sound(filled)
        if said is not None:
            sound += 1
            tree = LexborHTMLParser(filled.html)
            places = places_of(tree)
            assert list(verify_tree(filled.html, tree, page.expected)) == []
            assert (said.anchors, set(said.links)) == (places.anchors, set(places.links))
    assert sound > 50, "else nothing was tried"


@pytest.mark.parametrize(
    ("shell", "word"),
    [
        ('<nav class="md-archivepathhole"></nav></nav>', "nav"),
        ("<archivepathhole></archivepathhole>", "nav"),
        ('<a title="archivepathhole">', '"></a><nav title="'),
        ('<span class="md-archivepathhole"><a></a></span>', "ellipsis"),
        ('<script>"archivepathhole"</script>', "x"),
        ('<meta http-equiv="Content-Security-Policy" content="archivepathhole">', "script-src 'none'"),
        ("""<meta http-equiv="archivepathhole" content="script-src 'none'">""", "Content-Security-Policy"),
        ('<meta name="archivepathhole" content="x">', "description"),
        ('<nav archivepathhole><script src="x.js"></script></nav>', 'class="md-nav"'),
        ('<nav clarchivepathhole="md-nav"><script src="x.js"></script></nav>', "ass"),
        ('<nav title="archivepathhole"><script src="x.js"></script></nav>', '" class="md-nav'),
        ("<span archivepathhole><a></a></span>", 'class="md-ellipsis"'),
    ],
)
def test_what_a_word_could_make_of_a_shell_is_judged_as_its_html_is(built, shell, word):
    page = built[HARBOUR]
    marked = "".join(part for piece in page.filled.pieces for part in piece)
    pieces = pieces_of(marked.replace("<header ", f"{shell}<header ", 1), "")
    spoilt = Filled(pieces, {**page.filled.words, PATH: word})
    assert page.places(spoilt) == page.places(spoilt.html)


@pytest.mark.parametrize(
    "outline", ["<nav>", "</nav><nav>", "<form></form>", '<span class="md-ellipsis">', "<title>x</title>"]
)
def test_an_outline_that_does_not_close_its_tags_is_judged_as_its_html_is(built, outline):
    page = built[HARBOUR]
    words = {**page.filled.words, OUTLINE: page.filled.words[OUTLINE] + outline}
    spoilt = Filled(page.filled.pieces, words)
    assert page.places(spoilt) == page.places(spoilt.html)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<footer class="', '<footer title="<script src="onclick">x</script>" class="'),
        ('<span class="md-ellipsis">', '<span class="md-ellipsis"><script src="x.js"></script>'),
        ("<title>", '<title><script src="x.js"></script>'),
        ("</head>", '</head><form id="x"><form id="y"></form>'),
        ("</body>", '<meta name="description" content="another"></body>'),
    ],
)
def test_what_hides_around_the_content_is_left_to_the_tree(built, old, new):
    page = built[HARBOUR]
    assert old in page.html
    assert page.sound(page.html.replace(old, new, 1)) is None


def test_long_runs_of_what_almost_fits_take_no_time(built):
    page = built[HARBOUR]
    for almost in ('<p class="' + "a" * 50_000 + "!", "<p" + ' id="x"' * 5_000 + "!", "<a>" * 20_000, "&" * 50_000):
        assert page.sound(page.html.replace("The board asks", f"{almost}The board asks")) is None
