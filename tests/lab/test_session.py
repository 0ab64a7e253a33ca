"""A session runs cells as Python's prompt would: one namespace, echoes, streams in order."""

import pytest
from lab.cells import Cells, printed

from glassloop.lab import Result


def test_the_value_of_the_last_expression_is_echoed(cells: Cells) -> None:
    assert cells.run("1 + 1\n'two' * 2") == Result("ok")
    assert cells.pieces == [("echo", "'twotwo'\n")]


@pytest.mark.parametrize(
    "source",
    ["", "# nothing", "x = 1", "None", "print", "5;", "def f(): return 5", "if True:\n    5"],
)
def test_only_a_value_that_is_not_none_is_echoed(cells: Cells, source: str) -> None:
    cells.run(source)
    echoes = {"print": "<built-in function print>\n", "5;": "5\n"}
    assert cells.text == echoes.get(source, "")


def test_the_last_echo_is_kept_as_underscore(cells: Cells) -> None:
    cells.run("6 * 7")
    cells.run("None")
    cells.run("_ + 1")
    assert cells.text == "43\n"


def test_a_value_that_cannot_be_shown_is_an_error_of_the_cell(cells: Cells) -> None:
    result = cells.run(
        """
        class Shy:
            def __repr__(self):
                raise ValueError("not today")

        Shy()
        """
    )
    assert result == Result("raised", "ValueError")
    assert cells.text.endswith("ValueError: not today\n")
    cells.run("'_' in globals()")
    assert cells.text == "False\n"


def test_cells_share_one_namespace_that_is_main(cells: Cells) -> None:
    cells.run("total = 1\ndef add(): global total; total += 1")
    cells.run("add()\nimport sys\nmain = sys.modules['__main__']")
    cells.run("total, main.total, __name__, add.__module__")
    assert cells.text == "(2, 2, '__main__', '__main__')\n"


def test_sessions_share_nothing() -> None:
    one, other = Cells(), Cells()
    one.run("secret = 1")
    assert other.run("secret").error == "NameError"


def test_streams_keep_their_order(cells: Cells) -> None:
    cells.run(
        """
        import sys
        print("one")
        print("two", file=sys.stderr)
        print("three ", end="")
        sys.stderr.write("four\\n")
        print("five", end="")
        6
        """
    )
    assert cells.pieces == [
        ("out", "one\n"),
        ("err", "two\n"),
        ("out", "three "),
        ("err", "four\n"),
        ("out", "five"),
        ("echo", "6\n"),
    ]


def test_text_goes_out_line_by_line_and_when_flushed(cells: Cells) -> None:
    cells.run(
        """
        import sys
        print("a", "b", sep="", end="")
        print("c\\nd", end="", flush=True)
        print("e")
        sys.stdout.writelines(["f", "\\n", "g\\nh"])
        """
    )
    assert [text for _, text in cells.pieces] == ["abc\n", "d", "e\n", "f\n", "g\n", "h"]


def test_a_stream_is_the_same_object_in_every_cell(cells: Cells) -> None:
    cells.run("import sys\nkept = sys.stdout\nfile = sys.stderr")
    cells.run("print('here', file=kept)\nprint('there', file=file)\nkept is sys.stdout")
    assert cells.pieces == [("out", "here\n"), ("err", "there\n"), ("echo", "True\n")]


def test_streams_behave_as_text_files(cells: Cells) -> None:
    cells.run("sys = __import__('sys')\nsys.stdout.write(b'bytes')")
    assert cells.text.endswith("TypeError: write() argument must be str, not bytes\n")
    cells.run("sys.stdout.isatty(), sys.stdout.writable(), sys.stdout.encoding")
    assert cells.text == "(False, True, 'utf-8')\n"


def test_nobody_answers_a_question(cells: Cells) -> None:
    assert cells.run("input('Your name? ')").error == "EOFError"
    assert cells.of("out") == "Your name? "


def test_addresses_and_paths_are_the_same_everywhere(cells: Cells) -> None:
    cells.run(
        """
        import asyncio
        object(), (n for n in ()), asyncio.__file__
        """
    )
    assert cells.text == (
        "(<object object at 0x…>, <generator object <genexpr> at 0x…>, '…/asyncio/__init__.py')\n"
    )
    cells.run("print(hex(255), '/srv/lib/python3', 'at 0xFF')")
    assert cells.text == "0xff /srv/lib/python3 at 0x…\n"


def test_tasks_are_counted_from_one_in_each_cell(cells: Cells) -> None:
    program = """
        import asyncio

        async def name():
            return asyncio.current_task().get_name()

        async def main():
            named = asyncio.create_task(name(), name="Task-77")
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(name()) for _ in range(2)]
            print(await name(), await named, [task.result() for task in tasks])
            print(f"{(await asyncio.gather(name()))[0]:>8}|", "Task-77", "Task-1")

        asyncio.run(main())
        """
    for _ in range(2):
        cells.run(program)
        assert cells.text == ("Task-1 Task-77 ['Task-2', 'Task-3']\n  Task-4| Task-77 Task-1\n")


def test_tasks_of_a_factory_are_counted_too(cells: Cells) -> None:
    cells.run(
        """
        import asyncio

        async def name():
            return asyncio.current_task().get_name()

        async def main():
            loop = asyncio.get_running_loop()
            loop.set_task_factory(lambda loop, coro, **options: asyncio.Task(coro, loop=loop))
            print(await asyncio.create_task(name()))
            if hasattr(asyncio, "eager_task_factory"):
                loop.set_task_factory(asyncio.eager_task_factory)
                print(await asyncio.create_task(name()))
            else:
                print("Task-3")

        asyncio.run(main())
        """
    )
    assert cells.text == "Task-2\nTask-3\n"


