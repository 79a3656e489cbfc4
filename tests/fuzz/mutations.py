"""Ways to spoil bytes, as lines, noise and other mail do: for endless tests of the readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

TELLING = (
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\x00",
        b"\xff",
        b"--",
        b"--=_b\r\n",
        b"--=_b--",
        b'"',
        b"(",
        b"=?gbk?B?",
        b"?=",
        b"=",
        b";",
    ),
    *(
        b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
    ),
    *(b"Content-Transfer-Encoding: base64\r\n", b"PK\x03\x04", b"%PDF-1.4", b"<table>", b"filename*0*=", b"\xd6\xd0"),
)


def flip(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """Change some single bytes."""
    spoilt = bytearray(raw)
    for _ in range(dice.randint(1, 8)):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    return bytes(spoilt)


def insert(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """Put in something that means something."""
    place = dice.randrange(len(raw))
    return raw[:place] + dice.choice(TELLING) * dice.choice((1, 1, 2, 200)) + raw[place:]


def cut(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """Break off, or lose a stretch."""
    start, end = sorted((dice.randrange(len(raw)), dice.randrange(len(raw))))
    return raw[: start + 1] if dice.random() < 0.3 else raw[:start] + raw[end:]


def repeat(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """Write a stretch several times."""
    start = dice.randrange(len(raw))
    stretch = raw[start : start + dice.randint(1, 400)]
    return raw[:start] + stretch * dice.randint(2, 60) + raw[start:]


def splice(raw: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """Go on as another mail."""
    other = dice.choice(others)
    return raw[: dice.randrange(len(raw))] + other[dice.randrange(len(other)) :]


MUTATIONS: tuple[Callable[[bytes, Random, Sequence[bytes]], bytes], ...] = (flip, insert, cut, repeat, splice)


def spoilt(raw: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """Return the bytes after one to four mutations."""
    for _ in range(dice.randint(1, 4)):
        raw = dice.choice(MUTATIONS)(raw, dice, others) or b"\n"
    return raw
