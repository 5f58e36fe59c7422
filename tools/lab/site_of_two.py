"""The two machines as a site: the product installed on both, asked and judged from outside."""

import concurrent.futures
import json
import re
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = "/var/lib/replicator"
HOME_DISK = "/dev/vdd"
SOCKET = f"{HOME}/control.sock"
MOUNT = "/mnt/wp"
RESOURCE = "r0"
MANUAL = HERE.parent.parent / "docs/BLOCK.md"
# The machines are made of packages, and without systemd.
NOT_OF_THE_LAB = ("apt-get ", "systemctl ")
OF_ONE_NODE = "r0.secret"
# All deadlines only end a run that hangs: emulated on a host that others use, all takes long.
DEADLINE_SECONDS = 900
# The helper by which Java usually starts programs takes, emulated, as long as most of them.
JAVA_OPTIONS = (
    "-XX:AOTCache=/opt/replicator.aot -Xlog:aot*=off -Djdk.lang.Process.launchMechanism=FORK"
)
# What a command compiles it hardly uses again, and emulated that takes a third of its life.
COMMAND_OPTIONS = f"{JAVA_OPTIONS} -Xint"
COMPILED = f"{JAVA_OPTIONS} -XX:TieredStopAtLevel=1"
# What is rehearsed is the replication of files, and that takes minutes here.
DAEMON_OPTIONS = f"{COMPILED} -Dreplicator.rehearsal=off"
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


def configuration(name, fencing):
    text = (HERE / "replicator.toml").read_text()
    return text.replace('name = "web"', f'name = "{name}"').replace(
        'fence_survivor = "web1"', fencing
    )


def setup_of_the_manual():
    """The commands by which docs/BLOCK.md sets up a machine, as they stand there."""
    text = MANUAL.read_text().split("## Setup", 1)[1]
    lines = text.split("```")[1].strip().splitlines()
    return [line for line in lines if not line.startswith(NOT_OF_THE_LAB)]


class Node:
    """One machine with the product on it."""

    def __init__(self, machine):
        self.machine, self.name = machine, machine.name
        # How much of the log earlier daemons wrote.
        self.earlier = 0
        self.secret = ""
        self.fencing = 'fence_survivor = "web1"'
        self.lasting = "true"

    def run(self, script, seconds=DEADLINE_SECONDS):
        return self.machine.run(script, seconds)

    def done(self, script, seconds=DEADLINE_SECONDS):
        answer = self.run(script, seconds)
        expect(answer.code == 0, f"{self.name}: {script}\n{answer.text()}")
        return answer.output

    def keep_state(self):
        """What the daemon knows outlives a reset from now on, as on a machine with a disk."""
        self.lasting = (
            f"mountpoint -q {HOME} || {{ mkdir -p {HOME}; mount -t ext4 {HOME_DISK} {HOME}; }}"
        )

    def install(self, secret=None):
        everywhere = [line for line in setup_of_the_manual() if OF_ONE_NODE not in line]
        text = configuration(self.name, self.fencing)
        self.done(
            "\n".join(["set -e", self.lasting, *everywhere])
            + f"\ncat >/etc/replicator/replicator.toml <<'END'\n{text}\nEND\n"
            "umask 077\n"
            f"echo '{secret or self.secret}' >/etc/replicator/r0.secret"
        )

    def make_secret(self):
        made = [line for line in setup_of_the_manual() if OF_ONE_NODE in line]
        show = "cat /etc/replicator/r0.secret"
        return self.done("\n".join(["mkdir -p /etc/replicator", *made, show]))

    def replicator(self, words, options=COMMAND_OPTIONS):
        return self.run(
            f"export JAVA25_HOME=/opt/java REPLICATOR_JAVA_OPTS='{options}'\n"
            f"exec /opt/replicator/replicator {words} 2>&1"
        )

    def on_terminal(self, words):
        """What a person would see, with the codes that move the cursor."""
        return self.run(
            f"export JAVA25_HOME=/opt/java REPLICATOR_JAVA_OPTS='{COMMAND_OPTIONS}'\n"
            f"exec script -qec '/opt/replicator/replicator {words}' /dev/null"
        )

    def join(self, words):
        """Interpreted, a handshake of TLS takes longer than the other side waits for it."""
        return self.replicator(f"join {words}", COMPILED)

    def start_daemon(self, words=""):
        self.earlier = len(self.told())
        self.done(
            f"export JAVA25_HOME=/opt/java REPLICATOR_JAVA_OPTS='{DAEMON_OPTIONS}'\n"
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

    def asked(self, path, options=""):
        """What the daemon answers, without a Java that asks: the code of HTTP, and the words."""
        answer = self.done(
            f"curl -sS {options} -w '\\n%{{http_code}}' --unix-socket {SOCKET}"
            f" http://replicator{path}"
        )
        words, code = answer.rsplit("\n", 1)
        return int(code), words

    def get(self, path):
        code, words = self.asked(path)
        expect(code == 200, f"{self.name}: {path} is answered by {code}: {words}")
        return words

    def resume(self):
        """As `replicator resume` asks for it."""
        self.asked("/v1/resume", "-X POST -H content-length:0")

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

    def is_ready(self):
        return self.asked("/ready")[0] == 200

    def metric(self, name):
        """The value of a metric that there is once for each root."""
        found = re.search(rf"^replicator_block_{name}{{[^}}]*}} (\S+)$", self.get("/metrics"), re.M)
        return float(found.group(1)) if found else None

    def drbd(self):
        return self.run("cat /proc/drbd").output

    def is_down(self):
        return "0: cs:" not in self.drbd()

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

    def handler_codes(self):
        """How the fence handler ended, each time since the mark."""
        return [int(code) for code in re.findall(r"fence-peer.*exit code (\d+)", self.log())]

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

    def set_up(self):
        """From nothing, as the manual says; one node makes the secret of both."""
        secret = self.nodes[0].make_secret().strip()
        for node in self.nodes:
            node.secret = secret
        self.both(lambda node: node.install())

    def replicator(self, *words):
        """The same on both; or, of two that only look, one on each, for each takes its time."""
        asked = list(zip(self.nodes, words * 2 if len(words) == 1 else words))
        answers = self.both(lambda node: node.replicator(dict(asked)[node]))
        for (node, command), answer in zip(asked, answers):
            expect(answer.code == 0, f"{node.name}: replicator {command}\n{answer.text()}")

    def take_down(self):
        """What an earlier scenario left down stays so."""
        if not all(self.both(lambda node: node.is_down())):
            self.replicator("block down")

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
