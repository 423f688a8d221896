"""Where a recipient asks from: what the connection says, and proxies only where they are known."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: More hops than any honest chain of proxies has; what stands before them is not read.
_MOST_HOPS: Final = 16


def networks(proxies: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that *proxies* name.

    Raises:
        ValueError: One is neither an address nor a network.
    """
    if isinstance(proxies, str):
        raise TypeError("proxies are a list of addresses or networks")
    return tuple(ipaddress.ip_network(proxy) for proxy in proxies)


def client_of(peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the address of whoever asks; of IPv6, the network that one household has.

    Each proxy appends who spoke to it to ``X-Forwarded-For``: the last entry is the word of the
    nearest one. It is taken where that one is *trusted*, and so on; what a stranger wrote before
    is not.

    Args:
        peer: The other end of the connection.
        forwarded: The values of that header, in their order.
        trusted: Proxies whose word is taken.
    """
    address = _address(peer or "")
    if address is None:
        return ""
    hops = ",".join(forwarded).split(",")[-_MOST_HOPS:]
    while hops and _within(address, trusted):
        told = _address(hops.pop())
        if told is None:
            break
        address = told
    if address.version == 6:
        # RFC 6177: a site gets at least a /64, and each of its machines changes address at will.
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def speaks_https(peer: str | None, told: Sequence[str], trusted: Sequence[Network]) -> bool:
    """Return whether a *trusted* proxy says that whoever asks speaks HTTPS with it.

    Args:
        peer: The other end of the connection.
        told: The values of ``X-Forwarded-Proto``; the last word is the nearest proxy's.
        trusted: Proxies whose word is taken.
    """
    address = _address(peer or "")
    if address is None or not _within(address, trusted):
        return False
    return ",".join(told).rpartition(",")[2].strip().lower() == "https"


def _within(address: _Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _address(text: str) -> _Address | None:
    """Return an address, of an IPv4 one inside IPv6 that one, or ``None`` where there is none."""
    try:
        address = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
