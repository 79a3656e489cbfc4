from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.matching.builders import (
    APRIL,
    EDUCATION,
    HEALTH,
    MARCH,
    OFFICE,
    STRANGER,
    attachment,
    doubts,
    facts,
    judged,
    letter,
    scan,
    school_workbook,
    situation,
    table,
    workbook,
)

from mailbot.domain.decision import MailKind, Verdict
from mailbot.domain.message import Attachment, Document, FileKind
from mailbot.domain.moments import shanghai
from mailbot.errors import Problem
from mailbot.matching import decide


@pytest.mark.parametrize(
    ("kind", "mail"),
    [
        (
            MailKind.AUTO_REPLY,
            {"subject": "自动回复:区教育局4月民生实事进展", "headers": [("x-qq-auto-reply", "true")]},
        ),
        (MailKind.AUTO_REPLY, {"subject": "外出", "text": "这是自动回复，请勿回复。"}),
        (MailKind.AUTO_REPLY, {"subject": "4月", "headers": [("auto-submitted", "auto-replied")]}),
        (MailKind.AUTO_REPLY, {"subject": "4月", "text": "这是来自QQ邮箱的假期自动回复邮件"}),
        (
            MailKind.BOUNCE,
            {
                "sender": "postmaster@163.example",
                "subject": "系统退信",
                "content_type": "multipart/report",
                "headers": [("content-type", "multipart/report; report-type=delivery-status")],
            },
        ),
        (MailKind.BOUNCE, {"sender": "postmaster@qq.example", "subject": "来自qq.com的退信"}),
        (MailKind.BOUNCE, {"subject": "x", "return_path": ""}),
        (
            MailKind.READ_RECEIPT,
            {
                "subject": "已读: 【提醒】4月进展",
                "content_type": "multipart/report",
                "headers": [("content-type", "multipart/report; report-type=disposition-notification")],
            },
        ),
        (MailKind.READ_RECEIPT, {"subject": "已读：4月进展"}),
        (MailKind.BULK, {"sender": "news@shop.example", "subject": "春季特惠", "headers": [("list-id", "<news>")]}),
        (MailKind.BULK, {"sender": "news@shop.example", "subject": "春季特惠", "headers": [("precedence", "bulk")]}),
        (MailKind.BULK, {"sender": "noreply@shop.example", "subject": "验证码"}),
    ],
)
def test_a_machines_mail_is_ignored_whatever_it_quotes(kind: MailKind, mail: dict[str, object]) -> None:
    decision = judged(**mail)  # type: ignore[arg-type] # the builder's own names

    assert (decision.kind, decision.verdict) == (kind, Verdict.IGNORE)
    assert decision.reasons_not_to_answer
    assert decision.guess == (None, None)
    assert decision.answer_to == ""


def test_a_machines_mail_that_carries_a_units_report_is_put_before_a_person() -> None:
    decision = judged(school_workbook("4月报表.xlsx"), headers=[("auto-submitted", "auto-generated")], subject="4月")

    assert (decision.kind, decision.verdict) == (MailKind.AUTO_REPLY, Verdict.TRIAGE)
    assert doubts(decision) == {"machine_with_report"}
    assert decision.guess == ("区教育局", APRIL)
    assert {"auto_submitted", "machine_with_report"} <= set(decision.reasons_not_to_answer)


def test_advertising_with_a_file_that_names_no_unit_is_ignored() -> None:
    decision = judged(scan("价目表.pdf"), sender="news@shop.example", headers=[("list-id", "<news>")], subject="特惠")

    assert decision.verdict is Verdict.IGNORE


def test_our_own_mail_is_ignored() -> None:
    decision = judged(scan("4月.pdf"), sender=OFFICE, subject="【提醒】4月进展")

    assert decision.verdict is Verdict.IGNORE
    assert "own_mail" in decision.reasons_not_to_answer


