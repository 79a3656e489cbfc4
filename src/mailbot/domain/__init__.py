"""Nouns: what the office and the units speak of, as frozen values. Standard library only; no rules."""
