from collections.abc import Iterator
from typing import IO, Any
from zipfile import ZipFile

class WorkbookParser:
    def find_sheets(self) -> Iterator[tuple[Any, Any]]: ...

class ExcelReader:
    archive: ZipFile
    valid_files: list[str]
    data_only: bool
    shared_strings: list[str]
    parser: WorkbookParser
    wb: Any
    def __init__(self, fn: str | IO[bytes], *, data_only: bool = ..., keep_links: bool = ...) -> None: ...
    def read_manifest(self) -> None: ...
    def read_strings(self) -> None: ...
    def read_workbook(self) -> None: ...
