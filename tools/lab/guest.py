"""Makes what the machines of the lab boot, from Debian's packages, and keeps it in a cache.

kernel        linux-image-amd64, unpacked: emulated, that takes longer than to boot
boot.cpio     the modules that find the disk of the system, and guest/boot
system.ext4   bash, drbd-utils, ocfs2-tools and what they need, the modules, and guest/start
product.ext4  this checkout's distribution of replicator, and a Java runtime made for it by jlink
"""

import hashlib
import lzma
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
PACKAGES = """bash bsdutils busybox-static coreutils curl dash drbd-utils grep kmod libc-bin
              mount ocfs2-tools util-linux""".split()
# linux-image-cloud-amd64 has no OCFS2.
KERNEL = "linux-image-amd64"
EARLY_MODULES = ["virtio_pci", "virtio_blk", "ext4", "crc32c_generic", "overlay"]
MODULES = EARLY_MODULES + [
    "virtio_net",
    "virtio_console",
    "virtio-rng",
    "drbd",
    "configfs",
    "ocfs2",
    "ocfs2_stack_o2cb",
    "ocfs2_dlm",
    "ocfs2_dlmfs",
    "sha1_generic",
    "sha256_generic",
    "hmac",
    "softdog",
]
LEFT_OUT = [
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
    "usr/share/perl",
    "usr/share/info",
    "usr/lib/x86_64-linux-gnu/perl",
    "usr/share/perl5",
    "usr/share/zoneinfo",
]
JAVA_MODULES = (
    "java.base,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,"
    "jdk.crypto.ec,jdk.management,jdk.unsupported"
)
# As the launcher gives them, and those of the lab: compile little, for a command lives seconds.
JAVA_OPTIONS = [
    "-Xms32m",
    "-Xmx160m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
]
PROGRAMS = [
    "apt-cache",
    "apt-get",
    "cpio",
    "debugfs",
    "depmod",
    "dpkg-deb",
    "ldconfig",
    "mke2fs",
    "qemu-system-x86_64",
]
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
SYSTEM_MIB_SPARE = 64
AOT_MIB = 80
TRAINING_SECONDS_MAX = 120
PACKAGES_SECONDS_MAX = 600


class Unable(Exception):
    """This host cannot be made to run the lab; the words say what is missing."""


def require():
    if os.uname().machine != "x86_64":
        raise Unable(f"this is {os.uname().machine} and not x86_64")
    missing = [name for name in PROGRAMS if not shutil.which(name, path=PATH)]
    if missing:
        raise Unable(f"no {', '.join(missing)} here")
    os.environ["PATH"] = PATH
    asked = ["qemu-system-x86_64", "-machine", "none", "-netdev", "help"]
    if "dgram" not in said(*asked, stderr=subprocess.DEVNULL):
        raise Unable("this qemu has no cable between two machines; 7.2 has")


def of_debian(*words, **options):
    """Apt, which has nothing for other systems, and nothing without a network."""
    try:
        return run(*words, stdout=subprocess.DEVNULL, timeout=PACKAGES_SECONDS_MAX, **options)
    except subprocess.TimeoutExpired as slow:
        raise Unable(f"{' '.join(slow.cmd[:2])} had not ended after {slow.timeout} s") from slow
    except subprocess.CalledProcessError as failed:
        raise Unable(f"{' '.join(failed.cmd[:2])} ended with {failed.returncode}") from failed


def run(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, **options)


def said(*words, **options):
    return run(*words, stdout=subprocess.PIPE, text=True, **options).stdout


def cache():
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = Path(os.environ.get("REPLICATOR_LAB_CACHE") or Path(home) / "replicator-lab")
    place.mkdir(parents=True, exist_ok=True)
    return place


def kept(name, ingredients, make):
    """The folder that `make` fills, made anew only when the ingredients changed."""
    wanted = hashlib.sha256("\0".join(ingredients).encode()).hexdigest()[:16]
    place = cache() / f"{name}-{wanted}"
    if not place.exists():
        new = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=cache()))
        try:
            make(new)
            new.rename(place)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        for old in cache().glob(f"{name}-*"):
            if old != place:
                shutil.rmtree(old, ignore_errors=True)
    return place


def disk(tree, image, spare_mib, features="^has_journal"):
    used = int(said("du", "-sm", "--apparent-size", tree).split()[0])
    run(
        "mke2fs",
        "-q",
        "-t",
        "ext4",
        "-O",
        features,
        "-N",
        "65536",
        "-d",
        tree,
        image,
        f"{used * 5 // 4 + spare_mib}M",
        stdout=subprocess.DEVNULL,
    )


