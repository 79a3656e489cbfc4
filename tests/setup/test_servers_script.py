"""scripts/servers: silent where all is there, one line where it is not, a failure in CI."""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "servers"


def run_lacking_dovecot(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script as if one of the programs were not there; it must not install."""
    script = tmp_path / "servers"
    script.write_text(
        SCRIPT.read_text(encoding="utf-8").replace("/usr/sbin/dovecot", "/no/such/dovecot"), encoding="utf-8"
    )
    return subprocess.run(  # noqa: S603 - our own script
        ["/bin/sh", str(script)],
        env={"PATH": "/usr/bin:/bin", "MAILBOT_NO_SERVERS": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_what_is_missing_is_named_with_the_one_line_that_helps(tmp_path: Path) -> None:
    done = run_lacking_dovecot(tmp_path)

    assert done.returncode == 0
    assert "/no/such/dovecot" in done.stderr
    assert "apt-get install -y --no-install-recommends dovecot-imapd" in done.stderr


def test_in_ci_a_missing_server_is_a_failure(tmp_path: Path) -> None:
    assert run_lacking_dovecot(tmp_path, CI="true").returncode == 1
