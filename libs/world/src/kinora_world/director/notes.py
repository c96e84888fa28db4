"""What a person is told about the staging: what is shown, what is shown as something else, what is left out."""

from collections.abc import Iterator, Mapping, Sequence

from kinora_world.catalogue import entries
from kinora_world.director.claims import Film
from kinora_world.director.draft import Draft
from kinora_world.director.equipping import can_seat
from kinora_world.director.language import detect
from kinora_world.director.ledger import left_out, phrases
from kinora_world.director.lexicon import lists
from kinora_world.director.text import Token
from kinora_world.storyboard import Action, Shot, Storyboard

_READ = frozenset({"es", "fr", "de", "it", "pt", "pt-br"})
_MOST_REFUSED = 8
_LONGEST_PHRASE = 120
_MOST_WORDS = 200  # of those that nothing came of; the rest is counted
_LINKS = {"walk": "to", "run": "to", "dance": "with", "talk": "with", "listen": "to"}


def notes(storyboard: Storyboard, draft: Draft, refused: Sequence[str]) -> tuple[str, ...]:
    """Plain sentences, each beginning with its group: what is shown, what is shown as something else, what is left out."""
    film = Film(storyboard)
    lost = left_out(draft.tokens, film)
    return (
        *understood(storyboard),
        *shown_as(draft, lost, film),
        *_unread(draft, lost),
        *(f"Left out: {sentence}" for sentence in _few(refused)),
        *_named(lost),
    )


def _by_another_body(film: Film) -> Iterator[str]:
    """A fish that claps waves a fin."""
    for action in film.actions:
        near = film.performed(action) or action.verb
        if near != action.verb:
            shown = _third_person(near) if near in entries("actions") else "calls"
            yield f"“{_third_person(action.verb)}” of {film.cast[action.actor].name} as “{shown}”"


def _unread(draft: Draft, lost: Sequence[Token]) -> Iterator[str]:
    """Says so where the prompt is in a language that is not read."""
    words = [token for token in draft.tokens if token.kind == "word"]
    tag = detect(" ".join(token.text for token in words))
    if tag in {"en", *_READ} or 2 * len(lost) < len(words):
        return
    name = lists("languages")[tag]["called"][0].capitalize()
    yield f"Left out: the words in {name}, which is not read here; English, Spanish, French, German, Italian and Portuguese are."


def shown_as(draft: Draft, lost: Sequence[Token], film: Film) -> Iterator[str]:
    """Stand-ins, in the words of the prompt; what came to nothing after all is not among them."""
    gone = {token.text for token in lost}
    shown = {asked: stand_in for asked, stand_in in draft.approximated.items() if not gone & set(asked.split())}
    pairs = [f"{_quoted(asked)} as {stand_in}" for asked, stand_in in shown.items()]
    pairs += dict.fromkeys(_by_another_body(film))
    if draft.qualities:
        words = ", ".join(f"“{word}”" for word in dict.fromkeys(draft.qualities))
        pairs.append(f"{words} as the look that every clip has")
    if pairs:
        yield f"Shown differently: {'; '.join(pairs)}."


def _few(sentences: Sequence[str]) -> list[str]:
    """The first of them, each once, and how many more there are."""
    each = list(dict.fromkeys(sentences))
    return each if len(each) <= _MOST_REFUSED else [*each[:_MOST_REFUSED], f"{len(each) - _MOST_REFUSED} more things, for want of time."]


def _quoted(asked: str) -> str:
    """Words of the prompt in quotes; our own paraphrase ends with a comma."""
    if asked.startswith("the ") and asked.endswith(","):
        return asked
    words = asked.split()
    while len(words) > 1 and words[-1].casefold() in {"a", "an", "the"}:
        words.pop()
    return f"“{' '.join(words)}”"


def _named(lost: Sequence[Token]) -> list[str]:
    missed = phrases(lost)
    if not missed:
        return []
    more = f" and {len(missed) - _MOST_WORDS} more phrases" if len(missed) > _MOST_WORDS else ""
    listed = ", ".join(f"“{_short(phrase)}”" for phrase in missed[:_MOST_WORDS])
    return [f"Left out: {listed}{more}."]


def _short(phrase: str) -> str:
    return phrase if len(phrase) <= _LONGEST_PHRASE else f"{phrase[:_LONGEST_PHRASE]}…"


