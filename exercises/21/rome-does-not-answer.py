"""Rome does not answer

Three stations are asked, on the loop of Part 2, and one of them fails. Put the lines in the order
in which the program prints them.
"""

from glassloop import aio
from glassloop.aio.taskloop import TaskLoop

form = "order"

hints = [
    "`gather` raises the first error when it happens. What becomes of the others?",
    "The loop runs until its main program is done, and no longer.",
]


def program():
    async def station(city, seconds):
        await aio.sleep(seconds)
        if city == "Rome":
            raise OSError("Rome does not answer")
        print(city, "answers")

    async def main():
        cities = [("Oslo", 1), ("Rome", 2), ("Lima", 3), ("Bern", 60)]
        print("asking")
        try:
            await aio.gather(*[station(*city) for city in cities])
        except OSError as error:
            print(error)
        await aio.sleep(5)
        return "that is enough"

    loop = TaskLoop()
    print(loop.run_until_complete(main()))
    loop.close()


def wrong_others_are_cancelled():
    """`gather` raises the first error and leaves the others alone. Lima answers a second later."""
    print("asking")
    print("Oslo answers")
    print("Rome does not answer")
    print("that is enough")
    print("Lima answers")


def wrong_the_error_comes_last():
    """`gather` does not wait for the others when one has failed: main hears of Rome at once."""
    print("asking")
    print("Oslo answers")
    print("Lima answers")
    print("Rome does not answer")
    print("that is enough")
