from __future__ import annotations

import pytest
from tests.unit.matching.builders import (
    APRIL,
    EDUCATION,
    attachment,
    doubts,
    judged,
    letter,
    made_pdf,
    mixed_pdf,
    photo,
    problems,
    scan,
    school_table,
    school_workbook,
    situation,
    table,
    workbook,
)

from mailbot.domain.decision import About, Ruling, Verdict
from mailbot.domain.message import Attachment, Document, FileKind
from mailbot.domain.report import PartKind

ELECTRONIC, SEALED, WITHOUT_SEAL = PartKind.ELECTRONIC, PartKind.SEALED_SCAN, PartKind.SCAN_WITHOUT_SEAL
SUBJECT = "区教育局4月民生实事进展情况"


def kinds(*files: Attachment) -> list[PartKind]:
    return [part.kind for part in judged(*files, subject=SUBJECT).parts]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (school_workbook("报表.xlsx"), ELECTRONIC),
        (letter("报告.docx", "4月民生实事进展"), ELECTRONIC),
        (attachment("报表.xls", FileKind.OLE, problems=("format_not_read",)), ELECTRONIC),
        (attachment("报表.et", FileKind.OLE), ELECTRONIC),
        (attachment("报表.xls", FileKind.HTML, Document(tables=(school_table(),))), ELECTRONIC),
        (attachment("报表.csv", FileKind.TEXT, Document(tables=(school_table(),))), ELECTRONIC),
        (made_pdf("报告.pdf"), ELECTRONIC),
        (scan("扫描件.pdf"), SEALED),
        (photo("IMG_2021.jpg"), SEALED),
        (made_pdf("报告（盖章）.pdf"), WITHOUT_SEAL),
        (made_pdf("扫描件.pdf"), WITHOUT_SEAL),
    ],
)
def test_a_file_is_the_part_that_its_bytes_say(file: Attachment, kind: PartKind) -> None:
    assert kinds(file) == [kind]


@pytest.mark.parametrize(
    "file",
    [
        photo("logo.png", inline=True),
        photo("扫描件.jpg", inline=True),
        photo("signature.png", is_scan=False),
        attachment("image001.png", FileKind.PICTURE, inline=True),
        attachment("张三.vcf", FileKind.TEXT, Document(text="BEGIN:VCARD\n" * 20)),
        attachment("空.xlsx", FileKind.EMPTY),
        attachment("smime.p7s", FileKind.OTHER),
        attachment("说明.txt", FileKind.TEXT, Document(text="请查收")),
        attachment("ATT00001.htm", FileKind.HTML, Document(text="x" * 100)),
        photo("ATT00001.jpg"),
        photo("小图（盖章）.jpg", is_scan=False),
    ],
)
def test_what_is_no_part_is_passed_over_without_a_word(file: Attachment) -> None:
    decision = judged(school_workbook(), scan(), file, subject=SUBJECT)

    assert [part.file for part in decision.parts] == ["报表.xlsx", "扫描件0001.pdf"]
    assert decision.verdict is Verdict.RECORD
    assert problems(decision) == set()


def test_a_born_digital_pdf_beside_the_workbook_is_a_scan_without_seal() -> None:
    decision = judged(made_pdf("报告.pdf"), school_workbook(), subject=SUBJECT)

    assert [part.kind for part in decision.parts] == [WITHOUT_SEAL, ELECTRONIC]
    assert "pdf_is_no_scan" in problems(decision)
    assert decision.verdict is Verdict.RECORD


BLANK = attachment("盖章.pdf", FileKind.PDF, Document(pages=1))


@pytest.mark.parametrize("beside", [(), (school_workbook("报表.xlsx"),)])
def test_a_blank_pdf_waits_for_a_person(beside: tuple[Attachment, ...]) -> None:
    decision = judged(*beside, BLANK, subject=SUBJECT)

    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"blank_pdf"})
    assert SEALED not in {part.kind for part in decision.parts}


def test_a_blank_pdf_beside_both_parts_costs_nothing() -> None:
    assert judged(school_workbook("报表.xlsx"), scan("扫描件.pdf"), BLANK, subject=SUBJECT).verdict is Verdict.RECORD


