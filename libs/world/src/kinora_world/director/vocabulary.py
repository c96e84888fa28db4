"""Everything the director can be told, phrase by phrase: from the catalogues first, then from the word lists."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from kinora_world.catalogue import entries, words
from kinora_world.storyboard import Style

_ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "its", "some", "my", "your"})


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing a phrase can mean. `exact` is False when it is only the nearest that can be staged."""

    kind: str  # person, number, trait, colour, garment, prop, place, time, weather, style, action, speech, fate, camera, framing, …
    value: Any
    exact: bool = True


Told = Iterator[tuple[str, Sense]]


def lists(name: str) -> Mapping[str, Any]:
    return entries("words")[name]


def everything() -> Told:
    """Each phrase with one of its senses, the likeliest first."""
    yield from _people()
    yield from _looks()
    yield from _atmosphere()
    yield from _stage()
    yield from _deeds()
    yield from _camera()
    small = lists("small")
    for kind in ("while", "then", "cut", "negation", "mutual", "empty"):
        yield from _all(kind, small[kind], kind)
    spaced = {*small["prepositions"], *(phrase for listed in lists("atmosphere")["relations"].values() for phrase in listed)}
    yield from ((phrase, Sense("prep", phrase)) for phrase in sorted(spaced) if " " in phrase)
    for pronoun, phrases in small["pronouns"].items():
        yield from _all("pronoun", phrases, pronoun)


def without_articles(phrase: str) -> str:
    """`play the guitar` → "play guitar": people put articles into phrases as they like."""
    first, *rest = phrase.split()
    return " ".join([first, *(word for word in rest if word not in _ARTICLES)])


def _all(kind: str, phrases: Iterable[str], value: Any, *, exact: bool = True) -> Told:
    for phrase in phrases:
        yield str(phrase), Sense(kind, value, exact)


def _stand_ins(kind: str, catalogue: str, groups: Iterable[Mapping[str, Any]]) -> Told:
    """What a catalogue lacks, and the nearest that it has."""
    known = words(catalogue)
    for group in groups:
        found = next((known[word] for word in group["by"] if word in known), None)
        if found is not None:
            yield from _all(kind, (phrase for phrase in group["say"] if phrase not in known), found, exact=False)


# --- who


def _people() -> Told:
    for entry in lists("people")["kinds"]:
        facts = {key: value for key, value in entry.items() if key not in {"one", "many", "count"}} | {"noun": entry["one"][0]}
        exact = "near" not in entry
        for phrases, count in ((entry["one"], entry.get("count", 1)), (entry.get("many", ()), 0)):
            yield from ((phrase, Sense("person", {**_gender(phrase), **facts, "count": count}, exact)) for phrase in phrases)
    for phrase, species in words("species").items():
        if species != "person":
            yield phrase, Sense("person", {"noun": species, "species": species, "count": 1})
    for phrase, sense in _stand_ins("person", "species", lists("stand_ins")["species"]):
        if sense.value != "person":
            facts = {"noun": phrase, "species": sense.value, "count": 1, "near": sense.value.replace("_", " ")}
            yield phrase, Sense("person", facts, exact=False)
    yield from ((phrase, Sense("number", count)) for phrase, count in lists("numbers").items())


def _gender(noun: str) -> dict[str, float]:
    """What a noun's ending tells: a waitress is a woman, a policeman a man; nothing where it tells nothing."""
    told = next((feminine for ending, feminine in lists("people")["endings"].items() if noun.endswith(ending)), None)
    return {} if told is None else {"feminine": float(told)}


def _looks() -> Told:
    traits = lists("traits")
    worn_on_faces = (("beard", "beard", "beards"), ("trait", "beard", "bearded"), ("beard", "freckles", "freckles"))
    for kind, trait, values in (*worn_on_faces, ("trait", "size", "sizes")):
        yield from ((phrase, Sense(kind, (trait, value))) for phrase, value in traits[values].items())
    for trait, values in traits["traits"].items():
        yield from ((phrase, Sense("trait", (trait, value))) for phrase, value in values.items())
    for tone, skin in traits["skin_tones"].items():
        yield from _all("trait", (f"{tone} {word}" for word in traits["skin_words"]), ("skin", skin))
    for kind in ("colour", "hair_colour", "hair_style", "pattern"):
        yield from ((phrase, Sense(kind, value)) for phrase, value in traits[f"{kind}s"].items())
    yield from _all("hair", traits["hair_words"], "hair")
    yield from ((phrase, Sense("hair_noun", style)) for phrase, style in traits["hair_nouns"].items())
    yield from ((phrase, Sense("hair_alone", traits["hair_colours"][colour])) for phrase, colour in traits["alone"].items())
    loose = traits["not_garments"]
    yield from (
        (phrase, Sense("garment", garment)) for phrase, garment in words("garments").items() if not (phrase in loose or _tinted(phrase))
    )
    yield from _stand_ins("garment", "garments", lists("stand_ins")["garments"])
    yield from _all("garment", traits["all_clothes"], "all")


