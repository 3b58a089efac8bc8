"""Teach the packaged encoder what posts and claims are: ``python benchmarks/encoder_tuning.py DATA OUTPUT``.

Low-rank adapters (LoRA; Hu et al., 2022) for its upper layers learn by contrast (InfoNCE; van den Oord et
al., 2018) from what ``crisis train`` learns from as well: a post shall be nearer to its claim than to others
(those of the batch, and those the untaught encoder takes for nearest), and the claim nearer to its post than
to everyday posts. Nothing that is measured is learned from: no ``dev`` or ``devtest``, no German post with a
claim, of everyday posts the quarter of a half that a lens would learn from.

Two sets of adapters learn from one half of the pairs each, and their mean is written: a mean of two is
steadier than either, and the judge learns what likeness is worth from posts described by the half that did
not know them (``crisis.matching.sight``). ``--part 0`` writes one alone, to measure it on the other half;
``--strangers fr,pl`` leaves whole languages out.

They learn in stages, each with new draws and a new optimiser: a stage was added where more had still helped.

Needs ``pip install torch`` (written with 2.13.0), which the program itself never does; a quarter of an hour
of one core. The same seeds, data, versions and processor give the same file; on another processor expect
vectors that agree to a cosine of .999. What it brings: ``python benchmarks/encoders.py DATA auto OUTPUT``.
For the judge to make the most of it: ``crisis train DATA --encoder OUTPUT``. To ship it: put the file beside
``crisis/encoders/packaged.py``, and the judge at ``crisis/matching/model_meaning.json``.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from encoder_layers import Lower, Upper
from encoder_wordings import names, otherwise
from torch.nn import functional

from crisis.cli.train import read_material
from crisis.encoders.adapters import mean, text
from crisis.encoders.folder import ADAPTERS
from crisis.encoders.packaged import packaged_weights, untaught
from crisis.encoders.sentence import MOST_PIECES
from crisis.matching.index import phrasings_of
from crisis.matching.material import SEED, Material, Task
from crisis.matching.pairs import fold
from crisis.matching.sight import teaching

PARTS = 2  # adapters that learn from a half each; their mean is written
FIRST = 8  # the first layer that learns; those below stay as they are
RANK = 16
MOST = 64  # pieces of a text that the upper layers see while learning
BATCH = 24
SHARP = 0.02  # temperature
OTHERWISE = 0.5  # share of English posts that are said otherwise
HARD = 8  # nearest wrong claims of which one is taken along
BACK = 0.5  # weight of "the claim's own post is nearer than others' posts"


@dataclass(frozen=True)
class Stage:
    """So many steps at a highest ``rate``; ``english`` is the share of steps about English posts."""

    steps: int
    rate: float
    english: float


AGAIN = 100  # by which the seed of the next stage is higher
STAGES = (Stage(60, 5e-4, 0.55), Stage(70, 4e-4, 0.4), Stage(60, 4e-4, 0.4))

States = Callable[[str], np.ndarray]
Vectors = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Group:
    """Posts and claims of one language: pairs that belong together, and hard wrong claims of each post."""

    pairs: list[tuple[str, str]]
    right: dict[str, set[str]]
    hard: dict[str, list[str]]
    english: bool


def groups(
    material: Material, vectors: Vectors, part: int, strangers: Sequence[str] = ()
) -> list[Group]:
    """Return one half of the pairs, English and every other language that is large enough."""
    multi = material.multi
    found = [_group(material.english, "en", part, vectors)]
    for lang in sorted({post.lang for post in multi.posts} - set(strangers)):
        own = Task(
            [r for r in multi.rumours if r.lang == lang],
            [p for p in multi.posts if p.lang == lang],
            multi.fits,
        )
        found.append(_group(own, lang, part, vectors))
    return [group for group in found if len(group.pairs) >= BATCH]


def _group(task: Task, lang: str, part: int, vectors: Vectors) -> Group:
    wording: dict[int, str] = {}
    for phrasing in phrasings_of(task.rumours):
        wording.setdefault(phrasing.rumour, phrasing.text)
    claims = {rumour.id: wording[n] for n, rumour in enumerate(task.rumours) if n in wording}
    posts = [post for post in task.posts if fold(post.id, PARTS) == part]
    pairs, right = [], {}
    for post in posts:
        own = [claims[c] for c in sorted(task.fits.get(post.id, ())) if c in claims]
        pairs += [(post.text, claim) for claim in own]
        if own:
            right.setdefault(post.text, set()).update(own)
    every = list(dict.fromkeys(claims.values()))
    return Group(pairs, right, _hard(right, every, vectors), lang == "en")


def _hard(right: dict[str, set[str]], claims: list[str], vectors: Vectors) -> dict[str, list[str]]:
    """Return the wrong claims nearest to each post, as the untaught encoder sees them."""
    posts = list(right)
    if not posts or len(claims) <= HARD + 3:
        return {}
    seen, known = vectors(posts), vectors(claims)
    centre = np.vstack([seen, known]).mean(axis=0)
    seen, known = _unit(seen - centre), _unit(known - centre)
    found = {}
    for start in range(0, len(posts), 500):
        cosines = seen[start : start + 500] @ known.T
        nearest = np.argpartition(-cosines, HARD + 3, axis=1)[:, : HARD + 3]
        for post, rows, line in zip(posts[start:], nearest, cosines, strict=False):
            ordered = [claims[row] for row in rows[np.argsort(-line[rows])]]
            found[post] = [claim for claim in ordered if claim not in right[post]][:HARD]
    return found


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def draws(
    learned: Sequence[Group], draw: random.Random, share: float
) -> Iterator[tuple[Group, list]]:
    """Yield batches for ever: a ``share`` English ones, else of another language, larger ones more often."""
    english = [group for group in learned if group.english]
    others = [group for group in learned if not group.english]
    left: dict[int, list] = {}
    while True:
        if not others or draw.random() < share:
            group = english[0]
        else:
            group = draw.choices(others, [len(g.pairs) ** 0.5 for g in others])[0]
        waiting = left.setdefault(id(group), [])
        if len(waiting) < BATCH:
            waiting[:] = draw.sample(group.pairs, len(group.pairs))
        yield group, [waiting.pop() for _ in range(BATCH)]


def learn(
    upper: Upper,
    learned: Sequence[Group],
    everyday: Sequence[str],
    states: States,
    stage: Stage,
    seed: int,
    tell: Callable[[str], None] = print,
) -> None:
    """Let the adapters of ``upper`` learn for the steps of a stage."""
    draw = random.Random(seed)
    pool = names([post for group in learned if group.english for post in group.right])
    weights = [weight for weight in upper.parameters() if weight.requires_grad]
    adam = torch.optim.AdamW(weights, lr=stage.rate, weight_decay=0.01, betas=(0.9, 0.98))
    losses: list[list[float]] = []
    for step, (group, pairs) in enumerate(draws(learned, draw, stage.english)):
        if step == stage.steps:
            return
        for part in adam.param_groups:
            part["lr"] = stage.rate * min(1.0, (step + 1) / 10) * max(0.05, 1 - step / stage.steps)
        posts = [post for post, _ in pairs]
        if group.english:
            said = [otherwise(p, draw, pool) if draw.random() < OTHERWISE else p for p in posts]
        else:
            said = posts
        wrong = [draw.choice(group.hard[post]) for post in posts if group.hard.get(post)]
        claims = list(dict.fromkeys([*(claim for _, claim in pairs), *wrong]))
        others = draw.sample(everyday, BATCH)
        made = upper([states(one) for one in (*said, *claims, *others)])
        parts = losses_of(made, posts, [claim for _, claim in pairs], claims, group.right)
        loss = parts[0] + parts[1] + BACK * parts[2]
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()
        losses.append([float(part.detach()) for part in parts])
        if step % 5 == 4:
            tell(f"{step + 1} {np.round(np.mean(losses[-5:], axis=0), 3)}")


def losses_of(
    made: torch.Tensor,
    posts: Sequence[str],
    own: Sequence[str],
    claims: Sequence[str],
    right: dict[str, set[str]],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return how wrong posts are among claims, claims among everyday posts, claims among posts.

    ``made``: rows of the posts, of ``claims``, of everyday posts, in this order. ``own``: the posts' claims.
    """
    seen, rest = made[: len(posts)], made[len(posts) :]
    known, everyday = rest[: len(claims)], rest[len(claims) :]
    at = torch.tensor([claims.index(claim) for claim in own])
    # Other claims of the same post, and other posts of the same claim, are not wrong.
    also = torch.tensor(
        [[c in right[p] and c != o for c in claims] for p, o in zip(posts, own, strict=True)]
    )
    again = torch.tensor(
        [[i != j and o in right[p] for j, p in enumerate(posts)] for i, o in enumerate(own)]
    )
    mine = known[at]
    among = (seen @ known.T / SHARP).masked_fill(also, -1e9)
    silent = torch.cat([(seen * mine).sum(1, keepdim=True), mine @ everyday.T], 1) / SHARP
    back = (mine @ seen.T / SHARP).masked_fill(again, -1e9)
    first = torch.zeros(len(posts), dtype=torch.long)
    return (
        functional.cross_entropy(among, at),
        functional.cross_entropy(silent, first),
        functional.cross_entropy(back, torch.arange(len(posts))),
    )


