"""A picture of two whole records compared: what each slot says, and what all of them say together."""

import numpy as np
from matplotlib.figure import Figure

from rekam.abis.comparison import Comparison
from rekam.abis.explain.style import AGREES, DIFFERS, NEUTRAL, title
from rekam.abis.slots import SLOTS
from rekam.abis.verdict import bars

__all__ = ["people_picture"]


def people_picture(found: Comparison, said: list[str]) -> Figure:
    """A bar a slot, to the right for one person, to the left for two; the sum below, with the bars of the verdicts."""
    slots = [slot for slot in SLOTS if slot in found.scores or slot in found.missing]
    figure = Figure(figsize=(8.4, 1.8 + 0.32 * (len(slots) + 2)), layout="constrained")
    axis = figure.subplots()
    ratios = [found.ratios.get(slot, 0.0) for slot in slots]
    places = np.arange(len(slots))
    axis.barh(places, ratios, color=[AGREES if ratio >= 0 else DIFFERS for ratio in ratios], height=0.62)
    axis.barh([len(slots) + 0.5], [found.llr], color=AGREES if found.llr >= 0 else DIFFERS, height=0.8)
    for place, slot, ratio in zip(places, slots, ratios, strict=True):
        told = "only one side has it" if slot in found.missing else f"score {found.scores[slot]:.3f}, {ratio:+.1f}"
        axis.annotate(told, (max(ratio, 0), place), (5, 0), textcoords="offset points", va="center", fontsize=8)
    axis.annotate(
        f"{found.llr:+.1f}: {found.verdict}",
        (max(found.llr, 0), len(slots) + 0.5),
        (5, 0),
        textcoords="offset points",
        va="center",
        fontweight="bold",
    )
    limits = bars(1)
    for limit, name in ((limits.adjudicate, "ask experts"), (limits.duplicate, "one person")):
        axis.axvline(limit, color=NEUTRAL, linewidth=1, linestyle="--")
        axis.annotate(name, (limit, -0.9), (3, 0), textcoords="offset points", fontsize=8)
    axis.set_yticks([*places, len(slots) + 0.5], [*slots, "together"])
    axis.set_ylim(len(slots) + 1.2, -1.3)
    axis.set_xlim(min(-6.0, *ratios, found.llr) - 1, max(24.0, *ratios, found.llr) * 1.25)
    axis.set_xlabel("log-likelihood ratio: one person against two (natural logarithm)")
    title(figure, "Two records compared", said)
    return figure
