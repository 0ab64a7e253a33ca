"""Knows the command `glassloop` and its subcommands."""

from __future__ import annotations

import argparse
import atexit
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from glassloop import __version__

if TYPE_CHECKING:
    from glassloop.trace import Trace


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with these arguments, or with the process's own; gives its exit status."""
    options = command().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        # The terminal shows ^C; what comes next starts on a line of its own.
        print()
        return 0


def command() -> argparse.ArgumentParser:
    """The parser for all of `glassloop`."""
    glassloop = argparse.ArgumentParser(
        prog="glassloop",
        description="The tutorial for everything async in Python 3.",
        add_help=False,
    )
    add_help(glassloop)
    glassloop.add_argument(
        "--version",
        action="version",
        version=f"glassloop {__version__}",
        help="show the version and end",
    )
    subcommands = glassloop.add_subparsers(title="subcommands", metavar="NAME", required=True)
    read = subcommands.add_parser(
        "read",
        help="serve the built book and open it in the browser",
        description="Serves the built book on this machine and opens it in the browser. "
        "Ctrl+C ends it.",
        add_help=False,
    )
    add_help(read)
    add_read_options(read)
    trace = subcommands.add_parser(
        "trace",
        help="run a program and write down what happened, to be stepped",
        description="Runs a program as Python would and records it. Without --text, --json or "
        "--perfetto it writes one HTML file in which the run can be stepped. The program's output "
        "and exit status are its own.",
        add_help=False,
    )
    add_help(trace)
    add_trace_options(trace)
    exercise = subcommands.add_parser(
        "exercise",
        help="list the exercises, or work on one of them",
        description="Lists the exercises of the book. With a NAME it writes what there is to begin "
        "with into a file, and checks the file on every save.",
        add_help=False,
    )
    add_help(exercise)
    add_exercise_options(exercise)
    return glassloop


def add_help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help="show this text and end")


def add_read_options(read: argparse.ArgumentParser) -> None:
    read.set_defaults(run=read_book)
    read.add_argument(
        "--site",
        type=Path,
        default=Path("build/site"),
        metavar="FOLDER",
        help="the folder of the built book (default: build/site)",
    )
    read.add_argument(
        "--port",
        type=port_number,
        default=8000,
        metavar="NUMBER",
        help="the port to serve at, or the first one to try; 0 takes any free one (default: 8000)",
    )
    read.add_argument(
        "--no-browser", action="store_true", help="print the address and open no browser"
    )


def add_trace_options(trace: argparse.ArgumentParser) -> None:
    trace.set_defaults(run=trace_program)
    forms = trace.add_mutually_exclusive_group()
    forms.add_argument("--text", action="store_true", help="print one sentence for each event")
    forms.add_argument("--json", action="store_true", help="write the trace as JSON Lines")
    forms.add_argument(
        "--perfetto", action="store_true", help="write it for Perfetto and Chrome's tracing view"
    )
    trace.add_argument("--open", action="store_true", help="open the HTML file in the browser")
    trace.add_argument("-o", "--output", type=Path, metavar="FILE", help="the file to write")
    trace.add_argument(
        "--depth",
        choices=["lines", "switches"],
        default="lines",
        help="each line, or only where frames and tasks pause and go on (default: lines)",
    )
    trace.add_argument(
        "--limit",
        type=int,
        default=100_000,
        metavar="NUMBER",
        help="the number of events after which recording stops (default: 100000)",
    )
    trace.add_argument(
        "-m", "--module", action="store_true", help="the program is a module, as in python -m"
    )
    trace.add_argument("program", help="the script or module to run")
    trace.add_argument("arguments", nargs=argparse.REMAINDER, help="what the program is given")


def add_exercise_options(exercise: argparse.ArgumentParser) -> None:
    exercise.set_defaults(run=work_on_exercise)
    ways = exercise.add_mutually_exclusive_group()
    ways.add_argument("--once", action="store_true", help="check once; exit status 0 means solved")
    ways.add_argument("--hint", action="store_true", help="print a hint, one more each time")
    ways.add_argument("--solution", action="store_true", help="after an attempt, show a solution")
    ways.add_argument("--step", action="store_true", help="record the attempt, to be stepped")
    exercise.add_argument(
        "--folder",
        type=Path,
        default=Path("glassloop-exercises"),
        help="the folder of your attempts (default: glassloop-exercises)",
    )
    exercise.add_argument("name", nargs="?", metavar="NAME", help="the exercise to work on")


