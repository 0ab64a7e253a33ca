"""Records small programs in the tests' own words."""

import io
import re
import textwrap
from typing import Any

from glassloop.lab.session import Session
from glassloop.lab.tracebacks import filename_of, remember_source
from glassloop.trace import Trace, record
from glassloop.trace.events import Depth


def recorded(source: str, **options: Any) -> Trace:
    """The trace of a program, run as a cell named `test`."""
    source = textwrap.dedent(source).lstrip()
    filename = filename_of("test")
    remember_source(filename, source)
    code = compile(source, filename, "exec", dont_inherit=True)
    with record(**options) as trace:
        exec(code, {"__name__": "__main__"})
    return trace


def in_the_lab(source: str, depth: Depth = "lines") -> Trace:
    """The trace of a program that runs on the lab's clock, on which code takes no time."""
    session = Session(lambda stream, text: None)
    result = session.run(textwrap.dedent(source).lstrip(), "test", recorded=True, depth=depth)
    return Trace.read(result.trace.splitlines())


def kinds(trace: Trace, *wanted: str) -> list[str]:
    """The kinds of the trace's events, in order."""
    return [event["do"] for event in trace.events if not wanted or event["do"] in wanted]


def said(trace: Trace, *wanted: str) -> list[str]:
    """The sentences of the events of these kinds; tasks are counted from 1."""
    numbers: dict[str, str] = {}

    def from_one(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], f"Task-{len(numbers) + 1}")

    sentences = [
        (event["do"], re.sub(r"Task-\d+", from_one, event["say"])) for event in trace.events
    ]
    return [sentence for do, sentence in sentences if do in wanted]


def reread(trace: Trace) -> Trace:
    """The trace after a round through its file."""
    file = io.StringIO()
    trace.write(file)
    return Trace.read(file.getvalue().splitlines())
