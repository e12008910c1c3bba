"""Door one: the command line. Parses, calls, prints, exits; decides nothing about archives.

Results go to stdout, talk to stderr. Exit codes: 0; 1 errors in the seeds; 2 usage or set-up; 3 our fault;
130 interrupted.
"""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import sys
from contextlib import suppress

import click

from generator.issues import ArchiveError, BuildFailedError

WIDTH = min(shutil.get_terminal_size().columns, 100)
"""Click itself goes no lower than 50 columns."""


COMMANDS = {
    "annotate": "reading:annotate",
    "build": "site:build",
    "check": "checking:check",
    "diff": "changes:diff",
    "explain": "reading:explain_line",
    "export": "export:export",
    "import": "writing:import_",
    "new": "new:new",
    "serve": "site:serve",
    "suggest": "writing:suggest",
}
"""Each command, and where it lies in this package. Only the one that is called is loaded: what makes a site takes half
a second to load, and editors call `archive check` whenever a file is saved."""


class _Commands(click.Group):
    """A group that loads a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(f"generator.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "terminal_width": WIDTH})
@click.version_option(package_name="annotated-news-archive", prog_name="archive")
def archive() -> None:
    """Build and check an annotated news archive."""


def main() -> None:
    """Run the command line and exit with its code."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        code = archive(standalone_mode=False) or 0
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = 2
    except BuildFailedError as error:
        code = error.exit_code
    except ArchiveError as error:
        click.echo(f"error: {error}", err=True)
        code = error.exit_code
    except KeyboardInterrupt:
        code = 130
    except OSError as error:
        click.echo(f"error: {error.filename or 'the system'}: {error.strerror or error}", err=True)
        click.echo("  help: check that the folder exists, may be written to and has room", err=True)
        code = 2
    except Exception as error:  # noqa: BLE001 - a door: whatever arrives here is our fault
        if os.environ.get("ARCHIVE_TRACEBACK"):
            sys.excepthook(type(error), error, error.__traceback__)
        notes = "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
        click.echo(f"error: {type(error).__name__}: {error}{notes}", err=True)
        mend = "run it again with ARCHIVE_TRACEBACK=1 and report what it prints"
        click.echo(f"  help: this is a fault of the program; {mend}", err=True)
        code = 3
    sys.exit(code)


def run() -> None:
    """Be a program: do what `main` does, and end at once.

    Python takes apart all that is left before it ends, which at 10,000 articles took as long as half a build.
    """
    code = 0
    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    atexit._run_exitfuncs()  # noqa: SLF001 - what processes left in the system's folder for such goes
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # a reader that has left
            stream.flush()
    os._exit(code)
