"""The Markdown of a page gives the page's content again, whatever stands in it, and reads like Markdown."""

from __future__ import annotations

import posixpath
import random
import re
from html import escape
from textwrap import dedent

import pytest
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from generator.config import MARKDOWN_EXTENSIONS
from generator.publish.markdown import markdown_of
from tests.conftest import article_seed, entry_seed, write_seed
from tests.publishing import build, copy_own, copy_tiny

_SPACES = re.compile(r"[ \t\n\r\f]+")
_HREF = re.compile(r'(?<= href=")[^":]*(?=")')
_IN_LINES = {"a", "bdi", "code", "em", "span", "strong", "sub", "sup", "time"}


def same_again(html, src_uri="articles/x/index.md"):
    """Return a content's tree, and the tree of what its Markdown gives."""
    made = Markdown(extensions=list(MARKDOWN_EXTENSIONS)).convert(markdown_of(html, src_uri))
    content, again = (_HREF.sub(lambda found: place_of(found[0], src_uri), text) for text in (html, made))
    return tree_of(LexborHTMLParser(content).body), tree_of(LexborHTMLParser(again).body)


def place_of(address, src_uri):
    """Return where an address leads: MkDocs gives a page's address for its file's, and the shortest."""
    path, mark, anchor = address.partition("#")
    place = posixpath.normpath(posixpath.join("/", posixpath.dirname(src_uri), path))
    return f"{place.removesuffix('/index.md') or '/'}{mark}{anchor}"


def tree_of(node, *, kept=False):
    """Return (tag, attributes, children), white space around blocks left out; `kept` is for what is preformatted."""
    kept = kept or node.tag == "pre"
    children = []
    for child in node.iter(include_text=True):
        if child.is_element_node:
            children.append(tree_of(child, kept=kept))
        elif child.is_text_node:
            text = child.text_content if kept else _SPACES.sub(" ", child.text_content)
            children.append(children.pop() + text if children and isinstance(children[-1], str) else text)
    if not kept:
        around = [node.tag, *(child if isinstance(child, str) else child[0] for child in children), node.tag]
        children = [
            child if not isinstance(child, str) else trimmed(child, around[at], around[at + 2])
            for at, child in enumerate(children)
        ]
    attributes = sorted(attribute(*pair) for pair in node.attributes.items())
    return node.tag, attributes, [child for child in children if child]


def trimmed(text, before, after):
    text = _SPACES.sub(" ", text)
    text = text if before in _IN_LINES else text.lstrip(" ")
    return text if after in _IN_LINES else text.rstrip(" ")


def attribute(name, value):
    """Return an attribute as our plugin writes it: cells are aligned by class."""
    if name == "style" and (aligned := re.fullmatch(r"text-align: (\w+);", value)):
        return "class", f"archive-{aligned[1]}"
    return name, "" if value == name else value or ""


NASTY = """1. a_b_c *d* **e** `f` [g](h) ![i](j) <b>k</b> &amp; &#42; {: #l } | m # n \\o ~p~ {{ q }} "r" 's' $t$ u://v_w_x"""
DEFINITION = dedent("""
    A *word* of **weight** and `code`, [a link](https://x.example/a_(b)?c=1&d=2 "title").

    - one
    - two
        1. deep
        2. deeper

    1. loose

    2. loose

    > quoted
    >
    > - and listed

        indented <b> code

    ```python
    fenced & code
    ```

    | a | b |
    |:--|--:|
    | `c` | *d* |

    ---

    ## A heading of its own
    """)


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    """The contents of all pages of the project's own archive, and of one with nasty names, by their sources."""
    folder = tmp_path_factory.mktemp("contents")
    nasty, place = copy_tiny(folder / "nasty"), {"lat": 1, "lon": 2}
    write_seed(
        nasty.root,
        "seeds/glossary/nasty.md",
        entry_seed(DEFINITION, name=NASTY, kind="place", description=NASTY, aliases=["*x*", "_y"], location=place),
    )
    marks = "- 1. + > # = --- ___ ***"
    begun = [f"{mark} {NASTY}" for mark in ("#", "##", ">", "-", "7.", f"> {NASTY}\n>", f"- {marks}\n-")]
    seed = article_seed("\n\n".join([marks, *begun, NASTY]), title=NASTY, topics=[NASTY[:90], marks])
    write_seed(nasty.root, "seeds/articles/2031/05/nasty.md", seed)
    found = {}
    for config in (nasty, copy_own(folder / "own")):
        site = build(config)
        for file in site.rglob("index.html"):
            content = re.search(r"(<h1[^>]* id=.page-title.*)</article>", file.read_text("utf-8"), re.DOTALL)
            if content:
                src_uri = file.relative_to(site).with_suffix(".md").as_posix()
                found[f"{config.root.name}/{src_uri}"] = (content[1], src_uri)
    return found


