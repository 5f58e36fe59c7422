"""What happens to a site, and what must come of it: in this order, on one pair of machines."""

import re
import time

from arbiter import arbiter
from costs import costs
from machines import Gone
from site_of_two import expect, wait_for

NO_FENCING = "confirm_no_fencing = true"
# Where no file of the lab reaches, and before DRBD's own metadata at the end of the disk.
UNUSED_MIB = 48
RESET_SECONDS = 30
PROGRESS = re.compile(r"\[#*-*\] [^\r]*: \d+ %")


def synced_kib(log):
    """How much each sync that the kernel's log tells of had to copy."""
    return [int(kib) for kib in re.findall(r"will sync (\d+) KB", log)]


def blank_disks(site):
    """From blank disks as the manual says: two primaries, and each sees what the other writes."""
    site.set_up()
    site.replicator("config check", "block plan")
    answers = site.both(lambda node: node.on_terminal("block up"))
    for node, answer in zip(site.nodes, answers):
        expect(answer.code == 0, f"{node.name}: block up\n{answer.text()}")
        expect(PROGRESS.search(answer.text()), f"{node.name}: no progress is shown\n{answer.text()}")
    site.both(lambda node: node.write(f"from-{node.name}"))
    for node in site.nodes:
        site.same(f"from-{node.name}", node.name)
        expect(
            "ro:Primary/Primary ds:UpToDate/UpToDate" in node.drbd(), f"{node.name}: {node.drbd()}"
        )
    answer = site.nodes[0].replicator("block status")
    expect(answer.code == 0, f"block status is not content:\n{answer.text()}")
    return "both mounted"


def daemons(site):
    """The daemons find it all up, touch nothing, and are ready; all that is asked says so."""
    for node in site.nodes:
        node.mark()
    site.both(lambda node: node.start_daemon())
    seconds = site.wait_healthy()
    for node in site.nodes:
        root = node.root()
        expect(root["state"] == "live" and not root["reason"], f"{node.name}: {root}")
        told = node.told()
        log = node.log()
        expect(not re.search("drbd r0:|drbd0:", log), f"{node.name}: it did something:\n{log}")
        expect("root wp-content: " not in told, f"{node.name}: it did something:\n{told}")
        expect(
            "no answer from root" not in told, f"{node.name}: the watchdog heard nothing:\n{told}"
        )
        expect(node.is_ready(), f"{node.name} is not ready")
        for name, value in (("mounted", 1), ("split_brain", 0), ("out_of_sync_bytes", 0)):
            found = node.metric(name)
            expect(found == value, f"{node.name}: the metric {name} is {found}")
    site.replicator("wait", "status")
    site.replicator("check")
    return f"live after {seconds:.0f} s"


def cable_with_fencing(site):
    """The cable pulled with fencing on: one goes on, the other freezes and comes back, no split."""
    survivor, other = site.nodes
    site.both(lambda node: node.mark())
    other.machine.plug(False)
    seconds = wait_for(f"{survivor.name} goes on alone", survivor.is_alone)
    expect("exit code 7" in survivor.log(), f"the handler was not heard:\n{survivor.log()}")
    # Once, before its o2hb resets a machine that may not write: then only its log is left.
    wait_for(f"{other.name} says that it is frozen", lambda: other.state()[0] == "frozen")
    expect(survivor.is_ready(), f"{survivor.name} goes on and is not ready")
    survivor.write("while-cut")
    try:
        other.machine.plug(True)
    except Gone:
        pass  # Its monitor went with it.
    # After a reset only its service is started again.
    wait_for(f"{other.name} is healthy or resets itself", lambda: is_back(other))
    reset = not other.machine.is_on()
    if reset:
        site.start_again(other)
    healed = site.wait_healthy()
    expect(sum(synced_kib(survivor.log())) > 0, f"nothing was synced:\n{survivor.log()}")
    survivor.write("after-cable")
    for name in ("while-cut", "after-cable"):
        site.same(name, survivor.name)
    expect("Split-Brain" not in survivor.log(), f"a split brain:\n{survivor.log()}")
    return (
        f"goes on after {seconds:.0f} s; {other.name} {'reset itself' if reset else 'thawed'},"
        f" both healthy {healed:.0f} s later"
    )


