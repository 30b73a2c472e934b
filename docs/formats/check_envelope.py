"""Checks the formats of crypto against the Python package cryptography, 50.0 or later.

Run at the root of the repository. Opens the vectors of envelopes (but for HPKE) and of bodies
as docs/formats/envelope.md describes them, then lets each side open what the other has sealed.
"""

import base64
import hashlib
import json
import os
import subprocess
import tempfile

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


def seal_body(key, context, message):
    e = Cobblestone256Encryptor(key, context)
    return e.update(message) + e.finalize()


def open_body(key, context, body):
    d = Cobblestone256Decryptor(key, context)
    return d.update(body) + d.finalize()


def lp(data):
    return len(data).to_bytes(2, "big") + data


def canonical(context):
    fields = {k: v for k, v in context.items() if k != "extra" and v}
    fields |= {"x." + k: v for k, v in context.get("extra", {}).items()}
    pairs = sorted((k.encode(), v.encode()) for k, v in fields.items())
    return b"".join(lp(k) + lp(v) for k, v in pairs)


def expand(key, label):
    return HKDFExpand(SHA256(), 32, label.encode()).derive(key)


def open_xaes(key, box, aad):
    """Steps 1 to 6 of https://c2sp.org/XAES-256-GCM."""
    block = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    k1 = int.from_bytes(block.update(bytes(16)), "big") << 1
    if k1 >> 128:
        k1 = (k1 ^ 0b10000111) & (1 << 128) - 1
    kx = b""
    for i in (1, 2):
        m = bytes([0, i, ord("X"), 0]) + box[:12]
        kx += block.update((int.from_bytes(m, "big") ^ k1).to_bytes(16, "big"))
    return AESGCM(kx).decrypt(box[12:24], box[24:], aad)


def open_envelope(key, key_is, context, envelope):
    assert envelope[:6] == b"\xf5ENV\x01\x01" and envelope[7] == 0
    slot, n = envelope[6], envelope[8]
    at = 9 + n + 4
    m = int.from_bytes(envelope[at : at + 2], "big")
    wrapped, body = envelope[at + 2 : at + 2 + m], envelope[at + 2 + m :]
    bound = b"vual/envelope/v1\x00\x01\x01" + bytes([slot]) + canonical(context)
    aad = hashlib.sha256(bound).digest()
    if slot == 2:
        key = expand(key, "vual/owner-key/v1/seal")
    else:
        key = open_xaes(expand(key, "vual/owner-key/v1/wrap") if key_is == "owner's key" else key, wrapped, aad)
    return open_body(key, bound, body)


def check_vectors():
    checked = 0
    with open("crypto/testdata/envelopes.json") as f:
        for v in json.load(f):
            if v["key_is"] == "HPKE private key":
                continue
            text = v["envelope"].removeprefix("ev1.")
            envelope = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            got = open_envelope(bytes.fromhex(v["key"]), v["key_is"], v["context"], envelope)
            assert got == v["plaintext"].encode(), v["name"]
            checked += 1
    with open("crypto/internal/cobblestone/testdata/vectors.json") as f:
        for v in json.load(f):
            if "body" not in v:
                continue
            got = open_body(bytes.fromhex(v["key"]), bytes.fromhex(v["context"]), bytes.fromhex(v["body"]))
            assert got == bytes.fromhex(v["message"]), v["name"]
            checked += 1
    return checked


def check_command(command):
    def vual(name, key, context, data):
        args = [command, name, "-key", key.hex(), "-context", context.hex()]
        return subprocess.run(args, input=data, stdout=subprocess.PIPE, check=True).stdout

    checked = 0
    for n in (0, 1, 16383, 16384, 16385, 100_000):
        key, context, message = os.urandom(32), os.urandom(n % 50), os.urandom(n)
        assert open_body(key, context, vual("body-seal", key, context, message)) == message, n
        assert vual("body-open", key, context, seal_body(key, context, message)) == message, n
        checked += 2
    return checked


if __name__ == "__main__":
    total = check_vectors()
    with tempfile.TemporaryDirectory() as folder:
        binary = os.path.join(folder, "vual-seal")
        subprocess.run(["go", "build", "-o", binary, "./crypto/cmd/vual-seal"], check=True)
        total += check_command(binary)
    print(f"{total} passed, 0 failed")
