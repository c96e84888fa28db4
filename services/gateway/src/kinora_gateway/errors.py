"""Every refusal as `{"error": {"message", "type", "param", "code"}}`, the shape OpenAI clients know."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import grpc
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from kinora_kit import log
from kinora_kit.errors import RemoteError, from_rpc_error
from kinora_media.store import MediaUnavailable
from starlette.exceptions import HTTPException

_log = log.get("kinora.gateway")
_NO_RETRY = {"x-should-retry": "false"}
_STATUS = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.OUT_OF_RANGE: 400,
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.FAILED_PRECONDITION: 409,
    grpc.StatusCode.ABORTED: 409,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.DEADLINE_EXCEEDED: 504,
}
_CODES = {404: "not_found", 405: "method_not_allowed", 503: "unavailable", 504: "timeout"}
_NAMES = {  # reasons that clients know under another code
    "BadField": "invalid_value",
    "NoSuchVideo": "video_not_found",
    "VideoNotCompleted": "video_not_ready",
    "UseNotFound": "video_not_found",
    "UseNotFinished": "video_not_ready",
}
_AMONG_US = {"IdentityMissing", "IdentityInvalid"}  # a fault between our services, not of the caller's
_FAULTS = {
    500: "Something went wrong on our side. The request id in x-request-id names this case in our logs.",
    503: "A part of Kinora cannot be reached just now; try again in a moment.",
    504: "A part of Kinora took too long to answer; try again in a moment.",
}


class ApiError(Exception):
    """A refusal that the gateway itself decides on."""

    def __init__(self, status: int, code: str, message: str, *, param: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        self.headers = dict(headers or {})


def invalid(param: str | None, message: str, *, code: str = "invalid_value") -> ApiError:
    return ApiError(400, code, message, param=param)


def install(app: FastAPI) -> None:
    app.add_exception_handler(Exception, _unexpected)
    app.add_exception_handler(ApiError, _refused)
    app.add_exception_handler(grpc.RpcError, _remote)
    app.add_exception_handler(MediaUnavailable, _no_media)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)


def respond(error: ApiError) -> JSONResponse:
    headers = error.headers if error.status != 409 else {**_NO_RETRY, **error.headers}
    return JSONResponse(body(error), error.status, headers)


def body(error: ApiError) -> dict[str, dict[str, str | None]]:
    kind = "server_error" if error.status >= 500 else "rate_limit_error" if error.status == 429 else "invalid_request_error"
    return {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}


def from_remote(error: RemoteError) -> ApiError:
    """What another service said, in HTTP. Only errors with a reason of their own were meant for the caller."""
    status = _STATUS.get(error.code, 500)
    if status < 500 and (error.reason == error.code.name or error.reason in _AMONG_US):
        status = 500
    if status >= 500:
        return _fault(status)
    if error.reason == "RequestIdReused":
        message = "This Idempotency-Key was used before with a different request; use a new key for a new request."
        return ApiError(409, "idempotency_key_reused", message, param="Idempotency-Key")
    code = error.metadata.get("code", "").lower() or _NAMES.get(error.reason) or _snake(error.reason)
    return ApiError(status, code, error.message, param=error.param, headers=_retry_headers(error))


def _fault(status: int) -> ApiError:
    headers = {"retry-after": "1"} if status == 503 else {}
    return ApiError(status, _CODES.get(status, "internal_error"), _FAULTS[status], headers=headers)


@contextmanager
def renamed(**params: str) -> Iterator[None]:
    """Inside, what a service refused names its fields as the client does: `strokes="box"`."""
    try:
        yield
    except grpc.RpcError as error:
        refused = from_remote(from_rpc_error(error))
        refused.param = params.get(refused.param or "", refused.param)
        raise refused from error


def _retry_headers(error: RemoteError) -> Mapping[str, str]:
    if error.code is grpc.StatusCode.ABORTED:
        return {"x-should-retry": "true"}
    if "renews_at" in error.metadata:  # a budget: no client should wait for it
        return _NO_RETRY
    if error.code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return {"retry-after": error.metadata.get("retry_after_s", "10")}
    return {}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)  # noqa: S101 - registered for this class only
    return respond(error)


def _remote(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, grpc.RpcError)  # noqa: S101 - registered for this class only
    return respond(from_remote(from_rpc_error(error)))


def _no_media(_: Request, error: Exception) -> JSONResponse:
    _log.warning("media.unavailable", reason=str(error))
    return respond(_fault(503))


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    text = f"{request.method} {request.url.path} is not part of this API; /openapi.json lists what is."
    if error.status_code not in {404, 405}:
        text = str(error.detail)
    code = _CODES.get(error.status_code, "invalid_request")
    return respond(ApiError(error.status_code, code, text, headers=error.headers))


def _validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    first = error.errors()[0]
    return respond(from_field(first["loc"][1:], first["type"], first["msg"]))


def from_field(location: tuple[int | str, ...], kind: str, message: str) -> ApiError:
    """A pydantic complaint about one field; `param` is the outermost name, as the client wrote it."""
    param = str(location[0]) if location else None
    if kind == "extra_forbidden":
        unknown = str(location[-1])[:100]
        return invalid(param if len(location) > 1 else unknown, f"Unknown parameter: '{unknown}'.", code="unknown_parameter")
    if kind == "missing":
        return invalid(param, f"Missing required parameter: '{location[-1]}'.", code="missing_required_parameter")
    return invalid(param, f"Invalid '{param}': {message.removeprefix('Value error, ').rstrip('.')}.")


def _unexpected(_: Request, __: Exception) -> JSONResponse:
    """The middleware outside logs it with its traceback."""
    return respond(_fault(500))