@pytest.mark.parametrize(
    ("kind", "subject", "text", "files"),
    [
        (MailKind.EXPLANATION, "关于延期报送4月进展情况的申请", "因故延期", ()),
        (MailKind.EXPLANATION, "情况说明", "我局数据尚未汇总，无法按时报送。", ()),
        (MailKind.EXPLANATION, "关于延期报送的说明", "见附件", (letter("说明.docx", "因数据未汇总，申请延期报送"),)),
        (MailKind.EXPLANATION, "4月材料", "领导您好，我局需延期两天报送。", ()),
        (MailKind.EXPLANATION, "关于延期报送4月份进展情况的申请", "见附件", (scan("延期申请（盖章）.pdf"),)),
        (MailKind.EXPLANATION, "4月材料", "见附件", (scan("延期报送申请.pdf"),)),
        (MailKind.EXPLANATION, "4月", "领导好，我局晚两天报。", ()),
        (MailKind.EXPLANATION, "4月", "晚2天报可以吧", ()),
        (MailKind.EXPLANATION, "4月", "领导好，能否宽限两日？", ()),
        (MailKind.EXPLANATION, "4月", "公章外借，能不能晚一点再报？", ()),
        (MailKind.EXPLANATION, "4月", "数据未出，怕是来不及了", ()),
        (MailKind.OTHER, "4月", "今晚8点我再联系您", ()),
        (MailKind.INQUIRY, "查询", "", ()),
        (MailKind.INQUIRY, "查询区教育局报送情况", "", ()),
        (MailKind.INQUIRY, "请问表格在哪里下载", "", ()),
        (MailKind.INQUIRY, "咨询一下加装电梯", "", ()),
        (MailKind.INQUIRY, "我们4月的收到了吗？", "", ()),
        (MailKind.OTHER, "", "", ()),
        (MailKind.OTHER, "你好", "有空吗", ()),
        (MailKind.OTHER, "中标通知", "恭喜", ()),
    ],
)
def test_a_persons_mail_that_is_no_report_waits_for_a_person(
    kind: MailKind, subject: str, text: str, files: tuple[Attachment, ...]
) -> None:
    decision = judged(*files, sender=EDUCATION, subject=subject, text=text)

    assert (decision.kind, decision.verdict) == (kind, Verdict.TRIAGE)
    assert decision.doubts
    assert decision.submissions == ()


@pytest.mark.parametrize("subject", ["关于4月民生实事进展情况的说明", "4月进展情况说明"])
def test_a_report_may_call_itself_a_shuoming(subject: str) -> None:
    decision = judged(letter("报告.docx", "重点民生实事4月进展情况"), subject=subject)

    assert (decision.kind, decision.verdict) == (MailKind.REPORT, Verdict.RECORD)


def test_a_late_report_that_says_why_is_a_report() -> None:
    text = "因故迟报，请查收。"

    assert judged(school_workbook("4月报表.xlsx"), subject="4月民生实事进展", text=text).verdict is Verdict.RECORD


def test_a_report_in_words_only_waits_for_a_person() -> None:
    decision = judged(subject="区教育局4月民生实事进展情况", text="4月新增学位1200个。")

    assert (decision.kind, decision.verdict) == (MailKind.REPORT, Verdict.TRIAGE)
    assert doubts(decision) == {"no_part"}
    assert decision.guess == ("区教育局", APRIL)


@pytest.mark.parametrize("word", ["零报告", "本月无变化", "暂无进展", "与上月相同"])
def test_a_nil_report_with_its_file_stands(word: str) -> None:
    rows = table(("序号", "任务内容", "进展情况"), (10, "新增中小学学位", word))

    decision = judged(workbook("报表.xlsx", rows), subject="4月", text=word)

    assert decision.verdict is Verdict.RECORD
    assert [progress.text for progress in decision.progress] == [word]


