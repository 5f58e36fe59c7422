"""Makes, changes and tells trees as raw bytes. None of the code under test has a part in it.

tree.py make ROOT      makes a tree that holds everything that can be replicated, and more: fails where
                       the file system keeps less
tree.py change ROOT N  changes every aspect once; N makes each change another one
tree.py tell ROOT      a line for each path; what is no file, directory or link begins with "special"
tree.py strip ROOT     the same without set-id bits of files and capabilities
"""

import hashlib, os, socket, stat, struct, sys

PAGE = 4096
GIB = 1 << 30
HUGE = 64 * GIB
SPARSE = b"sparse.huge"
OWN = (b".replicator",)


def write(directory, name, data, mode=0o644, at=0):
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=directory)
    os.pwrite(descriptor, data, at)
    os.fchmod(descriptor, mode)
    os.close(descriptor)


def enter(directory, name):
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)


def opened(directory, name):
    return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)


def attribute(directory, name, key, value):
    descriptor = opened(directory, name)
    try:
        if value is None:
            os.removexattr(descriptor, key)
        else:
            os.setxattr(descriptor, key, value)
    finally:
        os.close(descriptor)


def access_list(user, rights):
    entries = [(1, 7, -1), (2, rights, user), (4, 5, -1), (16, 7, -1), (32, 0, -1)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)


NAMES = [
    b"\xff\xfe not utf-8 \x80", b"new\nline", b"tab\tbell\x07", b" space ", b"-rf", b"*?[x]", b"...",
    b"n" * 255, b"Case", b"case", "caf\u00e9".encode(), "cafe\u0301".encode(), "\U0001f4f7".encode(),
    b"back\\slash", b'quote"\'',
]
LINKS = [b"/etc/passwd", b"../../..", b"\xff\n\xfe", b"x" * 1000, b".", b"no where"]
TIMES = [0, 1, 999_999_999, -1, 1_700_000_000_123_456_789, 4_200_000_000 * 10**9 + 7]
OWNERS = [(0, 0), (33, 33), (12345, 54321), (4_000_000_000, 3_000_000_000), (0, 12345)]
MODES = [0o000, 0o400, 0o604, 0o777, 0o1644]


def make(root):
    for number, name in enumerate(NAMES):
        write(root, name, b"content %d of " % number + name)
    os.mkdir(b"dirs", dir_fd=root)
    inside = enter(root, b"dirs")
    for number, name in enumerate(NAMES):
        os.mkdir(name, dir_fd=inside)
        below = enter(inside, name)
        write(below, name, b"below %d" % number)
        os.close(below)
    os.close(inside)
    for number, text in enumerate(LINKS):
        os.symlink(text, b"link%d" % number, dir_fd=root)
        os.chown(b"link%d" % number, 1000 + number, 2000 + number, dir_fd=root, follow_symlinks=False)
        moment = TIMES[number % len(TIMES)]
        os.utime(b"link%d" % number, ns=(moment, moment), dir_fd=root, follow_symlinks=False)
    for number, moment in enumerate(TIMES):
        write(root, b"time%d" % number, b"t")
        os.utime(b"time%d" % number, ns=(moment, moment), dir_fd=root)
    for number, (user, group) in enumerate(OWNERS):
        write(root, b"owner%d" % number, b"o")
        os.chown(b"owner%d" % number, user, group, dir_fd=root)
        os.mkdir(b"owners%d" % number, dir_fd=root)
        os.chown(b"owners%d" % number, user, group, dir_fd=root)
    for mode in MODES:
        write(root, b"mode%o" % mode, b"m", mode)
        os.mkdir(b"modes%o" % mode, dir_fd=root)
        os.chmod(b"modes%o" % mode, mode, dir_fd=root)
    os.mkdir(b"setgid", dir_fd=root)
    os.chmod(b"setgid", 0o3775, dir_fd=root)
    write(root, b"suid", b"s", 0o4755)
    write(root, b"sgid", b"s", 0o2755)
    write(root, b"capable", b"c", 0o755)
    attribute(root, b"capable", "security.capability", bytes.fromhex("01000002" + "0004000000000000" + "0" * 16))
    write(root, b"attributes", b"a")
    attribute(root, b"attributes", "user.one", b"\0\xff")
    attribute(root, b"attributes", "user.empty", b"")
    write(root, b"listed", b"l")
    attribute(root, b"listed", "system.posix_acl_access", access_list(12345, 4))
    os.mkdir(b"lists", dir_fd=root)
    attribute(root, b"lists", "system.posix_acl_default", access_list(12345, 5))
    attribute(root, b"lists", "user.of.directory", b"d")
    write(root, b"hard1", b"hard")
    os.link(b"hard1", b"hard2", src_dir_fd=root, dst_dir_fd=root)
    os.link(b"hard1", b"dirs/hard3", src_dir_fd=root, dst_dir_fd=root)
    os.link(b"link0", b"hardlink", src_dir_fd=root, dst_dir_fd=root, follow_symlinks=False)
    write(root, SPARSE, b"d" * PAGE, at=HUGE // 2)
    write(root, b"sparse.tail", b"d" * PAGE)
    for name, size in ((SPARSE, HUGE), (b"sparse.tail", 1 << 20), (b"sparse.all", 1 << 20)):
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=root)
        os.ftruncate(descriptor, size)
        os.close(descriptor)
    write(root, b"empty", b"")
    write(root, b"large", hashlib.shake_128(b"large").digest(8 << 20))
    deep = os.dup(root)
    for level in range(30):
        os.mkdir(b"%03d" % level + b"d" * 197, dir_fd=deep)
        below = enter(deep, b"%03d" % level + b"d" * 197)
        os.close(deep)
        deep = below
    write(deep, b"deepest", b"beyond PATH_MAX")
    os.close(deep)
    os.mkfifo(b"fifo", dir_fd=root)
    os.mknod(b"character", stat.S_IFCHR | 0o600, os.makedev(1, 3), dir_fd=root)
    os.mknod(b"block", stat.S_IFBLK | 0o600, os.makedev(7, 99), dir_fd=root)
    os.fchdir(root)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(b"socket")


