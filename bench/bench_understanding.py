"""How much of what people write the director stages, how much it accounts for, and whether any text breaks it.

    .venv/bin/python bench/bench_understanding.py [--fuzz 5000] [--missed] [--meaning]

For every prompt of `prompts/`, each thing that must appear is `staged` when the storyboard shows it, and `accounted` when it is staged or
named in the notes as approximated or left out. The prompts of `check` are for checking only. The fuzz directs random text of many
scripts: all must give a storyboard that the engine can stage.
"""

import argparse
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import yaml
from kinora_world import catalogue, meaning
from kinora_world.director import Directed, direct
from kinora_world.director.draft import Nearest
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import look_up
from kinora_world.director.vocabulary import without_articles
from kinora_world.storyboard import Character, Clothes, Storyboard
from rich.console import Console
from rich.table import Table

PROMPTS = Path(__file__).parent / "prompts"
SECONDS = 12.0
Check = tuple[str, str, bool]  # category, what was expected, staged


def expectations(entry: Mapping[str, Any], board: Storyboard) -> Iterator[Check]:
    """Each thing that the prompt wants to see, and whether the storyboard has it."""
    if "people" in entry:
        yield "people", f"{entry['people']} characters", len(board.characters) == entry["people"]
    for who in entry.get("who", ()):
        yield "who", who, any(_is(character, who) for character in board.characters)
    for category, kind, found in (
        ("do", "actions", {action.verb for shot in board.shots for action in shot.actions}),
        ("props", "props", {prop.kind for shot in board.shots for prop in shot.props}),
        ("wear", "garments", {garment for character in board.characters for garment in _worn(character)}),
        ("fx", "effects", {effect.kind for shot in board.shots for effect in shot.effects}),
        ("sounds", "sounds", {sound.kind for shot in board.shots for sound in shot.sounds}),
        ("place", "places", {shot.place for shot in board.shots}),
    ):
        for word in _listed(entry.get(category, ())):
            yield category, word, any(_known(kind, each) in found or each in _shown(board) for each in word.split("/"))
    if "music" in entry:
        yield "music", entry["music"], any(shot.music not in {None, "none"} for shot in board.shots)
    for line in entry.get("say", ()):
        yield "say", line, any(line in spoken.text for shot in board.shots for spoken in shot.dialogue)
    yield from _literals(entry, board)


def _literals(entry: Mapping[str, Any], board: Storyboard) -> Iterator[Check]:
    readings: dict[str, Callable[[Any], str]] = {
        "time": lambda shot: shot.time_of_day,
        "weather": lambda shot: shot.weather,
        "style": lambda shot: shot.style,
        "mood": lambda shot: shot.mood,
        "move": lambda shot: shot.camera.move,
        "size": lambda shot: shot.camera.framing,
    }
    for category, reading in readings.items():
        if category in entry:
            yield category, entry[category], any(reading(shot) == entry[category] for shot in board.shots)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _known(kind: str, word: str) -> str | None:
    """The catalogue's name for a word; None when it has none, and then nothing can show it."""
    known = catalogue.words(kind)
    bare = {without_articles(phrase): name for phrase, name in known.items()}
    return next((found[form] for found in (known, bare) for form in (word, without_articles(word), *lemmas(word)) if form in found), None)


def _is(character: Character, who: str) -> bool:
    species = _known("species", who)
    if species not in {None, "person"}:
        return character.species == species
    return who == character.handle or who.casefold() in character.name.casefold()


def _worn(character: Character) -> list[str]:
    garments = [getattr(character.clothes, slot) for slot in Clothes.model_fields]
    return [garment.kind for garment in garments if garment is not None]


def _shown(board: Storyboard) -> set[str | None]:
    """Deeds that are lines or faces."""
    talk = {"talk"} if any(shot.dialogue for shot in board.shots) else set()
    moods = {action.mood for shot in board.shots for action in shot.actions} | {line.mood for shot in board.shots for line in shot.dialogue}
    return talk | ({"smile"} if "joyful" in moods else set())


def measure(name: str, nearest: Nearest | None) -> tuple[list[tuple[str, Check, bool]], float]:
    """(prompt, check, accounted for) of every expectation of a file, and the mean milliseconds of directing."""
    found = []
    entries = yaml.safe_load((PROMPTS / f"{name}.yaml").read_text())
    begin = time.process_time()
    staged = [_directed(entry["p"], nearest) for entry in entries]
    if wrong := [problem for directed in staged for problem in catalogue.check(directed.storyboard)]:
        raise RuntimeError(f"storyboards that cannot be staged: {wrong}")
    spent = (time.process_time() - begin) / len(entries)
    for entry, directed in zip(entries, staged, strict=True):
        told = " ".join(note for note in directed.notes if not note.startswith("Understood")).casefold()
        checks = expectations(entry, directed.storyboard)
        found.extend((entry["p"], check, check[2] or _told(check, told)) for check in checks)
    return found, spent * 1000


