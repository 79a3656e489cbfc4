"""docs/settings.md and the shipped mailbot.toml name every key that is accepted, and no other."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mailbot.checking import Table, table_in
from mailbot.data import shipped
from mailbot.notices.holiday_file import HolidayFile
from mailbot.notices.notice_file import NoticeFile
from mailbot.notices.unit_file import UnitFile
from mailbot.settings import OutgoingMode, Security, load
from mailbot.settings.tables import SettingsFile

PAGE = (Path(__file__).parents[3] / "docs/settings.md").read_text(encoding="utf-8")
ALWAYS_REFUSED = {"imap.password", "smtp.password", "ledger.password"}  # known only to say where it belongs


def keys(model: Any) -> Iterator[str]:
    table = table_in(model)
    assert table is not None
    for name, field in table.model_fields.items():
        inner = table_in(field.annotation)
        if inner is None or model is not SettingsFile:
            yield name
        if inner is not None:
            yield from (f"{name}.{key}" for key in keys(inner))


def test_every_setting_is_in_the_page_and_no_other() -> None:
    documented = {f"{table}.{key}" for table, key in re.findall(r"^\| `\[(\w+)\]` \| `(\w+)` \|", PAGE, re.MULTILINE)}

    assert documented == set(keys(SettingsFile)) - ALWAYS_REFUSED


def test_every_default_in_the_page_is_the_real_one() -> None:
    rows = re.findall(r"^\| `\[(\w+)\]` \| `(\w+)` \| (?:`([^|]*)`|none · 无|—) \|", PAGE, re.MULTILINE)

    for table, key, default in rows:
        field = table_in(SettingsFile.model_fields[table].annotation)
        assert field is not None
        real = field.model_fields[key]
        written = tomllib.loads(f"x = {default}")["x"] if default else None
        assert (
            list(real.default) if isinstance(real.default, tuple) else real.get_default() if default else None
        ) == written


def test_every_key_of_the_offices_files_is_in_the_page_and_no_other() -> None:
    tables = PAGE.split("## The office's files")[1]

    assert set(re.findall(r"^\| `([\w.]+)` \|", tables, re.MULTILINE)) == {
        *keys(UnitFile),
        *keys(HolidayFile),
        *keys(NoticeFile),
    }


def test_every_key_has_a_comment_in_the_shipped_file() -> None:
    lines = (shipped("config") / "mailbot.toml").read_text(encoding="utf-8").splitlines()
    commented = {found[1] for line in lines if (found := re.match(r"(?:# )?(\w+) = .*#.*[一-鿿]", line))}

    assert commented == {key.split(".")[1] for key in set(keys(SettingsFile)) - ALWAYS_REFUSED}


def test_the_shipped_settings_name_the_offices_mailbox_and_hold_everything_back() -> None:
    settings = load(shipped("config") / "mailbot.toml")

    assert (settings.imap.host, settings.imap.port, settings.imap.security) == ("imap.163.com", 993, Security.TLS)
    assert (settings.smtp.host, settings.smtp.port, settings.smtp.security) == ("smtp.163.com", 465, Security.TLS)
    assert settings.imap.user == settings.smtp.user == "zydc697@163.com"
    assert settings.mode is OutgoingMode.HOLD
    assert settings.answer_after is None


def test_every_key_has_an_example_to_tell() -> None:
    files = (SettingsFile, UnitFile, HolidayFile, NoticeFile)

    assert [name for model in files for name in _without_example(model)] == []


def _without_example(model: Any) -> Iterator[str]:
    table = table_in(model) or Table
    for name, field in table.model_fields.items():
        inner = table_in(field.annotation)
        if inner is not None:
            yield from _without_example(inner)
        elif name != "password" and not field.examples:
            yield name


def test_the_nouns_are_had_without_pydantic() -> None:
    program = "import sys, mailbot.settings; sys.exit('pydantic' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: S603 - our own words

    assert done.returncode == 0
