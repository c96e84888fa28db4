"""Second reading: items to shots, and in each shot who does and says what."""

from functools import cache

from kinora_world.catalogue import entries, words
from kinora_world.director.claims import always, by_anybody, done, looks, missing, there, turned_out
from kinora_world.director.draft import Deed, Ref, ShotDraft
from kinora_world.director.equipping import entry
from kinora_world.director.items import Item
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import Sense, lists, look_up
from kinora_world.director.people import distinct
from kinora_world.director.setting import Setting
from kinora_world.director.subjects import Clause
from kinora_world.director.timing import needed

_MOST_HAPPENINGS = 40
_SHOWN = frozenset({"people", "thing", "verb", "quote", "place", "time", "effect", "camera", "framing"})
_LONG_SHOT = 4.5  # seconds of what happens
_ROOMY = 2.6  # of the shortest shots, for each shot
_SCENERY = frozenset({"place", "time", "weather", "mood", "music", "music_mood", "transition", "crowd"})
_CROWD_SOUNDS = ("cheering", "applause", "crowd cheering", "crowd")
_HEARD = frozenset({"celebrate", "cheer", "clap", "shout", "laugh"})
_GAME = frozenset({"score", "basket", "shot", "hoop", "swish", "airball", "miss"})
_LAUNCHES = frozenset({"shoot", "throw", "kick"})
_TOWARDS = frozenset({"at", "to", "into", "onto", "toward", "towards", "with", "against", "for", "over", "through", "in", "on", "from"})


@cache
def _handled() -> frozenset[str]:
    """Verbs that are done with or to a thing."""
    return frozenset({"kick", "push", *(verb for verb, entry in entries("actions").items() if "prop" in entry.get("needs", ()))})


@cache
def _burning() -> frozenset[str]:
    """Kinds of things that have a flame of their own."""
    return frozenset(kind for effect in entries("effects").values() for kind in effect.get("goes_with", ()))