def understood(storyboard: Storyboard) -> list[str]:
    names = {c.id: c.name for c in storyboard.characters}
    several, film = len(storyboard.shots) > 1, Film(storyboard)
    found = []
    for number, shot in enumerate(storyboard.shots, 1):
        where = _where(shot)
        head = f"shot {number}, {shot.duration:.1f} s, {where}" if several else f"{shot.duration:g} s, {where}, {shot.style}"
        found.append(f"Understood: {head}: {'; '.join(_events(shot, names, film)) or _still(shot, names)}.")
    return found


def _where(shot: Shot) -> str:
    """`park at night, rain, romantic mood, fireworks`: only what is not as usual."""
    place = shot.place.replace("_", " ")
    parts = [f"{place} at {shot.time_of_day}" if shot.time_of_day != "day" else place]
    parts += [shot.weather] if shot.weather != "clear" else []
    parts += [f"{shot.mood} mood"] if shot.mood != "neutral" else []
    parts += ["a crowd"] if shot.crowd else []
    parts += [effect.kind.replace("_", " ") for effect in shot.effects]
    parts += [f"{shot.music.replace('_', ' ')} music"] if shot.music is not None and shot.music != "none" else []
    parts += [f"the sound of {sound.kind.replace('_', ' ')}" for sound in shot.sounds]
    return ", ".join(parts)


def _still(shot: Shot, names: Mapping[str, str]) -> str:
    who = [names[mark.character] for mark in shot.marks]
    return f"{', '.join(who)} on stage" if who else "nobody on stage"


def _events(shot: Shot, names: Mapping[str, str], film: Film) -> list[str]:
    things = {prop.id: f"the {prop.kind.replace('_', ' ')}" for prop in shot.props} | dict(names)
    told: list[tuple[float, str]] = [(action.start, _deed(action, things)) for action in shot.actions if film.performed(action)]
    told += [(line.start or 0.0, f"{names[line.speaker]} {_MANNERS[line.manner]} “{line.text}”") for line in shot.dialogue]
    return [text for _, text in sorted(told, key=lambda entry: entry[0])]


_MANNERS = {"say": "says", "whisper": "whispers", "shout": "shouts", "sing": "sings"}


def _link(verb: str, target: str) -> str:
    entry = entries("actions").get(verb, {})
    if entry.get("posture") and not can_seat(target.removeprefix("the ").replace(" ", "_")):
        return "by"
    if verb.endswith("_to"):
        return ""
    usual = "to" if entry.get("kind") == "travel" else "on" if entry.get("posture") else "with" if entry.get("partner") else "at"
    return _LINKS.get(verb, usual)


def _third_person(verb: str) -> str:
    """`pick_up` → "picks up", `punch` → "punches", `cry` → "cries"."""
    before, _, verb_itself = verb.rpartition("_")
    if before and (verb_itself in entries("actions") or verb_itself in {"fight", "wrestle"}):
        return f"{before} {_third_person(verb_itself)}"  # karate kicks
    first, *rest = verb.split("_")
    if first.endswith("y") and first[-2] not in "aeiou":
        first = first[:-1] + "ie"
    return " ".join([first + ("es" if first.endswith(("ch", "sh", "ss", "x")) else "s"), *rest])


def _deed(action: Action, things: Mapping[str, str]) -> str:
    parts = [things[action.actor], _third_person(action.verb)]
    if action.prop and things[action.prop].removeprefix("the ") not in action.verb.replace("_", " "):
        parts.append(things[action.prop])
    if action.target and action.target != action.prop:
        to_person = action.verb == "throw" and not things[action.target].startswith("the ")
        bare = action.verb in {"look_at", "push", "punch", "pick_up"} or (action.verb == "kick" and not action.prop)
        parts += (
            [things[action.target]] if bare else ["to" if to_person else _link(action.verb, things[action.target]), things[action.target]]
        )
    if action.verb == "look_at" and not action.target and not action.prop:
        parts.append("the camera")
    if action.outcome:
        parts.append({"hit": "and hits", "miss": "and misses"}[action.outcome])
    told = " ".join(part for part in parts if part)
    return told if action.mood == "neutral" else f"{told}, {action.mood}"
