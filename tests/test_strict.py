"""A page that is called sound without a look at its tree is one in which the tree finds no fault either."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator import pipeline
from generator.publish.links import Places, places_of
from generator.publish.strict import read_strictly
from generator.publish.verify import Expected, verify_tree
from generator.read.blocks import words_without_marks
from tests.payloads import SAMPLE
from tests.publishing import build, copy_tiny

HARBOUR = "articles/2031/03/harbour-talks/index.html"


@dataclass(frozen=True)
class Built:
    """A generated page and what it must show."""

    html: str
    expected: Expected

    def sound(self, html: str) -> Places | None:
        return read_strictly(html, self.expected.description, self.expected.words)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    config = copy_tiny(tmp_path_factory.mktemp("strict") / "archive")
    archive = pipeline.link(pipeline.annotate(config))
    words = {
        f"articles/{a.article.id}/index.html": tuple(words_without_marks(a.article.text))
        for a in archive.articles
        if not a.article.front_matter.withdrawn
    }
    site = build(config)
    return {
        path: Built(
            (site / path).read_text(encoding="utf-8"),
            Expected(generated=True, description=page.description, words=words.get(path)),
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
