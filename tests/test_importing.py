"""Importing of web pages: what is kept, what is taken out, what is refused."""

from __future__ import annotations

import html
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from generator.config import ArchiveConfig
from generator.fetching import fetch_page
from generator.importing import Received, import_received, read_file
from generator.issues import ArchiveError
from generator.pages import looks_like_page, read_page
from generator.proposing import Proposal, propose_article
from generator.read.files import MAX_CAPTURE_BYTES
from generator.read.seeds import read_seeds

WORDS = (
    "The three men came down in the ocean on Thursday and were taken aboard a ship, where they were well. "
)
ENGLISH = f"""<!DOCTYPE html>
<!-- saved from url=(0036)https://chronicle.example/1969/eagle -->
<html lang="en-GB"><head><meta charset="utf-8"><title>Back on Earth | Evening Chronicle</title>
<meta property="og:title" content="Back on Earth"><meta property="og:site_name" content="Evening Chronicle">
<meta name="author" content="Jane Doe"><meta property="article:published_time" content="1999-07-24T10:00:00Z">
</head><body><nav><ul><li><a href="/a">Politics of the day</a></li><li><a href="/b">Sports</a></li></ul></nav>
<main><article><h1>Back on Earth</h1><p>{WORDS * 2}</p><h2>What they brought</h2><p>{WORDS * 2}</p>
<blockquote><p>It was a long way, said the commander, and we are glad to be home again with everybody.</p></blockquote>
<ul><li>Stones, most of all, from the plain</li><li>Dust from their boots and suits</li></ul><p>{WORDS}</p>
</article></main><aside class="related"><h3>Related stories</h3><a href="/c">Somebody else flew</a></aside>
<div id="comments" class="comments"><p>A reader says that it was all filmed in a desert.</p></div>
<script>var tracker = "follow";</script></body></html>"""
ARABIC_WORDS = "عاد الرجال الثلاثة إلى الأرض يوم الخميس ونقلتهم سفينة من المحيط وكانوا جميعا بخير. "
ARABIC = f"""<html lang="ar" dir="rtl"><head><meta charset="windows-1256"><title>العودة إلى الأرض</title></head>
<body><article><h1>العودة إلى الأرض</h1><p>{ARABIC_WORDS * 4}</p><p>{ARABIC_WORDS * 3}</p></article></body></html>"""


@pytest.fixture
def config(tmp_path):
    (tmp_path / "seeds/glossary").mkdir(parents=True)
    (tmp_path / "seeds/glossary/chronicle.md").write_text(
        "---\nname: Evening Chronicle\nkind: outlet\ndescription: A newspaper.\n---\nA newspaper.\n"
    )
    return ArchiveConfig(tmp_path)


def imported(config, name, data, known=None):
    found, issues = import_received(config, Received(name, data), known or Proposal(), None)
    assert issues == []
    assert read_seeds(config)[1] == []
    assert (found.original or found.capture).read_bytes() == data
    return found, found.article.read_text("utf-8")


def test_a_saved_page_gives_its_article_with_the_marks_of_the_page(config):
    found, text = imported(config, "eagle.html", ENGLISH.encode())
    head, body = text.split("---\n")[1:]
    assert head == (
        "title: Back on Earth\ndate: 1999-07-24\nlanguage: en-GB\noutlet: chronicle\nbyline: Jane Doe\n"
        'url: "https://chronicle.example/1969/eagle"\ncapture: eagle.txt\noriginal: eagle.html\n'
    )
    assert "\n\n## What they brought\n\n" in body
    assert "\n\n> It was a long way" in body
    assert "\n\n- Stones, most of all, from the plain\n\n- Dust" in body
    assert not [word for word in ("Politics", "Somebody", "desert", "tracker", "Related") if word in text]
    assert found.notes == ()


def test_an_arabic_page_in_an_old_encoding_comes_out_right(config):
    found, text = imported(config, "a.html", ARABIC.encode("windows-1256"))
    assert "\nlanguage: ar\n" in text
    assert ARABIC_WORDS.strip() in text
    assert ARABIC_WORDS.strip() in found.capture.read_text("utf-8")


def test_what_was_received_and_what_was_taken_out_are_both_in_the_manifest(config):
    imported(config, "eagle.html", ENGLISH.encode())
    lines = (config.root / "seeds/captures.sha256").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["eagle.html", "eagle.txt"]


