"""Backup and restore of a whole Kinora: its database, its media, and the facts of forgetting (docs/backup.md)."""
