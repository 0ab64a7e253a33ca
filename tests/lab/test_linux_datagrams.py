"""Datagrams travel as they do on Linux: whole, cut, refused or lost."""

from lab.programs import on_both_kernels
from lab.talk import attempt, datagrams, ready, unused


@on_both_kernels
def test_each_message_is_read_on_its_own() -> None:
    one, other = datagrams(), datagrams()
    print(ready(other))
    print(one.sendto(b"first", other.getsockname()), one.sendto(b"", other.getsockname()))
    one.sendto(b"third", other.getsockname())
    print(ready(other))
    for _ in range(3):
        data, sender = other.recvfrom(100)
        print(data, sender == one.getsockname())
    print(ready(other))
    other.setblocking(False)
    attempt(other.recvfrom, 100)
    other.settimeout(0.01)
    attempt(other.recvfrom, 100)


@on_both_kernels
def test_what_does_not_fit_is_cut_off() -> None:
    import socket

    one, other = datagrams(), datagrams()
    for message in (b"breakfast", b"lunch", b"supper"):
        one.sendto(message, other.getsockname())
    print(other.recvfrom(5, socket.MSG_PEEK)[0], other.recv(5), other.recv(0), other.recv(100))
    one.sendto(b"tea", other.getsockname())
    buffer = bytearray(b".....")
    print(other.recvfrom_into(buffer)[0], buffer)


@on_both_kernels
def test_a_message_has_a_greatest_length() -> None:
    one, other = datagrams(), datagrams()
    attempt(one.sendto, bytes(65_507), other.getsockname())
    attempt(one.sendto, bytes(65_508), other.getsockname())
    print(len(other.recv(100_000)))


@on_both_kernels
def test_who_sends_first_is_given_an_address() -> None:
    import socket

    one, other = socket.socket(type=socket.SOCK_DGRAM), datagrams()
    attempt(one.getsockname)
    attempt(one.getpeername)
    attempt(one.send, b"to whom?")
    attempt(one.sendto, b"hello", other.getsockname())
    print(one.getsockname()[0], one.getsockname()[1] > 0)
    data, sender = other.recvfrom(100)
    print(data, sender == ("127.0.0.1", one.getsockname()[1]))
    other.sendto(b"answer", sender)
    print(one.recvfrom(100)[0])


@on_both_kernels
def test_a_connected_socket_hears_one_peer_only() -> None:
    one, other, stranger = datagrams(), datagrams(), datagrams()
    attempt(one.connect, other.getsockname())
    print(one.getpeername() == other.getsockname(), one.getsockname()[0])
    stranger.sendto(b"psst", one.getsockname())
    other.sendto(b"hello", one.getsockname())
    print(one.recv(100), ready(one))
    print(one.send(b"to you"), other.recv(100))
    print(one.sendto(b"to the stranger", stranger.getsockname()), stranger.recv(100))
    one.sendall(b"all of it")
    print(other.recv(100))
    attempt(one.connect, stranger.getsockname())
    print(one.getpeername() == stranger.getsockname())


@on_both_kernels
def test_a_connected_socket_is_told_that_nobody_listens() -> None:
    import socket

    one, gone = socket.socket(type=socket.SOCK_DGRAM), datagrams()
    address = gone.getsockname()
    gone.close()
    attempt(one.sendto, b"lost", address)
    print(ready(one))
    one.connect(address)
    attempt(one.send, b"anybody?")
    print(ready(one))
    attempt(one.recv, 100)
    print(ready(one))
    attempt(one.send, b"anybody?")
    attempt(one.send, b"anybody?")
    attempt(one.send, b"anybody?")
    attempt(one.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)


@on_both_kernels
def test_datagrams_have_no_listener_and_no_connections() -> None:
    import socket

    one, other = datagrams(), datagrams()
    attempt(one.listen)
    attempt(one.accept)
    attempt(one.shutdown, socket.SHUT_RDWR)
    one.connect(other.getsockname())
    attempt(one.shutdown, socket.SHUT_RD)
    attempt(one.recv, 10)
    attempt(one.shutdown, socket.SHUT_WR)
    attempt(one.send, b"x")
    print(one.type.name)


@on_both_kernels
def test_an_address_belongs_to_one_mailbox() -> None:
    import socket

    one, other = datagrams(), socket.socket(type=socket.SOCK_DGRAM)
    attempt(other.bind, one.getsockname())
    attempt(other.bind, ("nobody.invalid", 1))
    attempt(one.bind, ("127.0.0.1", 0))
    one.close()
    attempt(one.sendto, b"x", ("127.0.0.1", 9))
    attempt(other.sendto, b"x", "127.0.0.1")
    attempt(other.sendto, b"x", ("nobody.invalid", 1))
    attempt(other.sendto, b"x", ("127.0.0.1", 0))
    attempt(other.sendto, "text", ("127.0.0.1", 9))
    attempt(other.sendto, b"x")


@on_both_kernels
def test_tcp_and_udp_have_ports_of_their_own() -> None:
    import socket

    mailbox = socket.socket(type=socket.SOCK_DGRAM)
    mailbox.bind(unused())
    with socket.create_server(mailbox.getsockname()) as server:
        print(server.getsockname() == mailbox.getsockname())


@on_both_kernels
def test_a_stream_ignores_to_whom_it_is_sent() -> None:
    import socket

    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    print(client.sendto(b"x", ("127.0.0.1", 9)), server.accept()[0].recvfrom(10))
