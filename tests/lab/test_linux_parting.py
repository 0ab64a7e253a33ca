"""Connections end as they do on Linux: politely, by half, or with a reset."""

from lab.programs import on_both_kernels
from lab.talk import LOOPBACK, attempt, connected, drain, fill, ready


@on_both_kernels
def test_closing_ends_the_stream_behind_its_last_byte() -> None:
    client, server = connected()
    client.sendall(b"last words")
    client.close()
    print(server.recv(4), server.recv(100), server.recv(100), server.recv(100))


@on_both_kernels
def test_the_first_write_to_who_has_gone_passes_and_the_next_breaks() -> None:
    client, server = connected()
    server.close()
    attempt(client.send, b"are you there?")
    attempt(client.send, b"hello?")
    attempt(client.send, b"hello?")
    attempt(client.recv, 10)
    attempt(client.getpeername)


@on_both_kernels
def test_who_has_gone_is_read_as_the_end_before_and_after_the_break() -> None:
    import socket

    client, server = connected()
    server.sendall(b"bye")
    server.close()
    attempt(client.send, b"are you there?")
    attempt(client.recv, 10)
    attempt(client.recv, 10)
    attempt(client.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    attempt(client.send, b"hello?")
    attempt(client.recv, 10)


@on_both_kernels
def test_closing_with_bytes_unread_resets_the_connection() -> None:
    client, server = connected()
    client.sendall(b"read me")
    server.close()
    print(ready(client))
    attempt(client.recv, 10)
    attempt(client.recv, 10)
    attempt(client.send, b"x")
    attempt(client.getpeername)
    print(ready(client))


@on_both_kernels
def test_a_reset_is_told_once_to_who_writes() -> None:
    client, server = connected()
    client.sendall(b"read me")
    server.close()
    attempt(client.send, b"x")
    attempt(client.send, b"x")
    attempt(client.recv, 10)


@on_both_kernels
def test_a_reset_leaves_what_has_arrived() -> None:
    client, server = connected()
    server.sendall(b"half an answer")
    client.sendall(b"read me")
    server.close()
    attempt(client.recv, 4)
    attempt(client.recv, 100)
    attempt(client.recv, 100)
    attempt(client.recv, 100)


@on_both_kernels
def test_a_reset_can_be_asked_for_as_an_option() -> None:
    import socket

    client, server = connected()
    client.sendall(b"read me")
    client.close()
    print(server.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), ready(server), server.recv(7))
    client, server = connected()
    client.sendall(b"read me")
    server.recv(100)
    client.close()
    server.shutdown(socket.SHUT_WR)
    attempt(server.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    client, server = connected()
    client.sendall(b"read me")
    server.recv(7)
    server.close()
    attempt(client.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)


@on_both_kernels
def test_lingering_for_no_time_is_a_reset() -> None:
    import socket
    import struct

    for linger in ((1, 0), (0, 0), (2, 0)):
        client, server = connected()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", *linger))
        client.sendall(b"unsaid")
        client.close()
        print(linger, ready(server))
        attempt(server.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
        attempt(server.recv, 100)
        attempt(server.recv, 100)
        attempt(server.send, b"x")


@on_both_kernels
def test_a_reset_throws_away_what_is_under_way() -> None:
    import socket
    import struct

    client, server = connected()
    sent = fill(client)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    received = 0
    try:
        while piece := server.recv(65_536):
            received += len(piece)
    except ConnectionResetError as error:
        print(error, 0 < received < sent)
    attempt(server.recv, 10)


@on_both_kernels
def test_half_a_connection_can_be_shut_for_writing() -> None:
    import socket

    client, server = connected()
    client.sendall(b"question")
    client.shutdown(socket.SHUT_WR)
    attempt(client.send, b"more")
    print(server.recv(100), server.recv(100), ready(server), "|", ready(client))
    server.sendall(b"answer")
    print(client.recv(100))
    attempt(client.shutdown, socket.SHUT_WR)
    print(client.getpeername() == server.getsockname())
    server.close()
    print(client.recv(100), ready(client))
    attempt(client.shutdown, socket.SHUT_WR)
    attempt(client.getpeername)
    attempt(client.send, b"more")


@on_both_kernels
def test_shutting_both_halves_leaves_the_descriptor() -> None:
    import socket

    client, server = connected()
    client.shutdown(socket.SHUT_RDWR)
    print(ready(client), "|", ready(server))
    attempt(client.recv, 10)
    attempt(client.send, b"x")
    attempt(client.shutdown, socket.SHUT_RDWR)
    attempt(server.recv, 10)
    attempt(server.shutdown, socket.SHUT_RDWR)
    attempt(server.shutdown, socket.SHUT_RDWR)
    attempt(client.shutdown, socket.SHUT_RDWR)
    attempt(client.shutdown, 7)
    print(client.fileno() > 0)


@on_both_kernels
def test_shut_for_reading_a_socket_still_gets_what_comes() -> None:
    import socket

    client, server = connected()
    client.sendall(b"before")
    server.shutdown(socket.SHUT_RD)
    print(ready(server))
    attempt(server.recv, 100)
    attempt(server.recv, 100)
    attempt(client.send, b"after")
    attempt(server.recv, 100)
    attempt(server.recv, 100)
    attempt(server.send, b"still talking")
    attempt(client.recv, 100)


@on_both_kernels
def test_closing_a_listener_resets_those_who_were_not_accepted() -> None:
    import socket

    server = socket.create_server(LOOPBACK)
    address = server.getsockname()
    waiting = socket.create_connection(address)
    waiting.sendall(b"hello?")
    accepted = socket.create_connection(address)
    silent = server.accept()[0]
    server.close()
    print(ready(waiting), "|", ready(accepted))
    attempt(accepted.recv, 10)
    attempt(silent.recv, 10)
    attempt(waiting.send, b"x")
    attempt(socket.create_connection, address)


@on_both_kernels
def test_what_was_not_yet_read_is_read_after_the_writer_has_gone() -> None:
    client, server = connected()
    sent = fill(client)
    client.close()
    print(drain(server) == sent, server.recv(1))


@on_both_kernels
def test_a_socket_closes_at_the_end_of_its_block_and_when_nobody_has_it() -> None:
    import socket

    client, server = connected()
    with client:
        client.sendall(b"in the block")
    print(client.fileno(), server.recv(100), server.recv(100))
    left, right = socket.socketpair()
    del left
    print(right.recv(10))


@on_both_kernels
def test_who_shut_down_and_is_written_to_after_closing_answers_with_a_reset() -> None:
    import socket

    client, server = connected()
    client.shutdown(socket.SHUT_WR)
    print(server.recv(10))
    client.close()
    attempt(server.send, b"one")
    attempt(server.send, b"two")
    attempt(server.recv, 10)


@on_both_kernels
def test_both_ends_may_close_at_once() -> None:
    client, server = connected()
    client.shutdown(1)
    server.shutdown(1)
    print(ready(client), "|", ready(server), client.recv(1), server.recv(1))
    attempt(client.getpeername)
    attempt(server.getpeername)
    attempt(client.send, b"x")
    client.close()
    attempt(server.send, b"x")
    attempt(server.recv, 1)
