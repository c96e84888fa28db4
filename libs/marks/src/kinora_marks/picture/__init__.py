"""The mark in the picture: `Marker` writes it into frames on their way to the encoder, `find_mark` reads it from a clip's frames."""

from kinora_marks.picture.embedding import Marker
from kinora_marks.picture.finding import find_mark
from kinora_marks.picture.frames import Frame, frames_of
from kinora_marks.picture.report import PictureMark, PictureReport
from kinora_marks.picture.search import Search
from kinora_marks.picture.warps import Pose

__all__ = ["Frame", "Marker", "PictureMark", "PictureReport", "Pose", "Search", "find_mark", "frames_of"]
