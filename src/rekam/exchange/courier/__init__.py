"""Packets, receipts and the feed on removable media (docs/courier-format.md): the network's path with other legs."""
