"""Where iterators stand that have no frame: over lists, tuples, strings and ranges."""

import pytest
from recorded import recorded

from glassloop.trace import Trace


def positions(trace: Trace) -> list[tuple[str, int, int]]:
    """Of each iterator event: the names, how many items were handed out, of how many."""
    states = [event["state"] for event in trace.events if event.get("type") == "iterator"]
    return [("=".join(state["names"]), state["at"], state["size"]) for state in states]


@pytest.mark.parametrize("items", ["[3, 1, 2]", "(3, 1, 2)", "'abc'", "'äbc'", "range(3)"])
def test_an_iterator_is_told_of_whenever_it_has_moved(items: str) -> None:
    trace = recorded(
        f"""
        ride = iter({items})
        next(ride)
        None
        list(ride)
        """
    )
    assert positions(trace) == [("ride", 0, 3), ("ride", 1, 3), ("ride", 3, 3)]


def test_two_iterators_over_one_list_have_positions_of_their_own() -> None:
    trace = recorded(
        """
        stops = [3, 1]
        one, other = iter(stops), iter(stops)
        next(other)
        None
        """
    )
    assert positions(trace) == [("one", 0, 2), ("other", 0, 2), ("other", 1, 2)]


def test_two_names_of_one_iterator_are_told_together_and_parted_again() -> None:
    trace = recorded(
        """
        def skip(rest):
            next(rest)

        ride = iter("ab")
        skip(ride)
        None
        """
    )
    assert positions(trace) == [
        ("ride", 0, 2),
        ("ride=rest", 0, 2),
        ("ride=rest", 1, 2),
        ("ride", 1, 2),
    ]


def test_a_name_that_is_given_to_something_else_lets_its_iterator_go() -> None:
    trace = recorded(
        """
        ride = iter("ab")
        ride = iter("cde")
        ride = None
        None
        """
    )
    assert positions(trace) == [("ride", 0, 2), ("", 0, 2), ("ride", 0, 3), ("", 0, 3)]


def test_the_items_are_those_of_the_list_as_it_is_now() -> None:
    trace = recorded(
        """
        row = [1]
        ride = iter(row)
        row.append(2)
        None
        """
    )
    items = [event["state"]["items"] for event in trace.events if event.get("type") == "iterator"]
    assert items == [["1"], ["1", "2"]]


def test_the_sentences_say_what_comes_next() -> None:
    trace = recorded(
        """
        ride = iter("ab")
        again = ride
        next(ride)
        list(ride)
        del again
        None
        """
    )
    said = [event["say"] for event in trace.events if event.get("type") == "iterator"]
    assert said == [
        "The iterator `ride` stands before the first of 2 items: `'a'` comes next.",
        "The iterator `ride`, also called `again`, stands before the first of 2 items: "
        "`'a'` comes next.",
        "The iterator `ride`, also called `again`, has handed out 1 of 2 items: `'b'` comes next.",
        "The iterator `ride`, also called `again`, is exhausted.",
        "The name `again` of an iterator is gone; left is `ride`.",
    ]
