"""Verbs: what is owed, when it is due, how it stands, what may be answered. Pure functions, one rule a file."""
