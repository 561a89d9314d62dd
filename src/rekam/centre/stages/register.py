"""Stage 4: the biodata against the population register; where they differ, the office is asked, unless it has answered
already: by a correction that came with the recording (docs/adr/0057).
"""

from collections.abc import Callable
from typing import ClassVar, Final

import cbor2

from rekam.centre.case import Case
from rekam.centre.corrections import Corrections
from rekam.centre.population import Population
from rekam.centre.verdict import Effect, Pass, Queue, Reject, Verdict, Wait
from rekam.enrolment.biodata import Biodata, InvalidBiodata
from rekam.enrolment.manifest import correction_of
from rekam.enrolment.reference import Reference, packaged_reference
from rekam.enrolment.status import Status

__all__ = ["Register"]

_COMPARED: Final = {
    "name": "nama",
    "birth_place": "tempat lahir",
    "birth_date": "tanggal lahir",
    "sex": "jenis kelamin",
}


class Register:
    """Same NIK, same person on paper? A difference is never decided by the machine."""

    name: ClassVar[str] = "register"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def __init__(
        self,
        population: Population,
        corrections: Corrections,
        reference: Callable[[], Reference] = packaged_reference,
    ) -> None:
        self._population = population
        self._corrections = corrections
        self._reference = reference

    def run(self, case: Case) -> Verdict:
        answer = case.row("validation")
        if answer is not None:
            # the note names people; what goes down the feed is the answer alone
            if answer[0] == "CONFIRMED":
                return Pass(detail="Dibenarkan oleh Disdukcapil.")
            return Reject("Disdukcapil tidak membenarkan biodata ini.")
        manifest = cbor2.loads(case.read("manifest"))
        recorded = Biodata.from_map(manifest["biodata"])
        try:
            recorded.validate(reference=self._reference())
        except InvalidBiodata as problem:  # a code that no list has: no card could be printed of it
            return self._ask(f"Isian yang tidak dikenal dalam biodata: {problem.facts['field']}.")
        known = self._population.find(case.row, case.facts.nik_hash)
        if known is None:
            return self._ask("NIK belum ada dalam data kependudukan pusat.")
        return self._compared(case, recorded, known, correction_of(manifest))

    def _compared(self, case: Case, recorded: Biodata, known: Biodata, evidence: bytes | None) -> Verdict:
        said = self._corrections.heard(case, evidence, known)
        differing = _differing(recorded, known)
        if not differing:
            return Pass(said.effects)
        if said.biodata is not None and not _differing(recorded, said.biodata):
            return Pass(said.effects, detail=f"Sesuai dengan perbaikan Disdukcapil {said.office}.")
        question = f"Berbeda dengan data kependudukan: {', '.join(differing)}. {said.doubt}"
        return self._ask(question.strip(), said.effects)

    @staticmethod
    def _ask(question: str, effects: tuple[Effect, ...] = ()) -> Wait:
        return Wait(Queue.VALIDATION, Status.REQUEST_VALIDATION, effects, detail=question)


def _differing(recorded: Biodata, held: Biodata) -> list[str]:
    return [word for field, word in _COMPARED.items() if getattr(recorded, field) != getattr(held, field)]
