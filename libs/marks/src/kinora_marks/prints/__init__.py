"""Fingerprints: how a film looks and sounds, marked or not. `Printer` takes them in one pass, `queries` says what to look for."""

from kinora_marks.prints.chromaprint import Words
from kinora_marks.prints.patches import Place
from kinora_marks.prints.printer import PicturePrint, Printer, Prints
from kinora_marks.prints.queries import PictureQuery, Queries, WordQuery, queries

__all__ = ["PicturePrint", "PictureQuery", "Place", "Printer", "Prints", "Queries", "WordQuery", "Words", "queries"]
