"""Opening a packet at the centre."""
