"""Bytes travel as they do through Linux: in order, in part, and not beyond what the buffers hold."""

from lab.programs import on_both_kernels
from lab.talk import attempt, connected, drain, fill, outcome, ready


@on_both_kernels
def test_bytes_arrive_in_order_and_are_read_together() -> None:
    client, server = connected()
    for piece in (b"one ", b"two ", b"three"):
        print(client.send(piece))
    print(server.recv(100))


@on_both_kernels
def test_a_read_takes_what_it_has_room_for_and_leaves_the_rest() -> None:
    client, server = connected()
    client.sendall(b"porridge")
    print(server.recv(3), server.recv(3), server.recv(3))


@on_both_kernels
def test_reading_nothing_never_waits() -> None:
    client, server = connected()
    attempt(server.recv, 0)
    client.sendall(b"soup")
    attempt(server.recv, 0)
    attempt(server.recv, 4)


@on_both_kernels
def test_nothing_to_read_is_an_error_for_who_does_not_wait() -> None:
    client, server = connected()
    server.setblocking(False)
    attempt(server.recv, 10)
    client.sendall(b"tea")
    attempt(server.recv, 10)
    attempt(server.recv, 10)


@on_both_kernels
def test_a_write_beyond_the_buffers_is_taken_in_part() -> None:
    client, server = connected()
    client.setblocking(False)
    accepted = client.send(bytes(30_000_000))
    print(0 < accepted < 30_000_000)
    fill(client)
    attempt(client.send, b"x")
    attempt(client.send, b"")
    print(ready(client), "|", ready(server))
    while drain(server):
        pass
    print(ready(client), "|", ready(server))
    attempt(client.send, b"x")


@on_both_kernels
def test_every_byte_that_was_taken_arrives() -> None:
    client, server = connected()
    sent = fill(client)
    print(drain(server) == sent)
    client.close()
    attempt(server.recv, 10)


@on_both_kernels
def test_peeking_leaves_the_bytes_there() -> None:
    import socket

    client, server = connected()
    client.sendall(b"bread")
    client.sendall(b"butter")
    attempt(server.recv, 2, socket.MSG_PEEK)
    attempt(server.recv, 100, socket.MSG_PEEK)
    attempt(server.recv, 6)
    attempt(server.recv, 100)
    server.setblocking(False)
    attempt(server.recv, 1, socket.MSG_PEEK)
    client.close()
    attempt(server.recv, 1, socket.MSG_PEEK)


@on_both_kernels
def test_one_call_can_be_told_not_to_wait() -> None:
    import socket

    client, server = connected()
    attempt(server.recv, 10, socket.MSG_DONTWAIT)
    client.sendall(b"tea")
    attempt(server.recv, 10, socket.MSG_DONTWAIT)


@on_both_kernels
def test_bytes_are_received_into_a_buffer() -> None:
    client, server = connected()
    client.sendall(b"marmalade")
    buffer = bytearray(b"............")
    print(server.recv_into(buffer, 3), buffer)
    print(server.recv_into(memoryview(buffer)[6:]), buffer)
    attempt(server.recv_into, bytearray(2), 3)
    attempt(server.recv_into, bytearray(2), -1)
    attempt(server.recv_into, b"read only")
    attempt(server.recv, -1)
    client.sendall(b"jam")
    print(server.recvfrom(2), server.recvfrom_into(buffer), buffer)


@on_both_kernels
def test_anything_that_holds_bytes_can_be_sent() -> None:
    import array

    client, server = connected()
    print(client.send(bytearray(b"ab")), client.send(memoryview(b"cd")))
    client.sendall(array.array("h", [1, 2]))
    print(client.sendmsg([b"ef", bytearray(b"gh")]))
    print(server.recv(100))
    attempt(client.send, "text")
    attempt(client.send, 3)
    attempt(client.sendall, "text")
    attempt(client.sendall, None)


@on_both_kernels
def test_a_timeout_ends_the_waiting_and_nothing_else() -> None:
    client, server = connected()
    server.settimeout(0.01)
    attempt(server.recv, 10)
    client.sendall(b"late")
    attempt(server.recv, 10)
    fill(client)
    client.settimeout(0.01)
    attempt(client.send, b"x")
    attempt(client.sendall, bytes(30_000_000))
    attempt(server.settimeout, -1)
    attempt(server.settimeout, "soon")
    print(server.gettimeout(), server.getblocking(), server.timeout)


@on_both_kernels
def test_blocking_is_a_timeout_of_none_and_non_blocking_one_of_zero() -> None:
    client, server = connected()
    for change in (server.settimeout, server.setblocking):
        for value in (0, 1, True, False) if change == server.setblocking else (0, 2, None, 0.5):
            change(value)
            print(change.__name__, value, server.gettimeout(), server.getblocking())


@on_both_kernels
def test_a_default_timeout_holds_for_new_sockets() -> None:
    import socket

    socket.setdefaulttimeout(3)
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            client = socket.create_connection(server.getsockname())
            peer, _ = server.accept()
            print(server.gettimeout(), client.gettimeout(), peer.gettimeout())
    finally:
        socket.setdefaulttimeout(None)


