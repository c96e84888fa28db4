"""What a word means where it stands: the ground that both the reading of nouns and of sentences stands on."""

from collections.abc import Callable, Sequence

from kinora_world.catalogue import entries
from kinora_world.director.claims import Claim, always, on_stage
from kinora_world.director.draft import Draft
from kinora_world.director.items import Item
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import Sense, Senses, lists, look_up, stop_words
from kinora_world.director.looks import Adjectives
from kinora_world.director.people import Company, is_name
from kinora_world.director.text import Token

NOUNS = frozenset({"person", "prop", "garment", "hair", "hair_noun", "beard", "place"})
ADJECTIVES = frozenset({"trait", "colour", "hair_colour", "hair_style", "number", "pattern"})
DEEDS = frozenset({"action", "speech", "fate", "face"})
_IN_WEAR = frozenset(
    {"in", "wearing", "wears", "wear", "with", "dressed", "puts", "put", "his", "her", "their", "my", "off", "has", "wore"}
)
_COPULAS = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "looks",
        "look",
        "looking",
        "feels",
        "feeling",
        "seems",
        "very",
        "so",
        "being",
        "be",
        "becomes",
        "gets",
        "too",
    }
)
_HELPING = frozenset({"help", "let", "make", "watch", "see", "go", "come", "dare", "hear"})
_HEARING = frozenset({"hear", "hears", "heard", "sound", "sounds", "noise"})
_IN = frozenset({"in", "inside", "on", "onto", "into", "aboard", "through", "from", "outside"})
_SEEMS = frozenset({"look", "feel", "seem"})
_HEAVENS = frozenset({"moon", "sky", "clouds", "space", "heaven"})  # a place only for who is there: "howls at the moon"
_WEAR_REACH = 14  # words between "in" and the last of what is worn
_LOOSE_NAMES = frozenset(
    {"mark", "bill", "grace", "ruby", "iris", "ivy", "rosa", "max", "jean", "harry", "wei", "jin", "dan", "lily", "hope"}
)

_SHORTEST_AGENT = 4  # letters of "user"
_LONGEST_ASIDE = 24  # tokens between the commas of "Ama, a woman with …, dances"


def is_agent(word: str) -> bool:
    """Somebody known by what they do, whom no list knows: "archer", "violinists"."""
    base = lemmas(word)[-1] if word.endswith("s") else word
    known = base in lists("people")["not_people"] or bool(look_up([word])[1])
    return not known and len(base) > _SHORTEST_AGENT and base.endswith(("er", "or", "ist", "man", "woman", "ian", "eer", "ess"))