@pytest.mark.parametrize(
    ("subject", "files"),
    [
        (
            "疫情防控物资统计",
            (workbook("物资.xlsx", table(("序号", "名称", "完成情况"), (1, "口罩", 3), (2, "酒精", 4))),),
        ),
        ("会议通知", (letter("会议通知.docx", "请于周五参加会议。" * 30),)),
        ("请看看这个好东西", (scan("好东西.pdf"),)),
    ],
)
def test_another_paper_of_the_unit_is_a_doubt(subject: str, files: tuple[Attachment, ...]) -> None:
    decision = judged(*files, subject=subject)

    assert (decision.kind, doubts(decision)) == (MailKind.OTHER, {"unrelated"})


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "附件",
        "请查收",
        "扫描件0001",
        "4月盖章件",
        "补报",
        "加盖公章件",
        "4月督查台账",
        "新增学位4月进度",
        "第10项任务4月",
        "二〇二一年四月份",
        "二○二一年四月",
        "4月25日",
        "四月上旬",
        "4月中旬",
        "4月下旬",
        "截至4月底",
        "2021.4",
        "202104",
        "四月",
        "4月末",
        "20210420",
    ],
)
def test_a_bound_units_scan_with_few_words_is_taken_for_its_report(subject: str) -> None:
    assert judged(scan("IMG_2021.pdf"), subject=subject).verdict is Verdict.RECORD


@pytest.mark.parametrize(
    "file",
    [
        "教育局-张三-4月",
        "4月（李四）",
        "教育局王科长4月",
        "教育局4月报表 东方红",  # the sender's own name
        "学校建设",
        "学位项目进度",
        "中小学建设",
        "4月任务清单（签字版）",
        "副本教育局4月完成情况一览表",
    ],
)
def test_a_name_or_the_units_own_work_is_no_other_business(file: str) -> None:
    assert judged(scan(f"{file}.pdf"), subject="4月", name="东方红").verdict is Verdict.RECORD
    assert judged(school_workbook(f"{file}.xlsx"), scan(f"{file}.pdf"), name="东方红").verdict is Verdict.RECORD


@pytest.mark.parametrize(
    "file",
    [
        *(
            "培训通知",
            "五一值班安排",
            "放假通知",
            "党的建设",
            "作风建设",
            "学习",
            "高考",
            "学校安全",
            "绿地建设",
            "重点项目",
        ),
        *("许可证", "胡同改造", "杨树", "采购清单", "发票", "校园安全", "教师培训", "东方红"),
    ],
)
def test_other_business_named_in_two_words_is_still_a_doubt(file: str) -> None:
    assert doubts(judged(scan(f"{file}.pdf"), subject="4月")) == {"unrelated"}


@pytest.mark.parametrize("words", ["一季度", "第一季度", "1-3月"])
def test_the_name_of_a_quarter_is_no_other_business(words: str) -> None:
    decision = judged(scan(f"{words}.pdf"), subject=words, arrived="2021-04-06T09:00")

    assert [part.period for part in decision.parts] == [MARCH]
    assert decision.verdict is Verdict.RECORD


@pytest.mark.parametrize("words", ["少年宫活动", "春季运动会", "年货节", "4月月考"])
def test_a_word_with_a_year_or_season_in_it_is_still_other_business(words: str) -> None:
    assert doubts(judged(scan(f"{words}.pdf"), subject="4月")) == {"unrelated"}


def test_a_report_word_in_an_auto_replys_subject_is_no_report() -> None:
    decision = judged(sender=STRANGER, subject="自动回复：区教育局4月民生实事进展情况")

    assert decision.kind is MailKind.AUTO_REPLY


def test_a_late_scan_that_says_so_is_a_report() -> None:
    assert judged(scan("盖章.pdf"), subject="因故迟报4月盖章件").verdict is Verdict.RECORD


