"""What another process does with a ledger: `python -m tests.unit.ledger.another_process write|hold|open URL …`."""

from __future__ import annotations

import sys

from tests.unit.ledger.builders import NOON, NUMBERS, facts, received, recorded

from mailbot.ledger.engine import SqlLedger, open_ledger


def write(ledger: SqlLedger, name: str, count: int) -> None:
    """Book so many messages, each in a transaction of its own."""
    for number in range(count):
        with ledger.transaction() as books:
            message = received(books, f"{name}-{number}", hash((name, number)) % 2**32)
            books.decided(message, facts(), recorded(), NOON)


def hold(ledger: SqlLedger) -> None:
    """Hold the instance lock until standard input ends."""
    with ledger.lock():
        sys.stdout.write("held\n")
        sys.stdout.flush()
        sys.stdin.read()


def main(what: str, url: str, name: str = "", count: str = "0") -> None:
    ledger = open_ledger(url, receipt_number=NUMBERS)
    if what == "write":
        write(ledger, name, int(count))
    elif what == "hold":
        hold(ledger)
    sys.stdout.write(" ".join(sorted(name for name in ("alembic", "psycopg", "sqlalchemy.orm") if name in sys.modules)))
    ledger.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
