"""`python tests/fuzz [TARGET...] --count N`: damaged inputs by the thousand into every reader.

Each thousand runs in a process of its own under a limit of memory and with the signals of a crash told. A reader may
return or raise an `AbisError`; anything else, a crash, a second's wait or a gigabyte is a finding, written to `--keep`.
"""

import argparse
import faulthandler
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from mutate import mutant  # noqa: E402
from seeds import targets  # noqa: E402

from rekam.abis.errors import AbisError  # noqa: E402

A_PROCESS = 2000
SLOW_SECONDS = 1.0
MEMORY = 4 << 30


def work(name: str, first: int, count: int) -> None:
    """Runs in the child: prints `@number` before each input and a line for each finding."""
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("error")
    reader, seeds = targets()[name]
    for seed in seeds:
        reader(seed)
    for number in range(first, first + count):
        print(f"@{number}", flush=True)
        begun = time.perf_counter()
        try:
            reader(mutant(seeds, number))
        except AbisError:
            pass
        except BaseException as finding:
            print(f"! {number} {type(finding).__name__}: {finding}"[:300].replace("\n", " "), flush=True)
        if (took := time.perf_counter() - begun) > SLOW_SECONDS:
            print(f"! {number} took {took:.1f} s", flush=True)


def drive(name: str, count: int, keep: Path | None) -> int:
    """Runs in the parent: children one after the other, going on behind whatever killed one. Number of findings."""
    found, number, begun = 0, 0, time.perf_counter()
    while number < count:
        size = min(A_PROCESS, count - number)
        command = [sys.executable, str(HERE), "--work", name, str(number), str(size)]
        try:
            child = subprocess.run(command, capture_output=True, text=True, timeout=600)
            lines, ended = child.stdout.splitlines(), child.returncode
        except subprocess.TimeoutExpired as hang:
            lines, ended = (hang.stdout or b"").decode().splitlines(), "hung"
        findings = [line for line in lines if line.startswith("!")]
        last = max((int(line[1:]) for line in lines if line.startswith("@")), default=number)
        if ended != 0:
            findings.append(f"! {last} ended the process: {ended}")
        for line in findings:
            print(name, line)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{name}-{line.split()[1]}").write_bytes(mutant(targets()[name][1], int(line.split()[1])))
        found += len(findings)
        number = last + 1 if ended != 0 else number + size
    print(f"{name}: {count} inputs, {found} findings, {time.perf_counter() - begun:.0f} s", flush=True)
    return found


def main() -> int:
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        return 0
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("target", nargs="*")
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--keep", type=Path)
    said = options.parse_args()
    return sum(drive(name, said.count, said.keep) for name in said.target or targets()) and 1


if __name__ == "__main__":
    sys.exit(main())
