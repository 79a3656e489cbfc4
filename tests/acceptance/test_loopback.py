"""The guard that keeps tests, demo and every command a test runs on this machine does what it says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from tests.bot import Bot
from tests.loopback import LEFT_THE_MACHINE, guarded_path

from mailbot.data import shipped


def test_a_test_that_connects_elsewhere_fails() -> None:
    with socket.socket() as probe, pytest.raises(AssertionError):
        probe.connect(("192.0.2.1", 993))


def test_a_test_that_asks_for_a_name_fails() -> None:
    with pytest.raises(AssertionError):
        socket.getaddrinfo("mail.example.test", 993)


def test_a_program_that_asks_for_a_name_is_ended() -> None:
    program = [
        sys.executable,
        "-c",
        "import socket\ntry: socket.getaddrinfo('mail.example.test', 1)\nexcept OSError: pass",
    ]

    done = subprocess.run(program, env={"PYTHONPATH": guarded_path()}, capture_output=True, check=False)  # noqa: S603

    assert done.returncode == LEFT_THE_MACHINE


def test_the_shipped_configuration_with_a_password_would_leave_the_machine_and_is_ended() -> None:
    bot = Bot(shipped("config") / "mailbot.toml", {"MAILBOT_IMAP_PASSWORD": "x"})

    said = bot("check", cwd=shipped("config"), code=LEFT_THE_MACHINE)

    assert "imap.163.com" in said


def test_the_loopback_is_open() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
    assert os.uname().nodename
