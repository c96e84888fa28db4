"""Errors with a gRPC status: one class per reason, mapped to the wire in one place.

`class CameoRevoked(FailedPrecondition)` reaches the client as FAILED_PRECONDITION with
`google.rpc.ErrorInfo(reason="CameoRevoked", domain="kinora", metadata={...})`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]  # published without types
from grpc_status import rpc_status

DOMAIN = "kinora"
_ANSWERED = "grpc-retry-pushback-ms", "-1"  # not to be tried again by gRPC itself, which does so with calls that met nobody (gRPC A6)


class KinoraError(Exception):
    """An expected failure, told to the caller in words.

    `param` names the request field at fault; `metadata` holds further facts for programs.
    """

    code: grpc.StatusCode = grpc.StatusCode.UNKNOWN

    def __init__(self, message: str, *, param: str | None = None, **metadata: str) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.metadata: Mapping[str, str] = metadata

    @property
    def reason(self) -> str:
        """The stable name that programs compare: the class name."""
        return type(self).__name__


class InvalidArgument(KinoraError):
    code = grpc.StatusCode.INVALID_ARGUMENT


class NotFound(KinoraError):
    code = grpc.StatusCode.NOT_FOUND


class AlreadyExists(KinoraError):
    code = grpc.StatusCode.ALREADY_EXISTS


class FailedPrecondition(KinoraError):
    code = grpc.StatusCode.FAILED_PRECONDITION


class PermissionDenied(KinoraError):
    code = grpc.StatusCode.PERMISSION_DENIED


class Unauthenticated(KinoraError):
    code = grpc.StatusCode.UNAUTHENTICATED


class ResourceExhausted(KinoraError):
    code = grpc.StatusCode.RESOURCE_EXHAUSTED


class Unavailable(KinoraError):
    code = grpc.StatusCode.UNAVAILABLE


class RemoteError(KinoraError):
    """What another service answered; uncaught in a handler, it goes on to the caller unchanged."""

    def __init__(self, code: grpc.StatusCode, reason: str, message: str, *, param: str | None, metadata: Mapping[str, str]) -> None:
        super().__init__(message, param=param, **metadata)
        self.code = code
        self._reason = reason

    @property
    def reason(self) -> str:
        return self._reason


def to_status(error: KinoraError) -> grpc.Status:
    """The gRPC status, with ErrorInfo, that stands for `error` on the wire."""
    facts = {**error.metadata, **({"param": error.param} if error.param else {})}
    detail = AnyMessage()
    detail.Pack(error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=facts))
    number: int = error.code.value[0]
    status: Any = rpc_status.to_status(status_pb2.Status(code=number, message=error.message, details=[detail]))
    answered: grpc.Status = status._replace(trailing_metadata=(*status.trailing_metadata, _ANSWERED))
    return answered


def from_rpc_error(error: grpc.RpcError) -> RemoteError:
    """Read a failed call back; an answer that did not come from our servers has its status name as reason."""
    code, message = error.code(), error.details() or ""
    info = _error_info(error)
    if info is None:
        return RemoteError(code, code.name, message, param=None, metadata={})
    metadata = dict(info.metadata)
    return RemoteError(code, info.reason, message, param=metadata.pop("param", None), metadata=metadata)


@contextmanager
def remote_errors() -> Iterator[None]:
    """Inside, a failed call to another service raises RemoteError instead of grpc.RpcError."""
    try:
        yield
    except grpc.RpcError as error:
        raise from_rpc_error(error) from error


def _error_info(error: grpc.RpcError) -> error_details_pb2.ErrorInfo | None:
    status = rpc_status.from_call(cast("grpc.Call", error))  # what a stub raises is both
    info = error_details_pb2.ErrorInfo()
    for detail in status.details if status else ():
        if detail.Unpack(info):
            return info
    return None
