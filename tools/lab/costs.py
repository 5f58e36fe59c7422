"""What both ways of replication cost on the same two machines: DRBD with OCFS2, and the file engine.

Every time is taken by the clock of the machine that began; the other one only answers.
"""

import concurrent.futures
import statistics
import time

from site_of_two import MOUNT, expect, wait_for

FILES_DISK = "/dev/vdd"
FILES = "/files"
FILES_CONFIG = "/etc/replicator/files.toml"
CONFIGURATION = """
[node]
name = "{name}"
listen = "10.66.0.{number}:7411"
state = "/files/state"

[[root]]
name = "tree"
path = "/files/tree"
"""
SMALL_FILES = 200
ROUND_TRIPS = 20
SHARED_FILES = 100
BIG_MIB = 16
# Over which a daemon is watched that has nothing to do.
QUIET_SECONDS = 30
# In bash itself, for to start a program takes longer here than what is measured.
TOOLS = """
cd {place}
exec {{rest}}<> <(:)
now() {{ echo $((${{EPOCHREALTIME/./}} / 1000)); }}
await() {{ until [ -e "$1" ]; do read -rt 0.005 -u "$rest" || :; done; }}
"""


class Measured:
    """One way of replication, which shows `place` on both nodes."""

    def __init__(self, site, place):
        self.site, self.place = site, place
        self.first, self.second = site.nodes

    def together(self, first, second):
        """The answer of the first, while the second does its part."""
        tools = TOOLS.format(place=self.place)
        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            other = threads.submit(lambda: self.second.done(tools + second))
            answer = self.first.done(tools + first)
            other.result()
        return [int(word) for word in answer.split()]

    def small(self):
        return self.together(
            f"mkdir small; began=$(now); for i in {{1..{SMALL_FILES}}}; do\n"
            "  printf %4096s $i >small/$i; done\n"
            "echo $(($(now) - began)); >written; await answer; echo $(($(now) - began))",
            f"await written; for i in {{1..{SMALL_FILES}}}; do await small/$i; done; >answer",
        )

    def read_again(self):
        tools = TOOLS.format(place=self.place)
        read = "began=$(now); cat small/* >/dev/null; echo $(($(now) - began))\n"
        return [int(word) for word in self.second.done(tools + read + read).split()]

    def round_trip(self):
        times = self.together(
            "mkdir ping; await pong\n"
            f"for i in {{1..{ROUND_TRIPS}}}; do\n"
            "  began=$(now); >ping/$i; await pong/$i; echo $(($(now) - began)); done",
            "await ping; mkdir pong\n"
            f"for i in {{1..{ROUND_TRIPS}}}; do await ping/$i; >pong/$i; done",
        )
        return [statistics.median(times), max(times)]

    def shared(self):
        """Both make files in one directory at once."""

        def files(name):
            return (
                f"began=$(now); for i in {{1..{SHARED_FILES}}}; do >shared/{name}-$i; done\n"
                "echo $(($(now) - began))"
            )

        return self.together(
            "mkdir shared; await ready\n" + files("one"), "await shared; >ready\n" + files("two")
        )

    def big(self):
        return self.together(
            f"head -c {BIG_MIB}M /dev/urandom >/run/big; began=$(now)\n"
            "dd if=/run/big of=big bs=1M conv=fsync status=none; echo $(($(now) - began))\n"
            ">big-written; await big-there; echo $(($(now) - began))",
            f"await big-written; until [ -e big ] && [ $(stat -c %s big) = {BIG_MIB << 20} ]\n"
            "do read -rt 0.005 -u $rest || :; done; >big-there",
        )

    def idle(self):
        """How much of the CPU the daemon takes at rest, in per mille, and its memory in MiB."""
        before = self.first.daemon_millis()
        time.sleep(QUIET_SECONDS)
        spent = self.first.daemon_millis() - before
        memory = self.first.done("grep VmRSS /proc/$(cat /run/daemon.pid)/status").split()[1]
        return [spent / QUIET_SECONDS, int(memory) / 1024]

    def all(self):
        return [
            (name, one())
            for name, one in (
                ("idle daemon: CPU in per mille, resident MiB", self.idle),
                (f"{SMALL_FILES} files of 4 KiB: written, all on the other side", self.small),
                ("they are read there: first time, second time", self.read_again),
                ("a new file is seen and answered: median, longest", self.round_trip),
                (f"{SHARED_FILES} files by each into one directory: written", self.shared),
                (f"{BIG_MIB} MiB: written and synced, on the other side", self.big),
            )
        ]


def files_daemon(node, number):
    node.done(
        f"mkdir -p {FILES}; mount -t ext4 {FILES_DISK} {FILES}; mkdir {FILES}/tree\n"
        f"cat >{FILES_CONFIG} <<'END'\n{CONFIGURATION.format(name=node.name, number=number)}END"
    )


def costs(site):
    """Times of both modes side by side, in ms; tells numbers, judges nothing."""
    blocks = Measured(site, MOUNT).all()
    site.replicator("block down")
    site.both(lambda node: node.stop_daemon())
    first, second = site.nodes
    for number, node in enumerate(site.nodes, 1):
        files_daemon(node, number)
        expect(node.replicator(f"init --config {FILES_CONFIG}").code == 0, "no key")
    first.start_daemon(f"--config {FILES_CONFIG}")
    invited = first.replicator(f"invite --config {FILES_CONFIG} --address 10.66.0.1:7411")
    expect(invited.code == 0, f"no invitation:\n{invited.text()}")
    token = invited.output.split()[-1]
    joined = second.join(f"--config {FILES_CONFIG} {token}")
    expect(joined.code == 0, f"not joined:\n{joined.text()}")
    second.start_daemon(f"--config {FILES_CONFIG}")
    first.done(f"echo together >{FILES}/tree/first")
    wait_for("the file engine replicates", lambda: second.run(f"cat {FILES}/tree/first").code == 0)
    files = Measured(site, f"{FILES}/tree").all()
    site.both(lambda node: node.stop_daemon())
    lines = ["", "| | files | drbd-ocfs2 |", "| --- | --- | --- |"]
    for (name, of_files), (_, of_blocks) in zip(files, blocks):
        cells = [", ".join(f"{one:.0f}" for one in cell) for cell in (of_files, of_blocks)]
        lines.append(f"| {name} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)