def _directed(prompt: str, nearest: Nearest | None = None) -> Directed:
    return direct(prompt, seconds=SECONDS, width=1280, height=720, seed=1, nearest=nearest)


_CATALOGUES = {
    "who": "species",
    "do": "actions",
    "props": "props",
    "wear": "garments",
    "fx": "effects",
    "sounds": "sounds",
    "place": "places",
}
_QUOTED = re.compile("“([^”]+)”")


def _told(check: Check, notes: str) -> bool:
    """Some word of what was expected is named in the notes, or a word of the prompt that means it."""
    category, expected = check[0], str(check[1]).casefold()
    if any(word[:4] in notes for word in expected.replace("_", " ").split() if len(word) > 1):
        return True
    wanted = {_known(_CATALOGUES[category], each) for each in expected.split("/")} - {None} if category in _CATALOGUES else set()
    return any(_meanings(word) & wanted for phrase in _QUOTED.findall(notes) for word in (phrase, *phrase.split()))


def _meanings(phrase: str) -> set[str]:
    """Names of the catalogues that a word or phrase can mean."""
    senses = look_up(phrase.split())[1]
    return {str(sense.value.get("species")) if sense.kind == "person" else str(sense.value) for sense in senses}


def table(name: str, found: list[tuple[str, Check, bool]], milliseconds: float) -> Table:
    rows: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for _, (category, _, staged), accounted in found:
        rows[category].append((staged, accounted))
        rows["all"].append((staged, accounted))
    shown = Table(title=f"{name}: {milliseconds:.1f} ms a prompt")
    for heading in ("category", "expected", "staged", "accounted for"):
        shown.add_column(heading, justify="left" if heading == "category" else "right")
    for category, results in rows.items():
        shares = [f"{100 * sum(part) / len(results):.1f}%" for part in zip(*results, strict=True)]
        shown.add_row(category, str(len(results)), *shares)
    return shown


SCRIPTS = (
    "az",
    "AZ",
    "09",
    "àÿ",
    "ая",
    "一龥",
    "ぁん",
    "ァン",
    "가힣",
    "اي",
    "अह",
    "กฮ",
    "\x00\x1f",
    "😀🙏",
    "!/",
    "\u2000\u206f",
    "את",
    "αω",
)


def nonsense(chance: Random) -> str:
    """Random text: words of a script or two, known words, marks, now and then very long."""
    known = (
        list(catalogue.words("actions")) + list(catalogue.words("props")) + ["Maya", "@leo.b", "the", "two", "says", '"Hi!"', "then", ":"]
    )
    alphabets = [(ord(pair[0]), ord(pair[-1])) for pair in chance.sample(SCRIPTS, 2)]
    words = []
    for _ in range(chance.choice((0, 1, 5, 20, 60, 400 if chance.random() < 0.1 else 30))):
        low, high = chance.choice(alphabets)
        coined = "".join(chr(chance.randint(low, high)) for _ in range(chance.randint(1, 12)))
        words.append(chance.choice((coined, chance.choice(known), chance.choice(".,;:!?\n\"'“”«»()[]{}@#—…"))))
    return chance.choice((" ", "", "\n", ", ")).join(words)


def fuzz(count: int) -> tuple[int, int]:
    """How many of `count` random prompts crashed, and how many gave what the engine cannot stage."""
    crashed = broken = 0
    for number in range(count):
        try:
            broken += bool(catalogue.check(_directed(nonsense(Random(number))).storyboard))
        except Exception as error:  # noqa: BLE001 - whatever it is, it counts
            crashed += 1
            Console().print(f"seed {number}: {error!r}")
    return crashed, broken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fuzz", type=int, default=5000)
    parser.add_argument("--missed", action="store_true", help="list what was not staged of the prompts that may be developed on")
    parser.add_argument("--meaning", action="store_true", help="with stand-ins by meaning, where the model is built")
    asked, console = parser.parse_args(), Console()
    _directed("Maya waves")  # the word lists are read once per process
    for name in ("develop", "check"):
        found, milliseconds = measure(name, meaning.load() if asked.meaning else None)
        console.print(table(name, found, milliseconds))
        if asked.missed and name == "develop":
            for prompt, (category, what, staged), accounted in found:
                if not staged:
                    console.print(f"{'named ' if accounted else 'SILENT'} {category}: {what} | {prompt}")
    crashed, broken = fuzz(asked.fuzz)
    console.print(f"fuzz: {asked.fuzz} prompts, {crashed} crashes, {broken} that cannot be staged")


if __name__ == "__main__":
    main()
