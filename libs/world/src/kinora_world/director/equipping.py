"""What deeds need and the prompt left unsaid: a ball to throw, a seat to sit on, a guitar to play, somebody to hug."""

from collections.abc import Sequence
from typing import Any

from kinora_world.catalogue import entries, names
from kinora_world.director.claims import there
from kinora_world.director.draft import Deed, Draft, Ref, Relation, ShotDraft, Thing
from kinora_world.director.geometry import spot
from kinora_world.director.nouns import with_article
from kinora_world.director.text import Token
from kinora_world.director.timing import travels

_BALLS = ("ball", "basketball", "football", "beach_ball", "tennis_ball")
# Verb → what it is done with: kinds that will do, and the one to bring when none is there.
_TOOLS = {
    "shoot": (("basketball", "ball"), "basketball"),
    "dunk": (("basketball", "ball"), "basketball"),
    "dribble": (("basketball", "ball"), "basketball"),
    "throw": (_BALLS, "ball"),
    "catch": (_BALLS, "ball"),
}
_ONLY_WITHOUT_TARGET = {
    "kick": (("football", "ball", "beach_ball"), "football"),
    "push": (("crate", "cardboard_box"), "cardboard_box"),
    "pick_up": (("crate", "cardboard_box"), "cardboard_box"),
}
_FED = frozenset({"eat", "drink"})  # who bites somebody needs no food
_ALONE = {"dance_together": "dance"}  # of a pair that cannot hold each other: what each does by itself
_AFLOAT = frozenset({"surf", "wakeboard", "swim"})
_WAVE = "breaker"
_SWIMWEAR = {
    None: {"top": ["tank top"], "bottom": ["swim trunks"], "shoes": ["barefoot"]},
    0.0: {"top": ["bare chest"], "bottom": ["swim trunks"], "shoes": ["barefoot"]},
    1.0: {"top": ["swimsuit"], "shoes": ["barefoot"]},
}
_FIGHTS = frozenset({"box", "box_shadow", "sword_fight"})
_HOOPED = frozenset({"shoot", "dunk"})
_SEATS = ("bench", "chair", "sofa", "armchair", "stool", "throne", "rocking_chair", "swing", "wheelchair", "log")
_BEDS = ("bed", "sofa", "bench")
_INDOORS = frozenset({"room", "living_room", "bedroom", "kitchen", "office", "classroom", "cafe", "restaurant", "library", "hospital"})


def entry(verb: str) -> Any:
    return entries("actions").get(verb, {})


def equip(shot: ShotDraft, draft: Draft) -> None:
    """Gives every deed of the shot its things and its partner, and brings them on stage."""
    for deed in [what for what in shot.happenings if isinstance(what, Deed)]:
        _pair(deed, shot, draft)
        _heel(deed, shot, draft)
        empty = deed.prop is None
        _hand(deed, draft)
        if empty and deed.prop is not None and deed.lacks:
            _stand_for(deed.lacks, draft.things[deed.prop], draft)
        _arm_both(deed, shot, draft)
        _perch(deed, shot, draft)
        _seat(deed, shot, draft)
        _undress(deed, draft)
        if deed.verb == "surf" and spot(shot.place, _WAVE):
            _bring(("thing", find(draft, (_WAVE,), _WAVE)), shot)
        for ref in (None if deed.prop is None else ("thing", deed.prop), deed.target):
            _bring(ref, shot)
    _arm(shot, draft)


def _stand_for(said: Sequence[Token], thing: Thing, draft: Draft) -> None:
    """`throws a gramophone`: what is brought instead is named."""
    for token in said:
        token.claims.append(there(thing))
    draft.approximated.setdefault(" ".join(token.text for token in said), with_article(thing.kind.replace("_", " ")))


def _arm(shot: ShotDraft, draft: Draft) -> None:
    """Swords that nobody uses are in the hands of those who only stand there."""
    used = {what.prop for what in shot.happenings if isinstance(what, Deed)}
    arms = [number for number in shot.things if number not in used and draft.things[number].kind in {"sword", "axe", "wand"}]
    arms = [number for number in arms if all(relation.subject != ("thing", number) for relation in shot.relations)]
    for deed in [what for what in shot.happenings if isinstance(what, Deed) and what.verb == "stand"]:
        if arms and draft.people[deed.actors[0]].species == "person":
            deed.verb, deed.prop, deed.target = "hold_sword", arms.pop(0), None


