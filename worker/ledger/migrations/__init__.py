"""The ledger's tables, step by step; applied by `duo-worker migrate`."""
