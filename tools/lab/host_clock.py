"""How fast the clock counts that a machine emulated by qemu shares with this host."""

import ctypes
import mmap
import time

# rdtsc; shl rdx, 32; or rax, rdx; ret
READ_COUNTER = bytes.fromhex("0f31 48c1e220 4809d0 c3")
MEASURED_SECONDS = 0.2
TRIES = 50


def counter_khz():
    """
    What the kernel of a machine cannot find out by itself while others use the host: it then
    believes in a fraction of it, and its time runs many times too fast.
    """
    rights = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    with mmap.mmap(-1, mmap.PAGESIZE, prot=rights) as code:
        code.write(READ_COUNTER)
        place = ctypes.c_char.from_buffer(code)
        read = ctypes.CFUNCTYPE(ctypes.c_uint64)(ctypes.addressof(place))
        first, began = together(read)
        time.sleep(MEASURED_SECONDS)
        last, ended = together(read)
        del place
    return round((last - first) * 1_000_000 / (ended - began))


def together(read):
    """The counter and the time, read as close to each other as can be had."""
    readings = []
    for _ in range(TRIES):
        before = time.monotonic_ns()
        counted = read()
        after = time.monotonic_ns()
        readings.append((after - before, counted, (before + after) // 2))
    return min(readings)[1:]