@pytest.mark.parametrize("beside", [(), (school_workbook("报表.xlsx"),)])
def test_typed_pages_with_a_scanned_one_are_the_scan_that_their_name_claims(beside: tuple[Attachment, ...]) -> None:
    decision = judged(*beside, mixed_pdf("4月进展（盖章扫描件）.pdf"), subject=SUBJECT)

    assert [part.kind for part in decision.parts] == [*[ELECTRONIC for _ in beside], SEALED]
    assert (decision.verdict, problems(decision)) == (Verdict.RECORD, set())


@pytest.mark.parametrize(("beside", "kind"), [((), ELECTRONIC), ((school_workbook("报表.xlsx"),), SEALED)])
def test_typed_pages_with_a_scanned_one_wait_for_a_person_where_the_scan_is_lacking(
    beside: tuple[Attachment, ...], kind: PartKind
) -> None:
    decision = judged(*beside, mixed_pdf("4月进展.pdf"), subject=SUBJECT)

    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"partly_scanned"})
    assert decision.parts[-1].kind is kind
    assert "pdf_is_no_scan" not in problems(decision)


def test_typed_pages_with_a_scanned_one_cost_nothing_beside_both_parts() -> None:
    decision = judged(school_workbook(), scan(), mixed_pdf("4月进展.pdf"), subject=SUBJECT)

    assert decision.verdict is Verdict.RECORD


def test_of_two_born_digital_pdfs_the_first_is_the_electronic_version() -> None:
    assert kinds(made_pdf("报告.pdf"), made_pdf("报表.pdf")) == [ELECTRONIC, WITHOUT_SEAL]


def test_a_pdf_beside_the_workbook_of_another_month_is_that_months_electronic_version() -> None:
    decision = judged(school_workbook("3月报表.xlsx"), made_pdf("4月报告.pdf"), subject="3月、4月民生实事进展")

    assert [part.kind for part in decision.parts] == [ELECTRONIC, ELECTRONIC]


def test_a_part_carries_file_size_digest_and_pages_and_no_verdict_on_the_seal() -> None:
    (part,) = judged(scan("盖章.pdf"), subject=SUBJECT).parts

    assert (part.file, part.size, part.pages, part.seal) == ("盖章.pdf", 1000, 2, None)
    assert part.sha256 == scan("盖章.pdf").sha256


def test_each_part_has_its_evidence() -> None:
    decision = judged(school_workbook(), scan(), subject=SUBJECT)

    found = {(e.source, e.points_to) for e in decision.evidence if e.about is About.PART}
    assert found == {("报表.xlsx", "electronic"), ("扫描件0001.pdf", "sealed_scan")}


UNREAD = [
    attachment("民生实事.zip", FileKind.ARCHIVE),
    attachment("盖章件.ofd", FileKind.OFD),
    attachment("转发.eml", FileKind.MESSAGE),
    attachment("winmail.dat", FileKind.OTHER, problems=("winmail_dat",)),
    workbook("加密.xlsx", problems=("encrypted",)),
    workbook("坏.xlsx", problems=("damaged",)),
    workbook("炸弹.xlsx", problems=("reader_killed",)),
    attachment("盖章.heic", FileKind.PICTURE, problems=("format_not_read",)),
    attachment("照片.heic", FileKind.PICTURE, inline=True, problems=("format_not_read",)),
    attachment("signature.pdf", FileKind.PDF, problems=("encrypted",)),
    attachment("盖章件.zip", FileKind.ARCHIVE, inline=True),
    attachment("进展.txt", FileKind.TEXT, Document(text="四月份进展情况" * 20)),
    attachment("进展.html", FileKind.HTML, Document(text="四月份进展情况" * 20)),
]


@pytest.mark.parametrize("file", UNREAD, ids=lambda file: file.file)
def test_a_file_that_nobody_read_is_put_before_a_person_where_a_part_is_lacking(file: Attachment) -> None:
    for others in ((), (school_workbook("报表.xlsx"),)):
        decision = judged(*others, file, sender=EDUCATION, subject=SUBJECT)

        assert decision.verdict is Verdict.TRIAGE
        assert doubts(decision) == {"file_not_read"}
        assert decision.guess[0] == "区教育局"


