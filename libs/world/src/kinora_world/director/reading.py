"""First reading: tokens to items, meeting people and things and gathering what is said of their looks on the way."""

from collections.abc import Callable, Mapping
from functools import partial

from kinora_world.director.claims import Claim, always, anybody, heard, in_some_shot, in_the_air, missing, on_stage
from kinora_world.director.items import Item
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import Sense, Senses, lexicon, lists, look_up, stop_words
from kinora_world.director.nouns import NounReader, is_agent
from kinora_world.director.people import is_name
from kinora_world.director.scanning import ADJECTIVES, DEEDS, NOUNS
from kinora_world.director.text import Token

_AMBIENT = frozenset({"weather", "effect", "sound", "music", "music_mood", "time"})
_SHORTEST_LENS, _LONGEST_LENS = 10, 300  # mm
_NEAR_NOUNS, _NEAR_VERBS = ("props", "places", "species"), ("actions",)
_SENSES = {"props": "prop", "places": "place", "species": "person", "actions": "action"}
_THERE: Mapping[str, Callable[[str], Claim]] = {"weather": partial(in_some_shot, "weather"), "effect": in_the_air, "sound": heard}
_LINE_REACH = 9  # words from a verb of saying to its line
_GAP = 5  # words from a verb to its object
_PAUSES = {"stop": "stop", "line": "stop", "comma": "comma", "colon": "comma"}


