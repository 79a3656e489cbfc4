"""The wall round foreign code: what a library raises over a damaged file ends here as a `ReadingError`.

The libraries raise whatever the damage made them stumble over, so the list is long; an exception that is not on it
ends the worker like a crash and costs that file alone.
"""

from __future__ import annotations

import binascii
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from mailbot.errors import ReadingError

DAMAGE: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,  # xml.etree's ParseError is one
    TypeError,
    ValueError,  # Unicode and defusedxml errors are
    binascii.Error,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class Refused(ReadingError):
    """The file is not read, for a reason of the closed list."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.problem_code = code
        self.problem_detail = detail


@contextmanager
def foreign(*more: type[Exception]) -> Iterator[None]:
    """Turn what foreign code raises, and the library's own errors named, into `Refused`.

    Raises:
        Refused: with the code 'damaged'.
    """
    try:
        yield
    except (*DAMAGE, *more) as error:
        raise Refused("damaged") from error
