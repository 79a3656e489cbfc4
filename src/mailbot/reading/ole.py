"""OLE files (.xls, .et, .doc, .wps): not read yet, but an encrypted workbook or document in one is told apart.

Source: MS-OFFCRYPTO §2.3 (an encrypted package is an OLE file with a stream named EncryptedPackage).
"""

from __future__ import annotations

from pathlib import Path
from typing import Never

from mailbot.reading.foreign import Refused

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SECTOR_WINDOW = 1 << 20


def read_ole(path: Path) -> Never:
    """Refuse the file, as 'encrypted' or as 'format_not_read'.

    Raises:
        Refused: always.
    """
    with path.open("rb") as file:
        rest = b""
        while chunk := file.read(_SECTOR_WINDOW):
            if _ENCRYPTED in rest + chunk:
                raise Refused("encrypted")
            rest = chunk[-len(_ENCRYPTED) :]
    raise Refused("format_not_read")