class Reader(NounReader):
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
        for attempt in (self._numbered_scene, self._age, self._lens, self._duration, self._in_language, self._name, self._ambient_verb):
            if length := attempt(index):
                return length
        length, senses = look_up([t.word for t in self._words_from(index)])
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
        elif word in {"it", "itself"} and self._draft.things:
            self._add("thing", [token], self._last_thing())
        elif word == "her" and self._is_object(index):
            self._people([token], self._company.pronoun("she"))
        elif word in {"one", "other"} and (who := self._company.one_and_other(word)):
            self._people([token], who)

    def _is_object(self, index: int) -> bool:
        """`her` alone, not "her ball": nothing it could belong to follows."""
        following = self._word(index + 1)
        if not following or following in stop_words():
            return True
        _, senses = look_up([following])
        return not any(sense.kind in NOUNS | ADJECTIVES for sense in senses) and bool(senses)

    # --- phrases with a grammar of their own

    def _numbered_scene(self, index: int) -> int:
        """`Shot 2:` or `Scene 1.`."""
        number = self._word(index + 1)
        if self._tokens[index].word not in {"shot", "scene", "part", "clip"} or not number:
            return 0
        after = self._tokens[index + 2].kind if index + 2 < len(self._tokens) else ""
        if not (number.isdigit() or number in lists("numbers")) or after not in {"colon", "stop", "line", "comma"}:
            return 0
        self._add("cut", self._granted(index, 2))
        return 2

    def _age(self, index: int) -> int:
        """`30-year-old`, "aged 30", "30 years old"."""
        words = [t.word for t in self._words_from(index)][:4]
        if words[0] == "aged" and len(words) > 1 and words[1].isdigit():
            return self._aged(index, 2, words[1])
        if words[0].isdigit() and len(words) > 1 and words[1] in {"year", "years", "yo"}:
            return self._aged(index, 3 if words[2:3] == ["old"] else 2, words[0])
        return 0

    def _aged(self, index: int, length: int, years: str) -> int:
        age = min(95.0, max(4.0, float(years[:3])))
        self._adjectives.add(self._tokens[index : index + length], "age", age)
        if self._company.recent and not self._noun_follows(index + length):
            self._adjectives.dress([self._company.people[n] for n in self._company.recent])
        return length

    def _lens(self, index: int) -> int:
        """`85mm` or "85 mm lens"."""
        word, unit = self._word(index), self._word(index + 1)
        digits = word.removesuffix("mm")
        if not digits.isdecimal() or not (word.endswith("mm") or unit == "mm") or not _SHORTEST_LENS <= int(digits[:4]) <= _LONGEST_LENS:
            return 0
        length = 1 if word.endswith("mm") else 2
        length += self._word(index + length) == "lens"
        self._add("lens", self._tokens[index : index + length], int(digits))
        return length

    def _ambient_verb(self, index: int) -> int:
        """What weather, effects and sounds do anyway: "snow falls", "thunder rumbles", "jazz plays"."""
        before = self._items[-1] if self._items else None
        if before is None or before.kind not in _AMBIENT or before.tokens[-1].index < index - 2:
            return 0
        if not set(lemmas(self._word(index))) & set(lists("small")["ambient_verbs"]):
            return 0
        before.also.append(self._tokens[index])
        return 1

    def _agent(self, index: int) -> bool:
        """Somebody known by what they do: "an archer", "two violinists"."""
        word, token = self._word(index), self._tokens[index]
        if not is_agent(word) or not self._noun_place(index) or self._denying or self._person_at(index + 1):
            return False
        base = lemmas(word)[-1] if word.endswith("s") else word
        plural = word != base and word.endswith("s")
        sense = Sense("person", {"noun": base, "count": 0 if plural else 1, **({"feminine": 1} if base.endswith(("woman", "ess")) else {})})
        self._take_person([token], sense)
        return True

    def _duration(self, index: int) -> int:
        """`4 seconds` is settled by the request."""
        word, unit = self._word(index), self._word(index + 1)
        if not word[:-1].isdigit() and not word.isdigit():
            return 0
        if word.endswith("s") or unit in {"second", "seconds", "sec", "secs", "s"}:
            length = 1 if word.endswith("s") else 2
            phrase = " ".join(token.text for token in self._granted(index, length))
            self._draft.approximated.setdefault(phrase, "the length that the request asks for")
            return length
        return 0

    def _in_language(self, index: int) -> int:
        """`in French`."""
        if self._word(index) != "in":
            return 0
        length, senses = look_up([t.word for t in self._words_from(index + 1)][:2])
        tag = next((sense.value for sense in senses if sense.kind == "language"), None)
        if tag is None:
            return 0
        self._add("language", self._tokens[index : index + 1 + length], tag)
        return 1 + length

    def _name(self, index: int) -> int:
        """A capitalised word that nothing else explains, or a known first name; two in a row are first and last name."""
        if not self._is_name(index):
            return 0
        length = 2 if index + 1 < len(self._tokens) and self._is_name(index + 1) and not is_name(self._word(index + 1)) else 1
        if self._tokens[index].text.startswith("@"):
            handle = self._tokens[index].text.lower()
            self._people(self._tokens[index : index + 1], self._company.likeness(handle), name=handle)
            return 1
        tokens = self._tokens[index : index + length]
        name = " ".join(token.text for token in tokens)[:80]
        name = name.removesuffix("'s")
        name = name.title() if name.isupper() or name.islower() else name
        before = self._items[-1] if self._items else None
        if self._word(index - 1) in {"named", "called"} or (before and before.kind == "people" and self._adjoins(before, index)):
            number = self._company.recent[0]
            if self._company.people[number].name is None:
                self._company.christen(number, name)
                if before is None or before.kind != "people":
                    self._people(tokens, [number], name=name)
                else:
                    self._claim(tokens, on_stage(self._company.people[number], name=name))
                return length
        self._people(tokens, self._company.named(name), name=name)
        return length

    def _adjoins(self, before: Item, index: int) -> bool:
        """`my friend Leo`: the noun stands right before the name."""
        return len(before.value) == 1 and before.tokens[-1] is self._tokens[index - 1] and before.phrase.casefold() not in _pronouns()

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
            self._claim(tokens, missing(anybody))
        elif self._denying and kind in {"weather", "effect", "sound", "music", "music_mood"}:
            self._deny(tokens, kind, sense)
        else:
            self._take_tie(tokens, kind, sense)

    def _take_tie(self, tokens: list[Token], kind: str, sense: Sense) -> None:
        if kind in {"while", "then", "cut", "mutual"}:
            self._claim(tokens, always)
            self._on_camera = False
        if kind == "place":
            self._within_place(tokens)
        if kind == "sound" and self._noun_place(tokens[0].index):  # "a lion roars", where nothing looks like a lion
            self._draft.approximated.setdefault(" ".join(token.text for token in tokens), "its sound")
        self._adjectives.drop()
        self._add(kind, tokens, sense.value, exact=sense.exact)

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
        if self._person_at(index + len(tokens)) and not tokens[-1].word.endswith("ing") and self._noun_place(index):  # "a yoga teacher"
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
            if not word or word in lists("small")["prepositions"] or word in {"and", "then", "while"}:
                break
            for verb in lemmas(self._word(index)):
                for noun in lemmas(word):
                    found = tuple(sense for sense in lexicon().get(f"{verb} {noun}", ()) if sense.kind == "action")
                    if found:
                        named = any(sense.kind in NOUNS | {"effect"} for sense in look_up([word])[1])  # by itself
                        return found, [] if named else [self._tokens[at]]
        return (), []

    def _thing_within(self, tokens: list[Token]) -> None:
        """`rides a bike` names a thing too, "rides a horse" somebody."""
        for start in range(1, len(tokens)):
            length, senses = look_up([token.word for token in tokens[start:]])
            noun = next((sense for sense in senses if sense.kind in {"prop", "person"}), None)
            if noun is None or start + length != len(tokens):
                continue
            if noun.kind == "prop":
                return self._take_thing(tokens[start:], noun)
            if "species" in noun.value:
                return self._take_person(tokens[start:], noun)
        return None

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


def _pronouns() -> frozenset[str]:
    return frozenset(word for phrases in lists("small")["pronouns"].values() for word in phrases)
