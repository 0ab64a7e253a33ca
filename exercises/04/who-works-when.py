"""Who works when

A source of numbers, a filter behind it, and a loop that takes what comes. Put the lines in the
order in which the program prints them.
"""

form = "order"

hints = [
    "A call of a generator function runs nothing of its body.",
    "Each question travels up the chain to the source, and each answer travels down, before the "
    "next question is asked.",
]


def program():
    def measured():
        print("the thermometer is on")
        for degrees in (19, 23):
            print("measured", degrees)
            yield degrees
        print("the thermometer is off")

    def warm(readings):
        for degrees in readings:
            if degrees > 20:
                yield degrees
        print("no more readings")

    alarms = warm(measured())
    print("ready")
    for degrees in alarms:
        print("alarm at", degrees)
    print("done")


def wrong_body_runs_at_the_call():
    """`measured()` and `warm(...)` run nothing when they are called: their bodies begin with the
    first question, which the loop asks."""
    print("the thermometer is on")
    print("ready")
    print("measured 19")
    print("measured 23")
    print("alarm at 23")
    print("the thermometer is off")
    print("no more readings")
    print("done")


def wrong_all_measured_first():
    """Nobody collects the readings first. When 23 is measured it goes through the filter to the
    loop, and the thermometer waits until it is asked again."""
    print("ready")
    print("the thermometer is on")
    print("measured 19")
    print("measured 23")
    print("the thermometer is off")
    print("no more readings")
    print("alarm at 23")
    print("done")
