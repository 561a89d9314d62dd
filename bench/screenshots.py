"""`make screenshots`: takes the pictures of the README anew, from pages that really run."""

import tempfile
from pathlib import Path

from bench.centre_screenshots import make_centre_screenshots
from bench.station_screenshots import make_station_screenshots
from PIL import Image

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHOSEN = {
    "*-fingers-light.png": "station-fingers.png",
    "*-warning-light.png": "station-warning.png",
    "centre-overview-light.png": "centre-overview.png",
    "centre-compare-light.png": "centre-compare.png",
}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        make_station_screenshots(Path(folder))
        make_centre_screenshots(Path(folder))
        for pattern, name in CHOSEN.items():
            taken = min(Path(folder).glob(pattern))
            # 256 colours show these pages as well and weigh a third
            Image.open(taken).convert("RGB").quantize(256).save(PICTURES / name, optimize=True)
            print(PICTURES / name)


if __name__ == "__main__":
    main()
