"""The notice, unit and holiday files: read, checked, every mistake named with its line."""

from mailbot.notices.office import Office, load_all, load_calendar, load_directory, load_notices

__all__ = ["Office", "load_all", "load_calendar", "load_directory", "load_notices"]
