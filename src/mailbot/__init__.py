"""mailbot: reads a supervision office's mailbox, keeps its receipt ledger, acknowledges and reminds."""

__version__ = "0.1.0"
