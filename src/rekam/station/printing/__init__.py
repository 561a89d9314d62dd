"""Papers on paper: the port `Printer`, its adapters, and the station's own queue of print jobs (docs/adr/0044)."""
