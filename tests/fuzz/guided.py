"""`python tests/fuzz/guided.py TARGET CORPUS_DIR [libFuzzer options]`: one reader, guided by the lines it reaches.

Needs `atheris` (x86-64 only, so it is in no lock file): `pip install --target DIR atheris`, and DIR on PYTHONPATH.
"""

import sys
import warnings
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import atheris  # noqa: E402

# compiled functions cannot be instrumented: numba's are imported before, and stay as they are
import rekam.abis.finger.cylinders  # noqa: E402
import rekam.abis.gallery_columns  # noqa: E402
import rekam.abis.iris.hamming  # noqa: E402
import rekam.abis.wsq.huffman  # noqa: E402
import rekam.abis.wsq.synthesis  # noqa: E402, F401

with atheris.instrument_imports(include=["rekam.abis"]):
    from seeds import targets

from rekam.abis.errors import AbisError  # noqa: E402


def main() -> None:
    warnings.simplefilter("error")
    name, corpus = sys.argv[1], Path(sys.argv[2])
    reader, seeds = targets()[name]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)

    def one(data: bytes) -> None:
        try:
            reader(data)
        except AbisError:
            return

    atheris.Setup([sys.argv[0], str(corpus), *sys.argv[3:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
