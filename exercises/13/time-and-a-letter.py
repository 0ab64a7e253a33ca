"""Time, and a letter

A loop waits for timers and for a socket. Put the lines in the order in which they are printed.
"""

form = "order"

hints = [
    "Nothing is read, and no timer fires, before the loop runs.",
    "`select` returns for whichever comes first, a timer or bytes.",
]


def program():
    import socket

    from glassloop.aio.readiness import SelectorLoop

    loop = SelectorLoop()
    near, far = socket.socketpair()

    def arrived():
        print("read", near.recv(100).decode())
        loop.remove_reader(near)

    loop.add_reader(near, arrived)
    loop.call_later(2, print, "two seconds")
    loop.call_later(1, far.send, b"a letter")
    loop.call_later(3, loop.stop)
    loop.call_soon(print, "soon")
    print("all is set up")
    loop.run_forever()
    loop.close()
    near.close()
    far.close()
    print("the loop has ended")


def wrong_waits_for_the_timer():
    """The letter ends the waiting: the loop does not sleep on until the timer of two seconds."""
    print("all is set up")
    print("soon")
    print("two seconds")
    print("read a letter")
    print("the loop has ended")


def wrong_soon_is_now():
    """`call_soon` puts the call into the queue; it is made when the loop runs."""
    print("soon")
    print("all is set up")
    print("read a letter")
    print("two seconds")
    print("the loop has ended")