@pytest.mark.parametrize("file", UNREAD, ids=lambda file: file.file)
def test_a_file_that_nobody_read_costs_itself_alone_where_both_parts_are_there(file: Attachment) -> None:
    decision = judged(school_workbook("报表.xlsx"), scan(), file, subject=SUBJECT)

    assert decision.verdict is Verdict.RECORD
    assert len(decision.parts) == 2
    assert problems(decision) & {"file_not_read", *(problem.code for problem in file.problems)}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("从QQ邮箱发来的超大附件\n盖章.pdf (128.03M, 2021年5月27日 21:59 到期)", ""),
        ("进入下载页面：http://mail.qq.com/cgi-bin/ftnExs_download?k=1", ""),
        ("", '<div id="divNeteaseBigAttach">从网易163邮箱发来的超大附件<a download="盖章.pdf" href="x">下载</a></div>'),
        ("", '<a href="https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT">盖章.pdf</a>'),
        ("", '<div class="bigatt_bt" title="盖章.pdf">x</div>'),
        ("网盘下载 https://pan.baidu.com/s/1abc", ""),
    ],
)  # fmt: skip
def test_a_link_in_place_of_a_file_is_told_and_put_before_a_person(text: str, html: str) -> None:
    decision = judged(school_workbook(), subject=SUBJECT, text=text, html=html)

    assert doubts(decision) == {"link_instead_of_file"}
    assert "link_instead_of_file" in problems(decision)


def test_a_link_beside_both_parts_is_only_told() -> None:
    decision = judged(school_workbook(), scan(), subject=SUBJECT, html='<div class="bigatt_bt">x</div>')

    assert decision.verdict is Verdict.RECORD
    assert problems(decision) == {"link_instead_of_file"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("补报盖章件\n----- 原始邮件 -----\n从QQ邮箱发来的超大附件 a.pdf", ""),
        ("补报盖章件", '补报<blockquote><div class="bigatt_bt">x</div></blockquote>'),
    ],
)
def test_a_link_in_a_quotation_is_an_old_one(text: str, html: str) -> None:
    assert problems(judged(scan(), subject=SUBJECT, text=text, html=html)) == set()


def test_the_names_of_linked_files_are_told() -> None:
    decision = judged(html='<div id="divNeteaseBigAttach"><a filename="四月盖章.pdf">x</a></div>', subject=SUBJECT)

    assert any("四月盖章.pdf" in problem.text for problem in decision.problems)


def test_problems_of_reading_are_handed_on() -> None:
    decision = judged(workbook("报表.xlsx", school_table(), problems=("table_cut",)), subject=SUBJECT)

    assert "table_cut" in problems(decision)
    assert decision.verdict is Verdict.RECORD


def test_a_table_in_a_letter_is_read() -> None:
    decision = judged(
        letter("报告.docx", "4月民生实事进展", table(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 5))),
        subject=SUBJECT,
    )

    assert [figure.value for figure in decision.figures] == [5]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (scan("ATT00001.pdf"), SEALED),
        (scan("signature.pdf"), SEALED),
        (school_workbook("ATT00002.xlsx"), ELECTRONIC),
        (attachment("ATT00003.htm", FileKind.HTML, Document(tables=(school_table(),))), ELECTRONIC),
        (scan("盖章.p7s"), SEALED),
    ],
    ids=lambda value: getattr(value, "file", None),
)
def test_no_name_makes_a_report_a_programs_own_file(file: Attachment, kind: PartKind) -> None:
    assert kinds(file) == [kind]


@pytest.mark.parametrize("name", ["施工现场.jpg", "开工照片.png", "效果图1.jpg"])
def test_a_picture_of_the_site_is_no_scan(name: str) -> None:
    decision = judged(school_workbook(), photo(name), subject=SUBJECT)

    assert [part.kind for part in decision.parts] == [ELECTRONIC]
    assert problems(decision) == {"picture_is_no_scan"}
    assert decision.verdict is Verdict.RECORD


NO_SITE_PERHAPS = [
    "施工项目进展情况.jpg",
    "竣工项目统计表.png",
    "4月开工.jpg",
    "微信截图_20210420.png",
    "现场进展情况.jpg",
]


