"""How ill a link is: what befalls single requests (`Ailments`) and what the line itself is like (`Quality`)."""

from dataclasses import dataclass

__all__ = ["Ailments", "Quality"]


@dataclass(frozen=True)
class Ailments:
    """Probabilities for each request: cut after some bytes, its answer dropped, held up for `stall_s`, half open (the
    connection stays up and carries nothing any more, for `half_open_s`), delivered a second time after its answer.
    """

    cut_upload: float = 0.0
    drop_answer: float = 0.0
    stall: float = 0.0
    stall_s: float = 1.0
    half_open: float = 0.0
    half_open_s: float = 3.0
    duplicate: float = 0.0


@dataclass(frozen=True)
class Quality:
    """`bytes_a_second` each way, shared by all connections (None: no limit); `round_trip_s` there and back; `loss`: the
    share of segments lost. A lost one holds its connection up for one round trip until it is sent again (TCP delivers
    in order), and every `cut_every`-th lost one ends the connection.
    """

    bytes_a_second: float | None = None
    round_trip_s: float = 0.0
    loss: float = 0.0
    cut_every: int = 10
