"""Polls requests, keeps the ledger, carries out the steps, tells people."""
