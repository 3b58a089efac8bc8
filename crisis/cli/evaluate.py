"""``crisis evaluate``: how well a matcher ranks and how well it stays silent, on sets with known answers.

Reads files (``sets``), asks the matching or a run made by any tool, prints figures. The measures are in
``crisis.matching.evaluation``. Loads no Flask; opens a database only with ``--desk``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crisis.cli import plot, sets
from crisis.cli.tables import count, print_table, said
from crisis.cli.words import t
from crisis.errors import InvalidInputError, NotFoundError
from crisis.matching import evaluation
from crisis.matching.evaluation import FEW_ALARMS, ONE_IN, Estimate, Ranking, Scores

if TYPE_CHECKING:
    from crisis.matching import Index
    from crisis.types import Rumour

_DEPTH = 10  # claims of each post looked at; a right one further down counts as not found
_CHUNK = 500  # posts between two words on how far we are


@dataclass(frozen=True, slots=True)
class Matcher:
    """Whoever is judged: a name, and rankings of posts."""

    name: str
    index: Index | None = None
    run: Mapping[str, Ranking] = field(default_factory=dict)

    def rank(
        self, posts: Sequence[sets.Post], what: str, depth: int = _DEPTH
    ) -> dict[str, Ranking]:
        """Return post -> up to ``depth`` claims with scores; says on standard error how far it is."""
        if self.index is None:
            if not any(post.id in self.run for post in posts):
                raise InvalidInputError(
                    f"{self.name} nennt keinen der Beiträge von „{what}“. Ein Lauf muss alle Beiträge "
                    "umfassen, die gemessen werden, auch die Alltagsbeiträge.",
                    f"{self.name} lists none of the posts of “{what}”. A run must cover all posts that "
                    "are measured, everyday posts included.",
                )
            return {post.id: self.run.get(post.id, ())[:depth] for post in posts}
        found: dict[str, Ranking] = {}
        for start in range(0, len(posts), _CHUNK):
            chunk = posts[start : start + _CHUNK]
            answers = self.index.match(
                [post.text for post in chunk],
                [post.lang for post in chunk],
                top=depth,
                explained=False,
            )
            for post, matches in zip(chunk, answers, strict=True):
                found[post.id] = [(match.rumour_id, match.score) for match in matches]
            _tell(f"{self.name} · {what}: {len(found)}/{len(posts)}")
        return found


@dataclass(frozen=True, slots=True)
class Result:
    """What was found out about one split. ``against`` has the differences to the other matcher."""

    split: str
    posts: int
    bare: int
    measures: dict[str, Estimate]
    recall: dict[int, Estimate | None] = field(default_factory=dict)
    against: dict[str, Estimate] = field(default_factory=dict)


@click.command(
    name="evaluate",
    help=t(
        "Misst, wie gut Gerüchte gefunden werden und wie gut bei allem anderen geschwiegen wird.",
        "Measure how well rumours are found, and how well everything else is left alone.",
    ),
)
@click.argument(
    "folder", metavar=t("[ORDNER]", "[DIR]"), required=False, type=click.Path(path_type=Path)
)
@click.option(
    "--split",
    "splits",
    multiple=True,
    metavar="NAME",
    help=t(
        "Nur posts_NAME.jsonl; mehrfach möglich. Ohne Angabe alle.",
        "Only posts_NAME.jsonl; may be repeated. All without it.",
    ),
)
@click.option(
    "--claims",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar=t("DATEI", "FILE"),
    help=t(
        "Der Katalog, wenn er nicht als claims*.jsonl im Ordner liegt; mehrfach möglich.",
        "The catalogue where it is not claims*.jsonl in the folder; may be repeated.",
    ),
)
@click.option(
    "--background",
    type=click.Path(path_type=Path),
    metavar=t("DATEI", "FILE"),
    help=t(
        "Alltagsbeiträge, die kein Gerücht tragen: misst das Schweigen.",
        "Everyday posts that carry no rumour: measures silence.",
    ),
)
@click.option(
    "--plot",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=t("DATEI", "FILE"),
    help=t(
        "Zeichnet Treffer gegen Fehlalarme (.png oder .svg); braucht --background.",
        "Draw recall against false alarms (.png or .svg); needs --background.",
    ),
)
@click.option("--format", "form", type=click.Choice(["text", "json", "md"]), default="text")
@click.option(
    "--model",
    "model_file",
    type=click.Path(path_type=Path),
    metavar=t("DATEI", "FILE"),
    help=t("Ein anderes Modell als das mitgelieferte.", "Another model than the shipped one."),
)
@click.option(
    "--encoder",
    "encoder_name",
    default="none",
    show_default=True,
    metavar="auto|none|" + t("ORDNER", "FOLDER"),
    help=t(
        "Vergleicht auch den Sinn, wie bei „crisis match“: mit dem mitinstallierten Sprachmodell (auto) oder "
        "einem eigenen.",
        "Compare meaning as well, as in “crisis match”: with the encoder that was installed along (auto) or "
        "one of your own.",
    ),
)
@click.option(
    "--run",
    "run_file",
    type=click.Path(path_type=Path),
    metavar=t("DATEI", "FILE"),
    help=t(
        "Misst einen TREC-Lauf eines beliebigen Programms statt des eigenen Abgleichs.",
        "Measure a TREC run of any program instead of our own matching.",
    ),
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar=t("DATEI", "FILE"),
    help=t(
        "Vergleicht mit einem TREC-Lauf oder einem Modell (.json), Beitrag für Beitrag.",
        "Compare with a TREC run or a model (.json), post by post.",
    ),
)
@click.option(
    "--desk",
    is_flag=True,
    help=t(
        "Misst das Modell in Gebrauch an den Urteilen des eigenen Arbeitsplatzes; ohne Ordner.",
        "Measure the model in use on the verdicts of your own desk; without a folder.",
    ),
)
def command(
    folder: Path | None,
    splits: tuple[str, ...],
    claims: tuple[Path, ...],
    background: Path | None,
    picture: Path | None,
    form: str,
    model_file: Path | None,
    encoder_name: str,
    run_file: Path | None,
    against: Path | None,
    desk: bool,
) -> None:
    """Measure and print; every file is checked before anything long begins."""
    if desk:
        from crisis.cli.evaluate_desk import print_desk

        if folder or splits or claims or background or picture or model_file or run_file or against:
            raise InvalidInputError(
                "--desk misst den eigenen Arbeitsplatz und geht nur mit --format zusammen.",
                "--desk measures your own desk and goes together with --format only.",
            )
        print_desk(form)
        return
    folder = _folder(folder)
    if picture:
        if background is None:
            raise InvalidInputError(
                "Ohne Alltagsbeiträge gibt es kein Bild. Bitte nennen Sie welche mit --background.",
                "There is no picture without everyday posts. Please name some with --background.",
            )
        plot.check(picture)
    catalogue = sets.read_claims(folder, claims)
    asked = sets.read_splits(folder, splits, catalogue)
    everyday = sets.read_posts(background) if background else ()
    ours = _matcher(run_file, model_file, catalogue, encoder_name)
    other = _other(against, catalogue) if against else None
    results, curves = _measured(asked, everyday, ours, other, drawn=picture is not None)
    if picture:
        plot.draw(curves, picture, _title(ours, len(catalogue), len(everyday)))
        _tell(str(picture))
    _print(form, results, ours, other, len(catalogue), len(everyday))


def _measured(
    asked: Sequence[sets.Split],
    everyday: Sequence[sets.Post],
    ours: Matcher,
    other: Matcher | None,
    *,
    drawn: bool,
) -> tuple[list[Result], dict[str, evaluation.Curve]]:
    alarms = _alarms(ours, everyday)
    results, curves = [], {}
    for split in asked:
        found = evaluation.score(ours.rank(split.posts, split.name), split.truth)
        differences = {}
        if other:
            theirs = evaluation.score(other.rank(split.posts, split.name), split.truth)
            differences = _differences(found, theirs)
        results.append(
            Result(
                split=split.name,
                posts=len(split.truth),
                bare=split.bare,
                measures={name: evaluation.mean(v) for name, v in found.measures().items()},
                recall={n: evaluation.recall(found.sure, alarms, n) for n in ONE_IN if everyday},
                against=differences,
            )
        )
        if drawn:
            curves[split.name] = evaluation.curve(found.sure, alarms)
    return results, curves


def _differences(ours: Scores, theirs: Scores) -> dict[str, Estimate]:
    other = theirs.measures()
    return {
        name: evaluation.difference(values, other[name]) for name, values in ours.measures().items()
    }


def _alarms(matcher: Matcher, everyday: Sequence[sets.Post]) -> list[float]:
    found = matcher.rank(everyday, t("Alltag", "everyday"), 1) if everyday else {}
    return [ranking[0][1] if ranking else -math.inf for ranking in found.values()]


def _folder(folder: Path | None) -> Path:
    if folder is None:
        raise InvalidInputError(
            "Bitte nennen Sie einen Ordner mit claims*.jsonl, posts_NAME.jsonl und qrels_NAME.tsv, "
            "oder --desk.",
            "Please name a folder with claims*.jsonl, posts_NAME.jsonl and qrels_NAME.tsv, or --desk.",
        )
    if not folder.is_dir():
        raise NotFoundError(f"Den Ordner {folder} gibt es nicht.", f"There is no folder {folder}.")
    return folder


def _matcher(
    run: Path | None, model: Path | None, catalogue: Sequence[Rumour], encoder: str
) -> Matcher:
    if run and model:
        raise InvalidInputError(
            "--run und --model schließen einander aus.", "--run and --model exclude each other."
        )
    return _of_run(run) if run else _of_model(model, catalogue, encoder)


def _other(path: Path, catalogue: Sequence[Rumour]) -> Matcher:
    return _of_model(path, catalogue) if path.suffix == ".json" else _of_run(path)


def _of_run(path: Path) -> Matcher:
    return Matcher(path.name, run=sets.read_run(path))


def _of_model(
    path: Path | None, catalogue: Sequence[Rumour], encoder_name: str = "none"
) -> Matcher:
    from crisis.matching import Index, read_model

    encoder = None
    if encoder_name != "none":
        from crisis.wiring import encoder as opened

        encoder = opened(encoder_name)
        if encoder is None:
            raise NotFoundError(
                "Es ist kein Sprachmodell mitinstalliert. Installieren Sie es: pip install "
                "'klarstellung[meaning]', oder nennen Sie einen Ordner.",
                "No encoder was installed along. Install it: pip install 'klarstellung[meaning]', or "
                "name a folder.",
            )
    model = read_model(sets.text_of(path)) if path else None
    index = Index.build(catalogue, model=model, encoder=encoder)
    heard = f", {encoder.name}" if encoder else ""
    return Matcher(f"crisis {index.model.version}{heard}", index)


def _tell(progress: str) -> None:
    click.echo(progress, err=True)


# --- how it is said ---------------------------------------------------------------------------


def _title(ours: Matcher, claims: int, everyday: int) -> str:
    return t(
        f"{ours.name}: {count(claims)} Behauptungen, {count(everyday)} Alltagsbeiträge",
        f"{ours.name}: {count(claims)} claims, {count(everyday)} everyday posts",
    )


def _print(
    form: str,
    results: Sequence[Result],
    ours: Matcher,
    other: Matcher | None,
    claims: int,
    everyday: int,
) -> None:
    if form == "json":
        fields = {
            "matcher": ours.name,
            "against": other.name if other else None,
            "claims": claims,
            "everyday": everyday,
            "splits": [_fields(result) for result in results],
        }
        click.echo(json.dumps(fields, ensure_ascii=False, indent=1))
        return
    head = [t("Teil", "split"), t("Beiträge", "posts"), *results[0].measures]
    head += [
        t(f"Treffer bei 1 von {count(n)}", f"recall at 1 in {count(n)}") for n in results[0].recall
    ]
    table = [
        [
            result.split,
            count(result.posts),
            *map(said, result.measures.values()),
            *map(said, result.recall.values()),
        ]
        for result in results
    ]
    click.echo(_title(ours, claims, everyday) if everyday else _title_bare(ours, claims))
    print_table(form, head, table)
    if other:
        click.echo("")
        click.echo(
            t(
                f"Unterschied zu {other.name}, Beitrag für Beitrag:",
                f"Difference to {other.name}, post by post:",
            )
        )
        rows = [[r.split, *(said(e, signed=True) for e in r.against.values())] for r in results]
        print_table(form, [t("Teil", "split"), *results[0].against], rows)
    for result in results:
        if result.bare:
            click.echo(
                t(
                    f"{result.split}: {result.bare} Beiträge ohne zugehörige Behauptung zählen nicht mit.",
                    f"{result.split}: {result.bare} posts without a claim of theirs are left out.",
                )
            )
    few = [n for n in results[0].recall if 0 < everyday // n < FEW_ALARMS]
    if few:
        listed = ", ".join(f"1 : {count(n)}" for n in few)
        click.echo(
            t(
                f"{listed}: Hier dürfen weniger als {FEW_ALARMS} Alltagsbeiträge durch; der Wert ist nur "
                "ein Fingerzeig und sein Bereich zu schmal.",
                f"{listed}: fewer than {FEW_ALARMS} everyday posts may pass here; the figure is a hint "
                "and its interval too narrow.",
            )
        )
    if any(estimate is None for result in results for estimate in result.recall.values()):
        click.echo(
            t(
                "–: zu wenige Alltagsbeiträge, um etwas zu sagen.",
                "–: too few everyday posts to say anything.",
            )
        )


def _title_bare(ours: Matcher, claims: int) -> str:
    return t(f"{ours.name}: {count(claims)} Behauptungen", f"{ours.name}: {count(claims)} claims")


def _fields(result: Result) -> dict[str, Any]:
    return {
        "split": result.split,
        "posts": result.posts,
        "left_out": result.bare,
        "measures": {name: asdict(e) for name, e in result.measures.items()},
        "recall": {str(n): asdict(e) if e else None for n, e in result.recall.items()},
        "difference": {name: asdict(e) for name, e in result.against.items()},
    }
