"""A whole gallery's templates made anew from the images, side by side with the old ones.

What survives a kill at each step: everything flushed into the new gallery; the rest is made again by the next run. The
old gallery is only read. The new one is taken into use by a switch of its own (the centre's table), after `re_extract`
has looked at every record of the old one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rekam.abis.engine import Engine
from rekam.abis.errors import ImagesUnavailable
from rekam.abis.kinds import agree, all_of
from rekam.abis.template_set import TemplateSet
from rekam.enrolment.errors import RekamError

FLUSH_EVERY = 50
"""Records between two flushes: what a kill can cost, at about a second a record."""
MOST_GIVEN_UP, MOST_GIVEN_UP_SHARE = 10, 0.01
"""Records without images beyond both of these are no single losses but a store that is away: none is given up then."""
NO_IMAGES = ""
"""In place of a slot: the images of the record could not be had at all."""


class ImageSource(Protocol):
    """Where the recorded images are."""

    def images(self, id_: bytes) -> Mapping[str, bytes]:
        """Image files by slot. Raises a `RekamError` where they cannot be had."""
        ...


class OldTemplates(Protocol):
    """What is to be made anew; every `GalleryPort` is one."""

    def ids(self) -> tuple[bytes, ...]:
        """The live ids."""
        ...

    def get(self, id_: bytes) -> TemplateSet:
        """What was held so far."""
        ...


class NewTemplates(Protocol):
    """Where they go; every `GalleryPort` is one."""

    def __contains__(self, id_: object) -> bool: ...

    def append(self, id_: bytes, templates: TemplateSet) -> None:
        """Adds; durable after `flush`."""
        ...

    def get(self, id_: bytes) -> TemplateSet:
        """What was appended."""
        ...

    def flush(self) -> None:
        """Returns when everything appended would survive a power cut."""
        ...


@dataclass
class Report:
    """How it went. `lost`: for each record that has less than before, the slots that are missing and why."""

    records: int = 0
    made: int = 0
    there_before: int = 0
    lost: dict[bytes, dict[str, str]] = field(default_factory=dict)
    absent: list[bytes] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every live record of the old gallery is in the new one."""
        return not self.absent


def re_extract(
    old: OldTemplates,
    source: ImageSource,
    engine: Engine,
    new: NewTemplates,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Makes what `new` lacks, then looks at every record of `old` again. Call it again after a kill.

    A record of which nothing can be extracted goes over with an empty set and is told in `lost`: it can be found by
    nobody until its person is recorded anew. Raises `ImagesUnavailable` where that would befall too many for want of
    images, `LeaderNotReady`, `GalleryNotWritten` and what `new` raises.
    """
    ids = old.ids()
    report = Report(records=len(ids))
    failures: dict[bytes, dict[str, str]] = {}
    for number, id_ in enumerate(ids, 1):
        if id_ in new:
            report.there_before += 1
        else:
            templates, failures[id_] = _extracted(source, engine, id_)
            if NO_IMAGES not in failures[id_]:
                new.append(id_, templates)
                report.made += 1
        if number % FLUSH_EVERY == 0:
            new.flush()
        progress(number, len(ids))
    report.made += _give_up(
        {id_: told[NO_IMAGES] for id_, told in failures.items() if NO_IMAGES in told}, new, len(ids)
    )
    new.flush()
    _verify(old, new, engine, failures, report)
    return report


def _give_up(missing: Mapping[bytes, str], new: NewTemplates, records: int) -> int:
    """Lets records without images go over empty; how many. `missing`: the reason of each."""
    if len(missing) > max(MOST_GIVEN_UP, MOST_GIVEN_UP_SHARE * records):
        new.flush()
        reasons = ", ".join(sorted(set(missing.values())))
        raise ImagesUnavailable(missing=len(missing), records=records, reason=reasons)
    for id_ in missing:
        new.append(id_, TemplateSet({}))
    return len(missing)


def _extracted(source: ImageSource, engine: Engine, id_: bytes) -> tuple[TemplateSet, dict[str, str]]:
    try:
        images = source.images(id_)
    except RekamError as failure:
        return TemplateSet({}), {NO_IMAGES: failure.code}
    templates, failures = engine.extract_all(images)
    return templates, {slot: failure.code for slot, failure in failures.items()}


def _verify(
    old: OldTemplates, new: NewTemplates, engine: Engine, failures: dict[bytes, dict[str, str]], report: Report
) -> None:
    for id_ in old.ids():
        if id_ not in new:
            report.absent.append(id_)
            continue
        templates = new.get(id_)
        if not agree(all_of([templates]), engine.kinds):
            report.absent.append(id_)
        known = failures.get(id_, {})
        told = known.get(NO_IMAGES, "not extracted in an earlier run")
        lost = {slot: known.get(slot, told) for slot in old.get(id_) if slot not in templates}
        if lost:
            report.lost[id_] = lost
