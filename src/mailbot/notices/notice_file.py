"""A notice's file: its tasks, units, targets, mailbox and deadline rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from mailbot.checking import Address, Document, Line, Several, Table, check
from mailbot.domain.notice import DeadlineRule, Notice, Shift, Target, Task
from mailbot.domain.report import PartKind
from mailbot.errors import Problem
from mailbot.notices.days import Cutoff, Day, Month

Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class TargetEntry(Table):
    """A number the notice sets."""

    what: Annotated[Line, Field(examples=["what: 新增城镇就业"])]
    value: Annotated[Amount, Field(examples=["value: 120000"])]
    unit_of_measure: Annotated[Line, Field(examples=["unit_of_measure: 人"])]
    at_least: Annotated[bool, Field(examples=["at_least: true"])] = False
    raw: Annotated[Line | None, Field(examples=["raw: 12万人"])] = None
    scope_word: Annotated[Line | None, Field(examples=["scope_word: 全市"])] = None
    district_target: Annotated[Amount | None, Field(examples=["district_target: 5000"])] = None

    def target(self) -> Target:
        """Return the target."""
        return Target(
            self.what,
            self.value,
            self.unit_of_measure,
            at_least=self.at_least,
            raw=self.raw or "",
            scope_word=self.scope_word,
            district_target=self.district_target,
        )


class TaskEntry(Table):
    """A task, word for word."""

    number: Annotated[int, Field(ge=1, examples=["number: 1"])]
    section: Annotated[Line, Field(examples=["section: 持续稳定居民就业"])]
    text: Annotated[Line, Field(examples=["text: 回迁安置群众10万人。"])]
    leaders: Annotated[Several[Line], Field(examples=["leaders: [刘斌]"])] = ()
    lead_units: Annotated[Several[Line], Field(examples=["lead_units: [区教育局]"])] = ()
    responsible_units: Annotated[Several[Line], Field(examples=["responsible_units: [区财政局]"])] = ()
    collective: Annotated[Line | None, Field(examples=["collective: 各街道办事处"])] = None
    targets: Several[TargetEntry] = ()
    qualitative: Annotated[Several[Line], Field(examples=["qualitative: [实施财政补贴]"])] = ()
    not_applicable: Annotated[Line | None, Field(examples=["not_applicable: 此项工作不涉及我区。"])] = None

    def task(self) -> Task:
        """Return the task."""
        return Task(
            self.number,
            self.section,
            self.text,
            leaders=self.leaders,
            lead_units=self.lead_units,
            responsible_units=self.responsible_units,
            collective=self.collective,
            targets=tuple(entry.target() for entry in self.targets),
            qualitative=self.qualitative,
            not_applicable=self.not_applicable,
        )


class DeadlineEntry(Table):
    """The deadline rule."""

    day: Annotated[int, Field(ge=1, le=31, examples=["day: 25"])]
    inclusive: Annotated[bool, Field(examples=["inclusive: true"])] = True
    cutoff: Annotated[Cutoff, Field(examples=['cutoff: "24:00"'])] = None
    shift: Annotated[
        Literal["next_workday", "prev_workday", "statutory_only", "none"], Field(examples=["shift: next_workday"])
    ] = "next_workday"


class NoticeFile(Table):
    """A notice."""

    document_number: Annotated[Line, Field(examples=["document_number: 中原政办〔2021〕8号"])]
    title: Annotated[Line, Field(examples=["title: 关于印发重点民生实事任务分解的通知"])]
    short_title: Annotated[Line, Field(examples=["short_title: 重点民生实事"])]
    issuer: Annotated[Line, Field(examples=["issuer: 郑州市中原区人民政府办公室"])]
    dated: Annotated[Day, Field(examples=["dated: 2021-03-16"])]
    mailbox: Annotated[Address, Field(examples=["mailbox: zydc697@163.com"])]
    reporting_sentence: Annotated[
        Line, Field(examples=["reporting_sentence: 各牵头单位每月25日前将进展情况报区政府督查室"])
    ]
    required: Annotated[
        Several[Literal["electronic", "sealed_scan"]],
        Field(min_length=1, examples=["required: [electronic, sealed_scan]"]),
    ]
    first_period: Annotated[Month, Field(examples=["first_period: 2021-03"])]
    last_period: Annotated[Month, Field(examples=["last_period: 2021-12"])]
    deadline: Annotated[DeadlineEntry, Field(examples=["deadline: {day: 25}"])]
    tasks: Annotated[Several[TaskEntry], Field(min_length=1)]

    def notice(self, key: str) -> Notice:
        """Return the notice."""
        rule = self.deadline
        return Notice(
            key=key,
            document_number=self.document_number,
            title=self.title,
            issuer=self.issuer,
            dated=self.dated,
            reporting_sentence=self.reporting_sentence,
            mailbox=self.mailbox,
            tasks=tuple(entry.task() for entry in self.tasks),
            required=tuple(PartKind(kind) for kind in dict.fromkeys(self.required)),
            deadline=DeadlineRule(rule.day, rule.inclusive, rule.cutoff, Shift(rule.shift)),
            first_period=self.first_period,
            last_period=self.last_period,
            short_title=self.short_title,
        )


def read_notice(document: Document) -> tuple[Notice | None, tuple[Problem, ...]]:
    """Return the notice, and every mistake in its file. Its key is the file's stem."""
    entry, problems = check(document, NoticeFile)
    problems += (*_numbers_used_twice(document), *_tasks_without_lead(document), *_ends_before_it_begins(document))
    return (entry.notice(document.file.stem) if entry else None), problems


def _numbers_used_twice(document: Document) -> Iterator[Problem]:
    seen = set()
    for loc, number in document.leaves("tasks", None, "number"):
        if isinstance(number, int) and number in seen:
            yield document.problem("number_taken", f"序号 {number} 前面已经用过；请改成原文的序号", loc)
        seen.add(str(number) if isinstance(number, list | dict) else number)


def _tasks_without_lead(document: Document) -> Iterator[Problem]:
    """Find tasks that nobody would report on, and tasks that are not the district's and yet have a lead unit."""
    for loc, task in document.leaves("tasks", None):
        if not isinstance(task, dict):
            continue
        if task.get("not_applicable") and task.get("lead_units"):
            text = "不涉及我区的任务不能有牵头单位；请删去 lead_units 或 not_applicable"
            yield document.problem("lead_unit", text, (*loc, "lead_units"))
        elif not task.get("not_applicable") and not task.get("lead_units"):
            text = "没有牵头单位；请补上 lead_units，不涉及我区的写 not_applicable: 此项工作不涉及我区。"
            yield document.problem("lead_unit", text, (*loc, "lead_units"))


def _ends_before_it_begins(document: Document) -> Iterator[Problem]:
    months = [value for key in ("first_period", "last_period") for _, value in document.leaves(key)]
    if len(months) == 2 and all(isinstance(month, str) for month in months) and months[1] < months[0]:
        yield document.problem("wrong_value", "终期早于首期；请核对 first_period 和 last_period", ("last_period",))
