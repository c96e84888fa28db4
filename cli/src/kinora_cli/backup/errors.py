"""What may go wrong, told to the operator."""


class BackupFailed(Exception):
    """The message says what was wrong and what would be right."""
