"""The only truth about progress: requests, steps, events, leases and budgets in one SQL database."""
