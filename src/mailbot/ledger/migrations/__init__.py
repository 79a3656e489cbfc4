"""How a ledger made by an older mailbot becomes one of ours: Alembic runs `env.py`, which runs `versions`."""
