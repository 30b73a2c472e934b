"""Checks bodies against the package cryptography, 50.0 or later. Run at the root of the repository.

Opens the vectors, then lets each side open what the other has sealed.
"""

import json
import os
import subprocess
import sys
import tempfile

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor


def seal(key, context, message):
    e = Cobblestone256Encryptor(key, context)
    return e.update(message) + e.finalize()


def open_body(key, context, body):
    d = Cobblestone256Decryptor(key, context)
    return d.update(body) + d.finalize()


def pattern(n):
    return bytes((7 * i >> 2) & 0xFF for i in range(n))


def main():
    with tempfile.TemporaryDirectory() as folder:
        command = os.path.join(folder, "vual-seal")
        subprocess.run(["go", "build", "-o", command, "./crypto/cmd/vual-seal"], check=True)

        def vual(name, key, context, data):
            args = [command, name, "-key", key.hex(), "-context", context.hex()]
            return subprocess.run(args, input=data, stdout=subprocess.PIPE, check=True).stdout

        checked = 0
        with open("crypto/internal/cobblestone/testdata/vectors.json") as f:
            vectors = json.load(f)
        for v in vectors:
            if "body" not in v:
                continue
            got = open_body(bytes.fromhex(v["key"]), bytes.fromhex(v["context"]), bytes.fromhex(v["body"]))
            assert got == bytes.fromhex(v["message"]), v["name"]
            checked += 1
        for n in (0, 1, 16383, 16384, 16385, 100_000):
            key, context, message = os.urandom(32), os.urandom(n % 50), pattern(n)
            assert open_body(key, context, vual("body-seal", key, context, message)) == message, n
            assert vual("body-open", key, context, seal(key, context, message)) == message, n
            checked += 2
    print(f"{checked} passed, 0 failed")


if __name__ == "__main__":
    sys.exit(main())
