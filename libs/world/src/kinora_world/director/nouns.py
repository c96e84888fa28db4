"""People, things, clothes, hair and style: nouns with the adjectives before and after them."""

from functools import partial
from typing import Any

from kinora_world.catalogue import words
from kinora_world.director.claims import always, anybody, as_many, in_some_shot, missing, of_kind, on_stage, there, wears
from kinora_world.director.draft import Thing, Wear
from kinora_world.director.items import Item
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import Sense, lexicon, lists, look_up
from kinora_world.director.people import MOST
from kinora_world.director.scanning import Scanner
from kinora_world.director.text import Token

_TOWARDS = frozenset({"at", "into", "to", "toward", "towards", "from", "for", "with"})  # "looks into the camera"
_TITLE = 4  # words of "the old pirate captain"
_OPEN: tuple[Any, ...] = (None, "person", {})  # what a person's facts are while nothing was told
MAX_THINGS = 14
_HEAPS = frozenset({"stack", "pile", "tower"})
_BACKGROUND = frozenset({"celebrate", "cheer", "clap", "look_at", "stand", "idle", "talk", "shout", "laugh"})  # what a crowd does by itself
# What a word list says about people, and the fact of the draft's person it is.
_FACTS = {
    "feminine": "feminine",
    "age": "age",
    "noun": "noun",
    "species": "species",
    "skin": "skin",
    "weight": "weight",
    "muscle": "muscle",
    "beard": "beard",
    "hair": "hair_style",
    "wears": "costume",
}