def test_a_strangers_scan_without_a_word_is_no_report() -> None:
    decision = judged(scan("IMG_2021.pdf"), sender=STRANGER)

    assert (decision.kind, doubts(decision)) == (MailKind.OTHER, {"unrelated"})
    assert decision.guess[0] is None


def test_a_letter_on_a_task_without_numbers_is_of_our_matter() -> None:
    text = "关于中小学建设工作的报告\n" + "我局持续完善中小学布局规划，进展正常，群众反映良好，下步继续推进。" * 8
    notice = situation().notices[0]
    tasks = tuple(replace(t, qualitative=("持续完善中小学布局规划",)) if t.number == 10 else t for t in notice.tasks)
    given = situation(notices=(replace(notice, tasks=tasks),))

    assert judged(letter("报告.docx", text), given=given, subject="4月").kind is MailKind.REPORT


def test_a_bound_machines_archive_is_not_thrown_away() -> None:
    decision = judged(attachment("4月.zip", FileKind.ARCHIVE), headers=[("precedence", "bulk")], subject="4月")

    assert doubts(decision) == {"machine_with_report"}


def test_the_mail_that_a_bounce_returns_is_no_report() -> None:
    decision = judged(attachment("原邮件.eml", FileKind.MESSAGE), headers=[("auto-submitted", "auto-replied")])

    assert decision.verdict is Verdict.IGNORE


def test_a_sender_that_cannot_be_told_is_a_doubt() -> None:
    decision = judged(school_workbook("4月.xlsx", label="填报单位：区教育局"), sender="", subject="4月")

    assert doubts(decision) == {"sender_unclear"}


@pytest.mark.parametrize("code", ["unreadable_message", "too_many_parts"])
def test_a_message_that_was_not_read_whole_waits_for_a_person(code: str) -> None:
    some = facts(school_workbook("4月.xlsx"), sender=EDUCATION, subject="4月")
    decision = decide(replace(some, problems=(Problem(code, "x"),)), situation(), arrived=shanghai("2021-04-20T09:00"))

    assert doubts(decision) == {"message_not_read"}


@pytest.mark.parametrize("text", ["收到，谢谢", "好的，我们尽快报送。", "", "已安排科室办理"])
def test_a_courtesy_in_answer_to_our_reminder_is_no_report(text: str) -> None:
    subject = "回复：【提醒】2021年4月重点民生实事进展情况请于25日前报送"
    decision = judged(subject=subject, text=text, given=situation(answers=("区教育局", APRIL)))

    assert (decision.kind, decision.verdict) == (MailKind.OTHER, Verdict.TRIAGE)
    assert decision.guess == (None, None)


@pytest.mark.parametrize("text", ["见附件，请查收。", "我局4月进展情况如下：新增学位1200个。"])
def test_an_answer_that_says_it_hands_in_counts_as_received_until_a_person_looked(text: str) -> None:
    subject = "回复：【提醒】2021年4月重点民生实事进展情况请于25日前报送"
    decision = judged(subject=subject, text=text)

    assert (decision.kind, doubts(decision)) == (MailKind.REPORT, {"no_part"})
    assert decision.guess == ("区教育局", APRIL)


def test_an_enclosed_mail_is_the_wrapping_of_its_files() -> None:
    decision = judged(attachment("转发.eml", FileKind.MESSAGE), school_workbook("转发.eml/区教育局4月.xlsx"), scan())

    assert decision.verdict is Verdict.RECORD


def test_a_read_receipt_is_ignored_whatever_is_attached_to_it() -> None:
    decision = judged(
        attachment("未命名-1.bin", FileKind.OTHER), content_type="multipart/report", subject="已读：4月民生实事进展"
    )

    assert decision.verdict is Verdict.IGNORE


def test_files_named_only_by_unit_and_month_are_a_report_of_a_bound_address() -> None:
    decision = judged(attachment("附件1.doc", FileKind.OLE), scan("附件2.pdf"), subject="教育局4月")

    assert decision.kind is MailKind.REPORT