def test_an_import_that_would_have_an_error_takes_everything_back(config):
    imported(config, "eagle.html", ENGLISH.encode())
    before = {file: file.read_bytes() for file in config.root.rglob("*") if file.is_file()}
    page = ENGLISH.replace("Thursday", "Friday").encode()
    found, issues = import_received(config, Received("b.html", page), Proposal("B", outlet="nobody"), None)
    assert found is None
    assert [issue.kind for issue in issues] == ["unknown-id"]
    assert {file: file.read_bytes() for file in config.root.rglob("*") if file.is_file()} == before


def test_an_import_that_the_manifest_refuses_takes_everything_back(config):
    (config.root / "seeds/captures.sha256").write_text(f"{'0' * 64}  eagle.txt\n")
    before = {file: file.read_bytes() for file in config.root.rglob("*") if file.is_file()}
    with pytest.raises(ArchiveError, match="another digest"):
        import_received(config, Received("eagle.html", ENGLISH.encode()), Proposal(), None)
    assert {file: file.read_bytes() for file in config.root.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    "text", ["- a\n- b\n", "1. One\r\n\r\n2. Two", "\u00a0x y\n\n## z", "> a\n\n\n\nb\n", "a\rb"]
)
def test_whatever_text_is_imported_its_capture_has_the_bytes_of_the_file(config, text):
    imported(config, "a.txt", text.encode())
    assert (config.root / "seeds/captures/a.txt").read_bytes() == text.encode()


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "utf-8-sig"])
def test_the_encoding_of_a_page_is_the_one_that_it_names_or_begins_with(config, encoding):
    page = ENGLISH.replace("utf-8", encoding).replace("commander", "commandér")
    assert "commandér" in imported(config, "a.html", page.encode(encoding))[1]


def test_what_a_page_does_not_say_and_the_caller_does_is_marked_as_supplied(config):
    _, text = imported(config, "a.html", ARABIC.encode("windows-1256"), Proposal(title="Zurück"))
    assert "\nsupplied: [title, date]\n" in text


def test_an_outlet_that_the_glossary_lacks_is_left_out_and_named(config):
    found, text = imported(config, "a.html", ENGLISH.replace("Evening Chronicle", "Morning Post").encode())
    assert "outlet:" not in text
    assert "archive new entry --kind outlet --name 'Morning Post'" in found.notes[0]


@pytest.mark.parametrize("site", ["Post $(echo owned)", "Post `echo owned`", "It's; echo owned", 'Post" owned'])
def test_a_command_with_the_name_of_a_site_is_safe_to_paste(config, site):
    named = ENGLISH.replace('"Evening Chronicle"', f'"{html.escape(site)}"')
    (note,) = imported(config, "a.html", named.encode())[0].notes
    command = note.partition("archive new entry --kind outlet --name ")[2]
    said = subprocess.run(["sh", "-c", f"printf %s {command}"], capture_output=True, text=True, check=True)
    assert said.stdout == site


def test_a_page_with_an_unsafe_name_is_kept_under_another_and_the_person_is_told(config):
    found, _ = imported(config, "Back on Earth – Chronicle.html", ENGLISH.encode())
    assert found.original.name.startswith("page-")
    assert found.original.name in found.notes[0]


@pytest.mark.parametrize(
    "name, data, words",
    [
        ("a.html", b"<html><body><p>Subscribe to read on.</p></body></html>", "no article was found"),
        ("a.html", b"", "no article was found"),
        ("a.html", b"<html><meta charset=klingon><p>a</p></html>", "cannot be read as klingon"),
        ("a.html", b"<html><meta charset=utf-8><p>\xe9</p></html>", "cannot be read as utf-8"),
        ("a.pdf", b"%PDF-1.7", "is a PDF"),
        ("a.txt", b"a\0b", "null bytes"),
    ],
)
def test_what_holds_no_article_is_refused_and_leaves_nothing_behind(config, name, data, words):
    with pytest.raises(ArchiveError, match=words):
        import_received(config, Received(name, data), Proposal(), None)
    assert not (config.root / "seeds/captures").exists()


HOSTILE = "\x1b]0;owned\x07"
"""On a terminal this gives the window another title."""


