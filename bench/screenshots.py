"""`make screenshots`: takes the pictures of the README anew, from pages that really run."""

import tempfile
from pathlib import Path

from bench.centre_screenshots import make_centre_screenshots
from bench.station_screenshots import make_station_screenshots
from PIL import Image

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHOSEN = {
    "station-fingers-light.png": "station-fingers.png",
    "station-warning-light.png": "station-warning.png",
    "station-resident-light.png": "station-resident.png",
    "station-recording-light.png": "station-recording.png",
    "station-outing-light.png": "station-outing.png",
    "station-day-end-light.png": "station-day-end.png",
    "centre-compare-light.png": "centre-compare.png",
}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        make_station_screenshots(Path(folder))
        make_centre_screenshots(Path(folder))
        for taken, name in CHOSEN.items():
            # 256 colours show these pages as well and weigh a third
            Image.open(Path(folder) / taken).convert("RGB").quantize(256).save(PICTURES / name, optimize=True)
            print(PICTURES / name)


if __name__ == "__main__":
    main()
