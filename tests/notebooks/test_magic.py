"""`%%trace` in a notebook: the cell runs as ever, and below it stands its trace."""

import re

import pytest
from notebooks.conftest import Output

from glassloop.cli import command
from glassloop.notebook.magic import TraceMagics, as_line_magic

Notebook = dict[str, Output]


def test_a_cell_prints_and_shows_its_value_as_ever_and_then_its_trace(notebook: Notebook):
    cell = notebook["plain"]
    assert cell.kinds() == ["stream", "execute_result", "display_data"]
    assert cell.text("stream") == "so far 2\nso far 5\n"
    assert cell.outputs[1].data == {"text/plain": "50"}
    assert cell.shown["text/plain"] == f"<Trace of In[2]: {len(cell.trace.events)} events>"


def test_a_cell_runs_in_the_readers_namespace(notebook: Notebook):
    assert notebook["afterwards"].text("execute_result") == "5"


def test_a_cell_is_one_program_and_its_lines_are_those_that_were_typed(notebook: Notebook):
    cell = notebook["plain"]
    assert cell.said() == [
        "The program begins.",
        "The main program comes to line 2.",
        *[line for line in cell.said() if "line 3" in line][:1],
        *cell.said()[3:],
    ]
    frames = {event["f"] for event in cell.trace.events if "f" in event}
    lines = [event["line"] for event in cell.trace.events if event["do"] == "line"]
    assert len(frames) == 1
    assert lines == [2, 3, 4, 5, 3, 4, 5, 3, 6]
    assert cell.trace.sources["In[2]"].splitlines()[0] == "%%trace"


def test_what_a_statement_changes_at_its_end_is_told(notebook: Notebook):
    told = [event["set"] for event in notebook["plain"].trace.events if "set" in event]
    assert {"total": "0"} in told
    assert {"total": "2"} in told


def test_what_a_cell_prints_is_in_its_trace(notebook: Notebook):
    printed = [event["text"] for event in notebook["plain"].trace.events if event["do"] == "print"]
    assert "".join(printed) == "so far 2\nso far 5\n"


def test_a_cell_may_await_at_its_top_level(notebook: Notebook):
    cell = notebook["await"]
    assert cell.text("execute_result") == "['rye', 'oat']"
    printed = [event["text"] for event in cell.trace.events if event["do"] == "print"]
    assert "".join(printed) == "baked oat\nbaked rye\n"
    names = {event["id"]: event["name"] for event in cell.trace.events if event["do"] == "task"}
    done = [names[event["id"]] for event in cell.trace.events if event["do"] == "done"]
    assert done == ["oat", "rye", "cell"]


def test_of_the_kernels_loop_only_the_cells_own_tasks_are_told(notebook: Notebook):
    for name in ("await", "switches", "socket"):
        trace = notebook[name].trace
        tasks = {event["name"] for event in trace.events if event["do"] == "task"}
        assert tasks <= {"cell", "rye", "oat", "spelt"} | {
            task for task in tasks if name == "socket" and task.startswith("Task-")
        }
        files = {event["file"].partition("/")[0] for event in trace.events if "file" in event}
        assert not files & {"IPython", "ipykernel", "tornado", "zmq"}
        actors = {event["who"] for event in trace.events}
        assert not {who for who in actors if who.startswith("thread ")}


def test_turns_of_the_loop_that_do_nothing_for_the_cell_are_left_out(notebook: Notebook):
    turns = [event for event in notebook["await"].trace.events if event["do"] == "turn"]
    assert [turn["n"] for turn in turns] == list(range(1, len(turns) + 1))
    assert all(turn["sockets"] == [] for turn in turns)
    numbers = [event["turn"] for event in notebook["await"].trace.events]
    assert numbers == sorted(numbers)


def test_what_an_await_waits_for_and_who_ends_the_wait_are_told(notebook: Notebook):
    events = notebook["await"].trace.events
    cell = next(event["id"] for event in events if event.get("name") == "cell")
    own = [event["do"] for event in events if event.get("id") == cell]
    assert own == ["task", "step", "wait", "wake", "queue", "step", "done"]
    said = notebook["await"].said("task")
    assert said[0] == "The notebook runs this cell in a task of its own loop, task `cell`."


