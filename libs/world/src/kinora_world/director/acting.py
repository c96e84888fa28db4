"""Second reading: items to shots, and in each shot who does and says what."""

from kinora_world.catalogue import entries, words
from kinora_world.director.choosing import for_body
from kinora_world.director.claims import by_anybody, done, looks, missing
from kinora_world.director.draft import Deed, Ref, Relation, ShotDraft
from kinora_world.director.equipping import entry
from kinora_world.director.fates import Fates, handled
from kinora_world.director.items import Item
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import Sense, lists, look_up
from kinora_world.director.people import distinct
from kinora_world.director.subjects import Clause, determiners
from kinora_world.director.timing import needed, travels
from kinora_world.species import human

_MOST_HAPPENINGS = 40
_SHOWN = frozenset({"people", "thing", "verb", "quote", "place", "time", "effect", "camera", "framing"})
_LONG_SHOT = 4.5  # seconds of what happens
_ROOMY = 2.6  # of the shortest shots, for each shot
_SCENERY = frozenset({"place", "time", "weather", "mood", "music", "music_mood", "transition", "crowd"})
_CROWD_SOUNDS = ("cheering", "applause", "crowd cheering", "crowd")
_HEARD = frozenset({"celebrate", "cheer", "clap", "shout", "laugh"})
_PLACED = frozenset({"behind", "under", "beneath", "below", "next to", "beside", "in front of", "between", "above"})


_AWAY_FROM = frozenset({"off", "from"})
_SUFFERS = frozenset({"is", "are", "was", "were", "gets", "get", "got", "being", "been"})
_PASSIVE_REACH = 6  # items from the verb to its "by"
_LIFTS = frozenset({"carry", "pick_up"})

_TOWARDS = frozenset({"at", "to", "into", "onto", "toward", "towards", "with", "against", "for", "over", "through", "in", "on", "from"})


def quarrel(deed: Deed) -> list[Deed]:
    """Two who argue: each rages in turn, and the other talks back."""
    other = deed.actors[1] if len(deed.actors) > 1 else deed.target[1] if deed.target and deed.target[0] == "person" else None
    if other is None:
        deed.verb = "rage"
        return [deed]
    one, deed.actors, deed.target = deed.actors[0], deed.actors[:1], ("person", other)
    return [
        deed,
        Deed([other], "rage", ("person", one), together=True, mood=deed.mood),
        Deed([other], "talk", ("person", one), mood=deed.mood),
        Deed([one], "rage", ("person", other), together=True, mood=deed.mood),
    ]


