"""Results kept as long as what they were made of, and no longer: of a body with somebody's likeness nothing stays in a cache."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
R = TypeVar("R")


def kept_with(owner: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For functions of positional arguments that can be hashed. The one at `owner` must not be reachable from the result."""

    def decorated(make: Callable[P, R]) -> Callable[P, R]:
        results: WeakKeyDictionary[Any, dict[tuple[Any, ...], R]] = WeakKeyDictionary()

        @wraps(make)
        def found(*given: P.args, **_: P.kwargs) -> R:
            mine = results.setdefault(given[owner], {})
            key = (*given[:owner], *given[owner + 1 :])
            if key not in mine:
                mine[key] = make(*given)  # type: ignore[call-arg]
            return mine[key]

        return found

    return decorated
