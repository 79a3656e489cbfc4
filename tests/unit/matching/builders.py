"""Messages, files and a situation with everything ordinary filled in, so that a test says only what matters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from mailbot.domain.calendar import WorkingCalendar
from mailbot.domain.decision import Decision, Situation
from mailbot.domain.message import Address, Attachment, Cell, Document, Facts, FileKind, Mail, Table
from mailbot.domain.moments import midnight_after, shanghai
from mailbot.domain.notice import DeadlineRule, Notice, Target, Task
from mailbot.domain.period import Period, periods
from mailbot.domain.report import PartKind
from mailbot.domain.unit import Directory, Unit
from mailbot.errors import Problem
from mailbot.matching import decide
from mailbot.rules.may_reply import codes_not_to_answer

OFFICE = "office@163.example"
EDUCATION = "jyj@qq.example"
HOUSING = "fgj@163.example"
HEALTH = "wjw@126.example"
TWO_UNITS = "clerk@139.example"
FINANCE = "czj@qq.example"
STRANGER = "stranger@qq.example"
MARCH, APRIL, MAY = Period(2021, 3), Period(2021, 4), Period(2021, 5)


def task(number: int, text: str, leads: Iterable[str], targets: Iterable[tuple[str, float, str]] = ()) -> Task:
    return Task(
        number,
        "一",
        text,
        lead_units=tuple(leads),
        responsible_units=("区财政局",),
        targets=tuple(Target(what, value, measure) for what, value, measure in targets),
    )


TASKS = (
    task(
        1,
        "新增城镇就业12万人、农村劳动力转移就业4万人。",
        ["区人社局"],
        [("新增城镇就业", 120000, "人"), ("农村劳动力转移就业", 40000, "人")],
    ),
    task(
        2,
        "新开工安置房1.5万套，建成安置房4万套，分配公租房7000套。",
        ["区城市更新发展中心", "区房管局"],
        [("新开工安置房", 15000, "套"), ("建成安置房", 40000, "套"), ("分配公租房", 7000, "套")],
    ),
    task(3, "回迁安置群众10万人。", ["区城市更新发展中心"], [("回迁安置群众", 100000, "人")]),
    task(
        4,
        "推进全市既有住宅加装电梯工作，实施财政补贴，全年加装电梯200部。",
        ["区房管局"],
        [("既有住宅加装电梯", 200, "部")],
    ),
    task(5, "市区新建公共停车泊位5万个以上。", ["区城建局"], [("新建公共停车泊位", 50000, "个")]),
    task(
        6,
        "持续完善郑州市智慧停车管理系统，利用“郑好办”APP为广大市民提供停车泊位展示、停车引导、停车收费等服务。",
        ["区政务办（区大数据局）", "区城管局"],
    ),
    task(
        7,
        "建设智慧停车高位视频设备，覆盖市区2万个以上道路内停车泊位，全面推行停车无感支付。",
        ["区城管局", "区政务办（区大数据局）"],
        [("智慧停车高位视频设备覆盖道路内停车泊位", 20000, "个")],
    ),
    task(
        10,
        "市区新建、改扩建中小学20所，市区新投入使用中小学30所，新增中小学学位2.7万个。",
        ["区教育局"],
        [("新建、改扩建中小学", 20, "所"), ("新投入使用中小学", 30, "所"), ("新增中小学学位", 27000, "个")],
    ),
    task(
        11,
        "免费为具有郑州户籍的（30—64岁）妇女进行宫颈癌、乳腺癌筛查各5万人。",
        ["区卫健委"],
        [("宫颈癌筛查", 50000, "人"), ("乳腺癌筛查", 50000, "人")],
    ),
    task(
        14,
        "免费为具有郑州市户籍的40岁以上人群进行脑卒中危险因素筛查5万人。",
        ["区卫健委"],
        [("脑卒中危险因素筛查", 50000, "人")],
    ),
    task(16, "在全市选取200家基层诊所（卫生所），完善设施设备，建成标准化的药房。", ["区市场监管局"]),
    task(
        18,
        "全市更新全民健身路径400条、新增智能健身驿站30个，多功能运动场20个。",
        ["区文旅体局"],
        [("更新全民健身路径", 400, "条"), ("新增智能健身驿站", 30, "个"), ("新增多功能运动场", 20, "个")],
    ),
    task(24, "全市对0—14岁残疾儿童康复救助不少于1500名。", ["区残联"], [("0—14岁残疾儿童康复救助", 1500, "名")]),
    task(
        26,
        "市区新建绿地500万平方米，新建公园游园100个。",
        ["区城管局"],
        [("新建绿地", 5000000, "平方米"), ("新建公园游园", 100, "个")],
    ),
)

NOTICE = Notice(
    key="zhongyuan-2021-8",
    document_number="中原政办〔2021〕8号",
    title="郑州市中原区人民政府办公室关于印发2021年郑州市重点民生实事任务分解的通知",
    issuer="郑州市中原区人民政府办公室",
    dated=date(2021, 3, 16),
    reporting_sentence="各牵头单位每月25日前将进展情况报区政府督查室",
    mailbox=OFFICE,
    tasks=TASKS,
    required=(PartKind.ELECTRONIC, PartKind.SEALED_SCAN),
    deadline=DeadlineRule(25),
    first_period=Period(2021, 3),
    last_period=Period(2021, 12),
    short_title="重点民生实事",
)

UNITS = (
    Unit("区教育局", "郑州市中原区教育局", ("区教体局",), (EDUCATION,)),
    Unit("区房管局", "郑州市中原区住房保障和房产管理局", ("区房产管理局",), (HOUSING, TWO_UNITS)),
    Unit("区城市更新发展中心", "", ("区城市更新中心",), (TWO_UNITS,)),
    Unit("区卫健委", "郑州市中原区卫生健康委员会", ("区卫生健康委",), (HEALTH,)),
    Unit("区人社局", "郑州市中原区人力资源和社会保障局", (), ()),
    Unit("区城建局", "郑州市中原区城乡建设局", ("区住建局",), ()),
    Unit("区城管局", "郑州市中原区城市管理局", (), ()),
    Unit("区政务办（区大数据局）", "", ("区大数据局", "区政务办"), ()),
    Unit("区市场监管局", "郑州市中原区市场监督管理局", ("区市场监督管理局",), ()),
    Unit("区文旅体局", "", ("区文化旅游体育局",), ()),
    Unit("区残联", "", ("区残疾人联合会",), ()),
    Unit("区财政局", "", (), (FINANCE,)),
)

OWED = frozenset((unit, period) for unit in NOTICE.lead_units() for period in periods(MARCH, Period(2021, 12)))
_SHIFTED = {7: 1, 9: 1, 12: 2}  # the 25th was a day off in these months of 2021


def due(period: Period) -> datetime:
    """Return the first moment too late, as the rule of deadlines gives it for 2021."""
    return midnight_after(period.day(25) + timedelta(days=_SHIFTED.get(period.month, 0)))


def situation(**changes: object) -> Situation:
    """Return the notice's year with every unit owing everything."""
    usual = Situation(
        notices=(NOTICE,),
        directory=Directory(UNITS),
        calendar=WorkingCalendar(),
        own_addresses=frozenset({OFFICE}),
        incomplete=OWED,
        due=tuple((NOTICE.key, period, due(period)) for period in periods(MARCH, Period(2021, 12))),
        reply_policy=codes_not_to_answer,
    )
    return replace(usual, **changes)  # type: ignore[arg-type] # a test names only fields that are there


