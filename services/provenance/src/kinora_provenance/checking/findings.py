"""What looking at a file gives. It comes out of sandboxes as JSON and is checked on its way."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Text = Annotated[str, Field(max_length=2_000)]
Word = Annotated[int, Field(ge=0, lt=2**32)]
Identity = Annotated[int, Field(ge=0, lt=2**64)]


class _Found(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Manifest(_Found):
    """A C2PA manifest. `state` is trusted, valid, invalid or not_present, by this Kinora's own trust list.

    `issuer` and `common_name` are those of the signing certificate. `video_id` and `model` are what the manifest claims, or the one that it
    says it was made from: worth as much as the signature. `signed_at`: Unix seconds of a time stamp, 0 without one.
    """

    state: Annotated[str, Field(pattern="trusted|valid|invalid|not_present")] = "not_present"
    label: Text = ""
    issuer: Text = ""
    common_name: Text = ""
    model: Text = ""
    video_id: Text = ""
    signed_at: int = 0
    problem: Text = ""


class Span(_Found):
    """Seconds that carry a mark; `score` in standard deviations beyond chance."""

    start_s: float
    end_s: float
    score: float


class Mark(_Found):
    """An id that was read, the seconds that carry it, and how the picture or sound was changed to read it, for people."""

    identity: Identity
    score: float
    spans: Annotated[list[Span], Field(max_length=1_000)]
    changes: Annotated[list[Text], Field(max_length=10)] = []


class Marks(_Found):
    """Those that were read, the surest first, in so many readings; `looked` is False where there was nothing to look at."""

    looked: bool = False
    readings: Annotated[int, Field(ge=0)] = 0
    found: Annotated[list[Mark], Field(max_length=20)] = []


class Place(_Found):
    """Of a detail: as kinora_marks.prints.Place."""

    x: float
    y: float
    side: float


class PictureQuery(_Found):
    """A hash of a picture, hex, as kinora_marks.prints.PictureQuery."""

    at_s: float
    bits: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    turn: Annotated[int, Field(ge=0, le=7)]
    place: Place | None = None


class Prints(_Found):
    """What to look for in the index of fingerprints: hashes, (step, word) of sound and variants, and all words in order."""

    pictures: Annotated[list[PictureQuery], Field(max_length=2_000)] = []
    sound: Annotated[list[tuple[int, Word]], Field(max_length=20_000)] = []
    words: Annotated[list[Word], Field(max_length=5_000)] = []


class Contents(_Found):
    """What `opening` decoded: so many pictures of luma, (pictures, height, width), at these seconds, and mono sound."""

    kind: Annotated[str, Field(pattern="video|image|audio")]
    duration_s: Annotated[float, Field(ge=0, le=86_400)]
    width: Annotated[int, Field(ge=0, le=65_536)] = 0
    height: Annotated[int, Field(ge=0, le=65_536)] = 0
    times: Annotated[list[float], Field(max_length=10_000)] = []
    whole: Annotated[list[bool], Field(max_length=10_000)] = []
    samples: Annotated[int, Field(ge=0, le=100_000_000)] = 0


class Findings(_Found):
    """All that one look at a file found."""

    kind: str
    duration_s: float
    sha256: str
    manifest: Manifest
    can_bear_manifest: bool
    picture: Marks
    sound: Marks
    prints: Prints
