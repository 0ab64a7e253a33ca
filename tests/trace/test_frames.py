"""What is recorded of frames: calls, lines, pauses, ends."""

import sys

from recorded import kinds, recorded, said


def test_a_generator_is_made_before_it_runs_and_pauses_at_each_yield():
    trace = recorded(
        """
        def countdown(n):
            while n:
                yield n
                n -= 1

        launch = countdown(1)
        print(next(launch))
        print(next(launch, "over"))
        """
    )
    life = ("made", "yield", "resume", "return")
    assert said(trace, *life)[:4] == [
        "A generator `countdown` is made with `n = 1`. Nothing of it has run yet.",
        "`countdown` at line 3 hands out `1` and pauses there.",
        "`countdown` at line 3 goes on.",
        "`countdown` returns `None`; its frame is gone.",
    ]


def test_two_generators_of_one_function_are_two_frames():
    trace = recorded(
        """
        def lift():
            yield 1

        first, second = lift(), lift()
        next(second)
        next(first)
        """
    )
    made = [event["f"] for event in trace.events if event["do"] == "made"]
    ran = [event["f"] for event in trace.events if event["do"] == "yield"]
    assert len(set(made)) == 2
    assert ran == made[::-1]


def test_changed_variables_are_told_with_the_line_after_the_change():
    trace = recorded("floor = 1\nfloor = floor + 1\nfloor\n")
    assert said(trace, "line")[1:] == [
        "The main program comes to line 2; `floor` is now `1`.",
        "The main program comes to line 3; `floor` is now `2`.",
    ]


def test_an_exception_is_seen_where_it_is_raised_where_it_leaves_and_where_it_is_caught():
    trace = recorded(
        """
        def fall():
            raise ValueError("no floor")

        try:
            fall()
        except ValueError:
            pass
        """
    )
    path = ("raise", "unwind", "catch")
    assert kinds(trace, *path) == ["raise", "unwind", "raise", "catch"]
    assert said(trace, "unwind") == ["`ValueError('no floor')` leaves `fall`; its frame is gone."]


def test_an_exception_thrown_into_a_generator_is_told():
    trace = recorded(
        """
        def lift():
            try:
                yield 1
            except KeyError:
                yield 2

        ride = lift()
        next(ride)
        ride.throw(KeyError("stuck"))
        """
    )
    assert "`KeyError('stuck')` is thrown into `lift` at line 3." in said(trace, "resume")


def test_closing_a_generator_ends_its_frame():
    trace = recorded(
        """
        def lift():
            yield 1

        ride = lift()
        next(ride)
        ride.close()
        pass
        """
    )
    # From Python 3.13 on a generator that has nothing to clean up is not run for it.
    if sys.version_info >= (3, 13):
        assert said(trace, "unwind", "drop") == ["`lift` is closed; its frame is gone."]
    else:
        ending = "`GeneratorExit()` leaves `lift`; its frame is gone."
        assert said(trace, "unwind", "drop") == [ending]


def test_a_generator_that_nobody_holds_is_dropped():
    trace = recorded(
        """
        def lift():
            yield 1

        ride = lift()
        del ride
        pass
        """
    )
    assert "drop" in kinds(trace)


def test_yield_from_is_a_delegation_and_not_a_yield_of_the_outer_frame():
    trace = recorded(
        """
        def inner():
            yield 1

        def outer():
            yield from inner()

        list(outer())
        """
    )
    pauses = [(e["do"], e["line"]) for e in trace.events if e["do"] in ("yield", "delegate")]
    assert pauses == [("yield", 2), ("delegate", 5)]


def test_recording_does_not_run_the_programs_own_repr():
    trace = recorded(
        """
        class Shy:
            def __repr__(self):
                raise RuntimeError("do not look")

        class Endless:
            def __repr__(self):
                while True:
                    pass

        shy = Shy()
        endless = [Endless()]
        """
    )
    assert trace.cut is None
    assert "<Shy>" in str(trace.events)
    assert "[<Endless>]" in str(trace.events)


def test_a_recording_that_reaches_its_limit_says_so_and_the_program_goes_on():
    trace = recorded(
        "total = 0\nfor n in range(100):\n    total += n\nassert total == 4950\n", limit=20
    )
    assert len(trace.events) == 20
    assert trace.cut == "Recording stopped after 20 events."


def test_at_depth_switches_no_lines_are_recorded():
    trace = recorded("def lift():\n    yield 1\nlist(lift())\n", depth="switches")
    assert "line" not in kinds(trace)
    assert kinds(trace, "yield", "resume") == ["yield", "resume"]
