"""The command line: one app, one short file a command, exit codes that scripts can trust.

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 a bug of ours (with a log), 4 partly
done, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from simdyn import __version__
from simdyn.cli.calibrate import calibrate_command
from simdyn.cli.check import check_command
from simdyn.cli.compare import compare_command
from simdyn.cli.console import Session, make_console
from simdyn.cli.crash import write_log
from simdyn.cli.digest import digest_command
from simdyn.cli.export import export_command
from simdyn.cli.facts import facts_command
from simdyn.cli.report import report_command
from simdyn.cli.run import rerun_command, run_command
from simdyn.cli.scenarios import scenarios_app
from simdyn.cli.sensitivity import sensitivity_command
from simdyn.cli.status import status_command
from simdyn.cli.study import study_command
from simdyn.cli.target import target_command
from simdyn.cli.verify import verify_command
from simdyn.errors import SimdynError

INTERRUPTED = 130

app = typer.Typer(
    name="simdyn",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"simdyn {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Show version."),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Results only, no progress.")
    ] = False,
) -> None:
    """Simulate how regional economies grow, calibrated to reported figures."""
    context.obj = Session(console=make_console(), quiet=quiet)


app.command("study")(study_command)
app.command("run")(run_command)
app.command("rerun")(rerun_command)
app.command("calibrate")(calibrate_command)
app.command("sensitivity")(sensitivity_command)
app.command("report")(report_command)
app.command("compare")(compare_command)
app.command("target")(target_command)
app.command("facts")(facts_command)
app.command("check")(check_command)
app.add_typer(scenarios_app, name="scenarios")
app.command("export")(export_command)
app.command("status")(status_command)
app.command("verify")(verify_command)
app.command("digest")(digest_command)


def run() -> None:
    """Run the command line; the console entry point."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run the command in `arguments` and return its exit code."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return 0
    return code


def _invoke(arguments: list[str]) -> int:
    try:
        app(args=arguments, prog_name="simdyn")
    except SystemExit as done:
        if done.code == INTERRUPTED:
            return _fail("interrupted", INTERRUPTED)
        return done.code if isinstance(done.code, int) else 0
    except SimdynError as error:
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:
        raise
    except Exception as error:
        log = write_log(error)
        return _fail(f"simdyn failed ({type(error).__name__}). Please report the log: {log}", 3)
    return 0


def _fail(message: str, code: int) -> int:
    """Say `message` in one line of printable characters and return `code`."""
    line = "".join(character if character.isprintable() else " " for character in message)
    typer.echo(f"error: {line}", err=True)
    return code


def _discard_output() -> None:
    """Send what is still buffered for a closed pipe nowhere, so that Python ends silently."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