def change(root, number):
    write(root, NAMES[0], b"changed %d" % number)
    os.rename(NAMES[1], NAMES[1] + b"%d" % number, src_dir_fd=root, dst_dir_fd=root)
    NAMES[1] += b"%d" % number
    moment = 1_600_000_000_000_000_000 + number
    os.utime(b"time0", ns=(moment, moment), dir_fd=root)
    os.utime(b"link1", ns=(moment, moment), dir_fd=root, follow_symlinks=False)
    os.chown(b"link2", 500 + number, 600 + number, dir_fd=root, follow_symlinks=False)
    os.unlink(b"link3", dir_fd=root)
    os.symlink(b"other \xfe%d" % number, b"link3", dir_fd=root)
    os.chown(b"owner1", 700 + number, 800 + number, dir_fd=root)
    os.chown(b"owners1", 700 + number, 800 + number, dir_fd=root)
    os.chmod(b"mode604", 0o640 + number, dir_fd=root)
    os.chmod(b"modes604", 0o1740 + number, dir_fd=root)
    attribute(root, b"attributes", "user.one", b"another %d" % number)
    attribute(root, b"attributes", "user.more%d" % number, b"m")
    attribute(root, b"lists", "user.of.directory", b"e%d" % number)
    attribute(root, b"lists", "system.posix_acl_default", access_list(23456, 1 + number))
    attribute(root, b"listed", "system.posix_acl_access", access_list(12345, 1 + number))
    write(root, b"hard1", b"hard, now %d" % number)
    write(root, SPARSE, b"e" * PAGE, at=HUGE // 4 + number * GIB)
    write(root, b"large", b"changed %d" % number, at=4 << 20)
    write(root, b"suid", b"changed %d" % number, 0o4711)


def content(directory, name, size):
    descriptor = opened(directory, name)
    digest, position, kept = hashlib.sha256(), 0, 0
    try:
        while position < size:
            try:
                position = os.lseek(descriptor, position, os.SEEK_DATA)
            except OSError:
                break
            position -= position % PAGE
            page = os.pread(descriptor, PAGE, position)
            if page.strip(b"\0"):
                digest.update(b"%d " % position + page)
                kept += 1
            position += PAGE
    finally:
        os.close(descriptor)
    return digest.hexdigest(), kept


def attributes(directory, name, stripped):
    descriptor = opened(directory, name)
    try:
        for key in sorted(os.listxattr(descriptor)):
            told = key.startswith(("user.", "system.posix_acl_")) or key == "security.capability"
            if told and not key.startswith("user.replicator.") and not (stripped and key[0:9] == "security."):
                yield key + "=" + os.getxattr(descriptor, key).hex()
    finally:
        os.close(descriptor)


def tell(directory, path, stripped, lines):
    for name in sorted(os.listdir(b"/proc/self/fd/%d" % directory)):
        if name in OWN:
            continue
        found = os.stat(name, dir_fd=directory, follow_symlinks=False)
        here = path + b"/" + name
        words = [repr(here), "%o" % found.st_mode, str(found.st_uid), str(found.st_gid)]
        if stat.S_ISREG(found.st_mode):
            if stripped:
                words[1] = "%o" % (found.st_mode & ~0o6000)
            digest, pages = content(directory, name, found.st_size)
            # Room for the blocks and for what a file system needs to find them.
            holes = found.st_blocks * 512 <= pages * PAGE + 16 * PAGE
            words += [str(found.st_mtime_ns), str(found.st_size), digest, "tight" if holes else "loose"]
            words += attributes(directory, name, stripped)
        elif stat.S_ISLNK(found.st_mode):
            words += [str(found.st_mtime_ns), repr(os.readlink(name, dir_fd=directory))]
        elif stat.S_ISDIR(found.st_mode):
            words += attributes(directory, name, stripped)
        else:
            words.insert(0, "special")
        lines.append(" ".join(words))
        if stat.S_ISDIR(found.st_mode):
            below = enter(directory, name)
            tell(below, here, stripped, lines)
            os.close(below)


def main(verb, where, number="0"):
    os.umask(0)
    if verb == "make":
        os.makedirs(where, exist_ok=True)
    root = os.open(os.fsencode(where), os.O_RDONLY | os.O_DIRECTORY)
    if verb == "make":
        make(root)
    elif verb == "change":
        if int(number) > 1:
            NAMES[1] += b"".join(b"%d" % earlier for earlier in range(1, int(number)))
        change(root, int(number))
    else:
        lines = []
        tell(root, b"", verb == "strip", lines)
        print("\n".join(lines))


main(*sys.argv[1:])
