"""`mailbot status`: how the service stands, and in plain words what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mailbot.domain.books import FolderPoll, MessageStanding, OutgoingState
from mailbot.domain.labels import label
from mailbot.domain.unit import Directory
from mailbot.errors import ConfigurationError, LedgerUnavailable
from mailbot.stages.continuity import PERHAPS_ANSWERED
from mailbot.stages.gaps import told
from mailbot.stages.patience import REFUSED_SENDING, refusal_in_force
from mailbot.stages.pausing import CLOCK_SLACK, pause_in_force
from mailbot.stages.troubles import known
from mailbot.stages.undelivered import undelivered, waiting
from mailbot.stages.watching import watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mailbot.rules.reminders import Reminder
    from mailbot.stages.protocols import Books, Ledger
    from mailbot.stages.reminding import Reminding

WELL = "✓ 一切正常"
NOT_BEGUN = "尚未收取过邮箱，请启动服务（mailbot run）或运行 mailbot poll"
NO_PLAN = "在改正之前，此处看不到提醒计划；正在运行的服务仍按上一次正确的内容办理，重新启动则须先改正。"
CLOCK_IS_WRONG = "台账中的收取时间晚于现在，本机时钟不准或曾经不准，请核对"
CANNOT_WRITE = "台账目前不能写入，收取、登记和发送都已停止；来件仍在邮箱中，不会丢失"
OWING = "。欠报单位和联系方式可打印：mailbot ledger --owing"
TRIED_TO_WRITE = "tried_to_write"  # what the ledger remembers of the last time that it was asked to
MISSED_ROUNDS = 3
WAITING = frozenset({"in_doubt", "mailbox_not_polled", "undecided"})  # reasons that pass by themselves or in triage


@dataclass(frozen=True, slots=True)
class Report:
    """How everything stands. `wrong` are sentences; `notes` is what the office should know and nothing is broken."""

    now: datetime
    mode: str
    polls: tuple[FolderPoll, ...]
    messages: dict[MessageStanding, int]
    outbox: dict[OutgoingState, int]
    reminders_due: int
    wrong: tuple[str, ...]
    notes: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "now": self.now.isoformat(timespec="seconds"),
            "mode": self.mode,
            "folders": [
                {
                    "folder": p.folder,
                    "last_complete_poll": p.completed.isoformat(timespec="seconds"),
                    "exists": p.exists,
                    "in_view": p.in_view,
                }
                for p in self.polls
            ],
            "backlog": self.messages.get(MessageStanding.UNDECIDED, 0),
            "messages": {standing.value: count for standing, count in self.messages.items()},
            "outbox": {state.value: count for state, count in self.outbox.items()},
            "reminders_due": self.reminders_due,
            "wrong": list(self.wrong),
            "notes": list(self.notes),
        }

    def as_text(self) -> tuple[str, ...]:
        """Return it as lines for a person."""
        folders = (f"  {p.folder}：{p.completed:%m月%d日 %H:%M}，{p.exists} 封" for p in self.polls)
        counted = "，".join(f"{label(standing)} {count}" for standing, count in self.messages.items() if count)
        outbox = "，".join(f"{label(state)} {count}" for state, count in self.outbox.items() if count)
        return (
            f"时间：{self.now:%Y年%m月%d日 %H:%M}　发送方式：{self.mode}",
            "最近一次完整收取：" if self.polls else "最近一次完整收取：尚未收取过",
            *folders,
            f"来件：{counted or '无'}",
            f"发件箱：{outbox or '无'}",
            *(f"· {note}" for note in self.notes),
            *([f"✗ {text}" for text in self.wrong] or [WELL if self.polls else NOT_BEGUN]),
        )


def report(
    books: Books,
    reminding: Reminding,
    *,
    every: timedelta,
    holding: bool,
    files_trouble: str,
    trouble: Sequence[str] = (),
) -> Report:
    """Look at the ledger and say how everything stands, also where the office's files are wrong.

    `trouble` is what the ledger does not know of and is wrong besides.
    """
    now = reminding.clock.now()
    plan: tuple[Reminder, ...] = ()
    directory = Directory(())
    try:
        desk = reminding.desk().with_bindings(books)
        plan, directory = reminding.plan(books, desk, now), desk.directory
    except ConfigurationError as error:
        files_trouble = f"{error.for_people()}\n{NO_PLAN}"
    messages, outbox, polls = books.standings(), books.outbox_states(), books.polls()
    return Report(
        now=now,
        mode="批准后发出（hold）" if holding else "自动发送（send）",
        polls=polls,
        messages=messages,
        outbox=outbox,
        reminders_due=sum(bool(reminder.key) for reminder in plan),
        wrong=(*trouble, *_wrong(books, every, now, files_trouble), *undelivered(books, directory, now)),
        notes=(*waiting(books, holding=holding), *_notes(messages, outbox, plan)),
    )


def cannot_write(ledger: Ledger, now: datetime) -> tuple[str, ...]:
    """Say whether the ledger takes nothing more, as on a full disk: it cannot keep that itself."""
    try:
        with ledger.transaction() as books:
            books.remember(TRIED_TO_WRITE, now.isoformat(timespec="seconds"))
    except LedgerUnavailable as error:
        return (f"{CANNOT_WRITE}。{error.remedy}",)
    return ()


def _wrong(books: Books, every: timedelta, now: datetime, files_trouble: str) -> Iterator[str]:
    """Say what is wrong, the worst first."""
    yield from _noted(books, now, files_trouble)
    if any(poll.completed - now > CLOCK_SLACK for poll in books.polls()):
        yield f"{CLOCK_IS_WRONG}（{now:%Y年%m月%d日 %H:%M}）"
    yield from _not_polled(books, every, now)
    yield from told(books.gaps())
    if unread := len(books.unread()):
        yield f"{unread} 封来件程序未能读懂，见 mailbot triage；请尽快人工查看原件，并联系维护人员"
    unsure = sum(item.reason == PERHAPS_ANSWERED for item in books.outbox(OutgoingState.HELD))
    if unsure:
        yield f"{PERHAPS_ANSWERED}：{unsure} 封，见 mailbot outbox；人工绑定和判定过的来件也请核对"


def _noted(books: Books, now: datetime, files_trouble: str) -> Iterator[str]:
    """Say what the last round noted, but of the files and the mail server how they are now."""
    kept_back = _kept_back(books, now)
    for name, trouble in known(books).items():
        if (name == "files" and files_trouble) or (name == "outbox" and kept_back):
            continue  # told as it is now
        told = f"{trouble.text}（自{trouble.since:%m月%d日 %H:%M}起）"
        yield told + OWING if name == "outbox" else told
    if files_trouble:
        yield files_trouble
    if kept_back:
        yield kept_back.rstrip("。") + OWING


def _kept_back(books: Books, now: datetime) -> str:
    """Say why no mail at all is sent now, '' where nothing stands against it."""
    refusal = refusal_in_force(books, REFUSED_SENDING, now)
    pause = pause_in_force(books, now)
    return pause.told() if pause else refusal.for_people() if refusal else ""


def _not_polled(books: Books, every: timedelta, now: datetime) -> Iterator[str]:
    """Say which folders were not polled for long; where that is all of them, nobody may be polling."""
    oldest, must_be_polled = now - MISSED_ROUNDS * every, watched(books)
    polls = [poll for poll in books.polls() if poll.folder in must_be_polled]
    hint = "" if any(poll.completed >= oldest for poll in polls) else "，请确认服务是否在运行"
    for poll in polls:
        if poll.completed < oldest:
            yield f"文件夹“{poll.folder}”自{poll.completed:%m月%d日 %H:%M}以来没有完整收取{hint}"


def _notes(
    messages: dict[MessageStanding, int], outbox: dict[OutgoingState, int], plan: tuple[Reminder, ...]
) -> Iterator[str]:
    """Say what the office should do or know."""
    if messages.get(MessageStanding.UNDECIDED):
        yield f"{messages[MessageStanding.UNDECIDED]} 封来件已存档，尚未处理"
    if messages.get(MessageStanding.TRIAGE):
        yield f"{messages[MessageStanding.TRIAGE]} 封来件待人工处理，见 mailbot triage"
    if outbox.get(OutgoingState.HELD):
        yield f"{outbox[OutgoingState.HELD]} 封邮件已拟好待批准，见 mailbot outbox"
    without = [r.row.obligation.unit for r in plan if any(reason.code == "no_address" for reason in r.reasons)]
    if without:
        yield f"没有登记邮箱地址的单位：{'、'.join(without)}"
    yield from _waiting(plan)
    yield from dict.fromkeys(warning for reminder in plan for warning in reminder.warnings)


def _waiting(plan: tuple[Reminder, ...]) -> Iterator[str]:
    """Say which reminders would be due, and why they wait."""
    for reminder in plan:
        codes = {reason.code for reason in reminder.reasons}
        if codes & WAITING and codes <= WAITING | {"outside_hours"}:
            why = "；".join(reason.text for reason in reminder.reasons)
            yield f"{reminder.row.obligation.unit}的提醒暂缓：{why}"
