"""Who is meant: names, nouns and pronouns to the people of the draft."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from kinora_world.director.draft import Draft, Person
from kinora_world.director.lexicon import lists

_EVERYBODY = 3  # where nobody was named
MOST = 12  # as many as a storyboard holds


class Company:
    """The people met so far, and who was spoken of last."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.recent: list[int] = []  # the last mention, one person or a group
        self._order: list[int] = [person.number for person in draft.people]  # by how lately each was mentioned, latest last

    @property
    def people(self) -> list[Person]:
        return self._draft.people

    def mention(self, numbers: Sequence[int]) -> list[int]:
        self.recent = list(numbers)
        self._order = [n for n in self._order if n not in numbers] + list(numbers)
        return self.recent

    def meet(self, count: int = 1, *, of_group: bool = False, **facts: Any) -> list[int]:
        """New people, as many as there is room for."""
        room = MOST - len(self.people)
        if count > room:
            self._draft.approximated[f"{count} more people"] = f"{max(room, 0)}, for a clip holds {MOST} people"
        first = len(self.people)
        for number in range(first, first + min(count, room)):
            self.people.append(Person(number, of_group=of_group, **facts))
        return list(range(first, len(self.people))) or self.recent

    def named(self, name: str) -> list[int]:
        """The person of that name; else the nameless friend it may belong to; else somebody new."""
        for person in self.people:
            if person.name is not None and name.casefold() in {person.name.casefold(), *person.name.casefold().split()}:
                return [person.number]
        feminine = gender(name)
        for person in self.people:
            if person.of_group and person.name is None and person.feminine in {None, feminine}:
                return [self.christen(person.number, name)]
        return [self.christen(self.meet()[0], name)] if len(self.people) < MOST else self.meet()

    def likeness(self, handle: str, species: str = "person") -> list[int]:
        """Who has this handle: a word like a name. A pet is called by the last part of it."""
        for person in self.people:
            if person.handle == handle:
                return [person.number]
        if len(self.people) >= MOST:
            return self.meet()
        if species != "person":
            [number] = self.meet(handle=handle, species=species, noun=species)
            self.people[number].name = _called(handle)
            return [number]
        return [self.bear(self.meet()[0], handle)]

    def bear(self, number: int, handle: str) -> int:
        """Gives a person a handle and its name."""
        self.people[number].handle = handle
        return self.christen(number, _called(handle))

    def christen(self, number: int, name: str) -> int:
        person = self.people[number]
        person.name = name
        if person.feminine is None:
            person.feminine = gender(name)
        return number

    def again(self, noun: str, word: str, feminine: float | None) -> list[int]:
        """Whom "the man" means: the last one called so, else the last it could be. The goalkeeper and the striker are two."""
        loose = word in lists("people")["loose"]
        alike = [n for n in self._order if self.people[n].noun == noun]
        so_called = [n for n in alike if loose or self.people[n].species != "person" or word in (self.people[n].title or word).split()]
        could_be = [n for n in self._order if loose and feminine is not None and self.people[n].feminine == feminine]
        return (so_called or could_be)[-1:]

    def all_again(self, noun: str) -> list[int]:
        """Whom "the players" means: all who were called so."""
        return [person.number for person in self.people if person.noun == noun]

    def pronoun(self, word: str) -> list[int]:
        """he, she, they, we or i; people the prompt never introduced are met now."""
        if word in {"he", "she"}:
            return [self._single(0.0 if word == "he" else 1.0)]
        if word == "all":
            return [p.number for p in self.people] if len(self.people) > 1 else self.meet(_EVERYBODY, of_group=True)
        if word == "i":
            return [self.people[0].number] if self.people else self.meet(title="narrator")
        if len(self.recent) > 1:
            return self.recent
        return [p.number for p in self.people] if self.people else self.meet(2, of_group=True)

    def _single(self, feminine: float) -> int:
        for open_too in (False, True):
            for number in reversed(self._order):
                person = self.people[number]
                if person.feminine == feminine or (open_too and person.feminine is None):
                    person.feminine = feminine
                    return number
        return self.meet(feminine=feminine, noun="woman" if feminine else "man", title="woman" if feminine else "man")[0]

    def one_and_other(self, word: str) -> list[int]:
        """`one` and "the other" of the last group; nobody when there is no group."""
        group = [person.number for person in self.people if person.of_group] or [p.number for p in self.people]
        if len(group) < 2:
            return []
        return [group[0]] if word == "one" else [n for n in group if n not in self.recent[:1]][:1] or [group[1]]


def gender(name: str) -> float | None:
    """What a first name suggests; None when it says nothing."""
    first = name.split(maxsplit=1)[0].casefold()
    return 1.0 if first in _names("feminine") else 0.0 if first in _names("masculine") else None


def is_name(word: str) -> bool:
    return word.casefold() in _names("feminine") or word.casefold() in _names("masculine")


@cache
def _names(kind: str) -> frozenset[str]:
    return frozenset(lists("names")[kind])


def distinct(numbers: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


def _called(handle: str) -> str:
    """The first word of a handle, of a pet's that behind the dot: `@bob.rex` is Rex."""
    words = handle[1:].rsplit(".", 1)[-1].replace("_", " ").split()
    return words[0].title() if words else handle
