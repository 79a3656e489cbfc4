"""Whose report each file is: by the bound address, else by what the files and the mail name. In doubt: a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mailbot.domain.decision import Doubt
from mailbot.matching.case import Case
from mailbot.matching.clues import Clue, Weighing, Where, weigh
from mailbot.matching.leaves import Leaf
from mailbot.matching.naming import clues_of_file, clues_of_mail, named_elsewhere
from mailbot.matching.other_bodies import other_bodies
from mailbot.matching.several_units import units_held

_SAYS_SOUNDLY = 0.65  # a title or a label, not a bare name
_MAIL_SAYS_SOUNDLY = 0.55  # a subject or a signature
_RECORDED_UNBOUND = 0.8  # two places that agree
_TELLS_APART = 0.2  # enough to choose between the units of one address
_SUSPECTED = 0.4
_NOT_OF_THE_MAIL = frozenset({Where.ADDRESS, Where.DISPLAY_NAME})


@dataclass(frozen=True, slots=True)
class Attribution:
    """The unit of each file (None: nobody can tell), the best guess for the mail, and what stays in doubt.

    `candidates` are the units that it may be besides, where that is in doubt; `says` the units that files point to
    themselves, be it by a bare name, of those that owe reports; `holds` those whose reports one file clearly holds.
    """

    units: dict[str, str | None]
    guess: str | None
    doubts: tuple[Doubt, ...]
    candidates: tuple[str, ...] = ()
    clues: tuple[Clue, ...] = ()
    says: dict[str, str] = field(default_factory=dict)
    holds: dict[str, tuple[str, ...]] = field(default_factory=dict)


def attribute(case: Case, leaves: tuple[Leaf, ...]) -> Attribution:
    """Say whose each file is."""
    of_files = {leaf.file: clues_of_file(case, leaf) for leaf in leaves}
    of_mail = clues_of_mail(case)
    match case.bound:
        case ():
            found = _by_content(of_files, of_mail)
        case (unit,):
            found = _by_address(unit, of_files, of_mail)
        case _:
            found = _one_of(case, of_files, of_mail)
    found = _with_several(case, leaves, found)
    obliged = (*_not_obliged(case, found.units.values()), *_of_elsewhere(case, leaves), *_of_others(case, leaves))
    every = (*of_mail, *(clue for clues in of_files.values() for clue in clues))
    named = {file: _named_by(clues) or found.units[file] for file, clues in of_files.items()}
    return replace(
        found,
        units={file: unit if named[file] == unit else None for file, unit in found.units.items()},
        doubts=(*found.doubts, *obliged),
        clues=every,
        says={file: told for file, clues in of_files.items() if (told := _told_apart(clues, case.lead_units))},
    )


def _with_several(case: Case, leaves: tuple[Leaf, ...], found: Attribution) -> Attribution:
    """Add a doubt for each file that holds the reports of several units: it is booked for one."""
    held = {leaf.file: units for leaf in leaves if (units := units_held(case, leaf))}
    doubts = tuple(
        Doubt("several_units_in_file", f"附件“{file}”中有{'、'.join(units)}几个单位的材料，请核对分属哪些单位")
        for file, units in held.items()
    )
    every = dict.fromkeys((*found.candidates, *(unit for units in held.values() for unit in units)))
    return replace(found, doubts=(*found.doubts, *doubts), candidates=tuple(every), holds=held)


def _by_address(unit: str, of_files: dict[str, tuple[Clue, ...]], of_mail: tuple[Clue, ...]) -> Attribution:
    """Take the unit that the address is bound to, unless the content soundly says another."""
    others = _sound_others((unit,), of_files, of_mail)
    doubts = tuple(_contradiction(f"“{unit}”", other, source) for other, source in others.items())
    return Attribution(dict.fromkeys(of_files, unit), unit, doubts, tuple(others))


def _one_of(case: Case, of_files: dict[str, tuple[Clue, ...]], of_mail: tuple[Clue, ...]) -> Attribution:
    """Let content choose among the units of an address."""
    candidates = case.bound
    mail_says = _told_apart(_content(of_mail), candidates)
    units = {file: _told_apart(clues, candidates) for file, clues in of_files.items()}
    told = {unit for unit in units.values() if unit}
    rest = mail_says if not told else min(told) if len(told) == 1 else None
    units = {file: unit or rest for file, unit in units.items()}
    others = _sound_others(candidates, of_files, of_mail)
    doubts = [_contradiction("、".join(candidates), other, source) for other, source in others.items()]
    untold = None in units.values() or (not units and rest is None)
    if untold:
        doubts.append(Doubt("one_of_several_units", f"发件地址同时绑定{'、'.join(candidates)}，看不出是哪个单位的材料"))
    possible = (*(candidates if untold else ()), *others)
    return Attribution(units, rest or min(told, default=None), tuple(doubts), possible)


def _by_content(of_files: dict[str, tuple[Clue, ...]], of_mail: tuple[Clue, ...]) -> Attribution:
    """Take what a file says of itself and the mail does not gainsay; a file that says nothing follows the only unit."""
    around = _content(of_mail)
    units: dict[str, str | None] = {}
    for file, clues in of_files.items():
        alone, together = weigh(clues), weigh((*clues, *around))
        sound = alone.is_sound(_SAYS_SOUNDLY - 0.05) and together.is_sound(_RECORDED_UNBOUND, 0.3)
        units[file] = together.unit if sound and alone.unit == together.unit else None
    told = {unit for unit in units.values() if unit}
    every = weigh((*around, *(clue for clues in of_files.values() for clue in clues)))
    guess = next(iter(told)) if len(told) == 1 else every.unit if every.weight >= _SUSPECTED else None
    if len(told) == 1:
        units = {file: unit or _follower(guess, of_files[file]) for file, unit in units.items()}
    if len(told) > 1:
        units = {file: unit or _joiner(told, of_files[file]) for file, unit in units.items()}
    doubts = _unknown(units, guess) + _gainsaid(told, around)
    suspected = (
        weighing.unit for weighing in map(weigh, (around, *of_files.values())) if weighing.weight >= _SUSPECTED
    )
    candidates = dict.fromkeys(unit for unit in suspected if unit) if doubts else {}
    return Attribution(units, guess, doubts, tuple(candidates))


def _follower(only: str | None, clues: tuple[Clue, ...]) -> str | None:
    """Return the mail's only unit for a file that names no other."""
    own = weigh(clues)
    return None if own.unit not in {None, only} and own.weight >= _SUSPECTED else only