def kernel_package():
    words = ["apt-cache", "depends", "--no-recommends", KERNEL]
    known = subprocess.run(words, check=False, capture_output=True, text=True).stdout
    for line in known.splitlines():
        kind, _, name = line.strip().partition(": ")
        if kind == "Depends" and name.startswith("linux-image-"):
            return name
    raise Unable(f"no package {KERNEL}; is this Debian, and are its lists fresh (apt-get update)?")


def system():
    package = kernel_package()
    scripts = [path.read_text() for path in sorted((HERE / "guest").iterdir())]
    return kept(
        "system",
        [package, Path(__file__).read_text(), *scripts],
        lambda new: make_system(new, package),
    )


def make_system(new, package):
    archives, root = new / "archives", new / "root"
    (archives / "partial").mkdir(parents=True)
    nothing = new / "status"
    nothing.touch()
    # As on a machine where nothing is installed: so the whole of what is needed comes.
    of_debian(
        "apt-get",
        "-q",
        "-y",
        "-o",
        f"Dir::State::status={nothing}",
        "-o",
        f"Dir::Cache::archives={archives}",
        "-o",
        "Debug::NoLocking=true",
        "-o",
        "APT::Sandbox::User=",
        "--no-install-recommends",
        "--download-only",
        "install",
        *PACKAGES,
    )
    of_debian("apt-get", "-q", "-o", "APT::Sandbox::User=", "download", package, cwd=archives)
    for name in ("bin", "sbin", "lib", "lib64"):
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    for archive in sorted(archives.glob("*.deb")):
        content = subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE
        )
        run("tar", "-x", "--keep-directory-symlink", "-C", root, stdin=content.stdout)
        if content.wait() != 0:
            raise SystemExit(f"lab: cannot unpack {archive.name}")
    version = package.removeprefix("linux-image-")
    (new / "kernel").write_bytes(unpacked((root / "boot" / f"vmlinuz-{version}").read_bytes()))
    modules = Modules(root, version)
    modules.boot(new / "boot.cpio", EARLY_MODULES)
    modules.keep_only(MODULES)
    for name in LEFT_OUT + ["boot"]:
        shutil.rmtree(root / name, ignore_errors=True)
    for name in (
        "proc",
        "sys",
        "dev",
        "run",
        "tmp",
        "dlm",
        "lab",
        "etc/replicator",
        "etc/ocfs2",
        "var/lib/drbd",
    ):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("start", "ear"):
        shutil.copy(HERE / "guest" / name, root / "lab" / name)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    (root / "etc/group").write_text("root:x:0:\n")
    run("ldconfig", "-r", root)
    disk(root, new / "system.ext4", SYSTEM_MIB_SPARE)
    for rest in (archives, root):
        shutil.rmtree(rest)


def unpacked(image):
    """The kernel inside of a bzImage; what is not packed by xz unpacks itself, slowly."""
    start = image.find(b"\xfd7zXZ\0")
    return lzma.LZMADecompressor().decompress(image[start:]) if start >= 0 else image


class Modules:
    """The modules of one kernel, below the root of a system."""

    def __init__(self, root, version):
        self.root, self.version = root, version
        self.home = root / "lib/modules" / version
        run("depmod", "-b", root, version)
        self.needs = {}
        for line in (self.home / "modules.dep").read_text().splitlines():
            path, _, rest = line.partition(":")
            self.needs[self.name(path)] = (path, rest.split())

    @staticmethod
    def name(path):
        return Path(path).name.split(".")[0].replace("-", "_")

    def paths(self, names):
        """What has to be loaded, in order; what is no module of this kernel is built into it."""
        order = []
        for name in names:
            path, rest = self.needs.get(name.replace("-", "_"), (None, []))
            for one in [*reversed(rest), *([path] if path else [])]:
                if one not in order:
                    order.append(one)
        return order

    def boot(self, archive, names):
        tree = Path(tempfile.mkdtemp(dir=self.root.parent))
        for name in ("bin", "modules", "proc", "sys", "dev", "system", "layer", "new"):
            (tree / name).mkdir()
        shutil.copy(self.root / "usr/bin/busybox", tree / "bin/busybox")
        shutil.copy(HERE / "guest/boot", tree / "init")
        order = self.paths(names)
        for path in order:
            shutil.copy(self.home / path, tree / "modules")
        (tree / "modules/order").write_text("".join(Path(path).name + "\n" for path in order))
        listing = said("find", ".", cwd=tree)
        with open(archive, "wb") as out:
            run(
                "cpio",
                "--quiet",
                "-o",
                "-H",
                "newc",
                "-R",
                "0:0",
                cwd=tree,
                input=listing.encode(),
                stdout=out,
            )
        shutil.rmtree(tree)

    def keep_only(self, names):
        wanted = set(self.paths(names))
        for path, _ in self.needs.values():
            if path not in wanted:
                (self.home / path).unlink()
        run("depmod", "-b", self.root, self.version)


