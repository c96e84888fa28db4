"""Phrases with a grammar of their own: numbered scenes, ages, lenses, lengths, languages, names."""

from kinora_world.director.claims import on_stage, there
from kinora_world.director.draft import Thing
from kinora_world.director.fates import handled
from kinora_world.director.items import Item
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import Sense, lists, look_up
from kinora_world.director.nouns import MAX_THINGS, NounReader
from kinora_world.director.people import is_name
from kinora_world.director.scanning import DEEDS, is_agent
from kinora_world.director.text import Token

_AMBIENT = frozenset({"weather", "effect", "sound", "music", "music_mood", "time"})
_SHORTEST_LENS, _LONGEST_LENS = 10, 300  # mm
_DECADE = (3, 5)  # letters of "90s" and "1980s"


class PhraseReader(NounReader):
    """Each method reads such a phrase at `index`; how many tokens that was, 0 when there is none."""

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

    def _viewing(self, index: int) -> int:
        """`we see a man`, "you can hear thunder": it is the audience that sees."""
        words = [token.word for token in self._words_from(index)]
        if words[0] not in {"we", "you", "viewers"}:
            return 0
        at = 2 if words[1:2] in (["can"], ["then"], ["now"], ["could"]) else 1
        if words[at : at + 1] not in (["see"], ["hear"], ["watch"], ["follow"]):
            return 0
        if words[at] == "follow":
            self._add("camera", self._tokens[index + at : index + at + 1], "follow")
        self._granted(index, at + (words[at] != "follow"))
        return at + 1

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
        if word.endswith("0s") and len(word) in _DECADE:
            return 0  # "90s vhs"
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
            return self._handle(index)
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

    def _handle(self, index: int) -> int:
        """A cameo: somebody new or met before, or who was just spoken of: `my dog @bob.rex`."""
        handle = self._tokens[index].text.lower().removesuffix("'s")
        self._adopt(index, handle)
        if "." in handle and not self._is_met(handle):
            self._own(index, handle)
        else:
            self._people(self._tokens[index : index + 1], self._company.likeness(handle), name=handle)
        return 1

    def _is_met(self, handle: str) -> bool:
        return any(person.handle == handle for person in self._company.people)

    def _adopt(self, index: int, handle: str) -> None:
        before = self._items[-1] if self._items else None
        adjoins = bool(before and before.kind == "people" and self._adjoins(before, index))
        if self._is_met(handle) or not (adjoins or self._word(index - 1) in {"named", "called"}):
            return
        number = self._company.recent[0]
        if self._company.people[number].name is None:
            self._company.bear(number, handle)

    def _own(self, index: int, handle: str) -> None:
        """Somebody's pet or object: a thing when its name is one and it does nothing, or when something is done with it."""
        tokens, (_, senses) = [self._tokens[index]], look_up(handle.rsplit(".", 1)[-1].split("_"))
        species = next((sense.value["species"] for sense in senses if sense.kind == "person" and "species" in sense.value), None)
        kind = next((str(sense.value) for sense in senses if sense.kind == "prop"), None)
        acts = any(sense.kind in DEEDS for sense in look_up([token.word for token in self._words_from(index + 1)] or [""])[1])
        if species is None and (self._handling() or (kind is not None and not acts)):
            self._own_thing(tokens, handle, kind or "keepsake")
        else:
            self._people(tokens, self._company.likeness(handle, species or "puppet"), name=handle)

    def _handling(self) -> bool:
        """What stands before is done with things: "throws"."""
        before = self._items[-1] if self._items else None
        return before is not None and before.kind == "verb" and any(sense.value in handled() for sense in before.senses)

    def _own_thing(self, tokens: list[Token], handle: str, kind: str) -> None:
        known = [thing for thing in self._draft.things if thing.handle == handle]
        if not known and len(self._draft.things) < MAX_THINGS:
            known = [Thing(len(self._draft.things), kind, handle=handle)]
            self._draft.things += known
        for thing in known:
            self._claim(tokens, there(thing, handle=handle))
            self._add("thing", tokens, thing.number)

    def _adjoins(self, before: Item, index: int) -> bool:
        """`my friend Leo`: the noun stands right before the name."""
        return len(before.value) == 1 and before.tokens[-1] is self._tokens[index - 1] and before.phrase.casefold() not in _pronouns()


def _pronouns() -> frozenset[str]:
    return frozenset(word for phrases in lists("small")["pronouns"].values() for word in phrases)
