"""`make chat`: the chat server of Chapter 16 on real sockets, made of the chapter's own cells.

Guests come with `nc localhost 7000` and say their name first. Ctrl+C is closing time.
"""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path
from typing import Any

BOOK = Path(__file__).parent
sys.path[:0] = [str(BOOK / "_ext"), str(BOOK.parent / "src")]

from glassbook import chapters  # noqa: E402 - the path above is what finds it

CHAPTER = BOOK / "2-event-loop" / "16-cancellation-and-timeouts.md"
CELLS = (
    "kitchen",
    "cook",
    "right-timeout",
    "nursery",
    "sockets",
    "sending",
    "chat-server",
    "doorman",
)


def main() -> int:
    """Serve until Ctrl+C, then let every guest say good-bye; returns the exit status."""
    parser = argparse.ArgumentParser(description="The chat of Chapter 16 on real sockets.")
    parser.add_argument("--port", type=int, default=7000, help="0 takes any free one")
    listener = socket.create_server(("localhost", parser.parse_args().port))
    listener.setblocking(False)
    print(f"nc localhost {listener.getsockname()[1]}", flush=True)
    serve(listener)
    return 0


def serve(listener: socket.socket) -> None:
    """Run the chapter's server on this socket, until Ctrl+C."""
    chat = chapter_namespace()
    loop = chat["loop"] = chat["TaskLoop"]()
    task = loop.create_task(chat["Program"](chat["serve"](listener)))
    try:
        loop.run_until_complete(task)
    except KeyboardInterrupt:
        task.cancel()
        loop.run_until_complete(chat["Program"](chat["all_done"]([task])))
    finally:
        loop.close()


def chapter_namespace() -> dict[str, Any]:
    """What the chapter's cells that make up the server define."""
    namespace: dict[str, Any] = {"__name__": "chat"}
    cells = {cell.name: cell for cell in chapters.load(CHAPTER).cells}
    for name in CELLS:
        exec(compile(cells[name].source, f"<cell {name}>", "exec"), namespace)
    return namespace


if __name__ == "__main__":
    sys.exit(main())
