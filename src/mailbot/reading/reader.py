"""The way into the reading room: a raw message in, facts out, everything foreign in a worker with limits."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from mailbot.domain.message import Facts
from mailbot.reading.gathering import gather
from mailbot.reading.limits import Limits
from mailbot.reading.sandbox import Sandbox
from mailbot.reading.scratch import a_folder


class SandboxedReader:
    """Reads messages in a warm worker process (fits `stages.protocols.Reader`). Not for several threads.

    Args:
        limits: what the worker may use.
        scratch: where the private folder (0700) of each message is made; the system's place for such files otherwise.
    """

    def __init__(self, limits: Limits | None = None, *, scratch: Path | None = None) -> None:
        self._scratch = scratch.resolve() if scratch else None
        self._sandbox = Sandbox(limits or Limits())

    def read(self, message: Path) -> Facts:
        """Return what the message in a file holds. Never raises for what is in the message: that becomes a problem.

        The file is read where it lies, and nothing is written to it or beside it.

        Raises:
            OSError: the machine failed: no room to unpack the message, or no worker to read it.
        """
        with a_folder(self._scratch) as folder:
            self._sandbox.begin_message()
            return gather(message, folder, self._sandbox)

    def read_bytes(self, raw: bytes) -> Facts:
        """Return what a message holds that lies in no file yet; otherwise as `read`."""
        with a_folder(self._scratch) as folder:
            message = folder / "message"
            message.write_bytes(raw)
            return self.read(message)

    def close(self) -> None:
        """End the worker."""
        self._sandbox.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
