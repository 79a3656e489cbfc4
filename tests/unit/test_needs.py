"""A test whose program is missing is skipped by name on a desk, and fails in continuous integration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("ci", "outcome", "status"), [("", "1 skipped", 0), ("true", "1 error", 1)])
def test_a_missing_program_is_told_by_name(tmp_path: Path, ci: str, outcome: str, status: int) -> None:
    test = tmp_path / "test_picture.py"
    test.write_text("import pytest\n\n@pytest.mark.office\ndef test_it():\n    pass\n", encoding="utf-8")
    ours = ["-c", "pyproject.toml", "--rootdir", ".", "-p", "tests.conftest", "-p", "no:cacheprovider", "-rs"]

    run = subprocess.run(  # noqa: S603  # ours
        [sys.executable, "-m", "pytest", *ours, test],
        cwd=ROOT,
        env={**os.environ, "CI": ci, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == status, run.stdout + run.stderr
    assert outcome in run.stdout
    assert "office: soffice, pdftoppm is not installed" in run.stdout