def _joiner(told: set[str], clues: tuple[Clue, ...]) -> str | None:
    """Return the unit of a file that names one of several whose reports the mail holds."""
    named = _named_by(clues)
    return named if named in told else None


def _told_apart(clues: Iterable[Clue], candidates: tuple[str, ...]) -> str | None:
    """Return which of the candidates the clues point to, None where they do not tell them apart."""
    weighing = weigh(clue for clue in clues if clue.unit in candidates)
    return weighing.unit if weighing.is_sound(_TELLS_APART, 0.1) else None


def _sound_others(
    expected: tuple[str, ...], of_files: dict[str, tuple[Clue, ...]], of_mail: tuple[Clue, ...]
) -> dict[str, str]:
    """Return the units that content soundly names and the address is not bound to, each with where it was named."""
    found: dict[str, str] = {}
    for file, clues in of_files.items():
        weighing = weigh(clues)
        labelled = {clue.unit for clue in clues if clue.where is Where.LABEL}
        sound = {weighing.unit} if weighing.is_sound(_SAYS_SOUNDLY) else set()
        for unit in sorted((labelled | sound) - {*expected, None}, key=str):
            found[str(unit)] = f"附件“{file}”"
    confirmed = any(_confirms(weigh(clues), expected) for clues in of_files.values())
    mail = weigh(_content(of_mail))
    if not confirmed and mail.unit not in expected and mail.is_sound(_MAIL_SAYS_SOUNDLY):
        found.setdefault(str(mail.unit), "邮件主题或正文")
    return found


def _named_by(clues: Iterable[Clue]) -> str | None:
    """Return the unit that a file soundly names, None where it names none or several."""
    weighing = weigh(clues)
    return weighing.unit if weighing.is_sound(_SAYS_SOUNDLY) else None


def _confirms(weighing: Weighing, expected: tuple[str, ...]) -> bool:
    """Tell whether a file soundly names a unit that was expected."""
    return weighing.unit in expected and weighing.is_sound(_SAYS_SOUNDLY)


def _content(clues: Iterable[Clue]) -> tuple[Clue, ...]:
    """Return what the mail says in words: neither its address nor the display name, which anybody can choose."""
    return tuple(clue for clue in clues if clue.where not in _NOT_OF_THE_MAIL)


def _contradiction(expected: str, other: str, source: str) -> Doubt:
    """Return the doubt between the address and the content."""
    return Doubt("unit_contradiction", f"发件地址绑定的是{expected}，而{source}写的是“{other}”")


def _gainsaid(told: set[str], around: tuple[Clue, ...]) -> tuple[Doubt, ...]:
    """Return a doubt where the files of an unbound sender say one unit and the mail soundly another."""
    mail = weigh(around)
    if told and mail.unit not in told and mail.is_sound(_MAIL_SAYS_SOUNDLY):
        text = f"附件写的是“{'、'.join(sorted(told))}”，而邮件主题或正文写的是“{mail.unit}”"
        return (Doubt("unit_contradiction", text),)
    return ()


def _unknown(units: dict[str, str | None], guess: str | None) -> tuple[Doubt, ...]:
    """Return a doubt for the files whose unit nobody can tell."""
    silent = [file for file, unit in units.items() if unit is None]
    if not silent and units:
        return ()
    hint = f"，可能是“{guess}”" if guess else ""
    named = f"附件“{'”“'.join(silent[:3])}”" if silent else "邮件"
    return (Doubt("unit_unknown", f"发件地址没有绑定单位，{named}看不出是哪个单位的{hint}"),)


def _of_elsewhere(case: Case, leaves: tuple[Leaf, ...]) -> tuple[Doubt, ...]:
    """Return a doubt where the material bears the name of another district's body."""
    return tuple(
        Doubt(
            "other_district",
            f"{'邮件主题' if source == 'subject' else f'附件“{source}”'}写的是“{name}”，不是本区的单位",
        )
        for source, name in named_elsewhere(case, leaves)
    )


def _of_others(case: Case, leaves: tuple[Leaf, ...]) -> tuple[Doubt, ...]:
    """Return a doubt where the material bears the name of a body that is no unit of ours."""
    return tuple(
        Doubt(
            "other_body",
            f"{'邮件主题' if source == 'subject' else f'附件“{source}”'}写的是“{name}”，不在单位名录中，请核实",
        )
        for source, name in other_bodies(case, leaves)
    )


def _not_obliged(case: Case, units: Iterable[str | None]) -> tuple[Doubt, ...]:
    """Return a doubt for each unit that owes no report under any notice."""
    extra = dict.fromkeys(unit for unit in units if unit and unit not in case.lead_units)
    return tuple(Doubt("not_obliged", f"“{unit}”不是牵头单位，没有报送任务，请核实是否转作他用") for unit in extra)
