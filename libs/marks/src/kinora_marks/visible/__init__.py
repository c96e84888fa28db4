"""The visible mark: who made it, and that it is AI's, in words that anybody can read, wandering over the picture."""

from kinora_marks.visible.brand import KINORA, Brand, BrandUnusable
from kinora_marks.visible.mark import VisibleMark

__all__ = ["KINORA", "Brand", "BrandUnusable", "VisibleMark"]
