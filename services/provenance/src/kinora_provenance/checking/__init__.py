"""What is in a stranger's file: its manifest, its marks, its fingerprints.

Found in sandboxes; what it means is decided outside, beside the database.
"""

from kinora_provenance.checking.findings import Findings, Manifest, Mark, Marks, Prints, Span
from kinora_provenance.checking.kinds import BadContent
from kinora_provenance.checking.limits import Limits
from kinora_provenance.checking.look import Looker

__all__ = ["BadContent", "Findings", "Limits", "Looker", "Manifest", "Mark", "Marks", "Prints", "Span"]
