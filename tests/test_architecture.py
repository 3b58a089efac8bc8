"""Who may import whom: the rings of the house, held by a test. The one place that lists them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "crisis"

VOCABULARY = {"types", "errors", "interfaces"}
# Edges touch the world: the database, the network, the mail server, files.
EDGES = {
    "encoders",
    "store",
    "sources.dial",
    "sources.fetch",
    "sources.network",
    "sources.reader",
    "sources.refusals",
    "sources.worker",
    "sources.basket",
    "sources.follow",
    "sources.hearing",
    "sources.hear_jetstream",
    "sources.hear_mailbox",
    "sources.hear_mastodon",
    "sources.knock",
    "sources.websocket",
    "alerts.smtp",
    "alerts.outbox_folder",
    "inbox",
    "playbooks.folder",
    "playbooks.git_folder",
    "playbooks.on_disk",
    "playbooks.picture_folder",
    "reports.typeset",
    "matching.kept",
    "press",
    "channels.picture",
    "channels.wire",
    "channels.mastodon",
    "channels.bluesky",
    "channels.webhook",
    "channels.gateway",
}
DOORS = {"desk", "public", "cli", "settings", "wiring", "__main__"}
ROOMS = {  # each with the rooms upstream of it in the flow
    "audit": set(),
    "lists": set(),
    "vitals": set(),
    "demo": set(),
    "snippets": set(),
    "rights": set(),
    "scope": set(),
    "drills": set(),
    "sources": set(),
    "matching": set(),
    "rumours": {"matching"},
    "incidents": set(),
    "playbooks": {"rumours", "rights"},
    "responses": {"playbooks", "incidents", "matching", "rights"},
    "channels": {"responses", "playbooks"},
    "oncall": set(),
    "alerts": {"oncall", "incidents", "matching"},
    "figures": set(),
    "reports": {"figures", "drills"},
}
# What knowledge and workflows must not touch. ``time`` and the clock's functions are looked for below.
WORLD = {
    *(
        "flask",
        "flask_login",
        "flask_babel",
        "flask_wtf",
        "werkzeug",
        "jinja2",
        "gunicorn",
        "click",
    ),
    *("sqlite3", "pysqlite3", "sqlite_utils"),
    *("socket", "ssl", "http", "urllib.request", "httpcore", "requests", "smtplib", "imaplib"),
    *("os", "subprocess", "multiprocessing", "threading", "tempfile", "shutil", "pathlib", "time"),
}
CLOCK = {"now", "utcnow", "today"}
ONLY_IN = {  # each foreign library in one place
    "pysqlite3": {"store"},
    "sqlite_utils": {"store"},
    "feedparser": {"sources"},
    "smtplib": {"alerts"},
    "imap_tools": {"inbox"},
    "imaplib": {"inbox"},
    "httpcore": {"sources", "channels"},
    "websockets": {"sources"},
    "signxml": {"sources"},
    "sklearn": {"matching"},
    "onnxruntime": {"encoders"},
    "rapidfuzz": {"matching", "rumours"},
    "typst": {"press"},
    "holidays": {"oncall"},
    "icalendar": {"oncall"},
    "recurring_ical_events": {"oncall"},
    "flask": {"desk", "public"},
}


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(path for path in ROOT.rglob("*.py") if "static" not in path.parts))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def is_in(name: str, places: set[str]) -> bool:
    return any(name == place or name.startswith(place + ".") for place in places)


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module this one imports, also inside functions; not those for type checkers alone."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    tree = tree_of(path)
    for_types = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def inner(path: Path) -> frozenset[str]:
    """What it imports of ours, without the leading "crisis."."""
    known = {name_of(other) for other in modules()}
    found = {name.removeprefix("crisis.") for name in imports(path) if name.startswith("crisis.")}
    packages = {name.rpartition(".")[0] for name in known}
    return frozenset(found & (known | packages))


PURE = [p for p in modules() if (n := name_of(p)) and not is_in(n, EDGES | DOORS)]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_only_inwards(path: Path) -> None:
    name = name_of(path)
    room = name.split(".")[0]
    for other in inner(path):
        theirs = other.split(".")[0]
        if name == "" or is_in(name, DOORS) or theirs in VOCABULARY or theirs == room:
            continue
        assert not is_in(other, DOORS), f"{name} must not import the door {other}"
        if is_in(name, {"workflows"}):
            assert not is_in(other, EDGES), f"{name} must reach {other} through interfaces"
        elif is_in(name, EDGES):
            # Documents and pictures are set by one machine.
            assert theirs in ROOMS or other == "press", f"the edge {name} must not import {other}"
        else:
            assert theirs in ROOMS.get(room, set()), f"{name} is not downstream of {other}"
            assert not is_in(other, EDGES), f"{name} is pure and must not import the edge {other}"


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_knowledge_and_workflows_do_not_touch_the_world(path: Path) -> None:
    found = {name for name in imports(path) if is_in(name, WORLD)}
    found -= {"time.struct_time"} | ({"time"} if "time.struct_time" in found else set())  # a type
    assert not found


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_time_is_a_parameter(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            asks = node.func.attr in CLOCK and owner in {
                "datetime",
                "date",
                "dt",
                "datetime.datetime",
            }
            assert not asks, f"{name_of(path)}:{node.lineno} asks the clock"


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_foreign_library_has_one_place(library: str) -> None:
    for path in modules():
        if any(is_in(name, {library}) for name in imports(path)):
            room = name_of(path).split(".")[0]
            assert room in ONLY_IN[library], f"{name_of(path)} imports {library}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert len(ast.get_docstring(tree_of(path)) or "") > 20


def test_every_room_is_listed() -> None:
    rooms = {name_of(path).split(".")[0] for path in modules()} - {""}
    listed = (
        set(ROOMS)
        | VOCABULARY
        | DOORS
        | {"encoders", "store", "workflows", "examples", "press", "inbox"}
    )
    assert rooms <= listed, f"say in which ring these belong: {rooms - listed}"


def test_only_wiring_names_the_store_and_other_edges() -> None:
    for path in modules():
        name = name_of(path)
        if not is_in(name, DOORS) or is_in(name, {"wiring"}):
            continue
        named = {other for other in inner(path) if is_in(other, EDGES)}
        # Doors may read the folder and say what a store is; they do not make a mailer or a fetcher.
        # ``crisis match`` needs no house: it says itself where its index is kept. ``crisis claims``
        # needs none either: it opens the encoder that comes along.
        allowed = {
            *("store", "store.Store", "playbooks.folder", "sources.fetch", "sources.reader"),
            *("matching.kept", "encoders.packaged"),
        }
        assert named <= allowed, f"{name} names {named - allowed}"


def test_no_two_modules_need_each_other() -> None:
    needs = {name_of(path): inner(path) - {name_of(path)} for path in modules()}
    # A package's face imports what it shows; importing the package from inside is no circle of files.
    faces = {name for name in needs if (ROOT / name.replace(".", "/") / "__init__.py").is_file()}
    order: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, "circle: " + " -> ".join((*path[path.index(name) :], name))
        if name in order:
            return
        for other in sorted(needs.get(name, set()) - faces):
            visit(other, (*path, name))
        order.append(name)

    for name in sorted(needs):
        visit(name, ())
