"""Connections come about as they do on Linux: who may bind, who is refused, who has which name."""

from lab.programs import on_both_kernels
from lab.talk import LOOPBACK, attempt, connected, outcome, ready, unused


@on_both_kernels
def test_both_ends_know_each_other_by_name() -> None:
    client, server = connected()
    print(client.getsockname() == server.getpeername(), client.getsockname()[0])
    print(server.getsockname() == client.getpeername(), server.getsockname()[0])


@on_both_kernels
def test_a_socket_alone_has_no_peer_and_no_address() -> None:
    import socket

    sock = socket.socket()
    attempt(sock.getsockname)
    attempt(sock.getpeername)
    attempt(sock.recv, 1)
    attempt(sock.send, b"x")
    attempt(sock.shutdown, socket.SHUT_RDWR)
    attempt(sock.accept)
    attempt(sock.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    print(ready(sock))


@on_both_kernels
def test_a_listener_only_accepts() -> None:
    import socket

    server = socket.create_server(LOOPBACK)
    attempt(server.recv, 1)
    attempt(server.send, b"x")
    attempt(server.getpeername)
    attempt(server.connect, server.getsockname())
    attempt(server.bind, LOOPBACK)
    attempt(server.listen, 5)
    server.setblocking(False)
    attempt(server.accept)
    server.settimeout(0.01)
    attempt(server.accept)
    client, _ = connected()
    attempt(client.listen)
    attempt(client.bind, LOOPBACK)
    attempt(client.accept)


@on_both_kernels
def test_connections_are_accepted_in_the_order_of_their_requests() -> None:
    import socket

    server = socket.create_server(LOOPBACK)
    clients = [socket.create_connection(server.getsockname()) for _ in range(3)]
    for client, word in zip(clients, (b"first", b"second", b"third"), strict=True):
        client.sendall(word)
    for client in clients:
        peer, address = server.accept()
        print(peer.recv(100), address == client.getsockname(), peer.gettimeout())


@on_both_kernels
def test_a_connection_stands_before_it_is_accepted() -> None:
    import socket

    with socket.create_server(LOOPBACK) as server:
        client = socket.create_connection(server.getsockname())
        client.sendall(b"early")
        client.close()
        peer, _ = server.accept()
    print(peer.recv(100), peer.recv(100))


@on_both_kernels
def test_where_nobody_listens_a_connection_is_refused() -> None:
    import socket

    address = unused()
    sock = socket.socket()
    attempt(sock.connect, address)
    attempt(sock.connect, address)
    attempt(sock.connect_ex, address)
    attempt(sock.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    attempt(sock.recv, 1)
    attempt(sock.send, b"x")
    attempt(sock.getpeername)
    attempt(socket.create_connection, address)
    with socket.socket() as bound:
        bound.bind(LOOPBACK)
        attempt(socket.create_connection, bound.getsockname())


@on_both_kernels
def test_a_socket_that_was_refused_can_try_again() -> None:
    import socket

    sock = socket.socket()
    attempt(sock.connect, unused())
    with socket.create_server(LOOPBACK) as server:
        attempt(sock.connect, server.getsockname())
        peer, _ = server.accept()
    sock.sendall(b"at last")
    print(peer.recv(100))


@on_both_kernels
def test_who_does_not_wait_is_told_later_that_he_is_refused() -> None:
    import socket

    address = unused()
    sock = socket.socket()
    sock.setblocking(False)
    attempt(sock.connect, address)
    print(ready(sock))
    attempt(sock.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    attempt(sock.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    print(ready(sock))
    attempt(sock.recv, 1)
    attempt(sock.send, b"x")
    attempt(sock.getpeername)
    attempt(sock.connect_ex, address)
    attempt(sock.connect_ex, address)
    attempt(sock.connect_ex, address)


@on_both_kernels
def test_the_next_call_tells_of_the_refusal_too() -> None:
    import socket

    address = unused()
    for call, arguments in (("recv", (1,)), ("send", (b"x",)), ("connect", (address,))):
        sock = socket.socket()
        sock.setblocking(False)
        attempt(sock.connect_ex, address)
        attempt(getattr(sock, call), *arguments)
        attempt(getattr(sock, call), *arguments)
        attempt(sock.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)


@on_both_kernels
def test_who_does_not_wait_connects_in_two_steps() -> None:
    import socket

    server = socket.create_server(LOOPBACK)
    client = socket.socket()
    client.setblocking(False)
    attempt(client.connect, server.getsockname())
    print(ready(client))
    attempt(client.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    attempt(client.connect_ex, server.getsockname())
    attempt(client.connect_ex, server.getsockname())
    attempt(client.connect, server.getsockname())
    peer, _ = server.accept()
    client.sendall(b"hello")
    print(peer.recv(100))


@on_both_kernels
def test_a_second_connect_is_refused() -> None:
    import socket

    with socket.create_server(LOOPBACK) as server:
        for timeout in (None, 5):
            client = socket.socket()
            client.settimeout(timeout)
            attempt(client.connect, server.getsockname())
            attempt(client.connect_ex, server.getsockname())
            attempt(client.connect_ex, server.getsockname())
    _, peer = connected()
    attempt(peer.connect, unused())


@on_both_kernels
def test_a_refusal_comes_through_a_timeout() -> None:
    import socket

    address = unused()
    sock = socket.socket()
    sock.settimeout(5)
    attempt(sock.connect, address)
    attempt(sock.connect, address)
    attempt(sock.connect, address)
    attempt(sock.connect_ex, address)


@on_both_kernels
def test_an_address_belongs_to_one_listener() -> None:
    import socket

    server = socket.create_server(LOOPBACK)
    other = socket.socket()
    attempt(other.bind, server.getsockname())
    attempt(other.bind, ("", server.getsockname()[1]))
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    attempt(other.bind, server.getsockname())
    print(outcome(socket.create_server, server.getsockname()).partition(" (")[0])
    attempt(other.bind, ("127.0.0.2", server.getsockname()[1]))
    server.close()
    again = socket.socket()
    address = server_address = other.getsockname()
    other.close()
    attempt(again.bind, address)
    print(again.getsockname() == server_address)
    attempt(again.bind, address)


@on_both_kernels
def test_two_may_bind_an_address_that_both_would_share_and_one_may_listen() -> None:
    import socket

    first, second = socket.socket(), socket.socket()
    for sock in (first, second):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    first.bind(LOOPBACK)
    attempt(second.bind, first.getsockname())
    attempt(first.listen)
    attempt(second.listen)
    third = socket.socket()
    third.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    attempt(third.bind, first.getsockname())


@on_both_kernels
def test_a_port_stays_taken_while_its_connections_live() -> None:
    import socket

    for reuse in (0, 1):
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        server.bind(LOOPBACK)
        server.listen()
        address = server.getsockname()
        client = socket.create_connection(address)
        peer, _ = server.accept()
        server.close()
        again = socket.socket()
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        attempt(again.bind, address)
        peer.close()
        client.close()


@on_both_kernels
def test_who_closes_first_keeps_the_port_for_a_while() -> None:
    import socket

    for server_first in (True, False):
        server = socket.socket()
        server.bind(LOOPBACK)
        server.listen()
        address = server.getsockname()
        client = socket.create_connection(address)
        peer, _ = server.accept()
        server.close()
        for end in (peer, client) if server_first else (client, peer):
            end.close()
        attempt(socket.socket().bind, address)
        again = socket.socket()
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        attempt(again.bind, address)
    with socket.create_server(LOOPBACK) as server:
        address = server.getsockname()
        client = socket.create_connection(address)
        server.accept()[0].close()
    with socket.create_server(address) as again:
        print("the option on both sides:", again.getsockname() == address)


@on_both_kernels
def test_a_listener_on_every_address_shows_where_it_was_reached() -> None:
    import socket

    with socket.create_server(("", 0)) as server:
        print(server.getsockname()[0])
        client = socket.create_connection(("127.0.0.1", server.getsockname()[1]))
        peer, address = server.accept()
    print(peer.getsockname()[0], client.getpeername() == peer.getsockname(), address[0])
    with socket.socket() as server:
        server.listen()
        print(server.getsockname()[0], server.getsockname()[1] > 0)
        client = socket.socket()
        client.connect(("", server.getsockname()[1]))
        print(client.getpeername()[0], client.getsockname()[0])


@on_both_kernels
def test_a_client_may_choose_its_own_address() -> None:
    import socket

    with socket.create_server(LOOPBACK) as server:
        chosen = unused()
        client = socket.create_connection(server.getsockname(), source_address=chosen)
        print(client.getsockname() == chosen, server.accept()[1] == chosen)
        anywhere = socket.socket()
        anywhere.bind(("", 0))
        print(anywhere.getsockname()[0])
        anywhere.connect(server.getsockname())
        print(anywhere.getsockname()[0], server.accept()[1] == anywhere.getsockname())


@on_both_kernels
def test_addresses_that_make_no_sense_are_refused() -> None:
    import socket

    sock = socket.socket()
    for call in (sock.bind, sock.connect, sock.connect_ex):
        attempt(call, "127.0.0.1")
        attempt(call, ("127.0.0.1",))
        attempt(call, ("127.0.0.1", "80"))
        attempt(call, ("127.0.0.1", 70_000))
        attempt(call, ("127.0.0.1", -1))
        attempt(call, (127, 80))
        attempt(call, ("nobody.invalid", 80))
    attempt(sock.bind, ("203.0.113.1", 0))
    attempt(socket.socket, socket.AF_INET, 77)


@on_both_kernels
def test_only_so_many_may_wait_to_be_accepted() -> None:
    import socket

    server = socket.socket()
    server.bind(LOOPBACK)
    server.listen(1)
    clients = [socket.socket() for _ in range(3)]
    for client in clients:
        client.setblocking(False)
        attempt(client.connect_ex, server.getsockname())
        print(ready(client))
    attempt(clients[2].connect_ex, server.getsockname())
    attempt(clients[2].send, b"x")
    attempt(clients[2].recv, 1)
    attempt(clients[2].getpeername)
    clients[2].close()


@on_both_kernels
def test_names_become_addresses() -> None:
    import socket

    attempt(socket.gethostbyname, "localhost")
    attempt(socket.gethostbyname, "127.0.0.9")
    attempt(socket.gethostbyname, "nobody.invalid")
    attempt(socket.gethostbyname_ex, "127.0.0.1")
    attempt(socket.getaddrinfo, "nobody.invalid", 80)
    for host, port, kind in (
        ("localhost", 80, socket.SOCK_STREAM),
        ("127.0.0.1", "80", socket.SOCK_STREAM),
        ("127.0.0.1", b"80", socket.SOCK_DGRAM),
        ("127.0.0.1", None, socket.SOCK_STREAM),
        (b"127.0.0.1", 80, 0),
        (None, 80, socket.SOCK_STREAM),
        ("127.0.0.1", "no-such-service", socket.SOCK_STREAM),
        (None, None, 0),
    ):
        print(host, port, outcome(socket.getaddrinfo, host, port, socket.AF_INET, kind))
    attempt(socket.getaddrinfo, "127.0.0.1", 80, socket.AF_INET6)
    attempt(socket.getaddrinfo, "", 80, socket.AF_INET, 1, 0, socket.AI_PASSIVE)
    attempt(socket.getnameinfo, ("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)
    attempt(socket.getnameinfo, ("127.0.0.1", 12345), 0)
    with socket.create_server(LOOPBACK) as server:
        client = socket.create_connection(("localhost", server.getsockname()[1]))
        print(client.getpeername()[0])
        attempt(socket.create_connection, ("nobody.invalid", 80))


@on_both_kernels
def test_errors_have_the_numbers_of_linux() -> None:
    import errno
    import os

    for name in ("EAGAIN", "EWOULDBLOCK", "EPIPE", "ECONNREFUSED", "EINPROGRESS", "ENOTCONN"):
        number = getattr(errno, name)
        print(name, number, errno.errorcode[number], os.strerror(number))
        print(repr(OSError(number, os.strerror(number))))


@on_both_kernels
def test_a_listener_can_be_shut() -> None:
    import socket

    server = socket.create_server(LOOPBACK)
    address = server.getsockname()
    attempt(server.shutdown, socket.SHUT_WR)
    print(outcome(socket.create_connection, address).startswith("<socket"))
    attempt(server.shutdown, socket.SHUT_RDWR)
    attempt(server.accept)
    attempt(socket.create_connection, address)
    attempt(server.shutdown, socket.SHUT_RDWR)
    attempt(server.listen)
    print(outcome(socket.create_connection, address).startswith("<socket"))


@on_both_kernels
def test_servers_can_speak_ip_version_6() -> None:
    import socket

    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        print(server.getsockname()[0], server.getsockname()[2:], server.family.name)
        client = socket.create_connection(server.getsockname()[:2])
        peer, address = server.accept()
        print(address == client.getsockname(), client.getpeername() == server.getsockname())
        client.sendall(b"six")
        print(peer.recv(10), address[0], len(address), client.family.name)
    attempt(socket.socket(socket.AF_INET6).getsockname)


@on_both_kernels
def test_a_path_can_be_an_address_too() -> None:
    import os
    import socket
    import tempfile

    folder = tempfile.TemporaryDirectory()
    path = os.path.join(folder.name, "door")
    client = socket.socket(socket.AF_UNIX)
    attempt(client.connect, path)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    attempt(client.connect, path)
    server.listen()
    client.setblocking(False)
    attempt(client.connect, path)
    peer, address = server.accept()
    print(repr(address), repr(client.getsockname()), client.getpeername() == path)
    print(peer.getsockname() == path, repr(peer.getpeername()))
    client.sendall(b"knock")
    print(peer.recv(10))
    attempt(client.connect, path)
    attempt(socket.socket(socket.AF_UNIX).bind, path)
    peer.close()
    attempt(client.send, b"x")