def mail(
    sender: str = EDUCATION,
    subject: str = "",
    text: str = "",
    *,
    name: str = "",
    html: str = "",
    headers: Sequence[tuple[str, str]] = (),
    content_type: str = "multipart/mixed",
    return_path: str | None = None,
) -> Mail:
    return Mail(
        headers=tuple(headers),
        subject=subject,
        sender=Address(name, sender),
        recipients=(Address("", OFFICE),),
        message_id="<1@example>",
        references=(),
        return_path=return_path,
        content_type=content_type,
        text=text,
        html=html,
    )


def facts(*attachments: Attachment, **of_mail: object) -> Facts:
    return Facts(mail(**of_mail), attachments)  # type: ignore[arg-type] # passed on


def judged(
    *attachments: Attachment,
    arrived: str | None = "2021-04-20T09:00",
    given: Situation | None = None,
    **of_mail: object,
) -> Decision:
    """Return the decision on a mail with these files that arrived on 20 April 2021, if nothing else is said."""
    moment = shanghai(arrived) if arrived else None
    return decide(facts(*attachments, **of_mail), given or situation(), arrived=moment)


def cell(value: object, number_format: str = "General") -> Cell:
    if isinstance(value, Cell):
        return value
    if isinstance(value, int | float):
        return Cell(str(value), float(value), number_format)
    return Cell(str(value or ""))


