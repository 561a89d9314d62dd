"""The tables of the report page, in Markdown."""

from collections.abc import Iterable, Sequence

import numpy as np

from rekam.abis.evaluation.bootstrap import Interval
from rekam.abis.evaluation.fused import ScenarioReport
from rekam.abis.evaluation.known import peers_on, provenance_of
from rekam.abis.evaluation.report import Report
from rekam.abis.evaluation.results import Results, SetResult
from rekam.abis.impressions import Fold
from rekam.abis.prediction import Estimate
from rekam.abis.slots import Modality

_HEAD = ("set", "extractor", "images (failed)", "EER", "FNMR at FMR 1 %", "at 0.1 %", "at 0.01 %")


def rates_table(results: Results, modality: Modality) -> str:
    """A row a set, extractor and half, with intervals; means of the four sets of one year."""
    rows = []
    for result in results.of(modality):
        rows.append(_rates_row(result.report, "" if not result.halves else " (all people)"))
        if Fold.EVEN in result.halves:
            rows += [
                _rates_row(result.halves[Fold.EVEN], " (even numbers: **reported**)"),
                _rates_row(result.halves[Fold.ODD], " (odd numbers: tuned on)"),
            ]
    for extractor in dict.fromkeys(each.report.extractor for each in results.of(modality)):
        for family, members in _families(results.of(modality, extractor)).items():
            tuned = ", tuned on" if provenance_of(members[0].report.set).tuned else ""
            means = np.mean([_point(each.report) for each in members], axis=0).tolist()
            rows.append(
                (
                    f"**{family}, mean of {len(members)}**{tuned}",
                    extractor,
                    "",
                    *(f"**{_percent(mean)}**" for mean in means),
                )
            )
    return _table(_HEAD, rows)


def too_few(results: Results, modality: Modality) -> bool:
    """Whether any row of `rates_table` carries the star: a rate finer than one pair of its set."""
    return any(report.notes for each in results.of(modality) for report in (each.report, *each.halves.values()))


def speed_table(results: Results) -> str:
    """Times on one core, sizes."""
    head = (
        "set",
        "extractor",
        "extraction: median, 95th of a hundred (ms)",
        "comparisons a second",
        "template (bytes)",
    )
    return _table(
        head,
        (
            (
                each.report.set,
                f"{each.report.extractor} {each.report.version}",
                f"{each.report.extract_ms:.0f}, {each.report.extract_ms_95th:.0f}",
                f"{each.report.comparisons_per_second:,.0f}",
                f"{each.report.template_bytes:.0f}",
            )
            for each in results.sets
        ),
    )


def peers_table(results: Results) -> str:
    """EER / FNMR at FMR 1e-3 of every system on every set that others were measured on."""
    sets = [name for name in dict.fromkeys(each.report.set for each in results.sets) if peers_on(name)]
    told: dict[str, dict[str, str]] = {}
    for name in sets:
        for peer in peers_on(name):
            told.setdefault(peer.system, {})[name] = f"{_percent(peer.eer)} / {_percent(peer.fnmr)}"
    for each in results.sets:
        report = each.report
        if report.set in sets:
            row = told.setdefault(f"**Rekam, {report.extractor}**", {})
            row[report.set] = f"**{_percent(report.eer)} / {_percent(report.fnmr_at_fmr_1e_3)}**"
    return _table(("system", *sets), ((system, *(row.get(name, "") for name in sets)) for system, row in told.items()))


def people_table(people: Sequence[ScenarioReport]) -> str:
    """Verdicts in a gallery of the people at hand, and by the bars of a nation."""
    head = (
        "recorded",
        "people x shuffles",
        "second recordings",
        "DUPLICATE",
        "to experts",
        "missed",
        "among 200 million: DUPLICATE / experts / missed",
        "first recordings called DUPLICATE / to experts",
    )
    rows = []
    for each in people:
        here, nation = each.verdicts()["second"], each.verdicts(200_000_000)["second"]
        first = each.verdicts()["first"]
        rows.append(
            (
                each.name,
                f"{each.people} x {each.shuffles}",
                f"{len(each.own):,}",
                f"{here['duplicate']:,}",
                f"{here['adjudicate']:,}",
                f"**{here['unique']:,}**",
                f"{nation['duplicate']:,} / {nation['adjudicate']:,} / {nation['unique']:,}",
                f"**{first['duplicate']:,}** / {first['adjudicate']:,} of {len(each.strangers):,}",
            )
        )
    return _table(head, rows)


def predicted_table(people: Sequence[ScenarioReport]) -> str:
    """What the fitted curves foretell of searches among a nation's people."""
    head = (
        "everybody has",
        "second recordings missed (FNIR)",
        "not called by the machine alone",
        "first recordings sent to experts (FPIR)",
        "called DUPLICATE wrongly",
    )
    rows = (
        (each.name, *map(_estimate, (told.fnir, told.machine_fnir, told.fpir, told.machine_fpir)))
        for each in people
        if (told := each.predicted) is not None
    )
    return _table(head, rows)


def _estimate(estimate: Estimate) -> str:
    return f"{_small(estimate.value)} ({_small(estimate.low)} to {_small(estimate.high)})"


def _small(share: float) -> str:
    """Of a share from 1 down to less than one in a billion."""
    if share >= 1e-4:
        return f"{100 * share:.2g} %" if share < 0.995 else "all"
    return f"1 in {float(f'{1 / share:.2g}'):,.0f}" if share > 1e-9 else "< 1 in a billion"


def provenance_table(results: Results) -> str:
    """Which set was used for what."""
    names = dict.fromkeys(each.report.set for each in results.sets)
    rows: dict[str, tuple[str, str]] = {}
    for name in names:
        origin = provenance_of(name)
        rows.setdefault(name if origin.sets == "*" else origin.sets, (origin.what, origin.use))
    return _table(("set", "what it is", "what it was used for"), ((name, *told) for name, told in rows.items()))


def _rates_row(report: Report, which: str) -> tuple[str, ...]:
    return (
        report.set + which,
        f"{report.extractor} {report.version}",
        f"{report.images} ({report.failed})",
        _rate(report.eer, report.eer_interval),
        _rate(report.fnmr_at_fmr_1e_2, report.fnmr_at_fmr_1e_2_interval),
        _rate(report.fnmr_at_fmr_1e_3, report.fnmr_at_fmr_1e_3_interval),
        _rate(report.fnmr_at_fmr_1e_4, report.fnmr_at_fmr_1e_4_interval) + ("*" if report.notes else ""),
    )


def _point(report: Report) -> tuple[float, ...]:
    return (report.eer, report.fnmr_at_fmr_1e_2, report.fnmr_at_fmr_1e_3, report.fnmr_at_fmr_1e_4)


def _families(results: Iterable[SetResult]) -> dict[str, list[SetResult]]:
    """Sets named NAME_dbN together, where there are several."""
    found: dict[str, list[SetResult]] = {}
    for result in results:
        found.setdefault(result.report.set.partition("_db")[0], []).append(result)
    return {name: members for name, members in found.items() if len(members) > 1}


def _rate(rate: float, interval: Interval) -> str:
    return f"{_percent(rate)} ({100 * interval.low:.1f}-{100 * interval.high:.1f})"


def _percent(rate: float) -> str:
    return f"{100 * rate:.2f} %"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"
