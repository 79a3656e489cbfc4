"""The commands about what goes out: outbox list, send, release."""

from __future__ import annotations

from contextlib import ExitStack

import click

from mailbot.cli.calling import Caller, actor, as_json, examples
from mailbot.cli.screen import plain, print_json, print_table
from mailbot.cli.views import outbox_row


@click.group(
    invoke_without_command=True,
    epilog=examples(
        "mailbot outbox",
        "mailbot outbox show 12",
        "mailbot outbox send 12",
        "mailbot outbox release",
        "mailbot outbox cancel 12",
        "mailbot outbox resume",
    ),
)
@as_json
@click.pass_context
def outbox(context: click.Context, as_json: bool) -> None:
    """List our mails."""
    if context.invoked_subcommand is None:
        _list(context.obj, as_json=as_json)


def _list(caller: Caller, *, as_json: bool) -> None:
    from mailbot.domain.labels import label

    with caller.app().ledger.reading() as books:
        items = books.outbox()
    if as_json:
        print_json([outbox_row(item) for item in items])
        return
    print_table(
        f"发件箱（{len(items)}）",
        ("编号", "种类", "收件人", "主题", "状态", "次数", "说明"),
        [(i.id, label(i.mail.kind), i.mail.to, i.mail.subject, label(i.state), i.tries, i.reason) for i in items],
        empty="发件箱是空的。",
    )


@outbox.command(
    help="发送拟好待批准的邮件：写编号则只发这些，不写则全部。发送前先收取一次邮箱，内容按发出时的情况更新。"
)
@click.argument("ids", nargs=-1, type=int)
@click.pass_obj
def send(caller: Caller, ids: tuple[int, ...]) -> None:
    """Send what is held, after a look into the mailbox."""
    from mailbot.domain.books import OutgoingState
    from mailbot.stages.pausing import end_pause
    from mailbot.stages.releasing import release

    app = caller.app()
    app.must_have_passwords()
    app.must_have_a_true_clock()
    with ExitStack() as held:
        held.enter_context(app.only_instance())
        reader = held.enter_context(app.reader())
        carried = app.round(reader, relist=True).carry_and_record()
        chosen = release(app.ledger, ids, app.clock.now(), actor())
        with app.ledger.transaction() as books:
            end_pause(books)
        postman = held.enter_context(app.postman())
        done = postman.flush(chosen)
    with app.ledger.reading() as books:
        left = [item for item in books.outbox(OutgoingState.QUEUED) if item.id in chosen]
        withdrawn = [item for item in books.outbox(OutgoingState.CANCELLED) if item.id in chosen]
    click.echo(f"发出 {done.sent} 封，失败 {done.failed} 封，结果不明 {done.unknown} 封，仍待发 {len(left)} 封。")
    for reason in dict.fromkeys(item.reason for item in left if item.reason):
        click.echo(f"暂未发出：{plain(reason)}")
    for item in withdrawn:
        click.echo(f"第 {item.id} 封已撤回：{plain(item.reason)}")
    for text in (*carried.values(), *([done.trouble] if done.trouble else ())):
        click.echo(f"✗ {plain(text)}", err=True)
    click.get_current_context().exit(1 if done.trouble or done.failed or done.unknown or carried else 0)


@outbox.command(help="放行拟好待批准的邮件，由正在运行的服务按发出时的情况更新后发出：写编号则只放行这些，不写则全部。")
@click.argument("ids", nargs=-1, type=int)
@click.pass_obj
def release(caller: Caller, ids: tuple[int, ...]) -> None:
    """Let held mails go, for the running service to send."""
    from mailbot.stages.releasing import release as let_go

    app = caller.app()
    released = let_go(app.ledger, ids, app.clock.now(), actor())
    click.echo(f"已放行 {len(released)} 封，服务将在下一次收取后发出。")


@outbox.command(help="销去不再发送、或已用其他方式告知对方的邮件，须写编号；status 不再提示。")
@click.argument("ids", nargs=-1, type=int, required=True)
@click.pass_obj
def cancel(caller: Caller, ids: tuple[int, ...]) -> None:
    """Settle mails that need not be sent any more."""
    from mailbot.stages.releasing import cancel as settle

    app = caller.app()
    settle(app.ledger, ids, app.clock.now(), actor())
    click.echo(f"已销去 {len(set(ids))} 封，不再发送。")


@outbox.command(help="查明原因后恢复发送：结束 status 中所说的停止发送或暂停。")
@click.pass_obj
def resume(caller: Caller) -> None:
    """Let mail go again after sending had stopped."""
    from mailbot.stages.releasing import resume as go_on

    app = caller.app()
    stopped = go_on(app.ledger, app.clock.now(), actor())
    click.echo("已恢复发送，服务将在下一次收取后继续发出。" if stopped else "发送没有停止，无需恢复。")


@outbox.command(help="按收件人看到的样子显示一封邮件的文字内容。")
@click.argument("item", type=int)
@as_json
@click.pass_obj
def show(caller: Caller, item: int, as_json: bool) -> None:
    """Show a mail as its recipient reads it."""
    from email import message_from_bytes
    from email.policy import default

    with caller.app().ledger.reading() as books:
        found = next((one for one in books.outbox() if one.id == item), None)
    if found is None:
        raise click.BadParameter("发件箱中没有这个编号", param_hint="ITEM")
    mail = message_from_bytes(found.mail.raw, policy=default)
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    if as_json:
        print_json([{**outbox_row(found), "text": text}])
        return
    headers = (f"{name}: {mail[name]}" for name in ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To"))
    shown = [*headers, "", *text.splitlines()]
    click.echo("\n".join(map(plain, shown)))