@pytest.mark.parametrize("name", NO_SITE_PERHAPS)
def test_a_picture_in_the_words_of_the_work_itself_is_put_before_a_person_where_the_scan_is_lacking(name: str) -> None:
    decision = judged(school_workbook(), photo(name), subject=SUBJECT)

    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"picture_is_no_scan"})
    assert name in decision.doubts[0].text


@pytest.mark.parametrize("name", NO_SITE_PERHAPS)
def test_a_picture_in_the_words_of_the_work_itself_is_only_told_where_the_scan_is_there(name: str) -> None:
    decision = judged(school_workbook(), scan(), photo(name), subject=SUBJECT)

    assert (decision.verdict, problems(decision)) == (Verdict.RECORD, {"picture_is_no_scan"})


LOOSE = [
    photo("IMG_盖章页.jpg", inline=True),
    photo("image001.jpg", inline=True),
    photo("ATT00001.jpg"),
    photo("signature.jpg"),
    attachment("盖章.jpg", FileKind.PICTURE, Document(pixels=(240, 320))),
]


@pytest.mark.parametrize("file", LOOSE, ids=lambda file: file.file)
def test_a_picture_that_may_be_the_sealed_page_is_put_before_a_person_where_the_scan_is_lacking(
    file: Attachment,
) -> None:
    decision = judged(school_workbook(), file, subject=SUBJECT, text="盖章页见下图")

    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"loose_picture"})
    assert file.file in decision.doubts[0].text
    assert [part.file for part in decision.parts] == ["报表.xlsx"]


@pytest.mark.parametrize("file", LOOSE, ids=lambda file: file.file)
def test_a_picture_that_came_alone_counts_once_a_person_says_what_it_is(file: Attachment) -> None:
    assert doubts(judged(file, subject=SUBJECT, text="盖章页见下图")) == {"loose_picture"}

    ruling = Ruling("区教育局", APRIL)
    decision = judged(file, given=situation(rulings=(ruling,)), subject=SUBJECT, text="盖章页见下图")
    assert [(part.kind, part.file) for part in decision.parts] == [(SEALED, file.file)]


@pytest.mark.parametrize(
    "file",
    [
        attachment("image001.png", FileKind.PICTURE, Document(pixels=(300, 90)), inline=True),
        attachment("logo.png", FileKind.PICTURE, Document(pixels=(590, 2000)), inline=True),
        attachment("二维码.jpg", FileKind.PICTURE, Document(is_scan=True, pixels=(1280, 1280)), inline=True),
        attachment("坏图.png", FileKind.PICTURE, inline=True, problems=("damaged",)),
        photo("签名.png", is_scan=False),
    ],
    ids=lambda file: file.file,
)
def test_logos_and_signatures_stay_out(file: Attachment) -> None:
    decision = judged(school_workbook(), file, subject=SUBJECT)

    assert (decision.verdict, len(decision.parts)) == (Verdict.RECORD, 1)


@pytest.mark.parametrize("name", ["盖章件现场拍照.jpg", "照片.jpg", "微信图片_20210422.jpg", "mmexport1619.jpg"])
def test_a_photo_of_the_sheet_is_a_scan(name: str) -> None:
    assert kinds(school_workbook(), photo(name)) == [ELECTRONIC, SEALED]


def test_an_empty_form_is_told() -> None:
    blank = table(
        ("序号", "任务内容", "累计完成", "进展情况"), (10, "新增中小学学位", "", ""), (10, "新建中小学", "", "")
    )

    assert problems(judged(workbook("4月报表.xlsx", blank), subject=SUBJECT)) == {"nothing_reported"}


def test_a_scan_pasted_into_word_is_a_scan_and_no_electronic_version() -> None:
    decision = judged(attachment("盖章扫描件.docx", FileKind.DOCX, Document(is_scan=True)), subject=SUBJECT)

    assert [part.kind for part in decision.parts] == [SEALED]
    assert problems(decision) == {"scan_in_word"}


def test_photographs_of_the_site_in_word_are_no_scan() -> None:
    assert kinds(attachment("施工现场照片.docx", FileKind.DOCX, Document(is_scan=True))) == []
