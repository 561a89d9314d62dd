"""What a place acknowledges, by whatever word: `Hearing` brings it to the witness."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rekam.drill.simulate.witness import Witness
from rekam.trust import roll_call
from rekam.trust.keys import VerifyKey

if TYPE_CHECKING:
    from rekam.drill.simulate.centre import CentreSite
    from rekam.drill.simulate.office import OfficeSite

__all__ = ["Hearing"]


class Hearing:
    """Of one place above; `key` verifies its word. Called with each answer that it gives over a line."""

    def __init__(self, witness: Witness, far: "CentreSite | OfficeSite", key: VerifyKey) -> None:
        self._witness = witness
        self._far = far
        self._key = key

    def __call__(self, call: str, given: tuple[Any, ...], answer: Any) -> None:
        """A receipt; or a roll call, which says the same of many, also of what the place never gave a receipt for
        because it died over it.
        """
        far, witness = self._far, self._witness
        if call == "roll_call":
            held = roll_call.verify(answer, given[0], self._key).held
            self.of(each for each in held if (far.name, each) not in witness.acknowledged)
        else:
            witness.heard(far.name, far.wake, call, given, answer)

    def of(self, packet_ids: Iterable[str]) -> None:
        """Those of them that the place has, with their receipts."""
        with self._witness.world.standstill():
            for packet_id, receipt in self._far.inbox.receipts([*packet_ids]).items():
                self._witness.heard(self._far.name, self._far.wake, "complete", (packet_id,), receipt)
