"""A mark in the sound of a video: the same id as its picture's, unheard, read back from what became of the sound."""

from kinora_marks.report import Segment
from kinora_marks.sound.detecting import Found, Report, detect
from kinora_marks.sound.embedding import Embedder

__all__ = ["Embedder", "Found", "Report", "Segment", "detect"]
