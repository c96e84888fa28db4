"""When there was too little memory: telling it from other failures, and giving back what the job held."""

import errno
import gc
import re
import sys
from collections.abc import Iterator

_CLASSES = frozenset({"OutOfMemoryError"})  # torch's, on any device
_WORDS = re.compile(
    r"out of memory|can't allocate memory|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED"
    r"|could not create a (primitive|memory object)$"  # oneDNN, which computes torch's convolutions on CPUs
)


def ran_out(error: BaseException) -> bool:
    """Whether memory ran out, of the machine or of a GPU. Of torch only names are known here: it need not be installed.

    Its CPU allocator and the CUDA libraries raise plain RuntimeErrors, which only their words tell apart.
    """
    return any(_says_so(link) for link in _chain(error))


def give_back() -> None:
    """Frees what the failed job held: Python's cycles first, which hold tensors, then torch's caches of GPU memory."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _says_so(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    named = isinstance(error, MemoryError) or type(error).__name__ in _CLASSES
    return named or (isinstance(error, RuntimeError) and _WORDS.search(str(error)) is not None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
