from pathlib import Path

import pytest

from mailbot.errors import ConfigurationError
from mailbot.settings import imap_password, ledger_password, password_files, smtp_password


def test_without_a_word_in_the_environment_there_is_no_password() -> None:
    assert imap_password({}) is None
    assert smtp_password({"MAILBOT_IMAP_PASSWORD": ""}) is None


def test_the_password_comes_from_the_environment() -> None:
    assert imap_password({"MAILBOT_IMAP_PASSWORD": "code"}) == "code"


def test_the_password_is_the_first_line_of_the_file_named(tmp_path: Path) -> None:
    file = tmp_path / "code"
    file.write_bytes("\ufeffa code \r\nand a remark\n".encode())

    assert imap_password({"MAILBOT_IMAP_PASSWORD_FILE": str(file)}) == "a code "


def test_the_environment_goes_before_the_file() -> None:
    assert imap_password({"MAILBOT_IMAP_PASSWORD": "code", "MAILBOT_IMAP_PASSWORD_FILE": "/nowhere"}) == "code"


def test_smtp_takes_the_code_for_imap_unless_it_has_its_own(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("own")

    assert smtp_password({"MAILBOT_IMAP_PASSWORD": "code"}) == "code"
    assert smtp_password({"MAILBOT_IMAP_PASSWORD": "code", "MAILBOT_SMTP_PASSWORD": "own"}) == "own"
    assert (
        smtp_password({"MAILBOT_IMAP_PASSWORD": "code", "MAILBOT_SMTP_PASSWORD_FILE": str(tmp_path / "own")}) == "own"
    )


def test_the_ledgers_password_is_nobody_elses(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("own")
    named = {"MAILBOT_LEDGER_PASSWORD_FILE": str(tmp_path / "own")}

    assert ledger_password({"MAILBOT_IMAP_PASSWORD": "code"}) is None
    assert ledger_password({"MAILBOT_LEDGER_PASSWORD": "secret"}) == "secret"
    assert ledger_password(named) == "own"
    assert imap_password(named) is None
    assert password_files(named) == (tmp_path / "own",)


@pytest.mark.parametrize("content", [None, b"", b"\nSECRETCODE\n", b"SECRETCODE\xff\xfe"])
def test_a_file_that_gives_no_password_is_told_by_its_variable_and_nothing_leaks(
    content: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "code"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ConfigurationError) as caught:
        smtp_password({"MAILBOT_SMTP_PASSWORD_FILE": str(file)})

    assert "MAILBOT_SMTP_PASSWORD_FILE" in caught.value.for_people()
    assert "SECRET" not in caught.value.for_people() + repr(caught.value)
    assert caught.value.__context__ is None


def test_a_code_written_where_its_file_should_be_named_is_not_shown() -> None:
    with pytest.raises(ConfigurationError) as caught:
        imap_password({"MAILBOT_IMAP_PASSWORD_FILE": "ABCDEFGHIJKLMNOP"})

    assert "ABCDEF" not in caught.value.for_people() + str(caught.value) + repr(caught.value.problems)


@pytest.mark.parametrize("file", ["/", "\0", "/dev/zero"])
def test_a_folder_an_impossible_name_or_what_has_no_end_is_no_password_file(file: str) -> None:
    with pytest.raises(ConfigurationError):
        imap_password({"MAILBOT_IMAP_PASSWORD_FILE": file})
