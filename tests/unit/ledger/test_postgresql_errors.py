"""What a server's words mean where it gave no code: a connection that never came up. The rest is held on a real one."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, StatementError

from mailbot.errors import LedgerError, LedgerUnavailable
from mailbot.ledger.postgresql_errors import CROWDED, NOT_THERE, REFUSED, UNREACHABLE, UNVERIFIED, Meaning, meaning_of

AT = 'connection failed: connection to server at "192.0.2.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ('FATAL:  password authentication failed for user "mailbot"', REFUSED),
        ('致命错误:  用户 "mailbot" Password 认证失败', REFUSED),
        ('致命错误:  对用户"mailbot"的对等认证失败', REFUSED),
        ('致命错误:  用户 "mailbot" 认证 PAM 失败', REFUSED),
        ("fe_sendauth: no password supplied", REFUSED),
        ('FATAL:  no pg_hba.conf entry for host "192.0.2.2", user "mailbot", database "mailbot", SSL off', REFUSED),
        ('致命错误:  没有用于主机 "192.0.2.2", 用户 "mailbot", 数据库 "mailbot" 的 pg_hba.conf 记录', REFUSED),
        ('FATAL:  role "mailbot" does not exist', REFUSED),
        ('致命错误:  角色 "mailbot" 不存在', REFUSED),
        ('致命错误:  不允许角色"mailbot" 进行登录', REFUSED),
        ('FATAL:  database "mailbot" does not exist', NOT_THERE),
        ('致命错误:  数据库 "mailbot" 不存在', NOT_THERE),
        ("SSL error: certificate verify failed", UNVERIFIED),
        ("server does not support SSL, but SSL was required", UNVERIFIED),
        ('root certificate file "/etc/ca.pem" does not exist', UNVERIFIED),
        ("FATAL:  sorry, too many clients already", CROWDED),
        ("致命错误:  对不起, 已经有太多的客户", CROWDED),
        ('致命错误:  由角色"mailbot"发起的连接太多了', CROWDED),
        ("Connection refused", UNREACHABLE),
        ("FATAL:  the database system is starting up", UNREACHABLE),
        ("致命错误:  数据库系统启动中", UNREACHABLE),
        ("timeout expired", UNREACHABLE),
        ("FATAL:  das Datenbanksystem startet", UNREACHABLE),
    ],
)
def test_the_words_of_a_server_in_english_or_chinese_are_understood(words: str, meant: Meaning) -> None:
    told = meaning_of(OperationalError(None, None, psycopg.OperationalError(AT + words)))

    assert isinstance(told, LedgerUnavailable)
    assert (told.chinese, told.remedy) == (meant.chinese, meant.remedy)
    assert words.replace("  ", " ") in str(told)


def test_a_value_that_no_column_takes_is_no_matter_of_the_server() -> None:
    told = meaning_of(StatementError("(builtins.ValueError) a moment without a zone", "x", {}, ValueError("no zone")))

    assert type(told) is LedgerError
    assert str(told) == "no zone"
