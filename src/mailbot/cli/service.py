"""The commands that make the service work: check, run, poll, remind, status, demo."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailbot.cli.calling import Caller, as_json, examples, progress_bars
from mailbot.cli.screen import complain, plain, print_json, print_table

if TYPE_CHECKING:
    from mailbot.app import App
    from mailbot.domain.ladder import Rung
    from mailbot.rules.reminders import Reminder
    from mailbot.stages.inspecting import Step
    from mailbot.stages.rounds import RoundResult

SOMETHING_IS_WRONG = 1
LISTED_WHOLE_EVERY = 288  # rounds: at the usual five minutes, once a day every folder is listed whole


def ready_to_answer(caller: Caller) -> App:
    """Build the app for a command that connects and may answer, refusing before a socket is opened."""
    app = caller.app()
    app.must_have_passwords()
    app.must_know_the_beginning()
    app.must_have_a_true_clock()
    return app


@click.command(epilog=examples("mailbot check", "mailbot --config /etc/mailbot/mailbot.toml check --json"))
@as_json
@click.pass_obj
def check(caller: Caller, as_json: bool) -> None:
    """Look at everything between the configuration and a working service."""
    from mailbot.errors import MailbotError

    try:
        app = caller.app()
        app.must_have_passwords()
    except MailbotError as error:
        if as_json:
            from mailbot.stages.inspecting import failed

            _print_steps((failed("配置", error),))
        raise
    steps = app.inspector.steps()
    well = all(step.ok for step in steps)
    if as_json:
        _print_steps(steps)
    else:
        for step in steps:
            click.echo(f"{'✓' if step.ok else '✗'} {step.name}：{plain(step.text)}")
            if not step.ok:
                click.echo(f"    → {plain(step.remedy)}")
    click.get_current_context().exit(0 if well else SOMETHING_IS_WRONG)


def _print_steps(steps: tuple[Step, ...]) -> None:
    rows = [{"step": step.name, "ok": step.ok, "text": step.text, "remedy": step.remedy} for step in steps]
    print_json({"ok": all(step.ok for step in steps), "steps": rows})


@click.command(epilog=examples("mailbot run", "mailbot --config /etc/mailbot/mailbot.toml run"))
@click.pass_obj
def run(caller: Caller) -> None:
    """Work until told to stop."""
    import os

    from mailbot.errors import LedgerError, LedgerReplaced
    from mailbot.logs import configure
    from mailbot.scheduler import run_until_stopped

    app = ready_to_answer(caller)
    configure(verbose=True)
    stop, made, outcry, replaced = threading.Event(), 0, app.outcry, threading.Event()
    kept = app.kept_mailbox(pause=stop.wait)
    with app.only_instance(), app.reader() as reader:

        def work() -> None:
            nonlocal made
            try:
                app.round(reader, kept=kept, relist=made % LISTED_WHOLE_EVERY == 0, interrupted=stop.is_set).make()
                made += 1
                outcry.well(app.clock.now())
            except LedgerError as error:  # the one trouble that a round can note nowhere
                complain(f"✗ {error.for_people()}（{error}）")
                outcry.failed(error, app.clock.now())
                if isinstance(error, LedgerReplaced):  # a new start looks what the new file lacks
                    replaced.set()
                    stop.set()

        click.echo("mailbot 已启动，按 Ctrl-C 停止。", err=True)
        ended = run_until_stopped(work, every_seconds=app.settings.every_seconds, stop=stop, listen=kept.listen)
        if not ended:
            os._exit(0)  # a stalled connection holds the round; being cut off there loses nothing
        kept.close()
    click.get_current_context().exit(SOMETHING_IS_WRONG if replaced.is_set() else 0)


@click.command(epilog=examples("mailbot poll", "mailbot -v poll"))
@as_json
@click.pass_obj
def poll(caller: Caller, as_json: bool) -> None:
    """Make one round."""
    app = ready_to_answer(caller)
    with app.only_instance(), app.reader() as reader:
        result = app.round(reader, relist=True, progress=progress_bars()).make()
    if as_json:
        print_json(_round_row(result))
    else:
        click.echo(
            f"收取 {result.intake.fetched} 封（新来件 {result.intake.new} 封），处理 {result.recorded} 封；"
            f"生成提醒 {result.reminders} 封，发出 {result.delivery.sent} 封。"
        )
        for text in result.trouble.values():
            complain(f"✗ {text}")
    click.get_current_context().exit(SOMETHING_IS_WRONG if result.trouble else 0)


def _round_row(result: RoundResult) -> dict[str, object]:
    return {
        "fetched": result.intake.fetched,
        "new": result.intake.new,
        "recorded": result.recorded,
        "reminders": result.reminders,
        "sent": result.delivery.sent,
        "failed": result.delivery.failed,
        "unknown": result.delivery.unknown,
        "trouble": result.trouble,
    }


@click.command(epilog=examples("mailbot remind --dry-run", "mailbot remind --dry-run --json", "mailbot remind"))
@click.option("--dry-run", is_flag=True, help="只列出谁会收到什么、谁不会收到及原因，不生成任何邮件。")
@as_json
@click.pass_obj
def remind(caller: Caller, dry_run: bool, as_json: bool) -> None:
    """Show the plan of reminders, and queue what is due unless it is a dry run."""
    app = caller.app()
    reminding = app.reminding
    now = app.clock.now()
    with app.ledger.reading() as books:
        desk = app.desk().with_bindings(books)
        plan = reminding.plan(books, desk, now)
    if not dry_run:
        app.must_know_the_beginning()
        queued = reminding.queue_due()
        click.echo(f"已生成提醒 {queued} 封。", err=True)
    if as_json:
        print_json([_reminder_row(reminder) for reminder in plan])
        return
    print_table(
        "提醒计划" if dry_run else "提醒",
        ("单位", "报送期", "本次提醒", "收件人", "发送", "不发送的原因"),
        [_reminder_cells(reminder) for reminder in plan],
        empty="目前没有处于报送期的任务。",
    )
    for warning in dict.fromkeys(warning for reminder in plan for warning in reminder.warnings):
        click.echo(f"注意：{warning}")


def _reminder_row(reminder: Reminder) -> dict[str, object]:
    owed = reminder.row.obligation
    return {
        "notice": owed.notice,
        "unit": owed.unit,
        "period": str(owed.period),
        "rung": str(reminder.rung) if reminder.rung else None,
        "to": list(reminder.to),
        "send": bool(reminder.key),
        "reasons": [{"code": reason.code, "text": reason.text} for reason in reminder.reasons],
        "warnings": list(reminder.warnings),
        "next": {"rung": str(reminder.coming[0]), "at": reminder.coming[1].isoformat()} if reminder.coming else None,
    }


def _step(rung: Rung) -> str:
    return f"{'到期前' if rung.side.value == 'before' else '逾期后'}第{rung.workdays}个工作日"


def _reminder_cells(reminder: Reminder) -> tuple[object, ...]:
    owed = reminder.row.obligation
    return (
        owed.unit,
        owed.period.chinese(),
        _step(reminder.rung) if reminder.rung else "—",
        "、".join(reminder.to) or "（未登记）",
        "是" if reminder.key else "否",
        "；".join(reason.text for reason in reminder.reasons),
    )


@click.command(epilog=examples("mailbot status", "mailbot status --json"))
@as_json
@click.pass_obj
def status(caller: Caller, as_json: bool) -> None:
    """Say how everything stands; exit 1 where something is wrong."""
    found = caller.app_as_it_is().report()
    if as_json:
        print_json(found.as_data())
    else:
        for line in "\n".join(found.as_text()).split("\n"):
            click.echo(plain(line))
    click.get_current_context().exit(SOMETHING_IS_WRONG if found.wrong else 0)


@click.command(epilog=examples("mailbot demo", "mailbot demo --out /tmp/演示 --no-input"))
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("demo-output"), help="结果存放的目录，默认 demo-output。"
)
@click.option("--no-input", is_flag=True, help="不等待按键，演完即结束。")
@click.pass_obj
def demo(caller: Caller, out: Path, no_input: bool) -> None:
    """Play one reporting month."""
    from mailbot.demo.play import play

    play(out, pausing=not no_input, verbose=caller.verbose)
