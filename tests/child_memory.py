"""What a child process used at most, told by itself."""

PEAK_KB = 'next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))'
"""An expression for its script: KiB. Not `ru_maxrss`: a child begins with what its parent once had."""
