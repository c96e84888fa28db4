"""An OpenGL context without a window."""

from contextlib import suppress
from typing import Any

import moderngl


class RenderUnavailable(RuntimeError):
    """No OpenGL on this machine."""


def open_context() -> Any:
    """A standalone EGL context of OpenGL 4.0 or later, on a GPU where a driver offers one and on Mesa's llvmpipe otherwise.

    Raises RenderUnavailable with the libraries to install.
    """
    problem: Exception | None = None
    create: Any = moderngl.create_context  # its stub leaves out the options of the EGL backend
    # The plain names need development links; the versioned ones are what run-time packages install.
    choices: tuple[dict[str, Any], ...] = ({}, {"libgl": "libGL.so.1", "libegl": "libEGL.so.1"})
    for names in choices:
        try:
            return create(standalone=True, backend="egl", require=400, **names)
        except Exception as error:  # noqa: BLE001 - glcontext raises bare Exception
            problem = error
    raise RenderUnavailable(f"no OpenGL 4 context through EGL ({problem}); install the system packages libegl1 and libgl1") from problem


def release(*resources: Any) -> None:
    """Frees GL objects; one that is gone already is no error."""
    for resource in resources:
        with suppress(AttributeError):
            resource.release()
