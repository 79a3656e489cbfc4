from datetime import time as time_of_day
from pathlib import Path

import pytest
from tests.unit.settings.settings_files import SMALL, added, mistakes, spoilt, written

from mailbot.domain.ladder import OfficeHours, Rung, Side
from mailbot.domain.moments import shanghai
from mailbot.errors import ConfigurationError
from mailbot.settings import Caps, OutgoingMode, Security, files_named, load


def test_what_is_not_written_takes_its_default(tmp_path: Path) -> None:
    settings = load(written(tmp_path))

    assert settings.mode is OutgoingMode.HOLD
    assert settings.caps == Caps(per_address_day=10, per_hour=20, per_day=40)
    assert (settings.answer_after, settings.answer_within_days, settings.every_seconds) == (None, 3, 300)
    assert settings.ladder == (Rung(Side.BEFORE, 3), Rung(Side.BEFORE, 1), Rung(Side.AFTER, 1))
    assert settings.office_hours == OfficeHours(time_of_day(9), time_of_day(17, 30))
    assert settings.receipt_number == "{year}-{month:02d}-{serial:04d}"
    assert (settings.folders, settings.office_addresses, settings.imap.ca_file) == ((), (), None)


def test_paths_are_relative_to_the_file_and_not_to_where_the_command_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "etc").mkdir()
    written(tmp_path / "etc", SMALL.replace('"archive"', '"../archive"'))
    monkeypatch.chdir(tmp_path)

    settings = load(Path("etc/mailbot.toml"))

    assert settings.path == tmp_path / "etc/mailbot.toml"
    assert settings.archive == tmp_path / "archive"
    assert settings.ledger_url == f"sqlite:///{tmp_path}/etc/ledger.db"
    assert settings.files.units == tmp_path / "etc/units.yaml"


def test_an_absolute_ledger_stays_where_it_is(tmp_path: Path) -> None:
    settings = load(written(tmp_path, SMALL.replace("sqlite:///ledger.db", "sqlite:////var/lib/mailbot/ledger.db")))

    assert settings.ledger_url == "sqlite:////var/lib/mailbot/ledger.db"


def test_a_ledger_may_lie_on_a_server(tmp_path: Path) -> None:
    settings = load(written(tmp_path, SMALL.replace("sqlite:///ledger.db", "postgresql://office@localhost/ledger")))

    assert settings.ledger_url == "postgresql://office@localhost/ledger"


def test_empty_templates_are_the_shipped_ones(tmp_path: Path) -> None:
    assert load(written(tmp_path)).files.templates.name == "templates"


@pytest.mark.parametrize(
    "moment", ["2026-12-01", "2026-12-01T00:00:00", '"2026-12-01"', "2026-12-01T00:00:00+08:00", "2026-11-30T16:00:00Z"]
)
def test_the_day_the_service_begins_may_be_written_as_a_day_a_moment_or_text(moment: str, tmp_path: Path) -> None:
    settings = load(written(tmp_path, f"{SMALL}\n[mail]\nanswer_after = {moment}\n"))

    assert settings.answer_after == shanghai("2026-12-01T00:00")
    assert settings.answer_after.utcoffset() == shanghai("2026-12-01").utcoffset()


def test_the_ladder_is_in_the_order_of_time_however_it_is_written(tmp_path: Path) -> None:
    settings = load(written(tmp_path, f"{SMALL}\n[reminders]\nbefore = [1, 5]\nafter = [3, 1]\n"))

    assert [str(rung) for rung in settings.ladder] == ["before-5", "before-1", "after-1", "after-3"]


def test_addresses_are_lower_case(tmp_path: Path) -> None:
    settings = load(written(tmp_path, f'{SMALL}\n[office]\naddresses = ["Office@Example.COM"]\n'))

    assert settings.office_addresses == ("office@example.com",)


def test_a_byte_order_mark_as_notepad_writes_it_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "mailbot.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())

    assert load(path).imap.security is Security.PLAIN


def test_every_mistake_is_told_at_once_each_with_its_line_and_key(tmp_path: Path) -> None:
    text = SMALL.replace("1143", '"1143"').replace('user = "office"', "usr = 1").replace("[archive]\n", "[archiv]\n")

    problems = mistakes(written(tmp_path, text))

    assert {(problem.place.line, problem.place.key, problem.code) for problem in problems} == {
        (3, "imap.port", "wrong_type"),
        (1, "imap.user", "missing_key"),
        (5, "imap.usr", "unknown_key"),
        (None, "archive", "missing_key"),
        (13, "archiv", "unknown_key"),
    }
    assert all(problem.place.file == str(tmp_path / "mailbot.toml") for problem in problems)


def test_an_unknown_key_is_told_with_the_nearest_known_one(tmp_path: Path) -> None:
    (problem,) = added(tmp_path, "\n[outgoing]\nper_adress_day = 3\n")

    assert (problem.place.line, problem.text) == (20, "没有这一项；想写的是不是 per_address_day？")