def rows_of(*rows: tuple[object, ...], title: str = "") -> Attachment:
    """Return a workbook 附件.xlsx with a head and these rows, a title above if there is one."""
    return workbook("附件.xlsx", table(*([(title,)] if title else []), ("序号", "项目", "累计完成"), *rows))


SCREENING = rows_of((11, "重点人群核酸筛查", 50000), (12, "发热门诊", "900"), title="区卫健委核酸筛查日报")
PROVINCE = rows_of((3, "公办幼儿园建设", "5所"), (10, "农村厕所改造", "1200户"), title="河南省重点民生实事进展")
CONTACTS = workbook("民生实事联系人.xlsx", table(("序号", "姓名", "电话"), (1, "张三", "1383"), (10, "李四", "1393")))


@pytest.mark.parametrize(
    ("subject", "file"),
    [
        ("区教育局4月党史学习教育情况", letter("区教育局4月党史学习教育.docx", "4月共开展学习12次")),
        ("4月材料", letter("附件.docx", "区教育局4月党史学习教育开展情况\n共开展学习12次。")),  # the title says it
        ("区教育局4月疫情防控零报告", scan("盖章.pdf")),
        ("4月", scan("会议签到表（扫描）.pdf")),
        ("区教育局4月垃圾分类月报", scan("垃圾分类月报.pdf")),
        ("区教育局4月绿地建设情况", scan("盖章.pdf")),  # a task of others
        ("区教育局4月省重点民生实事进展", scan("省重点民生实事.pdf")),
        ("区教育局4月省重点民生实事进展", PROVINCE),
        ("区教育局民生实事工作联系人", scan("联系人名单.pdf")),
        ("区教育局民生实事联系人", CONTACTS),
        ("民生实事推进会会议通知", letter("通知.docx", "定于周五召开民生实事推进会。")),
        ("区教育局4月食品安全进展", letter("食品安全.docx", "检查食堂20家。")),
    ],
)
def test_another_matter_of_the_same_unit_and_month_is_a_doubt(subject: str, file: Attachment) -> None:
    decision = judged(file, subject=subject)

    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"unrelated"})


def test_a_row_under_a_tasks_number_is_no_tie_where_its_words_are_of_another_matter() -> None:
    assert "unrelated" in doubts(judged(SCREENING, sender=HEALTH, subject="区卫健委4月疫情防控日报"))


@pytest.mark.parametrize(
    ("subject", "text", "file"),
    [
        ("中原政办〔2021〕8号4月落实情况", "", letter("附件.docx", "本月各项任务有序开展，详见盖章件。")),
        ("区教育局4月材料", "", letter("重点民生实事.docx", "学校建设有序推进。")),
        ("区教育局4月学校", "", letter("附件.docx", "新建、改扩建中小学已开工2所。")),  # a text on a task
        ("教育局中小学学位4月", "", scan("盖章.pdf")),  # named by its task
        ("区教育局4月报表（附件、扫描件）", "请查收", scan("4月盖章.pdf")),
        ("区教育局4月材料", "现将重点民生实事进展情况报上", letter("附件.docx", "本月工作有序推进，" * 40)),
        (
            "区教育局4月民生实事",
            "",
            workbook("附件.xlsx", table(("指标", "新建、改扩建中小学（所）"), ("累计", 2), ("率", 1))),
        ),
        ("区教育局4月民生实事", "", rows_of((1, "一中", 300), (2, "二中", 200), title="无变化，零报告")),
    ],
)
def test_a_tie_to_the_notice_makes_a_report(subject: str, text: str, file: Attachment) -> None:
    assert judged(file, subject=subject, text=text).kind is MailKind.REPORT


def test_a_file_that_answers_our_own_mail_is_a_report() -> None:
    given = situation(answers=("区教育局", APRIL))

    assert judged(scan("学校建设.pdf"), subject="回复：【提醒】4月", given=given).kind is MailKind.REPORT


