"""The two machines as a site: the product installed on both, asked and judged from outside."""

import concurrent.futures
import json
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOCKET = "/var/lib/replicator/control.sock"
MOUNT = "/mnt/wp"
RESOURCE = "r0"
SECRET = "secret-of-the-lab"
# A command of ours takes some seconds under emulation, and more while others use the host.
COMMAND_SECONDS = 400
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:AOTCache=/opt/replicator.aot -Xlog:aot*=off"
LOOK_SECONDS = 1
LOG_CHARACTERS_MAX = 4000
MILLIS_PER_TICK = 10


class Unmet(Exception):
    """Something is not as it must be; the words say what."""


def expect(holds, words):
    if not holds:
        raise Unmet(words)


def wait_for(words, look, seconds=240):
    """Waits until `look` answers with something; says how many seconds that took."""
    began = time.monotonic()
    while not look():
        if time.monotonic() - began > seconds:
            raise Unmet(f"not within {seconds} s: {words}")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def configuration(fencing):
    text = (HERE / "replicator.toml").read_text()
    return text.replace('fence_survivor = "web1"', fencing)


class Node:
    """One machine with the product on it."""

    def __init__(self, machine):
        self.machine, self.name = machine, machine.name

    def run(self, script, seconds=60):
        return self.machine.run(script, seconds)

    def done(self, script, seconds=60):
        answer = self.run(script, seconds)
        expect(answer.code == 0, f"{self.name}: {script}\n{answer.text()}")
        return answer.output

    def install(self, fencing='fence_survivor = "web1"', secret=SECRET):
        self.done(
            "mkdir -p /etc/replicator /usr/lib/replicator /var/lib/replicator " + MOUNT + "\n"
            "install -m 755 /opt/replicator/drbd/fence-peer /usr/lib/replicator/fence-peer\n"
            f"cat >/etc/replicator/replicator.toml <<'END'\n{configuration(fencing)}\nEND\n"
            "umask 077\n"
            f"echo '{secret}' >/etc/replicator/r0.secret"
        )

    def replicator(self, words, seconds=COMMAND_SECONDS):
        return self.run(
            f"export JAVA25_HOME=/opt/java REPLICATOR_JAVA_OPTS='{JAVA_OPTIONS}'\n"
            f"exec /opt/replicator/replicator {words} 2>&1",
            seconds,
        )

    def start_daemon(self):
        # What is rehearsed is the replication of files, which there is none of.
        options = f"{JAVA_OPTIONS} -Dreplicator.rehearsal=off"
        self.done(
            f"export JAVA25_HOME=/opt/java REPLICATOR_JAVA_OPTS='{options}'\n"
            "setsid /opt/replicator/replicator daemon >/run/log 2>&1 </dev/null &\n"
            "echo $! >/run/daemon.pid"
        )
        wait_for(f"{self.name}: the daemon answers", self.root)

    def stop_daemon(self):
        self.done(
            "kill $(cat /run/daemon.pid); while kill -0 $(cat /run/daemon.pid); do sleep 1; done",
            seconds=120,
        )

    def daemon_millis(self):
        """What the daemon has used of the CPU, the programs that it ran included."""
        fields = self.done("cat /proc/$(cat /run/daemon.pid)/stat").rsplit(")", 1)[1].split()
        return sum(int(ticks) for ticks in fields[11:15]) * MILLIS_PER_TICK

    def get(self, path):
        return self.run(
            f"curl -s --max-time 20 --unix-socket {SOCKET} http://replicator{path}"
        ).output

    def root(self):
        """What the daemon says of the root, or nothing when it does not answer."""
        text = self.get("/v1/status")
        return json.loads(text)["roots"][0] if text.startswith("{") else None

    def is_healthy(self):
        root = self.root()
        return root is not None and root["state"] == "live" and root["reason"] == ""

    def says(self, words):
        root = self.root()
        return root is not None and words in root["reason"]

    def drbd(self):
        return self.run("cat /proc/drbd").output

    def write(self, name, seconds=60):
        """Comes back when the file is on both disks, or on that of whoever goes on."""
        self.done(f"echo {self.name} >{MOUNT}/{name} && sync {MOUNT}/{name}", seconds)

    def reads(self, name):
        return self.run(f"cat {MOUNT}/{name}").output.strip()

    def told(self):
        """What the daemon logged since it started first, also when the machine is off by now."""
        return self.machine.log()

    def mark(self):
        """Makes a place in the kernel's log, to look only at what came after."""
        self.done("dmesg --clear")

    def log(self):
        return self.run("dmesg").output

    def story(self):
        parts = [
            ("/proc/drbd", self.drbd),
            ("the daemon", lambda: json.dumps(self.root())),
            ("its log", lambda: self.told()[-LOG_CHARACTERS_MAX:]),
            ("the kernel", lambda: self.run("dmesg | tail -n 40").output),
        ]
        text = ""
        for title, tell in parts:
            try:
                text += f"--- {self.name}: {title}\n{tell().rstrip()}\n"
            except Exception as silent:
                text += f"--- {self.name}: {title}: {silent!r}\n"
        return text + f"--- {self.name}: console\n{self.machine.console()[-2000:]}\n"


class Site:
    """Both nodes at once."""

    def __init__(self, pair):
        self.pair = pair
        self.nodes = [Node(machine) for machine in pair.machines]

    def both(self, work):
        """On both at the same time; the first that fails tells why."""
        with concurrent.futures.ThreadPoolExecutor(len(self.nodes)) as threads:
            return list(threads.map(work, self.nodes))

    def replicator(self, words, seconds=COMMAND_SECONDS):
        answers = self.both(lambda node: node.replicator(words, seconds))
        for node, answer in zip(self.nodes, answers):
            expect(answer.code == 0, f"{node.name}: replicator {words}\n{answer.text()}")

    def start_again(self, node):
        """Power on; what the machine kept in memory is gone, the disk of DRBD is not."""
        node.machine.cut_power()
        self.pair.switch_on(node.machine)
        node.machine.wait_up()
        node.install()
        node.start_daemon()

    def wait_healthy(self, seconds=300):
        return wait_for("both healthy", lambda: all(self.both(Node.is_healthy)), seconds)

    def same(self, name, writer):
        for node in self.nodes:
            found = node.reads(name)
            expect(found == writer, f"{node.name}: {name} holds {found!r} instead of {writer!r}")