def test_a_socket_of_the_cell_is_told(notebook: Notebook):
    assert notebook["socket"].text("stream") == "hello\n"
    assert any("sockets" in e and e["sockets"] for e in notebook["socket"].trace.events)


def test_the_depth_can_be_chosen(notebook: Notebook):
    trace = notebook["switches"].trace
    assert trace.depth == "switches"
    assert {"line"} & {event["do"] for event in trace.events} == set()
    assert {"wait", "wake", "step"} <= {event["do"] for event in trace.events}


def test_a_recording_that_reaches_its_limit_says_so(notebook: Notebook):
    cell = notebook["limit"]
    assert cell.trace.cut
    assert cell.trace.cut.startswith("Recording stopped after 5 events")
    assert cell.trace.cut in cell.shown["text/html"]


def test_a_mistake_is_shown_as_ipython_shows_it_and_is_in_the_trace(notebook: Notebook):
    cell = notebook["mistake"]
    assert cell.kinds() == ["error", "display_data"]
    assert "line 2" in re.sub(r"\x1b\[[\d;]*m", "", cell.text("error"))
    assert [event["do"] for event in cell.trace.events][-2:] == ["raise", "unwind"]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("wrong option", "argument --depth: invalid choice: 'words'"),
        ("twice", "This cell is being recorded already: one %trace is enough."),
    ],
)
def test_a_magic_that_is_used_wrongly_says_so(notebook: Notebook, cell: str, problem: str):
    assert problem in notebook[cell].text("stream")
    assert "this is not run" not in notebook[cell].text("stream")


def test_a_loop_that_runs_already_is_told_by_python_itself(notebook: Notebook):
    cell = notebook["asyncio.run"]
    assert cell.outputs[0].ename == "RuntimeError"
    assert any("asyncio.run() cannot be called" in said for said in cell.said("raise"))


def test_a_line_magic_records_the_rest_of_its_cell(notebook: Notebook):
    lines = [e["line"] for e in notebook["rest"].trace.events if e["do"] == "line"]
    assert lines == [4]


def test_a_trace_is_shown_where_it_is_a_cells_value(notebook: Notebook):
    cell = notebook["block"]
    assert cell.kinds() == ["execute_result"]
    assert [said for said in cell.said("call") if "lift" in said]
    assert list(cell.trace.sources) == ["In[14]"]


def test_a_trace_is_shown_where_it_is_asked_for(notebook: Notebook):
    assert notebook["show"].kinds() == ["display_data", "execute_result"]
    assert notebook["show"].trace.events == notebook["block"].trace.events


def test_the_magic_can_be_unloaded(notebook: Notebook):
    assert notebook["unload"].text("execute_result") == "False"


def test_the_options_are_those_of_the_command():
    subcommands = command()._subparsers._group_actions[0].choices  # type: ignore[union-attr,index]
    asked = {
        option.option_strings[0]: option
        for option in subcommands["trace"]._actions
        if option.option_strings
    }
    for option in TraceMagics.trace.parser._actions:
        twin = asked[option.option_strings[0]]
        assert (option.help, option.default, option.choices, option.metavar) == (
            twin.help,
            twin.default,
            twin.choices,
            twin.metavar,
        )


def test_the_help_names_the_options_and_what_to_write_for_asyncio_run():
    text = TraceMagics.trace.__doc__ or ""
    assert "--depth" in text
    assert "--limit" in text
    assert "`await main()`" in text


@pytest.mark.parametrize(
    ("lines", "become"),
    [
        (["%%trace\n", "1\n"], ["%trace\n", "1\n"]),
        (["%%trace --depth lines\n", "1\n"], ["%trace --depth lines\n", "1\n"]),
        (["%%trace\n"], ["%%trace\n"]),
        (["%%tracer\n", "1\n"], ["%%tracer\n", "1\n"]),
        (["%%trace?\n"], ["%%trace?\n"]),
        (["1\n", "%%trace\n"], ["1\n", "%%trace\n"]),
        ([], []),
    ],
)
def test_a_cell_magic_becomes_a_line_that_begins_the_recording(lines: list[str], become: list[str]):
    assert as_line_magic(lines) == become
