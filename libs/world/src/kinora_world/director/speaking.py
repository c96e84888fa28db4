"""Who says what, in which language and how loudly."""

from kinora_world.director.claims import said, spoken
from kinora_world.director.draft import Manner, Speech
from kinora_world.director.items import Item
from kinora_world.director.language import detect
from kinora_world.director.lexicon import lists
from kinora_world.director.people import distinct
from kinora_world.director.subjects import Telling

_TWO = 2
_GREETINGS = frozenset({"hello", "hi", "hey"})


class Speaking(Telling):
    """Ties quotes to speakers."""

    def _quote_near(self, index: int) -> int | None:
        """The quote this verb of saying belongs to: the next one before another verb of saying, else the one right before."""
        for at in range(index + 1, len(self._items)):
            item = self._items[at]
            if item.kind == "quote" and at not in self._spoken:
                return at
            if item.kind == "stop" or (item.kind == "verb" and item.sense("speech")):
                break
        for at in range(index - 1, max(-1, index - 5), -1):
            if self._items[at].kind == "quote":
                return None if at in self._spoken else at
            if self._items[at].kind == "verb":
                break
        return None

    def _speaker(self, index: int) -> list[int]:
        """Who says a quote that no verb introduces. A verb right after it speaks for it, and then nobody does here."""
        for item in self._items[index + 1 : index + 5]:
            if item.kind == "verb" and item.sense("speech"):
                return []
            if item.kind in {"stop", "quote"}:
                break
        return self._clause.subject or self._first_people(index)

    def _say(self, at: int, quote: Item, verb: Item | None, people: list[int]) -> None:
        if not people or self._items[at - 1].phrase.casefold() in {"sign", "text", "title", "caption"}:
            return
        people = self._inverted(at, verb) or people
        everyone, people = people, self._turn(at, people)
        text = quote.value.rstrip(",").strip()[:500]
        if not any(letter.isalnum() for letter in text):
            return
        manner: Manner = verb.sense("speech") if verb else "say"
        together, self._clause.together = self._clause.together or self._beside(people), False
        for number in people:
            language = self._language(at) or detect(text)
            speech = Speech(number, text, language, manner, together=together)
            self._shot.happenings.append(speech)
            together = True
            for item in (quote, verb) if verb is not None else (quote,):
                item.claim(said(speech))
        self._shot.people = distinct([*self._shot.people, *people])
        self._clause.subject = everyone
        self._spoken.add(at)

    def _turn(self, at: int, people: list[int]) -> list[int]:
        """Two people and several quotes in a row: they speak in turn."""
        quotes = [other for other in range(at - 2, at + 3) if 0 <= other < len(self._items) and self._items[other].kind == "quote"]
        if len(people) != _TWO or len(quotes) == 1:
            return people
        last = self._shot.happenings[-1] if self._shot.happenings else None
        return [n for n in people if isinstance(last, Speech) and n != last.speaker][:1] or people[:1]

    def _inverted(self, at: int, verb: Item | None) -> list[int]:
        """`…`, says Leo: the speaker follows the verb."""
        if verb is None or at + 2 >= len(self._items):
            return []
        following = [item for item in self._items[at + 1 : at + 5] if item.kind not in {"comma", "stop"}]
        if len(following) >= 2 and following[0] is verb and following[1].kind == "people":
            return list(following[1].value)
        return []

    def _language(self, at: int) -> str | None:
        """`in French`, said near the quote."""
        for item in [*self._items[max(0, at - 4) : at], *self._items[at : at + 3]]:
            if item.kind == "language":
                item.claim(spoken(str(item.value)))
                return str(item.value)
        return None

    def _say_unquoted(self, index: int, verb: Item, people: list[int]) -> bool:
        """`says hello`: a line that needs no quotes."""
        spoken = lists("speech")["spoken"]
        after = self._draft.tokens[verb.tokens[-1].index + 1 :][:2]
        words = [token.word for token in after]
        phrase = next((p for p in (" ".join(words), *words[:1]) if p in spoken), None)
        if phrase is None or not people:
            return False
        text = str(spoken[phrase])
        for order, number in enumerate(people):
            language = self._language(index + 1) or detect(text)
            if phrase in _GREETINGS and language in lists("languages"):
                text = lists("languages")[language]["hello"]
            speech = Speech(number, text, language, verb.sense("speech"), together=order > 0)
            self._shot.happenings.append(speech)
            verb.also.extend(after[: len(phrase.split())] if order == 0 else ())
            verb.claim(said(speech))
        return True
