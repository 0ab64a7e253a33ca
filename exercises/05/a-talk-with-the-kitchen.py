"""A talk with the kitchen

A kitchen that is told what to cook, and a guest who leaves early. Put the lines in the order in
which the program prints them.
"""

form = "order"

hints = [
    "`send` goes in at the `yield` where the kitchen stands, and comes out at the next one.",
    "`close` runs the `finally` before it returns.",
]


def program():
    def kitchen():
        print("the kitchen is warm")
        try:
            dish = yield "your order?"
            while True:
                print("cooking", dish)
                dish = yield f"{dish} is served"
        finally:
            print("the kitchen is clean")

    cook = kitchen()
    print("the guest sits down")
    print(next(cook))
    print(cook.send("soup"))
    print("the guest leaves")
    cook.close()
    print("the lights are out")


def wrong_body_runs_at_the_call():
    """`kitchen()` makes the generator and runs nothing of it. The kitchen gets warm with the first
    `next`."""
    print("the kitchen is warm")
    print("the guest sits down")
    print("your order?")
    print("cooking soup")
    print("soup is served")
    print("the guest leaves")
    print("the kitchen is clean")
    print("the lights are out")


def wrong_cleans_at_the_end():
    """`close` raises `GeneratorExit` in the kitchen and waits until it has ended. The `finally` has
    run when `close` returns."""
    print("the guest sits down")
    print("the kitchen is warm")
    print("your order?")
    print("cooking soup")
    print("soup is served")
    print("the guest leaves")
    print("the lights are out")
    print("the kitchen is clean")


def wrong_served_before_cooked():
    """`send` resumes the kitchen, which cooks until its next `yield`. What that hands out is
    printed after it."""
    print("the guest sits down")
    print("the kitchen is warm")
    print("your order?")
    print("soup is served")
    print("cooking soup")
    print("the guest leaves")
    print("the kitchen is clean")
    print("the lights are out")
