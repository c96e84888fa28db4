"""What the items say of a shot's place, light, air, sound and camera, and of where things are."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from kinora_world.director.beds import bed
from kinora_world.director.claims import Claim, filmed, heard, in_some_shot, in_the_air, paced
from kinora_world.director.draft import Deed, Ref, Relation, Wonder
from kinora_world.director.items import Item
from kinora_world.director.lexicon import lists
from kinora_world.director.nouns import with_article
from kinora_world.director.speaking import Speaking

_CLAIMS: Mapping[str, Callable[[Any], Claim]] = {"sound": heard, "pace": paced, "effect": in_the_air}


@cache
def _relations() -> dict[str, str]:
    return {word: kind for kind, listed in lists("atmosphere")["relations"].items() for word in listed}


class Setting(Speaking):
    """Puts scenery, effects, relations and the camera into the shot."""

    def _wonder(self, index: int, item: Item) -> None:
        """Effects, sounds and the pace of what somebody does."""
        item.claim(_CLAIMS[item.kind](item.value))
        if item.kind == "sound":
            self._shot.sounds = list(dict.fromkeys([*self._shot.sounds, str(item.value)]))
        elif item.kind == "pace":
            self._hurry(item)
        elif item.value not in {wonder.kind for wonder in self._shot.effects}:
            self._shot.effects.append(Wonder(item.value, self._from_whom(index)))
        if not item.exact:
            self._draft.approximated.setdefault(item.phrase, str(item.value).replace("_", " "))

    def _hurry(self, item: Item) -> None:
        """`slowly` is said of one deed, "in slow motion" of all."""
        last = self._shot.happenings[-1] if self._shot.happenings else None
        if len(item.tokens) > 1 or item.tokens[0].word.startswith("time"):
            self._shot.pace = item.value
        elif self._clause.verbs and isinstance(last, Deed):
            last.pace = item.value
        else:
            self._clause.pace = item.value

    def _from_whom(self, index: int) -> Ref | None:
        """`breathes fire`, "smoke around Leo": the effect goes with somebody."""
        before = self._items[index - 1] if index else None
        after = self._items[index + 1 : index + 3]
        if len(after) == 2 and after[0].kind == "prep" and after[0].value in {"around", "over", "from", "on"}:
            if after[1].kind == "people":
                return ("person", after[1].value[0])
            return ("thing", after[1].value) if after[1].kind == "thing" else None
        return ("person", self._clause.subject[0]) if before and before.kind in {"verb", "unknown"} and self._clause.subject else None

    def _relate(self, index: int, item: Item) -> None:
        """`a book on a table`, "Leo stands behind Maya": what is where, as far as it was not said by a verb."""
        before = self._items[index - 1] if index else None
        kind = _relations().get(str(before.value)) if before is not None and before.kind == "prep" else None
        if kind is None:
            return
        this: Ref = ("person", item.value[0]) if item.kind == "people" else ("thing", item.value)
        other = self._first_of(index - 2, this)
        if other is None or any(relation.subject == other for relation in self._shot.relations):
            return
        self._shot.relations.append(Relation(other, kind, this))
        if kind == "between" and (second := self._second(index)) is not None:
            self._shot.relations.append(Relation(second, "beyond", other))

    def _second(self, index: int) -> Ref | None:
        """The other of "between two dogs", "between Maya and the lamp"."""
        item = self._items[index]
        if item.kind == "people" and len(item.value) > 1:
            return ("person", item.value[1])
        after = self._items[index + 1 : index + 3]
        if len(after) < 2 or after[0].kind != "and" or after[1].kind not in {"people", "thing"}:
            return None
        return ("person", after[1].value[0]) if after[1].kind == "people" else ("thing", after[1].value)

    def _first_of(self, at: int, this: Ref) -> Ref | None:
        """Who or what the preposition's phrase tells the place of: the noun right before, else whoever acts."""
        item = self._items[at] if at >= 0 else None
        if item is None or item.kind == "stop":
            return None
        if item.kind == "thing" and item.value != this[1]:
            return ("thing", item.value)
        people = item.value if item.kind == "people" else self._clause.subject
        return ("person", people[0]) if people and ("person", people[0]) != this else None

    def _where(self, item: Item) -> None:
        """The first place, time and so on of a shot count; another stays unused and is reported."""
        current = getattr(self._shot, item.kind)
        if current not in {None, item.value} or (item.kind == "music_mood" and bed(item.value) is None):
            return
        setattr(self._shot, item.kind, item.value)
        if item.kind == "music_mood":
            item.claim(in_some_shot("music", bed(item.value)))
        else:
            item.claim(in_some_shot({"time": "time_of_day"}.get(item.kind, item.kind), item.value))
        if not item.exact:
            name = str(item.value).replace("_", " ")
            self._draft.approximated.setdefault(item.phrase, with_article(name) if item.kind == "place" else name)

    def _camera(self, index: int, item: Item) -> None:
        part = {"camera": "move", "framing": "framing", "lens": "lens_mm", "shallow": "shallow"}[item.kind]
        view = self._shot.camera
        if getattr(view, part) not in {None, False, item.value}:
            return
        setattr(view, part, item.value)
        item.claim(filmed(part, item.value))
        if not item.exact:
            self._draft.approximated.setdefault(item.phrase, f"the camera move “{item.value.replace('_', ' ')}”")
        seen = self._seen(index)
        if seen:
            view.subject = seen[0]
        if len(seen) > 1:
            view.other = seen[1]

    def _seen(self, index: int) -> list[Ref]:
        """Who and what the camera's phrase names right after: "close-up of Maya", "rack focus from the cup to her face"."""
        found: list[Ref] = []
        for after in self._items[index + 1 : index + 5]:
            if after.kind == "people" and len(after.value) == 1:
                found.append(("person", after.value[0]))
            elif after.kind == "thing":
                found.append(("thing", after.value))
            elif after.kind not in {"prep", "camera", "framing"}:
                break
        return found

    def _aim_camera(self, index: int, item: Item) -> None:
        before = [other.kind for other in self._items[max(0, index - 2) : index]]
        if before[-1:] == ["camera"] or before in (["camera", "prep"], ["framing", "prep"]):
            self._shot.camera.subject = ("thing", item.value)
