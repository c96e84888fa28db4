"""The answer to a capture: what becomes of it, and why, in words that a person can act on. Never a score."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """In ascending order of weight: the heaviest of a clip's reasons decides.

    A person is asked to look only at what nothing else speaks against: an easier form weakens no other gate.
    """

    APPROVED = "approved"
    REVIEW = "review"
    RETRY = "retry"
    DECLINED = "declined"


class Reason(StrEnum):
    """Stable names for programs; `advice` is for people."""

    # The file.
    NOT_A_VIDEO = "NOT_A_VIDEO"
    UNKNOWN_CODEC = "UNKNOWN_CODEC"
    CUT_OFF = "CUT_OFF"
    CLIP_TOO_LARGE = "CLIP_TOO_LARGE"
    CLIP_TOO_LONG = "CLIP_TOO_LONG"
    TOO_MANY_FRAMES = "TOO_MANY_FRAMES"
    TOO_FEW_FRAMES = "TOO_FEW_FRAMES"
    PICTURE_TOO_LARGE = "PICTURE_TOO_LARGE"
    NO_PICTURE = "NO_PICTURE"
    NO_SOUND = "NO_SOUND"
    TOO_HEAVY = "TOO_HEAVY"
    # The picture.
    TOO_DARK = "TOO_DARK"
    TOO_BRIGHT = "TOO_BRIGHT"
    NO_FACE = "NO_FACE"
    FACE_TOO_SMALL = "FACE_TOO_SMALL"
    FACE_LEFT_PICTURE = "FACE_LEFT_PICTURE"
    TWO_FACES = "TWO_FACES"
    # What was asked.
    MOVE_NOT_SEEN = "MOVE_NOT_SEEN"
    MOVES_OUT_OF_ORDER = "MOVES_OUT_OF_ORDER"
    MOVE_TOO_EARLY = "MOVE_TOO_EARLY"
    MOVE_TOO_LATE = "MOVE_TOO_LATE"
    MOVE_TOO_FAST = "MOVE_TOO_FAST"
    WORDS_NOT_HEARD = "WORDS_NOT_HEARD"
    WORDS_NOT_IN_TIME = "WORDS_NOT_IN_TIME"
    WORDS_NOT_TYPED = "WORDS_NOT_TYPED"
    AUDIO_NOT_IN_STEP = "AUDIO_NOT_IN_STEP"
    # Who and what it is.
    LOOKS_FLAT = "LOOKS_FLAT"
    FACE_CHANGED = "FACE_CHANGED"
    NOT_THE_SAME_PERSON = "NOT_THE_SAME_PERSON"
    TIMES_DO_NOT_FIT = "TIMES_DO_NOT_FIT"
    NEEDS_A_PERSON = "NEEDS_A_PERSON"

    @property
    def advice(self) -> str:
        return _ADVICE[self]

    @property
    def outcome(self) -> Outcome:
        return _WEIGHTS.get(self, Outcome.RETRY)


class Remark(StrEnum):
    """What a moderator may want to know; decides nothing by itself."""

    NO_BLINK = "NO_BLINK"
    SCREEN_PATTERN = "SCREEN_PATTERN"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`vector` is the mean frontal face vector (128), for an approved clip and for one under review; store it encrypted, never show it."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    remarks: tuple[Remark, ...] = ()
    vector: tuple[float, ...] | None = None


_WEIGHTS = {
    Reason.FACE_CHANGED: Outcome.DECLINED,
    Reason.NOT_THE_SAME_PERSON: Outcome.DECLINED,
    Reason.TIMES_DO_NOT_FIT: Outcome.DECLINED,
    Reason.NEEDS_A_PERSON: Outcome.REVIEW,
}
_ADVICE = {
    Reason.NOT_A_VIDEO: "This is no MP4 or WebM video. Record in the app, or send one of these.",
    Reason.UNKNOWN_CODEC: "The video must be H.264, HEVC, VP8, VP9 or AV1 with AAC, Opus or Vorbis sound.",
    Reason.CUT_OFF: "The clip is broken or ends too early. Check the connection and record again.",
    Reason.CLIP_TOO_LARGE: "The clip is too large. Record at 720p or less.",
    Reason.CLIP_TOO_LONG: "The clip is too long. Stop recording when the last prompt is done.",
    Reason.TOO_MANY_FRAMES: "The clip has too many pictures. Record at 60 a second or fewer.",
    Reason.TOO_FEW_FRAMES: "The clip has too few pictures a second. Close other programs, or use a better camera.",
    Reason.PICTURE_TOO_LARGE: "The picture is too large. Record at 1080p or less.",
    Reason.NO_PICTURE: "There is no picture. Allow the camera and record again.",
    Reason.NO_SOUND: "There is no sound. Allow the microphone and record again.",
    Reason.TOO_HEAVY: "The clip could not be opened. Record again in the app.",
    Reason.TOO_DARK: "It is too dark. Face a window or a lamp.",
    Reason.TOO_BRIGHT: "It is too bright. Turn away from the light.",
    Reason.NO_FACE: "No face was seen. Hold the camera at eye level, without a mask.",
    Reason.FACE_TOO_SMALL: "Your face is too far away. Come closer.",
    Reason.FACE_LEFT_PICTURE: "Your face left the picture. Keep it within the frame all the time.",
    Reason.TWO_FACES: "Somebody else is in the picture. Be alone before the camera, away from posters.",
    Reason.MOVE_NOT_SEEN: "A move was not seen. Turn further, and hold it a moment.",
    Reason.MOVES_OUT_OF_ORDER: "The moves were not those that were asked for. Do one at a time, as shown.",
    Reason.MOVE_TOO_EARLY: "A move came before it was asked for. Wait for each prompt.",
    Reason.MOVE_TOO_LATE: "A move came too late. If you need longer, choose more time.",
    Reason.MOVE_TOO_FAST: "A move was too quick. Turn slowly, and hold it a moment.",
    Reason.WORDS_NOT_HEARD: "The words were not understood. Speak clearly, in a quieter place.",
    Reason.WORDS_NOT_IN_TIME: "A word was not said when it was shown. Wait for each prompt.",
    Reason.WORDS_NOT_TYPED: "The words that were typed are not those that were shown.",
    Reason.AUDIO_NOT_IN_STEP: "Sound and lips do not agree. Keep your mouth in view, and record again in the app.",
    Reason.LOOKS_FLAT: "The face could not be told from a picture. Find even light, and turn further.",
    Reason.FACE_CHANGED: "The face changed during the clip.",
    Reason.NOT_THE_SAME_PERSON: "This is not the person whose likeness the account holds.",
    Reason.TIMES_DO_NOT_FIT: "The clip does not fit the time in which it was recorded. Record live in the app.",
    Reason.NEEDS_A_PERSON: "A person will look at the clip.",
}
