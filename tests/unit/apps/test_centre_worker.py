"""The centre's worker starts again after each of its deaths: it loads what stages need, and no page."""

import subprocess
import sys


def test_a_worker_loads_no_web_server():
    asked = "import sys, rekam.apps.centre_worker; print(*sorted({'fastapi', 'uvicorn'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ""
