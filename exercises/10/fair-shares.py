"""More than one step at a time

Some programs are urgent. Write `take_turns(*programs)`: each argument is a pair of a number of
steps and a generator. When it is a program's turn, it makes up to that many steps, and then goes to
the end of the row. Who has ended leaves the row, and the next one has its turn.
"""

hints = [
    "Keep the pairs in the row: the number is needed again at the next turn.",
    "Who ends in the middle of its steps must not be put back. `next(program, END)` with an object "
    "of your own tells you, and so does `StopIteration`.",
]


def take_turns(*programs):
    """Run generators in turn, each so many steps at a time."""
    row = list(programs)
    while row:
        steps, program = row.pop(0)
        try:
            for _ in range(steps):
                next(program)
        except StopIteration:
            continue
        row.append((steps, program))


def check(take_turns):
    log = []

    def count(name, number):
        for _ in range(number):
            log.append(name)
            yield

    take_turns((2, count("ann", 5)), (1, count("bob", 3)))
    found = " ".join(log)
    assert found == "ann ann bob ann ann bob ann bob", (
        f"Ann makes two steps a turn, Bob one: it should be ann ann bob ann ann bob ann bob, "
        f"but is {found}."
    )


def wrong_one_step(*programs):
    """Ann makes two steps a turn, Bob one: it should be ann ann bob ann ann bob ann bob, but is ann
    bob ann bob ann bob ann ann."""
    row = list(programs)
    while row:
        steps, program = row.pop(0)
        try:
            next(program)
        except StopIteration:
            continue
        row.append((steps, program))


def wrong_end_ends_all(*programs):
    """Ann makes two steps a turn, Bob one: it should be ann ann bob ann ann bob ann bob, but is ann
    ann bob ann ann bob ann."""
    row = list(programs)
    while row:
        steps, program = row.pop(0)
        try:
            for _ in range(steps):
                next(program)
        except StopIteration:
            break
        row.append((steps, program))
