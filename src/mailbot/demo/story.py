"""The reporting month 2021-04 as data: who sends what and when, what the office does, whose address is whose.

Units and tasks are the notice's; every person, address, number and sentence is made up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import yaml

from mailbot.demo.enclosures import (
    MONTH,
    MONTH_BEFORE,
    both,
    corrected_table,
    photo_of_the_paper,
    scan,
    table,
    words_and_scan,
)
from mailbot.demo.letters import OFFICE, Letter, Style
from mailbot.demo.mailing import Arrival, OurMail, Sent, answer, letter, machine
from mailbot.demo.strays import Trick, auto_reply_mail, bounce_mail, forged_mail, newsletter_mail, stranger_mail
from mailbot.domain.moments import shanghai

BEGINS, ENDS = shanghai("2021-04-16T09:00"), shanghai("2021-04-29T18:00")
MAILBOX = OFFICE
JUNK, ADVERTISING = "垃圾邮件", "广告邮件"
SUBJECT = f"{MONTH.chinese()}重点民生实事进展情况"

TWO_UNITS = "anju2021@boxqq.example"
UNBOUND = "wenlv88@box163.example"
GONE = "canlian@closed.example"
ADDRESSES: dict[str, tuple[str, ...]] = {
    "区人社局": ("jiuye66@boxqq.example",),
    "区城市更新发展中心": (TWO_UNITS,),
    "区房管局": (TWO_UNITS,),
    "区城建局": ("cjj@zygov.example",),
    "区政务办（区大数据局）": ("dsj@zygov.example",),
    "区城管局": ("cgj2021@box163.example",),
    "区发改委": ("fgw@zygov.example",),
    "区教育局": ("jyj_bgs@box163.example",),
    "区卫健委": ("wjw@zygov.example",),
    "区市场监管局": ("scjg@boxqq.example",),
    "区文旅体局": (),
    "区残联": (GONE,),
}


@dataclass(frozen=True, slots=True)
class Binding:
    """The office binds an address to a unit: when, and why."""

    moment: datetime
    address: str
    unit: str
    note: str


def units_yaml(shipped: str) -> str:
    """Return the shipped units.yaml with the story's addresses written in."""
    units = yaml.safe_load(shipped)
    for unit in units:
        unit["addresses"] = list(ADDRESSES.get(unit["name"], ()))
    text: str = yaml.safe_dump(units, allow_unicode=True, sort_keys=False)
    return text


def _from(unit: str, subject: str, body: str, style: Style, name: str = "") -> Letter:
    return Letter(ADDRESSES[unit][0], subject, body, style=style, name=name)


def _out_of_office(ours: OurMail, moment: datetime) -> bytes:
    return auto_reply_mail(ADDRESSES["区人社局"][0], answers=ours.message_id, subject=ours.subject, sent=moment)


def _bounce(ours: OurMail, moment: datetime) -> bytes:
    return bounce_mail(GONE, message_id=ours.message_id, subject=ours.subject, sent=moment)


def _forged(trick: Trick, _sent: Sent, moment: datetime) -> bytes:
    bound, files = ADDRESSES["区发改委"][0], table("区发改委")()
    return forged_mail(bound, trick=trick, files=files, subject=f"区发改委{SUBJECT}", sent=moment)


def _arrival(
    moment: str, note: str, builder: Callable[[Sent, datetime], bytes | None], folder: str = "INBOX"
) -> Arrival:
    return Arrival(shanghai(f"2021-04-{moment}"), note, builder, folder)


def _from_before(number: int, unit: str) -> Arrival:
    """Return a report of the month before: it lay in the mailbox when the service began."""
    sender = next(iter(ADDRESSES[unit]), UNBOUND)
    month = MONTH_BEFORE.chinese()
    draft = Letter(sender, f"{unit}{month}重点民生实事进展情况", "请查收。", style=Style.NETEASE)
    moment = shanghai(f"{MONTH_BEFORE}-24T09:00") + number * timedelta(minutes=40)
    return Arrival(moment, f"{unit}：{month}材料", letter(draft, both(unit, month=MONTH_BEFORE)))


HISTORY: tuple[Arrival, ...] = tuple(_from_before(number, unit) for number, unit in enumerate(ADDRESSES))

