"""Letters come out as whole mails in the office's words; a broken template is told by file and line."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.data import shipped
from mailbot.domain.books import Completeness, Standing, Timeliness
from mailbot.domain.ladder import Rung, Side
from mailbot.domain.message import Attachment, FileKind
from mailbot.domain.moments import shanghai
from mailbot.domain.report import Figure, Meaning, Part, PartKind, Source
from mailbot.errors import ConfigurationError, Place, Problem
from mailbot.outgoing.letters import Acknowledged, AcknowledgementLetter, AlarmLetter, Deadline, Letter
from mailbot.outgoing.rendering import Rendered, Renderer
from mailbot.outgoing.samples import COMPLETE, LACKING, REMINDER, TO_OFFICE, TO_UNITS

ARRIVED = shanghai("2021-04-22T16:05")
APRIL = Deadline(shanghai("2021-04-25").date(), shanghai("2021-04-26T00:00"))


def render(letter: Letter, *folders: Path, contact: str = "") -> Rendered:
    return Renderer((*folders, shipped("templates")), signature="中原区政府督查室", contact=contact).render(letter)


def acknowledged(*submissions: Acknowledged, **more: object) -> Rendered:
    return render(replace(AcknowledgementLetter(ARRIVED, submissions or (COMPLETE,)), **more))  # type: ignore[arg-type]


def reminded(side: Side = Side.BEFORE, **more: object) -> Rendered:
    return render(replace(REMINDER, rung=Rung(side, 1), **more))  # type: ignore[arg-type]


def standing(completeness: Completeness, timeliness: Timeliness = Timeliness.NOT_DUE, days_late: int = 0) -> Standing:
    return Standing(completeness, timeliness, days_late, ARRIVED, None)


def in_words(page: str) -> str:
    """Return what a reader of the HTML sees, without spaces."""
    body = re.sub(r"<title>.*?</title>|<[^>]+>", "", page)
    return re.sub(r"\s", "", html.unescape(body))


@pytest.mark.parametrize("letter", TO_OFFICE, ids=["alarm", "all clear"])
class TestToTheOffice:
    def test_says_what_fails_since_when_and_where_to_look(self, letter: Letter) -> None:
        words = render(letter)

        assert words.subject.startswith(("【故障】邮件收取", "【恢复】邮件收取"))
        for body in (words.text, words.html):
            assert "邮件收取自2021年7月20日9:00起" in body
            assert "mailbot status" in body

    def test_says_the_same_in_text_and_html(self, letter: Letter) -> None:
        words = render(letter)

        sentences = [re.sub(r"\s", "", part) for part in re.split(r"[。\n]", words.text)]
        assert [sentence for sentence in sentences if sentence not in in_words(words.html)] == []

    def test_does_not_break_off_for_what_a_server_said(self, letter: Letter) -> None:
        if isinstance(letter, AlarmLetter):
            odd = replace(letter, trouble=replace(letter.trouble, text="<b>\u202e{{ x }}"))

            assert "&lt;b&gt;" in render(odd).html


@pytest.mark.parametrize("letter", TO_UNITS, ids=["complete", "several", "before", "after"])
class TestEveryMail:
    def test_addresses_the_unit_and_ends_with_the_office(self, letter: Letter) -> None:
        words = render(letter)

        assert re.match(r"区教育局(、区残联)?：\n", words.text)
        assert words.text.endswith("\n中原区政府督查室\n")

    def test_says_what_it_is_and_what_must_not_be_mailed(self, letter: Letter) -> None:
        words = render(letter)

        for said in ("本邮件由系统自动发出", "涉密和敏感信息请勿通过互联网邮箱报送"):
            assert said in words.text
            assert said in words.html

    def test_says_that_it_confirms_receipt_and_not_content_where_it_confirms_anything(self, letter: Letter) -> None:
        words = render(letter)

        confirms = isinstance(letter, AcknowledgementLetter)
        for body in (words.text, words.html):
            assert ("仅确认收到，不代表对内容的审核意见" in body) is confirms

    def test_says_the_same_in_text_and_html(self, letter: Letter) -> None:
        words = render(letter, contact="0371-00000000")
        seen = in_words(words.html)

        sentences = [re.sub(r"\s", "", part) for part in re.split(r"[。\n]", words.text)]
        labels = re.compile(r".*：$|（\d）|.*[（(].*(字节|KB|MB|登记号).*|-.*|\d\..*|读出任务.*")
        missing = [sentence for sentence in sentences if not labels.match(sentence) and sentence not in seen]
        assert missing == []

    def test_is_courteous(self, letter: Letter) -> None:
        words = render(letter)

        for rude in ("!", "！", "严重", "务必", "立即"):
            assert rude not in words.subject + words.text + in_words(words.html)

    def test_loads_nothing_from_elsewhere(self, letter: Letter) -> None:
        page = render(letter).html

        assert not re.search(r"https?:|src=|<link|<script|@import|url\(", page)
        assert "max-width:640px" in page

    def test_names_how_to_reach_the_office_where_that_is_set(self, letter: Letter) -> None:
        with_contact, without = render(letter, contact="0371-00000000"), render(letter)

        assert "联系：0371-00000000" in with_contact.text
        assert "联系：0371-00000000" in with_contact.html
        assert "联系：" not in without.text

    def test_has_no_loose_ends(self, letter: Letter) -> None:
        words = render(letter)

        assert "\n" not in words.subject
        assert "{" not in words.text + words.html
        assert "None" not in words.subject + words.text + words.html
        assert not re.search(r"[，。；：、]{2}|。，|\n\n\n", words.text)


class TestAcknowledgement:
    def test_a_complete_report_needs_nothing_more(self) -> None:
        words = acknowledged(replace(COMPLETE, deadline=APRIL))

        assert words.subject == "【回执】2021年7月重点民生实事进展情况已收悉（区教育局）"
        assert "材料已齐，按时报送，本期无需再报。" in words.text
        assert "2021年4月22日16:05报来" in words.text
        assert "登记号 2021-07-0002" in words.text

    def test_each_file_stands_with_size_pages_and_checksum(self) -> None:
        words = acknowledged()

        assert "盖章扫描件：扫描件.pdf（1.2 MB，2页）" in words.text
        assert "SHA-256：" + "1" * 64 in words.text
        assert "SHA-256：" + "1" * 64 in words.html

    def test_what_lacks_is_asked_for_by_one_date(self) -> None:
        words = acknowledged(replace(LACKING, deadline=APRIL))

        assert words.subject == "【缺件】2021年7月重点民生实事进展情况已收悉，尚缺盖章扫描件（区残联）"
        assert (
            "按照示例〔2021〕1号关于每月25日前报送进展情况的要求，尚缺盖章扫描件，请于4月25日24:00前补报" in words.text
        )

    def test_a_day_off_moves_the_date_and_both_are_said(self) -> None:
        assert "本期报送时间逢休息日顺延至7月26日24:00前，请在此之前补报至本邮箱" in acknowledged(LACKING).text

    def test_a_late_complete_report_is_told_how_late(self) -> None:
        late = replace(COMPLETE, deadline=APRIL, standing=standing(Completeness.COMPLETE, Timeliness.LATE, 2))

        words = acknowledged(late)

        assert words.subject.startswith("【回执】")
        assert "材料已齐，本期无需再报。本期报送时限为4月25日24:00前，报齐时已逾期2天。" in words.text

    @pytest.mark.parametrize(
        ("asked_by", "said"), [(None, "请尽快补报"), (shanghai("2021-04-27T17:30"), "请于4月27日17:30前补报")]
    )
    def test_a_late_incomplete_report_is_asked_for_the_rest(self, asked_by: object, said: str) -> None:
        late = standing(Completeness.LACKS_SEALED_SCAN, Timeliness.LATE, 1)
        deadline = replace(APRIL, asked_by=asked_by)  # type: ignore[arg-type]

        words = acknowledged(replace(LACKING, deadline=deadline, standing=late))

        assert "本期报送时限为4月25日24:00前，现已逾期1天" in words.text
        assert said in words.text

    @pytest.mark.parametrize(
        ("completeness", "said"),
        [
            (Completeness.IN_DOUBT, "核对期间不按逾期处理"),
            (Completeness.RETURNED, "此前已退回"),
            (Completeness.EXEMPT, "本期贵单位免报"),
        ],
    )
    def test_what_a_person_has_to_settle_is_not_asked_for(self, completeness: Completeness, said: str) -> None:
        words = acknowledged(replace(LACKING, standing=standing(completeness)))

        assert words.subject.startswith("【回执】")
        assert said in words.text
        assert "补报" not in words.text

    def test_tasks_and_figures_are_told_as_they_were_read(self) -> None:
        figures = (
            Figure(11, "免费筛查", 12000.0, "人", Meaning.CUMULATIVE, Source()),
            Figure(12, "完成率", 65.0, "%", Meaning.PERCENT, Source()),
        )

        words = acknowledged(replace(COMPLETE, tasks=(11, 12, 13), figures=figures))

        assert "读出任务：第11至13项" in words.text
        assert "第11项 免费筛查：累计 12,000 人" in words.text
        assert "完成率：65%" in words.html

    def test_of_very_many_figures_the_first_are_listed_and_the_rest_counted(self) -> None:
        read = tuple(
            Figure(10, f"指标{number}", 1.0, "所", Meaning.CUMULATIVE, Source("进展.xlsx")) for number in range(2000)
        )

        words = acknowledged(replace(COMPLETE, figures=read))

        assert words.text.count("指标") == words.html.count("指标") == 50
        assert "共读出2000项数据，其余1950项已录入台账，不再逐项列出" in words.text
        assert "其余1950项" in words.html

    def test_where_nothing_was_read_that_is_said_and_harms_nobody(self) -> None:
        assert "未从材料中读出任务序号和数据" in acknowledged(COMPLETE).text

    def test_a_replaced_part_keeps_its_first_time(self) -> None:
        words = acknowledged(LACKING)

        assert "此前2021年7月20日9:00收到的电子版“进展.xlsx”已由本次同类材料替代，首次报送时间予以保留。" in words.text

    def test_the_same_bytes_again_are_said_to_be_so(self) -> None:
        assert "“进展.xlsx”与此前收到的内容完全相同，以首次收到的时间为准。" in acknowledged(LACKING).text

    def test_the_body_of_the_mail_may_be_the_report(self) -> None:
        body = Part(PartKind.ELECTRONIC, None, "3" * 64, 900)

        assert "电子版：邮件正文（900 字节）" in acknowledged(replace(COMPLETE, parts=(body,))).text

    def test_a_file_that_could_not_be_read_is_told_kindly(self) -> None:
        words = acknowledged(problems=(Problem("encrypted", "x", Place(file="报表.xlsx")), Problem("table_cut", "x")))

        assert "- 报表.xlsx：文件设有密码，未能读取，请取消密码后重新发送。" in words.text
        assert "取消密码" in words.html

    def test_files_that_count_for_nothing_are_listed_too(self) -> None:
        words = acknowledged(other_files=(Attachment("说明.docx", FileKind.DOCX, 2048, "4" * 64),))

        assert "说明.docx（2.0 KB）" in words.text
        assert "4" * 64 in words.html

    def test_one_mail_lists_every_submission(self) -> None:
        words = acknowledged(COMPLETE, LACKING)

        assert words.subject == "【缺件】2021年7月重点民生实事进展情况已收悉，尚有缺件（区教育局、区残联）"
        assert "（1）区教育局　2021年7月" in words.text
        assert "（2）区残联　2021年7月" in words.text

    def test_a_file_name_can_be_no_markup_and_turn_nothing_round(self) -> None:
        nasty = Part(PartKind.ELECTRONIC, "<script>{{ 7*7 }}\u202egnp.exe\r\n\ud800", "5" * 64, 1)

        words = acknowledged(replace(LACKING, parts=(nasty,), repeated=(nasty,)))

        assert "<script>" not in words.html
        assert words.html.count("&lt;script&gt;{{ 7*7 }} gnp.exe") == 2
        assert "<script>{{ 7*7 }} gnp.exe（1 字节）" in words.text
        (words.text + words.html).encode("utf-8")


class TestReminder:
    def test_before_the_date_it_names_what_is_due_and_when(self) -> None:
        words = reminded(deadline=APRIL, present=(), missing=(PartKind.ELECTRONIC, PartKind.SEALED_SCAN))

        assert words.subject == "【提醒】2021年7月重点民生实事进展情况请于4月25日24:00前报送（区教育局）"
        assert "报送时间为4月25日（星期日）。" in words.text
        assert "贵单位牵头任务第10项，需报电子版和盖章扫描件各一份，目前均未收到。" in words.text
        assert "本月如无新进展，请照常报送并注明“无变化”。" in words.text
        assert "近期已报送的，请忽略本邮件。" in words.text

    def test_a_day_off_moves_the_date_and_both_are_said(self) -> None:
        words = reminded()

        assert "报送时间为7月25日（星期日），逢休息日顺延至7月26日24:00前。" in words.text
        assert "请于7月26日24:00前报送至本邮箱" in words.text

    def test_what_is_there_is_acknowledged(self) -> None:
        assert "目前已收到电子版（2021年7月20日9:00），尚缺盖章扫描件。" in reminded().text

    def test_after_the_date_it_is_factual_and_asks_for_a_reason(self) -> None:
        deadline = replace(APRIL, asked_by=shanghai("2021-04-27T17:30"))

        words = reminded(Side.AFTER, deadline=deadline, as_of=shanghai("2021-04-26T09:00"), workdays_late=1)

        assert words.subject == "【催报】2021年7月重点民生实事进展情况尚未报齐（区教育局）"
        assert "报送时限为4月25日24:00前，现已超过规定时限1个工作日。" in words.text
        assert "截至2021年4月26日9:00已收到电子版" in words.text
        assert "请于4月27日17:30前补报" in words.text
        assert "确有困难的，请回复说明原因和预计报送时间" in words.text

    def test_where_nothing_came_the_subject_says_so(self) -> None:
        assert reminded(Side.AFTER, present=()).subject == "【催报】2021年7月重点民生实事进展情况尚未收到（区教育局）"


def office_template(folder: Path, name: str, words: str, encoding: str = "utf-8") -> Path:
    (folder / "mails").mkdir(exist_ok=True)
    (folder / "mails" / name).write_text(words, encoding=encoding)
    return folder


class TestOfficeTemplates:
    def test_one_file_of_the_offices_wins_and_the_others_stay(self, tmp_path: Path) -> None:
        office_template(tmp_path, "reminder_before.subject", "请报送：{{ letter.unit }}", "utf-8-sig")

        words = render(REMINDER, tmp_path)

        assert words.subject == "请报送：区教育局"
        assert words.text == render(REMINDER).text

    def test_an_edit_counts_at_the_next_mail(self, tmp_path: Path) -> None:
        renderer = Renderer((tmp_path, shipped("templates")), signature="督查室")
        subjects = [renderer.render(REMINDER).subject]
        for words in ("甲", "乙"):
            office_template(tmp_path, "reminder_before.subject", words)
            subjects.append(renderer.render(REMINDER).subject)

        assert subjects[0].startswith("【提醒】")
        assert subjects[1:] == ["甲", "乙"]

    @pytest.mark.parametrize(
        ("words", "line"),
        [
            ("一\n{% if %}\n", 2),
            ("一\n二\n{{ letter.unti }}\n", 3),
            ("{{ nobody }}", 1),
            ("一\n{{ letter.unit | no_such_filter }}", 2),
            ("一\n{{ letter.unit + 1 }}", 2),
            ("一\n{{ 1 / 0 }}", 2),
            ("一\n{{ letter.__class__.__mro__ }}", 2),
            ("一\n{% include 'mails/none.txt' %}", None),
            ("一\n{% endfor %}", 2),
        ],
    )
    def test_a_broken_one_is_told_by_file_and_line(self, words: str, line: int | None, tmp_path: Path) -> None:
        office_template(tmp_path, "reminder_before.txt", words)

        with pytest.raises(ConfigurationError) as told:
            render(REMINDER, tmp_path)

        (problem,) = told.value.problems
        assert problem.code == "template_broken"
        assert problem.place.file is not None
        assert problem.place.file.endswith("reminder_before.txt")
        assert problem.place.line == line

    def test_one_in_another_encoding_is_told(self, tmp_path: Path) -> None:
        office_template(tmp_path, "reminder_before.txt", "区教育局", "gbk")

        with pytest.raises(ConfigurationError) as told:
            render(REMINDER, tmp_path)

        assert "reminder_before.txt" in told.value.for_people()

    def test_an_empty_one_sends_no_half_mail(self, tmp_path: Path) -> None:
        office_template(tmp_path, "reminder_before.html", "{# nothing #}\n")

        with pytest.raises(ConfigurationError):
            render(REMINDER, tmp_path)

    def test_all_are_tried_at_once(self, tmp_path: Path) -> None:
        office_template(tmp_path, "reminder_before.txt", "{{ nobody }}")
        office_template(tmp_path, "acknowledgement.html", "{% if %}")

        with pytest.raises(ConfigurationError) as told:
            Renderer((tmp_path, shipped("templates")), signature="督查室").check()

        assert len(told.value.problems) == 2

    def test_the_shipped_ones_are_whole(self) -> None:
        Renderer((shipped("templates"),), signature="督查室").check()


def test_a_lock_that_an_editor_left_beside_the_templates_hides_no_edit(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / ".#acknowledgement.txt").symlink_to("zhang@office.1234")
    renderer = Renderer((tmp_path, shipped("templates")), signature="中原区政府督查室")
    before = renderer.render(AcknowledgementLetter(ARRIVED, (COMPLETE,)))
    (folder / "acknowledgement.txt").write_text("已收到。", "utf-8")
    after = renderer.render(AcknowledgementLetter(ARRIVED, (COMPLETE,)))

    assert (before.text == after.text, after.text) == (False, "已收到。\n")