def test_every_page_is_the_same_again(contents):
    assert len(contents) > 90
    for name, (html, src_uri) in contents.items():
        page, again = same_again(html, src_uri)
        assert again == page, name


def test_html_is_left_only_where_markdown_has_no_form(contents):
    left = set()
    for name, (html, src_uri) in contents.items():
        if name.startswith("own/"):
            left |= set(re.findall(r"^<([a-z0-9]+)", markdown_of(html, src_uri), re.MULTILINE))
    drawn = {"svg", "path", "rect", "text", "line", "circle"}
    assert left - drawn == {"div", "details", "summary", "nav", "pre", "bdi", "span"}


BITS = [
    *("a", "b c", "*", "**", "_", "__", "`", "```", "~~~", "[x](y)", "![x](y)", "[x]: y", "<b>", "</div>", "<http://x>"),
    *("&", "&amp;", "&#42;", "{: #x }", "{: .a }", "{", "}", "|", "#", "# h", "1. x", "2.", "1)", "- x", "+ x", "> q"),
    *("    code", "---", "===", "=", ":", "::: x", "/// x", "\\", "\\*", "!", "(", ")", '"', "'", "http://x.y/z_a_b"),
    *("\u00a0", "\u3000", "\u2028", "é", "ا", "a\nb", "  \n", "\t", "x  y", "*a* b", "\x01", "\x02", "\x03", "^"),
    *("[^1]", "[TOC]", "<!-- x -->", "wzxhzdk:0", "klzzwxh:0000", "%", "a_b_c", "."),
]


