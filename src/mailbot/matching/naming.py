"""Where units are named: clues from a file (labels, titles, name, letterhead, tasks) and from the mail around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mailbot.chinese.fold import fold
from mailbot.chinese.names import NameMention
from mailbot.domain.notice import Notice, Task
from mailbot.matching.case import Case
from mailbot.matching.clues import Clue, Where
from mailbot.matching.columns import Role
from mailbot.matching.labels import LABEL, labels_of_lines
from mailbot.matching.leaves import Leaf
from mailbot.matching.rows import ProgressTable
from mailbot.matching.tasks import match_rows

_SIGNING_LABEL = re.compile(r"^(?:单位|部门|发件单位|报送单位|填报单位)(?:名称)?:")
_COOPERATES = re.compile(r"(?:会同|联合|配合|协调|协同|与|和|及|同|向|致|报|请|由|抄送|抄报|转发?|对接|联系|经|商)$")
_PARTNER = re.compile(r"(?:会同|联合|配合|协调|协同|与|和|及|同|对接|联系|商)$")
_HEAD_LINES = 4
_TAIL_LINES = 8
_REPORTING = (Role.MONTHLY, Role.CUMULATIVE, Role.PROGRESS, Role.PERCENT)


def clues_of_file(case: Case, leaf: Leaf) -> tuple[Clue, ...]:
    """Return what a file says of the unit it comes from. Columns such as 牵头单位 and 责任单位 are not looked at."""
    return (*_labels(case, leaf), *_titles(case, leaf), *_letterhead(case, leaf), *_tasks(case, leaf))


def named_elsewhere(case: Case, leaves: tuple[Leaf, ...]) -> tuple[tuple[str, str], ...]:
    """Return the namesakes of other places that a subject or a file bears, each with where it stands.

    Another district's is one wherever it heads something. A city's is one only in a file that names no unit of ours:
    a subject may say where a copy went (报市教育局), a title whose form it is.
    """
    found = [("subject", m) for m in case.names.of_other_districts(case.subject) if not _beside(case.subject, m)]
    for leaf in leaves:
        texts = tuple(_heading(leaf))
        found += [(leaf.file, m) for t in texts for m in case.names.of_other_districts(t) if not _beside(t, m)]
        if not any(m.certainty == 1 for text in texts for m in case.names.mentions(text)):
            found += [(leaf.file, m) for t in texts for m in case.names.of_cities(t) if not _addressed(t, m)]
    return tuple(dict.fromkeys((source, mention.quote) for source, mention in found))


def _heading(leaf: Leaf) -> Iterator[str]:
    """Yield what says whose a file is: its name, sheet names, titles, labels, the first lines of its text."""
    yield leaf.stem[:500]
    for sheet in leaf.sheets:
        yield from (sheet.name, *sheet.titles)
    yield from (value[:60] for _, value in label_values(leaf))
    yield from (line for line in _lines(leaf.attachment.document.text)[:_HEAD_LINES] if _is_letterhead(line))


def _beside(text: str, mention: NameMention) -> bool:
    """Tell whether a text names a body as a partner."""
    return bool(_PARTNER.search(fold(text)[: mention.start]))


def _addressed(text: str, mention: NameMention) -> bool:
    """Tell whether a text names a body as a partner or as the one it is for."""
    return bool(_COOPERATES.search(fold(text)[: mention.start]))


def clues_of_mail(case: Case) -> tuple[Clue, ...]:
    """Return what the mail around the files says of the unit."""
    where = Where.THREAD if case.answers_somebody else Where.SUBJECT
    found = [*_mentioned(case, where, "subject", case.subject), *_body(case)]
    found += [Clue(Where.ADDRESS, unit, "sender", case.mail.sender.spec, 1 / len(case.bound)) for unit in case.bound]
    found += _mentioned(case, Where.DISPLAY_NAME, "sender", case.mail.sender.name)
    if case.situation.answers:
        found.append(Clue(Where.THREAD, case.situation.answers[0], "thread", case.mail.subject))
    return tuple(found)


def _mentioned(case: Case, where: Where, source: str, text: str) -> Iterator[Clue]:
    """Yield a clue for each unit that a text names; several share its weight."""
    found = [
        m for m in case.names.mentions(text[:500]) if not _COOPERATES.search(fold(text)[max(0, m.start - 2) : m.start])
    ]
    best: dict[str, NameMention] = {}
    for mention in found:
        if mention.unit not in best or mention.certainty > best[mention.unit].certainty:
            best[mention.unit] = mention
    sure = {unit: mention for unit, mention in best.items() if mention.certainty == 1} or best
    for unit, mention in sure.items():
        yield Clue(where, unit, source, text.strip()[:80], mention.certainty / len(sure))


def _titles(case: Case, leaf: Leaf) -> Iterator[Clue]:
    """Yield what titles, sheet names and the file's own name say."""
    yield from _mentioned(case, Where.FILE_NAME, leaf.file, leaf.stem)
    for sheet in leaf.sheets:
        yield from _mentioned(case, Where.SHEET_NAME, leaf.file, sheet.name)
        for text in sheet.titles:
            if not LABEL.match(fold(text)):
                yield from _mentioned(case, Where.TITLE, leaf.file, text)


