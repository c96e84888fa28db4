"""Second reading: items to shots, and in each shot who does and says what."""

from functools import cache

from kinora_world.catalogue import entries
from kinora_world.director.draft import Deed, Ref, ShotDraft
from kinora_world.director.items import Item
from kinora_world.director.people import distinct
from kinora_world.director.speaking import Speaking
from kinora_world.director.subjects import Clause

_MOST_HAPPENINGS = 40
_LAUNCHES = frozenset({"shoot", "throw", "kick"})
_TOWARDS = frozenset({"at", "to", "into", "onto", "toward", "towards", "with", "against", "for", "over", "through", "in", "on", "from"})


@cache
def _handled() -> frozenset[str]:
    """Verbs that are done with or to a thing."""
    return frozenset({"kick", "push", *(verb for verb, entry in entries("actions").items() if "prop" in entry.get("needs", ()))})


class Action(Speaking):
    """Turns the items of a prompt into the draft's shots."""

    def play(self) -> None:
        """Fills `draft.shots`; there is always at least one."""
        self._draft.shots.append(self._shot)
        for index, item in enumerate(self._items):
            if not self._break(index, item):
                break
            self._one(index, item)
            self._shot.tokens.extend(item.tokens)

    def _one(self, index: int, item: Item) -> None:
        if item.kind == "people":
            self._shot.people = distinct([*self._shot.people, *item.value])
        elif item.kind == "thing":
            self._shot.things = distinct([*self._shot.things, item.value])
            self._aim_camera(index, item)
            self._lay_on(index, item)
        elif item.kind == "verb":
            self._verb(index, item)
        elif item.kind == "quote" and index not in self._spoken and len(self._shot.happenings) < _MOST_HAPPENINGS:
            self._say(index, item, None, self._speaker(index))
        elif item.kind in {"place", "time"}:
            self._where(item)
        elif item.kind in {"camera", "framing"}:
            self._camera(index, item)
        elif item.kind == "while":
            self._clause.together = True
        elif item.kind == "stop":
            self._clause.verbs = 0
            self._clause.together = self._clause.gerund = False

    # --- shots

    def _break(self, index: int, item: Item) -> bool:
        """Begins a new shot where the prompt cuts; False when there is no time for another."""
        started = bool(self._shot.happenings or self._shot.place or self._shot.camera.framing or self._shot.people)
        if not started or not (item.kind == "cut" or self._soft_cut(index, item)):
            return True
        if len(self._draft.shots) >= self._most:
            return item.kind != "cut"
        self._shot = ShotDraft()
        self._draft.shots.append(self._shot)
        self._clause = Clause(subject=self._clause.subject)
        return True

    def _soft_cut(self, index: int, item: Item) -> bool:
        """`Then …` at the start of a sentence, a new framing there, or another place."""
        starts = index == 0 or self._items[index - 1].kind in {"stop", "quote"}
        if item.kind == "place":
            return self._shot.place not in {None, item.value} and bool(self._shot.happenings) and self._clause.verbs == 0
        return starts and bool(self._shot.happenings) and (item.kind in {"then", "framing"} or self._opens_elsewhere(index))

    def _opens_elsewhere(self, index: int) -> bool:
        """The sentence that begins here names another place."""
        for item in self._items[index:]:
            if item.kind == "stop":
                return False
            if item.kind == "place":
                return self._shot.place not in {None, item.value}
        return False

    def _where(self, item: Item) -> None:
        """The first place and time of a shot count; another stays unused and is reported."""
        current = getattr(self._shot, item.kind)
        if current not in {None, item.value}:
            return
        setattr(self._shot, item.kind, item.value)
        item.use()
        if not item.exact:
            self._draft.approximated.setdefault(item.phrase, f"a {item.value}" if item.kind == "place" else str(item.value))

    def _camera(self, index: int, item: Item) -> None:
        part = "move" if item.kind == "camera" else "framing"
        if getattr(self._shot.camera, part) not in {None, item.value}:
            return
        setattr(self._shot.camera, part, item.value)
        item.use()
        if not item.exact:
            self._draft.approximated.setdefault(item.phrase, f"a camera that can {item.value}")
        for after in self._items[index + 1 : index + 3]:
            if after.kind == "people" and len(after.value) == 1:
                self._shot.camera.subject = ("person", after.value[0])
            if after.kind not in {"prep", "camera", "framing"}:
                break

    def _aim_camera(self, index: int, item: Item) -> None:
        before = [other.kind for other in self._items[max(0, index - 2) : index]]
        if before[-1:] == ["camera"] or before in (["camera", "prep"], ["framing", "prep"]):
            self._shot.camera.subject = ("thing", item.value)

    def _lay_on(self, index: int, item: Item) -> None:
        """`a book on a table`."""
        before = self._items[max(0, index - 3) : index]
        on = next((other for other in before if other.kind == "prep" and other.value in {"on", "onto", "over"}), None)
        below, above = item.value, next((other.value for other in before if other.kind == "thing"), None)
        if on is not None and above not in {None, below} and self._draft.things[below].on is None and before[-1] is on:
            self._draft.things[above].on = below

    # --- what they do

    def _verb(self, index: int, item: Item) -> None:
        if item.denied:
            return item.use()
        if len(self._shot.happenings) >= _MOST_HAPPENINGS:
            return None  # no shot has time for more: what is over stays unused, and is reported
        people, thing = self._subject(index)
        if thing is not None:
            return self._by_thing(index, item, thing)
        if people and not all(token.used for token in item.tokens):
            self._act(index, item, people)
        return None

    def _act(self, index: int, item: Item, people: list[int]) -> None:
        quote = self._quote_near(index) if item.sense("speech") else None
        if quote is not None:
            self._say(quote, self._items[quote], item, people)
        elif item.sense("speech") and self._say_unquoted(index, item, people):
            pass
        elif item.sense("fate") and self._decide(index, item, people):
            item.use()
        elif item.sense("action"):
            self._deed(index, item, people)
        else:
            return
        self._clause.subject = people
        self._clause.verbs += 1
        self._clause.gerund = item.gerund
        self._shot.people = distinct([*self._shot.people, *people])

    def _deed(self, index: int, item: Item, people: list[int]) -> None:
        sense = next(s for s in item.senses if s.kind == "action")
        deed = Deed(list(people), str(sense.value), together=self._together(index, item, people))
        self._objects(index, deed)
        self._one_at_a_time(deed, item)
        self._shot.happenings.append(deed)
        item.use()
        if not sense.exact:
            self._draft.approximated.setdefault(item.phrase, sense.value.replace("_", " "))

    def _one_at_a_time(self, deed: Deed, item: Item) -> None:
        """One ball, one pair of hands: the first acts, to the second if it is a throw."""
        if deed.verb not in _handled() or len(deed.actors) < 2:
            return
        if deed.target is None and deed.verb == "throw":
            deed.target = ("person", deed.actors[1])
        others = deed.actors[1:]
        deed.actors = deed.actors[:1]
        self._shot.people = distinct([*self._shot.people, *deed.actors, *others])
        self._draft.approximated.setdefault(f"{item.phrase} together", "one of them doing it")

    def _together(self, index: int, item: Item, people: list[int]) -> bool:
        """`while`, a gerund beside the main verb, or "and" between different people."""
        together, self._clause.together = self._clause.together, False
        if not self._shot.happenings:
            return False
        last = self._shot.happenings[-1]
        before = last.actors if isinstance(last, Deed) else [last.speaker]
        joined = self._clause.verbs > 0 and not set(before) & set(people) and self._joined_by_and(index)
        return together or self._beside(people) or (item.gerund and self._clause.verbs > 0) or joined

    def _joined_by_and(self, index: int) -> bool:
        kinds = [other.kind for other in self._items[max(0, index - 3) : index]]
        return "and" in kinds and "then" not in kinds

    def _objects(self, index: int, deed: Deed) -> None:
        """What follows the verb: whom, what, where to."""
        prep = ""
        for at in range(index + 1, len(self._items)):
            item = self._items[at]
            if item.kind in {"stop", "verb", "while", "then", "cut", "quote"}:
                break
            if item.kind in {"people", "thing"} and self._starts_clause(at):
                break
            if item.kind == "prep":
                prep = str(item.value)
                deed.away = deed.away or prep in {"away", "away from"}
            elif item.kind == "mutual":
                deed.mutual = True
            elif item.kind == "people":
                others = [n for n in item.value if n not in deed.actors]
                if others and deed.target is None:
                    deed.target = ("person", others[0])
            elif item.kind == "thing":
                self._object_thing(deed, int(item.value), prep)

    def _object_thing(self, deed: Deed, thing: int, prep: str) -> None:
        if deed.verb in _handled() and deed.prop is None and (not prep or prep not in _TOWARDS or (prep == "with" and deed.verb != "push")):
            if self._draft.things[thing].kind == "hoop":
                deed.target = ("thing", thing)
            else:
                deed.prop = thing
        elif deed.target is None or prep in {"at", "to", "into", "through"}:
            deed.target = ("thing", thing)

    # --- what becomes of things

    def _last_launch(self) -> Deed | None:
        for shot in reversed(self._draft.shots):
            for deed in reversed(shot.happenings):
                if isinstance(deed, Deed) and deed.verb in _LAUNCHES:
                    return deed
        return None

    def _decide(self, index: int, item: Item, people: list[int]) -> bool:
        """`misses`, "scores", "hits the crate": the outcome of the last throw, shot or kick."""
        fate, launch = item.sense("fate"), self._last_launch()
        struck = self._struck(index)
        if fate == "drop":
            return False
        if fate == "strike":
            if launch is None or struck is None:
                return False
            return self._strike(launch, struck)
        if launch is None:
            launch = Deed(list(people), "shoot")
            self._shot.happenings.append(launch)
        launch.outcome = "miss" if fate == "miss" else "hit"
        return True

    def _strike(self, launch: Deed, struck: Ref) -> bool:
        if struck[0] == "thing" and self._draft.things[struck[1]].kind == "hoop":
            launch.outcome = launch.outcome or "miss"
            launch.target = launch.target or struck
        elif struck != ("thing", launch.prop):
            launch.target, launch.outcome = struck, launch.outcome or "hit"
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
            return
        launch = self._last_launch()
        if fate in {"miss", "hit", "strike"} and launch is not None:
            launch.prop = launch.prop if launch.prop is not None else thing
            struck = self._struck(index)
            settled = self._decide(index, item, launch.actors) if fate != "strike" or struck is not None else True
        elif fate in {"drop", "strike"}:
            settled = self._moved(thing) or self._drop(thing)
        else:
            settled = False
        if settled:
            item.use()

    def _moved(self, thing: int) -> bool:
        deeds = [d for shot in self._draft.shots for d in shot.happenings if isinstance(d, Deed)]
        return any(thing == d.prop or d.target == ("thing", thing) for d in deeds if d.verb in _handled())

    def _drop(self, thing: int) -> bool:
        self._draft.things[thing].falling = True
        return True