def _tinted(garment: str) -> bool:
    """`blue jeans` are jeans, and blue."""
    colour, _, rest = garment.partition(" ")
    return colour in lists("traits")["colours"] and rest in words("garments")


# --- where and how


def _stage() -> Told:
    yield "ball", Sense("prop", "ball")  # which one is settled by the game and the place
    own, ins = lists("props"), lists("stand_ins")
    yield from ((phrase, Sense("place", name)) for phrase, name in words("places").items() if phrase not in own["ambiguous"])
    for name, phrases in own["words"].items():
        yield from _all("prop", phrases, name)
    things = {phrase: name for phrase, name in words("props").items() if phrase not in own["ambiguous"]}
    for own_name in (True, False):  # `confetti` is the effect rather than what throws it, "campfire" the thing
        for kind, known in (("prop", things), ("effect", words("effects"))):
            yield from ((phrase, Sense(kind, name)) for phrase, name in known.items() if (phrase.replace(" ", "_") == name) is own_name)
    yield from ((phrase, Sense("sound", name)) for phrase, name in words("sounds").items())
    for kind, catalogue in (("place", "places"), ("prop", "props"), ("effect", "effects"), ("sound", "sounds")):
        yield from _stand_ins(kind, catalogue, ins[catalogue])
    for exact, group in ((True, "words"), (False, "near")):
        for name, phrases in lists("times")[group].items():
            yield from _all("time", phrases, name, exact=exact)
    for tag, language in lists("languages").items():
        yield from _all("language", language["called"], tag)


def _atmosphere() -> Told:
    told = lists("atmosphere")
    for style in get_args(Style):
        yield from _all("style", lists("styles")[style], style)
    for group in lists("stand_ins")["styles"]:
        yield from _all("style", group["say"], group["by"][0], exact=False)
    for kind in ("weather", "mood", "transition", "pace", "lens"):
        for value, phrases in told[kind].items():
            yield from _all(kind, phrases, value)
    for feeling, phrases in told["feelings"].items():
        yield from _all("trait", phrases, ("mood", feeling))
    for mood, phrases in told["mood"].items():
        yield from _all("music_mood", (f"{phrase} {word}" for phrase in phrases for word in told["music_words"]), mood)
    yield from _all("music_mood", told["music_words"], "")
    yield from ((phrase, Sense("music", name)) for phrase, name in words("music").items())
    yield from ((phrase, Sense("face", mood)) for phrase, mood in told["faces"].items())
    for kind in ("loop", "shallow"):
        yield from _all(kind, told[kind], True)
    yield from _all("quality", told["quality"], "quality")


def _deeds() -> Told:
    toned = {word for listed in lists("atmosphere")["tones"].values() for word in listed}
    for phrase, name in words("actions").items():
        if phrase in lists("props")["ambiguous"] or (phrase in toned and phrase in lists("verbs")["talk"]["words"]):
            continue  # to argue is to talk, and angrily
        yield from _all("action", dict.fromkeys((phrase, without_articles(phrase))), name)
    for verb, entry in lists("verbs").items():
        if verb in entries("actions"):
            yield from _all("action", entry["words"], verb)
    for phrase, sense in _stand_ins("action", "actions", lists("stand_in_actions")["actions"]):
        yield from ((form, sense) for form in dict.fromkeys((phrase, without_articles(phrase))))
    for manner in ("say", "shout", "whisper", "sing"):
        yield from _all("speech", lists("speech")[manner], manner)
    for fate, phrases in lists("fates").items():
        yield from _all("fate", phrases, fate)


def _camera() -> Told:
    cameras = lists("cameras")
    for move, group in cameras["move"].items():
        yield from _all("camera", group["alone"], move)
        yield from _all("camera_only", group["with"], move)
    for move, phrases in cameras["near_move"].items():
        yield from _all("camera", phrases, move, exact=False)
    for kind in ("framing", "framing_only"):
        for framing, phrases in cameras[kind].items():
            yield from _all(kind, phrases, framing)
