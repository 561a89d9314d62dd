"""The batches that came on a stick, as a source of the feed: `CarriedFeed`."""

from rekam.enrolment.errors import RekamError
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.errors import BundleUnreadable
from rekam.exchange.courier.left_out import LeftOut
from rekam.exchange.courier.manifest import Item
from rekam.exchange.feed import BATCH_ENTRIES

__all__ = ["CarriedFeed"]


class CarriedFeed:
    """`FeedSource` over the batches that came; what its notes say of them is proved by whoever follows."""

    def __init__(self) -> None:
        self._batches: list[tuple[int, int, Bundle, Item]] = []
        self.doubted: list[LeftOut] = []

    def add(self, bundle: Bundle, item: Item) -> None:
        first, _, last = item.note.partition("-")
        if not (first.isdecimal() and last.isdecimal()):
            raise BundleUnreadable(path=bundle.path.name, reason="a batch")
        self._batches.append((int(first), int(last), bundle, item))

    def after(self, feed: str, n: int, limit: int = BATCH_ENTRIES) -> bytes | None:
        """The batch that holds entry `n + 1`; None where no stick brought it, or only a damaged one."""
        del feed, limit
        for first, last, bundle, item in self._batches:
            if first <= n + 1 <= last:
                try:
                    return bundle.read(item)
                except RekamError as error:
                    self.doubted.append(LeftOut.by(f"batch {item.note}", error))
        return None