def is_back(node):
    """Healthy, or without power: its answers end a moment before its process does."""
    try:
        return not node.machine.is_on() or node.is_healthy()
    except Gone:
        node.machine.process.wait(RESET_SECONDS)
        return True


def damage(site):
    """`block verify` finds a block that changed behind DRBD's back; `block resolve` heals it."""
    good, damaged = site.nodes
    damaged.done(
        f"dd if=/dev/urandom of=/dev/vdb bs=4096 count=1 seek={UNUSED_MIB * 256} conv=notrunc,fsync"
    )
    answer = good.replicator("block verify")
    expect(
        answer.code == 1 and "4 KiB differ" in answer.output,
        f"verify did not find it:\n{answer.text()}",
    )
    site.replicator(f"block resolve --victim {damaged.name} --yes")
    site.wait_healthy()
    # Not from the cache of the disk, in which the damage was written: DRBD heals below it.
    read = f"dd if=/dev/vdb bs=4096 count=1 skip={UNUSED_MIB * 256} iflag=direct status=none"
    blocks = [node.done(f"{read} | sha256sum") for node in site.nodes]
    expect(blocks[0] == blocks[1], "the damaged block was not healed")
    return "found and healed"


def power_cut(site):
    """The power of one node cut: the other goes on, and it comes back by its daemon alone."""
    survivor, other = site.nodes
    other.machine.cut_power()
    began = time.monotonic()
    survivor.write("while-dead")
    seconds = time.monotonic() - began
    wait_for(f"{survivor.name} says that it is alone", survivor.is_alone)
    site.start_again(other)
    healed = site.wait_healthy()
    site.same("while-dead", survivor.name)
    return (
        f"writes again after {seconds:.0f} s, both healthy {healed:.0f} s after its daemon started"
    )


def shutdown(site):
    """The survivor of fencing shuts down in order: the other one goes on, and never freezes."""
    leaving, staying = site.nodes
    staying.mark()
    told = len(staying.told())
    leaving.stop_daemon()
    answer = leaving.replicator("block down --alone --reboot")
    expect(answer.code == 0, f"{leaving.name}: block down\n{answer.text()}")
    wait_for(f"{staying.name} says that it is alone", staying.is_alone)
    expect(staying.is_ready(), f"{staying.name} goes on and is not ready")
    staying.write("while-away")
    expect("is frozen" not in staying.told(told), f"it froze:\n{staying.told(told)}")
    leaving.start_daemon()
    healed = site.wait_healthy()
    site.same("while-away", staying.name)
    expect("Split-Brain" not in staying.log(), f"a split brain:\n{staying.log()}")
    return f"goes on at once; both healthy {healed:.0f} s after the start"


def down_and_up(site):
    """`block down` on both and `block up` again: nothing is synced anew."""
    site.nodes[0].write("before-down")
    site.replicator("block down")
    for node in site.nodes:
        expect(node.is_down(), f"{node.name} is not down:\n{node.drbd()}")
        root = node.root()
        expect(root["state"] == "paused", f"{node.name}: the daemon is not paused: {root}")
        expect(not node.is_ready(), f"{node.name} is down, and ready")
    site.both(lambda node: node.mark())
    site.replicator("block up")
    site.same("before-down", "web1")
    nothing_synced(site)
    return "0 KiB synced"


def nothing_synced(site):
    """Since the place that was made in the kernel's log."""
    for node in site.nodes:
        copied = synced_kib(node.log())
        expect(sum(copied) == 0, f"{node.name}: KiB synced after a clean down: {copied}")


