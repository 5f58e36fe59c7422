"""The two machines as a site: the product installed on both, asked and judged from outside."""

import concurrent.futures
import json
import re
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOCKET = "/var/lib/replicator/control.sock"
MOUNT = "/mnt/wp"
RESOURCE = "r0"
SECRET = "secret-of-the-lab"
# All deadlines only end a run that hangs: emulated on a host that others use, all takes long.
DEADLINE_SECONDS = 900
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:AOTCache=/opt/replicator.aot -Xlog:aot*=off"
LOOK_SECONDS = 0.5
LOG_CHARACTERS_MAX = 4000
ANSWERS = "serves on"
STATE = re.compile(r"root wp-content is ([a-z-]+): (.*)$", re.MULTILINE)
MILLIS_PER_TICK = 10


class Unmet(Exception):
    """Something is not as it must be; the words say what."""


def expect(holds, words):
    if not holds:
        raise Unmet(words)


def wait_for(words, look, seconds=DEADLINE_SECONDS):
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
        # How much of the log earlier daemons wrote.
        self.earlier = 0

    def run(self, script, seconds=DEADLINE_SECONDS):
        return self.machine.run(script, seconds)

    def done(self, script, seconds=DEADLINE_SECONDS):
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

    def replicator(self, words):
        return self.run(
            f"export JAVA25_HOME=/opt/java REPLICATOR_JAVA_OPTS='{JAVA_OPTIONS}'\n"
            f"exec /opt/replicator/replicator {words} 2>&1"
        )

    def start_daemon(self, words=""):
        # What is rehearsed is the replication of files, and that takes minutes here.
        options = f"{JAVA_OPTIONS} -Dreplicator.rehearsal=off"
        self.earlier = len(self.told())
        self.done(
            f"export JAVA25_HOME=/opt/java REPLICATOR_JAVA_OPTS='{options}'\n"
            f"setsid /opt/replicator/replicator daemon {words} >/run/log 2>&1 </dev/null &\n"
            "echo $! >/run/daemon.pid"
        )
        wait_for(f"{self.name}: the daemon answers", lambda: ANSWERS in self.told(self.earlier))

    def stop_daemon(self):
        self.done(
            "kill $(cat /run/daemon.pid); while kill -0 $(cat /run/daemon.pid); do sleep 1; done"
        )

    def daemon_millis(self):
        """What the daemon has used of the CPU, the programs that it ran included."""
        fields = self.done("cat /proc/$(cat /run/daemon.pid)/stat").rsplit(")", 1)[1].split()
        return sum(int(ticks) for ticks in fields[11:15]) * MILLIS_PER_TICK

    def get(self, path):
        return self.done(f"curl -sS --unix-socket {SOCKET} http://replicator{path}")

    def root(self):
        """What the running daemon says of the root, however long it takes to answer."""
        return json.loads(self.get("/v1/status"))["roots"][0]

    def state(self):
        """The name and the words of the state that the daemon logged last: asking costs nothing."""
        states = STATE.findall(self.told(self.earlier))
        return states[-1] if states else ("", "")

    def is_healthy(self):
        return self.state()[0] == "healthy"

    def is_alone(self):
        return self.state()[0] == "degraded" and "served here alone" in self.state()[1]

    def says(self, words):
        """Of what may change while the name of the state does not, and is not logged then."""
        return words in self.root()["reason"]

    def drbd(self):
        return self.run("cat /proc/drbd").output

    def write(self, name):
        """Comes back when the file is on both disks, or on that of whoever goes on."""
        self.done(f"echo {self.name} >{MOUNT}/{name} && sync {MOUNT}/{name}")

    def reads(self, name):
        return self.run(f"cat {MOUNT}/{name}").output.strip()

    def told(self, after=0):
        """What its daemons logged after so many characters, also when the machine is off by now."""
        return self.machine.log()[after:]

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

    def replicator(self, words):
        answers = self.both(lambda node: node.replicator(words))
        for node, answer in zip(self.nodes, answers):
            expect(answer.code == 0, f"{node.name}: replicator {words}\n{answer.text()}")

    def start_again(self, node):
        """Power on; what the machine kept in memory is gone, the disk of DRBD is not."""
        node.machine.cut_power()
        self.pair.switch_on(node.machine)
        node.machine.wait_up()
        node.install()
        node.start_daemon()

    def wait_healthy(self):
        return wait_for("both healthy", lambda: all(node.is_healthy() for node in self.nodes))

    def same(self, name, writer):
        for node in self.nodes:
            found = node.reads(name)
            expect(found == writer, f"{node.name}: {name} holds {found!r} instead of {writer!r}")
