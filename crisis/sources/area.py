"""Whether a warning is about here: keys of districts and municipalities, and points inside areas. Pure.

Keys: the Amtlicher Regionalschlüssel (12 digits) and Gemeindeschlüssel (8 digits) of Germany, whole or only
their first digits (2 Land, 3 Regierungsbezirk, 5 Kreis), and the DWD's WARNCELLID, which is a digit and the
Gemeindeschlüssel (CAP DWD profile, "WarncellID"). A key of a larger area covers those within it, and the
other way round: what is warned of in one municipality is warned of in its district.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from crisis.errors import InvalidInputError

MOST = 20  # keys and points of one source
_POINT = re.compile(r"(-?\d{1,2}\.\d{1,8})\s*[,/]\s*(-?\d{1,3}\.\d{1,8})")
_KEY = re.compile(r"\d{2,12}")
_LENGTHS = (2, 3, 5, 8, 9, 12)
_EARTH = 6371.0  # kilometres, mean radius


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is here: keys as ``key`` makes them, and points as latitude and longitude in degrees."""

    keys: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keys or self.points)

    def __str__(self) -> str:
        return ";".join([*self.keys, *(f"{lat},{lon}" for lat, lon in self.points)])


@dataclass(frozen=True, slots=True)
class Area:
    """Where a warning holds, as far as it can be computed with."""

    keys: tuple[str, ...] = ()
    rings: tuple[tuple[tuple[float, float], ...], ...] = ()  # polygons of latitude and longitude
    circles: tuple[tuple[float, float, float], ...] = ()  # latitude, longitude, kilometres

    def __bool__(self) -> bool:
        return bool(self.keys or self.rings or self.circles)


def wanted(text: str) -> Wanted:
    """The keys and points in what somebody typed; none for "". Raises InvalidInputError."""
    points = tuple((float(lat), float(lon)) for lat, lon in _POINT.findall(text))
    rest = _POINT.sub(" ", text)
    words = [word for word in re.split(r"[\s,;]+", rest) if word]
    keys = [key(word) for word in words]
    right = all(_KEY.fullmatch(word) and len(word) in _LENGTHS for word in words)
    on_earth = all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in points)
    if not right or not on_earth or len(keys) + len(points) > MOST:
        raise InvalidInputError(
            "Das Gebiet ist ein Kreis- oder Gemeindeschlüssel (etwa 09162 oder 09162000) oder ein Punkt"
            " als Breite und Länge (etwa 48.137,11.575); mehrere trennt ein Semikolon.",
            "The area is the key of a district or municipality (such as 09162 or 09162000) or a point as"
            " latitude and longitude (such as 48.137,11.575); several are separated by a semicolon.",
        )
    return Wanted(tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(points)))


def located(typed: str) -> str:
    """The address of a CAP source, its area in order; "" if it is no address. Raises InvalidInputError."""
    address, _, where = typed.strip().partition("#")
    if not address.startswith(("http://", "https://")):
        return ""
    want = wanted(where)
    return f"{address}#{want}" if want else address


def place(url: str) -> str:
    """The area in a source's address; "" for everywhere."""
    return url.partition("#")[2]


def key(digits: str) -> str:
    """A key cut to what it says: "091620000000" and "09162000" are the district "09162"."""
    if len(digits) in (9, 12):  # Land, Bezirk, Kreis, Verband (4), Gemeinde (3; 9 digits: none)
        digits = digits[:5] + digits[9:]
    if len(digits) == 8 and digits.endswith("000"):
        digits = digits[:5]
    if len(digits) == 5 and digits.endswith("00"):
        digits = digits[:2] if digits.endswith("000") else digits[:3]
    return digits


def key_of(name: str, value: str) -> str:
    """The key in a CAP geocode, "" if it is none we know."""
    digits = value.strip()
    if not digits.isdecimal() or not digits.isascii():
        return ""
    name = name.strip().upper()
    if name == "WARNCELLID":
        # 8 and a municipality, 1 and a district; other first digits are coasts, lakes and the like.
        return key(digits[1:]) if len(digits) == 9 and digits[0] in "178" else ""
    if name in ("AGS", "ARS", "RS", "GEMEINDESCHLUESSEL", "REGIONALSCHLUESSEL"):
        return key(digits) if len(digits) in _LENGTHS else ""
    return ""


def is_here(area: Area, want: Wanted) -> bool:
    """Whether a warning for this area is one for us. What cannot be computed with counts as here."""
    if not want or not area:
        return True
    judged = False
    if want.keys and area.keys:
        judged = True
        if any(_meet(ours, theirs) for ours in want.keys for theirs in area.keys):
            return True
    if want.points and (area.rings or area.circles):
        judged = True
        if any(_covers(area, point) for point in want.points):
            return True
    return not judged


def ring(text: str) -> tuple[tuple[float, float], ...]:
    """The corners of a CAP polygon ("lat,lon lat,lon …"); () if it is none."""
    try:
        corners = [tuple(float(number) for number in pair.split(",")) for pair in text.split()]
    except ValueError:
        return ()
    if len(corners) < 4 or any(len(corner) != 2 for corner in corners):
        return ()
    return tuple((corner[0], corner[1]) for corner in corners)


def circle(text: str) -> tuple[float, float, float] | None:
    """A CAP circle ("lat,lon radius"); None if it is none."""
    try:
        centre, radius = text.split()
        lat, lon = centre.split(",")
        return float(lat), float(lon), float(radius)
    except ValueError:
        return None


def _meet(ours: str, theirs: str) -> bool:
    return ours.startswith(theirs) or theirs.startswith(ours)


def _covers(area: Area, point: tuple[float, float]) -> bool:
    return any(_inside(corners, point) for corners in area.rings) or _near(area.circles, point)


def _inside(corners: Sequence[tuple[float, float]], point: tuple[float, float]) -> bool:
    """Whether a ray from the point to the north crosses the ring an odd number of times."""
    lat, lon = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (lon1 > lon) != (lon2 > lon):
            crossing = lat1 + (lon - lon1) / (lon2 - lon1) * (lat2 - lat1)
            inside ^= lat < crossing
    return inside


def _near(circles: Iterable[tuple[float, float, float]], point: tuple[float, float]) -> bool:
    return any(_distance((lat, lon), point) <= radius for lat, lon, radius in circles)


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points on the earth (haversine formula)."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))
