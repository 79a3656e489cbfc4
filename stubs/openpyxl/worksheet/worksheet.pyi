from collections.abc import Iterator
from typing import Any

class Cell:
    value: Any
    font: Any
    alignment: Any
    border: Any
    fill: Any
    number_format: str
    quotePrefix: bool
    coordinate: str
    row: int
    column: int
    data_type: str

class Worksheet:
    title: str
    _cells: dict[tuple[int, int], Cell]
    sheet_state: str
    max_row: int
    max_column: int
    freeze_panes: str | None
    print_title_rows: str | None
    merged_cells: Any
    column_dimensions: Any
    row_dimensions: Any
    page_setup: Any
    page_margins: Any
    print_options: Any
    oddFooter: Any
    sheet_properties: Any
    auto_filter: Any
    def __getitem__(self, key: str) -> Any: ...
    def __setitem__(self, key: str, value: object) -> None: ...
    def append(self, iterable: object) -> None: ...
    def cell(self, row: int, column: int, value: object = ...) -> Cell: ...
    def merge_cells(self, range_string: str) -> None: ...
    def iter_rows(
        self, min_row: int | None = ..., max_row: int | None = ..., min_col: int | None = ..., max_col: int | None = ...
    ) -> Iterator[tuple[Cell, ...]]: ...
