"""`rekam abis explain`: what the engine saw in an image, in two of them, or in two whole records."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from rekam.apps.abis_command import AsJson, Extractor

__all__ = ["explain"]


def explain(
    a: Path,
    b: Path | None = None,
    *,
    out: Annotated[Path | None, Parameter(name=["--out", "-o"], help="the picture, .png or .svg")] = None,
    modality: Annotated[Literal["finger", "iris"] | None, Parameter(help="seen in the image if not told")] = None,
    extractor: Extractor = "best",
    dpi: Annotated[float | None, Parameter(help="resolution of the images, if their headers do not tell it")] = None,
    as_json: AsJson = False,
) -> None:
    """Draw the steps of A's extraction; with B, what the two have in common.

    A and B are images of one finger or eye, or folders with one image a slot (finger-1.png .. iris-2.png): then every
    slot's say in the whole is drawn. The picture is drawn for the engine's makers and for experts at the centre.
    """
    from rekam.abis.evaluation.style import save
    from rekam.abis.explain.explain import explain_image, explain_pair, explain_records, modality_seen, record_in
    from rekam.abis.finger import extractors
    from rekam.abis.image import load_image
    from rekam.abis.slots import Modality

    fingers = {"best": extractors.best, "leader": extractors.leader, "classical": extractors.classical}[extractor]()
    if a.is_dir() and b is not None and b.is_dir():
        explained = explain_records(record_in(a, fingers), record_in(b, fingers))
    else:
        images = [load_image(path.read_bytes(), declared_dpi=dpi) for path in (a, b) if path is not None]
        seen = Modality(modality) if modality else modality_seen(images[0])
        explained = (
            explain_image(images[0], seen, fingers)
            if len(images) == 1
            else explain_pair(images[0], images[1], seen, fingers)
        )
    picture = out or Path(f"explained-{'-'.join(path.stem for path in (a, b) if path is not None)}.png")
    save(explained.picture, picture)
    facts = {**explained.facts, "picture": str(picture)}
    if as_json:
        sys.stdout.write(json.dumps(facts) + "\n")
    else:
        Console().print(_table(facts), soft_wrap=True)


def _table(facts: dict[str, Any]) -> Table:
    table = Table(box=None, show_header=False)
    for name, value in facts.items():
        table.add_row(name, f"{value:.4g}" if isinstance(value, float) else str(value))
    return table
