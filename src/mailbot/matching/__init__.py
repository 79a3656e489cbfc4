"""From facts to a decision: whose report it is, for which month, of which tasks, and on what evidence. Pure."""

from mailbot.matching.decide import decide

__all__ = ["decide"]
