"""The embedded mail servers of the demo: one mailbox over IMAP and SMTP, on the loopback only, in their own thread.

What the SMTP server takes is kept in a folder and filed into 已发送, as 163 does by itself. The mailbox lives in
memory: whoever starts the servers again delivers the mails again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from mailbot.demo.imap_server import ImapServer
from mailbot.demo.sent import SentMail, SentMails
from mailbot.demo.smtp_server import SmtpServer

FOLDERS = ("草稿箱", "已发送", "已删除", "垃圾邮件", "广告邮件", "订阅邮件")
SENT = "已发送"
PATIENCE = 30.0  # seconds for anything the servers are asked

T = TypeVar("T")


class MailServers:
    """Both servers. Use it in a `with`; the ports are known inside."""

    def __init__(self, account: tuple[str, str], *, sent: Path, now: Callable[[], datetime]) -> None:
        """Prepare.

        Args:
            account: user and password, the same for both servers.
            sent: the folder for mails taken; those that lie in it are filed into 已发送 again.
            now: tells when a mail is taken.
        """
        self.user, self.password = account
        self.imap_port = 0
        self.smtp_port = 0
        self._now = now
        self._sent = SentMails(sent)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-servers", daemon=True)

    def __enter__(self) -> Self:
        """Start both servers."""
        self._thread.start()
        self._ask(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop both servers, whoever is still connected."""
        self._ask(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def deliver(self, folder: str, raw: bytes, arrived: datetime) -> None:
        """Put a message into a folder, as arrived then."""
        self._ask(self._imap.add(folder, raw, arrived))

    def sent(self) -> tuple[SentMail, ...]:
        """Return every mail that was taken, oldest first."""
        return self._sent.all()

    async def _start(self) -> None:
        self._imap = await ImapServer.start(self.user, self.password, FOLDERS)
        self._smtp = SmtpServer(self.user, self.password, self._take)
        self.imap_port, self.smtp_port = self._imap.port, await self._smtp.start()
        for mail in self._sent.all():
            await self._imap.add(SENT, mail.raw, mail.taken)

    async def _take(self, raw: bytes) -> str:
        mail = self._sent.keep(raw, self._now())
        await self._imap.add(SENT, mail.raw, mail.taken)
        return f"demo,{mail.path.stem}"

    async def _stop(self) -> None:
        self._imap.close()
        self._smtp.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ask(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)
