"""Names of units in running text: canonical, full and other names, with the district's name before them or left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailbot.chinese.fold import fold
from mailbot.domain.unit import Unit

# What may stand right before 区… without naming another district: 报送区教育局, 进展情况区教育局, 我区教育局.
_BEFORE_THE_DISTRICT = set(
    "由同送报是为到给向请和与及并各我本该在的从按致况展事表告料账版件月份年期度号局委办联心单位转发"
)
# Whole words for which that holds though a district's name may end in their last character: 更正区教育局, 最新区教育局.
_WORDS_BEFORE_THE_DISTRICT = re.compile(
    "(?:我区|本区|关于|有关|涉及|根据|依据|现将|将|对|代|另|附|含|包括|好|更正|修改|修订|修正|更新|最新|正式|终稿|定稿|"
    "完整|全部|所有|替换|补充|完善|汇总|统计|整理|提交|上交|递交|补交|查收|回复|答复|为准|后|紧急|加急)$"
)
_ELSEWHERE = set("市省县州旗镇乡")
_NAME = f"(?:(?![{''.join(sorted(_BEFORE_THE_DISTRICT))}])[\u3400-\u9fff]){{1,5}}"
_OTHER_DISTRICT = re.compile(rf"(?!(?:全|辖|城|市|社|小|片|校|园|老|地|郊)区$){_NAME}[区县旗]$")
_CITY = re.compile(rf"(?:{_NAME})?市$")
_CERTAIN = 1.0
_BARE = 0.3


@dataclass(frozen=True, slots=True)
class District:
    """Where the office sits: the city and the district, as the notice's issuer names them ('' where it does not)."""

    city: str = ""
    name: str = ""

    @classmethod
    def of_issuer(cls, issuer: str) -> District:
        """Return the district whose government issued a notice.

        >>> District.of_issuer("郑州市中原区人民政府办公室")
        District(city='郑州市', name='中原区')
        """
        found = re.match(r"(?:[^省]+省)?(?P<city>[^市]+市)?(?P<name>[^市]+?区)人民政府", fold(issuer))
        return cls(found["city"] or "", found["name"]) if found else cls()

    def strip(self, name: str) -> str:
        """Return a unit's name without the district's before it: what may follow any of the prefixes.

        >>> [District("郑州市", "中原区").strip(n) for n in ("区教育局", "郑州市中原区教育局", "交警二大队")]
        ['教育局', '教育局', '交警二大队']
        """
        for prefix in (self.city + self.name, self.name, "区"):
            if prefix and name.startswith(prefix):
                return name.removeprefix(prefix)
        return name


@dataclass(frozen=True, slots=True)
class NameMention:
    """A unit named in a text. `certainty` is 1 with the district before it, 0.3 for a bare 教育局, which many have."""

    unit: str
    quote: str
    start: int
    end: int
    certainty: float


