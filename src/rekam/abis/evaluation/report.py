"""The figures of one set."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rekam.abis.error_rates import Curve
from rekam.abis.evaluation.bootstrap import Interval, PeoplePairs, intervals
from rekam.abis.evaluation.discard import DiscardPoint, error_versus_discard
from rekam.abis.evaluation.measurement import Measurement

FMRS = (1e-2, 1e-3, 1e-4)


@dataclass(frozen=True, slots=True)
class Report:
    """What `evaluate` measured. Rates are fractions 0-1; a failed extraction counts as a non-match in every pair.

    Intervals hold with 95 % confidence, people resampled. extract_ms is the median image's time on one core, from the
    file's bytes to features that can be compared. quality holds the 5th, 50th and 95th percentile.
    """

    set: str
    modality: str
    extractor: str
    version: int
    fold: str | None
    images: int
    people: int
    failed: int
    failures: dict[str, str]
    genuine: int
    impostor: int
    eer: float
    eer_interval: Interval
    fnmr_at_fmr_1e_2: float
    fnmr_at_fmr_1e_2_interval: Interval
    fnmr_at_fmr_1e_3: float
    fnmr_at_fmr_1e_3_interval: Interval
    fnmr_at_fmr_1e_4: float
    fnmr_at_fmr_1e_4_interval: Interval
    notes: tuple[str, ...]
    extract_ms: float
    extract_ms_95th: float
    comparisons_per_second: float
    template_bytes: float
    quality: tuple[float, ...]
    edc: tuple[DiscardPoint, ...]
    det: Curve

    def to_map(self) -> dict[str, Any]:
        """The fields for JSON, exponents spelt `1e-2`, intervals as [low, high], curves as lists of points."""
        told = {name.replace("1e_", "1e-"): value for name, value in asdict(self).items()}
        told |= {name: [value["low"], value["high"]] for name, value in told.items() if name.endswith("_interval")}
        told["det"] = [
            {"threshold": float(bar) if np.isfinite(bar) else None, "fmr": float(fmr), "fnmr": float(fnmr)}
            for bar, fmr, fnmr in zip(*self.det, strict=True)
        ]
        return told


def report_of(measured: Measurement) -> Report:
    """Rates, intervals, curves, times."""
    rates = measured.pairs.rates
    eer_interval, fnmr_intervals = intervals(_by_person(measured), FMRS)
    qualities = measured.qualities
    seen = [quality for quality in qualities if quality >= 0]
    milliseconds = [extraction.milliseconds for extraction in measured.extractions]
    sizes = [len(extraction.template) for extraction in measured.extractions if extraction.template is not None]
    fnmrs = [rates.fnmr_at(fmr) for fmr in FMRS]
    return Report(
        set=measured.name,
        modality=measured.modality,
        extractor=measured.extractor,
        version=measured.version,
        fold=measured.fold,
        images=len(measured.impressions),
        people=len({impression.person for impression in measured.impressions}),
        failed=len(measured.impressions) - len(sizes),
        failures={
            impression.path.name: extraction.failure
            for impression, extraction in zip(measured.impressions, measured.extractions, strict=True)
            if extraction.template is None
        },
        genuine=len(rates.genuine),
        impostor=len(rates.impostor),
        eer=rates.eer(),
        eer_interval=eer_interval,
        fnmr_at_fmr_1e_2=fnmrs[0],
        fnmr_at_fmr_1e_2_interval=fnmr_intervals[0],
        fnmr_at_fmr_1e_3=fnmrs[1],
        fnmr_at_fmr_1e_3_interval=fnmr_intervals[1],
        fnmr_at_fmr_1e_4=fnmrs[2],
        fnmr_at_fmr_1e_4_interval=fnmr_intervals[2],
        notes=_notes(len(rates.impostor)),
        extract_ms=float(np.median(milliseconds)),
        extract_ms_95th=float(np.quantile(milliseconds, 0.95)),
        comparisons_per_second=measured.pairs.compared / measured.pairs.seconds if measured.pairs.seconds else 0.0,
        template_bytes=float(np.mean(sizes)) if sizes else 0.0,
        quality=tuple(float(level) for level in np.quantile(seen, (0.05, 0.5, 0.95))) if seen else (),
        edc=error_versus_discard(measured.pairs, qualities),
        det=rates.det(),
    )


def _by_person(measured: Measurement) -> PeoplePairs:
    names = sorted({impression.person for impression in measured.impressions})
    number = {name: place for place, name in enumerate(names)}
    person = np.array([number[impression.person] for impression in measured.impressions])
    pairs = measured.pairs
    one, other = person[pairs.first], person[pairs.second]
    stranger = ~pairs.is_genuine
    rates = pairs.rates
    return PeoplePairs(
        rates.genuine, one[pairs.is_genuine], rates.impostor, np.stack([one, other])[:, stranger], len(names)
    )


def _notes(impostors: int) -> tuple[str, ...]:
    """What an FMR means that is finer than one pair."""
    fine = [fmr for fmr in FMRS if fmr * impostors < 1]
    return tuple(
        f"FMR {fmr:.0e} is less than one of {impostors} impostor pairs: the threshold is the highest impostor's "
        "score, no false match at all"
        for fmr in fine
    )
