from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.message import Address, Mail
from mailbot.rules.may_reply import REASONS_NOT_TO_ANSWER, codes_not_to_answer, reasons_not_to_answer

OURS = frozenset({"office@163.example"})
CLERK = "jyj@qq.example"


def a_mail(  # one default for everything that a test does not name
    *headers: tuple[str, str],
    sender: str = CLERK,
    subject: str = "4月进展",
    text: str = "请查收。",
    return_path: str | None = None,
    content_type: str = "multipart/mixed",
) -> Mail:
    return Mail(headers, subject, Address("", sender), (), "", (), return_path, content_type, text)


def why_not(mail: Mail, bound: tuple[str, ...] = ("区教育局",)) -> set[str]:
    return set(codes_not_to_answer(mail, bound, OURS))


def test_a_bound_clerks_plain_mail_may_be_answered() -> None:
    assert why_not(a_mail()) == set()


@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("auto-submitted", "auto-replied", "auto_submitted"),
        ("auto-submitted", "Auto-Generated; owner-email=x@example", "auto_submitted"),
        ("auto-submitted", "auto-notified (by rule)", "auto_submitted"),
        ("x-qq-auto-reply", "true", "qq_auto_reply"),
        ("x-qq-holidayreply", "true", "qq_auto_reply"),
        ("x-autoreply", "yes", "auto_reply_header"),
        ("x-autorespond", "vacation", "auto_reply_header"),
        ("precedence", "bulk", "precedence"),
        ("precedence", "Junk", "precedence"),
        ("precedence", "auto_reply", "precedence"),
        ("list-id", "<news.example>", "mailing_list"),
        ("list-unsubscribe", "<mailto:leave@example>", "mailing_list"),
        ("list-post", "<mailto:all@example>", "mailing_list"),
        ("x-auto-response-suppress", "All", "response_suppressed"),
        ("x-auto-response-suppress", "DR, OOF, AutoReply", "response_suppressed"),
        ("x-cm-original-message-id", "<1@mailbot>", "coremail_bounce"),
        ("x-loop", "mailbot", "mail_loop"),
    ],
)
def test_a_machines_header_forbids_an_answer(header: str, value: str, reason: str) -> None:
    assert why_not(a_mail((header, value))) == {reason}


@pytest.mark.parametrize(
    ("header", "values", "reason"),
    [
        ("auto-submitted", ("no", "auto-replied"), "auto_submitted"),
        ("auto-submitted", ("auto-generated", "no"), "auto_submitted"),
        ("precedence", ("normal", "bulk"), "precedence"),
        ("x-auto-response-suppress", ("DR", "OOF"), "response_suppressed"),
        ("x-autoreply", ("no", "yes"), "auto_reply_header"),
        ("x-loop", ("no", "mailbot"), "mail_loop"),
        ("list-id", ("", "<news.example>"), "mailing_list"),
        ("return-path", ("<jyj@qq.example>", "<>"), "null_return_path"),
        ("return-path", ("<jyj@qq.example>", "<a+auto_=b@qq.example>"), "auto_reply_envelope"),
    ],
)
def test_a_header_that_repeats_counts_each_time(header: str, values: tuple[str, ...], reason: str) -> None:
    assert why_not(a_mail(*((header, value) for value in values), return_path=CLERK)) == {reason}


@pytest.mark.parametrize("value", ["maybe", "no, auto-replied", "yes", "auto-x-by-rule"])
def test_whatever_auto_submitted_says_but_no_is_a_machine(value: str) -> None:
    assert why_not(a_mail(("auto-submitted", value))) == {"auto_submitted"}


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("auto-submitted", "no"),
        ("auto-submitted", "NO (sent by hand)"),
        ("x-autoreply", "no"),
        ("precedence", "normal"),
        ("x-auto-response-suppress", "DR, RN"),
        ("x-mailer", "Coremail Webmail Server Version XT5.0.13"),
    ],
)
def test_a_header_that_says_no_forbids_nothing(header: str, value: str) -> None:
    assert why_not(a_mail((header, value))) == set()


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("自动回复:4月进展情况", "auto_reply_subject"),
        ("自动回复：【提醒】4月进展情况请于25日前报送", "auto_reply_subject"),
        ("自動回覆: x", "auto_reply_subject"),
        ("来自张三的自动回复", "auto_reply_subject"),
        ("Automatic reply: x", "auto_reply_subject"),
        ("Out of Office: x", "auto_reply_subject"),
        ("系统退信", "bounce_subject"),
        ("来自qq.com的退信", "bounce_subject"),
        ("Undelivered Mail Returned to Sender", "bounce_subject"),
        ("Mail delivery failed: returning message to sender", "bounce_subject"),
        ("通知：[撤回邮件失败]4月进展", "bounce_subject"),
        ("已读：4月进展", "receipt_subject"),
        ("（自动回复）区教育局4月进展", "auto_reply_subject"),
        ("【自动回复】您的来信已收到", "auto_reply_subject"),
        ("[自动应答] 4月进展", "auto_reply_subject"),
        ("您的邮件已被阅读", "receipt_subject"),
        ("您发送的邮件“4月进展”已被对方阅读", "receipt_subject"),
        ("【已读】4月进展", "receipt_subject"),
        ("Read: x", "receipt_subject"),
        ("阅读回执", "receipt_subject"),
    ],
)
def test_a_machines_subject_forbids_an_answer(subject: str, reason: str) -> None:
    assert why_not(a_mail(subject=subject)) == {reason}


