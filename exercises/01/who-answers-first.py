"""Who answers first

Two cities are asked at once, and one of them is slow. Put the lines in the order in which the
program prints them.
"""

import asyncio

form = "order"

hints = [
    "Both are asked before anybody has answered: waiting takes time, asking takes none.",
    "`gather` gives back the results in the order of its arguments, whoever was first.",
]


def program():
    async def ask(city, seconds):
        print("asking", city)
        await asyncio.sleep(seconds)
        print(city, "has answered")
        return city

    async def main():
        cities = await asyncio.gather(ask("Oslo", 3), ask("Rome", 1))
        print("all answers:", cities)

    asyncio.run(main())
    print("done")


def wrong_one_after_the_other():
    """That is how two ordinary calls would go. Here, Rome is asked while Oslo's answer is on its
    way."""
    print("asking Oslo")
    print("Oslo has answered")
    print("asking Rome")
    print("Rome has answered")
    print("all answers: ['Oslo', 'Rome']")
    print("done")


def wrong_in_the_order_of_the_calls():
    """Oslo was asked first, but takes three seconds. Rome's wait is over after one."""
    print("asking Oslo")
    print("asking Rome")
    print("Oslo has answered")
    print("Rome has answered")
    print("all answers: ['Oslo', 'Rome']")
    print("done")


def wrong_run_starts_and_goes_on():
    """`asyncio.run` returns when `main` has ended, and not before."""
    print("asking Oslo")
    print("asking Rome")
    print("done")
    print("Rome has answered")
    print("Oslo has answered")
    print("all answers: ['Oslo', 'Rome']")
