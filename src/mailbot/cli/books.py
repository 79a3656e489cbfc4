"""The commands about the ledger: ledger, triage, bind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailbot.cli.calling import Caller, actor, as_json, examples
from mailbot.cli.messages import arrived_option
from mailbot.cli.screen import complain, plain, print_json, print_table
from mailbot.cli.views import ledger_row, triage_row

if TYPE_CHECKING:
    from datetime import datetime

    from mailbot.domain.books import LedgerRow
    from mailbot.domain.period import Period
    from mailbot.domain.unit import Directory


def month(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Period | None:
    """Read a period."""
    from mailbot.domain.period import Period

    if value is None:
        return None
    try:
        return Period.parse(value)
    except ValueError as error:
        raise click.BadParameter("请写成 2021-04 的形式") from error


@click.command(
    epilog=examples(
        "mailbot ledger",
        "mailbot ledger --period 2021-04 --json",
        "mailbot ledger --period 2021-04 --xlsx 4月台账.xlsx",
        "mailbot ledger --owing",
    )
)
@click.option("--period", metavar="月份", callback=month, help="只看一个报送期，如 2021-04；不写则为已开始的各期。")
@click.option("--owing", is_flag=True, help="只列欠报的单位：缺什么、应于何时报齐、联系邮箱；可直接打印。")
@as_json
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="另存为 Excel 台账；只覆盖 Excel 文件。")
@click.pass_obj
def ledger(caller: Caller, period: Period | None, owing: bool, as_json: bool, xlsx: Path | None) -> None:
    """Show the ledger, or write it as a workbook."""
    from mailbot.rules.owing import owing as who_owes
    from mailbot.stages.viewing import view

    app = caller.app()
    if period and not any(notice.covers(period) for notice in app.desk().notices):
        raise click.BadParameter(f"{period} 不在通知规定的报送期内", param_hint="--period")
    now = app.clock.now()
    with app.ledger.reading() as books:
        desk = app.desk().with_bindings(books)
        rows = view(books, desk, now, {period} if period else None)
        if xlsx:
            from mailbot.stages.exporting import export

            export(xlsx, app.settings.archive, books, desk, rows, now)
            complain(f"已写入 {xlsx}")
    rows = who_owes(rows, now) if owing else rows
    if as_json:
        print_json([ledger_row(row, desk.notice(row.obligation.notice)) for row in rows])
    elif owing:
        _print_owing(rows, desk.directory, now)
    elif not xlsx:
        begun = [row for row in rows if period or row.obligation.period.first_day() <= now.date()]
        _show(begun)


def _print_owing(rows: tuple[LedgerRow, ...], directory: Directory, now: datetime) -> None:
    from mailbot.reports.owing import owing_lines

    for line in owing_lines(rows, directory, now):
        click.echo(plain(line))


def _show(rows: list[LedgerRow]) -> None:
    from mailbot.domain.labels import label

    print_table(
        "报送台账",
        ("报送期", "单位", "完整性", "时效", "逾期天数", "首次收到", "报齐时间", "登记号"),
        [
            (
                row.obligation.period,
                row.obligation.unit,
                label(row.standing.completeness),
                label(row.standing.timeliness),
                row.standing.days_late or "",
                _when(row.standing.first_arrival),
                _when(row.standing.completed_at),
                "、".join(row.receipts),
            )
            for row in rows
        ],
        empty="没有报送任务。",
    )


def _when(moment: datetime | None) -> str:
    return f"{moment:%m-%d %H:%M}" if moment else ""


@click.group(
    invoke_without_command=True,
    epilog=examples(
        "mailbot triage",
        "mailbot triage assign 7 --unit 区教育局 --period 2021-04",
        "mailbot triage ignore 8 --reason 与本通知无关",
        "mailbot triage reopen 8",
    ),
)
@as_json
@click.pass_context
def triage(context: click.Context, as_json: bool) -> None:
    """List what waits for a person."""
    if context.invoked_subcommand is not None:
        return
    with context.obj.app().ledger.reading() as books:
        items = books.triage()
    if as_json:
        print_json([triage_row(item, context.obj.program()) for item in items])
        return
    print_table(
        f"待处理（{len(items)}）",
        ("编号", "到件", "发件人", "主题", "可能是", "原因"),
        [
            (
                item.id,
                _when(item.arrived),
                item.sender,
                item.subject,
                f"{item.unit or '？'} {item.period or '？'}",
                "；".join(item.reasons),
            )
            for item in items
        ],
        empty="没有待处理的来件。",
    )
    if items:
        click.echo(f"例如：{triage_row(items[0], context.obj.program())['command']}")


@triage.command(
    help="把一封来件登记到单位和报送期名下。写它在待处理中的编号；已登记的来件要补登的，写登记号或 SHA-256 的前12位。"
    "附件写明是其他单位或月份的不在其内，来件继续待处理，可再次登记。登记有误的，先用 reopen 撤销。",
    epilog=examples(
        "mailbot triage assign 7 --unit 区教育局 --period 2021-04",
        "mailbot triage assign 7 --unit 区教育局 --period 2021-04 --file 扫描件0001.pdf",
        "mailbot triage assign 7 --unit 区教育局 --period 2021-04 --file 材料.zip --holds 电子版 --holds 盖章扫描件",
        "mailbot triage assign 2021-04-0003 --unit 区人社局 --period 2021-04 --file 两单位汇总表.xlsx",
        "mailbot triage assign 7 --unit 区教育局 --period 2021-04 --arrived 2021-04-24T16:05",
    ),
)
@click.argument("item", metavar="编号|登记号|SHA-256")
@click.option("--unit", metavar="单位", required=True, help="单位的规范名称。")
@click.option("--period", metavar="月份", required=True, callback=month, help="报送期，如 2021-04。")
@click.option(
    "--file", "files", metavar="附件", multiple=True, help="只登记这个附件，可写多次；一个附件可以登记给几个单位。"
)
@click.option("--all", "every", is_flag=True, help="其余附件不论写的是什么，都登记在内。")
@click.option(
    "--holds",
    type=click.Choice(["电子版", "盖章扫描件"]),
    multiple=True,
    help="人工看过，没有读取的附件中有这一件。",
)
@arrived_option
@click.pass_obj
def assign(caller: Caller, /, item: str, unit: str, period: Period, arrived: datetime | None, **said: Any) -> None:
    """Book a message for a unit and period."""
    from mailbot.domain.decision import Ruling
    from mailbot.domain.labels import part_kind_called
    from mailbot.stages.ruling import Bench

    app = caller.app()
    ruling = Ruling(unit, period, said["files"], said["every"], tuple(map(part_kind_called, said["holds"])))
    with app.reader() as reader:
        decision = Bench(app.clerk(reader), actor()).assign(item, ruling, arrived)
    if decision is None:
        click.echo("这封来件已由他人处理。")
    elif not decision.submissions:
        click.echo(plain(f"没有登记：{'；'.join(doubt.text for doubt in decision.doubts)}。"), err=True)
        click.get_current_context().exit(1)
    else:
        click.echo(f"已登记：{unit} {period.chinese()}。")
        for doubt in decision.doubts:
            click.echo(plain(f"仍待处理：{doubt.text}。"))


@triage.command(
    help="一封待处理的来件不需登记；可用 reopen 撤销。",
    epilog=examples("mailbot triage ignore 8", "mailbot triage ignore 8 --reason 与本通知无关"),
)
@click.argument("item", type=int)
@click.option("--reason", default="人工判断不需登记", help="原因，记入台账。")
@click.pass_obj
def ignore(caller: Caller, item: int, reason: str) -> None:
    """Put a message among the ignored."""
    from mailbot.stages.ruling import Bench

    app = caller.app()
    with app.reader() as reader:
        Bench(app.clerk(reader), actor()).ignore(item, reason)
    click.echo("已记为不登记。")


@triage.command(
    help="撤销对一封来件的处理，重新列入待处理。写它在待处理中用过的编号、登记号，或 SHA-256 的前12位。"
    "已登记的，登记号作废，所收材料不再计入；已发出的回执不会收回，请另行告知单位。",
    epilog=examples(
        "mailbot triage reopen 8", "mailbot triage reopen 2021-04-0003", "mailbot triage reopen e92056c3e2de"
    ),
)
@click.argument("message", metavar="编号|登记号|SHA-256")
@click.pass_obj
def reopen(caller: Caller, message: str) -> None:
    """Let an ignored message wait again."""
    from mailbot.stages.ruling import Bench

    app = caller.app()
    with app.reader() as reader:
        Bench(app.clerk(reader), actor()).reopen(message)
    click.echo("已重新列入待处理，见 mailbot triage。已发出的回执不会收回，内容有误的请另行告知单位。")


@click.command(epilog=examples("mailbot bind zhangsan@example.com 区教育局"))
@click.argument("address")
@click.argument("unit")
@click.pass_obj
def bind(caller: Caller, address: str, unit: str) -> None:
    """Bind an address to a unit."""
    from mailbot.stages.ruling import Bench

    app = caller.app()
    with app.reader() as reader:
        decisions = Bench(app.clerk(reader), actor()).bind(address, unit)
    recorded = sum(bool(decision.submissions) for decision in decisions)
    click.echo(f"已绑定 {address} → {unit}；此前来件 {len(decisions)} 封重新判断，登记 {recorded} 封。")


@click.command(epilog=examples("mailbot unbind zhangsan@example.com 区教育局"))
@click.argument("address")
@click.argument("unit")
@click.pass_obj
def unbind(caller: Caller, address: str, unit: str) -> None:
    """Take back a binding that a person made."""
    from mailbot.stages.ruling import Bench

    app = caller.app()
    with app.reader() as reader:
        waiting = Bench(app.clerk(reader), actor()).unbind(address, unit)
    click.echo(f"已解除 {plain(address)} → {plain(unit)}；此前的登记不变，今后的来件不再按此认定。")
    if waiting:
        numbers = "、".join(map(str, waiting))
        click.echo(f"发给这个地址、尚未发出的第 {numbers} 封邮件：回执将撤回，提醒改发该单位届时登记的邮箱。")
