"""Outcomes and times of past requests: figures from the ledger, shown as tables, one JSON value, or one page."""