class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        leads = {"/out": "file:///etc/hostname", "/ftp": "ftp://localhost/a", "/in": "/eagle"}
        if self.path in leads:
            self.send_response(302)
            self.send_header("Location", leads[self.path])
            self.end_headers()
        elif self.path in {"/eagle", "/large"}:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(ENGLISH.encode() if self.path == "/eagle" else b"a" * (MAX_CAPTURE_BYTES + 1))
        elif self.path == "/reason":
            self.send_response(404, HOSTILE)
            self.end_headers()
        elif self.path == "/status":
            self.wfile.write(f"{HOSTILE}\r\n\r\n".encode())
        else:
            self.send_error(404)

    def log_message(self, *words):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_an_address_is_fetched_as_it_is_also_after_a_redirect(server):
    page = fetch_page(f"{server}/in")
    assert (page.name, page.data, page.charset) == ("in.html", ENGLISH.encode(), "utf-8")


@pytest.mark.parametrize(
    "path, words",
    [
        ("/out", "file:.* is not allowed"),
        ("/ftp", "redirects to"),
        ("/no", "answered 404"),
        ("/large", "more than"),
    ],
)
def test_an_address_that_leads_to_no_page_is_refused(server, path, words):
    with pytest.raises(ArchiveError, match=words):
        fetch_page(server + path)


def test_an_address_outside_the_web_is_refused():
    with pytest.raises(ArchiveError, match="not an http or https address"):
        fetch_page("file:///etc/hostname")


@pytest.mark.parametrize(
    "link, there",
    [
        ("seeds/captures/eagle.html", "outside"),
        ("seeds/captures/eagle.txt", "outside"),
        ("seeds/articles/1999/07/back-on-earth.md", "outside"),
        ("seeds/captures", "."),
        ("seeds/articles/1999", "."),
        ("seeds/articles", "seeds/glossary"),
        ("seeds/captures.sha256", "outside"),
    ],
)
@pytest.mark.parametrize("dangling", [False, True])
def test_nothing_is_written_through_a_symbolic_link(config, link, there, dangling):
    (config.root / link).parent.mkdir(parents=True, exist_ok=True)
    target = config.root / there
    if there == "outside" and not dangling:
        target.write_bytes(b"")
    (config.root / link).symlink_to(target if there == "outside" or not dangling else config.root / "nowhere")
    before = {file: file.lstat().st_mtime_ns for file in config.root.rglob("*") if not file.is_dir()}
    with pytest.raises(ArchiveError, match=f"{link} is a symbolic link"):
        import_received(config, Received("eagle.html", ENGLISH.encode()), Proposal(), None)
    after = {file: file.lstat().st_mtime_ns for file in config.root.rglob("*") if not file.is_dir()}
    assert after == before
    assert not (config.root / "nowhere").exists()


def test_a_folder_for_the_article_may_be_named_by_a_way_through_others(config):
    out = config.root / "seeds/articles/old/../new"
    found, _ = import_received(config, Received("eagle.html", ENGLISH.encode()), Proposal(), out)
    assert found.article == config.root / "seeds/articles/new/back-on-earth.md"
    with pytest.raises(ArchiveError, match="is not below seeds/articles"):
        import_received(config, Received("b.html", ENGLISH.encode()), Proposal(), out / "../../../..")


@pytest.mark.parametrize(
    "opening, page",
    [
        ("\ufeff \n<!-- a --><!-- b -->\n<HTML>", True),
        ("<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE  html>", True),
        ("<!-- a --> <html>", True),
        ("<!-- a --> Words, and then a tag: <html>", False),
        ("<!-- a --> Words --> <html>", False),
        ("<!-- a <html>", False),
        ("<!-- a -->" * 400 + "Words of the article.", False),
        ("<!-- a -->\n" * 300 + "<html>", True),
        ("<!-- a --> \n " * 300 + "<htm>", False),
    ],
)
def test_a_page_is_told_by_its_first_tag_however_many_comments_stand_before_it(opening, page):
    assert looks_like_page("a.txt", opening.encode()) is page


@pytest.mark.parametrize(
    "before",
    [
        "<!-- " + "<html " * 15_000 + "-->",
        "<!-- <html " + " lang" * 19_000 + "-->",
        "<!-- <html lang=" + " " * 90_000 + "-->",
        "<!--" + "<meta " * 500 + "charset=" + " " * 1000 + "|-->",
    ],
    ids=["tags", "keys", "blanks", "encodings"],
)
def test_what_a_hostile_page_repeats_is_read_once(config, before):
    _, text = imported(config, "a.html", ENGLISH.replace("<html", f"{before}<html").encode())
    assert "\nlanguage: en-GB\n" in text


