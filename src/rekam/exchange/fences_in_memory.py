"""Fences in memory, for simulations and tests: `InMemoryFences`, held to the same suite as `PgFences`."""

from typing import Literal

from rekam.exchange.continuity import Link
from rekam.exchange.fence import Admitted, Fence, Standing, Withheld, judge
from rekam.exchange.inbox import Arrival

__all__ = ["InMemoryFences"]


class InMemoryFences:
    """The fences of one place. Told of every arrival, it keeps the chains itself."""

    def __init__(self) -> None:
        self._fences: dict[tuple[str, int], Fence] = {}
        self._links: dict[tuple[str, int], dict[str, Link]] = {}
        self._withheld: dict[str, Withheld] = {}
        self._ahead: dict[str, tuple[str, str, str]] = {}

    def arrived(self, arrival: Arrival) -> Admitted:
        """See `PgFences.arrived`."""
        number, packet_id = arrival.number, arrival.packet_id
        epoch = (str(number.station), number.epoch)
        links = self._links.setdefault(epoch, {})
        links[packet_id] = Link(number.sequence, packet_id, arrival.header.previous.hex())
        fence = self._fences.get(epoch)
        if fence is None:
            return Admitted()
        said = judge(fence, list(links.values()))
        proved = tuple(each for each in self._unproved(epoch) if said[each] is Standing.BELIEVED)
        for each in proved:
            self._note(each, "proved", "", "")
        if said[packet_id] is Standing.BELIEVED or (packet_id in fence.held and number.sequence <= fence.after):
            return Admitted(proved=proved)
        self._withheld.setdefault(packet_id, Withheld(packet_id, str(number), said[packet_id]))
        if packet_id in self._ahead:
            self._note(packet_id, *self._ahead[packet_id])
            if self._ahead[packet_id][0] == "released":
                return Admitted(proved=proved)
        return Admitted(fence, said[packet_id], proved)

    def raised(self, fence: Fence) -> list[tuple[str, Standing]] | None:
        """See `PgFences.raised`."""
        epoch = (fence.station, fence.epoch)
        if epoch in self._fences:
            return None
        self._fences[epoch] = fence
        links = self._links.get(epoch, {})
        withheld: list[tuple[str, Standing]] = [
            (packet_id, standing)
            for packet_id, standing in judge(fence, list(links.values())).items()
            if standing in {Standing.BEYOND, Standing.OFF_CHAIN}
        ]
        for packet_id, standing in withheld:
            number = f"{fence.station}/{fence.epoch}/{links[packet_id].sequence:06d}"
            self._withheld[packet_id] = Withheld(packet_id, number, standing)
            if packet_id in self._ahead:
                self._note(packet_id, *self._ahead[packet_id])
        return withheld

    def decide(self, packet_id: str, verdict: Literal["released", "rejected"], *, by: str, note: str) -> bool:
        """See `PgFences.decide`."""
        known = self._withheld.get(packet_id)
        if known is None or known.verdict:
            return False
        self._note(packet_id, verdict, by, note)
        return True

    def judged(self, packet_id: str, verdict: Literal["released", "rejected"], *, by: str, note: str) -> None:
        """See `PgFences.judged`."""
        if not self.decide(packet_id, verdict, by=by, note=note):
            self._ahead.setdefault(packet_id, (verdict, by, note))

    def fence_of(self, station: str, epoch: int) -> Fence | None:
        """See `PgFences.fence_of`."""
        return self._fences.get((station, epoch))

    def withheld(self, packet_id: str) -> Withheld | None:
        """See `PgFences.withheld`."""
        return self._withheld.get(packet_id)

    def stopped(self, packet_id: str) -> bool:
        """See `PgFences.stopped`."""
        known = self._withheld.get(packet_id)
        ahead, *_ = self._ahead.get(packet_id, ("",))
        return ahead == "rejected" or (known is not None and known.verdict in {"", "rejected"})

    def all_withheld(self) -> list[Withheld]:
        """See `PgFences.all_withheld`."""
        return sorted(self._withheld.values(), key=lambda each: each.verdict != "")

    def _unproved(self, epoch: tuple[str, int]) -> list[str]:
        return [
            each.packet_id
            for each in self._withheld.values()
            if each.packet_id in self._links[epoch] and each.standing is Standing.UNPROVED and not each.verdict
        ]

    def _note(self, packet_id: str, verdict: str, by: str, note: str) -> None:
        known = self._withheld[packet_id]
        self._withheld[packet_id] = Withheld(packet_id, known.number, known.standing, verdict, by, note)