def with_article(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"


class NounReader(Scanner):
    """Meets people and things and gathers what is said of their looks."""

    def _take_person(self, tokens: list[Token], sense: Sense) -> None:
        facts = {_FACTS[key]: value for key, value in sense.value.items() if key in _FACTS}
        if self._denying:
            self._draft.nobody, self._denying = True, False
            self._claim(tokens, missing(anybody))
        elif self._company.recent and self._disguised(tokens):
            self._disguise(tokens, facts)
        elif self._person_at(tokens[-1].index + 1):
            self._modify(tokens, facts)
        elif "crowd" in sense.value and not self._adjectives.waiting and not self._acts(tokens[-1].index + 1):
            self._add("crowd", tokens, sense.value["crowd"])
        elif self._of_crowd():
            self._items.pop()
            self._items[-1].also.extend(tokens)
        elif (group := self._same_group()) is not None:
            self._more_about(group, tokens, facts)
        else:
            self._meet(tokens, sense, facts)

    def _disguised(self, tokens: list[Token]) -> bool:
        """`dressed as a witch`."""
        before = [self._word(tokens[0].index - step) for step in (1, 2, 3)]
        before = before[1:] if before[0] in {"a", "an"} else before
        return before[0] == "as" and before[1] in {"dressed", "disguised"}

    def _disguise(self, tokens: list[Token], facts: dict[str, Any]) -> None:
        """Clothes of a role; nobody can be dressed as an animal here."""
        for number in self._company.recent:
            if "costume" in facts:
                self._company.people[number].costume = facts["costume"]
                self._claim(tokens, on_stage(self._company.people[number], species="person"))

    def _modify(self, tokens: list[Token], facts: dict[str, Any]) -> None:
        """What a noun before a noun says: a size if it is "baby", whose when it ends so; any other is a role: "a boy wizard"."""
        if tokens[0].word in lists("traits")["sizes"]:
            self._adjectives.add(tokens, "size", lists("traits")["sizes"][tokens[0].word])
        else:
            self._adjectives.add(tokens, "role", facts)

    def _acts(self, index: int) -> bool:
        """A crowd that does more than watch and cheer."""
        words = [token.word for token in self._words_from(index)]
        if words and words[0] == "of":
            words = [token.word for token in self._words_from(index + 2)]
        _, senses = look_up(words) if words else (0, ())
        return any(sense.kind == "action" and sense.value not in _BACKGROUND for sense in senses[:1])

    def _meet(self, tokens: list[Token], sense: Sense, facts: dict[str, Any]) -> None:
        told, counting = self._adjectives.number()
        count = told or sense.value["count"] or (3 if facts["noun"] == "person" and tokens[-1].word == "people" else 2)
        if "species" in facts and count == 1 and self._is_plural(tokens):
            count = 3
        plural = count > 1
        kin = [word for word in self._adjectives.kin if not word.endswith("'s")]
        who = self._known(tokens, facts, plural=plural) or self._company.meet(
            min(count, 99), of_group=plural, title=" ".join([*kin, *(token.word for token in tokens)]).removesuffix("'s"), **facts
        )
        self._adjectives.dress([self._company.people[n] for n in who], skin=True)
        self._claim(counting, as_many(told, [self._company.people[n] for n in who]))
        if not sense.exact:
            stand_in = str(sense.value["near"])
            self._draft.approximated.setdefault(
                " ".join(t.text for t in tokens), stand_in if stand_in.startswith(("four", "six")) else with_article(stand_in)
            )
        self._people(tokens, who, species=facts.get("species"))
        if "crowd" in sense.value:
            self._add("crowd", tokens, sense.value["crowd"])

    def _is_plural(self, tokens: list[Token]) -> bool:
        word = tokens[-1].word
        return (
            word not in words("species")
            and word != lemmas(word)[-1]
            and not word.endswith("'s")
            and self._article(tokens[0]) not in {"a", "an"}
        )

    def _of_crowd(self) -> bool:
        """The people of "a crowd of people"."""
        before = self._items[-2:]
        return len(before) == 2 and before[0].kind == "crowd" and before[1].kind == "prep" and before[1].value == "of"

    def _same_group(self) -> list[int] | None:
        """`a crowd of people` is one group."""
        before = self._items[-2:]
        of = len(before) == 2 and before[0].kind == "people" and before[1].kind == "prep" and before[1].value == "of"
        return list(before[0].value) if of and len(before[0].value) > 1 else None

    def _more_about(self, group: list[int], tokens: list[Token], facts: dict[str, Any]) -> None:
        for number in group:
            self._company.people[number].title = tokens[-1].word
            for key, value in facts.items():
                setattr(self._company.people[number], key, value)
            self._claim(tokens, on_stage(self._company.people[number], species=facts.get("species")))
        self._adjectives.dress([self._company.people[n] for n in group])
        self._items.pop()

    def _known(self, tokens: list[Token], facts: dict[str, object], *, plural: bool) -> list[int]:
        """Somebody met before whom this noun speaks of again."""
        noun, feminine = str(facts["noun"]), facts.get("feminine")
        article = self._article(tokens[0])
        before = self._items[-2:]
        if not plural and self._describes(before, tokens, article, feminine):
            person = self._company.people[self._company.recent[0]]
            for key, value in facts.items():
                if getattr(person, key) in _OPEN:
                    setattr(person, key, value)
            return list(self._company.recent)
        if article not in {"", "the", "this", "that", "these", "those"}:
            return []
        if plural:
            return self._company.all_again(noun)
        return self._company.again(noun, tokens[-1].word, float(feminine) if isinstance(feminine, int | float) else None)

    def _describes(self, before: list[Item], tokens: list[Token], article: str, feminine: object) -> bool:
        """`Maya, a woman in red` and "Zara the pirate captain" speak of one person."""
        comma = before[-1:] and before[-1].kind == "comma" and article in {"a", "an", "the"}
        who = before[0] if comma else before[-1] if before else None
        if who is None or who.kind != "people" or len(who.value) != 1 or not (comma or self._next_to(who, tokens, article)):
            return False
        person = self._company.people[who.value[0]]
        return person.name is not None and person.noun == "person" and (feminine is None or person.feminine in {None, feminine})

    def _next_to(self, who: Item, tokens: list[Token], article: str) -> bool:
        """`Rex the big dog`: only what belongs to the noun stands between it and the name."""
        start = who.tokens[-1].index + 1
        return article == "the" and self._word(start) == "the" and tokens[0].index - start <= _TITLE

    def _take_thing(self, tokens: list[Token], sense: Sense) -> None:
        if self._denying:
            self._denying = False
            self._draft.absent.add(str(sense.value))
            return self._claim(tokens, missing(of_kind(str(sense.value))))
        if self._person_at(tokens[-1].index + 1):  # "a basketball player"
            return self._adjectives.add(tokens, "kin", None)
        if tokens[0].word == "camera" and self._article(tokens[0]) in {"", "the", "our"} and self._thing_again("camera") is None:
            self._on_camera = self._word(tokens[0].index - 2) not in _TOWARDS
            return self._claim(tokens, always)  # the one that films
        known = self._article(tokens[0]) in {"the", "this", "that", "his", "her", "their", "its"} or sense.value == "hoop"
        number = self._thing_again(str(sense.value)) if known else None
        if number is None:
            if len(self._draft.things) >= MAX_THINGS:
                return None
            number = self._new_thing(tokens, str(sense.value))
        self._adjectives.paint(self._draft.things[number])
        self._latest = partial(self._adjectives.paint, self._draft.things[number])
        if not sense.exact:
            self._draft.approximated.setdefault(" ".join(t.text for t in tokens), with_article(str(sense.value).replace("_", " ")))
        self._claim(tokens, there(self._draft.things[number], **({} if sense.value == "ball" else {"kind": sense.value})))
        return self._add("thing", tokens, number)

    def _new_thing(self, tokens: list[Token], kind: str) -> int:
        told, counting = self._adjectives.number()
        count = told or (3 if tokens[-1].word.endswith("s") and kind not in tokens[-1].word and not _named(tokens) else 1)
        stacked = any(token.word in _HEAPS for token in counting)
        thing = Thing(len(self._draft.things), kind, min(count, MOST), stacked=stacked)
        self._draft.things.append(thing)
        self._claim(counting, as_many(count, thing))
        return thing.number

    def _thing_again(self, kind: str) -> int | None:
        for thing in reversed(self._draft.things):
            if thing.kind == kind or (kind == "ball" and "ball" in thing.kind):
                return thing.number
        return None

    def _last_thing(self) -> int:
        mentioned = [item.value for item in self._items if item.kind == "thing"]
        loose = [n for n in mentioned if self._draft.things[n].kind != "hoop"]
        return int((loose or mentioned or [len(self._draft.things) - 1])[-1])

    def _last_beast(self) -> int | None:
        """The animal that "it" means: one spoken of after the last thing."""
        for item in reversed(self._items):
            if item.kind == "thing":
                return None
            if item.kind == "people" and len(item.value) == 1:
                person = self._company.people[item.value[0]]
                return person.number if person.species != "person" else None
        return None

    def _take_garment(self, tokens: list[Token], sense: Sense) -> None:
        people = [self._company.people[n] for n in self._company.recent]
        if not people:
            return self._adjectives.drop()
        if not sense.exact:
            self._draft.approximated.setdefault(" ".join(t.text for t in tokens), with_article(str(sense.value).replace("_", " ")))
        for person in people:
            self._claim(tokens, wears(person, None if sense.value == "all" else str(sense.value), Wear()))
        self._drop_preposition()
        self._latest = partial(self._adjectives.clothe, people, str(sense.value))
        if tokens[-1].word in lists("traits")["suits"]:  # trousers of the same cloth
            self._latest = partial(self._adjectives.clothe, people, str(sense.value), also="trousers")
        return self._latest()

    def _take_beard(self, tokens: list[Token], sense: Sense) -> None:
        self._adjectives.add(tokens, *sense.value)
        self._dress_recent(tokens)

    def _take_hair_noun(self, tokens: list[Token], sense: Sense) -> None:
        self._adjectives.add(tokens, "hair_style", sense.value)
        self._dress_recent(tokens)

    def _dress_recent(self, tokens: list[Token]) -> None:
        if self._noun_follows(tokens[-1].index + 1) != "person":
            self._drop_preposition()
            self._adjectives.dress([self._company.people[n] for n in self._company.recent], hair=True)

    def _drop_preposition(self) -> None:
        """The "in" of "in a red shirt" ties nothing else."""
        while self._items and self._items[-1].kind == "prep":
            self._items.pop()

    def _take_hair(self, tokens: list[Token], _: Sense) -> None:
        if not self._company.recent and self._noun_follows(tokens[-1].index + 1) != "person":
            return
        if self._noun_follows(tokens[-1].index + 1) == "person":
            self._claim(tokens, anybody)
        else:
            for number in self._company.recent:
                self._claim(tokens, on_stage(self._company.people[number]))
            self._drop_preposition()
            self._latest = partial(self._adjectives.dress, [self._company.people[n] for n in self._company.recent], hair=True)
            self._latest()

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
        self._claim(tokens, in_some_shot("style", sense.value))

    def _take_pronoun(self, tokens: list[Token], sense: Sense) -> None:
        index = tokens[0].index
        if self._word(index - 1) == "of" and self._word(index - 2) in {"one", "other"} and len(self._items) > 1:
            self._items.pop()  # "one of them" is the one
            return self._claim(tokens, always)
        return self._people(tokens, self._company.pronoun(str(sense.value)))

    def _take_camera(self, tokens: list[Token], sense: Sense) -> None:
        self._add(sense.kind.removesuffix("_only"), tokens, sense.value, exact=sense.exact)


def _named(tokens: list[Token]) -> bool:
    """A word that ends in s by itself, as the lists have it: "drums", "stairs"."""
    return any(sense.kind == "prop" for sense in lexicon().get(" ".join(token.word for token in tokens), ()))
