"""First reading: tokens to items, meeting people and things and gathering what is said of their looks on the way."""

from collections.abc import Callable, Sequence
from typing import Any

from kinora_world.director.draft import Draft, Thing
from kinora_world.director.items import Item
from kinora_world.director.lexicon import Sense, Senses, lists, look_up, stop_words
from kinora_world.director.looks import Adjectives
from kinora_world.director.people import MOST, Company, is_name
from kinora_world.director.text import Token

_NOUNS = frozenset({"person", "prop", "garment", "hair"})
_ADJECTIVES = frozenset({"trait", "colour", "hair_colour", "hair_style", "number"})
_PAUSES = {"stop": "stop", "line": "stop", "comma": "comma", "colon": "comma"}
_MAX_THINGS = 10
_LOOSE_NAMES = frozenset(
    {"mark", "bill", "grace", "ruby", "iris", "ivy", "rosa", "max", "jean", "harry", "wei", "jin", "sam", "dan", "raj"}
)


class Reader:
    """Reads one prompt into `draft` and a row of items."""

    def __init__(self, tokens: Sequence[Token], draft: Draft) -> None:
        self._tokens = tokens
        self._draft = draft
        self._company = Company(draft)
        self._adjectives = Adjectives()
        self._items: list[Item] = []
        self._on_camera = False  # in a clause about the camera
        self._denying = False
        self._shouting = _mostly_capitals(tokens)

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
        for attempt in (self._numbered_scene, self._age, self._duration, self._in_language, self._name):
            if length := attempt(index):
                return length
        length, senses = look_up([t.word for t in self._words_from(index)])
        sense = self._choose(index, length, senses)
        if sense is not None:
            self._take(index, length, sense, senses)
            return length
        self._small(index)
        return 1

    # --- punctuation and small words

    def _pause(self, token: Token) -> None:
        token.used = token.kind != "quote"
        self._adjectives.drop()
        if token.kind in {"stop", "line", "comma"}:
            self._on_camera = self._denying = False
        if token.kind == "quote":
            self._add("quote", [token], token.text)
        else:
            self._add(_PAUSES[token.kind], [token])

    def _small(self, index: int) -> None:
        """A word that is no content word ties sentences; any other stays unused, and is reported."""
        token = self._tokens[index]
        word = token.word
        if self._denying and word not in stop_words():
            token.used = True  # what is to be absent is absent
            self._denying = False
        if word in lists("small")["headings"] and index + 1 < len(self._tokens) and self._tokens[index + 1].text == ".":
            self._add("cut", self._used(index, 2))
            return
        if word not in stop_words() and word not in lists("small")["prepositions"]:
            if not word.endswith("ly"):
                self._add("unknown", [token])
            return
        token.used = True
        if word in {"and", "but"}:
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
        return not any(sense.kind in _NOUNS | _ADJECTIVES for sense in senses) and bool(senses)

    # --- phrases with a grammar of their own

    def _numbered_scene(self, index: int) -> int:
        """`Shot 2:`, "Scene 1." """
        number = self._word(index + 1)
        if self._tokens[index].word not in {"shot", "scene", "part", "clip"} or not number:
            return 0
        after = self._tokens[index + 2].kind if index + 2 < len(self._tokens) else ""
        if not (number.isdigit() or number in lists("numbers")) or after not in {"colon", "stop", "line", "comma"}:
            return 0
        self._add("cut", self._used(index, 2))
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

    def _duration(self, index: int) -> int:
        """`4 seconds` is settled by the request."""
        word, unit = self._word(index), self._word(index + 1)
        if not word[:-1].isdigit() and not word.isdigit():
            return 0
        if word.endswith("s") or unit in {"second", "seconds", "sec", "secs", "s"}:
            length = 1 if word.endswith("s") else 2
            phrase = " ".join(token.text for token in self._used(index, length))
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
        tokens = self._used(index, length)
        name = " ".join(token.text for token in tokens)[:80]
        name = name.title() if name.isupper() or name.islower() else name
        before = self._items[-1] if self._items else None
        if self._word(index - 1) in {"named", "called"} or (before and before.kind == "people" and self._adjoins(before, index)):
            number = self._company.recent[0]
            if self._company.people[number].name is None:
                self._company.christen(number, name)
                if before is None or before.kind != "people":
                    self._people(tokens, [number])
                return length
        self._people(tokens, self._company.named(name))
        return length

    def _adjoins(self, before: Item, index: int) -> bool:
        """`my friend Leo`: the noun stands right before the name."""
        return len(before.value) == 1 and before.tokens[-1] is self._tokens[index - 1] and before.phrase.casefold() not in _pronouns()

    def _is_name(self, index: int) -> bool:
        token = self._tokens[index] if 0 <= index < len(self._tokens) else None
        if token is None or token.kind != "word" or token.text.isdigit():
            return False
        word, capital = token.word, token.text[0].isupper() and not self._shouting
        if is_name(word):
            return capital or self._shouting or word not in _LOOSE_NAMES
        if not capital or word in stop_words() or look_up([word])[1] or (token.text.isupper() and len(word) < 5):
            return False
        if self._word(index - 1) in {"named", "called"}:
            return True
        if index == 0 or self._tokens[index - 1].kind not in {"word", "comma"}:
            return self._verb_follows(index)
        return self._word(index - 1) not in {"in", "at", "near", "from", "on", "through", "of", "the", "like"}

    def _verb_follows(self, index: int) -> bool:
        """At the start of a sentence every word has a capital: it is a name when somebody then does something, or "and"."""
        following = [token.word for token in self._words_from(index + 1)]
        if not following:
            return False
        _, senses = look_up(following)
        return following[0] in {"and", "is", "who"} or any(sense.kind in {"action", "speech", "fate"} for sense in senses)

    # --- words of the lexicon

    def _choose(self, index: int, length: int, senses: Senses) -> Sense | None:
        """The sense that fits here; None when none does."""
        word = self._word(index)
        fitting = [sense for sense in senses if self._fits(index, length, sense)]
        if not fitting or (length == 1 and word in stop_words() and not any(sense.exact for sense in fitting)):
            return None
        if self._noun_place(index):
            fitting.sort(key=lambda sense: sense.kind in {"action", "speech", "fate"})
        return fitting[0]

    def _fits(self, index: int, length: int, sense: Sense) -> bool:
        if sense.kind in {"camera_only", "framing_only"}:
            return self._on_camera
        if sense.kind in {"trait", "hair_colour", "hair_style", "colour"}:
            return self._adjective_fits(index, length, sense)
        if sense.kind == "number":
            return self._noun_follows(index + length) is not None
        if sense.kind == "language":
            return False
        if sense.kind in {"action", "speech", "fate"}:
            return not self._on_camera and not self._is_light(index) and (self._lightly(index) or not self._determined(index))
        return True

    def _adjective_fits(self, index: int, length: int, sense: Sense) -> bool:
        noun = self._noun_follows(index + length)
        if sense.kind == "trait":
            return noun == "person" or (noun is None and self._company.recent != [])
        if sense.kind == "hair_colour":
            return noun == "hair"
        if sense.kind == "hair_style":
            return noun == "hair" or sense.value == "bald"
        return noun != "hair" or self._word(index) not in lists("traits")["hair_colours"]

    def _noun_follows(self, index: int) -> str | None:
        """The kind of the noun that an adjective here belongs to, over other adjectives and one unknown word."""
        unknown = 0
        while index < len(self._tokens) and self._tokens[index].kind == "word":
            length, senses = look_up([token.word for token in self._words_from(index)])
            kinds = [sense.kind for sense in senses]
            noun = next((kind for kind in kinds if kind in _NOUNS), None)
            if noun:
                return noun
            if not any(kind in _ADJECTIVES for kind in kinds):
                unknown += 1
                if unknown > 1 or kinds or self._word(index) in stop_words():
                    return "person" if is_name(self._word(index)) else None
            index += length
        return None

    def _noun_place(self, index: int) -> bool:
        """A determiner, number or adjective stands before: "the box" is a thing, "they box" is not."""
        before = self._word(index - 1)
        return before in {"a", "an", "of", *lists("small")["determiners"]} or before.isdigit() or self._adjectives.waiting

    def _determined(self, index: int) -> bool:
        return self._word(index - 1) in lists("small")["determiners"]

    def _is_light(self, index: int) -> bool:
        """`takes` in "takes a bow": the action is in the noun."""
        if self._word(index) not in lists("small")["light_verbs"]:
            return False
        ahead = [self._word(index + step) for step in (1, 2, 3)]
        return any(word and any(sense.kind == "action" for sense in look_up([word])[1]) for word in ahead)

    def _lightly(self, index: int) -> bool:
        return any(self._word(index - step) in lists("small")["light_verbs"] for step in (1, 2, 3))

    def _take(self, index: int, length: int, sense: Sense, senses: Senses) -> None:
        tokens = list(self._tokens[index : index + length])
        handlers: dict[str, Callable[[list[Token], Sense], None]] = {
            "person": self._take_person,
            "prop": self._take_thing,
            "garment": self._take_garment,
            "hair": self._take_hair,
            "hair_alone": self._take_hair_alone,
            "style": self._take_style,
            "pronoun": self._take_pronoun,
            "camera": self._take_camera,
            "framing": self._take_camera,
        }
        kind = sense.kind.removesuffix("_only")
        if kind in handlers:
            handlers[kind](tokens, sense)
        elif kind in _ADJECTIVES:
            self._take_adjective(index, tokens, sense)
        elif kind in {"action", "speech", "fate"}:
            self._take_verb(index, tokens, senses)
        elif kind == "negation":
            self._denying = True
            self._used(index, length)
        elif kind == "empty":
            self._draft.nobody = not self._draft.people
            self._used(index, length if self._draft.nobody else 0)
        else:
            if kind in {"while", "then", "cut", "mutual"}:
                self._used(index, length)
                self._on_camera = False
            self._adjectives.drop()
            self._add(kind, tokens, sense.value, exact=sense.exact)

    def _take_verb(self, index: int, tokens: list[Token], senses: Senses) -> None:
        self._adjectives.drop()
        verbs = tuple(s for s in senses if s.kind in {"action", "speech", "fate"})
        gerund = tokens[0].word.endswith("ing") and self._word(index - 1) not in {"is", "are", "was", "were", "starts", "begins", "keeps"}
        self._items.append(Item("verb", None, tokens, senses=verbs, gerund=gerund, denied=self._denying))
        self._denying = False

    def _take_adjective(self, index: int, tokens: list[Token], sense: Sense) -> None:
        key, value = sense.value if sense.kind == "trait" else (sense.kind, sense.value)
        self._adjectives.add(tokens, key, value)
        noun = self._noun_follows(index + len(tokens))
        people = [self._company.people[n] for n in self._company.recent]
        if noun is None and people and sense.kind == "colour" and self._word(index - 1) in {"in", "all", "wearing", "wears"}:
            self._drop_preposition()
            self._adjectives.clothe(people, "both")
        elif noun is None and people and (sense.kind == "trait" or sense.value == "bald"):
            self._adjectives.dress(people)

    def _take_person(self, tokens: list[Token], sense: Sense) -> None:
        facts = {key: sense.value[key] for key in ("feminine", "age", "noun") if key in sense.value}
        if self._denying:
            self._draft.nobody, self._denying = True, False
            self._mark(tokens)
            return
        if (group := self._same_group()) is not None:
            return self._more_about(group, tokens, facts)
        count = self._adjectives.number or sense.value["count"] or (3 if facts["noun"] == "person" and tokens[-1].word == "people" else 2)
        plural = count > 1
        who = self._known(tokens, facts, plural=plural) or self._company.meet(
            min(count, 99), of_group=plural, title=" ".join(token.word for token in tokens), **facts
        )
        self._adjectives.dress([self._company.people[n] for n in who], skin=True)
        if not sense.exact:
            self._draft.approximated.setdefault(
                " ".join(t.text for t in tokens), f"a {sense.value['near']}".replace("a four", "four").replace("a six", "six")
            )
        self._people(tokens, who)

    def _same_group(self) -> list[int] | None:
        """`a crowd of people` is one group."""
        before = self._items[-2:]
        of = len(before) == 2 and before[0].kind == "people" and before[1].kind == "prep" and before[1].value == "of"
        return list(before[0].value) if of and len(before[0].value) > 1 else None

    def _more_about(self, group: list[int], tokens: list[Token], facts: dict[str, Any]) -> None:
        for number in group:
            for key, value in facts.items():
                setattr(self._company.people[number], key, value)
        self._adjectives.dress([self._company.people[n] for n in group])
        self._mark(tokens)
        self._items.pop()

    def _known(self, tokens: list[Token], facts: dict[str, object], *, plural: bool) -> list[int]:
        """Somebody met before whom this noun speaks of again."""
        noun, feminine = str(facts["noun"]), facts.get("feminine")
        article = self._article(tokens[0])
        before = self._items[-2:]
        if not plural and article in {"a", "an"} and self._describes(before, feminine):
            return list(self._company.recent)
        if article not in {"the", "this", "that", "these", "those"}:
            return []
        if plural:
            return self._company.all_again(noun)
        return self._company.again(noun, float(feminine) if isinstance(feminine, int | float) else None)

    def _describes(self, before: list[Item], feminine: object) -> bool:
        """`Maya, a woman in red` speaks of one person."""
        if len(before) < 2 or before[0].kind != "people" or before[1].kind != "comma" or len(before[0].value) != 1:
            return False
        person = self._company.people[before[0].value[0]]
        return person.name is not None and person.noun == "person" and (feminine is None or person.feminine in {None, feminine})

    def _article(self, token: Token) -> str:
        for step in range(1, 5):
            word = self._word(token.index - step)
            if word in {"a", "an", "another", *lists("small")["determiners"]} or not word:
                return word
        return ""

    def _take_thing(self, tokens: list[Token], sense: Sense) -> None:
        if self._denying:
            self._denying = False
            self._mark(tokens)
            return
        known = self._article(tokens[0]) in {"the", "this", "that", "his", "her", "their", "its"} or sense.value == "hoop"
        number = self._thing_again(str(sense.value)) if known else None
        if number is None:
            if len(self._draft.things) >= _MAX_THINGS:
                return
            count = self._adjectives.number or (3 if tokens[-1].word.endswith("s") and sense.value not in tokens[-1].word else 1)
            number = len(self._draft.things)
            self._draft.things.append(Thing(number, str(sense.value), min(count, MOST), stacked=self._adjectives.stacked))
        self._adjectives.paint(self._draft.things[number])
        if not sense.exact:
            self._draft.approximated.setdefault(" ".join(t.text for t in tokens), f"a {str(sense.value).replace('_', ' ')}")
        self._mark(tokens)
        self._add("thing", tokens, number)

    def _thing_again(self, kind: str) -> int | None:
        for thing in reversed(self._draft.things):
            if thing.kind == kind or (kind == "ball" and "ball" in thing.kind):
                return thing.number
        return None

    def _last_thing(self) -> int:
        mentioned = [item.value for item in self._items if item.kind == "thing"]
        loose = [n for n in mentioned if self._draft.things[n].kind != "hoop"]
        return int((loose or mentioned or [len(self._draft.things) - 1])[-1])

    def _take_garment(self, tokens: list[Token], sense: Sense) -> None:
        people = [self._company.people[n] for n in self._company.recent]
        if not people:
            return self._adjectives.drop()
        if not sense.exact:
            what = {"both": "clothes", "bottom": "trousers"}[str(sense.value)]
            self._draft.approximated.setdefault(" ".join(t.text for t in tokens), f"{what} of the same colour")
        self._mark(tokens)
        self._drop_preposition()
        return self._adjectives.clothe(people, str(sense.value))

    def _drop_preposition(self) -> None:
        """The "in" of "in a red shirt" ties nothing else."""
        while self._items and self._items[-1].kind == "prep":
            self._items.pop()

    def _take_hair(self, tokens: list[Token], _: Sense) -> None:
        if not self._company.recent and self._noun_follows(tokens[-1].index + 1) != "person":
            return
        self._mark(tokens)
        if self._noun_follows(tokens[-1].index + 1) != "person":
            self._drop_preposition()
            self._adjectives.dress([self._company.people[n] for n in self._company.recent])

    def _take_hair_alone(self, tokens: list[Token], sense: Sense) -> None:
        self._adjectives.add(tokens, "hair_colour", sense.value)
        if self._noun_follows(tokens[-1].index + 1) is None:
            who = self._company.meet() if self._article(tokens[0]) in {"a", "an"} else self._company.recent or self._company.meet()
            self._adjectives.dress([self._company.people[n] for n in who])
            self._people(tokens, who)

    def _take_style(self, tokens: list[Token], sense: Sense) -> None:
        if self._draft.style not in {None, sense.value}:
            return
        self._draft.style = str(sense.value)
        if not sense.exact:
            self._draft.approximated.setdefault(" ".join(t.text for t in tokens), f"the {sense.value} style")
        self._mark(tokens)

    def _take_pronoun(self, tokens: list[Token], sense: Sense) -> None:
        self._mark(tokens)
        self._people(tokens, self._company.pronoun(str(sense.value)))

    def _take_camera(self, tokens: list[Token], sense: Sense) -> None:
        self._add(sense.kind.removesuffix("_only"), tokens, sense.value, exact=sense.exact)

    # --- helpers

    def _people(self, tokens: Sequence[Token], numbers: Sequence[int]) -> None:
        self._mark(tokens)
        self._adjectives.drop()
        self._on_camera = False
        self._add("people", tokens, list(self._company.mention(numbers)))

    def _add(self, kind: str, tokens: Sequence[Token], value: object = None, *, exact: bool = True) -> None:
        self._items.append(Item(kind, value, list(tokens), exact))

    def _mark(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            token.used = True

    def _used(self, index: int, length: int) -> list[Token]:
        tokens = list(self._tokens[index : index + length])
        self._mark(tokens)
        return tokens

    def _word(self, index: int) -> str:
        return self._tokens[index].word if 0 <= index < len(self._tokens) else ""

    def _words_from(self, index: int) -> list[Token]:
        found: list[Token] = []
        for token in self._tokens[index : index + 4]:
            if token.kind != "word":
                break
            found.append(token)
        return found


def _pronouns() -> frozenset[str]:
    return frozenset(word for phrases in lists("small")["pronouns"].values() for word in phrases)


def _mostly_capitals(tokens: Sequence[Token]) -> bool:
    """A prompt in capitals, or One Where Every Word Has One, says nothing about names."""
    words = [token.text for token in tokens if token.kind == "word" and token.text[0].isalpha()]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.7 * len(words)
