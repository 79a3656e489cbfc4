"""Which of several parts, figures and words of progress hold: the newest mail's. What came first stays on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from mailbot.domain.books import LedgerRow, Receipt, ReceivedPart
    from mailbot.domain.report import Figure, Part, PartKind, Progress

File: TypeAlias = "tuple[PartKind, str]"  # a kind and the SHA-256: the same bytes as another kind are another matter
Said = TypeVar("Said")


def in_force(received: Iterable[ReceivedPart]) -> tuple[tuple[ReceivedPart, ...], tuple[ReceivedPart, ...]]:
    """Return the files that hold and those that a later mail replaced, each once, as it first came, oldest first.

    A later mail's files of a kind replace earlier mails' files of that kind; the files of one mail stay together. Files
    that came before with the very same bytes are no news: a mail that brings only such leaves all as it is.

    Source: the office's practice 以最后一次为准, 首次报送时间予以保留.

    >>> from mailbot.domain.books import ReceivedPart
    >>> from mailbot.domain.moments import shanghai
    >>> from mailbot.domain.report import Part, PartKind
    >>> def came(kind: PartKind, file: str, when: str, receipt: str) -> ReceivedPart:
    ...     return ReceivedPart(Part(kind, file, sha256=file, size=1), shanghai(when), receipt, "INBOX")
    >>> held, replaced = in_force([
    ...     came(PartKind.ELECTRONIC, "4月.xlsx", "2021-04-20", "1"),
    ...     came(PartKind.SEALED_SCAN, "第1页.jpg", "2021-04-20", "1"),
    ...     came(PartKind.SEALED_SCAN, "第2页.jpg", "2021-04-20", "1"),
    ...     came(PartKind.ELECTRONIC, "4月（更正）.xlsx", "2021-04-22", "2"),
    ...     came(PartKind.SEALED_SCAN, "第1页.jpg", "2021-04-22", "2"),
    ... ])
    >>> [part.part.file for part in held], [part.part.file for part in replaced]
    (['第1页.jpg', '第2页.jpg', '4月（更正）.xlsx'], ['4月.xlsx'])
    """
    ordered = sorted(received, key=lambda part: (part.arrived, part.receipt))
    first: dict[File, ReceivedPart] = {}
    by_mail: dict[tuple[PartKind, str], list[File]] = {}
    for one in ordered:
        first.setdefault(_file(one), one)
        by_mail.setdefault((one.part.kind, one.receipt), []).append(_file(one))
    holding: dict[PartKind, list[File]] = {}
    for (kind, _), files in by_mail.items():
        if not set(files) <= set(holding.get(kind, ())):
            holding[kind] = files
    held = {file for files in holding.values() for file in files}
    return (
        tuple(one for file, one in first.items() if file in held),
        tuple(one for file, one in first.items() if file not in held),
    )


def _file(received: ReceivedPart) -> File:
    return received.part.kind, received.part.sha256


def repeated_parts(receipt: Receipt, row: LedgerRow) -> tuple[Part, ...]:
    """Return the parts of a receipt that had come before with the very same bytes; `row` is its obligation's."""
    known = {_file(one) for one in (*row.parts, *row.superseded) if one.receipt != receipt.number}
    return tuple(part for part in receipt.parts if (part.kind, part.sha256) in known)


def latest_figures(receipts: Iterable[Receipt]) -> tuple[Figure, ...]:
    """Return the newest figures for each task, thing counted and meaning, by task.

    A mail that says nothing of a figure leaves the earlier word on it standing; two values that one mail gives for the
    same thing are both kept, since choosing between them is a person's.

    >>> from mailbot.domain.books import Receipt
    >>> from mailbot.domain.moments import shanghai
    >>> from mailbot.domain.period import Period
    >>> from mailbot.domain.report import Figure, Meaning, Source
    >>> def mail(day: str, **values: float) -> Receipt:
    ...     said = tuple(Figure(10, what, v, "所", Meaning.CUMULATIVE, Source()) for what, v in values.items())
    ...     return Receipt(day, "", "n", "区教育局", Period(2021, 4), shanghai(day), "", (), (10,), said, ())
    >>> held = latest_figures([mail("2021-04-20", 开工=3, 完工=1), mail("2021-04-22", 开工=4)])
    >>> [(figure.what, figure.value) for figure in held]
    [('开工', 4), ('完工', 1)]
    """
    return _newest(
        receipts,
        said=lambda receipt: receipt.figures,
        about=lambda figure: (figure.task, figure.what, figure.meaning),
        task=lambda figure: figure.task,
    )


def latest_progress(receipts: Iterable[Receipt]) -> tuple[Progress, ...]:
    """Return the newest words of progress for each task, by task."""
    return _newest(
        receipts,
        said=lambda receipt: receipt.progress,
        about=lambda progress: progress.task,
        task=lambda progress: progress.task,
    )


def _newest(
    receipts: Iterable[Receipt],
    *,
    said: Callable[[Receipt], tuple[Said, ...]],
    about: Callable[[Said], Hashable],
    task: Callable[[Said], int],
) -> tuple[Said, ...]:
    """Return what the newest receipt says about each thing, in the order of the tasks."""
    found: dict[Hashable, list[Said]] = {}
    for receipt in sorted(receipts, key=lambda each: (each.arrived, each.number)):
        fresh: dict[Hashable, list[Said]] = {}
        for each in said(receipt):
            fresh.setdefault(about(each), []).append(each)
        found |= fresh
    return tuple(sorted((each for group in found.values() for each in group), key=task))
