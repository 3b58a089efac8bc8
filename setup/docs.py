"""The generated reference pages, and whether every link in the documents leads somewhere.

``write`` makes the pages anew; ``check`` only says what is stale or broken. Fetches nothing: links
to the web are not followed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import reference
import third_party

from crisis.settings import example_toml, reference_table

ROOT = Path(__file__).resolve().parent.parent
BEGIN = "<!-- made by `make docs` from here -->"
END = "<!-- to here -->"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def pages() -> dict[Path, str]:
    """What each generated page should hold."""
    made = {
        "settings": reference_table(),
        "commands": reference.commands(),
        "errors": reference.error_table(),
    }
    folder = ROOT / "docs" / "reference"
    return {
        **{
            folder / f"{name}.md": between((folder / f"{name}.md").read_text("utf-8"), text)
            for name, text in made.items()
        },
        ROOT / "instance" / "settings.example.toml": example_toml(),
        ROOT / "THIRD_PARTY.md": third_party.page(ROOT),
    }


def between(page: str, made: str) -> str:
    """The page with its generated part replaced."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{made.strip()}\n\n{END}{tail}"


def broken_links(root: Path) -> list[str]:
    """Every link of a Markdown file to a file that is not there."""
    files = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("instance/*.md")]
    return [
        f"{file.relative_to(root)}: {target}"
        for file in sorted(files)
        for target in LINK.findall(CODE.sub("", file.read_text(encoding="utf-8")))
        if is_file(target) and not (file.parent / target.partition("#")[0]).exists()
    ]


def is_file(target: str) -> bool:
    """Whether a link leads to a file here, and not to the web, a mail address or the same page."""
    return not re.match(r"#|\w+:", target)


def main() -> int:
    """Write or check; 1 where something is wrong."""
    wrong = []
    for path, text in pages().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if "write" in sys.argv:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: written")
        else:
            wrong.append(f"{path.relative_to(ROOT)}: stale; run: make docs")
    wrong += [f"{line}: leads nowhere" for line in broken_links(ROOT)]
    print("\n".join(wrong) if wrong else "docs: fine")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
