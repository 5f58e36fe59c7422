"""A third node that decides for the other two: a daemon on this host, by a second network."""

import socket
import subprocess

import guest
from site_of_two import expect, wait_for

NAME = "web3"
# Where the machines find this host.
HOST = "10.0.2.2"
READY_SECONDS = 120
CONFIGURATION = """
[node]
name = "{name}"
listen = "127.0.0.1:{port}"
state = "{folder}/state"

[[root]]
name = "of-the-arbiter"
path = "{folder}/root"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Arbiter:
    """Its daemon; ends with the block that it serves."""

    def __init__(self, folder):
        self.folder = folder / NAME
        (self.folder / "root").mkdir(parents=True)
        self.port = free_port()
        self.configuration = self.folder / "replicator.toml"
        self.configuration.write_text(
            CONFIGURATION.format(name=NAME, port=self.port, folder=self.folder)
        )
        self.daemon = None

    def words(self, *words):
        program = guest.distribution() / "replicator"
        return [str(program), *words, "--config", str(self.configuration)]

    def __enter__(self):
        subprocess.run(self.words("init"), stdout=subprocess.DEVNULL, check=True)
        self.daemon = subprocess.Popen(
            self.words("daemon"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(f"{NAME} serves", lambda: self.asks("status").returncode == 0, READY_SECONDS)
        return self

    def __exit__(self, *_):
        self.daemon.terminate()
        self.daemon.wait()

    def asks(self, *words):
        return subprocess.run(self.words(*words), check=False, capture_output=True, text=True)

    def invite(self):
        invited = self.asks("invite", "--address", f"{HOST}:{self.port}")
        expect(invited.returncode == 0, f"no invitation:\n{invited.stderr}")
        return invited.stdout.split()[-1]


def would_grant(node):
    return "would grant" in node.get("/v1/arbiters")


def arbiter(site):
    """Fencing asks a third node: of two that are cut one goes on, and both once they are whole."""
    site.take_down()
    for node in site.nodes:
        # Else a reset takes the key by which the arbiter knows a node.
        node.keep_state()
        node.fencing = f'fence_arbiter = "{NAME}"'
    site.both(lambda node: (node.stop_daemon(), node.mark(), node.install()))
    with Arbiter(site.pair.folder) as third:
        for node in site.nodes:
            joined = node.join(third.invite())
            # It has no root of theirs.
            expect(joined.code == 1, f"{node.name} did not join:\n{joined.text()}")
        site.both(lambda node: node.start_daemon())
        site.wait_healthy()
        for node in site.nodes:
            wait_for(f"the arbiter would grant {node.name}", lambda: would_grant(node))
        return cut(site)


def cut(site):
    site.nodes[1].machine.plug(False)
    seconds = wait_for("one goes on", lambda: any(node.is_alone() for node in site.nodes))
    holder = next(node for node in site.nodes if node.is_alone())
    other = site.nodes[2 - holder.machine.number]
    holder.write("while-cut")
    wait_for(f"{other.name} says that it is frozen", lambda: other.state()[0] == "frozen")
    expect(holder.handler_codes() == [7], f"{holder.name}: {holder.log()}")
    wait_for(f"{other.name} resets itself", lambda: not other.machine.is_on())
    expect("served here alone" not in other.told(other.earlier), f"both went on:\n{other.told()}")
    holder.machine.plug(True)
    site.start_again(other)
    healed = site.wait_healthy()
    site.same("while-cut", holder.name)
    expect("Split-Brain" not in holder.log(), f"a split brain:\n{holder.log()}")
    for node in site.nodes:
        wait_for(f"the arbiter would grant {node.name} again", lambda: would_grant(node))
    return (
        f"{holder.name} goes on after {seconds:.0f} s, {other.name} reset itself,"
        f" both healthy {healed:.0f} s after its daemon started"
    )
