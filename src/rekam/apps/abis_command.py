"""`rekam abis`: the biometric engine measured on folders of images."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

__all__ = ["app"]

app = App(name="abis", help="The biometric engine.")
app.command("rekam.apps.explain_command:explain", name="explain")

AsJson = Annotated[bool, Parameter(name="--json", help="print one JSON object, nothing else", negative=())]
Cache = Annotated[Path | None, Parameter(help="remember extractions here; holds templates of whoever is in the sets")]
Extractor = Annotated[
    Literal["best", "leader", "classical"], Parameter(help="of fingers; best is the trained one where it is ready")
]
Processes = Annotated[int | None, Parameter(help="how many extract at a time; one a core unless told")]


@app.command
def evaluate(
    folder: Path,
    *more: Path,
    modality: Annotated[Literal["finger", "iris"] | None, Parameter(help="told by the images' names if not")] = None,
    fused: Annotated[bool, Parameter(help="put people together from all the sets", negative=())] = False,
    extractor: Extractor = "best",
    fold: Annotated[Literal["odd", "even"] | None, Parameter(help="only people with odd or even numbers")] = None,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, Parameter(help="draw the curves into this .png or .svg; the sets' names are added if several")
    ] = None,
    shuffles: Annotated[int, Parameter(help="how often people are put together anew, with --fused")] = 5,
    seed: Annotated[int, Parameter(help="other people, with --fused")] = 1,
    cache: Cache = None,
    processes: Processes = None,
) -> None:
    """Extract every image of each folder (NAME_IMPRESSION.png) and compare all pairs, on one core.

    With --fused: virtual people of ten fingers and two irises, whole and with missing parts, searched in galleries.
    """
    from rekam.abis import evaluate as measuring
    from rekam.abis.impressions import Fold

    folders = (folder, *more)
    told: list[tuple[str, dict[str, Any]]] = []
    with _bars() as progress:
        if fused:
            people = measuring.evaluate_people(
                folders, progress, choice=extractor, seed=seed, shuffles=shuffles, cache=cache, processes=processes
            )
            told = [(scenario.name, scenario.to_map()) for scenario in people]
            if plot is not None:
                from rekam.abis.evaluation.pictures import people_picture

                people_picture(people, plot)
        for each in () if fused else folders:
            measured = measuring.measured(
                each,
                modality,
                progress,
                choice=extractor,
                fold=None if fold is None else Fold(fold),
                cache=cache,
                processes=processes,
            )
            report = measuring.report_of(measured)
            told.append((f"{report.set}, {report.extractor} {report.version}", report.to_map()))
            if plot is not None:
                from rekam.abis.evaluation.pictures import set_picture

                set_picture(measured, report, plot if not more else plot.with_stem(f"{plot.stem}-{report.set}"))
    for title, figures in told:
        if as_json:
            sys.stdout.write(json.dumps(figures) + "\n")
        else:
            Console().print(_table(title, figures))


@app.command
def report(
    folder: Path,
    *more: Path,
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="the page's folder")],
    cache: Cache = None,
    shuffles: Annotated[int, Parameter(help="how often people are put together anew")] = 5,
    seed: Annotated[int, Parameter(help="other people")] = 1,
    processes: Processes = None,
) -> None:
    """Measure sets (folders, or folders of folders) and write the page with its tables and curves."""
    from datetime import UTC, datetime

    from rekam.abis.evaluation.page import write_page
    from rekam.abis.evaluation.results import gather

    with Progress(console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step)
            bars.update(tasks[step], completed=done, total=total)

        results = gather(
            (folder, *more), cache=cache, progress=progress, processes=processes, shuffles=shuffles, seed=seed
        )
    Console().print(write_page(results, out, datetime.now(UTC).date()))


@app.command
def prepare() -> None:
    """Build the trained fingerprint extractor from its installed weights and try it; set-up does this once."""
    from rekam.abis.finger.extractors import leader
    from rekam.abis.finger.leader.model import keep, make

    start = time.perf_counter()
    with suppress(OSError):  # a folder that nobody may write to: then it is built anew at every start
        keep(make())
    built = time.perf_counter()
    ready = leader()
    tried = time.perf_counter()
    Console().print(
        f"Fingerprint extractor {ready.name} {ready.version}: built in {built - start:.1f} s, "
        f"loaded and tried in {tried - built:.1f} s.",
        soft_wrap=True,
    )


@app.command(name="compile")
def compile_() -> None:
    """Compile the engine's inner loops, so that no capture and no search waits for it; set-up does this once."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from rekam.abis.kernels import KERNELS, compile_kernels

    with ProcessPoolExecutor(len(KERNELS), mp_context=get_context("spawn")) as processes:
        for name, seconds in zip(KERNELS, processes.map(compile_kernels, KERNELS), strict=True):
            Console().print(f"Biometric engine, {name}: compiled and tried in {seconds:.1f} s.", soft_wrap=True)


@contextmanager
def _bars() -> Iterator[Any]:
    """A progress callback that draws bars on standard error."""
    with Progress(console=Console(stderr=True)) as bars:
        tasks = {step: bars.add_task(step, total=None) for step in ("extract", "compare", "search")}
        yield lambda step, done, total: bars.update(tasks[step], completed=done, total=total)


def _table(title: str, told: dict[str, Any]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    for name, value in told.items():
        if isinstance(value, dict):
            table.add_row(name, "\n".join(f"{key}: {text}" for key, text in value.items()))
        elif name not in {"det", "edc"}:
            table.add_row(name, _told(value))
    return table


def _told(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(_told(each) for each in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
