"""A program that can pause

`wait`, `wash` and `tidy` are an ordinary program. `wait` has been changed: it pauses for so many
minutes. Change the other two, so that two of them can take turns. `tidy` returns what it did.
"""

form = "repair"

hints = [
    "Which functions wait for `wait`, directly or through another function? Those change.",
    "`y = f(x)` becomes `y = yield from f(x)`; loops and `return` stay as they are.",
    "`fold` waits for nobody. It stays.",
]

given = ["wait", "fold"]


def wait(minutes):
    for _ in range(minutes):
        yield


def fold(what):
    return f"folded {what}"


def tidy(rooms):
    """Wash a sheet for each room; return what was done."""

    def wash(what, minutes):
        yield from wait(minutes)
        return f"clean {what}"

    done = []
    for room in rooms:
        sheet = yield from wash(f"sheet of {room}", 2)
        done.append(fold(sheet))
    return done


def broken(rooms):
    """Wash a sheet for each room; return what was done."""

    def wash(what, minutes):
        wait(minutes)
        return f"clean {what}"

    done = []
    for room in rooms:
        sheet = wash(f"sheet of {room}", 2)
        done.append(fold(sheet))
    return done


def check(tidy):
    programs = {"a": tidy(["hall", "attic"]), "b": tidy(["cellar"])}
    for program in programs.values():
        assert hasattr(program, "send"), (
            f"A call of `tidy` should give a generator, not {program!r}."
        )
    minutes, results, running = 0, {}, dict(programs)
    while running:
        for name, program in list(running.items()):
            try:
                next(program)
            except StopIteration as stop:
                results[name] = stop.value
                del running[name]
        minutes += bool(running)
    assert minutes == 4, f"Together they should take 4 minutes, but take {minutes}."
    wanted = {
        "a": ["folded clean sheet of hall", "folded clean sheet of attic"],
        "b": ["folded clean sheet of cellar"],
    }
    assert results == wanted, f"They should return {wanted}, but return {results}."


def wrong_half(rooms):
    """Together they should take 4 minutes, but take 0."""

    def wash(what, minutes):
        wait(minutes)
        return f"clean {what}"
        yield

    done = []
    for room in rooms:
        sheet = yield from wash(f"sheet of {room}", 2)
        done.append(fold(sheet))
    return done
