"""What is committed: pinned and hashed packages, nothing of one machine, nothing secret."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# put together here, so that this file does not name them itself
REGISTRY_HOSTS = re.compile(
    "|".join(("py" + r"pi\.", "python" + r"hosted\.", "dev" + "pi", "arti" + "factory")), re.IGNORECASE
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:ghp|gho|glpat)[_-]\w{20,}|\bAKIA[0-9A-Z]{16}\b|\bxox[abp]-\w{10,}",
)
ASSIGNED = re.compile(
    r"MAILBOT_(?:IMAP|SMTP)_PASSWORD\s*=\s*[\"']?(?P<value>[a-z]{16})\b"
)  # as 163's authorisation codes look


def committed() -> Iterator[tuple[str, str]]:
    """Yield every text file that git tracks (all files but the ignored ones where there is no git)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            yield name, path.read_text(encoding="utf-8", errors="replace")


def hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in committed()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_every_package_is_pinned_and_hashed() -> None:
    entries = re.split(r"\n(?=\w)", re.sub(r"^\s*#.*\n", "", LOCK, flags=re.MULTILINE).strip())

    assert len(entries) > 20
    assert all(re.match(r"[\w.\[\]-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


def test_the_lock_names_no_host() -> None:
    assert not [line for line in LOCK.splitlines() if re.search(r"://|^--", line)]


def test_the_lock_has_no_second_opencv() -> None:
    """opencv-python beside opencv-python-headless: both write the same files."""
    assert not re.search(r"^opencv-python==", LOCK, re.MULTILINE)


@pytest.mark.parametrize(
    "pattern", [REGISTRY_HOSTS, MACHINE_PATHS, SECRETS, ASSIGNED], ids=["registry", "path", "secret", "password"]
)
def test_no_committed_file_names_what_is_not_everybodys(pattern: re.Pattern[str]) -> None:
    assert hits(pattern) == []


def test_nothing_binary_is_committed() -> None:
    """Samples are made by code."""
    assert not [name for name, text in committed() if "\0" in text]


@pytest.mark.parametrize("script", [".ci/run", "scripts/servers", "scripts/setup"])
def test_a_script_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o100
