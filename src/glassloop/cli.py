"""Knows the command `glassloop` and its subcommands."""

import argparse
import os
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

from glassloop import __version__


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
    return 0


def announce(address: str, asked: int, port: int) -> None:
    if asked not in (0, port):
        print(f"Port {asked} is in use, so the book is at port {port}.")
        print("The browser keeps a reader's edits apart for each port.")
    print(f"Read the book at {address} (Ctrl+C ends it)", flush=True)


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
