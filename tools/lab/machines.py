"""Two emulated machines on a cable of their own, which is the only way from one to the other: no
KVM, no root. By a second network each reaches this host.

vda  the system, read-only below a layer in memory      vdb  the disk that DRBD gets
vdc  /opt                                               vdd  ext4, for the file engine
"""

import base64
import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

NAMES = ("web1", "web2")
MEMORY_MIB = 512
DISK_MIB = 64
UP_SECONDS = 300
# What the emulation may add to the deadline of a command.
GRACE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What became of a script on a machine."""

    code: int
    output: str
    errors: str

    def text(self):
        return f"exit {self.code}\n{self.output}{self.errors}"


class Gone(Exception):
    """The machine lost its power, or took it from itself, before it answered."""


class Ear:
    """The far end of guest/ear: many scripts at once, each told from the others by its number."""

    def __init__(self, path):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(str(path))
        self.numbers = itertools.count(1)
        self.answers = {}
        self.changed = threading.Condition()
        self.open = True
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        try:
            for line in self.line.makefile("r", encoding="ascii"):
                number, code, output, errors = line.split()
                texts = [
                    base64.b64decode(text[1:]).decode(errors="replace") for text in (output, errors)
                ]
                with self.changed:
                    self.answers[int(number)] = Answer(int(code), *texts)
                    self.changed.notify_all()
        except (OSError, ValueError):
            pass
        with self.changed:
            self.open = False
            self.changed.notify_all()

    def ask(self, script, seconds, patience):
        number = next(self.numbers)
        coded = base64.b64encode(script.encode()).decode()
        try:
            self.line.sendall(f"{number} {seconds} :{coded}\n".encode())
        except OSError as broken:
            raise Gone() from broken
        with self.changed:
            self.changed.wait_for(lambda: number in self.answers or not self.open, patience)
            if number not in self.answers:
                raise (
                    Gone()
                    if not self.open
                    else TimeoutError(f"no answer within {patience} s: {script}")
                )
            return self.answers.pop(number)

    def close(self):
        self.line.close()


class Machine:
    """One qemu process, and whatever it takes to work on it."""

    def __init__(self, name, number, folder, images):
        self.name, self.number, self.folder, self.images = name, number, folder, images
        self.folder.mkdir()
        self.disk = self.folder / "disk"
        with open(self.disk, "wb") as disk:
            disk.truncate(DISK_MIB << 20)
        self.files = self.folder / "files"
        subprocess.run(
            ["mke2fs", "-q", "-t", "ext4", self.files, f"{DISK_MIB}M"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.process = None
        self.ear = None

    def switch_on(self, cable, other):
        for name in ("ear", "monitor"):
            (self.folder / name).unlink(missing_ok=True)
        cable.joinpath(self.name).unlink(missing_ok=True)
        words = [
            "qemu-system-x86_64",
            "-name",
            self.name,
            "-accel",
            "tcg,thread=multi,tb-size=192",
            "-cpu",
            "max,la57=off",
            "-m",
            str(MEMORY_MIB),
            "-nodefaults",
            "-no-user-config",
            "-display",
            "none",
            "-no-reboot",
            "-kernel",
            self.images["kernel"],
            "-initrd",
            self.images["boot"],
            "-append",
            "console=ttyS0 quiet loglevel=4 panic=-1 nokaslr mitigations=off no_timer_check "
            f"tsc=reliable tsc_early_khz={self.images['counter_khz']} "
            f"lab.name={self.name} lab.address=10.66.0.{self.number}",
            "-chardev",
            f"file,id=console,path={self.folder}/console,append=on",
            "-serial",
            "chardev:console",
            "-qmp",
            f"unix:{self.folder}/monitor,server=on,wait=off",
            "-netdev",
            f"dgram,id=cable,local.type=unix,local.path={cable}/{self.name},"
            f"remote.type=unix,remote.path={cable}/{other}",
            "-device",
            f"virtio-net-pci,id=plug,netdev=cable,romfile=,mac=52:54:00:66:00:0{self.number}",
            "-netdev",
            "user,id=host",
            "-device",
            "virtio-net-pci,id=road,netdev=host,romfile=",
            "-device",
            "virtio-rng-pci",
            "-device",
            "virtio-serial-pci",
            "-chardev",
            f"socket,id=ear,path={self.folder}/ear,server=on,wait=off",
            "-device",
            "virtserialport,chardev=ear,name=ear",
            "-chardev",
            f"file,id=log,path={self.folder}/log,append=on",
            "-device",
            "virtserialport,chardev=log,name=log",
        ]
        for file, option in (
            (self.images["system"], "read-only=on"),
            (self.disk, "cache=unsafe"),
            (self.images["product"], "read-only=on"),
            (self.files, "cache=unsafe"),
        ):
            words += ["-drive", f"if=virtio,format=raw,file={file},{option}"]
        with open(self.folder / "qemu", "ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def wait_up(self):
        end = time.monotonic() + UP_SECONDS
        while not (self.folder / "ear").exists():
            if not self.is_on() or time.monotonic() > end:
                raise SystemExit(f"lab: qemu did not start:\n{(self.folder / 'qemu').read_text()}")
            time.sleep(0.05)
        self.ear = Ear(self.folder / "ear")
        self.run("true", patience=UP_SECONDS)

    def is_on(self):
        return self.process is not None and self.process.poll() is None

    def cut_power(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        if self.ear is not None:
            self.ear.close()

    def run(self, script, seconds=60, patience=None):
        began = time.monotonic()
        try:
            answer = self.ear.ask(script, seconds, patience or seconds + GRACE_SECONDS)
        except (Gone, TimeoutError) as silent:
            self.note(began, script, repr(silent))
            raise
        self.note(began, script, answer.text())
        return answer

    def note(self, began, script, answer):
        """What was asked of this machine, when, and how long that took: the story of a run."""
        with open(self.folder / "asked", "a", encoding="utf-8") as asked:
            print(f"{began:.1f} +{time.monotonic() - began:.1f} s: {script}\n{answer}", file=asked)

    def plug(self, joined):
        """Puts the cable in or out, as a hand would."""
        monitor = socket.socket(socket.AF_UNIX)
        monitor.settimeout(UP_SECONDS)
        try:
            monitor.connect(str(self.folder / "monitor"))
        except OSError as off:
            raise Gone() from off
        with monitor, monitor.makefile("rw", encoding="utf-8") as lines:
            lines.readline()
            for command in (
                {"execute": "qmp_capabilities"},
                {"execute": "set_link", "arguments": {"name": "plug", "up": joined}},
            ):
                lines.write(json.dumps(command) + "\n")
                lines.flush()
                while "return" not in (reply := json.loads(lines.readline())):
                    if "error" in reply:
                        raise RuntimeError(f"qemu: {reply['error']}")

    def console(self):
        return self.written("console")

    def log(self):
        """What was written to /run/log there; it outlives a reset, which a machine does unasked."""
        return self.written("log")

    def written(self, name):
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""


class Pair:
    """Both machines; ends what it began, whatever happens."""

    def __init__(self, images):
        # Names of sockets are short: not below the cache.
        self.folder = Path(tempfile.mkdtemp(prefix="lab-"))
        self.cable = self.folder / "cable"
        self.cable.mkdir()
        self.machines = [
            Machine(name, number, self.folder / name, images)
            for number, name in enumerate(NAMES, 1)
        ]

    def __enter__(self):
        try:
            for machine in self.machines:
                self.switch_on(machine)
            for machine in self.machines:
                machine.wait_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def cut_power(self):
        for machine in self.machines:
            machine.cut_power()

    def switch_on(self, machine):
        machine.switch_on(self.cable, self.other(machine).name)

    def other(self, machine):
        return self.machines[2 - machine.number]

    def __exit__(self, *_):
        self.cut_power()
        keep = os.environ.get("REPLICATOR_LAB_KEEP")
        if keep:
            for machine in self.machines:
                Path(keep).mkdir(parents=True, exist_ok=True)
                for name in ("console", "log", "asked"):
                    if (machine.folder / name).exists():
                        shutil.copy(machine.folder / name, Path(keep) / f"{machine.name}.{name}")
        shutil.rmtree(self.folder, ignore_errors=True)
