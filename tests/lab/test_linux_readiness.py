"""Selectors see on the simulated kernel what they see on Linux, in the same order."""

from lab.programs import on_both_kernels, on_both_kernels_but_not_in_a_browser
from lab.talk import LOOPBACK, attempt, connected, drain, fill, ready, unused


@on_both_kernels
def test_each_stage_of_a_connection_has_its_readiness() -> None:
    import selectors
    import socket

    server = socket.create_server(LOOPBACK)
    client = socket.socket()
    client.setblocking(False)
    print("fresh", ready(client), "| listening", ready(server))
    attempt(client.connect_ex, server.getsockname())
    print("connected", ready(client), "| asked", ready(server))
    print("asked for one thing", ready(client, selectors.EVENT_READ))
    peer, _ = server.accept()
    print("accepted", ready(peer), "| nobody waits", ready(server))
    peer.sendall(b"hello")
    print("bytes wait", ready(client))
    client.recv(100)
    print("bytes read", ready(client))
    fill(peer)
    print("full", ready(peer), "| read", ready(client))
    drain(client)
    drain(client)
    print("drained", ready(peer), "|", ready(client))
    peer.shutdown(socket.SHUT_WR)
    print("shut", ready(peer), "| ended", ready(client))
    client.close()
    print("gone", ready(peer))
    peer.close()
    attempt(ready, peer)


@on_both_kernels
def test_a_refusal_makes_ready_for_everything() -> None:
    import selectors
    import socket

    client = socket.socket()
    client.setblocking(False)
    attempt(client.connect_ex, unused())
    print(ready(client), "|", ready(client, selectors.EVENT_READ))
    print(ready(client, selectors.EVENT_WRITE))


@on_both_kernels
def test_a_reset_makes_ready_for_everything() -> None:
    client, server = connected()
    client.sendall(b"unread")
    server.close()
    print(ready(client))
    fill_is_over = client.getsockopt(1, 4)
    print(fill_is_over, ready(client))


@on_both_kernels
def test_select_answers_in_the_order_of_its_lists() -> None:
    import select

    pairs = [connected() for _ in range(3)]
    servers = [server for _, server in pairs]
    pairs[2][0].sendall(b"x")
    pairs[0][0].sendall(b"x")
    readable, writable, failed = select.select(servers, servers[:2], servers, 0)
    print([servers.index(sock) for sock in readable], len(writable), failed)
    print(select.select([servers[1]], [], [], 0), select.select([], [], [], 0.01))
    print(select.select([servers[0].fileno()], [], [])[0] == [servers[0].fileno()])
    attempt(select.select, [servers[0]], [], [], -1)
    attempt(select.select, [-1], [], [], 0)
    attempt(select.select, ["socket"], [], [], 0)
    attempt(select.select, 5, [], [], 0)
    servers[1].close()
    attempt(select.select, [servers[1]], [], [], 0)


@on_both_kernels
def test_a_selector_keeps_the_order_in_which_sockets_became_ready() -> None:
    import selectors

    selector = selectors.DefaultSelector()
    pairs = [connected() for _ in range(4)]
    for name, (_, server) in zip("abcd", pairs, strict=True):
        selector.register(server, selectors.EVENT_READ, name)

    def who() -> str:
        return "".join(key.data for key, _ in selector.select(0))

    def write(*names: str) -> None:
        for name in names:
            pairs["abcd".index(name)][0].sendall(b"x")

    def read(*names: str) -> None:
        for name in names:
            pairs["abcd".index(name)][1].recv(100)

    write("c", "a", "d")
    print(who(), who())
    read("c")
    write("b")
    print(who())
    write("c")
    print(who())
    read("a", "d")
    write("d", "a")
    print(who())
    read("a", "b", "c", "d")
    print(who(), "none")
    write("d", "c", "b", "a")
    print(who())