class Scanner:
    """The tokens, what has been made of them, and which sense of a word fits at a place."""

    def __init__(self, tokens: Sequence[Token], draft: Draft) -> None:
        self._tokens = tokens
        self._draft = draft
        self._company = Company(draft)
        self._adjectives = Adjectives()
        self._items: list[Item] = []
        self._on_camera = False  # in a clause about the camera
        self._latest: Callable[[], None] | None = None  # lets the last noun take adjectives that come after it
        self._denying = False
        self._participle: Item | None = None  # "a crying baby": what the person that comes does
        self._shouting = _mostly_capitals(tokens) or draft.language == "de"  # where every noun has a capital

    # --- names

    def _is_name(self, index: int) -> bool:
        token = self._tokens[index] if 0 <= index < len(self._tokens) else None
        if token is None or token.kind != "word" or token.text.isdigit():
            return False
        if token.text.startswith("@"):
            return True
        return self._looks_like_name(token)

    def _looks_like_name(self, token: Token) -> bool:
        index = token.index
        word, capital = token.word.removesuffix("'s"), token.text[0].isupper() and not self._shouting
        following = [other.word for other in self._words_from(index)]
        if capital and self._named_with(index):
            return True
        if is_name(word) and look_up(following)[0] == 1:
            return capital or self._shouting or word not in _LOOSE_NAMES
        if (
            not capital
            or word in stop_words()
            or look_up([word])[1]
            or look_up(following)[0] > 1
            or (token.text.isupper() and len(word) < 5)
        ):
            return False
        if self._word(index - 1) in {"named", "called"}:
            return True
        if index == 0 or self._tokens[index - 1].kind not in {"word", "comma"}:
            return self._verb_follows(index) or self._explained(index)
        return self._word(index - 1) not in {"in", "at", "near", "from", "on", "through", "of", "the", "like"}

    def _named_with(self, index: int) -> bool:
        """`Kim and Pat`: a capital beside a name is a name, whatever else it may do."""
        if self._word(index - 1) not in {"and", "or"}:
            return False
        before = self._items[-2] if len(self._items) > 1 else None
        named = before is not None and before.kind == "people" and self._named_before(before)
        return named and bool(senses := look_up([self._word(index)])[1]) and all(sense.kind in DEEDS for sense in senses)

    def _verb_follows(self, index: int) -> bool:
        """At the start of a sentence every word has a capital: it is a name when somebody then does something, or "and"."""
        following = [token.word for token in self._words_from(index + 1)]
        if not following:
            return False
        _, senses = look_up(following)
        titled = following[0] == "the" and (self._person_at(index + 2) or self._noun_follows(index + 2) == "person")  # "Zara the pirate"
        return titled or following[0] in {"and", "is", "who"} or any(sense.kind in DEEDS for sense in senses)

    def _explained(self, index: int) -> bool:
        """`Ama, a woman with dark skin, dances`: what stands between the commas says that it is a person, and then they act."""
        if self._word(index).endswith("ly") or index + 2 >= len(self._tokens) or self._tokens[index + 1].kind != "comma":
            return False
        if self._word(index + 2) not in {"a", "an"} or self._noun_follows(index + 3) != "person":
            return False
        for token in self._tokens[index + 3 : index + 3 + _LONGEST_ASIDE]:
            if token.kind == "comma" and self._verb_follows(token.index):
                return True
            if token.kind not in {"word", "comma"}:
                return False
        return False

    # --- senses

    def _choose(self, index: int, length: int, senses: Senses) -> Sense | None:
        """The sense that fits here; None when none does."""
        word = self._word(index)
        fitting = [sense for sense in senses if self._fits(index, length, sense)]
        weak = length == 1 and word in stop_words() and not any(sense.exact for sense in fitting)
        if not fitting or (weak and not (self._after_people(index) and fitting[0].kind in DEEDS)):
            return None
        deeds_rank = 2 if self._noun_place(index) else -1 if self._verb_place(index) else 0
        musical = self._word(index + length) in {*lists("atmosphere")["music_words"], "plays", "playing"}
        ranks: dict[str, float] = {"music": -2 if musical else 4, "music_mood": 2.5, **dict.fromkeys(DEEDS, deeds_rank)}
        kinds = {sense.kind for sense in fitting}
        inside = -1.5 if kinds & {"person", "camera"} else 0  # "in the lab" is no dog
        before = {self._word(index - step) for step in (1, 2, 3, 4)}
        ranks |= {"sound": -3 if before & _HEARING else 3, "place": inside if before & _IN else 0.5}
        ranks |= {"camera_only": -5, "framing_only": -4}  # which fit only where the camera is spoken of
        ranks["camera"] = 0 if self._company.recent else -1  # nobody is there yet who could do it
        ranks["trait"] = -1 if self._word(index - 1) in _COPULAS else 0  # "looks cheerful"
        return min(fitting, key=lambda sense: ranks.get(sense.kind, 0))

    def _verb_place(self, index: int) -> bool:
        """Right after people or "who", or by its ending: "they bow", "a man who watches"."""
        return self._after_people(index) or self._word(index).endswith(("ing", "ed"))

    def _after_people(self, index: int) -> bool:
        last = self._items[-1] if self._items else None
        return last is not None and last.kind in {"people", "relative"} and last.tokens[-1].index >= index - 1

    def _fits(self, index: int, length: int, sense: Sense) -> bool:
        if sense.kind in {"trait", "hair_colour", "hair_style", "colour"}:
            return self._adjective_fits(index, length, sense)
        if sense.kind in {"garment", "beard", "hair_noun", "pattern"}:
            return self._worn(index)
        if sense.kind in DEEDS:
            return self._deed_fits(index)
        if sense.kind == "number":
            return self._noun_follows(index + length) is not None
        return self._noun_fits(index, length, sense)

    def _deed_fits(self, index: int) -> bool:
        if (
            (self._on_camera and not self._describing(index))
            or self._seems(index)
            or self._is_light(index)
            or self._is_object_of_verb(index)
        ):
            return False
        if self._word(index - 1) == "of" and self._word(index) in lists("small")["body"].split():  # "of hands"
            return False
        if self._word(index - 1) in {"a", "an"} and self._word(index) == lemmas(self._word(index))[-1]:  # "on a board"
            return self._lightly(index) or self._word(index - 2) in {"with", "in", "for", "and", ""}
        return self._lightly(index) or not self._determined(index)

    def _describing(self, index: int) -> bool:
        """`a crying baby`."""
        return self._word(index).endswith("ing") and self._person_at(index + 1)

    def _is_object_of_verb(self, index: int) -> bool:
        """`wipes sweat`: right after a verb that takes no other."""
        last = self._items[-1] if self._items else None
        if last is None or last.kind != "verb" or last.tokens[-1].index != index - 1 or _HELPING & set(lemmas(last.tokens[-1].word)):
            return False
        return self._word(index) == lemmas(self._word(index))[-1] and not last.denied

    def _noun_fits(self, index: int, length: int, sense: Sense) -> bool:
        if sense.kind == "prop":
            return self._noun_place(index) or not (self._is_past(index) or self._takes_object(index))  # "stuck" is no stick
        if sense.kind == "person":
            return length > 1 or not (self._counts(index) or self._takes_object(index))
        if sense.kind == "camera":  # "Maya pushes in" is no camera
            return self._on_camera or not (self._beside_people(index) and self._word(index).endswith("s"))
        if sense.kind == "place" and length == 1 and self._word(index) in _HEAVENS:
            return {self._word(index - 1), self._word(index - 2)} & {"on", "to", "in"} != set()
        return self._on_camera if sense.kind in {"camera_only", "framing_only"} else sense.kind != "language"

    def _seems(self, index: int) -> bool:
        """`looks sad`: nobody looks at anything."""
        if not _SEEMS & set(lemmas(self._word(index))):
            return False
        after = index + (self._word(index + 1) in {"very", "so", "really", "a"})
        return any(sense.kind == "trait" and sense.value[0] == "mood" for sense in look_up([self._word(after + 1) or "."])[1])

    def _is_past(self, index: int) -> bool:
        """A form such as "stuck" or "shot" of an irregular verb."""
        word = self._word(index)
        return word in entries("words")["irregular"] and not word.endswith(("s", "ce", "se")) and "ee" not in word

    def _counts(self, index: int) -> bool:
        """`Tom counts`: what stands right after a name, as verbs do, is nobody."""
        before = self._items[-1] if self._items else None
        after_name = before is not None and before.kind == "people" and before.tokens[-1].index == index - 1
        return after_name and self._word(index).endswith("s") and self._tokens[index - 1].kind == "word" and self._named_before(before)

    def _takes_object(self, index: int) -> bool:
        """`a giraffe sticks its head out`: right after somebody, before a noun of its own, and inflected: a verb."""
        after = {"a", "an", *lists("small")["determiners"]}
        return self._beside_people(index) and self._word(index).endswith("s") and self._word(index + 1) in after

    def _beside_people(self, index: int) -> bool:
        last = self._items[-1] if self._items else None
        return last is not None and last.kind == "people" and last.tokens[-1].index == index - 1

    def _named_before(self, before: Item | None) -> bool:
        return before is not None and len(before.value) == 1 and self._company.people[before.value[0]].name is not None

    def _worn(self, index: int) -> bool:
        """Somebody is being described: "in a red coat, a scarf and …", "ties her shoes", "bearded"."""
        if not self._company.recent and self._noun_follows(index + 1) != "person":
            return False
        for at in range(index - 1, max(-1, index - _WEAR_REACH), -1):
            if self._tokens[at].kind in {"stop", "line", "quote"}:
                break
            if self._word(at) in _IN_WEAR:
                return True
        return self._noun_follows(index + 1) == "person" or self._tags_only()

    def _tags_only(self) -> bool:
        """`girl, red dress, beach`: no sentence at all, only what is to be seen."""
        return not any(item.kind in {"verb", "stop"} for item in self._items) and any(item.kind == "comma" for item in self._items)

    def _adjective_fits(self, index: int, length: int, sense: Sense) -> bool:
        noun = self._noun_follows(index + length)
        if noun is None and self._latest is not None and sense.kind in {"colour", "hair_colour", "hair_style"}:
            return sense.kind == "colour" or self._word(index) not in lists("traits")["colours"]
        if sense.kind == "trait":
            return self._trait_fits(index, noun, sense)
        if sense.kind == "hair_colour":
            return noun == "hair"
        if sense.kind == "hair_style":
            return noun == "hair" or sense.value == "bald"
        return noun != "hair" or self._word(index) not in lists("traits")["hair_colours"]

    def _trait_fits(self, index: int, noun: str | None, sense: Sense) -> bool:
        key, word = sense.value[0], self._word(index)
        if noun == "person" or (key == "size" and noun == "prop"):
            return True
        if noun is not None or not self._company.recent:
            return False
        if key == "mood":  # "is sad", "sadly"; a bare "calm" is the picture's
            return (
                self._word(index - 1) in _COPULAS
                or word.endswith("ly")
                or word in {"in", "with"}
                or self._latest is not None
                or self._set_apart(index)
            )
        return key != "size" or self._word(index - 1) in _COPULAS

    def _set_apart(self, index: int) -> bool:
        """A feeling between commas, of who has just done something: "He turns around, terrified"."""
        alone = index + 1 >= len(self._tokens) or self._tokens[index + 1].kind != "word" or self._word(index + 1) == "and"
        told = any(item.kind == "verb" for item in self._items)
        return told and alone and index > 0 and self._tokens[index - 1].kind == "comma"

    def _noun_follows(self, index: int) -> str | None:
        """The kind of the noun that an adjective here belongs to, over other adjectives and one unknown word."""
        unknown, end = 0, min(index + 8, len(self._tokens))
        while index < end and self._tokens[index].kind == "word":
            length, senses = look_up([token.word for token in self._words_from(index)])
            kinds = [sense.kind for sense in senses]
            noun = next((kind for kind in kinds if kind in NOUNS), None)
            before_person = noun in {"place", "prop"} and self._person_at(index + length)  # "office" of an office worker
            if noun and not before_person and (kinds[0] in NOUNS or not any(kind in ADJECTIVES for kind in kinds)):
                return "hair" if noun in {"hair_noun", "beard"} else noun
            if not any(kind in ADJECTIVES for kind in kinds):
                unknown += 1
                joined = self._word(index) == "and" and self._adjective_at(index + 1)  # "a red and white shirt"
                if not joined and not before_person and (unknown > 1 or kinds or self._word(index) in stop_words()):
                    return "person" if is_name(self._word(index)) else None
            index += length
        return None

    def _person_at(self, index: int) -> bool:
        """Another noun for somebody stands right there: "a baby elephant", "the farmer's wife"."""
        word = self._word(index)
        senses = look_up([word])[1] if word else ()
        verb = word.endswith(("s", "ing", "ed")) and any(sense.kind in DEEDS for sense in senses)  # "a chef cooks"
        return not verb and not is_name(word) and (is_agent(word) or any(sense.kind == "person" for sense in senses))

    def _adjective_at(self, index: int) -> bool:
        return self._word(index) != "" and any(s.kind in {"colour", "pattern", "trait"} for s in look_up([self._word(index)])[1])

    def _noun_place(self, index: int) -> bool:
        """A determiner, number or adjective stands before: "the box" is a thing, "they box" is not."""
        before = self._word(index - 1)
        if before in {"a", "an", "of", *lists("small")["determiners"]} or before.isdigit() or self._adjectives.waiting:
            return True
        return before == "" and self._word(index + 1).endswith("ing") and self._word(index + 1) not in stop_words()  # ", swing moving"

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

    def _article(self, token: Token) -> str:
        for step in range(1, 5):
            word = self._word(token.index - step)
            if word in {"a", "an", "another", *lists("small")["determiners"]} or not word:
                return word
        return ""

    # --- items

    def _people(self, tokens: Sequence[Token], numbers: Sequence[int], **facts: str | None) -> None:
        """Brings them into the story; `facts` are what the words say of them (see `claims.on_stage`)."""
        for number in numbers:
            self._claim(tokens, on_stage(self._company.people[number], **facts))
        self._adjectives.drop()
        self._on_camera = False
        self._add("people", tokens, list(self._company.mention(numbers)))
        if self._participle is not None:
            self._items.append(self._participle)
            self._participle = None

    def _add(self, kind: str, tokens: Sequence[Token], value: object = None, *, exact: bool = True) -> None:
        self._items.append(Item(kind, value, list(tokens), exact))

    def _claim(self, tokens: Sequence[Token], claim: Claim) -> None:
        for token in tokens:
            token.claims.append(claim)

    def _granted(self, index: int, length: int) -> list[Token]:
        """Words that ask for nothing that could be missing."""
        tokens = list(self._tokens[index : index + length])
        self._claim(tokens, always)
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


def _mostly_capitals(tokens: Sequence[Token]) -> bool:
    """A prompt in capitals, or One Where Every Word Has One, says nothing about names."""
    words = [token.text for token in tokens if token.kind == "word" and token.text[0].isalpha()]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.7 * len(words)
