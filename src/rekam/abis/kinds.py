"""Which extractor made a template: what may be compared with what."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rekam.abis.errors import TemplatesOfDifferentExtractors
from rekam.abis.slots import Modality, modality_of
from rekam.abis.template_set import TemplateSet


class Kind(NamedTuple):
    """An extractor and its version."""

    extractor: str
    version: int

    def __str__(self) -> str:
        return f"{self.extractor} {self.version}"


Kinds = Mapping[Modality, Kind]
"""At most one kind for each modality; a modality that is absent has none yet."""


def joined(kinds: Kinds, templates: TemplateSet) -> dict[Modality, Kind]:
    """The kinds that a collection has once the templates belong to it too.

    Raises `TemplatesOfDifferentExtractors` for a template of another kind than those of its modality already there.
    """
    known = dict(kinds)
    for slot, template in templates.items():
        kind = Kind(template.extractor, template.version)
        if known.setdefault(modality_of(slot), kind) != kind:
            raise TemplatesOfDifferentExtractors(slot=slot, kinds=f"{known[modality_of(slot)]}, {kind}")
    return known


def all_of(templates: Iterable[TemplateSet]) -> dict[Modality, Kind]:
    """The kinds of several sets; raises as `joined`."""
    known: dict[Modality, Kind] = {}
    for one in templates:
        known = joined(known, one)
    return known


def agree(kinds: Kinds, others: Kinds) -> bool:
    """Whether what has the ones may be compared with what has the others."""
    return all(others.get(modality, kind) == kind for modality, kind in kinds.items())


def edition(kinds: Kinds) -> str:
    """The kinds as a short text that names a generation of templates: "finger leader 1, iris rekam-iris 1"."""
    return ", ".join(f"{modality} {kinds[modality]}" for modality in Modality if modality in kinds)
