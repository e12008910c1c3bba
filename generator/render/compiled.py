"""Compiled templates: where the program keeps what Jinja2 makes of its templates, and of which of them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

from generator.store import digest, edition

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

_DIGEST = 32


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates beside the compiled modules of this package, and no others.

    What lies there is run, as these modules are, so none of it comes from an archive or goes into its `.cache`. Where
    Python keeps no compiled modules, or may write none, nothing is kept.
    """

    def __init__(self, folder: Path) -> None:
        """Keep those of the templates in this folder, which is the program's own."""
        self._folder = folder
        self._made_by = edition(), str(folder).encode()  # a compiled template tells where its lines stand
        self._place = Path(cache_from_source(__file__)).parent

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return what the file of a template is called; nothing for templates of others."""
        is_ours = filename is not None and Path(filename) == self._folder / name
        return f"{name}.{sys.implementation.cache_tag}" if is_ours else ""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it is whole, of this program and of this template as it is now."""
        if bucket.key:
            with suppress(OSError):
                kept = (self._place / bucket.key).read_bytes()
                if kept[:_DIGEST] == digest(*self._made_by, kept[_DIGEST:]):
                    bucket.bytecode_from_string(kept[_DIGEST:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template; whoever reads it meanwhile finds this one or the former."""
        if bucket.key and not sys.dont_write_bytecode:
            code = bucket.bytecode_to_string()
            new = self._place / f"{bucket.key}.{os.getpid()}"
            with suppress(OSError):
                self._place.mkdir(parents=True, exist_ok=True)
                try:
                    new.write_bytes(digest(*self._made_by, code) + code)
                    new.replace(self._place / bucket.key)
                finally:
                    new.unlink(missing_ok=True)
