"""`python -m benchmarks`: makes the mails, serves them from a real Dovecot, measures, and prints what was found.

With `--write` the results go into README.md in the place of the last ones.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import cpu, downloads, report, turns
from benchmarks.corpus import Delivered, one_report, reports, small_messages
from benchmarks.fresh import measure
from benchmarks.host import a_dovecot, deliver, filled
from benchmarks.office import Office
from tests.loopback import guard_this_process
from tests.servers.dovecot import PROGRAM, Dovecot, DovecotAccount

from mailbot.domain.server import Security

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results: written by `python -m benchmarks --write` -->\n", "<!-- end of results -->\n"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured with: what was asked, the server, the account with the reports and their size, a folder."""

    asked: argparse.Namespace
    server: Dovecot
    account: DovecotAccount
    size: int
    folder: Path

    def cpu(self) -> str:
        """Measure CPU beside the unavoidable parts and the straightforward way."""
        rounds = []
        for done in cpu.measured(self.server, self.account, self.asked.rounds, self.folder / "cpu"):
            print(report.in_a_line(done), file=sys.stderr, flush=True)
            rounds.append(done)
        return report.cpu(rounds)

    def turns(self) -> str:
        """Count round trips with nothing new."""
        return report.turns(turns.measured(self.server, self.folder / "turns"))

    def memory(self) -> str:
        """Measure peak memory over mails with 1 MB and with 50 MB attached."""
        small, large = (self._alone("footprint", [one_report(size * MEGABYTE)], f"{size}-mb") for size in (1, 50))
        return report.memory(small, large)

    def backlog(self) -> str:
        """Measure a backlog by thousands."""
        count: int = self.asked.backlog
        return report.backlog(self._alone("backlog", small_messages(count), "backlog", every=max(1, count // 10)))

    def downloads(self) -> str:
        """Count body bytes; the last, as new mail comes into the account of the reports."""
        more = max(1, self.asked.messages // 10)
        return report.downloads(downloads.measured(self.account, self.size, more, self.folder / "downloads"))

    def _alone(self, name: str, mails: Iterable[Delivered], where: str, **asked: object) -> dict[str, Any]:
        """Make a measurement over an account of its own."""
        account = filled(self.server, mails)
        office = Office.make(self.folder / where, account.server, account.password)
        return measure(name, folder=str(office.folder), password=account.password, **asked)


MEASUREMENTS: dict[str, tuple[str, Callable[[Bench], str]]] = {
    "cpu": ("CPU", Bench.cpu),
    "turns": ("Round trips with nothing new", Bench.turns),
    "memory": ("Memory", Bench.memory),
    "downloads": ("Bytes downloaded", Bench.downloads),
    "backlog": ("A backlog", Bench.backlog),
}


def main() -> None:
    """Measure what was asked for."""
    guard_this_process()
    asked = _asked()
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} is missing: `make servers` installs it")
    found = [f"Measured on {report.machine()}; {asked.messages} messages, {asked.rounds} rounds.\n"]
    with a_dovecot() as server, tempfile.TemporaryDirectory(prefix="mailbot-bench-") as folder:
        os.environ["TMPDIR"] = folder  # where readers unpack: away from those of other instances, who sweep theirs
        account = server.new_account(Security.PLAIN)
        bench = Bench(asked, server, account, deliver(account, reports(asked.messages)), Path(folder))
        for name in asked.only or MEASUREMENTS:
            title, made = MEASUREMENTS[name]
            found.append(f"### {title}\n\n{made(bench)}")
            print(found[-1], flush=True)
            if asked.write:
                _write("\n".join(found))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*MEASUREMENTS, []], help="what to measure; everything if not said")
    parser.add_argument("--messages", type=int, default=500, help="reports for CPU and bytes")
    parser.add_argument("--rounds", type=int, default=5, help="rounds for CPU")
    parser.add_argument("--backlog", type=int, default=10_000, help="small messages in the backlog")
    parser.add_argument("--write", action="store_true", help="write the results into README.md")
    return parser.parse_args()


def _write(results: str) -> None:
    """Put the results between the marks of README.md."""
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{results}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