@on_both_kernels
def test_a_file_reads_lines_and_writes_through_a_socket() -> None:
    client, server = connected()
    with client, server, client.makefile("rw", encoding="utf-8", newline="\n") as file:
        server.sendall("grüße\nsecond line\n".encode())
        print(repr(file.readline()), repr(file.readline()))
        print("from the file", file=file, flush=True)
        print(server.recv(100))
        server.sendall(b"unfinished")
        server.shutdown(1)
        print(repr(file.read()), repr(file.read()))
    print(client.fileno(), file.closed)


@on_both_kernels
def test_a_file_keeps_its_socket_open() -> None:
    client, server = connected()
    file = server.makefile("rb")
    server.close()
    client.sendall(b"still here\n")
    print(file.readline(), server.fileno() == -1)
    file.close()
    print(server.fileno() == -1)
    attempt(server.recv, 1)
    attempt(client.recv, 1)


@on_both_kernels
def test_a_file_of_a_socket_that_does_not_wait_reads_none() -> None:
    client, server = connected()
    server.setblocking(False)
    raw = server.makefile("rb", buffering=0)
    attempt(raw.read, 5)
    client.sendall(b"toast")
    attempt(raw.read, 5)


@on_both_kernels
def test_a_file_is_sent_whole() -> None:
    import tempfile

    client, server = connected()
    with tempfile.TemporaryFile() as file:
        file.write(b"a letter, and a postscript")
        file.flush()
        print(client.sendfile(file, 3), file.tell())
        print(client.sendfile(file, 3, 6), file.tell())
    print(server.recv(100))


@on_both_kernels
def test_a_pair_of_sockets_talks_both_ways() -> None:
    import socket

    left, right = socket.socketpair()
    left.sendall(b"to the right")
    right.sendall(b"to the left")
    print(left.recv(100), right.recv(100))
    print(repr(left.getsockname()), repr(left.getpeername()), left.family.name, left.type.name)
    left.sendall(b"last words")
    left.close()
    print(ready(right), right.recv(4), right.recv(100), right.recv(100))
    attempt(right.send, b"anybody?")


@on_both_kernels
def test_a_pair_reports_what_was_left_unread() -> None:
    import socket

    left, right = socket.socketpair()
    left.sendall(b"read me")
    right.sendall(b"answer")
    right.close()
    print(ready(left))
    attempt(left.recv, 3)
    attempt(left.recv, 100)
    attempt(left.recv, 100)
    attempt(left.send, b"x")


@on_both_kernels
def test_half_a_pair_can_be_shut() -> None:
    import socket

    left, right = socket.socketpair()
    left.shutdown(socket.SHUT_WR)
    attempt(left.send, b"x")
    attempt(right.recv, 10)
    right.sendall(b"still heard")
    attempt(left.recv, 100)
    attempt(left.shutdown, socket.SHUT_WR)
    print(ready(left), "|", ready(right))
    right.shutdown(socket.SHUT_WR)
    print(ready(left), "|", ready(right))
    attempt(left.recv, 10)
    attempt(left.shutdown, socket.SHUT_RDWR)
    attempt(left.getpeername)


@on_both_kernels
def test_a_pair_holds_only_so_much() -> None:
    import socket

    left, right = socket.socketpair()
    sent = fill(left)
    print(sent > 10_000, ready(left), "|", ready(right))
    print(drain(right) == sent, ready(left), "|", ready(right))


@on_both_kernels
def test_a_pair_of_datagram_sockets_keeps_messages_apart() -> None:
    import socket

    left, right = socket.socketpair(type=socket.SOCK_DGRAM)
    left.send(b"first")
    left.send(b"second")
    print(right.recv(100), right.recv(3))
    right.setblocking(False)
    attempt(right.recv, 100)
    right.send(b"answer")
    print(outcome(left.recvfrom, 100))


@on_both_kernels
def test_a_closed_socket_refuses_every_call() -> None:
    client, server = connected()
    client.close()
    client.close()
    print(client.fileno(), client)
    attempt(client.recv, 10)
    attempt(client.send, b"x")
    attempt(client.getsockname)
    attempt(client.getpeername)
    attempt(client.shutdown, 2)
    attempt(client.connect, ("127.0.0.1", 1))
    attempt(client.accept)
    attempt(client.listen)
    attempt(client.settimeout, 1)
    attempt(client.setsockopt, 1, 2, 1)
    attempt(client.getsockopt, 1, 4)
    attempt(client.makefile)


@on_both_kernels
def test_a_socket_shows_what_it_is() -> None:
    import re
    import socket

    client, server = connected()
    for sock in (client, server, socket.socket(), socket.socket(type=socket.SOCK_DGRAM)):
        print(re.sub(r"\d{4,}|(?<=fd=)\d+", "N", repr(sock)))
        print(sock.family, sock.type, sock.proto, isinstance(sock, socket.socket))


@on_both_kernels
def test_options_are_kept() -> None:
    import socket
    import struct

    client, server = connected()
    attempt(client.getsockopt, socket.SOL_SOCKET, socket.SO_TYPE)
    attempt(client.getsockopt, socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, True)
    attempt(client.getsockopt, socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(bool(client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 5))
    attempt(client.getsockopt, socket.SOL_SOCKET, socket.SO_LINGER, 8)
    print(client.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) > 0)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    print(client.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= 8192)


@on_both_kernels
def test_a_detached_descriptor_lives_on_in_another_socket() -> None:
    import socket

    client, server = connected()
    number = client.detach()
    print(client.fileno(), client)
    again = socket.socket(fileno=number)
    again.sendall(b"still connected")
    print(server.recv(100), again.family.name, again.type.name)