def _arm_both(deed: Deed, shot: ShotDraft, draft: Draft) -> None:
    """Of two who fight with swords each has one."""
    if deed.verb == "sword_fight" and deed.prop is not None and len(deed.actors) == 2 and deed.mutual:
        one, other = deed.actors
        second = Thing(len(draft.things), draft.things[deed.prop].kind)
        draft.things.append(second)
        deed.actors, deed.target, deed.mutual = [one], ("person", other), False
        back = Deed([other], deed.verb, ("person", one), prop=second.number, together=True, mood=deed.mood)
        shot.happenings.insert(shot.happenings.index(deed) + 1, back)
        _bring(("thing", second.number), shot)


def _bring(ref: Ref | None, shot: ShotDraft) -> None:
    if ref is None:
        return
    there = shot.people if ref[0] == "person" else shot.things
    if ref[1] not in there:
        there.append(ref[1])


def _pair(deed: Deed, shot: ShotDraft, draft: Draft) -> None:
    """`Two friends hug`: one does it with the other, who does the same by himself. A hug needs somebody."""
    alone = deed.target is None or deed.target[0] == "thing"
    if deed.verb in _FIGHTS:
        if alone and deed.target is not None and draft.things[deed.target[1]].kind == "sword":
            deed.verb = "sword_fight"  # `fights with a katana`
        _oppose(deed, shot, draft)
    elif deed.verb in _ALONE and any(draft.people[number].species != "person" for number in _couple(deed)):
        deed.verb, deed.actors, deed.target, deed.mutual = _ALONE[deed.verb], _couple(deed), None, False
    elif "partner" in entry(deed.verb) and alone and len(deed.actors) > 1:
        deed.target, deed.actors, deed.mutual = ("person", deed.actors[1]), deed.actors[:1], False
    elif "partner" in entry(deed.verb) and alone:
        others = [number for number in shot.people if number not in deed.actors and draft.people[number].species == "person"]
        deed.target = ("person", others[0]) if others else None


def _couple(deed: Deed) -> list[int]:
    return [*deed.actors, *([deed.target[1]] if deed.target is not None and deed.target[0] == "person" else [])]


def _oppose(deed: Deed, shot: ShotDraft, draft: Draft) -> None:
    """Whoever is fought fights back, if nothing else was said of them."""
    busy = {actor for what in shot.happenings if isinstance(what, Deed) and what is not deed for actor in what.actors}
    if deed.target is not None and deed.target[0] == "person" and deed.target[1] not in busy:
        opponent = deed.target[1]
        if draft.people[opponent].species == "person":
            deed.actors, deed.target = [*deed.actors, opponent], None
            _bring(("person", opponent), shot)
    deed.mutual = deed.mutual or len(deed.actors) > 1


def _heel(deed: Deed, shot: ShotDraft, draft: Draft) -> None:
    """Animals that nobody gave anything to do go along: with who walks them, or from who chases them."""
    if deed.verb not in travels():
        return
    busy = {actor for what in shot.happenings for actor in (what.actors if isinstance(what, Deed) else [what.speaker])}
    quarry = deed.target[1] if deed.verb == "chase" and deed.target is not None and deed.target[0] == "person" else None
    pets = [number for number in shot.people if number not in busy and draft.people[number].species != "person" and number != quarry]
    pace = "run" if deed.verb in {"run", "chase", "sprint", "gallop", "ride_horse", "ride_bike"} else "walk"
    at = shot.happenings.index(deed) + 1
    if quarry is not None and quarry not in busy:
        shot.happenings.insert(at, Deed([quarry], "run", away=True, together=True))
    if pets and deed.verb != "chase":
        deed.target = None if deed.target is not None and deed.target in [("person", pet) for pet in pets] else deed.target
        shot.happenings.insert(at, Deed(pets, pace, away=True, together=True))


def _hand(deed: Deed, draft: Draft) -> None:
    if deed.verb == "throw" and deed.target is not None and deed.target[0] == "thing" and draft.things[deed.target[1]].kind == "hoop":
        deed.verb = "shoot"
    tool = _TOOLS.get(deed.verb) or (_ONLY_WITHOUT_TARGET.get(deed.verb) if deed.target is None else None)
    kinds = [kind for kind in entry(deed.verb).get("thing", {}).get("kinds", ()) if kind in names("props")]
    if deed.verb in _HOOPED:
        deed.outcome = deed.outcome or "hit"
        if deed.target is None or deed.target[0] == "person":
            deed.target = ("thing", find(draft, ("hoop",), "hoop"))
    if deed.target is not None and deed.target[0] == "thing" and draft.things[deed.target[1]].kind in kinds:
        deed.prop, deed.target = deed.target[1], None
    if deed.prop is not None:
        return
    if tool is not None:
        deed.prop = find(draft, *tool)
    elif kinds and not (deed.verb in _FED and deed.target is not None and deed.target[0] == "person") and not _is_mounted(deed, draft):
        deed.prop = find(draft, kinds, kinds[0])
    elif "prop" in entry(deed.verb).get("needs", ()):
        named = deed.target is not None and deed.target[0] == "thing"
        deed.prop = deed.target[1] if deed.target is not None and named else _in_hand(deed, draft)


