"""The corridor: each stage calls rooms in order and decides nothing. The only place where rooms meet."""