def test_a_missing_key_is_told_with_an_example(tmp_path: Path) -> None:
    (problem,) = spoilt(tmp_path, 'path = "archive"\n', "")

    assert str(problem) == f'{tmp_path}/mailbot.toml 第 13 行 archive.path：缺少这一项，请补上，例如 path = "archive"'


@pytest.mark.parametrize("host", ["imap.163.com", "10.0.0.1", "localhost.example.com", "1.2.3.4"])
def test_plain_is_refused_to_any_host_but_this_one(host: str, tmp_path: Path) -> None:
    (problem,) = spoilt(tmp_path, '"localhost"', f'"{host}"')

    assert (problem.place.line, problem.place.key) == (4, "imap.security")
    assert "plain 不加密" in problem.text


@pytest.mark.parametrize("host", ["LOCALHOST", "127.255.0.3", "::1"])
def test_plain_is_allowed_to_this_machine(host: str, tmp_path: Path) -> None:
    assert load(written(tmp_path, SMALL.replace("localhost", host))).imap.security is Security.PLAIN


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('"localhost"', '"imap://localhost"', "imap.host"),
        ('"localhost"', '"local host"', "imap.host"),
        ('"localhost"', '""', "imap.host"),
        ("port = 1143", "port = 0", "imap.port"),
        ("port = 1143", "port = 65536", "imap.port"),
        ("port = 1143", "port = 993.0", "imap.port"),
        ('"plain"', '"ssl"', "imap.security"),
        ('"office"', '""', "imap.user"),
        ('"office"', '"  "', "imap.user"),
        ("port = 1143", "port = 465", "imap.port"),
        ("port = 1143", "port = 110", "imap.port"),
        ("port = 1025", "port = 993", "smtp.port"),
        ('"office"', '"a\\r\\nb"', "imap.user"),
        ('"office"', '"督查室@163.com"', "imap.user"),
        ('"office"', '"ｏffice@163.com"', "imap.user"),
        ('"office"', '"of fice@163.com"', "imap.user"),
        ('"office@example.com"', '"督查室@163.com"', "smtp.user"),
        ('"office@example.com"', '"office"', "smtp.user"),
        ('"office@example.com"', '"督查室 <office@example.com>"', "smtp.user"),
        ('"archive"', '""', "archive.path"),
        ('"archive"', '"a\\u0000b"', "archive.path"),
        ("sqlite:///ledger.db", "ledger.db", "ledger.url"),
        ("sqlite:///ledger.db", "sqlite://", "ledger.url"),
        ("sqlite:///ledger.db", "sqlite:///", "ledger.url"),
        ("sqlite:///ledger.db", "sqlite:///:memory:", "ledger.url"),
        ("sqlite:///ledger.db", "sqlite:///a.db?mode=ro", "ledger.url"),
        ("sqlite:///ledger.db", "postgresql://office@db/ledger", "ledger.url"),
        ("sqlite:///ledger.db", "postgresql://office:secret@localhost/ledger", "ledger.url"),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(right: str, wrong: str, key: str, tmp_path: Path) -> None:
    (problem,) = spoilt(tmp_path, right, wrong)

    assert problem.place.key == key
    assert problem.place.line is not None
    assert "请" in problem.text or "例如" in problem.text or "只" in problem.text


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("imap2", "x = 1"),
        ("mail", "answer_after = 09:00:00"),
        ("mail", 'answer_after = "tomorrow"'),
        ("mail", 'answer_after = "0001-01-01T00:00:00+14:00"'),
        ("mail", "answer_within_days = 0"),
        ("outgoing", 'mode = "dry"'),
        ("outgoing", "per_hour = 0"),
        ("outgoing", "per_day = -1"),
        ("outgoing", "per_day = true"),
        ("polling", "every_seconds = 0"),
        ("files", 'units = ""'),
        ("office", 'addresses = "office@example.com"'),
        ("office", 'addresses = ["office"]'),
        ("office", 'addresses = ["督查室@163.com"]'),
        ("office", 'addresses = ["a@example.com, b@example.com"]'),
        ("office", "addresses = [1]"),
        ("office", 'addresses = ["督查室 <office@example.com>"]'),
        ("reminders", "before = [0]"),
        ("reminders", "after = [0]"),
        ("reminders", "after = [-1]"),
        ("reminders", "before = [3, 3]"),
        ("reminders", 'hours = ["17:30", "09:00"]'),
        ("reminders", 'hours = ["9", "25:00"]'),
        ("reminders", 'hours = ["09:00"]'),
    ],
)
def test_a_wrong_line_in_an_optional_table_is_told(table: str, line: str, tmp_path: Path) -> None:
    (problem,) = added(tmp_path, f"[{table}]\n{line}\n")

    assert problem.place.line in {18, 19}
    assert (problem.place.key or "").startswith(table)