def java_home():
    """The JDK that the build of the product finds: whichever has jlink and is 25 or later."""
    places = [
        os.environ.get("JAVA25_HOME"),
        os.environ.get("JAVA_HOME"),
        *sorted(Path("/usr/lib/jvm").glob("*")),
    ]
    for home in [Path(place) for place in places if place]:
        release = home / "release"
        if not (home / "bin/jlink").exists() or not release.exists():
            continue
        version = release.read_text().split('JAVA_VERSION="')[1].split('"')[0]
        if int(version.split(".")[0]) >= 25:
            return home, version
    raise SystemExit("lab: needs JDK 25 with jlink; set JAVA25_HOME")


def runtime():
    home, version = java_home()
    return kept(
        "runtime",
        [version, JAVA_MODULES],
        lambda new: run(
            home / "bin/jlink",
            "--add-modules",
            JAVA_MODULES,
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--generate-cds-archive",
            "--output",
            new / "java",
        ),
    )


def distribution():
    """An unpacked one that is named, or that of this checkout."""
    named = os.environ.get("REPLICATOR_LAB_DISTRIBUTION")
    return Path(named or CHECKOUT / "replicator-cli/target/run/current").resolve()


def product():
    """The distribution; that of this checkout is built when a source is newer."""
    if not os.environ.get("REPLICATOR_LAB_DISTRIBUTION"):
        run(CHECKOUT / "replicator", "--version", stdout=subprocess.DEVNULL)
    java = runtime() / "java"
    jars = sorted((distribution() / "lib").glob("*.jar"))
    built = str(distribution()) + "".join(
        f" {jar.name} {jar.stat().st_mtime_ns} {jar.stat().st_size}" for jar in jars
    )
    return kept("product", [built, str(java)], lambda new: make_product(new, java))


def make_product(new, java):
    tree, image = new / "tree", new / "product.ext4"
    shutil.copytree(distribution(), tree / "replicator", symlinks=True)
    shutil.copytree(java, tree / "java", symlinks=True)
    # Without an index the machine lists a folder in the order in which it was filled.
    disk(tree, image, AOT_MIB, "^has_journal,^dir_index")
    train(tree, listed(image, "/replicator/lib"), new / "aot")
    run(
        "debugfs",
        "-w",
        "-R",
        f"write {new / 'aot'} replicator.aot",
        image,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    shutil.rmtree(tree)


def listed(image, folder):
    lines = said("debugfs", "-R", f"ls -p {folder}", image, stderr=subprocess.DEVNULL)
    return [
        line.split("/")[5] for line in lines.splitlines() if line.endswith("/") and ".jar" in line
    ]


def train(tree, jars, cache_file):
    """
    Under emulation a program of Java spends most of its time on loading classes. The cache is good
    only for this class path in this order, which is the one that the launcher's lib/* has on the
    machine. What it knows is what a daemon needs to start and to look at a root; paused, it does
    nothing to this host.
    """
    state = tree / "state"
    paused = state / "roots/wp-content/paused"
    paused.parent.mkdir(parents=True)
    paused.touch()
    (tree / "mnt").mkdir()
    configuration = tree / "replicator.toml"
    configuration.write_text(
        (HERE / "replicator.toml")
        .read_text()
        .replace("/var/lib/replicator", str(state))
        .replace("/mnt/wp", str(tree / "mnt"))
        .replace("127.0.0.1:7411", "127.0.0.1:0")
        .replace('"web1"', f'"{os.uname().nodename}"')
    )
    daemon = subprocess.Popen(
        [
            str(tree / "java/bin/java"),
            *JAVA_OPTIONS,
            "-Dreplicator.rehearsal=off",
            f"-XX:AOTCacheOutput={cache_file}",
            "-cp",
            ":".join(str(tree / "replicator/lib" / jar) for jar in jars),
            "dev.replicator.cli.Main",
            "daemon",
            "--config",
            str(configuration),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        learn(daemon, state / "control.sock")
        daemon.terminate()
        errors = daemon.communicate(timeout=TRAINING_SECONDS_MAX)[1]
    finally:
        daemon.kill()
    for rest in (state, tree / "mnt"):
        shutil.rmtree(rest)
    configuration.unlink()
    if not cache_file.exists():
        raise SystemExit(f"lab: the Java runtime wrote no cache of its classes:\n{errors}")


def learn(daemon, control):
    """Asks until the daemon has looked at its root, as the scenarios ask."""
    end = time.monotonic() + TRAINING_SECONDS_MAX
    while daemon.poll() is None and time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(control))
                line.sendall(b"GET /v1/status HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
                if b"no-module" in line.makefile("rb").read():
                    return
            except OSError:
                pass
        time.sleep(0.2)
