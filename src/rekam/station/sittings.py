"""What pages and commands ask of the sittings at this station's counter: `Sittings`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from threading import RLock

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.eligibility import may_be_recorded
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, Modality, Slot
from rekam.station.attempt import Outcome, attempted, judged_images
from rekam.station.capture import FORCE_AFTER, Judged, TooEarlyToForce, background, reframed, require_force
from rekam.station.devices.port import Captured, Device, Shot
from rekam.station.drafts import UnknownSitting
from rekam.station.legal_time import legal_day
from rekam.station.opened import Opened
from rekam.station.pass_photo import cut_anew
from rekam.station.recordings import Recording
from rekam.station.referral.changes import mark_of
from rekam.station.shot import shot
from rekam.station.sitting import Sitting
from rekam.station.unlock import Unlocked

__all__ = ["BiodataChanged", "CaptureGivenUp", "NotYetRecordable", "Sittings"]


class BiodataChanged(RekamError):
    """The biodata of {name} have changed in the list of residents since this sitting was opened, so nothing was saved.
    The sitting is kept with everything captured. Open the step Biodata, read it out once more, then save again.
    """


class CaptureGivenUp(RekamError):
    """The device answered after the capture had been given up, so its images were not used. The sitting is kept.
    Capture again when the resident is ready.
    """


class NotYetRecordable(RekamError):
    """{name} is younger than 16 and not married, so there is nothing to record yet. Nothing was changed.
    Ask the family to come back after the sixteenth birthday.
    """


class Sittings:
    """One change at a time, durable when a method returns. `opened` raises `StationLocked` before the first sign-in;
    `supervisor` is who stands behind an id and a PIN; `lock` is the station's own, so that nothing closes under a
    change.
    """

    def __init__(
        self, opened: Callable[[], Opened], device: Device, supervisor: Callable[[str, str], Unlocked], lock: RLock
    ) -> None:
        self._opened = opened
        self._device = device
        self._supervisor = supervisor
        self._lock = lock

    def open(self, nik: str, operator: Unlocked) -> Sitting:
        """Begins a sitting, or takes up this resident's half-done one, for the ticket that was called to the counter.
        Raises `NotInExtract`, `NotYetRecordable`, `DayClosed`, `DiskReserveReached`.
        """
        here, by = self._opened(), operator.operator.subject
        here.past.require()
        biodata = here.residents.find(nik)
        self._require_recordable(biodata)
        with self._lock:
            sitting = here.drafts.open_of(biodata.nik)
            if sitting is None:
                here.day_end.require_open()
                here.saving.check_room()
                sitting = Sitting.open(biodata, here.check.ask(biodata.nik), operator=by, at=self._now())
            with here.store.tx():  # no crash leaves a sitting without its ticket
                if not here.drafts.is_open(sitting.sitting_id):
                    here.drafts.begin(sitting)
                here.hands.note(sitting.sitting_id, by)
                here.queue.bind(sitting.sitting_id, by)
        return sitting

    def find(self, sitting_id: str) -> Sitting:
        return self._opened().drafts.find(sitting_id)

    def confirm_biodata(self, sitting_id: str) -> Sitting:
        return self._change(sitting_id, Sitting.confirm_biodata)

    def newer_biodata(self, sitting: Sitting) -> Biodata | None:
        """What the extract has now, where it differs from what the sitting was opened with."""
        now = next(iter(self._opened().residents.among([sitting.nik])), None)
        return None if now is None or now == sitting.biodata else now

    def confirm_seen(self, sitting_id: str, seen: str) -> Sitting | None:
        """What was read out is right; as `confirm_newer` where the extract has something newer."""
        newer = self.newer_biodata(self.find(sitting_id))
        return self.confirm_biodata(sitting_id) if newer is None else self.confirm_newer(sitting_id, seen)

    def confirm_newer(self, sitting_id: str, seen: str) -> Sitting | None:
        """The sitting with the extract's newer biodata, confirmed; None where these do not have the mark that was
        `seen`. What was captured stays. Raises `NotYetRecordable`.
        """
        with self._lock:
            sitting = self.find(sitting_id)
            now = self.newer_biodata(sitting)
            if now is None or mark_of(now) != seen:
                return None
            self._require_recordable(now)
            changed = sitting.renewed(now, self._opened().check.ask(now.nik)).confirm_biodata()
            self._opened().drafts.keep(changed)
        return changed

    def capture(self, sitting_id: str, slot: Slot, *, forced: bool = False) -> tuple[Sitting, Judged]:
        """One attempt with the device. Raises `NothingCaptured`, an `AbisError`, `TooEarlyToForce`."""
        return self.capture_together(sitting_id, (slot,), forced=forced).of(slot)

    def capture_together(
        self,
        sitting_id: str,
        slots: Sequence[Slot],
        *,
        forced: bool = False,
        still: Callable[[], bool] = lambda: True,
    ) -> Outcome:
        """One attempt with the device at one slot or several at once, and one change of the sitting. When the device
        has answered, `still` says whether anybody waits for it. Raises what the device raises, `CaptureGivenUp`,
        `TooEarlyToForce`; what is wrong with a single image is in the outcome.
        """
        return self._attempt(sitting_id, shot(self._device, self.find(sitting_id), slots), forced=forced, still=still)

    def upload(
        self, sitting_id: str, slot: Slot, image: bytes, media_type: str, *, forced: bool = False
    ) -> tuple[Sitting, Judged]:
        """One attempt with a file, a camera or a pad in the browser."""
        return self._attempt(sitting_id, Shot((Captured(slot, image, media_type, "browser"),)), forced=forced).of(slot)

    def _attempt(
        self, sitting_id: str, taken: Shot, *, forced: bool, still: Callable[[], bool] = lambda: True
    ) -> Outcome:
        here = self._opened()
        here.blobs.check_reserve(sum(len(captured.image) for captured in taken.captured))
        before = self.find(sitting_id)
        if forced:
            for captured in taken.captured:
                require_force(before, captured.slot)
        verdicts = judged_images(before, taken.captured)
        with self._lock:
            if not still():
                raise CaptureGivenUp
            outcome = attempted(self.find(sitting_id), verdicts, taken.missed, here.sizes, forced=forced)
            sitting = self._searched(outcome.sitting, taken.captured[0].slot)
            here.drafts.keep(sitting, *outcome.kept)
        return replace(outcome, sitting=sitting)

    def frame(self, sitting_id: str, x: float, y: float, height: float) -> Sitting:
        """The photo cut out of its picture anew; no attempt. Raises `NothingCapturedYet`, `FrameTooWeak`."""
        slot = Slot(Modality.PHOTO)
        best, before = self._opened().drafts.capture(sitting_id, slot), self.find(sitting_id)
        if best.cutting is None:
            return before
        photo = cut_anew(best.cutting, x, y, height, background(before))
        if photo.cutting == best.cutting:
            return before
        changed = reframed(best, photo)
        with self._lock:
            sitting = self.find(sitting_id)
            if sitting.captures.get(slot) != best:
                return sitting  # taken anew meanwhile, in another window
            sitting = sitting.recut(changed)
            self._opened().drafts.keep(sitting, changed)
        return sitting

    def keep_best(self, sitting_id: str, slots: Iterable[Slot]) -> Sitting:
        """The best attempts so far count although they are weak. Raises `NothingCapturedYet`, `TooEarlyToForce`."""
        with self._lock:
            sitting, slots = self.find(sitting_id), tuple(slots)
            for slot in slots:
                self._opened().drafts.capture(sitting_id, slot)
                made = sitting.attempts.get(slot, 0)
                if made < FORCE_AFTER:
                    raise TooEarlyToForce(slot=slot, attempts=made, needed=FORCE_AFTER)
                sitting = sitting.keep_best(slot)
            sitting = self._searched(sitting, slots[0])
            self._opened().drafts.keep(sitting, *(sitting.captures[slot] for slot in slots))
        return sitting

    def except_slot(self, sitting_id: str, slot: Slot, reason: ExceptionReason, supervisor: str, pin: str) -> Sitting:
        """The slot stays empty; a supervisor confirms with the own PIN. Raises `NotASupervisor`, `WrongPin`."""
        self._supervisor(supervisor, pin)
        return self._except(sitting_id, {slot: reason}, supervisor)

    def note_exceptions(self, sitting_id: str, reasons: Mapping[Slot, ExceptionReason]) -> Sitting:
        """These slots stay empty. A supervisor confirms all of a sitting's exceptions at once when it is saved."""
        return self._except(sitting_id, reasons, "")

    def take_back(self, sitting_id: str, slot: Slot) -> Sitting:
        """An exception was a mistake: the slot is to be captured after all."""
        return self._change(sitting_id, lambda sitting: sitting.without_exception(slot))

    def _except(self, sitting_id: str, reasons: Mapping[Slot, ExceptionReason], supervisor: str) -> Sitting:
        def change(sitting: Sitting) -> Sitting:
            for slot, reason in reasons.items():
                sitting = self._searched(sitting.with_exception(slot, reason, supervisor), slot)
            return sitting

        return self._change(sitting_id, change)

    def agree(self, sitting_id: str, digest: str) -> Sitting:
        """The resident said yes to what had this digest."""
        return self._change(sitting_id, lambda sitting: replace(sitting, agreed=digest))

    def go_on(self, sitting_id: str, reason: str) -> Sitting:
        return self._change(sitting_id, lambda sitting: sitting.go_on(reason))

    def save(
        self, sitting_id: str, operator: Unlocked, *, supervisor: Unlocked | None = None, consent: bool
    ) -> Recording:
        """Durable when it returns; a second save of the same sitting gives the same recording."""
        here = self._opened()
        here.past.require()
        with self._lock:  # not while a capture of the same sitting is being kept
            if here.recordings.of_sitting(sitting_id) is None:
                here.day_end.require_open()
                self._require_compared(sitting_id)
            self._catch_up(sitting_id)
            if supervisor is not None:
                self._confirm(sitting_id, supervisor)
            recording = here.saving.save(sitting_id, operator, supervisor, consent=consent)
        here.line.wake()
        return recording

    def _confirm(self, sitting_id: str, supervisor: Unlocked) -> None:
        """The supervisor stands behind every exception, where one waits for it and the sitting is not saved yet."""
        try:
            sitting = self.find(sitting_id)
        except UnknownSitting:
            return  # a second save gives the same recording
        if not all(held.confirmed_by for held in sitting.exceptions.values()):
            self._opened().drafts.keep(sitting.confirm_exceptions(supervisor.operator.subject))

    def abandon(self, sitting_id: str, operator: Unlocked, reason: str) -> None:
        with self._lock:
            self._opened().drafts.abandon(sitting_id, operator=operator.operator.subject, at=self._now(), reason=reason)

    def _change(self, sitting_id: str, change: Callable[[Sitting], Sitting]) -> Sitting:
        with self._lock:
            changed = change(self.find(sitting_id))
            self._opened().drafts.keep(changed)
        return changed

    def _searched(self, sitting: Sitting, slot: Slot) -> Sitting:
        """The sitting with a warning of a second recording, once all fingers or both eyes are filled. While the
        earlier recordings are still being loaded nothing is said; saving catches up.
        """
        if not _worth_searching(sitting, slot):
            return sitting
        return sitting.warned(self._opened().second.numbers(sitting) or ())

    def _catch_up(self, sitting_id: str) -> None:
        """Searches before saving what could not be searched before; a warning then asks for its reason first."""
        here = self._opened()
        if here.recordings.of_sitting(sitting_id) is not None:
            return
        sitting = self.find(sitting_id)
        if here.second.is_searched(sitting):
            return
        warned = sitting.warned(here.second.numbers(sitting, saving=True) or ())
        if warned is not sitting:
            here.drafts.keep(warned)

    def _require_compared(self, sitting_id: str) -> None:
        sitting = self.find(sitting_id)
        if self.newer_biodata(sitting) is not None:
            raise BiodataChanged(name=sitting.biodata.name)

    def _require_recordable(self, biodata: Biodata) -> None:
        today = legal_day(self._opened().legal, self._opened().identity.station)
        if not may_be_recorded(biodata.birth_date, biodata.ever_married, today, biodata.itap_until):
            raise NotYetRecordable(name=biodata.name)

    def _now(self) -> str:
        return self._opened().legal.now().at.isoformat(timespec="seconds")


def _worth_searching(sitting: Sitting, slot: Slot) -> bool:
    """Once all fingers, or both eyes, are there: a search for every single capture would say no more."""
    if slot.modality not in {Modality.FINGER, Modality.IRIS}:
        return False
    return all(sitting.filled(each) for each in ALL_SLOTS if each.modality is slot.modality)
