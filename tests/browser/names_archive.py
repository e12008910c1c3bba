"""An archive of names in many scripts, each in articles under every form it has. Holds no test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config import ArchiveConfig, find_archive
from tests.conftest import article_seed, entry_seed, write_seed

if TYPE_CHECKING:
    from pathlib import Path

FORMS = [
    ("person", "Mikhail Sorokin", "Михаил Сорокин", "Mikhaïl Sorokine"),
    ("person", "Eleni Papadaki", "Ελένη Παπαδάκη"),
    ("person", "Wang Xiulan", "王秀兰"),
    ("person", "Yosef Ben-Ari", "יוסף בן ארי"),
    ("person", "Muhammad al-Qasimi", "محمد القاسمي", "Mohammed Al Qassimi"),
    ("person", "Harish Verma", "हरीश वर्मा"),
    ("place", "Łódź", "Litzmannstadt"),
    ("place", "Reykjavík"),
    ("place", "São Tomé"),
    ("place", "Đà Nẵng", "Tourane"),
    ("person", "François Lefèvre"),
    ("place", "Straße des Friedens", "Avenue of Peace"),
    ("person", "Jürgen Müller"),
    ("person", "Siân O’Connor"),
    ("organisation", "Harbour Workers’ Union", "HWU"),
    ("place", "Port Kestrel"),
]
"""(kind, name, alias…)."""


def write_names_archive(root: Path) -> ArchiveConfig:
    """Write an entry for each, and an article for each form, a month after the last; the last form is the newest."""
    month = 0
    for number, (kind, name, *aliases) in enumerate(FORMS):
        write_seed(root, f"seeds/glossary/n{number}.md", entry_seed(name=name, kind=kind, aliases=aliases))
        for form in (name, *aliases):
            day = f"{2020 + month // 12}-{month % 12 + 1:02}-05"
            text = f"On the quay stood {form}, said the papers.\n\nSo nobody saw a lighthouse {month} times."
            write_seed(
                root,
                f"seeds/articles/a{month:03}.md",
                article_seed(text, date=day, title=f"News of {form}", topics=["Harbours"]),
            )
            month += 1
    (root / "mkdocs.yml").write_text("site_name: Names\ntheme: {name: material}\nplugins: [news-archive]\n")
    return find_archive(root)
