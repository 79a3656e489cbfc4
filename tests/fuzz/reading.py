"""Spoils mails and reads them, for as long as it is told: `python -m tests.fuzz.reading --seconds 60 [--seed 1]`.

Seeds are mails of our own making and, where MAILBOT_CORPORA names a folder, those in it. A worker that dies, or a
reading of more than five seconds, is a find: the mail is kept in the folder named by --keep, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.files import a_pdf, a_picture, a_scan, a_word_file, a_workbook
from tests.fuzz.mutations import spoilt
from tests.raw_mails import a_file, a_mail, a_text, multipart, named

from mailbot.domain.message import Facts
from mailbot.reading.reader import SandboxedReader

SLOW = 5.0
LARGEST = 300_000
DEATHS = frozenset({"reader_killed", "unreadable_message", "not_read_in_time"})


def seeds() -> list[bytes]:
    """Return the mails to begin with."""
    inner = a_mail(multipart(a_text("内"), named("内.xlsx", a_workbook()), boundary=b"inner"))
    own = [
        a_mail(a_text("报送4月报表", "gbk"), named("报表.xlsx", a_workbook()), named("扫描.pdf", a_scan(1))),
        a_mail(a_text("<table><tr><td>1", subtype="html"), named("情况.docx", a_word_file())),
        a_mail(a_text(), a_file(inner, b"Content-Type: message/rfc822"), named("x.pdf", a_pdf())),
        a_mail(a_text(), named("照片.jpg", a_picture(64, 64)), named("表.csv", "任务,进度\n一,65%\n".encode("gbk"))),
    ]
    corpora = os.environ.get("MAILBOT_CORPORA")
    folder = [path for path in sorted((Path(corpora) / "mail").rglob("*")) if path.is_file()] if corpora else []
    return own + [path.read_bytes() for path in folder if 0 < path.stat().st_size < LARGEST]


def found(facts: Facts) -> list[str]:
    """Return what should not have happened."""
    problems = [*facts.problems, *(problem for one in facts.attachments for problem in one.problems)]
    return [str(problem) for problem in problems if problem.code in DEATHS]


def main(arguments: list[str]) -> int:
    """Run until the time is up; return 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-finds"))
    options = parser.parse_args(arguments)
    dice, mails = Random(options.seed), seeds()  # noqa: S311 - chance, not secrecy
    count, finds, end = 0, Counter[str](), time.monotonic() + options.seconds
    with SandboxedReader() as reader:
        while time.monotonic() < end:
            raw = spoilt(dice.choice(mails), dice, mails)
            begun = time.monotonic()
            told = found(reader.read_bytes(raw))
            told += ["slow"] if time.monotonic() - begun > SLOW else []
            count += 1
            if told:
                finds.update(told)
                options.keep.mkdir(exist_ok=True)
                (options.keep / f"{count:06d}.eml").write_bytes(raw)
    sys.stdout.write(f"{count} mails read, {sum(finds.values())} finds\n")
    sys.stdout.writelines(f"{number:6d}  {what}\n" for what, number in finds.most_common())
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
