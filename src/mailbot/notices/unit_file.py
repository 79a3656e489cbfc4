"""units.yaml: the units, the names they go by, and the addresses bound to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, RootModel

from mailbot.checking import Address, Document, Line, Loc, MaybeLine, Several, Table, check
from mailbot.domain.unit import Directory, Unit
from mailbot.errors import Problem


class UnitEntry(Table):
    """One unit."""

    name: Annotated[Line, Field(examples=["name: 区教育局"])]
    full_name: Annotated[MaybeLine | None, Field(examples=["full_name: 郑州市中原区教育局"])] = ""
    aliases: Annotated[Several[Line], Field(examples=["aliases: [区教体局]"])] = ()
    addresses: Annotated[Several[Address], Field(examples=["addresses: [zhangsan@example.com]"])] = ()

    def unit(self) -> Unit:
        """Return the unit."""
        return Unit(self.name, self.full_name or "", self.aliases, tuple(dict.fromkeys(self.addresses)))


class UnitFile(RootModel[Several[UnitEntry]]):
    """units.yaml: a list of units."""


def read_directory(document: Document) -> tuple[Directory | None, tuple[Problem, ...]]:
    """Return the directory, and every mistake in its file."""
    entries, problems = check(document, UnitFile)
    problems += tuple(_names_claimed_twice(document))
    return (Directory(tuple(entry.unit() for entry in entries.root)) if entries else None), problems


def canonical_names(document: Document) -> dict[str, str]:
    """Return the canonical name for every name and alias that stands in units.yaml, right or wrong otherwise."""
    owners = {loc[0]: name for loc, name in document.leaves(None, "name") if isinstance(name, str)}
    names = {name: owners[loc[0]] for loc, name in _names(document) if loc[0] in owners}
    return names | {name: name for name in owners.values()}


def _names_claimed_twice(document: Document) -> Iterator[Problem]:
    """Find a name or alias under two units: a report under that name could be either's."""
    claims: dict[str, Loc] = {}
    for loc, name in sorted(_names(document), key=lambda claim: document.line(claim[0]) or 0):
        first = claims.setdefault(folded(name), loc)
        if first[0] != loc[0]:
            where = f"已写在第 {document.line(first)} 行"
            yield document.problem("name_taken", f"名称“{name}”{where}；请只留在一个单位下，或改名以示区别", loc)


def _names(document: Document) -> list[tuple[Loc, str]]:
    leaves = [
        *document.leaves(None, "name"),
        *document.leaves(None, "full_name"),
        *document.leaves(None, "aliases", None),
    ]
    return [(loc, name) for loc, name in leaves if isinstance(name, str) and name]


def folded(name: str) -> str:
    """Return a name without what the eye hardly sees: widths and spaces.

    >>> folded("区政务办 （区大数据局）")
    '区政务办(区大数据局)'
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))
