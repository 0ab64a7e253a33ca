"""`%%exercise` in IPython: the cell is an attempt, and below it stands the verdict."""

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from glassloop import notebook
from glassloop.exercises import shelf

NAME = "twice-over-once"


@pytest.fixture
def shell():
    shell = InteractiveShell()
    notebook.load(shell)
    yield shell
    notebook.unload(shell)
    shell.history_manager.end_session()


def test_a_wrong_attempt_gets_its_message_and_line(shell, capsys):
    shell.run_cell_magic("exercise", NAME, "\n" + shelf.find(NAME).starter)
    out = capsys.readouterr().out
    assert out.startswith("✗ For a `map` object with the values 1, 1 and 2 the shares should be")
    assert out.endswith("(line 3)\n")


def test_a_solution_is_solved_and_leaves_nothing_behind(shell, capsys):
    shell.run_cell_magic("exercise", NAME, shelf.find(NAME).solution)
    assert capsys.readouterr().out == "✓ Solved.\n"
    assert "shares" not in shell.user_ns


def test_the_line_alone_tells_the_task_and_begins_a_cell(shell, capsys):
    shell.run_line_magic("exercise", NAME)
    assert capsys.readouterr().out.startswith("A share that comes out as nothing\n\n")
    assert shell.rl_next_input == f"%%exercise {NAME}\n{shelf.find(NAME).starter}"


def test_a_name_that_is_not_there_is_told(shell):
    with pytest.raises(UsageError, match="There is no exercise 'nothing'"):
        shell.run_cell_magic("exercise", "nothing", "1")


def test_unloading_takes_the_word_away():
    shell = InteractiveShell()
    notebook.load(shell)
    notebook.unload(shell)
    assert shell.find_cell_magic("exercise") is None
    shell.history_manager.end_session()
