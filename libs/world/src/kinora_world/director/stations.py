"""Where deeds belong in a place: surfers and swimmers out on its water, the cook at its stove."""

from collections.abc import Mapping, Sequence

from kinora_world.catalogue import entries
from kinora_world.director.draft import Deed, Draft, ShotDraft
from kinora_world.director.equipping import entry
from kinora_world.director.geometry import XY, ahead, spot, within
from kinora_world.director.placing import Stand

AFLOAT = frozenset({"surf", "wakeboard", "swim"})
_FROM_SHORE = 3.0  # metres
_ASIDE = 138.0  # degrees: at something by the wall, and still in profile to the audience


def post(shot: ShotDraft, draft: Draft, deeds: Sequence[Deed], ids: Mapping[int, Sequence[str]], stand: Stand) -> None:
    """Puts everybody where the place wants them for what they do first."""
    for deed in reversed(deeds):
        for actor in deed.actors:
            if deed.verb in AFLOAT:
                stand.people[actor] = afloat(stand.people[actor], deed.verb, shot.place)
        station = _station(deed, shot, draft, ids, stand)
        if station is not None:
            x, y = ahead(station, _ASIDE + 180, float(entry(deed.verb).get("near", 0.6)))
            stand.people[deed.actors[0]] = (round(x, 3), round(y, 3))
            stand.facing[deed.actors[0]] = _ASIDE


def afloat(point: XY, verb: str, place: str | None) -> XY:
    """Inside the place, or out on its water for who is carried by it."""
    water = entries("places").get(place or "", {}).get("water")
    if water is None or verb not in AFLOAT:
        return within(point, place)
    x0, y0, x1, y1 = water["area"]
    out = min(y0 + _FROM_SHORE, (y0 + y1) / 2)
    return within(point, place)[0] if x0 < point[0] < x1 else (x0 + x1) / 2, round(min(max(point[1], out), y1 - 0.5), 3)


def _station(deed: Deed, shot: ShotDraft, draft: Draft, ids: Mapping[int, Sequence[str]], stand: Stand) -> XY | None:
    """Where the thing of a deed that stays where it is has its spot above the floor."""
    if deed.prop is None or not entry(deed.verb).get("thing", {}).get("stays") or ids[deed.prop][0] in stand.props:
        return None
    x, y, z = spot(shot.place, draft.things[deed.prop].kind).get("at", (0.0, 0.0, 0.0))
    return (float(x), float(y)) if z > 0 else None
