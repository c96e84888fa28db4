"""The negative prompt: what must not be seen."""

import re

from kinora_world.director.draft import Deed, Draft
from kinora_world.director.lexicon import Senses, lists, look_up, stop_words

_PHRASE = re.compile(r"[^,;.\n]{1,200}")


def leave_out(negative_prompt: str, draft: Draft) -> None:
    """Takes people, things, deeds and styles out of the draft; what it cannot keep out goes to `draft.refused`."""
    for phrase in _PHRASE.findall(negative_prompt[:4000]):
        words = [word for word in re.findall(r"\w+(?:'\w+)*", phrase.casefold()) if word not in stop_words()]
        if words and " ".join(words) not in lists("small")["quality"] and not _leave_out(words, draft):
            draft.refused.append(f"keeping out “{phrase.strip()}”: nothing here controls it.")


def _leave_out(words: list[str], draft: Draft) -> bool:
    _, senses = look_up(words)
    return any([_people(senses, draft), _things(senses, draft), _deeds(senses, draft), _style(senses, draft)])


def _people(senses: Senses, draft: Draft) -> bool:
    if not any(sense.kind == "person" and sense.value["noun"] == "person" for sense in senses):
        return False
    draft.nobody = True
    draft.people.clear()
    for shot in draft.shots:
        shot.people, shot.happenings, shot.camera.subject = [], [], None
    return True


def _things(senses: Senses, draft: Draft) -> bool:
    kinds = {sense.value for sense in senses if sense.kind == "prop"}
    gone = {thing.number for thing in draft.things if thing.kind in kinds}
    for shot in draft.shots:
        shot.things = [number for number in shot.things if number not in gone]
        shot.happenings = [
            w for w in shot.happenings if not (isinstance(w, Deed) and (w.prop in gone or (w.target or ("", -1))[1] in gone))
        ]
    return bool(kinds)


def _deeds(senses: Senses, draft: Draft) -> bool:
    verbs = {sense.value for sense in senses if sense.kind == "action"}
    for shot in draft.shots:
        shot.happenings = [what for what in shot.happenings if not (isinstance(what, Deed) and what.verb in verbs)]
    return bool(verbs)


def _style(senses: Senses, draft: Draft) -> bool:
    styles = {sense.value for sense in senses if sense.kind == "style"}
    if draft.style in styles or (draft.style is None and "realistic" in styles):
        draft.style = "cartoon" if "realistic" in styles else "realistic"
    return bool(styles)