def card(date: str, stages: Sequence[Stage], pairs: int, everyday: int) -> dict[str, object]:
    """Return what the file says of where its numbers come from."""
    return {
        "date": date,
        "seed": SEED,
        "stages": [vars(stage) for stage in stages],
        "pairs": pairs,
        "everyday": everyday,
        "torch": torch.__version__,
    }


def main() -> None:
    """Read, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("output", type=Path, help="a folder; adapters.json will be in it")
    parser.add_argument("--stages", type=int, default=len(STAGES), help="the first so many")
    parser.add_argument(
        "--part", type=int, action="append", help="0 or 1 alone, to measure on the other"
    )
    parser.add_argument("--strangers", default="", help="languages that teach nothing: fr,pl")
    parser.add_argument("--date", default="", help="for the card, as 2026-11-30")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    material = read_material(asked.data)
    lower, known = Lower(*packaged_weights(), FIRST), {}

    def states(one: str) -> np.ndarray:
        if one not in known:
            known[one] = lower(one, MOST_PIECES)[:MOST]
        return known[one]

    strangers = [lang for lang in asked.strangers.split(",") if lang]
    everyday = [post.text for said in material.everyday.values() for post in teaching(said)]
    learned, pairs = [], 0
    for part in asked.part or range(PARTS):
        own = groups(material, untaught().encode, part, strangers)
        upper = Upper(packaged_weights()[0], FIRST, RANK, SEED + part)
        for number, stage in enumerate(STAGES[: asked.stages]):
            learn(upper, own, everyday, states, stage, SEED + part + AGAIN * number)
        learned.append(upper.adapters({}))
        pairs += sum(len(group.pairs) for group in own)
    asked.output.mkdir(parents=True, exist_ok=True)
    whole = text(mean(learned, card(asked.date, STAGES[: asked.stages], pairs, len(everyday))))
    (asked.output / ADAPTERS).write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
