"""What the office opens: the workbook of the ledger."""
