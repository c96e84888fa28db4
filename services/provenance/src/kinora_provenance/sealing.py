"""Files in, sealed files out: the delivery of a film and the signatures over it and its stills. Blocks: call it on a thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kinora_marks.keys import KeyRing
from PIL import Image, UnidentifiedImageError

from kinora_provenance import manifest, signing, soft_binding
from kinora_provenance.credentials import Credentials
from kinora_provenance.delivering import Delivered, Watch, deliver
from kinora_provenance.domain import Film, Unsealable
from kinora_provenance.manifest import Mining
from kinora_provenance.signing import Parent, Signed

_STILL_FORMATS = {"image/webp": "WEBP", "image/jpeg": "JPEG"}


@dataclass(frozen=True)
class Means:
    """What an operator seals with: keys of marks, what may be done with films, and an RFC 3161 time stamping authority, if any."""

    ring: KeyRing
    mining: Mining = "notAllowed"
    tsa_url: str = ""


class Desk:
    """Where a film's files lie in one folder: the master, the remixed film if it is at hand, stills; beside them what is sealed."""

    def __init__(self, folder: Path, film: Film) -> None:
        self.master, self.delivered, self.sealed = folder / "raw.mp4", folder / "delivered.mp4", folder / "sealed.mp4"
        self.parent = folder / "parent.mp4"
        self.stills = [(folder / f"still{number}", folder / f"sealed{number}") for number in range(len(film.stills))]


def seal(
    film: Film,
    desk: Desk,
    means: Means,
    credentials: Credentials,
    *,
    with_parent: bool = False,
    watch: Watch | None = None,
    beat: Callable[[], None] = lambda: None,
) -> Signed:
    """All or nothing: `desk.sealed` and the sealed stills are there, or it raises Unsealable for what is broken, NotTrusted, or C2paError.

    `beat` is called as the work goes on; what it raises ends the work.
    """
    for (source, target), still in zip(desk.stills, film.stills, strict=True):
        _check_still(source, still.content_type)
        signing.sign(manifest.still(film, still.content_type, means.mining), source, target, credentials, tsa_url=means.tsa_url)
    delivered = deliver(desk.master, desk.delivered, film.identity, means.ring, watch=watch, beat=beat)
    beat()
    definition = manifest.definition(film, with_parent=with_parent, marks=_marks(delivered), mining=means.mining)
    parent = Parent(film.remixed_from_video_id, desk.parent) if with_parent else None
    return signing.sign(definition, desk.delivered, desk.sealed, credentials, parent=parent, tsa_url=means.tsa_url)


def _marks(delivered: Delivered) -> list[str]:
    return [soft_binding.PICTURE, *([soft_binding.SOUND] if delivered.sound_marked else [])]


def _check_still(path: Path, content_type: str) -> None:
    try:
        with Image.open(path, formats=[_STILL_FORMATS[content_type]]) as picture:
            picture.verify()
    except (KeyError, OSError, SyntaxError, UnidentifiedImageError) as error:
        raise Unsealable("A still of the video is broken.") from error
