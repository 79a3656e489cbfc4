"""Who gets a reminder and who does not. Unless a test says otherwise: Friday 23 April 2021, 10:00, nothing came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.ledger_builders import (
    APRIL,
    CALENDAR,
    MARCH,
    NO_HOLIDAYS,
    a_directory,
    a_notice,
    a_receipt,
    a_row,
    an_obligation,
)

from mailbot.domain.books import FolderPoll, OpenDoubt, Outgoing, OutgoingKind
from mailbot.domain.ladder import OfficeHours, Rung, Side
from mailbot.domain.moments import shanghai
from mailbot.domain.report import PartKind
from mailbot.domain.unit import Directory
from mailbot.rules.ladder import Ladder
from mailbot.rules.ledger_rows import ledger_rows
from mailbot.rules.reminders import (
    REASONS_NOT_TO_REMIND,
    Go,
    Reminder,
    Scene,
    calendar_warnings,
    may_still_go,
    reminders,
    still_planned,
)

if TYPE_CHECKING:
    from mailbot.domain.books import LedgerRow

RUNGS = (Rung(Side.BEFORE, 3), Rung(Side.BEFORE, 1), Rung(Side.AFTER, 1))
LADDER = Ladder(RUNGS, CALENDAR, OfficeHours(), shanghai("2021-04-01"))
FRIDAY = "2021-04-23T10:00"
KEY = "reminder:zhongyuan-2021-8:区教育局:2021-04:before-1"
COMPLETE = a_row(a_receipt("2021-04-20", PartKind.ELECTRONIC, PartKind.SEALED_SCAN))


def a_poll(folder: str = "INBOX", completed: str = "2021-04-23T09:50") -> FolderPoll:
    return FolderPoll(folder, shanghai(completed), exists=3, in_view=3)


def a_scene(now: str = FRIDAY) -> Scene:
    poll = replace(a_poll(), completed=shanghai(now))
    return Scene(shanghai(now), a_directory("a@qq.com"), frozenset(), ("INBOX",), (poll,), 0, frozenset())


def plan(row: LedgerRow | None = None, scene: Scene | None = None, ladder: Ladder = LADDER) -> Reminder:
    (planned,) = reminders([row or a_row()], [a_notice()], ladder, scene or a_scene())
    return planned


def codes(row: LedgerRow | None = None, scene: Scene | None = None, ladder: Ladder = LADDER) -> list[str]:
    return [reason.code for reason in plan(row, scene, ladder).reasons]


def test_a_unit_that_still_owes_is_reminded_by_the_newest_rung() -> None:
    planned = plan()

    assert (planned.rung, planned.reasons, planned.warnings) == (Rung(Side.BEFORE, 1), (), ())
    assert (planned.key, planned.to) == (KEY, ("a@qq.com",))
    assert planned.lapses == shanghai("2021-04-26")
    assert planned.coming == (Rung(Side.AFTER, 1), shanghai("2021-04-26T09:00"))


def test_a_unit_that_lacks_a_part_is_reminded() -> None:
    assert codes(a_row(a_receipt("2021-04-20", PartKind.ELECTRONIC))) == []


def test_a_complete_unit_is_spared() -> None:
    assert codes(COMPLETE) == ["complete"]
    assert plan(COMPLETE).key == ""


def test_a_unit_in_doubt_is_spared() -> None:
    rows = ledger_rows([an_obligation()], [], [OpenDoubt("区教育局", APRIL, shanghai("2021-04-22"))], shanghai(FRIDAY))

    assert codes(rows[0]) == ["in_doubt"]


@pytest.mark.parametrize(("unit", "waits"), [("区教育局", ["in_doubt"]), ("区残联", [])])
def test_a_triage_guess_of_this_unit_and_period_makes_it_wait(unit: str, waits: list[str]) -> None:
    assert codes(scene=replace(a_scene(), guesses=frozenset({(unit, APRIL)}))) == waits


def test_a_triage_guess_of_another_period_is_no_reason() -> None:
    assert codes(scene=replace(a_scene(), guesses=frozenset({("区教育局", MARCH)}))) == []


@pytest.mark.parametrize("directory", [Directory(()), a_directory()])
def test_a_unit_without_an_address_is_listed_for_the_office(directory: Directory) -> None:
    assert codes(scene=replace(a_scene(), directory=directory)) == ["no_address"]


def test_a_unit_with_several_addresses_gets_one_mail_to_all_of_them() -> None:
    planned = plan(scene=replace(a_scene(), directory=a_directory("a@qq.com", "b@163.com")))

    assert (planned.key, planned.to) == (KEY, ("a@qq.com", "b@163.com"))


def test_an_address_that_is_added_after_the_mail_was_queued_makes_no_second_one() -> None:
    scene = replace(a_scene(), directory=a_directory("a@qq.com", "b@163.com"), keys=frozenset({KEY}))

    assert codes(scene=scene) == ["already_sent"]


def test_a_unit_that_was_told_a_later_moment_is_not_urged_before_it() -> None:
    row = a_row(obligation=an_obligation(due="2021-04-27"))

    assert codes(row, a_scene("2021-04-26T10:00")) == ["in_time"]
    assert codes(row, a_scene("2021-04-27T10:00")) == []


def test_a_rung_that_was_queued_is_not_queued_again() -> None:
    assert codes(scene=replace(a_scene(), keys=frozenset({KEY}))) == ["already_sent"]


def test_before_the_first_rung_it_is_too_early() -> None:
    """15 March: the first rung of the first period is a week away."""
    row = a_row(obligation=an_obligation(period=MARCH, due="2021-03-26"))
    since_march = replace(LADDER, since=shanghai("2021-03-01"))

    assert codes(row, a_scene("2021-03-15T10:00"), since_march) == ["not_yet"]


def test_on_the_worked_sunday_itself_a_reminder_may_leave() -> None:
    assert codes(scene=a_scene("2021-04-25T10:00")) == []


def test_at_night_and_on_days_off_it_waits() -> None:
    assert codes(scene=a_scene("2021-04-24T10:00")) == ["outside_hours"]


def test_after_the_day_and_before_the_next_rung_it_is_over() -> None:
    assert codes(scene=a_scene("2021-04-26T08:00")) == ["lapsed", "outside_hours"]


@pytest.mark.parametrize("since", [None, "2021-05-01"])
def test_before_the_service_begins_nobody_is_reminded(since: str | None) -> None:
    ladder = replace(LADDER, since=shanghai(since) if since else None)

    assert "service_not_begun" in codes(ladder=ladder)


def test_a_rung_from_before_the_service_began_never_comes() -> None:
    assert codes(ladder=replace(LADDER, since=shanghai("2021-04-23T09:30"))) == ["before_service"]


@pytest.mark.parametrize(
    ("watched", "polls"),
    [
        ((), ()),
        (("INBOX",), ()),
        (("INBOX",), (a_poll(completed="2021-04-23T09:44:59"),)),
        (("INBOX",), (a_poll(completed="2023-04-23T09:50"),)),  # by a clock that was wrong
        (("INBOX", "垃圾邮件"), (a_poll(),)),
    ],
)
def test_where_a_watched_folder_was_not_polled_lately_it_waits(
    watched: tuple[str, ...], polls: tuple[FolderPoll, ...]
) -> None:
    assert codes(scene=replace(a_scene(), watched=watched, polls=polls)) == ["mailbox_not_polled"]


def test_every_watched_folder_polled_within_a_quarter_of_an_hour_is_enough() -> None:
    polls = (a_poll(completed="2021-04-23T09:45"), a_poll("垃圾邮件"), a_poll("旧文件夹", "2021-01-01"))

    assert codes(scene=replace(a_scene(), watched=("INBOX", "垃圾邮件"), polls=polls)) == []


def test_while_something_fetched_is_undecided_it_waits() -> None:
    assert codes(scene=replace(a_scene(), undecided=1)) == ["undecided"]


def test_all_reasons_are_collected() -> None:
    assert codes(COMPLETE, replace(a_scene("2021-04-24T10:00"), undecided=1)) == [
        "complete",
        "outside_hours",
        "undecided",
    ]


def test_a_year_without_an_entered_calendar_warns_and_stops_nothing() -> None:
    planned = plan(ladder=replace(LADDER, calendar=NO_HOLIDAYS))

    assert (planned.reasons, planned.warnings) == ((), ("2021年放假安排尚未录入，暂按周末推算工作日",))
    assert calendar_warnings([], NO_HOLIDAYS) == ()


def test_only_the_live_period_of_known_notices_is_planned() -> None:
    rows = [a_row(), a_row(obligation=an_obligation(period=MARCH, due="2021-03-26"))]

    assert [each.row for each in reminders(rows, [a_notice()], LADDER, a_scene())] == [rows[0]]
    assert reminders(rows, [a_notice(key="other")], LADDER, a_scene()) == ()


def test_each_reason_has_its_own_code_and_words() -> None:
    assert len({reason.code for reason in REASONS_NOT_TO_REMIND}) == len(REASONS_NOT_TO_REMIND)
    assert len({reason.text for reason in REASONS_NOT_TO_REMIND}) == len(REASONS_NOT_TO_REMIND)


def a_mail(rung: str = "before-1", to: str = "a@qq.com") -> Outgoing:
    about = (("zhongyuan-2021-8", "区教育局", APRIL),)
    return Outgoing(KEY, OutgoingKind.REMINDER, to, "提醒", "<1@x>", "", b"", about, rung=rung)


QUEUED = replace(a_scene(), keys=frozenset({KEY}))


def test_a_reminder_that_was_composed_goes_while_its_rung_stands() -> None:
    assert may_still_go(still_planned(a_mail(), [plan(scene=QUEUED)])) == (Go.SEND, "")


def test_a_reminder_is_cancelled_once_the_unit_has_delivered() -> None:
    assert may_still_go(still_planned(a_mail(), [plan(COMPLETE, QUEUED)])) == (Go.CANCEL, "本期已报齐或免报")


def test_a_reminder_of_an_older_rung_is_cancelled() -> None:
    assert may_still_go(still_planned(a_mail("before-3"), [plan(scene=QUEUED)]))[0] is Go.CANCEL


def test_a_reminder_of_another_period_is_cancelled() -> None:
    assert may_still_go(still_planned(a_mail(), []))[0] is Go.CANCEL


def test_a_reminder_waits_for_office_hours_and_for_the_mailbox() -> None:
    scene = replace(a_scene("2021-04-23T20:00"), keys=frozenset({KEY}), undecided=1)

    go, why = may_still_go(still_planned(a_mail(), [plan(scene=scene)]))

    assert (go, why) == (Go.WAIT, "现在不是工作日办公时间；有已收取但尚未处理完的来件")
