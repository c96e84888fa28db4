"""Who is at the other end of the connection: the client itself, or who a proxy that we trust says it is."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_V4, _V6 = 24, 56  # what one household, office or provider commonly has
_MAPPED = int(IPv6Address("::ffff:0:0"))  # how a socket that takes both writes IPv4 (RFC 4291, section 2.5.5.2)


def behind(proxies: Iterable[IPv4Network | IPv6Network], app: ASGIApp) -> ASGIApp:
    """`app`, told the client and the scheme that the nearest of `proxies` saw. Hops are read from the right, up to the first that is none
    of them: what stands further left came with the request, and anybody can have written it.

    X-Forwarded-Host is not believed: all addresses that we give out begin with KINORA_PUBLIC_URL.
    """
    trusted = [str(network) for proxy in proxies for network in _as_seen(proxy)]
    return ProxyHeadersMiddleware(app, trusted) if trusted else app  # type: ignore[arg-type,return-value] # two typings of ASGI


def client_network(request: HTTPConnection) -> str:
    """The network around the client's address: /24, of IPv6 /56. Empty when unknown."""
    address = _address(request)
    if address is None:
        return ""
    return str(ip_network((address.packed, _V6 if isinstance(address, IPv6Address) else _V4), strict=False))


def client_address(request: HTTPConnection) -> str:
    """The client's address; of IPv6 the /64, which one client has to itself. Whatever is no address is one client: "unknown"."""
    address = _address(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address.packed, 64), strict=False))
    return str(address or "unknown")


def _address(request: HTTPConnection) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _as_seen(proxy: IPv4Network | IPv6Network) -> Iterator[IPv4Network | IPv6Network]:
    yield proxy
    if isinstance(proxy, IPv4Network):
        yield IPv6Network((_MAPPED + int(proxy.network_address), 96 + proxy.prefixlen))
