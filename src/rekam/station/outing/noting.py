"""A recording notes the outing on which it was made: `note_outing`, part of the saving's transaction."""

from typing import Any

__all__ = ["note_outing"]


def note_outing(tx: Any, packet_id: str, nik: str, at: str) -> None:
    """Does nothing while no outing is out. The packet itself does not say where it was made (docs/adr/0047)."""
    tx.execute(
        "INSERT INTO outing_recording SELECT ?1, outing, ?3,"
        " EXISTS (SELECT 1 FROM expected WHERE expected.outing = outing.outing AND nik = ?2) FROM outing"
        " WHERE departed_at IS NOT NULL AND returned_at IS NULL AND closed_at IS NULL",
        (packet_id, nik, at),
    )
