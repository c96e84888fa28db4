"""Who does what a verb says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kinora_world.director.draft import Deed, Draft, ShotDraft
from kinora_world.director.items import Item
from kinora_world.director.lexicon import lists
from kinora_world.director.people import Company, distinct

_WEARING = frozenset({"wearing", "wears", "holding", "having", "has"})


def determiners() -> set[str]:
    """Words that a noun follows."""
    return {"a", "an", *lists("small")["determiners"]}


@dataclass(slots=True)
class Clause:
    """What the sentence has said so far."""

    subject: list[int] = field(default_factory=list)
    verbs: int = 0
    together: bool = False  # the next deed goes with the one before
    pace: float | None = None  # of the next deed
    gerund: bool = False  # "cheering, …": the main verb goes with it


class Telling:
    """The items of a prompt, the shot they are in, and whom the sentence is about."""

    def __init__(self, items: Sequence[Item], draft: Draft, most_shots: int) -> None:
        self._items = items
        self._draft = draft
        self._most = most_shots
        self._company = Company(draft)
        self._clause = Clause()
        self._shot = ShotDraft()
        self._spoken: set[int] = set()

    def _subject(self, index: int) -> tuple[list[int], int | None]:
        """Who does the verb at `index`: people, or a thing."""
        at = index - 1
        while at >= 0 and (beside := self._beside_the_point(at)):
            at -= beside
        if at >= 0 and self._items[at].kind == "thing":
            parted = self._clause.verbs and any(item.kind == "comma" for item in self._items[at + 1 : index])  # "kicks the ball, runs"
            return (self._clause.subject, None) if parted and self._clause.subject else ([], int(self._items[at].value))
        if at >= 0 and self._items[at].kind == "unknown" and at == index - 1 and not (self._is_body(self._items[at]) or self._listed(at)):
            return [], None  # a dog, a car: nobody on this stage can do it for them
        if at < 0 or self._items[at].kind != "people":
            return self._clause.subject or self._first_people(index), None
        chain, start = list(self._items[at].value), at
        before = self._items[start - 1].kind if start else ""
        while before == "unknown" and start >= 2:  # "Sarah and her twin brother"
            start -= 1
            before = self._items[start - 1].kind
        while before in {"and", "comma"} and not self._one_of(at) and start >= 2 and self._items[start - 2].kind == "people":
            start -= 2
            before = self._items[start - 1].kind if start else ""
            if before in {"prep", "verb"} and self._clause.verbs:
                before = "and"
                break  # "waves at Leo and Ana jumps": only Ana jumps
            chain = [*self._items[start].value, *chain]
        commas = any(item.kind == "comma" for item in self._items[at + 1 : index])
        spoken_of = before == "prep" and self._clause.verbs and not any(i.kind == "relative" for i in self._items[at + 1 : index])
        if spoken_of or (before == "verb" and commas):
            return self._clause.subject or chain, None
        return distinct(chain), None

    def _beside_the_point(self, at: int) -> int:
        """How many items up to the one at `at` stand between subject and verb, as "with strange gloves" does; 0 when none."""
        kind = self._items[at].kind
        if kind in {"comma", "relative", "camera", "framing", "time", "pace", "mood", "weather", "crowd", "lens", "shallow"}:
            return 1
        first = at
        while kind == "unknown" and first > 0 and self._items[first - 1].kind == "unknown" and not self._between(first) & determiners():
            first -= 1
        if kind not in {"thing", "place", "unknown", "effect"} or first == 0:
            return 0
        if self._items[first - 1].kind == "prep":
            return at - first + 2
        worn = kind == "unknown" and self._items[first - 1].kind == "people" and self._between(first) & _WEARING
        return at - first + 1 if worn else 0

    def _one_of(self, at: int) -> bool:
        """`two friends, one waves`: only the one."""
        return self._items[at].phrase.casefold() in {"one", "other"}

    def _listed(self, at: int) -> bool:
        """`a girl with braids and freckles waves`: the last of what somebody has, not somebody."""
        before = self._items[at - 1].kind if at else ""
        return before == "and" and self._clause.verbs == 0 and not self._between(at) & determiners() and bool(self._first_people(at))

    def _is_body(self, item: Item) -> bool:
        """`its tail wags`: whose it is does it."""
        return item.tokens[-1].word in lists("small")["body"].split()

    def _between(self, at: int) -> set[str]:
        """The words that came to nothing between the item at `at` and the one before."""
        start, end = self._items[at - 1].tokens[-1].index + 1, self._items[at].tokens[0].index
        return {token.word for token in self._draft.tokens[start:end]}

    def _first_people(self, index: int) -> list[int]:
        """The people of the sentence so far, else everybody in the shot, else somebody the prompt implies."""
        for item in reversed(self._items[:index]):
            if item.kind == "people":
                return list(item.value)
        for item in self._items[index + 1 :]:
            if item.kind == "people":
                return list(item.value)
            if item.kind in {"stop", "verb"}:
                break
        if self._draft.nobody:
            return []
        return self._shot.people or [p.number for p in self._draft.people] or self._company.meet()

    def _beside(self, people: list[int]) -> bool:
        """`Leo, cheering, says …`: one person's gerund and main verb."""
        last = self._shot.happenings[-1] if self._shot.happenings else None
        return self._clause.gerund and isinstance(last, Deed) and bool(set(last.actors) & set(people))

    def _starts_clause(self, at: int) -> bool:
        """The people at `at` are the subject of a next verb: "… and Leo claps"."""
        following = at + 1
        while following < len(self._items) and self._items[following].kind in {"comma", "relative"}:
            following += 1
        if following >= len(self._items) or self._items[following].kind != "verb":
            return False
        return self._items[at - 1].kind in {"and", "comma", "while", "then"} and following == at + 1
