"""Configuration: where an archive lies and what ships with the generator. Read once, passed down."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from generator.issues import ArchiveError

_PACKAGE = Path(__file__).resolve().parent
SHIPPED = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent
"""Where our templates/ and docs/assets/ lie: inside the wheel, or beside the package in a checkout."""

MARKDOWN_EXTENSIONS = ("attr_list", "fenced_code", "md_in_html", "tables", "toc")
"""The one closed Markdown configuration, for build, serve and export alike. attr_list and md_in_html let the export say
where an anchor is; nothing here turns plain words into markup. MkDocs adds fenced_code, tables and toc on its own."""

SCRIPTS = ("notes", "walk", "marks", "cards", "citations")
"""The modules of docs/assets that article pages load."""


class ArchiveConfig(Struct, frozen=True):
    """A folder with seeds/, and the folders whose files take precedence over ours."""

    root: Path
    """The archive: the folder that holds seeds/ and mkdocs.yml."""

    @property
    def seeds(self) -> Path:
        """The folder of the seeds."""
        return self.root / "seeds"

    @property
    def page_templates(self) -> tuple[Path, ...]:
        """Folders of templates of pages, which are HTML; the first that has a template wins."""
        return (self.root / "templates" / "pages", SHIPPED / "templates" / "pages")

    @property
    def theme_templates(self) -> tuple[Path, ...]:
        """Folders of overrides of Material; the first that has a template wins."""
        return (self.root / "templates" / "theme", SHIPPED / "templates" / "theme")

    @property
    def assets(self) -> Path:
        """Our styles, copied where the archive has none of the same name."""
        return SHIPPED / "docs" / "assets"

    @property
    def cache(self) -> Path:
        """State that can be thrown away."""
        return self.root / ".cache" / "archive"


def find_archive(folder: Path) -> ArchiveConfig:
    """Return the archive that lies in `folder`.

    Raises:
        ArchiveError: there is no seeds/ in it.
    """
    root = folder.resolve()
    if not (root / "seeds").is_dir():
        raise ArchiveError(
            f"there is no folder seeds/ in {folder}",
            "run this in the folder of an archive, or name it with --archive DIR",
        )
    return ArchiveConfig(root)
