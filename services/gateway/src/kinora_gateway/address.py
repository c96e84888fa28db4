"""Who is at the other end of the connection."""

from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request


def client_address(request: Request) -> str:
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