def test_too_long_a_text_is_told_as_one(tmp_path: Path) -> None:
    (problem,) = added(tmp_path, f'receipt_number = "{{year}}{{month}}{{serial}}{"x" * 60}"\n')

    assert problem.text.startswith("太长，请缩短到 60 个字以内")


@pytest.mark.parametrize(
    "pattern",
    [
        "{serial}",
        "{year}-{month}",
        "{year}{month}{serial}{x}",
        "{year",
        "{year.real}-{month}-{serial}",
        "〔{year}〕{month}-{serial}",
        "{year}-{month:s}-{serial}",
    ],
)
def test_a_receipt_number_needs_its_three_fields_and_is_no_document_number(pattern: str, tmp_path: Path) -> None:
    (problem,) = added(tmp_path, f'receipt_number = "{pattern}"\n')

    assert (problem.place.line, problem.place.key) == (18, "ledger.receipt_number")


def test_an_empty_name_is_told_as_such(tmp_path: Path) -> None:
    (problem,) = spoilt(tmp_path, '"office"', '""')

    assert problem.text == '不能为空，请填写，例如 user = "zydc697@163.com"'


def test_the_port_of_another_service_is_told_with_the_right_ones(tmp_path: Path) -> None:
    (problem,) = spoilt(tmp_path, "port = 1025", "port = 993")

    assert problem.text == "993 是收信（IMAP）的端口；请改成 465（tls）或 587（starttls）"


def test_a_certificate_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = spoilt(tmp_path, 'user = "office"', 'user = "office"\nca_file = "ca.pem"')

    assert (problem.code, problem.place.line, problem.place.key) == ("file_missing", 6, "imap.ca_file")


def test_a_certificate_file_that_cannot_be_is_told_like_one_that_is_not_there(tmp_path: Path) -> None:
    for name in ("a\\u0000b", "长" * 200):
        problems = spoilt(tmp_path, 'user = "office"', f'user = "office"\nca_file = "{name}"')

        assert {problem.place.key for problem in problems} == {"imap.ca_file"}


def test_a_certificate_file_is_made_absolute(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()

    settings = load(written(tmp_path, SMALL.replace('user = "office"', 'user = "office"\nca_file = "ca.pem"')))

    assert settings.imap.ca_file == tmp_path / "ca.pem"


def test_a_password_in_the_ledgers_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(written(tmp_path, SMALL.replace("sqlite:///ledger.db", "postgresql://me:SECRETCODE@localhost/x")))

    assert "SECRET" not in refusal.value.for_people() + str(refusal.value) + repr(refusal.value.problems)
    assert "MAILBOT_LEDGER_PASSWORD" in refusal.value.for_people()


def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(written(tmp_path, SMALL.replace('user = "office"', 'user = "office"\npassword = "SECRETCODE"')))

    assert "MAILBOT_IMAP_PASSWORD" in caught.value.for_people()
    assert "SECRETCODE" not in caught.value.for_people() + str(caught.value) + repr(caught.value)
    assert caught.value.__context__ is None


def test_a_file_that_is_not_there_a_folder_and_another_encoding_are_told(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes("# 督查室".encode("gbk"))

    codes = [mistakes(tmp_path / name)[0].code for name in ("none.toml", "", "gbk.toml")]

    assert codes == ["file_missing", "file_unreadable", "not_utf8"]


def test_the_files_are_known_even_where_another_table_is_wrong(tmp_path: Path) -> None:
    path = written(tmp_path, '[files]\nunits = "u.yaml"\n[imap]\nport = "x"\n')

    files = files_named(path)

    assert files is not None
    assert (files.units, files.holidays) == (tmp_path / "u.yaml", tmp_path / "holidays.yaml")


@pytest.mark.parametrize("around", ["[imap]\nport = = 993\n{}", "{}[smtp\n", "{}\n[imap]\nuser = 张三\n"])
def test_the_files_are_known_even_where_the_rest_is_no_toml(around: str, tmp_path: Path) -> None:
    files = files_named(written(tmp_path, around.format('[files]  # ours\nunits = "u.yaml"\n')))

    assert files is not None
    assert (files.units, files.holidays) == (tmp_path / "u.yaml", tmp_path / "holidays.yaml")


def test_where_the_rest_is_no_toml_and_no_file_is_named_they_are_where_they_usually_are(tmp_path: Path) -> None:
    files = files_named(written(tmp_path, "[imap]\nport = = 993\n"))

    assert files is not None
    assert files.units == tmp_path / "units.yaml"


@pytest.mark.parametrize("text", ["[files]\nunits = 1\n", "[files\n", "files = 3\n", "[files]\nunits = = 1\n"])
def test_where_the_files_table_cannot_be_read_no_files_are_known(text: str, tmp_path: Path) -> None:
    assert files_named(written(tmp_path, text)) is None
