"""Who wears what over what: every garment of a character as surfaces, each without the parts that others hide."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from kinora_world.cast.capes import make_cape
from kinora_world.cast.cloth import make_cloth
from kinora_world.cast.collars import make_collar
from kinora_world.cast.colour import Linear, beside, linear, scaled, shade
from kinora_world.cast.coverage import FAR, hidden
from kinora_world.cast.drape import Sheet
from kinora_world.cast.eyewear import make_eyewear
from kinora_world.cast.gloves import make_gloves
from kinora_world.cast.hats import fit, make_hat, make_hood, pressed
from kinora_world.cast.helms import make_helm
from kinora_world.cast.measures import Measures
from kinora_world.cast.neckwear import make_neckwear
from kinora_world.cast.plates import make_plates
from kinora_world.cast.shoes import bare_soles, make_shoes
from kinora_world.cast.surface import Surface, combined, cut, from_base, hemmed, inflated
from kinora_world.cast.trims import CONTRASTING, METALS, make_trims
from kinora_world.cast.wardrobe import Bare, Cape, Cloth, Entry, Eyewear, Hat, Helm, Hood, Neckwear, Shoe, garment
from kinora_world.scene import F8
from kinora_world.storyboard import Clothes, Garment, Pattern

_TUCKED = -0.03  # where a top ends inside what it is tucked into, above the hips
_MARGIN = 0.03  # metres that skin and cloth go on under what covers them
_RUBBER = {"light": (0.62, 0.61, 0.58), "dark": (0.02, 0.018, 0.016)}
_SHAVEN: Linear = (1.0, 1.0, 1.0)  # an accent of the skin that it does not draw
_GOLD: Linear = (0.83, 0.58, 0.16)


@dataclass(frozen=True, slots=True)
class Piece:
    """A surface with its look."""

    surface: Surface
    colour: Linear
    finish: str
    accent: Linear = (1.0, 1.0, 1.0)
    pattern: Pattern = "plain"


@dataclass(frozen=True, slots=True)
class Dressed:
    pieces: Mapping[str, Piece]
    soles: Surface  # what touches the floor
    hair: Mapping[str, Surface]
    sheets: Mapping[str, Sheet]  # what hangs, by slot


def dress(clothes: Clothes, m: Measures, skin: Linear, hair: Mapping[str, Surface], stubble: Linear | None) -> Dressed:
    """All that is worn, and the skin and hair that it leaves to see."""
    worn = _worn(clothes)
    entries = {slot: entry for slot, (entry, _) in worn.items()}
    body = from_base(m.vertices, m.data.groups["body"])
    layers = _layers(entries, m)
    cloths = {slot: cloth for slot, (cloth, _) in layers.items()}
    pieces = {"skin": Piece(_bare(m, body, list(entries.values())), skin, "skin", stubble or _SHAVEN)}
    chest = combined([body, *cloths.values()]) if "neck" in worn else body
    for slot, (entry, asked) in worn.items():
        if isinstance(entry, Cloth):
            pieces |= _sewn(slot, entry, asked, m, cloths[slot], _outer(slot, cloths, entries))
            if entry.gloves:
                pieces["gloves"] = Piece(make_gloves(m, body), linear(entry.gloves), "leather")
        elif isinstance(entry, Cape):
            pieces[slot] = _piece(make_cape(entry, m, combined([body, *cloths.values()])), entry, asked)
        elif isinstance(entry, Neckwear):
            pieces |= _pair(slot, make_neckwear(entry, m, chest), entry, asked, _GOLD if entry.form == "medal" else None)
        elif isinstance(entry, Eyewear):
            pieces |= _pair(slot, make_eyewear(entry, m), entry, asked, (0.012, 0.012, 0.016), "gloss")
        elif isinstance(entry, Hood):
            pieces[slot] = _piece(make_hood(entry, m), entry, asked)
            hair = {}
        elif isinstance(entry, Helm):
            pieces |= _pair(slot, make_helm(entry, m), entry, asked, None, "plain")
            hair = {}
        elif isinstance(entry, Hat):
            seat = fit(entry, m, haired=bool(hair))
            white = (0.75, 0.74, 0.72) if "fur_band" in entry.trims else None
            pieces |= _pair(slot, make_hat(entry, m, seat), entry, asked, white)
            hair = hair if entry.open else {name: pressed(surface, seat) for name, surface in hair.items()}
    shod, soles = _shod(worn["shoes"], m, _over_boots(entries))
    return Dressed(pieces | shod, soles, hair, {slot: sheet for slot, (_, sheet) in layers.items() if sheet is not None})


def _worn(clothes: Clothes) -> dict[str, tuple[Entry, Garment]]:
    """By slot, without what something else leaves nothing of to see."""
    asked = {slot: getattr(clothes, slot) for slot in Clothes.model_fields}
    worn = {slot: (garment(item.kind), item) for slot, item in asked.items() if item is not None}
    top = worn["top"][0]
    if isinstance(top, Cloth) and top.whole:
        del worn["bottom"]
    return {slot: pair for slot, pair in worn.items() if slot == "shoes" or not isinstance(pair[0], Bare)}


def _layers(entries: Mapping[str, Entry], m: Measures) -> dict[str, tuple[Surface, Sheet | None]]:
    """Cloth from the body outwards."""
    top = entries.get("top")
    first = ("top", "bottom") if isinstance(top, Cloth) and (top.tucked or top.tight) else ("bottom", "top")
    cloths: dict[str, tuple[Surface, Sheet | None]] = {}
    for slot in (*first, "over"):
        entry = entries.get(slot)
        if isinstance(entry, Cloth):
            if entry.tucked and first[0] == "top" and "bottom" in entries:
                entry = entry.model_copy(update={"hem": _TUCKED})
            cloths[slot] = make_cloth(entry, m, combined([cloth for cloth, _ in cloths.values()]) if cloths else None)
    return cloths


def _outer(slot: str, cloths: Mapping[str, Surface], entries: Mapping[str, Entry]) -> list[Entry]:
    order = list(cloths)
    outer = [entries[name] for name in order[order.index(slot) + 1 :]]
    shoe = entries["shoes"]
    return [*outer, shoe] if isinstance(shoe, Shoe) and shoe.shaft > 0.05 and _narrow(entries.get("bottom")) else outer


def _narrow(bottom: Entry | None) -> bool:
    """Trousers that go into boots; wider ones fall over them."""
    return isinstance(bottom, Cloth) and bottom.leg is not None and bottom.leg > 0.5 and bottom.leg_wide < 0.062


def _over_boots(entries: Mapping[str, Entry]) -> Cloth | None:
    """Trousers that fall over the shoes, which then end beneath them."""
    for slot in ("bottom", "top"):
        entry = entries.get(slot)
        if isinstance(entry, Cloth) and entry.leg is not None and entry.leg > 0.8 and not (slot == "bottom" and _narrow(entry)):
            return entry
    return None


def _uncovered(surface: Surface, m: Measures, outer: list[Entry], sink: float) -> Surface:
    """Without what the outer garments hide; what remains under their edges lies `sink` metres deeper."""

    def depth(of: Surface) -> F8:
        return np.max([hidden(entry, m, of) for entry in outer], axis=0) if outer else np.full(len(of.positions), -FAR)

    margin = _MARGIN * m.unit
    kept = cut(surface, margin - depth(surface)) if outer else surface
    under = np.clip(depth(kept) / margin, 0, 1)
    return inflated(kept, -sink * m.unit * np.sqrt(under)) if under.any() else kept


def _bare(m: Measures, body: Surface, entries: list[Entry]) -> Surface:
    return _uncovered(body, m, entries, 0.006)


def _sewn(slot: str, entry: Cloth, asked: Garment, m: Measures, cloth: Surface, outer: list[Entry]) -> dict[str, Piece]:
    seen = _uncovered(cloth, m, outer, 0.002)
    if not len(seen.triangles):
        return {}
    collar = make_collar(entry, m, cloth)
    whole = hemmed(seen, 0.006 * m.unit)
    whole = combined([whole, collar]) if collar is not None else whole
    pieces = {slot: _piece(whole, entry, asked)}
    plates = make_plates(entry, m, cloth)
    if plates is not None:
        pieces |= {slot: replace(pieces[slot], colour=scaled(pieces[slot].colour, 0.45))}
        pieces[f"{slot}_plates"] = Piece(plates, linear(asked.colour), entry.hard)
    return pieces | _trimmed(slot, entry, asked, m, cloth, outer)


def _trimmed(slot: str, entry: Cloth, asked: Garment, m: Measures, cloth: Surface, outer: list[Entry]) -> dict[str, Piece]:
    """What is sewn on, as one piece per colour and finish."""
    found: dict[tuple[Linear, str], list[Surface]] = {}
    colour = linear(asked.colour)
    accent = linear(asked.accent) if asked.accent else beside(colour)
    for name, trim in make_trims(entry, m, cloth).items():
        plain = accent if name in CONTRASTING or asked.accent else shade(colour)
        look = (linear(entry.tints[name]) if name in entry.tints else plain), METALS.get(name, entry.finish)
        kept = _uncovered(trim, m, outer, 0.002)
        if len(kept.triangles):
            found.setdefault(look, []).append(kept)
    numbered = enumerate(found.items(), 1)
    return {f"{slot}_trim{number}": Piece(combined(trims), tint, finish) for number, ((tint, finish), trims) in numbered}


def _piece(surface: Surface, entry: Entry, asked: Garment) -> Piece:
    colour = linear(asked.colour)
    accent = linear(asked.accent) if asked.accent else beside(colour)
    finish = entry.finish if asked.pattern == "plain" else f"cloth_{asked.pattern}"
    return Piece(surface, colour, finish, accent, asked.pattern)


def _pair(
    slot: str, made: tuple[Surface, Surface | None], entry: Entry, asked: Garment, trim: Linear | None, finish: str | None = None
) -> dict[str, Piece]:
    """A garment and what it is trimmed with, in the accent colour unless told."""
    main, extra = made
    piece = _piece(main, entry, asked)
    if extra is None:
        return {slot: piece}
    return {slot: piece, f"{slot}_trim": Piece(extra, trim or piece.accent, finish or entry.finish)}


def _shod(worn: tuple[Entry, Garment], m: Measures, bottom: Cloth | None) -> tuple[dict[str, Piece], Surface]:
    entry, asked = worn
    if not isinstance(entry, Shoe):
        return {}, bare_soles(m)
    upper, sole, laces = make_shoes(entry, m)
    upper = _uncovered(upper, m, [bottom], 0.0) if bottom is not None else upper
    colour = linear(asked.colour)
    rim = _RUBBER.get(entry.rim, scaled(colour, 0.7))
    if entry.rim == "light" and sum(colour) > 1.5:
        rim = (0.3, 0.29, 0.28)
    pieces = {"shoes": _piece(upper, entry, asked), "sole": Piece(sole, rim, "plain")}
    if laces is not None:
        pieces["laces"] = Piece(laces, (0.7, 0.69, 0.66) if entry.rim == "light" and sum(colour) < 1.5 else scaled(colour, 0.4), "cloth")
    return pieces, sole
