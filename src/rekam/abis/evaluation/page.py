"""The report as a page: page.md is its text, with places for figures."""

import importlib.metadata
import json
import os
import platform
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from rekam.abis.evaluation import tables
from rekam.abis.evaluation.report_pictures import draw_all
from rekam.abis.evaluation.results import Results
from rekam.abis.evaluation.summary import summary_of
from rekam.abis.slots import Modality

LIBRARIES = ("numpy", "numba", "opencv-python-headless", "onnxruntime", "scipy")


def write_page(results: Results, folder: Path, measured_on: date) -> Path:
    """README.md, its pictures and figures.json into `folder`; the same results on the same day are the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = draw_all(results, folder)
    (folder / "figures.json").write_text(_json(results), "utf-8")
    page = folder / "README.md"
    page.write_text(page_of(results, drawn, measured_on), "utf-8")
    return page


def page_of(results: Results, drawn: dict[str, str], measured_on: date) -> str:
    """The page's Markdown; `drawn` holds what each picture beside it shows."""
    # the page is Markdown, and every value in it is a figure or a set's name
    markdown = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    return markdown.from_string(Path(__file__).with_suffix(".md").read_text("utf-8")).render(
        results=results,
        summary=summary_of(results),
        tables=tables,
        modalities=tuple(Modality),
        picture=lambda name: f"![{drawn[name]}]({name})\n" if name in drawn else "",
        sets=list(dict.fromkeys(each.report.set for each in results.sets)),
        day=measured_on.isoformat(),
        rekam=importlib.metadata.version("rekam"),
        machine=_machine(),
        python=platform.python_version(),
        libraries=", ".join(f"{library} {importlib.metadata.version(library)}" for library in LIBRARIES),
    )


def _json(results: Results) -> str:
    """A line a set and a line a scenario, six digits: to be read by programs and compared by people."""
    told = _rounded(results.to_map())
    lines = [
        f'"{name}": [\n' + ",\n".join(json.dumps(each, separators=(",", ":")) for each in told.pop(name)) + "\n]"
        for name in ("sets", "people")
    ]
    return "{\n" + ",\n".join([*lines, *(f'"{name}": {json.dumps(value)}' for name, value in told.items())]) + "\n}\n"


def _rounded(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _rounded(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_rounded(value) for value in told]
    return float(f"{told:.6g}") if isinstance(told, float) else told


def _machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {name}"
