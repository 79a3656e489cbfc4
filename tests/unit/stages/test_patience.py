"""A refused login and the next one, in processes that know of each other by the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.domain.moments import shanghai
from mailbot.errors import LoginRefused
from mailbot.ledger.engine import open_ledger
from mailbot.stages.patience import REFUSED_LOGIN, Patience
from mailbot.stages.protocols import Ledger

NOW = shanghai("2021-04-25T09:00")
CODE = "ABCDEFGHIJKLMNOP"


@dataclass(frozen=True)
class Machine:
    """The office's machine, on which `mailbot poll` is started again and again."""

    ledger: Ledger
    host: str = "imap.example.test"
    user: str = "clerk@example.test"
    password: str = CODE

    def patience(self) -> Patience:
        """Return what a new process has."""
        return Patience(self.ledger, lambda: (self.host, self.user, self.password))

    def is_refused(self, *moments: datetime, error: LoginRefused | None = None) -> None:
        for moment in moments:
            self.patience().refused(error or LoginRefused(), moment)

    def may_try(self, moment: datetime) -> bool:
        try:
            self.patience().ask(moment)
        except LoginRefused:
            return False
        return True


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number="{year}-{month:02d}-{serial:04d}")
    yield Machine(ledger)
    ledger.close()


def test_a_login_that_was_never_refused_may_be_tried(machine: Machine) -> None:
    assert machine.may_try(NOW)


def test_a_refused_login_waits_five_minutes_in_another_process_too(machine: Machine) -> None:
    machine.is_refused(NOW)

    assert not machine.may_try(NOW + timedelta(minutes=4, seconds=59))
    assert machine.may_try(NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("times", "wait"),
    [(2, timedelta(minutes=30)), (3, timedelta(hours=2)), (4, timedelta(hours=6)), (9, timedelta(hours=6))],
)
def test_each_refusal_waits_longer_up_to_six_hours(machine: Machine, times: int, wait: timedelta) -> None:
    machine.is_refused(*[NOW] * times)

    assert not machine.may_try(NOW + wait - timedelta(seconds=1))
    assert machine.may_try(NOW + wait)


@pytest.mark.parametrize("change", [{"password": CODE[::-1]}, {"user": "other@example.test"}, {"host": "127.0.0.1"}])
def test_another_code_user_or_server_is_tried_at_once_and_begins_anew(machine: Machine, change: dict[str, str]) -> None:
    machine.is_refused(NOW, NOW, NOW)
    other = replace(machine, **change)  # type: ignore[arg-type]  # none of them is the ledger

    assert other.may_try(NOW)
    other.is_refused(NOW)
    assert other.may_try(NOW + timedelta(minutes=5))


def test_an_accepted_login_forgets_the_refusals(machine: Machine) -> None:
    machine.is_refused(NOW, NOW)
    machine.patience().accepted()

    assert machine.may_try(NOW)
    with machine.ledger.reading() as books:
        assert books.recall(REFUSED_LOGIN) == ""


def test_who_waits_is_told_what_the_server_said_until_when_and_what_to_do(machine: Machine) -> None:
    machine.is_refused(NOW, error=LoginRefused(chinese="邮件服务器拒绝登录（服务器答复：password error）"))

    with pytest.raises(LoginRefused) as caught:
        machine.patience().ask(NOW + timedelta(minutes=1))

    told = caught.value.for_people()
    assert "服务器答复：password error" in told
    assert "04月25日 09:05前不再用同一授权码登录" in told
    assert "更换授权码后立即重试" in told
    assert "mailbot check" in told


def test_a_wait_that_a_wrong_clock_left_does_not_last_for_years(machine: Machine) -> None:
    machine.is_refused(NOW + timedelta(days=4000))

    assert machine.may_try(NOW)


def test_nothing_of_the_code_is_kept_and_the_same_one_leaves_another_mark_each_time(machine: Machine) -> None:
    kept = []
    for _ in range(2):
        machine.is_refused(NOW)
        with machine.ledger.reading() as books:
            kept.append(books.recall(REFUSED_LOGIN))

    assert kept[0] != kept[1]
    assert all(piece not in text for text in kept for piece in (CODE, CODE[:6], CODE.lower(), "clerk@"))
