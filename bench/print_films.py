"""Films for the bench of fingerprints, made once and kept in .cache/prints: of several looks and places, and twins: the same place, camera
and cast with other actions or words.
"""

from pathlib import Path

from bench_sound import MARKS, PEOPLE
from kinora_media.encode import Mp4Writer
from kinora_world.director import direct
from kinora_world.render import prepare
from kinora_world.storyboard import Storyboard

WIDTH, HEIGHT = 640, 360
FOLDER = Path(__file__).parents[1] / ".cache/prints"
SEED = 3
PROMPTS = {
    "realistic": "Two friends talk in a sunny park, realistic, music",
    "park-run": "A man runs in a sunny park, realistic",
    "park-dance": "A woman dances in a sunny park, realistic",
    "park-sit": "A man sits in a sunny park, realistic",
    "kitchen-sit": "An old man sits still in a kitchen, static camera",
    "kitchen-cook": "A woman waves in a kitchen, static camera",
    "kitchen-dance": "A man dances in a kitchen, static camera",
    "cartoon": "A cartoon dog runs across a meadow, cartoon style",
    "dark": "A woman walks down a dark street at night, realistic, rain",
    "street-run": "A man runs down a dark street at night, realistic, rain",
    "street-talk": '"Hello, who are you?" says a woman in a dark street at night, realistic, rain',
    "fast": "A man runs along the beach, fast pan, realistic",
    "beach-sit": "A woman sits on the beach, static camera, realistic",
    "beach-walk": "A woman walks on the beach, static camera, realistic",
    "snow": "Children dance in heavy snow in the mountains",
    "cafe": 'A woman talks to the camera in a cafe: "Nobody told me it would be this easy to make a film."',
    "cafe2": 'A woman talks to the camera in a cafe: "Yesterday I went to the market and bought six apples."',
    "cat": "A cat walks through a garden, orbit camera",
}
ACTIONS = {
    "wave": [{"actor": "maya", "verb": "wave"}, {"actor": "leo", "verb": "nod"}],
    "dance": [{"actor": "maya", "verb": "dance"}, {"actor": "leo", "verb": "clap"}],
    "walk": [{"actor": "leo", "verb": "walk", "to": [2.5, 0]}],
    "jump": [{"actor": "leo", "verb": "jump"}, {"actor": "maya", "verb": "sit"}],
}
LINES = {
    "still": [{"speaker": "maya", "text": "My mother made a beautiful apple pie."}],
    "talk2": [{"speaker": "leo", "text": "Yesterday the whole town was flooded, and nobody said a word."}],
}
TWINS = [f"{place}-{what}" for place in ("park", "kitchen", "street", "cafe") for what in (*ACTIONS, *LINES)]


def _board(name: str) -> Storyboard:
    """Eight seconds of a prompt, six of a twin."""
    if name in PROMPTS:
        return direct(PROMPTS[name], seconds=8, width=WIDTH, height=HEIGHT, seed=SEED).storyboard
    place, what = name.removeprefix("twin ").split("-")
    shot = {"duration": 6, "place": place, "marks": MARKS, "actions": ACTIONS.get(what, []), "dialogue": LINES.get(what, [])}
    return Storyboard.model_validate({"characters": PEOPLE, "shots": [shot], "seed": 5})


NAMES = [*PROMPTS, *(f"twin {name}" for name in TWINS)]


def film(name: str) -> Path:
    path = FOLDER / f"{name}.mp4"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        clip = prepare(_board(name), width=WIDTH, height=HEIGHT)
        with Mp4Writer(path, WIDTH, HEIGHT, clip.fps) as out:
            out.audio(clip.audio)
            for picture in clip.frames(planes=True):
                out.frame(picture)
    return path