class Action(Fates):
    """Turns the items of a prompt into the draft's shots."""

    def play(self) -> None:
        """Fills `draft.shots`; there is always at least one."""
        self._draft.shots.append(self._shot)
        for index, item in enumerate(self._items):
            if not self._break(index, item):
                break
            self._one(index, item)
            self._shot.tokens.extend(item.tokens)
        self._imply()

    def _imply(self) -> None:
        """A jogger to whom the prompt gives nothing to do jogs, and who only feels something stands there feeling it."""
        happenings = [what for shot in self._draft.shots for what in shot.happenings]
        told = {who for what in happenings for who in (what.actors if isinstance(what, Deed) else [what.speaker])}
        partners = {what.target[1] for what in happenings if isinstance(what, Deed) and what.target and what.target[0] == "person"}
        for person in self._draft.people:
            title = (person.title or "").split()
            phrase = next((lists("people")["implied"].get(form) for name in (" ".join(title), *title[-1:]) for form in lemmas(name)), None)
            shot = next((shot for shot in self._draft.shots if person.number in shot.people), None)
            if shot is None or person.number in told or person.id is not None:
                continue
            if phrase and person.species == "person":
                shot.happenings.append(Deed([person.number], words("actions")[phrase], together=True))
            elif person.mood and person.number not in partners:  # how they feel is seen
                shot.happenings.append(Deed([person.number], "stand", together=True))

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
        if agents := self._agents(index, item):
            return self._suffer(index, item, agents, ("thing", thing) if thing is not None else ("person", people[0]))
        if thing is not None:
            return self._by_thing(index, item, thing)
        if people and not all(token.claims for token in item.tokens):
            self._act(index, item, people)
        return None

    def _agents(self, index: int, item: Item) -> list[int]:
        """The people of "is chased by two dogs", "is pushed into the pool by his friends"; nobody where the verb is no passive."""
        first = item.tokens[0]
        past = first.word.endswith(("ed", "en")) or first.word in entries("words")["irregular"]
        if not past or not item.sense("action"):
            return []
        suffers = first.index and self._draft.tokens[first.index - 1].word in _SUFFERS
        for at in range(index + 1, min(len(self._items) - 1, index + (_PASSIVE_REACH if suffers else 2))):
            if self._items[at].kind in {"verb", "stop", "comma", "and"}:
                break
            if (self._items[at].kind, self._items[at].value, self._items[at + 1].kind) == ("prep", "by", "people"):
                return list(self._items[at + 1].value)
        return []

    def _suffer(self, index: int, item: Item, agents: list[int], whom: Ref) -> None:
        """Somebody or something has it done to them; the sentence stays about them."""
        self._act(index, item, agents)
        deed = self._shot.happenings[-1] if self._shot.happenings else None
        if isinstance(deed, Deed) and deed.actors == agents[: len(deed.actors)]:
            if whom[0] == "thing":
                self._object_thing(deed, whom[1], "")
            elif whom[1] not in deed.actors:
                deed.target = deed.target or whom
        if whom[0] == "person":
            self._clause.subject = [whom[1]]

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
        sense = self._for_those(deed, item, self._with_object(deed, item, sense))
        deed.verb = str(sense.value)
        deed.mood = self._tone(item)
        self._one_at_a_time(deed, item)
        self._shot.happenings.extend(quarrel(deed) if deed.mood == "tense" and deed.verb == "talk" else [deed])
        item.claim(done(deed, self._draft.people))
        said = {form for token in item.tokens for form in lemmas(token.word)}
        if not sense.exact and deed.verb.split("_")[0] not in said:  # "runs away" is shown as it is said
            self._draft.approximated.setdefault(item.phrase, sense.value.replace("_", " "))
        return True

    def _for_those(self, deed: Deed, item: Item, sense: Sense) -> Sense:
        """What the verb is for such bodies: a dog begs, a man begs otherwise; and nobody carries or strokes just anybody."""
        bodies = {self._draft.people[actor].species for actor in deed.actors}
        target = self._draft.people[deed.target[1]] if deed.target is not None and deed.target[0] == "person" else None
        if len(bodies) > 1:
            return sense
        holding = deed.prop is not None or (deed.target is not None and deed.target[0] == "thing")
        verb, exact = for_body([token.word for token in item.tokens], str(sense.value), bodies.pop(), holding=holding)
        two = len(deed.actors) > 1 if target is None else human(target.species)
        if verb == "pet" and two:
            verb, exact = "hug", bool(set(lemmas(item.tokens[0].word)) & set(words("actions")) & set(entries("actions")["hug"]["words"]))
        elif verb in _LIFTS and target is not None and deed.prop is None:
            verb, exact = ("hug" if two else "pet"), False  # nobody is carried
        return Sense("action", verb, sense.exact and exact)

    def _tone(self, item: Item) -> str | None:
        """The feeling in a verb: "argue"."""
        said = {form for token in item.tokens for form in lemmas(token.word)}
        return next((mood for mood, listed in lists("atmosphere")["tones"].items() if said & set(listed)), None)

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
        if deed.verb not in handled() or len(deed.actors) < 2:
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
                if others and deed.target is None and not self._only_where(deed, prep):
                    deed.target = ("person", others[0])
            elif item.kind == "thing" and not self._only_where(deed, prep):
                self._object_thing(deed, int(item.value), prep)
            elif (
                item.kind == "unknown"
                and not prep
                and (deed.lacks or self._between(at) & determiners())
                and at == index + 1 + len(deed.lacks)
            ):
                deed.lacks = [*deed.lacks, *item.tokens]

    def _only_where(self, deed: Deed, prep: str) -> bool:
        """`hides behind the sofa`: a relation tells it; only who goes there goes for it."""
        return prep in _PLACED and deed.verb not in travels()

    def _object_thing(self, deed: Deed, thing: int, prep: str) -> None:
        if deed.verb in handled() and deed.prop is None and (not prep or prep not in _TOWARDS or (prep == "with" and deed.verb != "push")):
            if self._draft.things[thing].kind == "hoop":
                deed.target = ("thing", thing)
            else:
                deed.prop = thing
        elif prep in _AWAY_FROM and deed.prop is not None:
            self._shot.relations.append(Relation(("thing", deed.prop), "on", ("thing", thing)))  # "knocks a vase off the table"
        elif deed.target is None or prep in {"at", "to", "into", "through"}:
            deed.target = ("thing", thing)
