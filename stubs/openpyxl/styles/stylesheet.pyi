from typing import Any
from zipfile import ZipFile

def apply_stylesheet(archive: ZipFile, wb: Any) -> None: ...