def wrong_secret(site):
    """Two secrets that differ are told in words."""
    second = site.nodes[1]
    site.take_down()
    second.install(secret="quite-another-one")
    site.both(lambda node: node.resume())
    seconds = wait_for(
        "the secrets are told to differ",
        lambda: any(node.says("the secrets of the two nodes differ") for node in site.nodes),
    )
    site.both(lambda node: node.replicator("block down --alone"))
    second.install()
    return f"told after {seconds:.0f} s"


def port_in_use(site):
    """A program on DRBD's port is told in words."""
    second = site.nodes[1]
    site.take_down()
    second.done(
        "setsid /lab/bin/nc -l -p 7788 >/dev/null 2>&1 </dev/null & echo $! >/run/thief.pid"
    )
    answer = second.replicator("block up")
    expect(
        answer.code != 0 and "another program listens on the port" in answer.output,
        f"block up does not say so:\n{answer.text()}",
    )
    second.done("kill $(cat /run/thief.pid)")
    second.replicator("block down --alone")
    return "told"


def cable_without_fencing(site):
    """
    The daemons bring up what was down, without a sync; the cable pulled with fencing off: a split
    brain, told in seconds, healed by `resolve`.
    """
    survivor, victim = site.nodes
    site.take_down()
    for node in site.nodes:
        node.fencing = NO_FENCING
    site.both(lambda node: (node.mark(), node.stop_daemon(), node.install()))
    site.both(lambda node: (node.start_daemon(), node.resume()))
    site.wait_healthy()
    nothing_synced(site)
    victim.machine.plug(False)
    for node in site.nodes:
        wait_for(f"{node.name} says that it is alone", node.is_alone)
    victim.machine.plug(True)
    seconds = wait_for(
        "a split brain is told", lambda: "split-brain" in [node.state()[0] for node in site.nodes]
    )
    answer = survivor.replicator("block status")
    expect(answer.code == 1, f"block status is content:\n{answer.text()}")
    expect(not survivor.is_ready(), f"{survivor.name} is ready in a split brain")
    answer = survivor.replicator("check")
    critical = answer.code == 2 and "CRITICAL - root wp-content is held: split-brain" in answer.text()
    expect(critical, f"check is content in a split brain:\n{answer.text()}")
    expect(survivor.metric("split_brain") == 1, "no metric tells of the split brain")
    site.replicator(f"block resolve --victim {victim.name} --yes")
    site.wait_healthy()
    survivor.write("after-split")
    site.same("after-split", survivor.name)
    return f"told {seconds:.0f} s after the cable was back, and healed"


def blank_looking(site):
    """The disk of one node loses its beginning while it is down: nothing is made anew unasked."""
    damaged, other = site.nodes
    other.write("before-loss")
    damaged.stop_daemon()
    answer = damaged.replicator("block down --alone --reboot")
    expect(answer.code == 0, f"{damaged.name}: block down\n{answer.text()}")
    damaged.done("dd if=/dev/zero of=/dev/vdb bs=1M count=1 conv=notrunc,fsync")
    damaged.start_daemon()
    wait_for(
        f"{damaged.name} asks a person", lambda: damaged.state()[0] == "file-system-gone"
    )
    answer = damaged.replicator("block up")
    expect(answer.code == 1, f"{damaged.name} came up:\n{answer.text()}")
    told = damaged.told() + answer.text()
    expect("mkfs" not in told, f"{damaged.name} made a file system:\n{told}")
    expect(other.reads("before-loss") == other.name, f"{other.name} lost what it had")
    return "asked a person"


ALL = [
    blank_disks,
    daemons,
    cable_with_fencing,
    damage,
    power_cut,
    shutdown,
    down_and_up,
    wrong_secret,
    port_in_use,
    cable_without_fencing,
]

# Run only when they are named.
NAMED = [arbiter, blank_looking, costs]
