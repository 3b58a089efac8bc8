"""Which addresses we go to: the open internet and nothing else. Pure; resolves no name.

A feed's address comes from outside, and every redirect from further outside. Whoever could make the
monitor ask an address of the house's own network would look through its eyes.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# IANA special-purpose registries (RFC 6890 and its updates), and 168.63.129.16, which is public in
# form but the inside of a cloud provider's machines.
_CLOSED_4 = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Only 2000::/3 is handed out at all. Inside it: protocol assignments with Teredo, documentation, 6to4.
# Outside lie IPv4-mapped and -compatible, NAT64, link-local, unique local and multicast addresses.
_OPEN_6 = ip_network("2000::/3")
_CLOSED_6 = tuple(
    ip_network(net)
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Whether ``address`` (an IP address, perhaps with a zone) is on the open internet."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in net for net in _CLOSED_4)
    return ip.scope_id is None and ip in _OPEN_6 and not any(ip in net for net in _CLOSED_6)


def is_allowed(host: str, port: int, allowed: Collection[str]) -> bool:
    """Whether the settings name this host, alone or with this port: "intranet", "10.0.0.7:8080"."""
    host = host.strip("[]").rstrip(".").lower()
    for entry in allowed:
        name, wanted = _split(entry.strip().lower())
        if name == host and wanted in ("", str(port)):
            return True
    return False


def _split(entry: str) -> tuple[str, str]:
    """Host and port ("" if none) of a setting's entry; an IPv6 address with a port needs brackets."""
    if entry.startswith("["):
        host, _, port = entry[1:].partition("]")
        return host, port.removeprefix(":")
    if entry.count(":") == 1:
        host, _, port = entry.partition(":")
        return host, port
    return entry, ""
