"""The wall round foreign code: what a library raises over a damaged file ends here as a `ReadingError`.

The libraries raise whatever the damage made them stumble over, so the list is long; an exception that is not on it
ends the worker like a crash and costs that file alone.
"""

from __future__ import annotations

import binascii
import errno
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

# What the machine lacks, not the file: a full or failing disk, no more open files. It passes; a verdict would not.
OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE})


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
        OSError: the machine failed, not the file.
    """
    try:
        yield
    except OSError as error:
        if error.errno in OF_THE_MACHINE:
            raise
        raise Refused("damaged") from error
    except (*DAMAGE, *more) as error:
        raise Refused("damaged") from error
