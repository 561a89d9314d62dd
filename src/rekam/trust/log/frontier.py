"""A log's root while its entries stream by: `Frontier` holds no more than one hash a doubling."""

from rekam.trust.log.merkle import Node, leaf_hash, nodes_completed_by, root_of

__all__ = ["Frontier"]


class Frontier:
    """The largest complete subtrees of the entries added so far, side by side."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: dict[Node, bytes] = {}

    def add(self, entry: bytes) -> None:
        """The next entry."""
        fresh = list(nodes_completed_by(self.size, leaf_hash(entry), lambda *node: self._edge[node]))
        node, found = fresh[-1]
        for level in range(node[0]):
            self._edge.pop((level, (self.size >> level) - 1), None)
        self._edge[node] = found
        self.size += 1

    def root(self) -> bytes:
        """Of all entries added."""
        return root_of(self.size, lambda *node: self._edge[node])
