"""Clips of people: whether they were there, and their likeness. Blocks: for threads."""

from kinora_faces.analysis import Outcome, Reason, Verdict, analyse
from kinora_faces.challenge import Attempt
from kinora_faces.likeness import take_likeness
from kinora_media.clip import BadClip

from kinora_likeness.domain import NoLikeness
from kinora_likeness.files import Files


def analyse_clip(files: Files, clip_key: str, attempt: Attempt) -> Verdict:
    """Any bytes get a verdict. Raises BadField, FileNotStored."""
    try:
        return analyse(files.read(clip_key, "clip_key"), attempt)
    except BadClip as bad:
        return Verdict(Outcome.RETRY, (Reason(bad.reason),))


def take(files: Files, clip_key: str, *, voice: bool) -> tuple[bytes, tuple[float, ...]]:
    """The package and the face's vector. Raises BadField, FileNotStored, NoLikeness."""
    try:
        taken = take_likeness(files.read(clip_key, "clip_key"), voice=voice)
    except BadClip as bad:
        raise NoLikeness(str(bad), param="clip_key", code=bad.reason) from bad
    return taken.to_bytes(), taken.vector
