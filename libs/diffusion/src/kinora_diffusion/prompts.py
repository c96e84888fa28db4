"""A shot in the words that joint models of picture and sound are trained on: one flowing paragraph, in the present tense, in the order of
what happens: style, camera, people, place, deeds and spoken lines in quotes, sounds, music.
"""

import re
from collections.abc import Iterator, Mapping

from kinora_world.catalogue import base_language, entries
from kinora_world.sound.descriptions import told
from kinora_world.sound.score import bed_of
from kinora_world.storyboard import Character, Line, Shot, Storyboard

from kinora_diffusion.looks import a, colour, described, listed, voice
from kinora_diffusion.speaking import spoken

USUAL_NEGATIVE = (
    "blurry, distorted, deformed hands, extra limbs, flickering, jittery motion, warped faces, watermark, written text, subtitles, "
    "muted sound, distorted voices, speech out of sync with the lips"
)
_SIZES = {
    "extreme_wide": "An extreme wide shot", "wide": "A wide shot", "full": "A full shot", "medium": "A medium shot", "close": "A close-up",
    "extreme_close": "An extreme close-up",
}  # fmt: skip
_MOVES = {
    "static": "the camera stands still", "pan": "the camera pans slowly to the side", "tilt": "the camera tilts up slowly",
    "dolly_in": "the camera moves in slowly", "dolly_out": "the camera moves back slowly", "truck": "the camera travels sideways",
    "crane_up": "the camera rises on a crane", "crane_down": "the camera comes down on a crane",
    "orbit": "the camera circles around {subject}", "follow": "the camera follows {subject}", "handheld": "the camera is held by hand",
    "whip_pan": "the camera whips to the side", "rack_focus": "the focus moves from {subject} to {other}",
    "zoom_in": "the lens zooms in slowly", "zoom_out": "the lens zooms out slowly", "crash_zoom": "the lens zooms in all at once",
    "dolly_zoom": "the camera moves in while the lens zooms out, and the background stretches", "dutch": "the camera is tilted",
    "over_the_shoulder": "the camera looks over the shoulder of {subject} at {other}", "pov": "seen through the eyes of {subject}",
    "drone": "the camera flies over the scene as a drone", "bullet_time": "time stands still while the camera circles around {subject}",
}  # fmt: skip
_STYLES = {
    "realistic": "Realistic live-action film", "cartoon": "Cartoon animation", "anime": "Anime", "claymation": "Claymation, stop motion",
    "noir": "Black-and-white film noir", "watercolour": "Animated watercolour painting", "pixel": "Pixel art animation",
    "sketch": "Animated pencil sketch",
}  # fmt: skip
_TIMES = {"dawn": "at dawn", "day": "by day", "sunset": "at sunset", "night": "at night"}
_WEATHERS = {
    "clear": "under a clear sky", "cloudy": "under a cloudy sky", "rain": "in the rain", "storm": "in a thunderstorm",
    "snow": "in falling snow", "fog": "in thick fog", "wind": "in a strong wind",
}  # fmt: skip
_MOODS = {
    "joyful": "joyfully", "playful": "playfully", "calm": "calmly", "romantic": "tenderly", "sad": "sadly", "tense": "tensely",
    "scary": "in fear", "mysterious": "in a hushed tone", "epic": "solemnly", "surprised": "in surprise", "disgusted": "in disgust",
    "sleepy": "sleepily", "proud": "proudly", "shy": "shyly", "confused": "in confusion",
}  # fmt: skip
_QUOTE = '"'
_SPACED = re.compile(r"\s+([.,;:!?])")  # as parsers leave it
_DOUBLED = re.compile(r"(?<!\.)([.,;:!?])\.(?!\.)")
_MANNERS = {"say": "says", "whisper": "whispers", "shout": "shouts", "sing": "sings"}


def prompt(storyboard: Storyboard, shot: Shot) -> str:
    """The paragraph. Where the shot carries the user's own words, they tell the deeds."""
    people = {person.id: person for person in storyboard.characters}
    cast = [people[mark.character] for mark in shot.marks]
    parts = [
        f"{_STYLES[shot.style]}: {_lowered(_description('styles', shot.style))}",
        _camera(shot, people),
        *([f"In it {'is' if len(cast) == 1 else 'are'} {_joined([described(person) for person in cast])}"] if cast else []),
        *_setting(shot),
        *(_own_words(shot, people) if shot.prompt.strip() else _happenings(shot, people)),
        *_heard(shot),
    ]
    return " ".join(_sentence(part) for part in parts if part)


def negative(words: str) -> str:
    """What must not be seen or heard: the user's words, then what nobody wants."""
    return ", ".join(part for part in (words.strip().rstrip(".,;"), USUAL_NEGATIVE) if part)


