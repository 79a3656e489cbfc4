"""Where the files that come with mailbot lie: in the installed wheel, or in the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def shipped(kind: Literal["config", "templates"]) -> Path:
    """Return the folder of the configuration or the templates that come with mailbot.

    >>> (shipped("config") / "mailbot.toml").is_file()
    True
    """
    here = Path(__file__).resolve()
    installed = here.with_name("_data") / kind
    return installed if installed.is_dir() else here.parents[2] / kind
