"""Ports for servers that cannot choose one themselves."""
import contextlib
import socket


@contextlib.contextmanager
def reserve():
    """Returns a port, which a bound socket that does not listen holds, so that no other program gets it as a free port."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that sets it, too, can listen
        held.bind(("", 0))
        yield held.getsockname()[1]
