"""From a decoded clip of a person to their likeness."""

import numpy as np
from kinora_media.clip import Clip

from kinora_faces.likeness import colours, cutout, views
from kinora_faces.likeness.geometry import upright
from kinora_faces.likeness.package import Likeness, View, Voice
from kinora_faces.likeness.texture import texture
from kinora_faces.listening import speech_of
from kinora_faces.mesh import person_mask
from kinora_faces.recogniser import face_vector
from kinora_faces.voices import pitch_hz, voice_vector

_FRONTAL = 5
_SPEECH_S = 1.0  # less says nothing of a voice


def extract(clip: Clip, *, voice: bool) -> Likeness:
    """Raises views.NoFace."""
    frames = views.with_face(clip.frames)
    ahead = views.frontal(frames, _FRONTAL)
    crops = [(views.cropped(frame), frame) for frame in views.five(frames)]
    (first, face), _ = crops[0]
    mask = cutout.refined(first, person_mask(first))
    skin, certainty = texture([(frame.picture, frame.face) for frame in ahead[:2] + views.aside(frames)])
    return Likeness(
        vector=tuple(np.mean([face_vector(frame.picture, frame.face) for frame in ahead], axis=0).tolist()),
        views=tuple(View(picture, frame.yaw, frame.pitch) for (picture, _), frame in crops),
        cutout=mask,
        landmarks=np.mean([upright(frame.face) for frame in ahead], axis=0),
        texture=skin,
        certainty=certainty,
        skin=colours.skin(first, face),
        hair=colours.hair(first, face, mask),
        clothes=colours.clothes(first, face, mask),
        voice=_voice(clip) if voice else None,
    )


def _voice(clip: Clip) -> Voice | None:
    speech = speech_of(clip.samples)
    pitch = pitch_hz(speech)
    if len(speech) < _SPEECH_S * 16_000 or pitch is None:
        return None
    return Voice(tuple(voice_vector(speech).tolist()), *pitch)
