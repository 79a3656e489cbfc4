"""The commands about messages: explain, ingest, messages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailbot.cli.calling import Caller, actor, as_json, examples, progress_bars
from mailbot.cli.screen import complain, plain, print_json, print_json_line, print_table
from mailbot.cli.views import explained, message_row, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from mailbot.domain.decision import Decision


def arrival(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """Read --arrived."""
    from mailbot.domain.moments import shanghai

    if value is None:
        return None
    try:
        return shanghai(value)
    except ValueError as error:
        raise click.BadParameter("请写成 2021-04-24T16:05 的形式（默认北京时间）") from error


arrived_option = click.option(
    "--arrived", metavar="时间", callback=arrival, help="到件时间（ISO-8601，默认北京时间）。"
)


def skipped(file: Path, why: str) -> None:
    """Say which file was passed over, and why."""
    complain(f"跳过 {file}：{why}")


def _found_nothing(paths: Sequence[Path]) -> None:
    """Say where no message was found; exit 1 where that is so anywhere, as nobody names what he does not want read."""
    for path in paths:
        complain(f"{path}：没有找到邮件")
    click.get_current_context().exit(1 if paths else 0)


@click.command(
    epilog=examples(
        "mailbot explain 来件.eml",
        "mailbot explain 来件.eml --arrived 2021-04-24T16:05 --json",
        "mailbot explain 存放来件的文件夹/",
    )
)
@click.argument("path", metavar="路径", type=click.Path(exists=True, path_type=Path))
@arrived_option
@as_json
@click.pass_obj
def explain(caller: Caller, path: Path, arrived: datetime | None, as_json: bool) -> None:
    """Say what would be made of messages."""
    from mailbot.stages.explaining import explain_all

    app, found = caller.app(), 0
    with app.reader() as reader:
        for file, when, decision in explain_all(path, app.desk(), app.own_addresses, reader, skipped, arrived):
            found += 1
            data = explained(str(file), when, decision)
            if as_json and path.suffix.lower() == ".eml" and path.is_file():
                print_json(data)
            elif as_json:
                print_json_line(data)
            else:
                click.echo("\n".join(plain(line) for line in _told(file, when, decision)))
    _found_nothing([] if found else [path])


def _told(file: Path, when: datetime | None, decision: Decision) -> Iterator[str]:
    """Say what is made of a message, as a clerk would."""
    from mailbot.domain.labels import PLACES, label, points_to_label

    yield f"■ {file}（到件 {moment(when) or '时间不明'}）"
    yield f"  性质：{label(decision.kind)}　处理：{label(decision.verdict)}"
    for part in decision.parts:
        period = part.period.chinese() if part.period else "报送期不明"
        yield f"  {label(part.kind)}：{part.file or '邮件正文'}（{part.unit or '单位不明'}，{period}）"
    for figure in decision.figures:
        where = figure.source.cell or figure.source.page or "正文"
        amount = f"{label(figure.meaning)} {figure.value:g}{figure.unit_of_measure}"
        yield f"  第{figure.task}项 {figure.what}：{amount}（{figure.source.file or '正文'} {where}）"
    for evidence in decision.evidence:
        quote = f"“{evidence.quote}”" if evidence.quote else ""
        weighed = f"{points_to_label(evidence)} [{evidence.weight:.2f}]"
        yield f"  依据（{label(evidence.about)}）：{PLACES.get(evidence.source, evidence.source)} {quote} → {weighed}"
    for doubt in decision.doubts:
        yield f"  存疑：{doubt.text}"
    for problem in decision.problems:
        yield f"  问题：{problem}"
    yield f"  能否自动回复：{'可以' if not decision.reasons_not_to_answer else '不可以'}"


@click.command(
    epilog=examples(
        "mailbot ingest 来件.eml --arrived 2021-04-24T16:05",
        "mailbot ingest ~/Maildir 旧邮件.mbox 存放来件的文件夹/",
        "mailbot ingest --reply 来件.eml",
    )
)
@click.argument("paths", metavar="路径...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@arrived_option
@click.option("--reply", is_flag=True, help="像收取的来件一样回复；不加则只登记。")
@as_json
@click.pass_obj
def ingest(caller: Caller, paths: tuple[Path, ...], arrived: datetime | None, reply: bool, as_json: bool) -> None:
    """Record messages as if they had been fetched."""
    from mailbot.stages.ingesting import take_in

    app = caller.app()
    if reply:
        app.must_know_the_beginning()
        app.must_have_a_true_clock()
    sending = reply and app.sends_by_itself
    if sending:
        app.must_have_passwords()
    with app.only_instance(), app.reader() as reader:
        taken = {path: tuple(take_in(path, app.archive, app.ledger, skipped, arrived=arrived)) for path in paths}
        clerk = app.clerk(reader)
        if reply:
            clerk.answer_too([one.sha256 for some in taken.values() for one in some], actor())
        recorded = clerk.record_backlog(progress=progress_bars())
        if sending:
            app.round(reader, relist=False).deliver()
    everything = [one for found in taken.values() for one in found]
    if as_json:
        with app.ledger.reading() as books:
            rows = {row.sha256: message_row(row) for row in books.messages()}
        print_json([{"path": str(one.file), "new": one.new, **rows[one.sha256]} for one in everything])
    else:
        new = sum(one.new for one in everything)
        click.echo(f"读入 {len(everything)} 封，其中新来件 {new} 封；处理 {recorded} 封。")
    _found_nothing([path for path, found in taken.items() if not found])


@click.command(epilog=examples("mailbot messages", "mailbot messages --json"))
@as_json
@click.pass_obj
def messages(caller: Caller, as_json: bool) -> None:
    """List every sighting."""
    from mailbot.domain.labels import label

    app = caller.app()
    with app.ledger.reading() as books:
        rows = books.messages()
    if as_json:
        print_json([message_row(row) for row in rows])
        return
    print_table(
        f"来件（{len(rows)}）",
        ("到件", "文件夹", "在邮箱中", "处理", "登记号", "说明", "SHA-256"),
        [
            (
                f"{row.arrived:%Y-%m-%d %H:%M}" if row.arrived else "不明",
                row.folder or "（手工读入）",
                "是" if row.in_view else "否",
                label(row.standing),
                "、".join(row.receipts),
                row.why,
                row.sha256[:12],
            )
            for row in rows
        ],
        empty="还没有来件。",
    )
