"""Unit quaternions as arrays (..., 4), scalar first; everything works along leading axes."""

import numpy as np

from kinora_world.scene import F8

ONE = np.array([1.0, 0.0, 0.0, 0.0])


def times(a: F8, b: F8) -> F8:
    """The rotation that does `b`, then `a`."""
    aw, ax, ay, az = np.moveaxis(a, -1, 0)
    bw, bx, by, bz = np.moveaxis(b, -1, 0)
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        -1,
    )


def inverse(q: F8) -> F8:
    return np.asarray(q * [1, -1, -1, -1])


def about(axis: str, radians: F8 | float) -> F8:
    """Turns about x, y or z."""
    half = np.asarray(radians, np.float64) / 2
    q = np.zeros((*half.shape, 4))
    q[..., 0] = np.cos(half)
    q[..., "xyz".index(axis) + 1] = np.sin(half)
    return q


def slerp(a: F8, b: F8, t: F8 | float) -> F8:
    """Shortest way from `a` to `b`; `t` (...) without the last axis."""
    share = np.asarray(t, np.float64)[..., None]
    dot = (a * b).sum(-1, keepdims=True)
    b = np.where(dot < 0, -b, b)
    angle = np.arccos(np.clip(np.abs(dot), 0, 1))
    sine = np.sin(angle)
    near = sine < 1e-4
    safe = np.where(near, 1, sine)
    first = np.where(near, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(near, share, np.sin(share * angle) / safe)
    mixed = first * a + second * b
    return np.asarray(mixed / np.linalg.norm(mixed, axis=-1, keepdims=True))


def scaled(q: F8, t: F8 | float) -> F8:
    """A fraction of a rotation."""
    return slerp(np.broadcast_to(ONE, q.shape), q, np.broadcast_to(t, q.shape[:-1]))


def matrix(q: F8) -> F8:
    """(..., 3, 3)."""
    w, x, y, z = np.moveaxis(q, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, -1) for row in rows], -2)


def of_matrix(m: F8) -> F8:
    """From (..., 3, 3), by the largest of the four components (Shepperd)."""
    r = np.moveaxis(m.reshape(-1, 3, 3), 0, -1)
    trace = r[0, 0] + r[1, 1] + r[2, 2]
    squares = np.stack([1 + trace, 1 + 2 * r[0, 0] - trace, 1 + 2 * r[1, 1] - trace, 1 + 2 * r[2, 2] - trace])
    candidates = np.array(
        [
            [squares[0], r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]],
            [r[2, 1] - r[1, 2], squares[1], r[1, 0] + r[0, 1], r[0, 2] + r[2, 0]],
            [r[0, 2] - r[2, 0], r[1, 0] + r[0, 1], squares[2], r[2, 1] + r[1, 2]],
            [r[1, 0] - r[0, 1], r[0, 2] + r[2, 0], r[2, 1] + r[1, 2], squares[3]],
        ]
    )
    best = np.take_along_axis(candidates, squares.argmax(0)[None, None, :], 0)[0].T
    return np.asarray(best / np.linalg.norm(best, axis=1, keepdims=True)).reshape(*m.shape[:-2], 4)


def heading(q: F8) -> F8:
    """Radians about Z that the body's forward axis (-Y) has been turned by."""
    forward = matrix(q)[..., :, 1]
    return np.arctan2(-forward[..., 0], forward[..., 1])


def continuous(q: F8) -> F8:
    """Signs chosen so that neighbours along axis 0 lie on the same half."""
    flips = np.where((q[1:] * q[:-1]).sum(-1) < 0, -1.0, 1.0)
    return np.concatenate([q[:1], q[1:] * np.cumprod(flips, axis=0)[..., None]])
