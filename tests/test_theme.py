"""What the theme puts around pages is the same whether it renders each of them or a shell is filled."""

from __future__ import annotations

import pytest
from mkdocs.config import load_config
from mkdocs.structure.nav import Navigation
from selectolax.lexbor import LexborHTMLParser

from generator.config import find_archive
from generator.publish.settings import own_templates
from generator.publish.shells import fill, headings_of
from generator.publish.theme import Theme
from generator.render.templates import Templates
from tests.publishing import ROOT, build, copy_tiny, read_tree

NASTY = """title: 'A & B </title><script>alert(1)</script> "q" archivecontenthole {{ page.title }}'"""


@pytest.fixture
def compared(monkeypatch):
    """Pages that were filled in, each with what the theme itself would have made of it."""
    seen = []
    ask = Theme.shell

    def shell(theme, page):
        found, sign = ask(theme, page)
        if found is not None:
            content = Templates(theme_archive["config"]).html(page)
            seen.append((page, fill(found, page, content).html, theme.render(page, content, headings_of(content))))
        return found, sign

    theme_archive = {}
    monkeypatch.setattr(Theme, "shell", shell)
    return theme_archive, seen


def archive_with_nasty_words(folder):
    config = copy_tiny(folder)
    article = config.root / "seeds/articles/2031/04/nasty.md"
    article.parent.mkdir(parents=True, exist_ok=True)
    article.write_text(
        f"---\n{NASTY}\ndate: 2031-04-01\nlanguage: ar\nreplaces: [2030/01/old]\ntopics: ['a & <b>']\n---\n"
        'Words & <words> of archivetitlehole.\n\n## A heading & "more"\n\nWords.\n\n### Deeper\n\nWords.\n\n'
        "## Last\n\nEnd.\n",
        "utf-8",
    )
    return config


@pytest.mark.parametrize("settings", ["", "site_url: https://example.org/news/\n", "repo_url: https://example.org/\n"])
def test_a_filled_shell_is_what_the_theme_renders(tmp_path, compared, settings):
    archive, seen = compared
    archive["config"] = archive_with_nasty_words(tmp_path / "archive")
    mkdocs = archive["config"].root / "mkdocs.yml"
    mkdocs.write_text(settings + mkdocs.read_text("utf-8"), "utf-8")
    build(archive["config"])
    assert len(seen) > 20
    assert {page.language for page, *_ in seen} >= {"ar", "en", None}
    assert any(page.redirect for page, *_ in seen)
    for page, filled, rendered in seen:
        assert filled == rendered, page.src_uri


def test_every_page_has_one_title(tmp_path):
    site = read_tree(build(archive_with_nasty_words(tmp_path / "archive")))
    for path, content in site.items():
        if path.endswith(".html"):
            assert len(LexborHTMLParser(content.decode()).css("h1")) == 1, path


def test_templates_of_the_archive_may_ask_for_anything_of_a_page(tmp_path):
    config = copy_tiny(tmp_path / "archive")
    footer = config.root / "templates/theme/partials/footer.html"
    footer.parent.mkdir(parents=True, exist_ok=True)
    footer.write_text("<footer>{{ page.url | length }} {{ page.title | upper if page }}</footer>\n")
    site = build(config)
    page = (site / "glossary/port-kestrel/index.html").read_text("utf-8")
    assert f"<footer>{len('glossary/port-kestrel/')} PORT KESTREL (CITY)</footer>" in page


def test_our_own_templates_are_not_those_of_an_archive_even_where_it_lies_beside_them():
    config = load_config(config_file=str(ROOT / "mkdocs.yml"))
    assert own_templates(config, find_archive(ROOT), Navigation([], [])) == b""


def test_a_page_whose_template_gives_it_no_title_gets_one(tmp_path):
    config = copy_tiny(tmp_path / "archive")
    template = config.root / "templates/pages/entry.html.j2"
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_text("<p>{{ entity.description }}</p>\n")
    page = LexborHTMLParser((build(config) / "glossary/port-kestrel/index.html").read_text("utf-8"))
    assert [node.text(strip=True) for node in page.css("h1")] == ["Port Kestrel (city)"]
