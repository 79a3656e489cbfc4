"""mailbot.toml: its values, reading it, and the passwords that are never in it."""

from mailbot.domain.server import Security, Server
from mailbot.settings.loading import files_named, load
from mailbot.settings.passwords import imap_password, ledger_password, password_files, smtp_password
from mailbot.settings.values import Caps, Files, OutgoingMode, Settings

__all__ = [
    "Caps",
    "Files",
    "OutgoingMode",
    "Security",
    "Server",
    "Settings",
    "files_named",
    "imap_password",
    "ledger_password",
    "load",
    "password_files",
    "smtp_password",
]