ARRIVALS: tuple[Arrival, ...] = (
    _arrival("16T10:20", "市民来信咨询，与报送无关", lambda _, at: stranger_mail(at)),
    _arrival(
        "19T09:35",
        "区人社局：电子版、盖章扫描件齐全",
        letter(
            _from("区人社局", f"区人社局{SUBJECT}", "附件为我局4月进展情况，请查收。", Style.QQ, "张三"),
            both("区人社局"),
        ),
    ),
    _arrival("19T09:50", "区人社局经办人的假期自动回复，不得再回", machine(ADDRESSES["区人社局"][0], _out_of_office)),
    _arrival(
        "20T15:10",
        "区大数据局（即区政务办）：Word 报告和扫描件",
        letter(
            _from("区政务办（区大数据局）", "大数据局4月份民生实事进展", "见附件。", Style.COREMAIL),
            words_and_scan("区政务办（区大数据局）"),
        ),
    ),
    _arrival(
        "21T08:50",
        "区卫健委的来件被误判，落在垃圾邮件中",
        letter(_from("区卫健委", f"区卫健委{SUBJECT}", "请查收。", Style.COREMAIL, "李四"), both("区卫健委")),
        JUNK,
    ),
    _arrival(
        "21T16:40",
        "区城管局：齐全",
        letter(_from("区城管局", f"中原区城管局{SUBJECT}", "请查收。", Style.NETEASE), both("区城管局")),
    ),
    _arrival(
        "22T10:05",
        "同一经办人代两个单位报送：区城市更新发展中心、区房管局",
        letter(
            Letter(TWO_UNITS, "更新中心、房管局4月进展情况", "两家的材料一并报送。", style=Style.QQ),
            both("区城市更新发展中心", "区房管局"),
        ),
    ),
    _arrival(
        "22T11:30",
        "区教育局：先报盖章扫描件",
        letter(
            _from("区教育局", f"区教育局{SUBJECT}（盖章件）", "电子版随后报送。", Style.NETEASE, "张三"),
            scan("区教育局"),
        ),
    ),
    _arrival("22T14:00", "群发的广告", lambda _, at: newsletter_mail(at), ADVERTISING),
    _arrival(
        "22T15:20",
        "区发改委来信询问，不是报送",
        letter(_from("区发改委", "请教", "您好，请问4月的进展情况是否有统一的表格？谢谢。", Style.COREMAIL)),
    ),
    _arrival(
        "23T10:15",
        "区城管局：更正电子版，以此为准",
        letter(
            _from("区城管局", f"更正：中原区城管局{SUBJECT}", "前次报表有误，以此件为准。", Style.NETEASE),
            corrected_table("区城管局"),
        ),
    ),
    _arrival(
        "23T11:00",
        "区文旅体局：从未登记的个人邮箱报送",
        letter(Letter(UNBOUND, "4月民生实事进展", "请查收，谢谢。", style=Style.NETEASE), both("区文旅体局")),
    ),
    _arrival("24T20:30", "冒用区发改委地址的来件（SPF 不符）", partial(_forged, Trick.FROM)),
    _arrival(
        "25T16:00",
        "区城建局：只有电子版",
        letter(_from("区城建局", f"区城建局{SUBJECT}", "请查收。", Style.FOXMAIL), table("区城建局")),
    ),
    _arrival(
        "25T17:20",
        "区市场监管局：只有电子版",
        letter(_from("区市场监管局", f"区市场监管局{SUBJECT}", "请查收。", Style.QQ), table("区市场监管局")),
    ),
    _arrival(
        "25T21:00",
        "区城建局：回复缺件告知，补报盖章扫描件",
        answer(_from("区城建局", "补报盖章件", "补报盖章件。", Style.FOXMAIL), scan("区城建局")),
    ),
    _arrival(
        "25T23:40",
        "区教育局：当日24时前补报电子版，按时",
        answer(
            _from("区教育局", f"区教育局{SUBJECT}", "补报电子版。", Style.NETEASE, "张三"),
            table("区教育局"),
        ),
    ),
    _arrival(
        "26T08:40",
        "区发改委：逾期报送，齐全",
        letter(_from("区发改委", f"区发改委{SUBJECT}", "因故迟报，请查收。", Style.COREMAIL), both("区发改委")),
    ),
    _arrival("26T09:20", "发给区残联的邮件被退回", machine(GONE, _bounce)),
    _arrival("27T09:15", "只在显示名上冒充区发改委的来件", partial(_forged, Trick.NAME)),
    _arrival(
        "27T10:00",
        "区市场监管局：用手机照片补报盖章件，逾期补齐",
        answer(
            _from("区市场监管局", "补报盖章件", "盖章件照片，请查收。", Style.QQ), photo_of_the_paper("区市场监管局")
        ),
    ),
)

BINDINGS: tuple[Binding, ...] = (
    Binding(shanghai("2021-04-25T10:00"), UNBOUND, "区文旅体局", "督查室核实后，将该邮箱登记到区文旅体局"),
)
