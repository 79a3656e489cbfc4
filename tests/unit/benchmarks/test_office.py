"""The configuration that benchmarks measure with."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.office import Office

from mailbot.domain.server import Security, Server


def test_nothing_is_measured_but_on_this_machine(tmp_path: Path) -> None:
    real = Server("imap.163.com", 993, Security.TLS, "zydc697@163.com", None)

    with pytest.raises(ValueError, match="is not this machine"):
        Office.make(tmp_path / "office", real, "code")


def test_the_product_takes_the_configuration(tmp_path: Path) -> None:
    here = Server("127.0.0.1", 143, Security.PLAIN, "clerk@example.test", None)

    app = Office.make(tmp_path / "office", here, "code").app()

    assert app.settings.imap == here
    assert not app.sends_by_itself
