"""Who is at the other end of the connection."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

_V4, _V6 = 24, 56  # what one household, office or provider commonly has


def client_network(request: HTTPConnection) -> str:
    """The network around the client's address: /24, of IPv6 /56. Empty when unknown."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    return str(ip_network((address.packed, _V6 if isinstance(address, IPv6Address) else _V4), strict=False))


def client_address(request: HTTPConnection) -> str:
    """The client's address; of IPv6 the /64, which one client has to itself."""
    if request.client is None:
        return "unknown"
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return request.client.host
    if isinstance(address, IPv6Address):
        return str(ip_network((address.packed, 64), strict=False))
    return str(address)
