"""Compiled templates: where the program keeps what Jinja2 makes of its own templates and Material's, and no others."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, nodes
from jinja2.compiler import CodeGenerator

from generator.store import digest, edition

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame

_DIGEST = 32


def keep_compiled(environment: Environment, folder: Path) -> None:
    """Let an environment keep what it compiles of the templates in a folder of this program or of a package beside it.

    They are compiled alike for all archives from now on.
    """
    environment.optimized = False
    if not issubclass(environment.code_generator_class, AlikeGenerator):
        environment.code_generator_class = AlikeGenerator
    environment.bytecode_cache = CompiledTemplates(folder)


class AlikeGenerator(CodeGenerator):
    """Leaves everything but a template's own words for later: what filters make of a constant, archives may decide."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates beside the compiled modules of this package.

    What lies there is run, as these modules are, so none of it comes from an archive or goes into its `.cache`. Where
    Python keeps no compiled modules, or may write none, nothing is kept.
    """

    def __init__(self, folder: Path) -> None:
        """Keep those of the templates in this folder, and no others."""
        self._folder = folder
        self._made_by = edition(), str(folder).encode()  # a compiled template tells where its lines stand
        self._place = Path(cache_from_source(__file__)).parent

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return what the file of a template is called; nothing for templates of others."""
        is_ours = filename is not None and Path(filename) == self._folder / name
        return f"{self._folder.name}-{name.replace('/', '-')}.{sys.implementation.cache_tag}" if is_ours else ""

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
