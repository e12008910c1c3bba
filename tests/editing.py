"""An archive that is edited at random, and the words that it is made of. Holds no test.

What the archive holds is kept as values: seeds as mappings, all else as text by path. An edit changes these; only then
are they written, so that nothing refers to what is gone, unless an edit wants that.
"""

from __future__ import annotations

import hashlib
import os
import random
from copy import deepcopy
from typing import TYPE_CHECKING

import yaml

from generator.config import SHIPPED, ArchiveConfig

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    "Georgia", "George Washington", "Washington", "Paris", "Paris Hilton", "Texas", "Axis", "Stock", "Reuters",
    "World Health Organization", "Tel Aviv", "Israel", "Ahmad Al-Shara", "Syria", "Nyanza Province", "ceasefire",
    "New York", "New York Times", "United States", "The Gambia", "Turkey", "Boeing Inc.",
    "General Security Directorate",
]  # fmt: skip
SENTENCES = [
    "{0} met {1} in {2}.", "{0}, {1}, was calm.", "The {0} ({3}) spoke; {3} denied it.", "President {4} left {0}.",
    "{0} said that {1} would pay 5 US$.", "The stock of {0} fell on its axis.", "Talks with {0} failed.",
    "{5}'s President went to {0}.", "Michelle {4} and {4} read “The {0} Story”.", "“{0}”, {5}n officials said.",
    "pro-{0} voices, {0}-based, and the {0} University.", "In turkey and stock, nothing.", "{0} {1} {2}.",
    "Nyanza was hit, and Nyanza district too.", "Ceasefire holds in {0}, a ceasefire that {1} wanted.",
]  # fmt: skip
KINDS = ["person", "place", "organisation", "outlet", "event", "agreement", "negotiation", "term"]
STRENGTHS = ["full", "short", "weak", "demonym"]
RULES = ["surname", "initials", "bracketed", "role", "plural", "capitalised", "first-word"]
WORDS = ["calm", "pressure", "harbour", "capital", "officials", "voices", "story", "district", "talks", "president"]
LANGUAGES = ["en", "en", "en", "de", "ar", "pt-BR"]
TIES = ["located-in", "part-of", "member-of", "party", "broker", "participant", "predecessor", "related"]
ARABIC = ["قالت آدا ليندكفيست إن ميناء كستريل ليس للبيع.", "ردّ مجلس الميناء: «ميناء كستريل للجميع»."]

PAGE_TEMPLATES = ["article.html.j2", "entry.html.j2", "moved.html.j2", "home.html.j2", "list.html.j2"]
THEME = {
    "partials/copyright.html": [
        '<div class="own">{{ config.site_name | e }}: {{ page.title if page }}</div>\n',
        "<div>{% for item in nav %}<i>{{ item.title }}</i>{% endfor %}</div>\n",
        "<div>{{ build_date_utc }} {{ config.extra.note }} {{ config.site_url }}</div>\n",
        '<div>{% include ["partials/one.html", "partials/two.html"] ignore missing %}</div>\n',
    ],
    "partials/one.html": ["<b>First</b>", "<b>Second</b>"],
    "partials/two.html": ["<b>First</b>", "<b>Third</b>"],
}
"""What the theme's templates of an archive may hold, by path."""


def sentence(chance: random.Random) -> str:
    """Return a sentence that names somebody."""
    names = chance.choices(NAMES, k=3)
    letters = "".join(word[0] for word in names[0].split())
    return chance.choice(SENTENCES).format(*names, letters, names[1].split()[-1], names[2])