@dataclass(frozen=True, slots=True)
class NameBook:
    """Every form under which the known units are found, longest first."""

    district: District
    pattern: re.Pattern[str]
    units: tuple[tuple[str, str], ...]  # form without prefix, canonical name
    whole: frozenset[str]  # forms that carry no 区 of their own and need none

    def mentions(self, text: str) -> tuple[NameMention, ...]:
        """Return the units that a text names, in order; another city's or district's bodies are passed over.

        >>> book = name_book((Unit("区教育局"), Unit("区市场监管局")), District("郑州市", "中原区"))
        >>> text = "中原区教育局、区市场监管局、教育局、市教育局、金水区教育局、郑州教育局"
        >>> [(m.unit, m.certainty) for m in book.mentions(text)]
        [('区教育局', 1.0), ('区市场监管局', 1.0), ('区教育局', 0.3)]
        """
        folded = fold(text)
        found = (self._judged(folded, match) for match in self.pattern.finditer(folded))
        return tuple(mention for mention in found if mention)

    def of_other_districts(self, text: str) -> tuple[NameMention, ...]:
        """Return the bodies of other districts and counties that bear a name which a unit of ours bears too.

        >>> book = name_book((Unit("区教育局"),), District("郑州市", "中原区"))
        >>> [m.quote for m in book.of_other_districts("报金水区教育局、中牟县教育局、全区教育局、市教育局、我区教育局")]
        ['金水区教育局', '中牟县教育局']
        """
        return tuple(self._namesakes(text, _OTHER_DISTRICT))

    def of_cities(self, text: str) -> tuple[NameMention, ...]:
        """Return the bodies of a city that bear a name which a unit of ours bears too.

        >>> book = name_book((Unit("区教育局"),), District("郑州市", "中原区"))
        >>> [m.quote for m in book.of_cities("报市教育局、郑州市教育局、郑州市中原区教育局")]
        ['市教育局', '郑州市教育局']
        """
        return tuple(self._namesakes(text, _CITY))

    def _namesakes(self, text: str, place: re.Pattern[str]) -> Iterator[NameMention]:
        """Yield the bodies of that sort of place which are no unit of ours, as mentions of no certainty."""
        folded = fold(text)
        for match in self.pattern.finditer(folded):
            before = folded[: match.start()]
            found = place.search(before)
            if found and self._prefix(before, match[0])[1] == 0:
                quote = found[0] + match[0]
                yield NameMention(dict(self.units)[match[0]], quote, found.start(), match.end(), 0)

    def unit_named(self, text: str) -> str | None:
        """Return the unit whose name a text is, and nothing else, None where it is none.

        >>> name_book((Unit("区教育局"),), District("郑州市", "中原区")).unit_named("郑州市中原区教育局（盖章）")
        '区教育局'
        """
        stripped = re.sub(r"\((?:盖章|公章|章|签章)\)$", "", fold(text).strip())
        whole = [m for m in self.mentions(stripped) if stripped[: m.start] == "" and m.end == len(stripped)]
        return whole[0].unit if whole else None

    def _judged(self, folded: str, match: re.Match[str]) -> NameMention | None:
        """Return the mention with its certainty, None where another place's body is meant."""
        form, before = match[0], folded[: match.start()]
        prefix, certainty = self._prefix(before, form)
        if certainty == 0:
            return None
        start = match.start() - len(prefix)
        return NameMention(dict(self.units)[form], prefix + form, start, match.end(), certainty)

    def _prefix(self, before: str, form: str) -> tuple[str, float]:
        """Return the prefix written before a form and how sure it makes us; 0 where it is another's."""
        if form in self.whole:
            return "", _CERTAIN
        city, name = self.district.city, self.district.name
        for prefix in (city + name, name, name.removesuffix("区")):
            if prefix and before.endswith(prefix):
                return prefix, _CERTAIN
        if before.endswith("区"):
            return "区", _CERTAIN if _ends_openly(before[:-1], name) else 0
        elsewhere = before[-1:] in _ELSEWHERE or (city and before.endswith(city.removesuffix("市")))
        return "", 0 if elsewhere else _BARE


def _ends_openly(before: str, district: str) -> bool:
    """Tell whether 区 after this text can stand for our own district."""
    last = before[-1:]
    if not "\u3400" <= last <= "\u9fff" or last in _BEFORE_THE_DISTRICT:
        return True
    return bool(_WORDS_BEFORE_THE_DISTRICT.search(before[-2:]) or (district and before.endswith(district)))


@lru_cache(maxsize=16)
def name_book(units: tuple[Unit, ...], district: District) -> NameBook:
    """Return the book of all names of these units. Where two share a form, the first unit listed has it.

    >>> book = name_book((Unit("区政务办（区大数据局）", aliases=("区大数据局",)),), District("郑州市", "中原区"))
    >>> [(m.unit, m.quote) for m in book.mentions("区政务办（区大数据局）、中原区大数据局")]
    [('区政务办（区大数据局）', '区政务办(区大数据局)'), ('区政务办（区大数据局）', '中原区大数据局')]
    """
    forms: dict[str, str] = {}
    whole: set[str] = set()
    stem = district.name.removesuffix("区") or "区"
    for unit in units:
        for name in (unit.name, unit.full_name, *unit.aliases):
            folded = fold(name).strip()
            form = district.strip(folded)
            if len(form) < 2:
                continue
            forms.setdefault(form, unit.name)
            if form == folded and (stem in form or not form.endswith(("局", "委", "办", "联", "中心"))):
                whole.add(form)
    longest_first = sorted(forms, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    return NameBook(district, pattern, tuple(forms.items()), frozenset(whole))