@on_both_kernels
def test_registering_again_sees_what_is_ready_already() -> None:
    import selectors

    selector = selectors.DefaultSelector()
    pairs = [connected() for _ in range(3)]
    pairs[1][0].sendall(b"x")
    pairs[0][0].sendall(b"x")
    for name, (_, server) in zip("abc", pairs, strict=True):
        selector.register(server, selectors.EVENT_READ, name)
    print([key.data for key, _ in selector.select(0)])
    selector.modify(pairs[2][1], selectors.EVENT_READ | selectors.EVENT_WRITE, "c")
    print([(key.data, mask) for key, mask in selector.select(0)])
    selector.modify(pairs[0][1], selectors.EVENT_WRITE, "A")
    print([(key.data, mask) for key, mask in selector.select(0)])
    selector.modify(pairs[0][1], selectors.EVENT_READ, "a")
    print([(key.data, mask) for key, mask in selector.select(0)])
    selector.unregister(pairs[1][1])
    selector.register(pairs[1][1], selectors.EVENT_READ, "b")
    print([(key.data, mask) for key, mask in selector.select(0)])


@on_both_kernels
def test_a_selector_forgets_a_socket_that_closes() -> None:
    import selectors

    selector = selectors.DefaultSelector()
    client, server = connected()
    selector.register(server, selectors.EVENT_READ, "gone")
    client.sendall(b"x")
    number = server.fileno()
    server.close()
    print(selector.select(0))
    other, successor = connected()
    other.sendall(b"x")
    print(number in (other.fileno(), successor.fileno()), selector.select(0))


@on_both_kernels_but_not_in_a_browser
def test_selectors_of_every_kind_answer_alike() -> None:
    import selectors

    client, server = connected()
    client.sendall(b"x")
    for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector):
        with kind() as selector:
            selector.register(server, selectors.EVENT_READ | selectors.EVENT_WRITE, "server")
            selector.register(client, selectors.EVENT_READ)
            print([(key.data, mask) for key, mask in selector.select(0)], len(selector.get_map()))
            attempt(selector.register, server, selectors.EVENT_READ.__class__(99))
            print(selector.select(-1) != [])


@on_both_kernels
def test_a_selector_refuses_what_it_cannot_watch() -> None:
    import selectors

    client, server = connected()
    with selectors.DefaultSelector() as selector:
        attempt(selector.register, client, 0)
        attempt(selector.register, "client", selectors.EVENT_READ)
        client.close()
        attempt(selector.register, client, selectors.EVENT_READ)
        selector.register(server, selectors.EVENT_READ)
        try:
            selector.register(server, selectors.EVENT_READ)
        except KeyError:
            print("a second registration is refused")
        print(selector.get_key(server).events, selector.get_map()[server].fd == server.fileno())
        selector.unregister(server)
        print(len(selector.get_map()), selector.select(0.01))


@on_both_kernels
def test_a_wait_ends_when_the_time_is_over() -> None:
    import selectors
    import time

    client, server = connected()
    with selectors.DefaultSelector() as selector:
        selector.register(server, selectors.EVENT_READ)
        start = time.monotonic()
        print(selector.select(0.02), time.monotonic() - start >= 0.02)


@on_both_kernels
def test_one_loop_serves_several_clients() -> None:
    import selectors
    import socket

    selector = selectors.DefaultSelector()
    server = socket.create_server(LOOPBACK)
    server.setblocking(False)
    selector.register(server, selectors.EVENT_READ, None)
    clients = [socket.create_connection(server.getsockname()) for _ in range(3)]
    for number, client in enumerate(clients):
        client.sendall(b"order %d" % number)
    served = 0
    while served < 3:
        for key, _ in selector.select():
            if key.data is None:
                peer, _ = server.accept()
                peer.setblocking(False)
                selector.register(peer, selectors.EVENT_READ, "client")
            else:
                request = key.fileobj.recv(100)
                print(request)
                key.fileobj.sendall(request.upper())
                selector.unregister(key.fileobj)
                key.fileobj.close()
                served += 1
    for client in clients:
        print(client.recv(100), client.recv(100))