class Editor:
    """Writes an archive, and changes it in one place after the other: the same for the same seed."""

    def __init__(self, root: Path, seed: str, articles: int = 14, entries: int = 16) -> None:
        self.config, self.chance = ArchiveConfig(root), random.Random(seed)
        self.articles: dict[str, dict] = {}
        self.entries: dict[str, dict] = {}
        self.settings: dict = {"site_name": "Site 0", "theme": {"name": "material"}, "plugins": ["news-archive"]}
        self.others = {"docs/about.md": self._hand_written()}
        """Hand-written pages and templates: text by path."""
        self.wrong: dict[str, str] = {}
        """What stands in files, instead of what should, until the next edit."""
        self.said: list[str] = []
        """What was done so far."""
        self._written: dict[str, bytes] = {}
        self._count = 0
        for _ in range(entries):
            self._add_entry()
        for _ in range(articles):
            self._add_article()
        self.write()

    def edit(self) -> None:
        """Change something; most of what was wrong is mended."""
        if self.chance.random() < 0.8:
            self.wrong.clear()
        change = self.chance.choice(
            [self._change_article, self._change_entry] * 8
            + [self._add_article, self._add_entry, self._remove, self._rename, self._merge, self._move] * 2
            + [self._edit_page_template, self._edit_theme, self._edit_docs, self._edit_settings] * 2
            + [self._spoil]
        )
        self.said.append(f"{change.__name__}: {change()}")

    # What it holds

    def files(self) -> dict[str, bytes]:
        """Return the bytes of every file of the archive by its path."""
        taken = {*self.articles, *self.entries}
        texts = {**self.others, "mkdocs.yml": yaml.safe_dump(self.settings, sort_keys=False)}
        captures = {}
        for seed_id, entry in self.entries.items():
            path = f"seeds/glossary/{entry['folder']}{seed_id}.md"
            texts[path] = _seed(self._sound(entry, taken), entry["definition"])
        for seed_id, article in self.articles.items():
            head = self._sound(article, taken)
            if "withdrawn" in head:
                head.pop("capture", None)
            elif "capture" in head:
                captures[head["capture"]] = article["text"].encode()
            texts[f"seeds/articles/{seed_id}.md"] = _seed(head, "" if "withdrawn" in head else article["text"])
        for path in [path for path in texts if path.endswith(".md") and path.startswith("docs/")]:
            up = "../" * (path.count("/") - 1)
            article, entry = min(self.articles), min(self.entries)
            links = f"[an article]({up}articles/{article}/index.md), [an entry]({up}glossary/{entry}/index.md)"
            texts[path] = texts[path].replace("LINKS", links)
        lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(captures.items())]
        texts["seeds/captures.sha256"] = "".join(lines)
        found = {path: text.encode() for path, text in (texts | self.wrong).items()}
        return found | {f"seeds/captures/{name}": data for name, data in captures.items()}

    def _sound(self, seed: dict, taken: set[str]) -> dict:
        """Return the front matter of a seed without what refers to nothing; `taken` are the ids that are in use."""
        known, beside = self.entries, {"text", "definition", "folder"}
        head = deepcopy({key: seed[key] for key in seed if key not in beside})
        for key, target in (("roles", "of"), ("relations", "to")):
            head[key] = [one for one in head.get(key, []) if one[target] in known and known[one[target]] is not seed]
        if head.get("metonym", {"for": None})["for"] not in known:
            head.pop("metonym", None)
        if known.get(head.get("outlet"), {"kind": ""})["kind"] != "outlet":
            head.pop("outlet", None)
        head["replaces"] = [old for old in head.get("replaces", []) if old not in taken]
        taken.update(head["replaces"])
        overrides = head.pop("annotations", {})
        text = "" if "withdrawn" in head else f" {seed.get('text', '')} "
        prefer = {name: to for name, to in overrides.get("prefer", {}).items() if f" {name} " in text and to in known}
        skip = [one for one in overrides.get("skip", []) if f" {one['text']} " in text]
        head["annotations"] = {key: value for key, value in (("prefer", prefer), ("skip", skip)) if value}
        return {key: value for key, value in head.items() if value}

    def write(self, root: Path | None = None) -> None:
        """Write what changed since this was called; or all of it, into a folder that is not there yet."""
        target, files = root or self.config.root, self.files()
        before = {} if root else self._written
        for path in before.keys() - files.keys():
            (target / path).unlink()
            for folder in (target / path).parents:
                if folder == target / "seeds" or any(folder.iterdir()):
                    break
                folder.rmdir()
        for path in sorted(path for path in files if before.get(path) != files[path]):
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            times = (file.stat().st_atime_ns, file.stat().st_mtime_ns) if file.exists() else None
            file.write_bytes(files[path])
            if times and not root and self.chance.random() < 0.3:
                os.utime(file, ns=times)  # as some editors and copies do
        if not root:
            self._written = files

    # Articles

    def _add_article(self) -> str:
        self._count += 1
        month = self.chance.randrange(1, 13)
        article = {"title": "", "date": "", "language": "en", "text": ""}
        seed_id = f"20{self.chance.randrange(10, 30)}/{month:02}/a{self._count}"
        self.articles[seed_id] = article
        for key in ("title", "date", "text", "topics", "outlet"):
            self._set_in_article(article, key)
        for key in ("language", "capture", "annotations", "withdrawn", "replaces", "updated"):
            if self.chance.random() < 0.2:
                self._set_in_article(article, key)
        return seed_id

    def _change_article(self) -> str:
        seed_id = self._an_article()
        keys = ["title", "date", "language", "topics", "outlet", "capture", "annotations", "withdrawn", "replaces"]
        key = self.chance.choice([*keys, "updated", *["text"] * 4])
        self._set_in_article(self.articles[seed_id], key)
        return f"{key} of {seed_id}"

    def _set_in_article(self, article: dict, key: str) -> None:
        chance = self.chance
        if key in article and key not in {"title", "date", "language", "text"} and chance.random() < 0.5:
            del article[key]
            return
        self._count += 1
        text = article["text"]
        article[key] = {
            "title": f"{sentence(chance)[:60]} & <b>{self._count}</b>",
            "date": f"20{chance.randrange(10, 30)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            "updated": f"20{chance.randrange(10, 35)}-01-{chance.randrange(1, 29):02}",
            "language": chance.choice(LANGUAGES),
            "topics": chance.sample(WORDS[:6], 2),
            "outlet": self._an_entry("outlet"),
            "capture": f"c{self._count}.txt",
            "annotations": {
                "prefer": {self._a_name_in(text): self._an_entry()},
                "skip": [{"text": self._a_name_in(text)}],
            },
            "withdrawn": {"date": "2030-01-01", "reason": f"Reason {self._count}."},
            "replaces": [f"2009/old-{self._count}"],
            "text": self._text(text),
        }[key]

    def _text(self, text: str) -> str:
        """Return another text, which has most paragraphs of this one."""
        chance = self.chance
        blocks = text.rstrip("\n").split("\n\n") if text else [self._paragraph() for _ in range(4)]
        blocks[chance.randrange(len(blocks))] = chance.choice(["", "## ", "> ", "- "]) + self._paragraph()
        return "\n\n".join(blocks) + "\n"

    def _paragraph(self) -> str:
        some = [sentence(self.chance) for _ in range(3)]
        return " ".join([*some, self.chance.choice(ARABIC)] if self.chance.random() < 0.2 else some)

    def _a_name_in(self, text: str) -> str:
        return self.chance.choice([name for name in NAMES if f" {name} " in text] or ["Axis"])

    # Entries

    def _add_entry(self) -> str:
        self._count += 1
        entry = {"folder": self.chance.choice(["", "a/", "b/c/"]), "definition": ""}
        seed_id = f"e{self._count}"
        self.entries[seed_id] = entry
        for key in ("name", "kind", "description", "definition"):
            self._set_in_entry(entry, key)
        if self.chance.random() < 0.2:
            entry["kind"] = "outlet"
        for key in ("aliases", "roles", "stop", "metonym", "location", "relations", "without", "replaces"):
            if self.chance.random() < 0.3:
                self._set_in_entry(entry, key)
        return seed_id

    def _change_entry(self) -> str:
        seed_id = self._an_entry()
        keys = ["name", "kind", "description", "definition", "roles", "stop", "metonym", "location", "relations"]
        key = self.chance.choice([*keys, "without", "replaces", *["aliases"] * 3])
        self._set_in_entry(self.entries[seed_id], key)
        return f"{key} of {seed_id}"

    def _set_in_entry(self, entry: dict, key: str) -> None:
        chance = self.chance
        if key in entry and key not in {"name", "kind", "description", "definition"} and chance.random() < 0.5:
            del entry[key]
            return
        self._count += 1
        word = chance.choice([*NAMES, *WORDS, "Syrian", "U.N.", "Al-Shara"])
        period = {"since": f"20{chance.randrange(10, 30)}-01-01"} if chance.random() < 0.3 else {}
        entry[key] = {
            "name": chance.choice(NAMES) + chance.choice(["", "", " (other)"]),
            "kind": chance.choice(KINDS),
            "description": f"About {' '.join(chance.choices(WORDS, k=4))} {self._count}.",
            "definition": f"Made *up* for the {self._count}th time.\n",
            "aliases": [{"text": word, "strength": chance.choice(STRENGTHS), **period}],
            "roles": [{"title": chance.choice(["President", "Mayor"]), "of": self._an_entry(), **period}],
            "stop": [f"{chance.choice(NAMES)} {chance.choice(NAMES)}"],
            "metonym": {"for": self._an_entry()},
            "location": {"lat": chance.randrange(60), "lon": chance.randrange(60)},
            "relations": [{"kind": chance.choice(TIES), "to": self._an_entry(), **period}],
            "without": chance.sample(RULES, 2),
            "replaces": [f"old-{self._count}"],
        }[key]

    # Either

    def _remove(self) -> str:
        seeds = self.chance.choice([self.articles, self.entries])
        seed_id = self.chance.choice(sorted(seeds))
        if len(seeds) > 1:
            del seeds[seed_id]
        return seed_id

    def _rename(self) -> str:
        """Give a seed another id; mostly, its address leads on, and entries keep what refers to them."""
        self._count += 1
        if self.chance.random() < 0.5:
            old, new = self._an_article(), f"2020/01/r{self._count}"
            seed = self.articles[new] = self.articles.pop(old)
        else:
            old, new = self._an_entry(), f"r{self._count}"
            seed = self.entries[new] = self.entries.pop(old)
            self._refer(old, new)
        if self.chance.random() < 0.7:
            seed["replaces"] = [old, *seed.get("replaces", [])]
        return f"{old} to {new}"

    def _merge(self) -> str:
        one, other = self._an_entry(), self._an_entry()
        if one != other:
            gone, kept = self.entries.pop(other), self.entries[one]
            kept["replaces"] = [other, *gone.get("replaces", []), *kept.get("replaces", [])]
            kept["aliases"] = [*kept.get("aliases", []), *gone.get("aliases", [])][:1]
            self._refer(other, one)
        return f"{other} into {one}"

    def _refer(self, old: str, new: str) -> None:
        """Let all that refers to an entry refer to another."""
        for seed in (*self.articles.values(), *self.entries.values()):
            for key, target in (("roles", "of"), ("relations", "to")):
                for one in seed.get(key, []):
                    one[target] = new if one[target] == old else one[target]
            if seed.get("outlet") == old:
                seed["outlet"] = new
            if seed.get("metonym") == {"for": old}:
                seed["metonym"] = {"for": new}

    def _move(self) -> str:
        """Put an entry into another folder: its address stays."""
        seed_id = self._an_entry()
        self.entries[seed_id]["folder"] = self.chance.choice(["", "a/", "b/c/", "d/"])
        return seed_id

    def _an_article(self) -> str:
        return self.chance.choice(sorted(self.articles))

    def _an_entry(self, kind: str = "") -> str:
        found = [seed_id for seed_id, entry in self.entries.items() if not kind or entry.get("kind") == kind]
        return self.chance.choice(sorted(found or self.entries))

    # All else

    def _edit_page_template(self) -> str:
        name = self.chance.choice(PAGE_TEMPLATES)
        path = f"templates/pages/{name}"
        shipped = (SHIPPED / path).read_text("utf-8")
        return self._toggle(path, f"{shipped}<p>Printed for the {self.chance.randrange(3)}th time.</p>\n")

    def _edit_theme(self) -> str:
        if self.chance.random() < 0.3:
            return self._exchange("templates/theme/partials/one.html", "templates/theme/partials/two.html")
        path = self.chance.choice(sorted(THEME))
        return self._toggle(f"templates/theme/{path}", self.chance.choice(THEME[path]))

    def _exchange(self, one: str, other: str) -> str:
        found = [self.others.pop(path, None) for path in (other, one)]
        self.others |= {path: text for path, text in zip((one, other), found, strict=True) if text is not None}
        return f"{one} and {other}"

    def _edit_docs(self) -> str:
        paths = ["about.md"] * 3 + ["deep/notes.md", "assets/archive.css", "assets/own.css", "index.md"]
        path = self.chance.choice([*paths, f"glossary/{self._an_entry()}/index.md"])
        page = self._hand_written() if path.endswith(".md") else f"p {{ color: #{self.chance.randrange(9)}00; }}\n"
        return self._toggle(f"docs/{path}", page)

    def _hand_written(self) -> str:
        return f"# Page {self.chance.randrange(9)}\n\n{sentence(self.chance)} See LINKS.\n\n## More\n\nNothing.\n"

    def _toggle(self, path: str, text: str) -> str:
        """Write a file or, now and then, remove it."""
        if path in self.others and self.chance.random() < 0.4:
            del self.others[path]
            return f"no {path}"
        self.others[path] = text
        return path

    def _edit_settings(self) -> str:
        chance = self.chance
        nav = [{"Home": "index.md"}, {"All": "articles/index.md"}, {"Names": "glossary/index.md"}]
        key, value = chance.choice([
            ("site_name", f"Site {chance.randrange(3)} & more"),
            ("site_url", chance.choice(["https://a.example/", "https://b.example/deep/"])),
            ("nav", nav[: chance.randrange(1, 4)]),
            ("extra", {"note": chance.randrange(3)}),
            ("theme", {"name": "material", "language": chance.choice(["en", "de"])}),
            ("copyright", f"Nobody {chance.randrange(3)}"),
            ("repo_url", f"https://code.example/{chance.randrange(2)}"),
        ])  # fmt: skip
        if key in self.settings and key not in {"site_name", "theme"} and chance.random() < 0.4:
            del self.settings[key]
            return f"no {key}"
        self.settings[key] = value
        return f"{key}: {value}"

    def _spoil(self) -> str:
        """Make something wrong: a seed, a template, or a link of a hand-written page."""
        path, text = self.chance.choice([
            (f"seeds/articles/{self._an_article()}.md", "---\ntitle: No date\nlanguage: en\n---\nText.\n"),
            ("seeds/glossary/spoiled.md", "---\nname: [\n---\n"),
            ("templates/pages/moved.html.j2", "<h1>{% if %}</h1>"),
            ("docs/about.md", "# About\n\n[Nowhere](nowhere.md) and [an article](articles/no/such/index.md).\n"),
            ("docs/about.md", '# About\n\n<a href="../articles/no/such/">An article</a>\n'),
        ])  # fmt: skip
        self.wrong[path] = text
        return path


def _seed(head: dict, text: str) -> str:
    return f"---\n{yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10**9)}---\n{text}"
