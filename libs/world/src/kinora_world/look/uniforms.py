"""What shaders are told: per frame for all, per body for its face."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from kinora_world.look.faces import eye_opening, head_turn
from kinora_world.look.matrices import column_major, look_at, orthographic, view_projection
from kinora_world.look.meshes import BodyMesh
from kinora_world.look.styles import SPACE, StyleEntry
from kinora_world.scene import F4, F8, Air, Lamp, Light, StageSet, View

Values = dict[str, bytes | float | int | tuple[float, ...]]
DUSK = {"clear": 0.0, "dawn": 0.35, "sunset": 0.75, "night": 1.0, "space": 1.0}
LUMA = np.array([0.2126, 0.7152, 0.0722])
ROOM_LIGHT = 0.55
IRIS = (0.09, 0.12, 0.14)
ACTION = np.array([0.0, 0.6, 1.2])  # the middle of what casts and receives shadows
REACH = 6.6  # metres around it
MAX_LAMPS, MAX_CONTACTS = 3, 24
HERE: Values = {"model": column_major(np.eye(4))}
SHADOW_UNIT, NOISE_UNIT, FRAME_UNIT, PALETTE_UNIT, DEPTH_UNIT, PICTURE_UNIT, OPEN_UNIT, PORTRAIT_UNIT = range(8)
LIGHTNING = np.array([2.2, 2.5, 3.2])


def put(program: Any, values: Values) -> None:
    """Sets the uniforms that the program has."""
    for name, value in values.items():
        uniform = program.extra.get(name)
        if uniform is not None:
            if isinstance(value, bytes):
                uniform.write(value)
            else:
                uniform.value = value


def placed(pose: F8) -> Values:
    """Where a thing stands, (4, 4)."""
    return {"model": column_major(np.asarray(pose))}


def near_lamps(light: Light) -> tuple[Lamp, ...]:
    """The MAX_LAMPS lamps that matter most to the action, dark ones where there are fewer."""
    near = sorted(light.lamps, key=lambda lamp: float(np.hypot(lamp.position[0], lamp.position[1] - 1)))
    dark = Lamp((0.0, 0.0, 99.0), (0.0, 0.0, 0.0), 1.0)
    return (*near, *[dark] * MAX_LAMPS)[:MAX_LAMPS]


@lru_cache(8)
def shadow_view(direction: tuple[float, float, float]) -> F8:
    """Stage to the shadow map's clip space."""
    return orthographic(REACH, 1.0, 80.0) @ look_at(ACTION + 40 * np.asarray(direction, np.float64), ACTION)


def _times(colour: tuple[float, float, float], factor: float, flash: float) -> tuple[float, float, float]:
    red, green, blue = (float(v) for v in np.asarray(colour) * factor + LIGHTNING * flash)
    return red, green, blue


def styled_light(light: Light, style: StyleEntry, air: Air) -> Light:
    """The stage's light as the style sees it, with what flashes and burns."""
    return replace(
        light,
        key=_times(light.key, style.key, air.flash),
        sky=_times(light.sky, style.sky, air.flash * 0.25),
        ground=_times(light.ground, style.ground, 0.0),
        lamps=(*air.lamps, *light.lamps),
    )


def frame_values(view: View, stage: StageSet, aspect: float, time: float, style: StyleEntry, air: Air) -> Values:
    light = styled_light(stage.light, style, air)
    lamps = near_lamps(light)
    return {
        "view_projection": column_major(view_projection(view, aspect)),
        "unproject": column_major(np.linalg.inv(view_projection(view, aspect))),
        "shadow_view": column_major(shadow_view(light.direction)),
        "aspect": aspect,
        "time": time,
        "eye": view.eye,
        "key_direction": light.direction,
        "key_light": light.key,
        "sky_light": light.sky,
        "ground_light": light.ground,
        "fog_colour": light.fog,
        "fog_density": light.fog_density,
        "dusk": DUSK[stage.sky],
        "daylight": daylight(light, indoor=stage.indoor),
        "overcast": stage.overcast,
        "wind": stage.wind,
        "wet": stage.wet,
        "snow": stage.snow,
        "indoor": float(stage.indoor),
        "rains": float(stage.weather in {"rain", "storm"}),
        "snows": float(stage.weather == "snow"),
        "lamp_place": np.array([(*lamp.position, lamp.reach) for lamp in lamps], np.float32).tobytes(),
        "lamp_light": np.array([lamp.colour for lamp in lamps], np.float32).tobytes(),
        "shadow_map": SHADOW_UNIT,
        "noises": NOISE_UNIT,
    }


