"""First reading: tokens to items, meeting people and things and gathering what is said of their looks on the way."""

from collections.abc import Callable, Mapping
from functools import partial

from kinora_world.director.claims import Claim, always, heard, in_some_shot, in_the_air, missing
from kinora_world.director.items import Item
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import Sense, Senses, lexicon, lists, look_up, stop_words
from kinora_world.director.phrases import PhraseReader
from kinora_world.director.scanning import ADJECTIVES, DEEDS, NOUNS
from kinora_world.director.text import Token

_NEAR_NOUNS, _NEAR_VERBS = ("props", "places", "species"), ("actions",)
_SENSES = {"props": "prop", "places": "place", "species": "person", "actions": "action"}
_THERE: Mapping[str, Callable[[str], Claim]] = {"weather": partial(in_some_shot, "weather"), "effect": in_the_air, "sound": heard}
_LINE_REACH = 9  # words from a verb of saying to its line
_PARTICLES = frozenset({"off", "up", "down", "over", "out", "away", "on"})
_GAP = 5  # words from a verb to its object
_PAUSES = {"stop": "stop", "line": "stop", "comma": "comma", "colon": "comma"}


class Reader(PhraseReader):
    """Reads one prompt into `draft` and a row of items."""

    def read(self) -> list[Item]:
        index = 0
        while index < len(self._tokens):
            index += self._one(index)
        return self._items

    def _one(self, index: int) -> int:
        """Reads what stands at `index`; how many tokens that was."""
        token = self._tokens[index]
        if token.kind != "word":
            self._pause(token)
            return 1
        for attempt in (
            self._numbered_scene,
            self._viewing,
            self._age,
            self._lens,
            self._duration,
            self._in_language,
            self._name,
            self._ambient_verb,
        ):
            if length := attempt(index):
                return length
        length, senses = look_up([t.word for t in self._words_from(index)])
        sense = self._choose(index, length, senses)
        while sense is None and length > 1:  # "pushes in the park" is no "push in" of a camera
            length, senses = look_up([t.word for t in self._words_from(index)][: length - 1])
            sense = self._choose(index, length, senses)
        if length > 1 and sense is not None and sense.kind in {"action", "sound", "music"} and (single := self._single_word(index)):
            length, sense, senses = 1, *single
        if sense is not None:
            self._take(index, length, sense, senses)
            return length
        self._small(index)
        return 1

    def _single_word(self, index: int) -> tuple[Sense, Senses] | None:
        """Where a phrase begins with somebody ("a zombie walks", "wolf howls"), or brings a line ("whispers to Leo: …")."""
        _, senses = look_up([self._word(index)])
        person = next((sense for sense in senses if sense.kind == "person"), None)
        if person is not None and self._noun_place(index):
            return person, senses
        speech = next((sense for sense in senses if sense.kind == "speech"), None)
        ahead = [token.kind for token in self._tokens[index : index + _LINE_REACH]]
        before_stop = ahead[: ahead.index("stop")] if "stop" in ahead else ahead
        return (speech, senses) if speech is not None and "quote" in before_stop else None

    # --- punctuation and small words

    def _pause(self, token: Token) -> None:
        self._adjectives.drop()
        if token.kind in {"stop", "line", "comma"}:
            self._on_camera = self._denying = False
        if token.kind != "word":
            self._latest = None
        if token.kind == "quote":
            self._add("quote", [token], token.text)
        else:
            self._add(_PAUSES[token.kind], [token])

    def _small(self, index: int) -> None:
        """A word that is no content word ties sentences; any other stays unused, and is reported."""
        token = self._tokens[index]
        word = token.word
        if self._agent(index):
            return
        if self._denying and word not in stop_words():
            self._claim([token], always)  # what is to be absent is absent
            self._denying = False
        if word in lists("small")["headings"] and index + 1 < len(self._tokens) and self._tokens[index + 1].text == ".":
            self._add("cut", self._granted(index, 2))
            return
        if word not in stop_words() and word not in lists("small")["prepositions"]:
            if not word.endswith("ly") and not self._by_meaning(index):
                self._add("unknown", [token])
            return
        self._tie(index, word)

    def _by_meaning(self, index: int) -> bool:
        """A word no list knows, shown by what comes nearest to it in meaning."""
        token, nearest = self._tokens[index], self._draft.nearest
        noun = self._noun_place(index)
        if nearest is None or not (noun or self._verb_place(index)) or not token.word.isalpha():
            return False
        found = nearest(lemmas(token.word)[-1] if token.word.endswith("s") else token.word, _NEAR_NOUNS if noun else _NEAR_VERBS)
        if found is None:
            return False
        kind, name = found
        senses = tuple(sense for sense in lexicon().get(name.replace("_", " "), ()) if sense.kind == _SENSES[kind])
        value = dict(senses[0].value, near=name.replace("_", " ")) if senses and kind == "species" else name
        if kind == "species" and not senses:
            return False
        sense = Sense(_SENSES[kind], value, exact=False)
        self._take(index, 1, sense, (sense,))
        return bool(token.claims) or kind in {"places", "actions"}

    def _tie(self, index: int, word: str) -> None:
        """Conjunctions, prepositions and the pronouns that need a look around."""
        token = self._tokens[index]
        if word in {"and", "but"}:
            if self._adjectives.waiting and self._adjective_at(index + 1):  # "a red and white shirt"
                return
            self._adjectives.drop()
            self._add("and", [token])
        elif word in {"who", "which", "whom"}:
            self._add("relative", [token])
        elif word in lists("small")["prepositions"]:
            self._adjectives.drop()
            self._add("prep", [token], word)
        elif word == "camera":
            self._on_camera = True
        elif word in {"it", "itself"} and (beast := self._last_beast()) is not None:
            self._people([token], [beast])
        elif word in {"it", "itself"} and self._draft.things:
            self._add("thing", [token], self._last_thing())
        elif word == "her" and self._is_object(index):
            self._people([token], self._company.pronoun("she"))
        elif word in {"one", "other"} and self._alone(index) and (who := self._company.one_and_other(word)):
            self._people([token], who)

    def _alone(self, index: int) -> bool:
        """`one` who does something, not "one knee"."""
        following = self._word(index + 1)
        return following in stop_words() or not following or any(sense.kind in DEEDS for sense in look_up([following])[1])

    def _is_object(self, index: int) -> bool:
        """`her` alone, not "her ball": nothing it could belong to follows."""
        following = self._word(index + 1)
        if not following or following in stop_words():
            return True
        _, senses = look_up([following])
        return not any(sense.kind in NOUNS | ADJECTIVES for sense in senses) and bool(senses)

    def _take(self, index: int, length: int, sense: Sense, senses: Senses) -> None:
        tokens = list(self._tokens[index : index + length])
        handlers = {
            "person": self._take_person,
            "prop": self._take_thing,
            "garment": self._take_garment,
            "hair": self._take_hair,
            "hair_alone": self._take_hair_alone,
            "hair_noun": self._take_hair_noun,
            "beard": self._take_beard,
            "quality": self._take_quality,
            "loop": self._take_loop,
            "style": self._take_style,
            "pronoun": self._take_pronoun,
            "camera": self._take_camera,
            "framing": self._take_camera,
        }
        kind = sense.kind.removesuffix("_only")
        if kind == "camera" and (size := next((other for other in senses if other.kind == "framing"), None)):  # "aerial view"
            self._take_camera(tokens, size)
        if kind in handlers:
            handlers[kind](tokens, sense)
        elif kind in ADJECTIVES:
            self._take_adjective(index, tokens, senses, sense)
        elif kind in DEEDS:
            self._take_verb(index, tokens, senses)
        elif kind == "negation":
            self._denying = True
            self._granted(index, length)
        elif kind == "empty":
            self._draft.nobody = not self._draft.people
            self._claim(tokens, lambda film: not any(shot.crowd for shot in film.shots))
        elif self._denying and kind in {"weather", "effect", "sound", "music", "music_mood"}:
            self._deny(tokens, kind, sense)
        else:
            self._take_tie(tokens, kind, sense)

    def _take_tie(self, tokens: list[Token], kind: str, sense: Sense) -> None:
        if kind in {"while", "then", "cut", "mutual", "prep"}:
            self._claim(tokens, always)
            self._on_camera = False
        if kind == "place":
            self._within_place(tokens)
        if kind == "sound" and self._person_at(tokens[-1].index + 1):  # "a frog prince"
            return self._adjectives.add(tokens, "kin", None)
        if kind == "sound" and self._noun_place(tokens[0].index):  # "a lion roars", where nothing looks like a lion
            self._draft.approximated.setdefault(" ".join(token.text for token in tokens), "its sound")
        if not self._person_at(tokens[-1].index + 1):  # "a tired office worker"
            self._adjectives.drop()
        return self._add(kind, tokens, sense.value, exact=sense.exact)

    def _within_place(self, tokens: list[Token]) -> None:
        """`a snowy forest`, "a haunted house": a place whose name says the weather or the mood too."""
        for token in tokens[:-1]:
            told = next((sense for sense in look_up([token.word])[1] if sense.kind in {"weather", "mood"}), None)
            if told is not None:
                self._add(told.kind, [token], told.value)

    def _deny(self, tokens: list[Token], kind: str, sense: Sense) -> None:
        """`no music`, "without rain": silence is staged, the rest is simply not there."""
        if kind in _THERE:
            self._claim(tokens, missing(_THERE[kind](sense.value)))
        self._denying = False
        if kind.startswith("music"):
            self._add("music", tokens, "none")

    def _take_quality(self, tokens: list[Token], _: Sense) -> None:
        self._claim(tokens, always)
        self._draft.qualities.append(" ".join(token.text for token in tokens))

    def _take_loop(self, tokens: list[Token], _: Sense) -> None:
        self._claim(tokens, lambda film: film.loop)
        self._draft.loop = True

    def _take_verb(self, index: int, tokens: list[Token], senses: Senses) -> None:
        self._adjectives.drop()
        bare = len(tokens) == 1 and tokens[-1].word == lemmas(tokens[-1].word)[-1] and self._word(index - 1) in {"", "and"}
        if (
            self._person_at(index + len(tokens)) and not tokens[-1].word.endswith("ing") and (bare or self._noun_place(index))
        ):  # "a yoga teacher"
            return self._adjectives.add(tokens, "kin", None)
        gapped, also = self._with_gap(index, len(tokens))
        verbs = gapped or tuple(s for s in senses if s.kind in DEEDS)
        if self._person_at(index + 1) and tokens[0].word.endswith("ing") and self._noun_place(index):  # "a crying baby"
            self._participle = Item("verb", None, tokens, senses=verbs)
            return None
        gerund = tokens[0].word.endswith("ing") and self._word(index - 1) not in {"is", "are", "was", "were", "starts", "begins", "keeps"}
        self._items.append(Item("verb", None, tokens, senses=verbs, gerund=gerund, denied=self._denying, also=also))
        if not self._denying:
            self._thing_within(tokens)
        self._denying = False
        return None

    def _with_gap(self, index: int, length: int) -> tuple[Senses, list[Token]]:
        """`plays a red guitar`, "rides a huge wave": an action of several words with adjectives between, and its other word."""
        if length > 1:
            return (), []
        for at in range(index + 1, index + _GAP):
            word = self._word(at)
            if word in _PARTICLES and at > index + 1 and (found := self._with_particle(index, word)):
                return found, []
            if word == "on" and at == index + 1:  # "rides on a horse"
                continue
            if not word or word in lists("small")["prepositions"] or word in {"and", "then", "while"}:
                break
            for verb in lemmas(self._word(index)):
                for noun in lemmas(word):
                    found = tuple(sense for sense in lexicon().get(f"{verb} {noun}", ()) if sense.kind == "action")
                    if found:
                        named = any(sense.kind in NOUNS | {"effect"} for sense in look_up([word])[1])  # by itself
                        return found, [] if named else [self._tokens[at]]
        return (), []

    def _with_particle(self, index: int, particle: str) -> Senses:
        """`knocks a vase off`, "picks the ball up"."""
        phrases = [lexicon().get(f"{verb} {particle}", ()) for verb in lemmas(self._word(index))]
        return tuple(sense for senses in phrases for sense in senses if sense.kind == "action")

    def _thing_within(self, tokens: list[Token]) -> None:
        """`rides a bike` names a thing too, "rides a horse" somebody."""
        for start in range(1, len(tokens)):
            length, senses = look_up([token.word for token in tokens[start:]])
            noun = next((sense for sense in senses if sense.kind in {"prop", "person", "sound"}), None)
            if noun is None or start + length != len(tokens) or (noun.kind == "prop" and self._is_verb(tokens[start])):
                continue
            if noun.kind == "sound":  # "rings the doorbell"
                return self._add("sound", tokens[start:], noun.value)
            if noun.kind == "prop":
                return self._take_thing(tokens[start:], noun)
            if "species" in noun.value:
                return self._take_person(tokens[start:], noun)
        return None

    def _is_verb(self, token: Token) -> bool:
        """The "boxes" of "shadow boxes"."""
        return (
            token.word.endswith("s")
            and not self._determined(token.index)
            and any(sense.kind == "action" for sense in look_up([token.word])[1])
        )

    def _take_adjective(self, index: int, tokens: list[Token], senses: Senses, sense: Sense) -> None:
        for other in (other for other in senses if other.kind == "trait" and sense.kind == "trait") if sense.kind == "trait" else (sense,):
            self._adjectives.add(tokens, *(other.value if other.kind == "trait" else (other.kind, other.value)))
        noun = self._noun_follows(index + len(tokens))
        people = [self._company.people[n] for n in self._company.recent]
        if noun is None and people and sense.kind == "colour" and self._word(index - 1) in {"in", "all", "wearing", "wears"}:
            self._drop_preposition()
            self._adjectives.clothe(people, "all")
        elif noun is None and people and (sense.kind == "trait" or sense.value == "bald"):
            self._drop_preposition()
            self._adjectives.dress(people)
        elif noun is None and self._latest is not None:
            self._latest()
