"""One error for all

`run(programs)` takes a dictionary of names and generators, gives them turns, and returns what each
has returned. If one of them fails, all others stop with it.

Repair it: the exception is kept as the outcome of the program that raised it, and the others run
on.
`KeyboardInterrupt` must still end the loop.
"""

form = "repair"

hints = [
    "The loop is the bottom of everybody's stack. Where does an exception of a program come out?",
    "`except Exception as error:` does not catch `KeyboardInterrupt`.",
]


def run(programs):
    """Run named programs in turn; return what each has returned or raised."""
    row, outcomes = list(programs.items()), {}
    while row:
        name, program = row.pop(0)
        try:
            next(program)
        except StopIteration as stop:
            outcomes[name] = stop.value
        except Exception as error:
            outcomes[name] = error
        else:
            row.append((name, program))
    return outcomes


def broken(programs):
    """Run named programs in turn; return what each has returned or raised."""
    row, outcomes = list(programs.items()), {}
    while row:
        name, program = row.pop(0)
        try:
            next(program)
        except StopIteration as stop:
            outcomes[name] = stop.value
        else:
            row.append((name, program))
    return outcomes


def check(run):
    def cook(dish, error=None):
        yield
        if error:
            raise error
        yield
        return dish

    burnt = ValueError("burnt")
    try:
        found = run({"ann": cook("soup", burnt), "bob": cook("egg")})
    except ValueError:
        found = "the ValueError of ann"
    wanted = {"ann": burnt, "bob": "egg"}
    assert found == wanted, f"The outcomes should be {wanted}, but there came {found}."
    try:
        found = run({"ann": cook("soup", KeyboardInterrupt()), "bob": cook("egg")})
    except KeyboardInterrupt:
        return
    raise AssertionError(f"`KeyboardInterrupt` should end the loop, but there came {found}.")


def wrong_stops_quietly(programs):
    """The outcomes should be {'ann': ValueError('burnt'), 'bob': 'egg'}, but there came
    {'ann': ValueError('burnt')}."""
    row, outcomes = list(programs.items()), {}
    while row:
        name, program = row.pop(0)
        try:
            next(program)
        except StopIteration as stop:
            outcomes[name] = stop.value
        except Exception as error:
            outcomes[name] = error
            break
        else:
            row.append((name, program))
    return outcomes


def wrong_catches_all(programs):
    """`KeyboardInterrupt` should end the loop, but there came {'ann': KeyboardInterrupt(), 'bob':
    'egg'}."""
    row, outcomes = list(programs.items()), {}
    while row:
        name, program = row.pop(0)
        try:
            next(program)
        except StopIteration as stop:
            outcomes[name] = stop.value
        except BaseException as error:
            outcomes[name] = error
        else:
            row.append((name, program))
    return outcomes
