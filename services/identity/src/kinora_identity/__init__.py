"""Accounts, the way in, and API keys."""
