"""The worker that reads attachments is killed for its memory, by its own limit or the kernel, or hangs.

Through the whole service: it costs what it was about, the other mail is recorded and answered, the service goes on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.bot import Bot, a_bot
from tests.files import a_pdf_bomb, a_slow_pdf
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Rules, parsed, text_of
from tests.office_mails import a_letter, a_report, the_scan, the_table
from tests.servers.netease import NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.demo.samples import File, report_mail
from mailbot.domain.moments import shanghai

pytestmark = [*QUIET_SMTP, pytest.mark.slow]

NINE, SOON = shanghai("2021-04-15T09:00"), "2021-04-15T09:05"
PATIENCE = 120


@pytest.fixture
def bot(tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer) -> Bot:
    return a_bot(tmp_path, netease, recording_smtp.server, recording_smtp.password, Rules(every=1))


@pytest.fixture
def service(bot: Bot, netease: NetEase) -> Iterator[subprocess.Popen[str]]:
    """Return `mailbot run`, which has read and answered one mail, so that its worker is warm."""
    netease.deliver("INBOX", a_report(LABOUR, sender=OTHER_CLERK, body="第一封"), NINE)
    with bot.serving(now=SOON, patience=PATIENCE) as process:
        listen(process, '"settled"')
        yield process


def listen(process: subprocess.Popen[str], until: str, times: int = 1) -> None:
    """Read what a process says until it has said that so many times."""
    assert process.stdout is not None
    for line in process.stdout:
        times -= until in line
        if times == 0:
            return
    raise AssertionError(f"it ended, or hung, and never said {until}")


def worker_of(process: subprocess.Popen[str]) -> int:
    """Return the process number of the service's worker."""
    (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split() or children(process.pid)
    return int(worker)


def children(parent: int) -> list[str]:
    """Return the children that any thread of a process started."""
    return [
        child for task in Path(f"/proc/{parent}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def cpu_seconds(pid: int) -> float:
    """Return how much of the processor a process has used."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def with_a(file: File) -> bytes:
    """Return a report in which another file lies beside its two parts."""
    return report_mail(a_letter(the_table(), the_scan(), file))


def assert_recorded_without(bot: Bot, smtp: SmtpServer, file: str) -> None:
    """Hold that the two parts beside that file are recorded, and the unit is told of all three files."""
    rows = {row["unit"]: row["completeness"] for row in bot.json("ledger", "--period", "2021-04", now=SOON)}
    assert rows[EDUCATION] == "complete"
    (answer,) = (parsed(mail.raw) for mail in smtp.recorder.mails if mail.recipient == CLERK)
    assert file in text_of(answer)


def assert_the_next_is_answered(service: subprocess.Popen[str], netease: NetEase, smtp: SmtpServer) -> None:
    """Hold that a mail which comes now is recorded and answered as ever."""
    before = len(smtp.recorder.mails)
    netease.deliver("INBOX", a_report(LABOUR, sender=OTHER_CLERK, body="此后一封"), NINE)
    listen(service, '"settled"')
    assert len(smtp.recorder.mails) == before + 1
    assert smtp.recorder.mails[-1].recipient == OTHER_CLERK


def test_one_killed_by_its_limit_of_memory_costs_that_file_alone(
    bot: Bot, service: subprocess.Popen[str], netease: NetEase, recording_smtp: SmtpServer
) -> None:
    netease.deliver("INBOX", with_a(File("炸弹.pdf", a_pdf_bomb(), "application/pdf")), NINE)
    listen(service, '"settled"')

    assert_recorded_without(bot, recording_smtp, "炸弹.pdf")
    assert_the_next_is_answered(service, netease, recording_smtp)


def test_one_killed_by_the_kernel_while_it_reads_costs_that_file_alone(
    bot: Bot, service: subprocess.Popen[str], netease: NetEase, recording_smtp: SmtpServer
) -> None:
    worker = worker_of(service)
    used = cpu_seconds(worker)
    netease.deliver("INBOX", with_a(File("大.pdf", a_slow_pdf(), "application/pdf")), NINE)
    while cpu_seconds(worker) < used + 2:
        threading.Event().wait(0.05)
    os.kill(worker, signal.SIGKILL)
    listen(service, '"settled"')

    assert_recorded_without(bot, recording_smtp, "大.pdf")
    assert_the_next_is_answered(service, netease, recording_smtp)


def test_one_killed_while_it_waits_costs_nothing(
    bot: Bot, service: subprocess.Popen[str], netease: NetEase, recording_smtp: SmtpServer
) -> None:
    os.kill(worker_of(service), signal.SIGKILL)
    netease.deliver("INBOX", a_report(), NINE)
    listen(service, '"settled"')

    assert [mail.recipient for mail in recording_smtp.recorder.mails] == [OTHER_CLERK, CLERK]
    assert bot.json("triage") == []


def test_one_that_hangs_is_ended_and_what_it_was_about_is_not_lost(
    bot: Bot, service: subprocess.Popen[str], netease: NetEase, recording_smtp: SmtpServer
) -> None:
    """It hangs from the first job of the message on, so that nothing of it was cut out."""
    os.kill(worker_of(service), signal.SIGSTOP)
    netease.deliver("INBOX", a_report(), NINE)
    listen(service, '"booked"')

    assert_the_next_is_answered(service, netease, recording_smtp)
    assert sorted(row["standing"] for row in bot.json("messages")) == ["receipts", "receipts", "triage"]
    (item,) = bot.json("triage")
    assert item["guess"]["unit"] == EDUCATION
    plan = {row["unit"]: row for row in bot.json("remind", "--dry-run", now="2021-04-21T09:30")}
    assert "in_doubt" in {reason["code"] for reason in plan[EDUCATION]["reasons"]}
