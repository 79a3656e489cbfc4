"""The sheets of an .xlsx as openpyxl parses them, and nothing of what is drawn: openpyxl's one door in this room.

`load_workbook` would make an object of each cell, draw the borders of merged ranges and read charts, comments and pivot
tables, which takes two thirds of its time and which nobody here asks for. These are its own first steps, and its own
parser of a sheet.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from mailbot.reading.foreign import Refused, foreign

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.worksheet._reader import WorkSheetParser

MAX_SHEETS = 50
_NO = frozenset({"", "0", "f", "false"})  # as openpyxl understands what XML says of a switch
_CUSTOM_FORMATS = 164  # below it the number of a format means the same in every workbook


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell holds, its name, the format that it is shown in, and whether it is a formula."""

    ref: str
    value: Any
    number_format: str
    is_formula: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Rows and columns that belong together, counted from 1, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def first(self) -> tuple[int, int]:
        """Return row and column of the cell that the others show."""
        return self.first_row, self.first_column

    def places(self) -> Iterator[tuple[int, int]]:
        """Give the row and column of each of its cells."""
        for row in range(self.first_row, self.last_row + 1):
            for column in range(self.first_column, self.last_column + 1):
                yield row, column


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the cells that hold something, by row and column, and what the rows and columns are."""

    title: str
    hidden: bool
    values: dict[tuple[int, int], Value]
    merged: tuple[Span, ...]
    hidden_rows: frozenset[int]
    hidden_columns: tuple[range, ...]


def load_sheets(content: bytes, *, formulas: bool = False) -> tuple[Sheet, ...]:
    """Return the first sheets of a workbook, with its formulas or with what they came to when it was last saved.

    Raises:
        Refused: openpyxl cannot read it.
    """
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    with foreign(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = ExcelReader(BytesIO(content), data_only=not formulas, keep_links=False)
        book.read_manifest()
        book.read_strings()
        book.read_workbook()
        apply_stylesheet(book.archive, book.wb)
        sheets = tuple(islice(_sheets(book), MAX_SHEETS))
    if not sheets:
        raise Refused("damaged")
    return sheets


def _sheets(book: ExcelReader) -> Iterator[Sheet]:
    formats = _formats(book)
    for sheet, relation in book.parser.find_sheets():
        if relation.target in book.valid_files and "chartsheet" not in relation.Type:
            parser = _parser(book, relation.target)
            values = dict(_values(parser, formats))
            merged = tuple(_merged(parser))
            yield Sheet(
                title=sheet.name,
                hidden=sheet.state != "visible",
                values=_without_covered(values, merged),
                merged=merged,
                hidden_rows=frozenset(int(row) for row, known in parser.row_dimensions.items() if _hidden(known)),
                hidden_columns=tuple(_columns(known) for known in parser.column_dimensions.values() if _hidden(known)),
            )


def _parser(book: ExcelReader, path: str) -> WorkSheetParser:
    from openpyxl.worksheet._reader import WorkSheetParser

    return WorkSheetParser(
        BytesIO(book.archive.read(path)),
        book.shared_strings,
        book.data_only,
        book.wb.epoch,
        book.wb._date_formats,  # noqa: SLF001  the workbook keeps for its parser what its styles say
        book.wb._timedelta_formats,  # noqa: SLF001  as above
    )


def _formats(book: ExcelReader) -> tuple[str, ...]:
    """Return the number format of each style."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    own = book.wb._number_formats  # noqa: SLF001  as above
    numbers = [style.numFmtId for style in book.wb._cell_styles]  # noqa: SLF001  as above
    return tuple(
        BUILTIN_FORMATS.get(number, "General") if number < _CUSTOM_FORMATS else own[number - _CUSTOM_FORMATS]
        for number in numbers
    )


def _values(parser: WorkSheetParser, formats: tuple[str, ...]) -> Iterator[tuple[tuple[int, int], Value]]:
    """Parse the sheet and give the cells that hold something; what else it has is known to the parser afterwards."""
    from openpyxl.utils import get_column_letter

    for _, cells in parser.parse():
        for cell in cells:
            if cell["value"] is not None:
                row, column = cell["row"], cell["column"]
                ref = f"{get_column_letter(column)}{row}"
                yield (row, column), Value(ref, cell["value"], formats[cell["style_id"]], cell["data_type"] == "f")


def _merged(parser: WorkSheetParser) -> Iterator[Span]:
    for one in parser.merged_cells.mergeCell if parser.merged_cells else ():
        yield Span(one.min_row, one.max_row, one.min_col, one.max_col)


def _without_covered(values: dict[tuple[int, int], Value], merged: tuple[Span, ...]) -> dict[tuple[int, int], Value]:
    """Return the cells without those that lie under a merged range: Excel shows nothing of them."""
    covered = {at for span in merged for at in span.places() if at != span.first}
    return {at: value for at, value in values.items() if at not in covered}


def _hidden(known: dict[str, str]) -> bool:
    return known.get("hidden", "") not in _NO


def _columns(known: dict[str, str]) -> range:
    return range(int(known["min"]), int(known.get("max") or known["min"]) + 1)