class Action(Setting):
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
            self._relate(index, item)
        elif item.kind == "thing":
            self._shot.things = distinct([*self._shot.things, item.value])
            self._aim_camera(index, item)
            self._relate(index, item)
        elif item.kind == "verb":
            self._verb(index, item)
        elif item.kind == "quote" and index not in self._spoken and len(self._shot.happenings) < _MOST_HAPPENINGS:
            self._say(index, item, None, self._speaker(index))
        elif item.kind in _SCENERY:
            self._where(item)
        elif item.kind in {"camera", "framing", "lens", "shallow"}:
            self._camera(index, item)
        elif item.kind in {"effect", "sound", "pace"}:
            self._wonder(index, item)
        elif item.kind == "while":
            self._clause.together = True
        elif item.kind == "stop":
            self._clause.verbs = 0
            self._clause.together = self._clause.gerund = False

    # --- shots

    def _break(self, index: int, item: Item) -> bool:
        """Begins a new shot where the prompt cuts; False when there is no time for another."""
        started = bool(self._shot.happenings or self._shot.place or self._shot.camera.framing or self._shot.people)
        hard = item.kind in {"cut", "transition"}
        if hard and started and not any(other.kind in _SHOWN for other in self._items[index + 1 :]):
            return False  # to nothing more
        if not started or not (hard or self._soft_cut(index, item)):
            return True
        if len(self._draft.shots) >= self._most:
            return not hard
        self._shot = ShotDraft()
        self._draft.shots.append(self._shot)
        self._clause = Clause(subject=self._clause.subject)
        return True

    def _soft_cut(self, index: int, item: Item) -> bool:
        """`Then …` at the start of a sentence, a new framing there, or another place."""
        starts = index == 0 or self._items[index - 1].kind in {"stop", "quote"}
        if item.kind == "place":
            return self._shot.place not in {None, item.value} and bool(self._shot.happenings) and self._clause.verbs == 0
        if not starts or not self._shot.happenings:
            return False
        return item.kind in {"then", "framing"} or self._opens_elsewhere(index) or self._has_been_long()

    def _has_been_long(self) -> bool:
        """The shot is full enough for the next sentence to be another, if the clip leaves time for it."""
        deeds = [what for what in self._shot.happenings if isinstance(what, Deed)]
        room = self._most / (len(self._draft.shots) + 1)
        return len(deeds) > 1 and needed(self._shot) >= _LONG_SHOT and room >= _ROOMY

    def _opens_elsewhere(self, index: int) -> bool:
        """The sentence that begins here names another place."""
        for item in self._items[index:]:
            if item.kind == "stop":
                return False
            if item.kind == "place":
                return self._shot.place not in {None, item.value}
        return False

    # --- what they do

    def _verb(self, index: int, item: Item) -> None:
        if item.denied:
            return item.claim(missing(by_anybody(str(item.sense("action")))))
        if len(self._shot.happenings) >= _MOST_HAPPENINGS:
            return None  # no shot has time for more: what is over stays unused, and is reported
        if index and self._items[index - 1].kind == "crowd":
            return self._by_crowd(item)
        people, thing = self._subject(index)
        if thing is not None:
            return self._by_thing(index, item, thing)
        if people and not all(token.claims for token in item.tokens):
            self._act(index, item, people)
        return None

    def _by_crowd(self, item: Item) -> None:
        """What people in the background do is heard."""
        item.claim(lambda film: any(shot.crowd for shot in film.shots))
        heard = next((words("sounds")[word] for word in _CROWD_SOUNDS if word in words("sounds")), None)
        if item.sense("action") in _HEARD and heard is not None:
            self._shot.sounds = list(dict.fromkeys([*self._shot.sounds, heard]))
        self._draft.approximated.setdefault(item.phrase, "a crowd in the background")

    def _act(self, index: int, item: Item, people: list[int]) -> None:
        ways = (("speech", self._speak), ("fate", self._decide), ("action", self._deed), ("face", self._express))
        if not any(item.sense(kind) and way(index, item, people) for kind, way in ways):
            return
        self._clause.subject = people
        self._clause.verbs += 1
        self._clause.gerund = item.gerund
        self._shot.people = distinct([*self._shot.people, *people])

    def _speak(self, index: int, item: Item, people: list[int]) -> bool:
        quote = self._quote_near(index)
        if quote is None:
            return self._say_unquoted(index, item, people)
        self._say(quote, self._items[quote], item, people)
        return True

    def _deed(self, index: int, item: Item, people: list[int]) -> bool:
        sense = next(s for s in item.senses if s.kind == "action")
        deed = Deed(list(people), str(sense.value), together=self._together(index, item, people), pace=self._clause.pace)
        self._clause.pace = None
        self._objects(index, deed)
        sense = self._with_object(deed, item, sense)
        deed.verb = str(sense.value)
        self._one_at_a_time(deed, item)
        self._shot.happenings.append(deed)
        item.claim(done(deed, self._draft.people))
        if not sense.exact:
            self._draft.approximated.setdefault(item.phrase, sense.value.replace("_", " "))
        return True

    def _with_object(self, deed: Deed, item: Item, sense: Sense) -> Sense:
        """`plays a red guitar` is an action of its own: the verb together with its thing."""
        thing = deed.prop if deed.prop is not None else deed.target[1] if deed.target and deed.target[0] == "thing" else None
        if len(item.tokens) > 1 or item.tokens[0].word.startswith("with"):
            return sense
        if thing is None:
            return self._as_player(deed, item, sense)
        kind = self._draft.things[thing].kind.replace("_", " ")
        said = next((other.tokens[-1].word for other in self._items if other.kind == "thing" and other.value == thing), kind)
        for word in dict.fromkeys((said, kind)):
            length, senses = look_up([item.tokens[0].word, *word.split()])
            action = next((other for other in senses if other.kind == "action"), None)
            if action is not None and length > 1 and (action.exact or not sense.exact):
                return action
        return sense

    def _as_player(self, deed: Deed, item: Item, sense: Sense) -> Sense:
        """`the violinist plays`, or "plays" by somebody at a piano."""
        said = set(lemmas(item.tokens[0].word))
        title = self._draft.people[deed.actors[0]].title or ""
        if "fight" in said and (armed := lists("people")["fighters"].get(title)):
            return next((other for other in look_up(armed.split())[1] if other.kind == "action"), sense)
        if "play" not in said:
            return sense
        things = [self._draft.things[number].kind.replace("_", " ") for number in self._shot.things]
        phrases = [lists("people")["players"].get(title, ""), *(f"play {kind}" for kind in things)]
        found = (other for phrase in phrases if phrase for other in look_up(phrase.split())[1] if other.kind == "action")
        return next((other for other in found if other.exact), sense)

    def _express(self, index: int, item: Item, people: list[int]) -> bool:
        """`smiles`: somebody who only stands there, in that mood."""
        mood = str(item.sense("face"))
        for number in people:
            self._draft.people[number].mood = mood
            item.claim(looks(self._draft.people[number], "mood", mood))
        self._shot.happenings.append(Deed(list(people), "stand", together=self._together(index, item, people), mood=mood))
        return True

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
        seated = self._shot.happenings == [last] and isinstance(last, Deed) and bool(entry(last.verb).get("posture"))
        others = seated and set(people) < set(before)  # "Three friends sit there, one plays": they are found sitting
        return together or others or self._beside(people) or (item.gerund and self._clause.verbs > 0) or joined

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
        return any(thing == d.prop or d.target == ("thing", thing) for d in deeds if d.verb in _handled())