def test_what_a_cell_defines_can_be_pickled_inspected_and_made_a_dataclass(cells: Cells) -> None:
    cells.run(
        """
        import dataclasses, inspect, pickle, typing

        @dataclasses.dataclass
        class Loaf:
            weight: int = 500
            kind: typing.ClassVar[str] = "rye"

        async def bake(loaf: Loaf) -> None:
            "Make it brown."
        """
    )
    cells.run("pickle.loads(pickle.dumps(Loaf(750))), typing.get_type_hints(bake)")
    assert cells.text == (
        "(Loaf(weight=750), {'loaf': <class '__main__.Loaf'>, 'return': <class 'NoneType'>})\n"
    )
    cells.run("print(inspect.getsource(bake), inspect.getdoc(bake))")
    assert cells.text == (
        'async def bake(loaf: Loaf) -> None:\n    "Make it brown."\n Make it brown.\n'
    )


def test_a_cell_inherits_no_future_statement_of_the_lab(cells: Cells) -> None:
    cells.run("def f(x: int): ...\nf.__annotations__")
    assert cells.text == "{'x': <class 'int'>}\n"


def test_sockets_live_on_over_cells(cells: Cells) -> None:
    cells.run("import socket\nleft, right = socket.socketpair()\nleft.sendall(b'from the first')")
    cells.run("right.recv(100)")
    assert cells.text == "b'from the first'\n"


def test_bytes_that_are_under_way_arrive_in_a_later_cell(cells: Cells) -> None:
    cells.run(
        """
        import socket, time
        from glassloop.lab import network
        network.add_host("far.example", latency=2)
        server = socket.create_server(("far.example", 80))
        client = socket.create_connection(("far.example", 80))
        peer, _ = server.accept()
        time.sleep(100)
        client.sendall(b"slow")
        time.sleep(0.5)
        """
    )
    cells.run("time.monotonic(), peer.recv(10), time.monotonic()")
    assert cells.text == "(0.0, b'slow', 1.5)\n"


def test_a_cell_that_runs_again_finds_its_own_port_free(cells: Cells) -> None:
    source = """
        import socket
        server = socket.socket()
        server.bind(("127.0.0.1", 8080))
        server.listen()
        client = socket.create_connection(("127.0.0.1", 8080))
        peer, address = server.accept()
        address
        """
    for _ in range(3):
        cells.run(source, "server")
        assert cells.text == "('127.0.0.1', 49152)\n"
    assert cells.run(source, "another").error == "OSError"


def test_a_port_that_was_served_is_free_for_the_next_cell(cells: Cells) -> None:
    for name in ("first", "second"):
        cells.run(
            """
            import socket
            with socket.socket() as server:
                server.bind(("127.0.0.1", 8080))
                server.listen()
                client = socket.create_connection(("127.0.0.1", 8080))
                server.accept()[0].close()
            "served"
            """,
            name,
        )
        assert cells.text == "'served'\n"


def test_a_cell_can_run_on_the_real_machine(cells: Cells) -> None:
    cells.run("import time, socket\nbefore = time.time()\nbefore == 1767225600")
    assert cells.text == "True\n"
    cells.run("time.time() == before, socket.socket.__module__", simulate=False)
    assert cells.text == "(False, 'socket')\n"


@pytest.mark.parametrize("simulate", [True, False])
def test_both_machines_show_the_same_process(cells: Cells, simulate: bool) -> None:
    cells.run(
        """
        import asyncio, logging, sys, traceback

        async def main():
            print(asyncio.current_task().get_name())
            asyncio.get_running_loop().call_soon(lambda: 1 / 0)
            await asyncio.sleep(0)
            try:
                [].remove(1)
            except ValueError:
                traceback.print_exc()

        asyncio.run(main())
        logging.warning("careful")
        """,
        "x",
        simulate=simulate,
    )
    assert cells.text == (
        "Task-1\n"
        "Exception in callback main.<locals>.<lambda>() at <cell x>:6\n"
        "handle: <Handle main.<locals>.<lambda>() at <cell x>:6>\n"
        "Traceback (most recent call last):\n"
        '  File "<cell x>", line 6, in <lambda>\n'
        "    asyncio.get_running_loop().call_soon(lambda: 1 / 0)\n"
        "ZeroDivisionError: division by zero\n"
        "Traceback (most recent call last):\n"
        '  File "<cell x>", line 9, in main\n'
        "    [].remove(1)\n"
        "ValueError: list.remove(x): x not in list\n"
        "WARNING:root:careful\n"
    )


def test_the_network_belongs_to_a_cell_that_runs() -> None:
    import glassloop.lab

    with pytest.raises(RuntimeError, match="belongs to a cell that runs in a Session"):
        _ = glassloop.lab.network
    with pytest.raises(AttributeError, match=r"module 'glassloop\.lab' has no attribute 'nothing'"):
        _ = glassloop.lab.nothing


def test_a_session_can_run_inside_a_cell_of_another() -> None:
    text = printed(
        """
        import time
        from glassloop.lab import Session, network
        time.sleep(5)
        heard = []
        inner = Session(lambda stream, text: heard.append(text))
        inner.run("import time\\ntime.sleep(1)\\nprint(time.monotonic())", "inner")
        from glassloop.lab import network as again
        print(heard, time.monotonic(), again is network)
        """
    )
    assert text == "['1.0\\n'] 5.0 True\n"