def _camera(shot: Shot, people: Mapping[str, Character]) -> str:
    names = {name: person.name for name, person in people.items()} | {prop.id: f"the {_kind(prop.kind)}" for prop in shot.props}
    everyone = listed([people[mark.character].name for mark in shot.marks]) or "the scene"
    subject, other = (names.get(name or "", usual) for name, usual in ((shot.camera.subject, everyone), (shot.camera.other, "the rest")))
    of = f" of {subject}" if shot.camera.subject else ""
    shallow = ", with a shallow depth of field" if shot.camera.shallow else ""
    slow = ", in slow motion" if shot.speed < 0.8 and not shot.dialogue else ""
    return f"{_SIZES[shot.camera.framing]}{of}; {_MOVES[shot.camera.move].format(subject=subject, other=other)}{shallow}{slow}"


def _setting(shot: Shot) -> Iterator[str]:
    place = _description("places", shot.place)
    yield f"The place: {_lowered(place)}, {_TIMES[shot.time_of_day]}, {_WEATHERS[shot.weather]}"
    things = [a(" ".join([*([colour(prop.colour)] if prop.colour else []), _kind(prop.kind)])) for prop in shot.props]
    if things:
        yield f"There {'is' if len(things) == 1 else 'are'} {listed(things)}"
    if shot.crowd:
        yield f"In the background {'a few' if shot.crowd < 8 else 'many'} people go about their business"
    for effect in shot.effects:
        yield _description("effects", effect.kind)
    if shot.mood != "neutral":
        yield f"The mood is {shot.mood}"


def _happenings(shot: Shot, people: Mapping[str, Character]) -> Iterator[str]:
    """Deeds and spoken lines by their time."""
    things = {prop.id: f"the {_kind(prop.kind)}" for prop in shot.props} | {name: person.name for name, person in people.items()}
    deeds = [(action.start, 0, _deed(people[action.actor].name, told(action, things), action.mood)) for action in shot.actions]
    said = [(start, 1, _line(line, people)) for start, _, line in spoken(shot)]
    for number, (_, _, text) in enumerate(sorted(deeds + said, key=lambda part: part[:2])):
        yield f"Then {text}" if number else text


def _own_words(shot: Shot, people: Mapping[str, Character]) -> Iterator[str]:
    """As they are, with the lines in them in quotes, then the lines that are not in them."""
    words = _DOUBLED.sub(r"\1", _SPACED.sub(r"\1", shot.prompt))
    held = [line for line in shot.dialogue if line.text in words]
    for line in held:
        words = re.sub(f'"?{re.escape(line.text)}"?', lambda found: f'"{found.group().strip(_QUOTE)}"', words, count=1)
    yield words
    yield from (f"{people[line.speaker].name} {_MANNERS[line.manner]} it {_how(line, people)}" for line in held)
    yield from (_line(line, people) for line in shot.dialogue if line not in held)


def _deed(name: str, deed: str, mood: str) -> str:
    return f"{name} {deed}" + (f", {_MOODS[mood]}" if mood in _MOODS else "")


def _line(line: Line, people: Mapping[str, Character]) -> str:
    """Who says what and how, e.g. `Maya whispers sadly in French, in the voice of a young woman: "Bonjour."`."""
    return f'{people[line.speaker].name} {_MANNERS[line.manner]} {_how(line, people)}: "{line.text.strip()}"'


def _how(line: Line, people: Mapping[str, Character]) -> str:
    mood = f"{_MOODS[line.mood]} " if line.mood in _MOODS else ""
    return f"{mood}in {_language(line.language)}, in {voice(people[line.speaker])}"


def _language(tag: str) -> str:
    known = base_language(tag)
    return str(entries("words")["languages"][known]["called"][0]).title() if known else tag


def _heard(shot: Shot) -> Iterator[str]:
    sounds = [_lowered(_description("sounds", sound.kind)) for sound in sorted(shot.sounds, key=lambda sound: sound.start)]
    if sounds:
        yield f"Sound effects: {', then '.join(sounds)}"
    ambience = entries("places").get(shot.place, {}).get("ambience", "")
    air = [_lowered(_description("ambiences", name)) for name in dict.fromkeys((ambience, shot.weather)) if name in entries("ambiences")]
    if air:
        yield f"In the background is heard: {'; '.join(air)}"
    bed = bed_of(shot)
    yield "There is no music" if bed == "none" else f"Music: {_lowered(_description('music', bed))}"
    if not shot.dialogue:
        yield "Nobody speaks"


def _description(kind: str, name: str) -> str:
    return str(entries(kind).get(name, {}).get("description", _kind(name))).rstrip(". ")


def _kind(name: str) -> str:
    return name.replace("_", " ")


def _joined(people: list[str]) -> str:
    return people[0] if len(people) == 1 else f"{'; '.join(people[:-1])}; and {people[-1]}"


def _lowered(text: str) -> str:
    """To stand within a sentence; names in capitals stay."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _sentence(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", '."', '!"', '?"')) else ".")
