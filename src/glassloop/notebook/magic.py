"""`%%trace`: IPython runs the cell as it runs any other, and it is recorded meanwhile.

The magic does not run the cell. Its line becomes a statement that begins the recording, and the
recording ends when IPython says that the cell has ended. So values, output, exceptions and
`await` outside of functions are IPython's own affair.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import display

from glassloop.notebook.cell import CellTrace
from glassloop.trace.recorder import EVENT_LIMIT


def as_line_magic(lines: list[str]) -> list[str]:
    """The lines of a cell, with `%%trace` at its top written as `%trace`."""
    word = lines[0].split(maxsplit=1)[:1] if lines else []
    # A cell of this one line is left to IPython, which says that the body is missing.
    if word != ["%%trace"] or not "".join(lines[1:]).strip():
        return lines
    return [lines[0].replace("%%", "%", 1), *lines[1:]]


@magics_class
class TraceMagics(Magics):  # type: ignore[misc,unused-ignore]  # traitlets says Any
    """Keeps the one recording that may be under way."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._shell = shell
        self._recording: ExitStack | None = None

    @magic_arguments()
    @argument(
        "--depth",
        choices=["lines", "switches"],
        default="lines",
        help="each line, or only where frames and tasks pause and go on (default: lines)",
    )
    @argument(
        "--limit",
        type=int,
        default=EVENT_LIMIT,
        metavar="NUMBER",
        help="the number of events after which recording stops (default: 100000)",
    )
    @line_cell_magic
    def trace(self, line: str, cell: str | None = None) -> None:
        """Record the cell, and show the recording below it, to be stepped.

        `%%trace` stands on the first line of a cell. The cell runs as ever, at its top level
        `await` and all. A notebook's loop is running already: write `await main()` where a script
        says `asyncio.run(main())`.

        `%trace` on a line of its own records what comes behind it in the cell.
        """
        options = parse_argstring(self.trace, line)
        if self._recording is not None:
            raise UsageError("This cell is being recorded already: one %trace is enough.")
        self._begin(CellTrace(self._shell, options.depth), options.limit)
        if cell is not None:
            self._shell.run_cell(cell)

    def _begin(self, cell: CellTrace, limit: int) -> None:
        here = threading.get_ident()

        def ended() -> None:
            if threading.get_ident() != here:
                return  # a cell of a subshell, which runs beside this one
            self._shell.events.unregister("post_execute", ended)
            recording, self._recording = self._recording, None
            if recording is not None:
                recording.close()
                display(cell)

        self._recording = ExitStack()
        self._recording.enter_context(cell.recorded(limit))
        self._shell.events.register("post_execute", ended)
