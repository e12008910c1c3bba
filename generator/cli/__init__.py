"""Door one: the command line. Parses, calls, prints, exits; decides nothing about archives.

Results go to stdout, talk to stderr. Exit codes: 0; 1 errors in the seeds; 2 usage or set-up; 3 our fault;
130 interrupted.
"""

from __future__ import annotations

import os
import shutil
import sys
import traceback

import click

from generator.cli.changes import diff
from generator.cli.new import new
from generator.cli.reading import annotate, check, explain_line
from generator.cli.site import build, export, serve
from generator.cli.writing import import_, suggest
from generator.issues import ArchiveError
from generator.publish.site import BuildFailedError

WIDTH = min(shutil.get_terminal_size().columns, 100)
"""Click itself goes no lower than 50 columns."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "terminal_width": WIDTH})
@click.version_option(package_name="annotated-news-archive", prog_name="archive")
def archive() -> None:
    """Build and check an annotated news archive."""


for _command in (build, serve, check, annotate, explain_line, diff, import_, new, suggest, export):
    archive.add_command(_command)


def main() -> None:
    """Run the command line and exit with its code."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        code = archive(standalone_mode=False) or 0
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
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
            traceback.print_exc()
        click.echo(f"error: {type(error).__name__}: {error}", err=True)
        mend = "run it again with ARCHIVE_TRACEBACK=1 and report what it prints"
        click.echo(f"  help: this is a fault of the program; {mend}", err=True)
        code = 3
    sys.exit(code)
