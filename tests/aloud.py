"""A page as a screen reader reads it: Chromium's own tree of what it tells assistive technology. Not a test.

``python tests/aloud.py [FOLDER]`` writes what is read on the main pages, in German and English, to be read by
people. Roles, names, states and order are what the browser hands over; how NVDA or JAWS word them differs a
little, what they have to say does not.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import shots
from people import TownHall
from playwright.sync_api import Page, sync_playwright

_QUIET = frozenset(
    {"generic", "none", "InlineTextBox", "StaticText", "LineBreak", "RootWebArea", "paragraph"}
    | {"LabelText", "Legend", "strong", "emphasis", "mark", "time", "abbr", "DescriptionList"}
    | {"ListMarker", "Abbr", "code", "superscript", "rowgroup", "LayoutTable", "contentinfo-none"}
)
# Of these the name says all there is inside.
_WHOLE = frozenset(
    {"link", "button", "heading", "checkbox", "radio", "tab", "image", "img", "option", "textbox"}
    | {"searchbox", "combobox", "DisclosureTriangle", "switch", "menuitem", "progressbar", "meter"}
    | {"spinbutton", "Date", "DateTime", "InputTime"}
)
LANDMARKS = frozenset(
    {"banner", "navigation", "main", "complementary", "contentinfo", "region", "search", "form"}
)
CONTROLS = frozenset(
    {"link", "button", "checkbox", "radio", "textbox", "searchbox", "combobox", "spinbutton"}
    | {"switch", "slider", "DisclosureTriangle", "Date", "DateTime", "InputTime"}
)
_STATES = ("expanded", "pressed", "checked", "required", "invalid", "disabled", "selected")


@dataclass(frozen=True)
class Said:
    """One thing that is read: its role, its name, and what else is said of it."""

    role: str
    name: str
    depth: int
    states: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    value: str = ""
    level: int = 0
    live: str = ""
    node: int = 0  # in the page: for looking further into it

    def __str__(self) -> str:
        parts = [f"{self.role}{self.level or ''}"]
        if self.name:
            parts.append(f"„{self.name}“")
        if self.value and self.value != self.name:
            parts.append(f"= {self.value}")
        parts += [
            name if value in (True, "true") else f"{name}: {value}"
            for name, value in self.states.items()
            if value not in (False, "false", "") or name in ("expanded", "pressed", "checked")
        ]
        if self.live:
            parts.append(f"live: {self.live}")
        if self.description:
            parts.append(f"({self.description})")
        return "  " * self.depth + " ".join(parts)


def read(page: Page) -> list[Said]:
    """Everything that is read on a page, in order."""
    talk = page.context.new_cdp_session(page)
    talk.send("Accessibility.enable")
    nodes = {one["nodeId"]: one for one in talk.send("Accessibility.getFullAXTree")["nodes"]}
    talk.detach()
    root = next(one for one in nodes.values() if not one.get("parentId"))
    return list(_walk(root, nodes, 0))


def _walk(node: dict[str, Any], nodes: dict[str, Any], depth: int) -> Iterator[Said]:
    role, name = _value(node, "role"), " ".join(str(_value(node, "name")).split())
    hidden = node.get("ignored", False)
    whole = role in _WHOLE and not hidden
    if not hidden and (role not in _QUIET or (role == "StaticText" and name)):
        said = _said(node, role, name, depth)
        yield said
        depth += 1
    if whole and role not in ("heading", "link"):
        return
    for child in node.get("childIds", ()):
        if child not in nodes:
            continue
        inner = list(_walk(nodes[child], nodes, depth))
        # A heading or link says its text itself; only what is more than text in it is told again.
        yield from (one for one in inner if not whole or one.role not in ("text", "image"))


def _said(node: dict[str, Any], role: str, name: str, depth: int) -> Said:
    known = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    states = {key: known[key] for key in _STATES if key in known}
    return Said(
        role="text" if role == "StaticText" else role,
        name=name,
        depth=depth,
        states=states,
        description=str(_value(node, "description")),
        value=str(_value(node, "value")),
        level=int(known.get("level", 0)) if role == "heading" else 0,
        live=str(known.get("live", "")) if known.get("live") not in (None, "off") else "",
        node=int(node.get("backendDOMNodeId", 0)),
    )


def _value(node: dict[str, Any], name: str) -> Any:
    return node.get(name, {}).get("value", "")


def main(folder: Path) -> None:
    """Write what is read on the main pages."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as place:
        browser = playwright.chromium.launch(executable_path=shots.chromium())
        hall = TownHall(Path(place))
        with shots.serving(hall.app) as address:
            for step in (shots.example, shots.later):
                paths = step(hall)
                wanted = ("board", "suggestions", "incident-new", "incident", "draft", "released")
                mail = hall.store.alerts.of_incident(1)
                if mail and step is shots.example:
                    link = next(word for word in mail[0].text.split() if "/a/" in word)
                    paths["acknowledge"] = "/" + link.split("/", 3)[3]
                for lang in ("de", "en"):
                    with hall.store.transaction():  # a mail's page speaks as its reader does
                        hall.store.people.update(replace(hall.ana.person, lang=lang))
                    context = browser.new_context(locale=lang)
                    page = context.new_page()
                    shots.sign_in(page, address, hall.chloe, lang)
                    for name in (*wanted, "acknowledge", "figures"):
                        if name in paths:
                            page.goto(address + paths[name])
                            page.wait_for_timeout(200)
                            lines = "\n".join(str(one) for one in read(page))
                            (folder / f"{name}.{lang}.txt").write_text(lines + "\n", "utf-8")
                    context.close()
        hall.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "aloud"))