@pytest.mark.parametrize(
    "subject",
    [
        "回复：【回执】4月进展",
        "Re: 【提醒】4月进展情况请于25日前报送",
        "关于退信问题的说明",
        "已读悉，4月进展",
        "区教育局4月自动回复系统建设进展",
        "您的邮件已收悉，报送4月进展",
    ],
)
def test_a_person_may_use_such_words_elsewhere(subject: str) -> None:
    assert why_not(a_mail(subject=subject)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "这是来自QQ邮箱的假期自动回复邮件。\n您好，我在休假。",
        "  这是自动回复，请勿回复本邮件。",
        "这是一封自动回复邮件",
        "您好，我近期休假，来信已收到。这是自动回复，请勿回复本邮件。",
        "This is an automatic reply.",
        "【自动回复】您的来信已收到，我会尽快回复。",
        "（自动回复）本人出差",
        "您好！此邮件为系统自动回复，请勿直接回复。",
        "本邮件由系统自动回复",
    ],
)
def test_an_auto_reply_that_only_its_words_betray_is_not_answered(text: str) -> None:
    assert why_not(a_mail(text=text)) == {"auto_reply_text"}


@pytest.mark.parametrize(
    "text", ["附件为自动回复系统的进展。", "贵办的邮件是自动回复的吗？", "您的【自动回复】已收到，报送4月进展。"]
)
def test_a_person_may_speak_of_an_auto_reply(text: str) -> None:
    assert why_not(a_mail(text=text)) == set()


def test_the_words_of_an_auto_reply_below_ones_own_do_not_count() -> None:
    assert why_not(a_mail(text="已补报。\n> 这是自动回复")) == set()


@pytest.mark.parametrize(
    "sender",
    [
        "mailer-daemon@qq.example",
        "MAILER-DAEMON@qq.example",
        "Postmaster@163.example",
        "noreply@example",
        "no-reply@example",
        "owner-list@example",
        "list-request@example",
        "bounces+123@example",
    ],
)
def test_a_machines_mailbox_is_not_answered(sender: str) -> None:
    assert why_not(a_mail(sender=sender)) == {"machine_mailbox"}


@pytest.mark.parametrize(
    ("kind", "reason"), [("delivery-status", "delivery_report"), ("disposition-notification", "disposition_report")]
)
def test_a_report_of_a_mail_system_is_not_answered(kind: str, reason: str) -> None:
    value = f'multipart/report; report-type={kind}; boundary="x"'

    assert why_not(a_mail(("content-type", value), content_type="multipart/report")) == {reason, "multipart_report"}


def test_a_report_of_unnamed_type_is_not_answered_either() -> None:
    assert why_not(a_mail(content_type="multipart/report")) == {"multipart_report"}


def test_the_null_return_path_forbids_and_a_missing_one_says_nothing() -> None:
    assert why_not(a_mail(return_path="")) == {"null_return_path"}
    assert why_not(a_mail(return_path=None)) == set()
    assert why_not(a_mail(return_path=CLERK)) == set()


def test_an_envelope_of_qqs_auto_reply_forbids() -> None:
    assert why_not(a_mail(return_path="jyj+auto_=office=163.example@qq.example")) == {"auto_reply_envelope"}


def test_our_own_mail_is_not_answered() -> None:
    assert "own_mail" in why_not(a_mail(sender="office@163.example"))


def test_a_sender_that_cannot_be_trusted_is_not_answered() -> None:
    assert why_not(a_mail(sender="")) == {"no_sender"}


def test_a_stranger_is_not_answered() -> None:
    assert why_not(a_mail(), bound=()) == {"not_bound"}


def test_every_reason_that_applies_is_collected() -> None:
    mail = a_mail(("auto-submitted", "auto-replied"), ("precedence", "bulk"), subject="自动回复:x", return_path="")

    assert why_not(mail, bound=()) == {
        "auto_submitted",
        "precedence",
        "auto_reply_subject",
        "null_return_path",
        "not_bound",
    }


def test_every_reason_has_its_own_code_and_names_its_source() -> None:
    codes = [reason.code for reason in REASONS_NOT_TO_ANSWER]

    assert len(codes) == len(set(codes))
    assert all(reason.source for reason in REASONS_NOT_TO_ANSWER)


@given(
    st.lists(
        st.tuples(st.sampled_from(["auto-submitted", "precedence", "x-loop", "list-id", "content-type"]), st.text())
    ),
    st.text(),
    st.text(),
)
def test_no_mail_breaks_the_table(headers: list[tuple[str, str]], subject: str, text: str) -> None:
    reasons_not_to_answer(a_mail(*headers, subject=subject, text=text), (), OURS)