def _labels(case: Case, leaf: Leaf) -> Iterator[Clue]:
    """Yield what cells such as 填报单位：区教育局 say."""
    for quote, value in label_values(leaf):
        yield from _labelled(case, leaf, quote, value)


def label_values(leaf: Leaf) -> Iterator[tuple[str, str]]:
    """Yield each label and what stands after it, in the same cell or the one to its right."""
    for sheet in leaf.sheets:
        yield from sheet.labels
    yield from labels_of_lines(_lines(leaf.attachment.document.text))


def _labelled(case: Case, leaf: Leaf, quote: str, value: str) -> Iterator[Clue]:
    """Yield the unit that stands after a label, a bare name counting nearly as much as a full one there."""
    for mention in case.names.mentions(value[:60])[:1]:
        yield Clue(
            Where.LABEL,
            mention.unit,
            leaf.file,
            quote if mention.quote in quote else f"{quote} {mention.quote}",
            1.0 if mention.certainty == 1 else 0.8,
        )


def _letterhead(case: Case, leaf: Leaf) -> Iterator[Clue]:
    """Yield what the first lines of a document say, and the last ones that are nothing but a name."""
    lines = _lines(leaf.attachment.document.text)
    for line in lines[:_HEAD_LINES]:
        if _is_letterhead(line):
            yield from _mentioned(case, Where.LETTERHEAD, leaf.file, line)
    for line in lines[-_TAIL_LINES:]:
        unit = case.names.unit_named(line)
        if unit:
            yield Clue(Where.LETTERHEAD, unit, leaf.file, line)


def _is_letterhead(line: str) -> bool:
    """Tell whether a first line may name the writer; a salutation names the reader."""
    return len(line) <= 60 and not line.endswith(":")


def _tasks(case: Case, leaf: Leaf) -> Iterator[Clue]:
    """Yield the one unit that leads every task a file reports on."""
    tables = [sheet.progress for sheet in leaf.sheets if sheet.progress]
    for notice in case.situation.notices:
        tasks = reported(tables, notice)
        leading = [set(task.lead_units) for task in tasks.values()]
        everywhere = set.intersection(*leading) if leading else set()
        if len(everywhere) == 1:
            numbers = "、".join(str(number) for number in sorted(tasks))
            yield Clue(Where.TASKS, everywhere.pop(), leaf.file, f"第{numbers}项")


def reported(tables: Iterable[ProgressTable], notice: Notice) -> dict[int, Task]:
    """Return the tasks under a notice on which tables report something."""
    return {
        task.number: task
        for table in tables
        for row, task in zip(table.rows, match_rows(table.rows, notice.tasks), strict=True)
        if task and any(row.cell(column).text.strip() for column in table.head.of(*_REPORTING))
    }


def _body(case: Case) -> Iterator[Clue]:
    """Yield what the sender's own lines say: a line that is a name and nothing else is a signature."""
    inside: list[str] = []
    for line in _lines(case.body)[:60]:
        label = _SIGNING_LABEL.match(line)
        unit = case.names.unit_named(line[label.end() :] if label else line)
        if unit:
            yield Clue(Where.SIGNATURE, unit, "body", line)
        elif not line.endswith(":"):
            inside.append(line)
    yield from _mentioned(case, Where.BODY, "body", " ".join(inside))


def _lines(text: str) -> list[str]:
    """Return the lines that say something, folded."""
    return [line.strip() for line in fold(text[:20000]).splitlines() if line.strip()]