def _in_hand(deed: Deed, draft: Draft) -> int:
    """What was dealt with before: "hands him a balloon, he lets go"; else a ball, a bottle."""
    held = None
    for what in (what for shot in draft.shots for what in shot.happenings):
        if what is deed:
            break
        held = what.prop if isinstance(what, Deed) and what.prop is not None else held
    return find(draft, (*_BALLS, "bottle", "book"), "bottle") if held is None else held


def _is_mounted(deed: Deed, draft: Draft) -> bool:
    """`rides a horse`: the horse is one of the cast."""
    mounted = entry(deed.verb).get("kind") == "ride" and deed.target is not None and deed.target[0] == "person"
    return mounted and deed.target is not None and draft.people[deed.target[1]].species != "person"


def _perch(deed: Deed, shot: ShotDraft, draft: Draft) -> None:
    """`plays the violin on a chair`: the player sits on it, not the violin."""
    if deed.prop is None or entry(deed.verb).get("thing", {}).get("frame") not in {"Chest", "RightHand", "LeftHand"}:
        return
    for relation in [r for r in shot.relations if r.kind == "on" and r.subject == ("thing", deed.prop) and r.object[0] == "thing"]:
        if draft.things[relation.object[1]].kind in _SEATS:
            shot.relations.remove(relation)
            shot.happenings.insert(shot.happenings.index(deed), Deed(list(deed.actors), "sit", relation.object, together=deed.together))
            deed.together = True


def _undress(deed: Deed, draft: Draft) -> None:
    """Whoever goes into the water without a word about clothes goes in swimwear."""
    for person in (draft.people[actor] for actor in deed.actors if deed.verb in _AFLOAT):
        if person.species == "person" and not person.worn and not person.costume:
            person.costume = dict(_SWIMWEAR[None if person.feminine is None else round(person.feminine)])


def can_seat(kind: str) -> bool:
    """Whether a thing is made to sit or lie on."""
    return bool({"seat", "lie"} & entries("props").get(kind, {}).get("anchors", {}).keys())


def _gather_round(deed: Deed, middle: Ref, shot: ShotDraft, draft: Draft) -> None:
    """`sit around a campfire`: everybody on a seat of their own."""
    kind = "chair" if shot.place in _INDOORS else "log"
    others = [Deed([actor], deed.verb, together=True, mood=deed.mood) for actor in deed.actors[1:]]
    deed.actors = deed.actors[:1]
    at = shot.happenings.index(deed) + 1
    shot.happenings[at:at] = others
    for sitter in (deed, *others):
        seat: Ref = ("thing", find(draft, (), kind))
        sitter.target = seat
        _bring(seat, shot)
        shot.relations.append(Relation(seat, "around", middle))
    _bring(middle, shot)


def _seat(deed: Deed, shot: ShotDraft, draft: Draft) -> None:
    """What a posture rests on: as said, else what is there, else a chair indoors and a bench outdoors."""
    need = entries("postures").get(entry(deed.verb).get("posture") or "", {}).get("needs") if entries("postures") else None
    if need == "seat" and deed.target is not None and deed.target[0] == "thing" and not can_seat(draft.things[deed.target[1]].kind):
        return _gather_round(deed, deed.target, shot, draft)
    if need not in {"seat", "bed"} or (deed.target is not None and deed.target[0] == "thing"):
        return None
    said = next(
        (r.object for r in shot.relations if r.subject == ("person", deed.actors[0]) and r.object[0] == "thing" and r.kind == "on"), None
    )
    kinds = [kind for kind in (_SEATS if need == "seat" else _BEDS) if kind in names("props")]
    there = [number for number in shot.things if draft.things[number].kind in kinds]
    inside = shot.place in _INDOORS
    if said is not None:
        deed.target = said
    elif there:
        deed.target = ("thing", there[0])
    elif need == "seat" or inside:
        bring = ("bed" if need == "bed" else "chair") if inside else "bench"
        deed.target = ("thing", find(draft, (), bring)) if bring in names("props") else None
    if deed.target is not None:
        shot.relations = [r for r in shot.relations if r != Relation(("person", deed.actors[0]), r.kind, deed.target)]
    return None


def find(draft: Draft, kinds: Sequence[str], otherwise: str) -> int:
    """The first thing of these kinds, in the order of the kinds; a new one when there is none."""
    found = next((thing.number for kind in kinds for thing in draft.things if thing.kind == kind), None)
    if found is not None:
        return found
    draft.things.append(Thing(len(draft.things), otherwise))
    return len(draft.things) - 1
