"""How the sentences tell apart what is alike, and the order in which they tell it."""

from recorded import in_the_lab, recorded, said


def test_generators_in_a_list_are_met_when_they_are_made_and_called_by_what_differs():
    trace = recorded(
        """
        def count(to, name):
            yield name

        row = [count(2, "ann"), count(2, "bob")]
        for program in row:
            next(program)
        """
    )
    assert [event["do"] for event in trace.events].index("call", 1) > 4
    assert said(trace, "made") == [
        f"A generator `count('{name}')` is made with `to = 2` and `name = '{name}'`. "
        "Nothing of it has run yet."
        for name in ("ann", "bob")
    ]
    assert "The generator `count('bob')` begins to run." in said(trace, "call")


def test_a_generator_that_is_alone_needs_no_more_than_its_name():
    trace = recorded(
        """
        def count(name):
            yield name

        for name in ["ann", "bob"]:
            list(count(name))
        """
    )
    assert said(trace, "yield") == [
        f"`count` at line 2 hands out `'{name}'` and pauses there." for name in ("ann", "bob")
    ]


def test_an_iterator_has_moved_before_its_value_is_printed():
    trace = in_the_lab("stops = iter([3, 1])\nprint(next(stops))\n")
    assert said(trace, "object", "print")[1:3] == [
        "The iterator `stops` has handed out 1 of 2 items: `1` comes next.",
        "The main program prints: `3`",
    ]


def test_a_generator_goes_on_with_what_is_sent():
    trace = recorded(
        """
        def echo():
            word = yield
            word = yield word
            (yield word)

        talk = echo()
        next(talk)
        talk.send("one")
        talk.send("two")
        next(talk, None)
        """
    )
    assert said(trace, "resume") == [
        "`echo` at line 2 goes on with `'one'`.",
        "`echo` at line 3 goes on with `'two'`.",
        "`echo` at line 4 goes on.",
    ]


def test_a_finally_deals_with_nothing():
    trace = recorded(
        """
        def open_door():
            try:
                1 / 0
            finally:
                print("closed")

        try:
            open_door()
        except ZeroDivisionError:
            pass
        """
    )
    error = "`ZeroDivisionError('division by zero')`"
    assert said(trace, "catch") == [
        f"`open_door` cleans up before {error} goes on.",
        f"The main program deals with {error}.",
    ]


def test_a_loop_without_sockets_is_seen_to_wait():
    trace = in_the_lab(
        """
        from glassloop.aio.timers import TimerLoop

        loop = TimerLoop()
        loop.call_later(3, loop.stop)
        loop.run_forever()
        loop.close()
        """
    )
    assert said(trace, "select", "awake") == [
        "Nothing is ready: the loop waits for 3.0 s, until a timer is due.",
        "The loop wakes up at t = 3.0.",
    ]


def test_a_timer_that_is_late_is_told_so():
    trace = in_the_lab(
        """
        import asyncio, time

        async def main():
            asyncio.get_running_loop().call_later(1, print, "tea")
            time.sleep(3)
            await asyncio.sleep(1)

        asyncio.run(main())
        """,
    )
    assert said(trace, "fire")[0].startswith("The timer for t = 1.0 has been due for 2.0 s;")


def test_a_task_that_cancels_itself_is_told_so_at_once():
    trace = recorded(
        """
        import asyncio

        async def main():
            asyncio.current_task().cancel()
            print("asked")
            await asyncio.sleep(1)

        try:
            asyncio.run(main())
        except asyncio.CancelledError:
            pass
        """
    )
    (asked,) = [at for at, event in enumerate(trace.events) if event["do"] == "cancel"]
    assert said(trace, "cancel") == ["Task `Task-1` asks task `Task-1` to cancel."]
    assert trace.events[asked + 1]["line"] == 5


def test_a_task_that_is_left_over_is_cancelled_by_run():
    trace = recorded(
        """
        import asyncio

        async def main():
            left = asyncio.create_task(asyncio.sleep(10), name="left")
            await asyncio.sleep(0)

        asyncio.run(main())
        """
    )
    assert said(trace, "cancel") == ["`run` asks task `left` to cancel, as it is left over."]


def test_all_that_is_gathered_is_made_before_the_first_task():
    program = """
        import {0}

        async def boil(what):
            pass

        async def main():
            await {0}.gather(boil("egg"), boil("rice"))

        {0}.run(main())
        """
    for engine in ("asyncio", "glassloop.aio"):
        doings = [event["do"] for event in recorded(program.format(engine)).events]
        made = [at for at, do in enumerate(doings) if do == "made"]  # `main` is the first
        assert made[2] < [at for at, do in enumerate(doings) if do == "task"][1]


def test_a_loop_that_watches_a_socket_may_wake_before_a_timer_is_due():
    trace = recorded(
        """
        import asyncio, socket

        async def main():
            here, there = socket.socketpair()
            with here, there:
                here.setblocking(False)
                loop = asyncio.get_running_loop()
                loop.call_later(0.01, there.send, b"x")
                loop.call_later(100, print)
                await loop.sock_recv(here, 1)

        asyncio.run(main())
        """
    )
    waits = [text for text in said(trace, "select") if text.startswith("Nothing")]
    assert waits
    assert all(text.startswith("Nothing is ready: the loop waits for at most ") for text in waits)


def test_a_library_s_coroutine_pauses_after_what_it_has_made():
    trace = recorded(
        """
        import asyncio

        async def main():
            loop = asyncio.get_running_loop()
            server = await loop.create_server(asyncio.Protocol, "localhost", 0)
            server.close()

        asyncio.run(main())
        """
    )
    told = [text.partition(",")[0] for text in said(trace, "made", "task", "await")]
    pauses = told.index("`BaseEventLoop.create_server`")
    assert told[pauses - 1].startswith("Task `Task-1` makes task `Task-2`")
    assert told[pauses + 1].startswith("`main` at line 5 pauses in an await")
