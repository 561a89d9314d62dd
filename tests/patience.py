"""How long a test waits for what must come. Nobody waits that long where all is well: a slow machine needs more.

Every wait of a test ends by what it sees; these only bound it. `REKAM_PATIENCE=3` makes all of them three times longer.
"""

import os

PATIENCE_S = 180.0 * float(os.environ.get("REKAM_PATIENCE", "1"))
"""Of one thing that happens by itself: a place starts, a thread ends, a packet arrives, a command answers."""
WHOLE_RUN_S = 8 * PATIENCE_S
"""Of a whole drill, with places killed and started again."""
PATIENCE_MS = 1000 * PATIENCE_S / 3
"""Of a browser for what its page shows next; a capture by itself is several of these."""