def test_the_language_is_that_of_the_first_tag_that_has_one(config):
    before = "<!--[if IE]><html class='old'><![endif]-->"
    _, text = imported(config, "a.html", ENGLISH.replace("<html", f"{before}<html").encode())
    assert "\nlanguage: en-GB\n" in text


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "hex", "unicode_escape"])
def test_an_encoding_that_no_page_can_have_is_said_clearly(config, charset):
    page = ENGLISH.replace("utf-8", charset).encode()
    with pytest.raises(ArchiveError, match=f"a.html cannot be read as {charset}: "):
        import_received(config, Received("a.html", page), Proposal(), None)


@pytest.mark.parametrize("charset", ["\x1b]0;owned\x07", "a\0b"])
def test_the_encoding_that_a_server_names_is_shown_without_control_characters(config, charset):
    with pytest.raises(ArchiveError, match="cannot be read as") as raised:
        import_received(config, Received("a.html", ENGLISH.encode(), charset), Proposal(), None)
    assert raised.value.message.isprintable()


@pytest.mark.parametrize("path, words", [("/reason", "answered 404"), ("/status", "cannot be fetched")])
def test_what_a_server_says_is_shown_without_control_characters(server, path, words):
    with pytest.raises(ArchiveError, match=words) as raised:
        fetch_page(server + path)
    assert "\\x1b]0;owned\\x07" in raised.value.message
    assert raised.value.message.isprintable()


@pytest.mark.parametrize("name, text", [(f"{HOSTILE}.txt", " "), (f"{HOSTILE}.html", "<html>"), (HOSTILE, "a\0b")])
def test_the_name_of_a_file_that_is_refused_is_shown_without_control_characters(config, name, text):
    with pytest.raises(ArchiveError, match="owned") as raised:
        import_received(config, Received(name, text.encode()), Proposal(), None)
    assert raised.value.message.isprintable()


@pytest.mark.parametrize("name, text", [("a.html", ENGLISH), ("a.txt", WORDS + "https://chronicle.example/1969/eagle")])
def test_importing_a_file_opens_no_connection(config, tmp_path, monkeypatch, name, text):
    def refuse(*_):
        raise AssertionError("importing a file asked the network")

    for way in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, way, refuse)
    for way in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, way, refuse)
    text = text.replace("</article>", '<img src="https://chronicle.example/a.png"></article>')
    (tmp_path / name).write_text(text)
    received, issues = read_file(tmp_path / name)
    assert issues == []
    imported(config, received.name, received.data, Proposal(url="https://chronicle.example/1969/eagle"))


def test_the_words_of_nested_lists_and_quotations_stand_once():
    lists = "<ul><li>North<ul><li>East</li><li>West<ol><li>Bank</li></ol> after</li></ul></li><li>South</li></ul>"
    quotes = "<blockquote><p>Outer</p><blockquote><p>Inner</p></blockquote></blockquote>"
    words = "<p>" + "The article goes on and on here. " * 8 + "</p>"
    page_html = f"<html><body><article><h1>A title</h1>{words}{lists}{words}{quotes}</article></body></html>"
    page = read_page("a.html", page_html.encode())
    blocks = [block for block in page.body.split("\n\n") if not block.startswith("The article")]
    assert [block.strip() for block in blocks] == [
        "- North", "- East", "- West", "1. Bank", "after", "- South", "> Outer", "> Inner"
    ]  # fmt: skip
    assert page.text.split() == [word for word in page.body.split() if word not in {"-", ">", "1."}]


WRAPPED = "ALEPPO, March 14 - A team of forty monitors arrived in the city on Friday after\nweeks of talks.\n"


@pytest.mark.parametrize("text", [WRAPPED, f"{WRAPPED}\nA second paragraph that is longer than what is above.\n"])
def test_a_sentence_that_goes_on_in_the_next_line_is_no_heading(text):
    assert propose_article(text, "a.txt", Proposal()).endswith(f"---\n{text}")


def test_a_short_line_above_a_blank_line_is_a_heading():
    text = "Team arrives\n\nA team of forty monitors arrived in the city on Friday after\nweeks of talks.\n"
    written = propose_article(text, "a.txt", Proposal())
    assert "title: Team arrives\n" in written
    assert written.endswith(f"---\n## {text}")


def test_a_page_saved_as_mhtml_is_refused(tmp_path):
    (tmp_path / "seeds").mkdir()
    received = Received("a.mhtml", b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n")
    with pytest.raises(ArchiveError, match="a page saved as MHTML"):
        import_received(ArchiveConfig(tmp_path), received, Proposal(), None)