BLANK = workbook(
    "进展表.xlsx", table(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", ""), (1, "新增城镇就业", ""))
)


def test_a_blank_form_is_never_booked_by_itself() -> None:
    assert doubts(judged(BLANK, subject="区教育局4月民生实事进展")) == {"nothing_reported"}
    assert doubts(judged(BLANK, scan(), subject="区教育局4月民生实事进展")) == {"nothing_reported"}


def test_a_blank_form_is_booked_where_the_sender_says_that_nothing_changed() -> None:
    assert judged(BLANK, subject="区教育局4月民生实事", text="本月无变化").verdict is Verdict.RECORD


def test_a_blank_form_beside_the_filled_one_is_no_doubt() -> None:
    assert judged(BLANK, school_workbook("4月.xlsx"), subject="区教育局4月民生实事").verdict is Verdict.RECORD


@pytest.mark.parametrize(
    "said",
    ["请勿采用", "数据有误，请作废", "不要使用这份", "这是草稿", "请先帮忙看看", "请问这个表怎么填", "请撤回"],
)
def test_the_senders_own_word_against_his_file_is_a_doubt(said: str) -> None:
    decision = judged(school_workbook("4月.xlsx"), subject="4月民生实事", text=said)

    assert doubts(decision) == {"not_final"}
    assert judged(school_workbook(f"4月（{said}）.xlsx"), subject="4月民生实事").verdict is Verdict.TRIAGE


@pytest.mark.parametrize(
    "text",
    [
        "附件不是报送材料，仅供参考",
        "此件仅供参考",
        "请先审核，审核后我再正式报送",
        "请先审阅",
        "待领导审核后再正式报送",
    ],
)
def test_a_table_sent_for_a_look_only_is_no_return(text: str) -> None:
    assert doubts(judged(school_workbook("4月.xlsx"), subject="4月民生实事", text=text)) == {"not_final"}


@pytest.mark.parametrize(
    "text",
    [
        "请审核",
        "已经局长审核后正式报送",
        "盖章件稍后报送",
        "另附照片仅供参考",
        "已按样表填写，请查收",
        "正式盖章件随后报",
    ],
)
def test_courtesies_and_what_is_added_or_follows_are_no_word_against_the_table(text: str) -> None:
    assert judged(school_workbook("4月.xlsx"), subject="4月民生实事", text=text).verdict is Verdict.RECORD


@pytest.mark.parametrize("word", ["样表", "模板", "范例", "示例"])
def test_a_form_shown_as_an_example_is_no_return(word: str) -> None:
    by_file = judged(school_workbook(f"{word}.xlsx"), subject="区教育局4月民生实事")
    by_subject = judged(school_workbook("4月.xlsx"), subject=f"区教育局4月民生实事（{word}）")

    assert doubts(by_file) == doubts(by_subject) == {"not_final"}


@pytest.mark.parametrize(
    "said",
    ["昨天发的那份请作废，以此件为准", "上次报送的作废，请用这份", "请勿使用旧表，以本次为准", "原件作废。这是更正件"],
)
def test_a_word_against_an_earlier_file_is_none_against_this_one(said: str) -> None:
    assert judged(school_workbook("4月.xlsx"), subject="4月民生实事更正", text=said).verdict is Verdict.RECORD


@pytest.mark.parametrize(("file", "text"), [("4月进展.txt", "新建、改扩建中小学2所。"), ("4月.txt", "见盖章件" * 20)])
def test_a_report_as_a_text_file_is_named_in_the_doubt(file: str, text: str) -> None:
    decision = judged(attachment(file, FileKind.TEXT, Document(text=text, has_text=True)), subject="4月民生实事")

    assert {"file_not_read"} == doubts(decision)
    assert file in decision.doubts[0].text
    assert decision.guess == ("区教育局", APRIL)
