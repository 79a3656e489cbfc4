"""The proxy that counts what goes over the wire."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4

import pytest
from benchmarks.proxy import Bodies, a_proxy

from mailbot.domain.server import Security, Server


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_the_bytes_of_bodies_are_counted_however_they_come(cut: int) -> None:
    said = b"* 1 FETCH (UID 7 BODY[] {5}\r\nab{9})\r\n* 2 FETCH (BODY[HEADER]<0> {3}\r\nxyz)\r\nA1 OK {4}\r\n"
    bodies = Bodies()

    for at in range(0, len(said), cut):
        bodies.hear(said[at : at + cut])

    assert bodies.count == 8
    assert not bodies.is_in_one


def test_a_body_cut_off_counts_as_far_as_it_came() -> None:
    bodies = Bodies()

    bodies.hear(b"* 1 FETCH (BODY[] {100}\r\nabc")

    assert bodies.count == 3
    assert bodies.is_in_one


def test_each_command_is_one_turn() -> None:
    with a_polite_server() as server, a_proxy(server) as (proxy, through):
        line = IMAP4(through.host, through.port)
        before = proxy.turns()
        line.noop()
        line.noop()
        line.logout()

    assert before == 1  # CAPABILITY, which imaplib asks for at the greeting
    assert proxy.turns() - before == 3


class _Polite(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"* OK IMAP4 ready\r\n")
        for line in self.rfile:
            tag, _, command = line.strip().partition(b" ")
            untagged = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n", b"LOGOUT": b"* BYE\r\n"}.get(command, b"")
            self.wfile.write(untagged + tag + b" OK done\r\n")


@contextmanager
def a_polite_server() -> Iterator[Server]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Polite) as listener:
        threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
        yield Server("127.0.0.1", listener.server_address[1], Security.PLAIN, "clerk", None)
        listener.shutdown()
