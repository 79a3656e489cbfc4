"""Units (单位) and which address belongs to which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A body of the district: its canonical name, other names it goes by, and the addresses bound to it."""

    name: str
    full_name: str = ""
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()  # addr-specs in lower case

    def __hash__(self) -> int:
        """Return a hash at little cost: what follows from units is remembered of them."""
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class Directory:
    """Every unit known, with the bindings of `units.yaml` and those that a person made in the ledger."""

    units: tuple[Unit, ...]

    def unit(self, name: str) -> Unit | None:
        """Return the unit of that canonical name, if there is one."""
        return next((unit for unit in self.units if unit.name == name), None)

    def bound_to(self, address: str) -> tuple[str, ...]:
        """Return the names of the units an address is bound to: none, one, or 'one of these'."""
        spec = address.lower()
        return tuple(unit.name for unit in self.units if spec in unit.addresses)
