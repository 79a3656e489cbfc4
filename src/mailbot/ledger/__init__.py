"""The ledger: schema, transactions, events and migrations."""
