"""What each provider is like."""

from __future__ import annotations

import pytest

from mailbot.mailbox.providers import (
    GENERAL,
    NETEASE,
    Folder,
    domain_matches,
    profile_of,
    sent_folder,
    watched,
)


def folder(name: str, *flags: bytes, delimiter: str = "/") -> Folder:
    return Folder(name, frozenset(flags), delimiter)


@pytest.mark.parametrize(
    "host",
    ["imap.163.com", "imap.126.com", "imap.yeah.net", "imap.vip.163.com", "imap.188.com", "imap.qiye.163.com"],
)
def test_every_host_of_the_163_family_has_its_profile(host: str) -> None:
    assert profile_of(host) is NETEASE
    assert profile_of(f"{host.upper()}.") is NETEASE


@pytest.mark.parametrize("host", ["imap.qq.com", "imap.163.com.example.test", "163.com", "127.0.0.1", ""])
def test_every_other_host_has_the_general_profile(host: str) -> None:
    assert profile_of(host) is GENERAL


def test_a_server_on_the_loopback_is_known_by_the_capability_that_only_netease_has() -> None:
    assert profile_of("127.0.0.1", frozenset({b"IMAP4REV1", b"X-CM-EXT-1"})) is NETEASE


def test_on_163_the_three_spam_like_folders_are_watched_and_the_virus_folder_is_not() -> None:
    listed = tuple(
        folder(name)
        for name in (
            "INBOX",
            "草稿箱",
            "已发送",
            "已删除",
            "垃圾邮件",
            "广告邮件",
            "订阅邮件",
            "病毒文件夹",
            "2021年报送",
        )
    )

    assert watched(NETEASE, listed) == ("INBOX", "垃圾邮件", "广告邮件", "订阅邮件")


def test_elsewhere_what_is_marked_as_junk_is_watched_whatever_its_name() -> None:
    assert watched(GENERAL, (folder("Inbox"), folder("Ungewollt", b"\\JUNK"))) == ("INBOX", "Ungewollt")


@pytest.mark.parametrize("name", ["Junk", "spam", "INBOX.Spam", "INBOX.Junk E-mail", "垃圾邮件"])
def test_elsewhere_a_folder_with_a_name_for_spam_is_watched(name: str) -> None:
    assert watched(GENERAL, (folder("INBOX"), folder(name, delimiter="."))) == ("INBOX", name)


def test_a_folder_that_cannot_be_opened_is_not_watched() -> None:
    assert watched(GENERAL, (folder("Spam", b"\\NoSelect"), folder("INBOX"))) == ("INBOX",)


def test_inbox_is_watched_even_if_the_server_does_not_list_it() -> None:
    assert watched(GENERAL, ()) == ("INBOX",)


def test_chosen_folders_stand_in_place_of_the_providers_whether_they_are_there_or_not() -> None:
    listed = (folder("INBOX"), folder("垃圾邮件"), folder("报送"))

    assert watched(NETEASE, listed, ("报送", "inbox", "没有的")) == ("报送", "INBOX", "没有的")


def test_the_sent_folder_is_found_by_its_flag_before_its_name() -> None:
    assert sent_folder((folder("Sent"), folder("已发送", b"\\Sent"))) == "已发送"
    assert sent_folder((folder("INBOX"), folder("INBOX/Sent Items"))) == "INBOX/Sent Items"
    assert sent_folder((folder("INBOX"),)) is None


@pytest.mark.parametrize(
    ("host", "address", "matches"),
    [
        ("imap.163.com", "zydc697@163.com", True),
        ("smtp.163.com", "zydc697@163.com", True),
        ("imap.163.com", "office@126.com", False),
        ("imap.126.com", "office@163.com", False),
        ("imap.vip.163.com", "office@163.com", False),
        ("imap.qiye.163.com", "office@zhongyuan.example", None),
        ("imap.example.test", "office@163.com", None),
        ("127.0.0.1", "zydc697@163.com", None),
    ],
)
def test_a_host_is_held_against_the_domain_of_the_address(host: str, address: str, *, matches: bool | None) -> None:
    assert domain_matches(host, address) is matches
