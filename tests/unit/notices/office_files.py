"""The office's files for tests: small right ones, to be spoilt one line at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mailbot.errors import ConfigurationError, Problem
from mailbot.settings import Files

UNITS = """\
- name: 区教育局
  full_name: 郑州市中原区教育局
  aliases: [区教体局]
  addresses: [ZhangSan@example.com]
- name: 区财政局
"""
HOLIDAYS = """\
2021:
  off: [2021-04-03, 2021-04-04]
  work: [2021-04-25]
  source: 国办发明电〔2020〕27号
"""
NOTICE = """\
document_number: 中原政办〔2021〕8号
title: 关于印发任务分解的通知
short_title: 重点民生实事
issuer: 区政府办公室
dated: 2021-03-16
mailbox: office@example.com
reporting_sentence: 各牵头单位每月25日前将进展情况报区政府督查室。
required: [electronic, sealed_scan]
first_period: 2021-03
last_period: 2021-12
deadline: {day: 25}
tasks:
  - number: 1
    section: 扩大教育资源供给
    text: 新增中小学学位2.7万个。
    lead_units: [区教育局]
    targets:
      - what: 新增中小学学位
        value: 27000
        unit_of_measure: 个
        district_target:
  - number: 2
    section: 提高便民服务效率和水平
    text: 建设统一受理系统。
    not_applicable: 此项工作不涉及我区。
"""


def put(folder: Path, *, units: str = UNITS, holidays: str = HOLIDAYS, notice: str = NOTICE) -> Files:
    """Write the three kinds of files."""
    (folder / "notices").mkdir(exist_ok=True)
    (folder / "units.yaml").write_text(units, encoding="utf-8")
    (folder / "holidays.yaml").write_text(holidays, encoding="utf-8")
    (folder / "notices" / "n.yaml").write_text(notice, encoding="utf-8")
    return Files(folder / "units.yaml", folder / "holidays.yaml", folder / "notices", folder)


def mistakes(read: Callable[[], object]) -> tuple[Problem, ...]:
    """Return every mistake that reading finds."""
    with pytest.raises(ConfigurationError) as caught:
        read()
    return caught.value.problems


def replaced(text: str, right: str, wrong: str) -> str:
    """Return a file's text with one thing in it replaced."""
    assert right in text
    return text.replace(right, wrong, 1)
