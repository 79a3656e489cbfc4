from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

class WorkSheetParser:
    merged_cells: Any
    row_dimensions: dict[str, dict[str, str]]
    column_dimensions: dict[str, dict[str, str]]
    def __init__(
        self,
        src: IO[bytes],
        shared_strings: list[str],
        data_only: bool,
        epoch: datetime,
        date_formats: set[int],
        timedelta_formats: set[int],
    ) -> None: ...
    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]: ...
