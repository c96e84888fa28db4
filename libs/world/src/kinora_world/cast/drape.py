"""Skirts that hang: each line of cloth from waist to hem falls as far as the legs and the floor let it.

A quasi-static solution per frame, a pure function of the pose (no state from frame to frame): lines are followed downwards, every segment
keeps its length, leans from where skinning has it towards where gravity wants it, and is pushed out of capsules around thighs and shins.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from kinora_world.scene import F4, F8, I4

_SAG = 0.62  # how far a segment leans towards hanging straight; the rest carries it along the leg that it lies on
_NEAR = 0.06  # metres from the sheet within which a vertex is part of it
_FLOOR = 0.012
_ASTRIDE = 0.24  # half the metres between knees beyond which cloth is not stretched from one to the other
LEGS = (("LeftUpLeg", "LeftLeg"), ("LeftLeg", "LeftFoot"), ("RightUpLeg", "RightLeg"), ("RightLeg", "RightFoot"))
_RADII = (0.098, 0.078)  # of thigh and shin with cloth, metres of an adult


@dataclass(frozen=True, slots=True)
class Sheet:
    """What hangs: lines of vertices `mix` ((rows * columns), base) at `positions` (rows, columns, 3), the first row at the waist."""

    mix: sp.csr_matrix
    positions: F8
    closed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Drape:
    """A sheet bound to a figure: which vertices (n,) follow it, by which shares (n, rows * columns)."""

    rest: F4
    weights: sp.csr_matrix
    lengths: F8  # (rows - 1, columns)
    behind: F8  # (columns,) 1 for lines that one sits on
    closed: bool
    vertices: I4
    shares: sp.csr_matrix
    unit: float

    @classmethod
    def bound(cls, sheet: Sheet, weights: sp.csr_matrix, positions: F8, worn: I4, unit: float) -> Self:
        """`weights` skin the sheet's points; `worn` are the figure's vertices of that garment, at rest `positions`."""
        flat = sheet.positions.reshape(-1, 3)
        distance, nearest = cKDTree(flat).query(positions[worn], k=4)
        mine = distance[:, 0] < _NEAR * unit
        share = 1 / (distance[mine] + 1e-3) ** 2
        share /= share.sum(1, keepdims=True)
        rows = np.repeat(np.arange(mine.sum()), 4)
        shares = sp.csr_matrix((share.ravel(), (rows, nearest[mine].ravel())), shape=(int(mine.sum()), len(flat)))
        around = sheet.positions - sheet.positions.mean((0, 1))
        behind = np.clip(around[:, :, 1].mean(0) / np.abs(around).max() * 2.5 + 0.3, 0, 1)
        lengths = np.linalg.norm(np.diff(sheet.positions, axis=0), axis=2)
        return cls(flat.astype(np.float32), weights, lengths, behind, sheet.closed, worn[mine].astype(np.int32), shares, unit)

    def settle(self, positions: F4, normals: F4, skinned: F8, down_at_rest: F8, legs: F8, *, seated: float, upright: float) -> None:
        """Moves the figure's vertices in place.

        `skinned` (rows * columns, 3) is the sheet as skinned, `down_at_rest` (3, 3) the turn of somebody upright who faces the same way,
        `legs` (4, 2, 3) the ends of thighs and shins, `seated` 0..1 whether the lines behind are sat on, `upright` 0 for who lies.
        """
        before = skinned.reshape(-1, len(self.behind), 3)
        carried = np.diff(before, axis=0)
        fall = np.diff(self.rest.reshape(before.shape), axis=0) @ down_at_rest.T
        length = np.linalg.norm(carried, axis=2, keepdims=True)
        carried, fall = carried / np.maximum(length, 1e-9), _unit(fall)
        away = 1 - (carried * fall).sum(2)
        lean = (_SAG * upright * (1 - self.behind * seated) * np.clip((away - 0.02) / 0.12, 0, 1))[:, :, None]
        bent = float(np.clip((float(_unit(legs[::2, 1] - legs[::2, 0])[:, 2].max()) + 0.93) / 0.15, 0, 1)) * upright
        if bent == 0 and lean.max() < 0.02:
            return
        steps = _unit(carried * (1 - lean) + fall * lean) * (length * (1 - lean) + self.lengths[:, :, None] * lean)
        limbs, after = self._limbs(legs, down_at_rest[:, 0]), before.copy()
        for k, step in enumerate(steps):
            at = limbs.outside(after[k] + step, 1 - self.behind, bent)
            way = at - after[k]
            after[k + 1] = after[k] + way * (np.linalg.norm(step, axis=1) / np.maximum(np.linalg.norm(way, axis=1), 1e-9))[:, None]
        moved = self._even(after - before) + before
        there = positions[self.vertices]
        there += self.shares @ (moved - before).reshape(-1, 3)
        there[:, 2] = np.maximum(there[:, 2], _FLOOR / 2)
        positions[self.vertices] = there
        turned = self.shares @ (self._normals(moved) - self._normals(before)).reshape(-1, 3)
        normals[self.vertices] = _unit(normals[self.vertices] + turned)

    def _limbs(self, legs: F8, aside: F8) -> "_Limbs":
        """Thighs and shins, and the space between them where the knees are close."""
        between = float(np.linalg.norm(legs[0, 1] - legs[2, 1])) / 2
        middle = (legs[:2] + legs[2:]) / 2
        chains = np.concatenate([legs, middle]) if between < _ASTRIDE * self.unit else legs
        axis = chains[:, 1] - chains[:, 0]
        along = _unit(axis)
        front = _unit(np.cross(along, aside))
        radius = np.array([*_RADII, *_RADII, *(0.8 * r for r in _RADII)])[: len(chains)] * self.unit
        wide = np.array([0.0, 0.0, 0.0, 0.0, between, between])[: len(chains)]
        slides = np.clip((0.3 - along[:, 2]) / 0.2, 0, 1)  # cloth slides off raised knees
        slides[1::2] = 1.0
        return _Limbs(chains[:, 0], axis, front, np.cross(front, along), radius, wide, slides)

    def _even(self, moves: F8) -> F8:
        """Neighbouring lines move alike."""
        for _ in range(2):
            left, right = np.roll(moves, 1, 1), np.roll(moves, -1, 1)
            if not self.closed:
                left[:, 0], right[:, -1] = moves[:, 0], moves[:, -1]
            moves = 0.5 * moves + 0.25 * (left + right)
        return moves

    def _normals(self, points: F8) -> F8:
        down, aside = np.gradient(points, axis=0), np.roll(points, -1, 1) - np.roll(points, 1, 1)
        if not self.closed:
            aside[:, 0], aside[:, -1] = points[:, 1] - points[:, 0], points[:, -1] - points[:, -2]
        return _unit(np.cross(down, aside))


@dataclass(frozen=True, slots=True)
class _Limbs:
    """Capsules (c): where they start, their axes, which way is their front and their side, how thick and how much wider they are."""

    start: F8
    axis: F8
    front: F8
    side: F8
    radius: F8
    wide: F8
    slides: F8

    def outside(self, points: F8, ahead: F8, bent: float) -> F8:
        """Points (n, 3) off the limbs: lines in front are lifted onto them, whichever way is shorter; those behind go round."""
        off = points[None] - self.start[:, None]
        share = np.einsum("cnk,ck->cn", off, self.axis) / (self.axis**2).sum(1)[:, None]
        beyond = (share - np.clip(share, 0, 1)) * np.linalg.norm(self.axis, axis=1)[:, None]
        aside = np.einsum("cnk,ck->cn", off, self.side)
        high = np.einsum("cnk,ck->cn", off, self.front)
        radius = self.radius[:, None]
        spread = (aside / (radius + self.wide[:, None])) ** 2 + (beyond / radius) ** 2
        lift = np.clip(radius * np.sqrt(np.clip(1 - spread, 0, 1)) - high, 0, None) * (spread < 1)
        over = ahead[None] * self.slides[:, None]
        far = np.sqrt(aside**2 + high**2 + beyond**2)
        push = (1 - over) * np.clip(radius - far, 0, None) / np.maximum(far, 1e-6) * (self.wide == 0)[:, None]
        sideways, upwards = push * aside, over * lift + push * high
        most = np.argmax(sideways**2 + upwards**2, axis=0)
        line = np.arange(len(points))
        moved = points + bent * (sideways[most, line, None] * self.side[most] + upwards[most, line, None] * self.front[most])
        moved[:, 2] = np.maximum(moved[:, 2], _FLOOR)
        return np.asarray(moved)


def _unit(vectors: F8) -> F8:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
