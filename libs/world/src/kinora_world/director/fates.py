"""What becomes of things: a ball misses, hits, falls; a lamp burns."""

from functools import cache

from kinora_world.catalogue import entries
from kinora_world.director.claims import always, there, turned_out
from kinora_world.director.draft import Deed, Ref
from kinora_world.director.items import Item
from kinora_world.director.lemmas import lemmas
from kinora_world.director.setting import Setting
from kinora_world.storyboard import LAUNCHES

_RESTING = frozenset({"stand", "idle", "sit", "lie_down"})  # all that things do of themselves
_GAME = frozenset({"score", "basket", "shot", "hoop", "swish", "airball", "miss"})


@cache
def handled() -> frozenset[str]:
    """Verbs that are done with or to a thing."""
    return frozenset({"kick", "push", *(verb for verb, entry in entries("actions").items() if "prop" in entry.get("needs", ()))})


@cache
def _burning() -> frozenset[str]:
    """Kinds of things that have a flame of their own."""
    return frozenset(kind for effect in entries("effects").values() for kind in effect.get("goes_with", ()))


class Fates(Setting):
    """Settles the outcomes of throws, shots and kicks, and what things do by themselves."""

    def _last_launch(self) -> Deed | None:
        for shot in reversed(self._draft.shots):
            for deed in reversed(shot.happenings):
                if isinstance(deed, Deed) and deed.verb in LAUNCHES:
                    return deed
        return None

    def _decide(self, index: int, item: Item, people: list[int]) -> bool:
        """`misses`, "scores", "hits the crate": the outcome of the last throw, shot or kick."""
        fate, launch = item.sense("fate"), self._last_launch()
        struck = self._struck(index)
        if fate in {"drop", "shine"}:
            return False
        if fate == "strike":
            if launch is None or struck is None:
                if launch is None or launch.outcome is None:
                    return False
                item.claim(always)  # the ball that missed "bounces back" by itself
                return True
            return self._strike(launch, struck, item)
        if launch is None:
            if not _GAME & {form for token in item.tokens for form in lemmas(token.word)}:
                return False  # "goes in", "fails": nothing was thrown
            launch = Deed(list(people), "shoot")
            self._shot.happenings.append(launch)
        launch.outcome = "miss" if fate == "miss" else "hit"
        item.claim(turned_out(launch))
        return True

    def _strike(self, launch: Deed, struck: Ref, item: Item) -> bool:
        if struck[0] == "thing" and self._draft.things[struck[1]].kind == "hoop":
            launch.outcome = launch.outcome or "miss"
            launch.target = launch.target or struck
        elif struck != ("thing", launch.prop):
            launch.target, launch.outcome = struck, launch.outcome or "hit"
        item.claim(turned_out(launch))
        return True

    def _struck(self, index: int) -> Ref | None:
        for item in self._items[index + 1 :]:
            if item.kind == "thing":
                return ("thing", int(item.value))
            if item.kind == "people":
                return ("person", int(item.value[0]))
            if item.kind in {"stop", "verb"}:
                return None
        return None

    def _by_thing(self, index: int, item: Item, thing: int) -> None:
        """A thing does what physics makes it do; what nothing makes it do begins in the air, or is reported."""
        self._clause.verbs += 1
        fate = item.sense("fate")
        if fate is None:
            if item.sense("action") in _RESTING:
                item.claim(there(self._draft.things[thing]))
            return
        launch = self._last_launch()
        if fate in {"miss", "hit", "strike"} and launch is not None:
            launch.prop = launch.prop if launch.prop is not None else thing
            struck = self._struck(index)
            if fate != "strike" or struck is not None:
                self._decide(index, item, launch.actors)
            else:
                item.claim(always)  # it bounces where physics lets it
        elif fate in {"drop", "strike"}:
            if not self._moved(thing):
                self._draft.things[thing].falling = True
            item.claim(there(self._draft.things[thing]))
        elif fate == "shine" and self._draft.things[thing].kind in _burning():
            item.claim(there(self._draft.things[thing]))

    def _moved(self, thing: int) -> bool:
        deeds = [d for shot in self._draft.shots for d in shot.happenings if isinstance(d, Deed)]
        return any(thing == d.prop or d.target == ("thing", thing) for d in deeds if d.verb in handled())
