"""What the clip sounds like: speech, foley from contacts and footfalls, ambience, and the mix of them."""

from kinora_world.sound.captions import Cue, cues
from kinora_world.sound.descriptions import descriptions
from kinora_world.sound.mixing import mix
from kinora_world.sound.speech import speak
from kinora_world.sound.types import ShotSound

__all__ = ["Cue", "ShotSound", "cues", "descriptions", "mix", "speak"]