def table(*rows: Sequence[object], name: str | None = "Sheet1", hidden: bool = False, keep_refs: bool = False) -> Table:
    """Return a table; its cells get their references, those of merged cells may keep the first one's."""
    width = max((len(row) for row in rows), default=0)
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    return Table(
        name,
        tuple(
            tuple(
                cell(value) if keep_refs and isinstance(value, Cell) else replace(cell(value), ref=f"{chr(65 + x)}{y}")
                for x, value in enumerate(row)
            )
            for y, row in enumerate(filled, start=1)
        ),
        hidden=hidden,
    )


NOTHING_READ = Document()


def attachment(
    file: str,
    kind: FileKind,
    document: Document = NOTHING_READ,
    *,
    inline: bool = False,
    problems: Sequence[str] = (),
) -> Attachment:
    digest = hashlib.sha256(file.encode()).hexdigest()
    found = tuple(Problem(code, code) for code in problems)
    return Attachment(file, kind, 1000, digest, document, inline=inline, problems=found)


def workbook(file: str = "报表.xlsx", *tables: Table, problems: Sequence[str] = ()) -> Attachment:
    return attachment(file, FileKind.XLSX, Document(tables=tables, has_text=True), problems=problems)


def letter(file: str = "报告.docx", text: str = "", *tables: Table) -> Attachment:
    return attachment(file, FileKind.DOCX, Document(tables=tables, text=text, has_text=bool(text)))


def scan(file: str = "扫描件0001.pdf") -> Attachment:
    return attachment(file, FileKind.PDF, Document(pages=2, is_scan=True))


def made_pdf(file: str = "报告.pdf", text: str = "") -> Attachment:
    return attachment(file, FileKind.PDF, Document(text=text, pages=2, has_text=True))


def mixed_pdf(file: str = "报告.pdf", text: str = "") -> Attachment:
    """Return typed pages with a scanned one behind them."""
    return attachment(file, FileKind.PDF, Document(text=text, pages=3, has_text=True, holds_scan=True))


def photo(file: str = "IMG_2021.jpg", *, inline: bool = False, is_scan: bool = True) -> Attachment:
    return attachment(file, FileKind.PICTURE, Document(is_scan=is_scan, pixels=(3000, 4000)), inline=inline)


HEAD = ("序号", "任务内容", "累计完成", "完成率", "进展情况", "存在问题", "下步措施")
SCHOOLS = (
    (10, "新建、改扩建中小学", 3, "15%", "3所已开工", "无", "加快施工"),
    (10, "新投入使用中小学", 2, "", "", "", ""),
    (10, "新增中小学学位", "1200个", "", "", "", ""),
)


def school_table(title: str = "", *, label: str = "", name: str | None = "Sheet1") -> Table:
    above = [(text,) for text in (title, label) if text]
    return table(*above, HEAD, *SCHOOLS, name=name)


def school_workbook(file: str = "报表.xlsx", title: str = "", *, label: str = "") -> Attachment:
    return workbook(file, school_table(title, label=label))


def doubts(decision: Decision) -> set[str]:
    return {doubt.code for doubt in decision.doubts}


def problems(decision: Decision) -> set[str]:
    return {problem.code for problem in decision.problems}
