"""What a person decides, and what follows from it: triage, bindings, and the office's own files edited meanwhile."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, Rules, text_of
from tests.office_mails import (
    APRIL,
    a_doubtful_report,
    a_letter,
    a_report,
    a_sealed_paper,
    a_table,
    the_scan,
    the_table,
)

from mailbot.demo.samples import File, report_mail, stranger_mail
from mailbot.domain.books import Completeness, MessageStanding, Timeliness
from mailbot.domain.decision import Ruling
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period
from mailbot.domain.report import PartKind
from mailbot.errors import ArchiveError, UsageError

pytestmark = QUIET_SMTP


def an_archive() -> bytes:
    """Return a zip with something in it."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("4.xlsx", b"a table")
    return buffer.getvalue()


NINE, SOON = "2021-04-15T09:00", "2021-04-15T09:05"
NEW_CLERK = "someone@private.example"
FOR_EDUCATION = Ruling(EDUCATION, APRIL)


class TestTriage:
    def test_a_doubtful_message_waits_with_its_best_guess_and_its_reasons(self, office: Office) -> None:
        office.receives(a_doubtful_report(), at=NINE)

        office.rounds(at=SOON)

        (item,) = office.triage()
        assert (item.unit, item.period, item.sender) == (EDUCATION, APRIL, NEW_CLERK)
        assert item.reasons
        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.IN_DOUBT

    def test_assigning_it_makes_a_receipt_and_an_event(self, office: Office) -> None:
        office.receives(a_doubtful_report(), at=NINE)
        office.rounds(at=SOON)
        (item,) = office.triage()

        office.bench.assign(item.id, FOR_EDUCATION)

        (receipt,) = office.receipts()
        assert (receipt.unit, receipt.period, receipt.sha256) == (EDUCATION, APRIL, item.sha256)
        assert receipt.arrived == shanghai(NINE)
        assert office.triage() == ()
        assert [(e.actor, e.what) for e in office.events(item.sha256) if e.actor == "office"] == [
            ("office", "assigned")
        ]

    def test_assigning_a_bound_clerks_mail_sends_the_answer_that_waited(self, office: Office) -> None:
        office.receives(a_doubtful_report(sender=CLERK, month="3月"), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        (item,) = office.triage()
        assert office.sent() == []

        office.bench.assign(item.id, FOR_EDUCATION)
        office.rounds(at="2021-04-20T09:30")

        assert len(office.sent_to(CLERK)) == 1

    def test_an_answer_that_waited_too_long_is_not_sent_any_more(self, office: Office) -> None:
        office.receives(a_doubtful_report(sender=CLERK, month="3月"), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        office.clock.moment = shanghai("2021-04-24T09:00")

        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
        office.rounds(at="2021-04-24T09:30")

        assert len(office.receipts()) == 1
        assert office.sent_to(CLERK) == []

    def test_ignoring_it_keeps_the_mail_and_makes_no_receipt(self, office: Office) -> None:
        office.receives(stranger_mail(shanghai(NINE)), at=NINE)
        office.rounds(at=SOON)
        (item,) = office.triage()

        office.bench.ignore(item.id, "a citizen's question")

        (row,) = office.messages()
        assert (row.standing, office.receipts(), office.triage()) == (MessageStanding.IGNORED, (), ())
        assert [e.detail for e in office.events(item.sha256) if e.what == "ignored"] == ["a citizen's question"]

    def test_it_can_be_settled_once_only(self, office: Office) -> None:
        office.receives(a_doubtful_report(), at=NINE)
        office.rounds(at=SOON)
        (item,) = office.triage()
        office.bench.assign(item.id, FOR_EDUCATION)

        with pytest.raises(UsageError):
            office.bench.assign(item.id, FOR_EDUCATION)
        with pytest.raises(UsageError):
            office.bench.ignore(item.id, "too late")

    @pytest.mark.parametrize(
        "ruling", [Ruling("区教育", APRIL), Ruling(EDUCATION, Period(2022, 4)), Ruling("区财政局", APRIL)]
    )
    def test_nobody_can_be_given_a_report_that_he_does_not_owe(self, office: Office, ruling: Ruling) -> None:
        office.receives(a_doubtful_report(), at=NINE)
        office.rounds(at=SOON)

        with pytest.raises(UsageError):
            office.bench.assign(office.triage()[0].id, ruling)

        assert len(office.triage()) == 1

    def test_what_a_person_settled_stays_settled_whatever_is_bound_later(self, office: Office) -> None:
        office.receives(a_doubtful_report(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, Ruling(LABOUR, APRIL))

        office.bench.bind(NEW_CLERK, EDUCATION)
        office.rounds(at="2021-04-15T09:30")

        assert [receipt.unit for receipt in office.receipts()] == [LABOUR]

    def test_binding_the_address_then_sends_the_answer_of_what_was_assigned(self, office: Office) -> None:
        office.receives(a_doubtful_report(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
        assert office.sent() == []

        office.bench.bind(NEW_CLERK, EDUCATION)
        office.rounds(at="2021-04-15T09:30")

        assert len(office.sent_to(NEW_CLERK)) == 1


class TestBind:
    def test_binding_an_address_releases_the_acknowledgement_that_waited_for_it(self, office: Office) -> None:
        office.receives(a_report(sender=NEW_CLERK), at=NINE)
        office.rounds(at=SOON)
        assert office.sent() == []

        office.bench.bind(NEW_CLERK, EDUCATION)
        office.rounds(at="2021-04-15T09:30")
        office.rounds(at="2021-04-15T09:35")

        (mail,) = office.sent_to(NEW_CLERK)
        (receipt,) = office.receipts()
        assert receipt.number in text_of(mail)
        assert "完全相同" not in text_of(mail)  # its files are not a repetition of themselves

    def test_too_late_a_binding_releases_nothing(self, office: Office) -> None:
        office.receives(a_report(sender=NEW_CLERK), at=NINE)
        office.rounds(at=SOON)
        office.clock.moment = shanghai("2021-04-18T09:30")

        office.bench.bind(NEW_CLERK, EDUCATION)
        office.rounds(at="2021-04-18T09:35")

        assert len(office.receipts()) == 1
        assert office.sent() == []

    def test_it_settles_what_waited_in_triage_for_want_of_it(self, office: Office) -> None:
        letter = a_letter(the_scan(), sender=NEW_CLERK, subject="4月重点民生实事盖章件", body="请查收。")
        office.receives(report_mail(letter), at=NINE)
        office.rounds(at=SOON)
        assert len(office.triage()) == 1

        office.bench.bind(NEW_CLERK, EDUCATION)
        office.rounds(at="2021-04-15T09:30")

        assert (len(office.triage()), len(office.receipts()), len(office.sent_to(NEW_CLERK))) == (0, 1, 1)

    def test_it_does_not_renumber_what_was_recorded(self, office: Office) -> None:
        office.receives(a_table(sender=NEW_CLERK), at=NINE)
        office.receives(a_sealed_paper(), at="2021-04-15T09:01")
        office.rounds(at=SOON)
        before = office.receipts()

        office.bench.bind(NEW_CLERK, EDUCATION)

        assert office.receipts() == before

    def test_an_address_bound_to_another_unit_than_its_mail_was_booked_for_gets_no_answer(self, office: Office) -> None:
        office.receives(a_report(sender=NEW_CLERK), at=NINE)
        office.rounds(at=SOON)
        before = office.receipts()

        office.bench.bind(NEW_CLERK, LABOUR)
        office.rounds(at="2021-04-15T09:30")

        assert office.receipts() == before
        assert office.sent() == []

    def test_a_message_that_cannot_be_read_back_keeps_no_other_waiting_and_is_answered_once_it_was_fetched_again(
        self, office: Office
    ) -> None:
        for number in range(3):
            office.receives(a_report(sender=NEW_CLERK, body=f"第{number}次"), at=f"2021-04-15T09:0{number}")
        office.rounds(at=SOON)
        office.app.archive.path_of(office.receipts()[0].sha256).unlink()

        with pytest.raises(ArchiveError):
            office.bench.bind(NEW_CLERK, EDUCATION)
        assert len(office.outbox()) == 2

        office.rounds(at="2021-04-15T09:30")

        assert len(office.sent_to(NEW_CLERK)) == 3

    def test_case_in_an_address_does_not_matter(self, office: Office) -> None:
        office.receives(a_report(sender=NEW_CLERK), at=NINE)
        office.rounds(at=SOON)

        office.bench.bind("Someone@Private.EXAMPLE", EDUCATION)
        office.rounds(at="2021-04-15T09:30")

        assert len(office.sent_to(NEW_CLERK)) == 1

    def test_a_unit_that_is_not_there_is_refused(self, office: Office) -> None:
        with pytest.raises(UsageError):
            office.bench.bind(NEW_CLERK, "区教育")

    def test_a_bound_unit_is_reminded_at_that_address(self, office: Office) -> None:
        office.bench.bind("canlian@clerks.example", "区残联")

        office.rounds(at="2021-04-21T09:00")

        assert len(office.sent_to("canlian@clerks.example")) == 1


class TestEditedWhileRunning:
    def test_an_answer_that_waited_for_an_address_leaves_once_it_is_written_into_units_yaml(
        self, office: Office
    ) -> None:
        office.receives(a_report(sender=NEW_CLERK), at=NINE)
        office.rounds(at=SOON)
        assert office.sent() == []

        office.edits_units({EDUCATION: (NEW_CLERK,)})
        office.rounds(at="2021-04-15T09:30")
        office.rounds(at="2021-04-15T09:35")

        assert len(office.sent_to(NEW_CLERK)) == 1

    def test_an_address_written_into_units_yaml_is_used_at_the_next_decision(self, office: Office) -> None:
        office.rounds(at="2021-04-15T08:00")

        office.edits_units({EDUCATION: (NEW_CLERK,)})
        office.receives(a_report(sender=NEW_CLERK), at=NINE)
        office.rounds(at=SOON)

        assert len(office.sent_to(NEW_CLERK)) == 1

    def test_what_waited_in_triage_is_decided_again_with_it(self, office: Office) -> None:
        letter = a_letter(the_scan(), sender=NEW_CLERK, subject="4月重点民生实事盖章件", body="请查收。")
        office.receives(report_mail(letter), at=NINE)
        office.rounds(at=SOON)
        assert len(office.triage()) == 1

        office.edits_units({EDUCATION: (NEW_CLERK,)})
        office.rounds(at="2021-04-15T09:30")

        assert (len(office.triage()), len(office.receipts())) == (0, 1)

    def test_a_broken_edit_keeps_the_last_good_state_and_is_told(self, office: Office) -> None:
        office.rounds(at="2021-04-15T08:00")
        (office.folder / "units.yaml").write_text("- name: 区教育局\n  adresses: [x@y.example\n", "utf-8")
        office.receives(a_report(), at=NINE)

        result = office.rounds(at=SOON)

        assert len(office.sent_to(CLERK)) == 1
        assert "units.yaml" in result.trouble["files"]
        assert any("units.yaml" in text for text in office.status().wrong)

    def test_status_is_well_again_once_the_file_is(self, office: Office) -> None:
        office.rounds(at="2021-04-15T08:00")
        (office.folder / "units.yaml").write_text("- nothing\n", "utf-8")
        office.rounds(at="2021-04-15T08:05")

        office.edits_units({EDUCATION: (CLERK,)})
        office.rounds(at="2021-04-15T08:10")

        assert office.status().wrong == ()

    def test_a_holiday_entered_later_never_counts_against_a_unit(self, office: Office) -> None:
        office.receives(a_report(), at="2021-04-26T08:00")
        office.rounds(at="2021-04-26T08:05")
        assert office.ledger("2021-04")[EDUCATION].standing.days_late == 1
        holidays = office.folder / "holidays.yaml"
        text = holidays.read_text("utf-8").replace("2021-04-25, ", "")
        holidays.write_text(text, "utf-8")

        assert office.ledger("2021-04")[EDUCATION].standing.days_late == 0

    def test_a_template_that_was_broken_does_not_keep_a_unit_waiting(self, office: Office) -> None:
        office.rules = Rules(own_templates=True)
        office.rounds(at="2021-04-15T08:00")
        for each in (office.folder / "templates" / "mails").glob("acknowledgement*"):
            each.write_text("{% if %}", "utf-8")
        office.receives(a_report(), at=NINE)

        office.rounds(at=SOON)

        assert len(office.sent_to(CLERK)) == 1


def test_both_units_of_one_clerk_are_told_apart_by_what_the_mail_holds(office: Office) -> None:
    office.addresses = {EDUCATION: (CLERK,), LABOUR: (CLERK, OTHER_CLERK)}
    office.receives(a_report(LABOUR, sender=CLERK), at=NINE)

    office.rounds(at=SOON)

    assert [receipt.unit for receipt in office.receipts()] == [LABOUR]
    assert len(office.sent_to(CLERK)) == 1


def two_units() -> bytes:
    """Return a mail of 区教育局's clerk with the reports of two units, and a subject that names neither."""
    files = (the_table(), the_scan(), the_table(LABOUR), the_scan(LABOUR))
    return report_mail(a_letter(*files, subject="进展情况"))


class TestTwoReportsInOneMail:
    def test_assigning_it_to_one_unit_books_only_that_units_files(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)

        decision = office.bench.assign(office.triage()[0].id, FOR_EDUCATION)

        rows = office.ledger("2021-04")
        (receipt,) = office.receipts()
        assert (receipt.unit, {part.file for part in receipt.parts}) == (
            EDUCATION,
            {the_table().name, the_scan().name},
        )
        assert rows[LABOUR].standing.completeness is Completeness.IN_DOUBT
        assert decision is not None
        assert [doubt.code for doubt in decision.doubts] == ["left_over", "left_over"]

    def test_the_other_units_files_wait_and_keep_its_reminder_back(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)

        (item,) = office.triage()
        assert (item.unit, item.period, item.concerns) == (LABOUR, APRIL, ((LABOUR, APRIL),))
        assert [row.standing for row in office.messages()] == [MessageStanding.TRIAGE]

    def test_the_unit_is_told_which_files_were_not_counted(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
        office.rounds(at="2021-04-15T09:30")

        (mail,) = office.sent_to(CLERK)
        words = text_of(mail)
        assert words.count("文件写的是其他单位或其他月份，未计入本次登记，由工作人员核实") == 2
        assert the_table(LABOUR).name in words

    def test_assigning_the_rest_books_and_answers_that_too(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
        office.rounds(at="2021-04-15T09:30")

        office.bench.assign(office.triage()[0].id, Ruling(LABOUR, APRIL))
        office.rounds(at="2021-04-15T10:00")

        rows = office.ledger("2021-04")
        assert {rows[unit].standing.completeness for unit in (EDUCATION, LABOUR)} == {Completeness.COMPLETE}
        assert office.triage() == ()
        first, second = office.sent_to(CLERK)
        assert (EDUCATION in first["Subject"], LABOUR in second["Subject"]) == (True, True)
        assert EDUCATION not in second["Subject"]

    def test_ignoring_the_rest_keeps_what_was_booked(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)

        office.bench.ignore(office.triage()[0].id, "only for information")

        assert office.triage() == ()
        assert [row.standing for row in office.messages()] == [MessageStanding.RECEIPTS]
        assert len(office.receipts()) == 1

    def test_the_same_word_again_changes_nothing_and_tells_nobody_anything(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
        office.rounds(at="2021-04-15T09:30")

        (receipt,) = office.receipts()
        assert len(receipt.parts) == 2
        assert len(office.triage()) == 1
        assert len(office.sent_to(CLERK)) == 1

    def test_all_books_the_rest_for_the_same_unit(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)

        office.bench.assign(office.triage()[0].id, Ruling(EDUCATION, APRIL, every=True))

        (receipt,) = office.receipts()
        assert len(receipt.parts) == 4
        assert office.triage() == ()

    def test_a_third_unit_is_refused_and_nothing_is_booked(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)

        decision = office.bench.assign(office.triage()[0].id, Ruling("区卫健委", APRIL))

        assert decision is not None
        assert (decision.submissions, [doubt.code for doubt in decision.doubts]) == ((), ["not_meant"])
        assert (office.receipts(), len(office.triage())) == ((), 1)

    def test_papers_that_name_nobody_wait_until_a_person_says_whose_they_are(self, office: Office) -> None:
        papers = replace(the_scan(), name="扫描件1.pdf"), replace(the_scan(LABOUR), name="扫描件2.pdf")
        office.receives(report_mail(a_letter(the_table(), the_table(LABOUR), *papers, subject="进展情况")), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
        office.rounds(at="2021-04-15T09:30")
        assert office.sent_to(CLERK) == []  # nobody is told that he lacks what lies there

        item = office.triage()[0].id
        office.bench.assign(item, Ruling(EDUCATION, APRIL, files=("扫描件1.pdf",)))
        office.bench.assign(item, Ruling(LABOUR, APRIL))
        office.bench.assign(item, Ruling(LABOUR, APRIL, files=("扫描件2.pdf",)))
        office.rounds(at="2021-04-15T10:00")

        rows = office.ledger("2021-04")
        assert {rows[unit].standing.completeness for unit in (EDUCATION, LABOUR)} == {Completeness.COMPLETE}
        assert office.triage() == ()
        assert "缺" not in "".join(str(mail["Subject"]) for mail in office.sent_to(CLERK))

    def test_one_paper_of_two_units_is_booked_for_both(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        (receipt,) = office.receipts()

        office.bench.assign(receipt.number, Ruling(LABOUR, APRIL, files=(the_scan().name,)))

        assert office.ledger("2021-04")[LABOUR].standing.completeness is Completeness.LACKS_ELECTRONIC
        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE

    def test_a_file_that_is_not_there_is_refused(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)

        decision = office.bench.assign(office.triage()[0].id, Ruling(EDUCATION, APRIL, files=("没有.pdf",)))

        assert decision is not None
        assert [doubt.code for doubt in decision.doubts] == ["no_such_file"]
        assert office.receipts() == ()

    def test_whoever_is_answered_is_told_of_all_that_was_booked_before(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, Ruling(LABOUR, APRIL))  # not bound to this address
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
        office.rounds(at="2021-04-15T10:00")

        (mail,) = office.sent_to(CLERK)
        assert all(receipt.number in text_of(mail) for receipt in office.receipts())

    def test_a_month_that_the_subject_gainsays_leaves_the_other_months_files(self, office: Office) -> None:
        march = Period(2021, 3)
        files = (the_table(), the_scan(), the_table(EDUCATION, march), the_scan(EDUCATION, march))
        office.receives(report_mail(a_letter(*files, subject="区教育局4月进展")), at=NINE)
        office.rounds(at=SOON)
        (item,) = office.triage()

        office.bench.assign(item.id, FOR_EDUCATION)
        assert [len(receipt.parts) for receipt in office.receipts()] == [2]
        office.bench.assign(item.id, Ruling(EDUCATION, march))

        assert office.ledger("2021-03")[EDUCATION].standing.completeness is Completeness.COMPLETE
        assert office.triage() == ()

    def test_names_that_are_bare_tell_units_apart_too_and_keep_both_from_being_reminded(self, office: Office) -> None:
        files = [
            replace(file, name=f"{name}{'盖章.pdf' if file.name.endswith('pdf') else '.xlsx'}")
            for unit, name in ((EDUCATION, "教育局"), (LABOUR, "人社局"))
            for file in (the_table(unit), the_scan(unit))
        ]
        office.receives(report_mail(a_letter(*files, subject="进展情况")), at=NINE)
        office.rounds(at=SOON)
        (item,) = office.triage()
        assert {unit for unit, _ in item.concerns} == {EDUCATION, LABOUR}

        office.bench.assign(item.id, FOR_EDUCATION)
        assert {part.file for receipt in office.receipts() for part in receipt.parts} == {
            "教育局.xlsx",
            "教育局盖章.pdf",
        }

    def test_two_months_are_booked_by_two_words(self, office: Office) -> None:
        march = Period(2021, 3)
        raw = report_mail(
            a_letter(
                the_table(),
                the_scan(),
                the_table(EDUCATION, march),
                the_scan(EDUCATION, march),
                sender=NEW_CLERK,
                subject="区人社局材料",
            )
        )
        office.receives(raw, at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)

        assert [receipt.period for receipt in office.receipts()] == [APRIL]
        (item,) = office.triage()
        assert (item.unit, item.period) == (EDUCATION, march)
        office.bench.assign(item.id, Ruling(EDUCATION, march))
        assert {receipt.period for receipt in office.receipts()} == {march, APRIL}

    def test_binding_the_address_to_both_units_books_both_at_once(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)

        office.bench.bind(CLERK, LABOUR)

        assert {receipt.unit for receipt in office.receipts()} == {EDUCATION, LABOUR}
        assert office.triage() == ()

    def test_binding_it_after_one_was_assigned_changes_nothing_that_was_settled(self, office: Office) -> None:
        office.receives(two_units(), at=NINE)
        office.rounds(at=SOON)
        office.bench.assign(office.triage()[0].id, FOR_EDUCATION)

        office.bench.bind(CLERK, LABOUR)
        office.rounds(at="2021-04-15T09:30")

        assert {receipt.unit for receipt in office.receipts()} == {EDUCATION}
        assert [(item.unit, item.period) for item in office.triage()] == [(LABOUR, APRIL)]

    def test_a_paper_in_answer_to_our_mail_about_both_is_nobodys_before_a_person_looked(self, office: Office) -> None:
        office.bench.bind(CLERK, LABOUR)
        office.receives(report_mail(a_letter(the_table(), the_table(LABOUR), subject="4月进展情况")), at=NINE)
        office.rounds(at=SOON)
        (answer,) = office.sent_to(CLERK)
        paper = replace(the_scan(), name="扫描件.pdf")

        office.receives(
            report_mail(a_letter(paper, subject="回复：盖章件", answers=answer["Message-ID"])), at="2021-04-15T10:00"
        )
        office.rounds(at="2021-04-15T10:05")

        (item,) = office.triage()
        assert {unit for unit, _ in item.concerns} == {EDUCATION, LABOUR}


class TestOnWhatIsRecorded:
    """What the program booked stands as if a person had said it; his word adds to it."""

    def test_a_first_word_is_answered_though_the_program_had_answered(self, office: Office) -> None:
        office.receives(a_table(), at=NINE)
        office.rounds(at=SOON)
        (receipt,) = office.receipts()
        word = Ruling(EDUCATION, APRIL, (the_table().name,), holds=(PartKind.ELECTRONIC, PartKind.SEALED_SCAN))

        office.bench.assign(receipt.number, word)
        office.rounds(at="2021-04-15T09:30")

        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
        first, second = office.sent_to(CLERK)
        assert ("尚缺" in text_of(first), "材料已齐" in text_of(second)) == (True, True)

    def test_another_unit_given_one_file_takes_nothing_from_the_first_and_lets_nothing_wait(
        self, office: Office
    ) -> None:
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        (receipt,) = office.receipts()

        decision = office.bench.assign(receipt.number, Ruling(LABOUR, APRIL, files=(the_table().name,)))
        office.rounds(at="2021-04-15T09:30")

        assert decision is not None
        assert (decision.doubts, office.triage()) == ((), ())
        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
        assert [row.standing for row in office.messages()] == [MessageStanding.RECEIPTS]

    def test_a_file_that_a_person_left_out_does_not_count(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        office.bench.reopen(office.receipts()[0].number)
        item = office.triage()[0].id

        office.bench.assign(item, Ruling(EDUCATION, APRIL, files=(the_table().name,)))
        assert [part.file for receipt in office.receipts() for part in receipt.parts] == [the_table().name]
        office.bench.ignore(item, "the paper is another's")

        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.LACKS_SEALED_SCAN

    def test_the_same_word_again_adds_nothing(self, office: Office) -> None:
        office.receives(a_table(), at=NINE)
        office.rounds(at=SOON)
        (receipt,) = office.receipts()
        word = Ruling(EDUCATION, APRIL, holds=(PartKind.SEALED_SCAN,))
        for _ in range(2):
            office.bench.assign(receipt.number, word)

        assert len(office.receipts()[0].parts) == 2


class TestWhatNobodyRead:
    """A zip with both parts, sent on the 22nd: the program does not look into it."""

    ZIP = File("材料.zip", an_archive(), "application/zip")

    def waits(self, office: Office) -> int:
        office.receives(report_mail(a_letter(self.ZIP, subject="区教育局4月进展")), at="2021-04-22T09:00")
        office.rounds(at="2021-04-22T09:05")
        return office.triage()[0].id

    def test_assigning_it_alone_leaves_it_in_doubt_and_tells_nobody_that_he_lacks_it(self, office: Office) -> None:
        item = self.waits(office)

        decision = office.bench.assign(item, FOR_EDUCATION)
        office.rounds(at="2021-04-26T09:00")

        assert decision is not None
        assert [doubt.code for doubt in decision.doubts] == ["file_not_read"]
        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.IN_DOUBT
        assert office.sent_to(CLERK) == []

    def test_a_person_who_has_looked_says_what_it_holds_and_it_counts_from_when_it_came(self, office: Office) -> None:
        item = self.waits(office)
        office.clock.moment = shanghai("2021-04-23T09:00")

        holds = (PartKind.ELECTRONIC, PartKind.SEALED_SCAN)
        office.bench.assign(item, Ruling(EDUCATION, APRIL, holds=holds))
        office.rounds(at="2021-04-23T09:30")

        standing = office.ledger("2021-04")[EDUCATION].standing
        assert (standing.completeness, standing.timeliness) == (Completeness.COMPLETE, Timeliness.ON_TIME)
        assert standing.completed_at == shanghai("2021-04-22T09:00")
        (answer,) = office.sent_to(CLERK)
        assert "材料已齐" in text_of(answer)

    def test_once_a_person_says_that_it_holds_nothing_the_unit_is_told_what_it_lacks(self, office: Office) -> None:
        files = (the_table(), self.ZIP)
        office.receives(report_mail(a_letter(*files, subject="区教育局4月进展")), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        item = office.triage()[0].id
        office.bench.assign(item, FOR_EDUCATION)
        office.rounds(at="2021-04-20T09:10")
        assert office.sent_to(CLERK) == []

        office.bench.ignore(item, "only pictures")
        office.rounds(at="2021-04-20T09:20")

        (answer,) = office.sent_to(CLERK)
        assert "尚缺" in text_of(answer)
        assert office.triage() == ()

    def test_naming_it_without_saying_what_it_holds_books_nothing(self, office: Office) -> None:
        item = self.waits(office)

        decision = office.bench.assign(item, Ruling(EDUCATION, APRIL, files=("材料.zip",)))

        assert decision is not None
        assert (decision.submissions, [doubt.code for doubt in decision.doubts]) == ((), ["file_not_read"])
        assert office.receipts() == ()

    def test_a_month_long_after_the_mail_is_a_slip_of_the_pen(self, office: Office) -> None:
        item = self.waits(office)

        with pytest.raises(UsageError):
            office.bench.assign(item, Ruling(EDUCATION, Period(2021, 12)))


def test_what_the_office_mails_to_its_own_mailbox_can_be_reopened_and_assigned(office: Office) -> None:
    office.receives(a_report(sender=office.app.settings.imap.user), at=NINE)
    office.rounds(at=SOON)
    (row,) = office.messages()
    assert row.standing is MessageStanding.IGNORED

    office.bench.reopen(row.sha256)
    office.bench.assign(office.triage()[0].id, FOR_EDUCATION)
    office.rounds(at="2021-04-15T09:30")

    assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
    assert office.sent() == []