def daylight(light: Light, *, indoor: bool) -> float:
    """How bright the day is, 0 at night to 1 in the sun: drawn styles choose their colours by it. Rooms are lit at night."""
    return float(np.clip((0.4 * LUMA @ light.key + LUMA @ light.sky - 0.45) / 0.7, ROOM_LIGHT if indoor else 0, 1))


def sky_values(style: StyleEntry, stage: StageSet) -> Values:
    """The sky's palette; clouds that hide it are of the fog's colour."""
    palette = SPACE if stage.sky == "space" else style.skies[stage.sky]
    colours = np.array(palette.colours)
    grey = np.asarray(stage.light.fog) * np.array([[0.72], [0.86], [1.0], [0.82]])
    rows = np.column_stack([colours + (grey - colours) * stage.overcast, np.full(4, palette.cover + 0.5 * stage.overcast)])
    return {"palette": rows.astype(np.float32).tobytes()}


def contact_values(spots: Sequence[tuple[float, float, float, float]]) -> Values:
    """Soft darkening of the ground under feet and things: x, y, height above ground, radius; at most MAX_CONTACTS."""
    padded = np.zeros((MAX_CONTACTS, 4), np.float32)
    padded[: len(spots)] = np.array(spots, np.float32).reshape(-1, 4)
    return {"contact": padded.tobytes()}


def face_values(mesh: BodyMesh, positions: F4) -> Values:
    """Features, openness of the eyes, and the head's turn; neutral for a body without a face."""
    if mesh.face is None:
        return {"head_turn": column_major(np.eye(3)), "complexion": (0.0, 0.0)}
    marks, body = mesh.body.landmarks, mesh.body
    turn = head_turn(mesh.face, body.rest[0], positions)
    own_brows = any(part.name == "brow" for part in body.parts)
    hair = next((part.colour for part in body.parts if part.name == "hair"), (0.05, 0.03, 0.02))
    return {
        **{f"face_{name}": marks[name] for name in ("eye_left", "eye_right", "mouth", "nose", "chin", "crown")},
        "face_unit": mesh.face.unit,
        "lid_rest": mesh.face.rims,
        "skin_colour": next(part.colour for part in body.parts if part.finish == "skin"),
        "eye_ball": mesh.face.ball,
        "eye_open": eye_opening(mesh.face, body.rest[0], positions, turn),
        "head_turn": column_major(turn),
        "brow_colour": (-1.0, 0.0, 0.0) if own_brows else tuple(0.7 * c for c in hair),
        "arm_line": _arm_line(marks),
        "complexion": getattr(body, "complexion", (0.0, 0.0)),
        "iris_colour": next((p.colour for p in body.parts if p.name == "eye"), IRIS),
    }


def _arm_line(marks: Mapping[str, tuple[float, float, float]]) -> tuple[float, float, float, float]:
    """The left arm seen from in front: its shoulder, x and z, and the direction to the wrist."""
    if "shoulder" not in marks:
        return 9.0, 0.0, 1.0, 0.0
    shoulder, wrist = (np.array(marks[name])[[0, 2]] for name in ("shoulder", "wrist"))
    way = (wrist - shoulder) / np.linalg.norm(wrist - shoulder)
    return float(shoulder[0]), float(shoulder[1]), float(way[0]), float(way[1])