class Contents:
    """Contents of any words, made of whatever elements pages hold."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def any_of(self, *choices):
        return self.chance.choice(choices)

    def some(self, make, *arguments):
        return [make(*arguments) for _ in range(self.any_of(1, 1, 2, 3))]

    def words(self):
        bits = (self.any_of(*BITS) + self.any_of("", " ") for _ in range(self.any_of(1, 2, 4)))
        return escape("".join(bits), quote=False)

    def attributes(self, *names):
        chosen = [name for name in names if self.chance.random() < 0.3]
        values = ["x", "p-1", "a b", '&quot;*|"`[x](y)<b>\\{: .a }#'.replace('"', "")]
        return "".join(f' {name}="{self.any_of(*values)}"' for name in chosen) + self.any_of("", "", " data-archive")

    def line(self, depth=0):
        return "".join(self.piece(depth) + self.any_of("", " ", "\n") for _ in range(self.any_of(1, 2, 3)))

    def piece(self, depth):
        kind = self.any_of("words", "words", "a", "element", "br") if depth < 3 else "words"
        if kind == "a" and depth == 0:
            inside = ("../y/", "../../x/#m-a_b-1", "#n-x", "..", "./")
            href = self.any_of(*inside, "https://x.y/a?b=1&amp;c=2", "https://x.y/(a)_b")
            return f'<a href="{href}"{self.attributes("id", "class", "rel", "data-entity")}>{self.line(3)}</a>'
        if kind == "element":
            tag = self.any_of("bdi", "span", "em", "strong", "code", "time", "sub")
            return f"<{tag}{self.any_of('', self.attributes('lang', 'title'))}>{self.line(depth + 1)}</{tag}>"
        return "<br>" if kind == "br" else self.words()

    def listed(self, depth):
        tag, item = self.any_of("ul", "ol"), self.any_of(self.item, self.item, self.loose_item)
        return f"<{tag}>\n{''.join(self.some(item, depth))}</{tag}>"

    def item(self, depth):
        return f"<li{self.any_of('', self.attributes('id', 'value'))}>{self.line()}{self.below(depth)}</li>\n"

    def loose_item(self, depth):
        return f"<li><p{self.attributes('id', 'data-kind')}>{self.line()}</p>{self.below(depth)}</li>\n"

    def below(self, depth):
        return self.listed(depth + 1) if depth < 3 and self.chance.random() < 0.3 else ""

    def table(self):
        classes = self.some(self.any_of, "", ' class="archive-left"', ' class="archive-right"')

        def row(tag):
            return f"<tr>{''.join(f'<{tag}{name}>{self.line()}</{tag}>' for name in classes)}</tr>"

        return f"<table><thead>{row('th')}</thead><tbody>{''.join(self.some(row, 'td'))}</tbody></table>"

    def block(self, depth=0):
        flat = (self.paragraph, self.paragraph, self.paragraph, self.table, self.preformatted)
        make = self.any_of(*flat, *((self.listed, self.around) if depth < 3 else ()))
        return make() if make in flat else make(depth)

    def paragraph(self):
        start = self.any_of("p", "p", "nav", 'h2 id="x"', 'h3 id="y"', "h6", "hr")
        some = self.attributes("class", "lang")
        return "<hr>" if start == "hr" else f"<{start}{some}>{self.line()}</{start.partition(' ')[0]}>"

    def preformatted(self):
        words = f"{self.words()}\n\n    {self.words()}"
        return self.any_of(f'<pre data-name="x">\n{words}\n</pre>', f"<pre><code>a{words}</code></pre>")

    def around(self, depth):
        return self.any_of(
            f"<blockquote>\n{self.blocks(depth + 1)}</blockquote>",
            f'<details class="x"><summary>{self.words()}</summary>{self.blocks(depth + 1)}</details>',
            f"<div{self.attributes('id', 'class', 'lang')}>\n{self.any_of(self.blocks(depth + 1), '')}</div>",
        )

    def blocks(self, depth=0):
        return "\n".join(self.some(self.block, depth))


@pytest.mark.parametrize("part", range(4))
def test_any_content_is_the_same_again(part):
    for seed in range(100):
        html = Contents(f"{part}-{seed}").blocks()
        content, again = same_again(html)
        assert again == content, html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<h1 class="x y" id="z">A <bdi>b*</bdi></h1>', "# A <bdi>b&#42;</bdi> {: #z .x .y }"),
        ('<p id="p-1">1. Word_s</p>', "1&#46; Word&#95;s\n{: #p-1 }"),
        (
            '<p><a class="mention" data-entity="y" href="../../../glossary/y/" id="m-y-1">Y</a>: <em>so</em></p>',
            '[Y](../../../glossary/y/index.md){: #m-y-1 .mention data-entity="y" }: *so*',
        ),
        ('<p>See <a href="../..">home</a>, <a href="#n-1">1</a></p>', "See [home](../../index.md), [1](#n-1)"),
        ('<ul><li id="p-4">a</li><li>b<ul><li>c</li></ul></li></ul>', "- a\n{: #p-4 }\n- b\n    - c"),
        ("<ol><li><p>a</p></li><li><p>b</p><ul><li>c</li></ul></li></ol>", "1. a\n\n1. b\n\n    - c"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n<!-- -->\n\n1. b"),
        ('<blockquote><p id="p-8">a</p></blockquote>', "> a\n> {: #p-8 }"),
        ('<div class="x"><p>a</p></div>', '<div class="x" markdown>\n\na\n\n</div>'),
        (
            '<table><thead><tr><th class="archive-left">a</th><th class="archive-right">b</th></tr></thead>'
            '<tbody><tr><td class="archive-left">c|</td><td class="archive-right">1</td></tr></tbody></table>',
            "| a | b |\n|:--|--:|\n| c&#124; | 1 |",
        ),
        ('<pre data-name="a.bib">\n@a{b}\n</pre>', '<pre data-name="a.bib">\n@a&#123;b&#125;\n</pre>'),
        (
            "<details><summary>a</summary><p>b</p></details>",
            "<details markdown>\n<summary>a</summary>\n\nb\n\n</details>",
        ),
        ("<h3>no id</h3>", "<h3>no id</h3>"),
    ],
)
def test_each_element_has_its_form(html, markdown):
    assert markdown_of(html, "articles/2025/x/index.md") == f"{markdown}\n"
