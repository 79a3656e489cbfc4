"""Units and the addresses bound to them."""

from __future__ import annotations

from mailbot.domain.unit import Directory, Unit

HOUSING = Unit("区房管局", addresses=("clerk@qq.com",))
RENEWAL = Unit("区城市更新发展中心", addresses=("clerk@qq.com", "other@163.com"))
DIRECTORY = Directory((HOUSING, RENEWAL))


def test_one_clerk_may_serve_two_units() -> None:
    assert DIRECTORY.bound_to("clerk@qq.com") == ("区房管局", "区城市更新发展中心")


def test_an_address_is_the_same_in_capitals() -> None:
    assert DIRECTORY.bound_to("Other@163.COM") == ("区城市更新发展中心",)


def test_a_stranger_is_bound_to_nothing() -> None:
    assert DIRECTORY.bound_to("stranger@qq.com") == ()


def test_a_unit_is_found_by_its_canonical_name_only() -> None:
    assert DIRECTORY.unit("区房管局") == HOUSING
    assert DIRECTORY.unit("房管局") is None