def port_number(text: str) -> int:
    """The port that the text names."""
    if not (text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, a number from 0 to 65535")
    return int(text)


def read_book(options: argparse.Namespace) -> int:
    """Serves the book until Ctrl+C."""
    try:
        from glassloop import server
    except ModuleNotFoundError as missing:
        return complain(
            f"To serve the book, Glassloop needs {missing.name}. "
            "Install what is needed with: pip install 'glassloop[read]'"
        )
    if not (options.site / "index.html").is_file():
        return complain(
            f"There is no built book in {options.site}. Build it and serve it with: make read"
        )
    try:
        listener = server.listen(options.port)
    except server.NoFreePort as error:
        return complain(str(error))
    address = server.address_of(listener)
    announce(address, options.port, listener.getsockname()[1])
    if not options.no_browser and has_display():
        # Some browsers hold their caller until they are closed.
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    server.serve(options.site, listener)
    # Where this process was started to ignore Ctrl+C, the server alone hears it, and nothing is
    # raised here: the line is ended all the same (see `main`).
    print()
    return 0


def announce(address: str, asked: int, port: int) -> None:
    if asked not in (0, port):
        print(f"Port {asked} is in use, so the book is at port {port}.")
        print("The browser keeps a reader's edits apart for each port.")
    print(f"Read the book at {address} (Ctrl+C ends it)", flush=True)


def trace_program(options: argparse.Namespace) -> int:
    """Runs the program recorded, writes its trace, and ends as the program ended."""
    from glassloop.trace import run_program

    if not options.module and not Path(options.program).is_file():
        return complain(f"There is no file {options.program}. For a module, write --module.")
    process = os.getpid()
    trace, ending = run_program(
        options.program,
        options.arguments,
        module=options.module,
        depth=options.depth,
        limit=options.limit,
    )
    if ending is not None and not isinstance(ending, SystemExit):
        sys.excepthook(type(ending), ending, ending.__traceback__)
    # A program may have made a copy of its process, which is not to write a trace as well.
    if os.getpid() == process and (problem := write_trace(trace, options)):
        complain(problem)
    return end_like(ending)


def work_on_exercise(options: argparse.Namespace) -> int:
    """Lists the exercises, or does with one what the options say."""
    from glassloop import workbench

    return workbench.run(options, open_page)


def open_page(file: Path) -> None:
    if has_display():
        webbrowser.open(file.resolve().as_uri())


def end_like(ending: BaseException | None) -> int:
    """Ends the process as Python ends it for this exception; gives the status where it is plain."""
    if isinstance(ending, SystemExit):
        raise ending
    if isinstance(ending, KeyboardInterrupt):
        # Python ends of the very signal, once all is done that is done at an end.
        threading._shutdown()  # type: ignore[attr-defined]  # it is private
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    return 0 if ending is None else 1


def write_trace(trace: Trace, options: argparse.Namespace) -> str:
    """Writes the trace in the form that was asked for; gives what went wrong, or nothing."""
    from glassloop.trace import page, perfetto

    # None of these is ever held as a whole: a trace can have a million events.
    if options.text:
        form, pieces = ".txt", text_of(trace)
    elif options.json:
        form, pieces = ".jsonl", (f"{line}\n" for line in trace.lines())
    elif options.perfetto:
        form, pieces = ".json", perfetto.pieces(trace)
    else:
        try:
            form, pieces = ".html", page.pieces(trace)
        except page.NoViewer as error:
            return str(error)
    if options.text and options.output is None:
        sys.stderr.writelines(pieces)
        return ""
    file = options.output or Path(f"{Path(options.program).stem}.trace{form}")
    with file.open("w", encoding="utf-8") as opened:
        opened.writelines(pieces)
    print(
        f"The trace is in {file}: {len(trace.events):,} events. {trace.cut or ''}", file=sys.stderr
    )
    sys.stderr.writelines(remarks_on(trace))
    if options.open and form == ".html":
        webbrowser.open(file.resolve().as_uri())
    return ""


def text_of(trace: Trace) -> Iterator[str]:
    """The trace in sentences, one a line, with the clock in seconds before each."""
    for event in trace.events:
        yield f"{event['t']:10.3f}  {event['say']}\n"
    if trace.cut:
        yield f"{trace.cut}\n"
    if trace.lints:
        yield "\n"
        yield from remarks_on(trace)


def remarks_on(trace: Trace) -> Iterator[str]:
    """What the lints say of the program, one a line, under a heading."""
    if trace.lints:
        count = len(trace.lints)
        yield "One remark:\n" if count == 1 else f"{count} remarks:\n"
    for lint in trace.lints:
        yield f"  {lint}\n"


def has_display() -> bool:
    """Whether a browser could be seen here; a text browser would take the terminal over."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
