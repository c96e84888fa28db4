"""Likeness in the picture: how near a rendered face is to the person whose likeness it bears, and to everybody else of the cast.

    .venv/bin/python bench/bench_likeness.py [--save FOLDER]

Distances are those of `kinora_faces.recogniser` (dlib's network; by its makers the same person up to 0.6): of the face in a close-up of
400 x 400 pixels, through the renderer that makes clips, to the vectors enrolled from made clips of two faces in the public domain. Two
faces say which of two ways is better; they do not say how it is for people at large.
"""

import argparse
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from kinora_faces.matching import distance
from kinora_faces.mesh import FaceMesh
from kinora_faces.recogniser import face_vector
from kinora_testkit.likenesses import taken
from kinora_world.cast import Figure
from kinora_world.cast.build import build_body, build_double
from kinora_world.likeness import Likeness, as_enrolled, read_likeness
from kinora_world.look import Renderer
from kinora_world.scene import U1, View
from kinora_world.stage import build_stage
from kinora_world.storyboard import Character, Hair, Shot, Storyboard
from PIL import Image
from rich.console import Console
from rich.table import Table

PEOPLE = ("eileen", "grace")
YAWS, PITCHES = (-25, 0, 25), (-12, 0, 12)  # degrees that the camera stands aside and above
LIGHTS = (("office", "day"), ("park", "day"), ("beach", "sunset"), ("street", "night"))
SIDE, FOV, AWAY = 400, 22.0, 1.0
HEADINGS = ("", "own, mean", "own, at most", "others, at least", "margin, at least", "no face found")


@dataclass(frozen=True)
class Seen:
    name: str
    yaw: int
    pitch: int
    light: str
    own: float  # NaN where no face was found
    other: float


def bearer(name: str) -> Character:
    return Character(id=name, name=name.title(), handle=f"@{name}", feminine=1.0, age_years=40, hair=Hair(style="short"))


def doubles(likenesses: dict[str, Likeness]) -> dict[str, Figure]:
    """Of each person, and of the same body without the likeness."""
    story = Storyboard(characters=tuple(map(bearer, PEOPLE)), shots=(Shot(duration=1, place="office"),))
    cast = as_enrolled(story, likenesses).characters
    own = {person.id: build_double(person, "realistic", likenesses[f"@{person.id}"]) for person in cast}
    return own | {f"{person.id}, plain": build_body(person, "realistic") for person in cast}


def close_up(renderer: Renderer, figure: Figure, yaw: float, pitch: float, place: str, time: str) -> U1:
    """(SIDE, SIDE, 3)."""
    middle = np.array(figure.landmarks["nose"]) * (1, 0, 1) + (0, 0.06, 0.01)
    a, b = np.radians([yaw, pitch])
    eye = middle + AWAY * np.array([np.sin(a) * np.cos(b), -np.cos(a) * np.cos(b), np.sin(b)])
    view = View(tuple(map(float, eye)), tuple(map(float, middle)), FOV, focus=AWAY)
    return renderer.frame(view, build_stage(place, time, "realistic", 1, "clear"), [], [(figure, *figure.rest)], "realistic", 0.0)


def measured(vectors: dict[str, tuple[float, ...]], figures: dict[str, Figure], folder: Path | None) -> Iterator[Seen]:
    renderer = Renderer(SIDE, SIDE)
    for (name, figure), yaw, pitch, (place, time) in itertools.product(figures.items(), YAWS, PITCHES, LIGHTS):
        drawn = close_up(renderer, figure, yaw, pitch, place, time)
        if folder:
            Image.fromarray(drawn).save(folder / f"{name}_{place}_{yaw:+d}_{pitch:+d}.png")
        with FaceMesh(still=True) as mesh:
            found = mesh.find(drawn)
        vector = face_vector(drawn, found[0]) if found else None
        own = name.split(",")[0]
        away = {who: float("nan") if vector is None else distance(vector, theirs) for who, theirs in vectors.items()}
        yield Seen(name, yaw, pitch, f"{place}, {time}", away[own], min(far for who, far in away.items() if who != own))
    renderer.close()


def row(label: str, seen: list[Seen]) -> tuple[str, ...]:
    own, other = (np.array([getattr(one, key) for one in seen]) for key in ("own", "other"))
    told = np.nanmean(own), np.nanmax(own), np.nanmin(other), np.nanmin(other - own)
    return label, *(f"{value:.2f}" for value in told), str(int(np.isnan(own).sum()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", type=Path, help="where the close-ups go")
    folder = parser.parse_args().save
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    people = {name: taken(name) for name in PEOPLE}
    likenesses = {f"@{name}": read_likeness(person.to_bytes()) for name, person in people.items()}
    vectors = {name: person.vector for name, person in people.items()}
    every = list(measured(vectors, doubles(likenesses), folder))
    seen = [one for one in every if "plain" not in one.name]
    table = Table(*HEADINGS, title="Distances of rendered close-ups to enrolled faces")
    table.add_row(*row("all", seen), end_section=True)
    for key, label in (("name", "{}"), ("yaw", "camera {:+}° aside"), ("pitch", "camera {:+}° above"), ("light", "{}")):
        for value in dict.fromkeys(getattr(one, key) for one in seen):
            table.add_row(*row(label.format(value), [one for one in seen if getattr(one, key) == value]))
        table.add_section()
    table.add_row(*row("the same bodies without likeness", [one for one in every if "plain" in one.name]))
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
