"""Results in order

`gather` is given three, who end in another order.
"""

import asyncio

form = "order"

hints = [
    "They are printed when they end; the list is in the order in which they were given.",
]


def program():
    async def station(city, seconds):
        await asyncio.sleep(seconds)
        print(city, "has answered")
        return city

    async def main():
        cities = [station("Oslo", 3), station("Rome", 1), station("Lima", 2)]
        for city in await asyncio.gather(*cities):
            print("report from", city)

    asyncio.run(main())


def wrong_in_order_of_the_arguments():
    """All three wait at the same time. Who waits for one second has answered before who waits for
    three."""
    print("Oslo has answered")
    print("Rome has answered")
    print("Lima has answered")
    print("report from Oslo")
    print("report from Rome")
    print("report from Lima")
