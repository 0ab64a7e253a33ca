"""One step each

Write `take_turns(*programs)`: it gives each generator one step in turn, in order, until all have
ended. It returns the list of their results, the values that they returned, in the order of the
programs.
"""

hints = [
    "`collections.deque` or a list: take the first program, give it a step, put it at the end.",
    "`StopIteration` says that a program has ended; its `value` is the result.",
    "The results are in the order of the programs, and the programs end in another order. Keep the "
    "number of each beside it.",
]


def take_turns(*programs):
    """Run generators one step each in turn; return what they returned."""
    results = [None] * len(programs)
    row = list(enumerate(programs))
    while row:
        number, program = row.pop(0)
        try:
            next(program)
        except StopIteration as end:
            results[number] = end.value
        else:
            row.append((number, program))
    return results


def check(take_turns):
    log = []

    def cook(dish, minutes):
        for minute in range(1, minutes + 1):
            log.append(f"{dish} {minute}")
            yield
        return f"{dish} is done"

    found = take_turns(cook("soup", 3), cook("egg", 1), cook("rice", 2))
    wanted = ["soup 1", "egg 1", "rice 1", "soup 2", "rice 2", "soup 3"]
    assert log == wanted, f"The steps should be {wanted}, but are {log}."
    wanted = ["soup is done", "egg is done", "rice is done"]
    assert found == wanted, f"The results should be {wanted}, but are {found}."
    found = take_turns()
    assert found == [], f"Without programs there are no results, but there are {found}."


def wrong_one_after_the_other(*programs):
    """The steps should be ['soup 1', 'egg 1', 'rice 1', 'soup 2', 'rice 2', 'soup 3'], but are
    ['soup 1', 'soup 2', 'soup 3', 'egg 1', 'rice 1', 'rice 2']."""
    return [list(program) for program in programs]


def wrong_as_they_end(*programs):
    """The results should be ['soup is done', 'egg is done', 'rice is done'], but are
    ['egg is done', 'rice is done', 'soup is done']."""
    results, row = [], list(programs)
    while row:
        program = row.pop(0)
        try:
            next(program)
        except StopIteration as end:
            results.append(end.value)
        else:
            row.append(program)
    return results


def wrong_shortest_ends_all(*programs):
    """The steps should be ['soup 1', 'egg 1', 'rice 1', 'soup 2', 'rice 2', 'soup 3'], but are
    ['soup 1', 'egg 1', 'rice 1', 'soup 2']."""
    try:
        while True:
            for program in programs:
                next(program)
    except StopIteration as end:
        return end.value
