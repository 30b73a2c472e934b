"""A second reader of the audit log, after docs/formats/audit.md alone.

    python3 audit/testdata/check_log.py audit/testdata/vectors

Standard library; the signature is checked if the package cryptography is there.
"""
import base64, hashlib, hmac, json, pathlib, re, struct, sys


def crc32c_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        table.append(n)
    return table


TABLE = crc32c_table()


def crc32c(data, start=0):
    c = start ^ 0xFFFFFFFF
    for byte in data:
        c = c >> 8 ^ TABLE[(c ^ byte) & 0xFF]
    return c ^ 0xFFFFFFFF


def leaf(event):
    return hashlib.sha256(b"\0" + event).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node(root(leaves[:k]), root(leaves[k:]))


def stored(leaves):
    """All hashes in the order in which subtrees become complete."""
    out = []
    for n in range(1, len(leaves) + 1):
        size = 1
        while n % size == 0:
            out.append(root(leaves[n - size:n]))
            size *= 2
    return b"".join(out)


def read_segment(data, origin, events):
    assert data[:8] == b"VUALAUD\x01"
    first, before, _, _, n = struct.unpack(">Q32sQ8sH", data[8:66])
    assert first == len(events) and before == root([leaf(e) for e in events])
    assert data[66:66 + n].decode() == origin
    seed, = struct.unpack(">I", data[66 + n:70 + n])
    assert seed == crc32c(data[:66 + n])
    at = 70 + n
    while at < len(data):
        length, crc, position, count = struct.unpack(">IIQI", data[at:at + 20])
        body = data[at + 20:at + 20 + length]
        assert position == len(events) and len(body) == length
        assert crc == crc32c(data[at + 8:at + 20 + length], crc32c(data[at:at + 4], seed))
        for _ in range(count):
            size, = struct.unpack(">I", body[:4])
            events.append(body[4:4 + size])
            body = body[4 + size:]
        assert not body
        at += 20 + length


def read_note(text, vkey):
    name, _, key = vkey.split("+", 2)
    raw = base64.b64decode(key)
    body, _, signatures = text.partition("\n\n")
    body += "\n"
    m = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\n", body)
    assert m and m[1] == name and raw[0] == 1
    line = re.fullmatch(r"— (\S+) (\S+)\n", signatures)
    assert line and line[1] == name
    signature = base64.b64decode(line[2])
    assert signature[:4] == hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[4:], body.encode())
    except ImportError:
        print("package cryptography is missing: signature not checked")
    return int(m[2]), base64.b64decode(m[3])


def path_root(index, size, h, path):
    """RFC 9162, section 2.1.3.2."""
    fn, sn = index, size - 1
    for p in path:
        if fn & 1 or fn == sn:
            h = node(p, h)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            h = node(h, p)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return h


def pseudonym(secret, *parts):
    message = b"".join(struct.pack(">I", len(p.encode())) + p.encode() for p in ("vual/audit/pseudonym/v1", *parts))
    return "p1.e1." + base64.urlsafe_b64encode(hmac.digest(secret, message, "sha256")[:16]).decode().rstrip("=")


def normalize(kind, value):
    value = value.strip()
    if kind == "email":
        return value.lower()
    if kind == "phone":
        digits = re.sub(r"[^0-9]", "", value)
        return "7" + digits[1:] if len(digits) == 11 and digits[0] == "8" else digits
    return value


def main(folder):
    folder = pathlib.Path(folder)
    vkey = (folder / "key").read_text().strip()
    origin = vkey.split("+")[0]
    events = []
    for name in sorted((folder / "log").glob("*.seg")):
        assert int(name.stem) == len(events)
        read_segment(name.read_bytes(), origin, events)
    leaves = [leaf(e) for e in events]
    size, signed = read_note((folder / "log" / "checkpoint").read_text(), vkey)
    assert size == len(events) and signed == root(leaves)
    assert (folder / "log" / "tree").read_bytes() == stored(leaves)
    for e in events:
        fields = json.loads(e)
        assert list(fields)[:5] == ["recorded", "v", "id", "action", "outcome"] and fields["v"] == 1

    text = (folder / "2.tlog-proof").read_text()
    head, _, note = text.partition("\n\n")
    magic, index, *path = head.split("\n")
    assert magic == "c2sp.org/tlog-proof@v1" and index == "index 2"
    size, signed = read_note(note, vkey)
    event = (folder / "2.json").read_bytes()
    assert event == events[2]
    assert path_root(2, size, leaf(event), [base64.b64decode(p) for p in path]) == signed

    secret = hashlib.sha256(b"vual audit test vectors").digest()
    for line in (folder / "pseudonyms.tsv").read_text().splitlines():
        tenant, kind, value, want = line.split("\t")
        assert pseudonym(secret, tenant, kind, normalize(kind, value)) == want
    print(len(events), "events verified")


main(sys.argv[1])
