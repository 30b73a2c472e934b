"""Checks tokens.json by docs/formats/tokens.md alone: python3 check_tokens.py tokens.json

Standard library only, but for AES (reversible tokens and formats), which needs
the package cryptography; without it those are counted as not checked.
"""
import hashlib, hmac, json, re, sys

LETTERS = "bcdfghjkmnpqrstv"
LATIN, CYRILLIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "АБГДЖИЛПФЦЧШЩЭЮЯ"
NOUNS = {"Customer": LATIN, "Agent": LATIN, "Person": LATIN,
         "Клиент": CYRILLIC, "Сотрудник": CYRILLIC, "Человек": CYRILLIC}
FORMS = {"v": "vault", "k": "opaque", "s": "reversible"}


def parse(text):
    m = re.fullmatch(r"(\w+) (\w+)", text)
    if m and m[1] in NOUNS and all(c in NOUNS[m[1]] for c in m[2]):
        n = 0
        for c in m[2]:
            n = n * len(NOUNS[m[1]]) + NOUNS[m[1]].index(c) + 1
        return n <= 999999 and {"form": "label", "kind": "PERSON", "noun": m[1], "number": n}
    m = re.fullmatch(r"\[([A-Z][A-Z0-9_]*)_([1-9][0-9]{0,5})\]", text)
    if m and kind_ok(m[1]):
        return {"form": "number", "kind": m[1], "number": int(m[2])}
    m = re.fullmatch(r"\[([A-Z][A-Z0-9_]*):([vks])([1-9][0-9]{0,5}):([%s]*)\]" % LETTERS, text)
    if m and kind_ok(m[1]) and (len(m[4]) == 30 if m[2] != "s" else
                                len(m[4]) % 2 == 0 and 34 <= len(m[4]) <= 2080):
        body = "".join("%x" % LETTERS.index(c) for c in m[4])
        return {"form": FORMS[m[2]], "kind": m[1], "version": int(m[3]), "body": body}


def kind_ok(kind):
    return len(kind) <= 32 and sum(c in "0123456789" for c in kind) <= 6


def field(b):
    b = b.encode() if isinstance(b, str) else b
    return len(b).to_bytes(4, "big") + b


def derive(v, row, use, kind, size):
    secret = bytes.fromhex(v["secrets"][str(row["version"])])
    tenant, conversation = row["scope"].get("tenant", ""), row["scope"].get("conversation", "")
    level = 1 if conversation else 2 if tenant else 3
    info = (field("vual/tokenize/v1") + field(use) + field(kind) + bytes([level])
            + field(tenant) + field(conversation) + row["version"].to_bytes(4, "big"))
    prk, out, block = hmac.digest(bytes(32), secret, "sha256"), b"", b""
    while len(out) < size:
        block = hmac.digest(prk, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:size]


def letters(body):
    return "".join(LETTERS[int(c, 16)] for c in body.hex())


NORMAL = {"PHONE": "phone-e164/1", "NUMBER": "alnum/1", "PERSON": "name/1", "EMAIL": "email/1",
          "INN": "alnum/1", "SECRET": "exact/1", "ADDRESS": "text/1"}


def fold(name, value):
    """Only what the values of the vectors need."""
    if name == "exact/1":
        return value
    if name == "phone-e164/1":
        return "+7" + re.sub(r"\D", "", value)[-10:]
    if name == "alnum/1":
        return re.sub(r"\W", "", value.lower())
    return value.lower().replace("ё", "е") if name == "name/1" else value.lower()


def opaque(v, row):
    name = NORMAL[row["kind"]]
    mac = hmac.digest(derive(v, row, "opaque", row["kind"], 32), field(name) + field(fold(name, row["value"])), "sha256")
    return "[%s:k%d:%s]" % (row["kind"], row["version"], letters(mac[:15]))


def index(v, row):
    rows, c = row["rows"], row["coincidences"]
    if c == 0:
        c = max(x for x in range(1, 17) if x * x <= rows)
    bits = (rows // c).bit_length() - 1
    name = row["normalizer"]
    mac = hmac.digest(derive(v, row, "index", row["field"], 32),
                      field(name) + field(str(bits)) + field(fold(name, row["value"])), "sha256")
    n = int.from_bytes(mac[:8], "big") >> (64 - bits)
    body = "".join(LETTERS[int(d, 16)] for d in "%0*x" % ((bits + 3) // 4, n))
    return bits, "v%d.%s.%d.%s" % (row["version"], name, bits, body)


def reversible(v, row):
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV
    head = "[%s:s%d:" % (row["kind"], row["version"])
    key = derive(v, row, "siv", row["kind"], 64)
    return head + letters(AESSIV(key).encrypt(row["value"].encode(), [head.encode()])) + "]"


def ff1(key, tweak, digits):
    """NIST SP 800-38G, algorithm 7, radix 10."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    aes = lambda b: Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(b)
    n, u = len(digits), len(digits) // 2
    a, b = digits[:u], digits[u:]
    size = ((10 ** (n - u) - 1).bit_length() + 7) // 8
    d = 4 * ((size + 3) // 4) + 4
    p = bytes([1, 2, 1, 0, 0, 10, 10, u % 256]) + n.to_bytes(4, "big") + len(tweak).to_bytes(4, "big")
    for i in range(10):
        q = tweak + bytes(-(len(tweak) + size + 1) % 16) + bytes([i]) + int(b).to_bytes(size, "big")
        r = bytes(16)
        for at in range(0, len(p + q), 16):
            r = aes(bytes(x ^ y for x, y in zip(r, (p + q)[at:at + 16])))
        y = int.from_bytes(r[:d], "big")
        m = u if i % 2 == 0 else n - u
        a, b = b, "%0*d" % (m, (int(a) + y) % 10 ** m)
    return a + b


def weigh(d, *w):
    return sum(int(x) * y for x, y in zip(d, w))


def check_inn(d):
    if len(d) == 10:
        return d[:9] + str(weigh(d, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10)
    d = d[:10] + str(weigh(d[:10], 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10)
    return d + str(weigh(d, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10)


def check_card(d):
    for c in "0123456789":
        full = d[:-5] + c + d[-4:]
        total = sum(int(x) if i % 2 == 0 else sum(map(int, str(2 * int(x)))) for i, x in enumerate(full[::-1]))
        if total % 10 == 0:
            return full


SHAPES = {  # name: encrypted part, kept digits, check, place of the last check digit
    "mobile-ru/1": (lambda d: slice(len(d) - 9, len(d)), lambda d: "79", None, 0),
    "card/1": (lambda d: slice(0, len(d) - 5), lambda d: d[-4:], check_card, -5),
    "inn/1": (lambda d: slice(0, 9 if len(d) == 10 else 10), lambda d: "", check_inn, -1),
    "snils/1": (lambda d: slice(0, 9), lambda d: "",
                lambda d: d[:9] + "%02d" % (weigh(d[:9], 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100), -1),
    "passport-ru/1": (lambda d: slice(0, 10), lambda d: "", None, 0),
}


def shaped(v, row):
    part, kept, check, last = SHAPES[row["shape"]]
    d = re.sub(r"\D", "", row["value"])
    assert not check or check(d) == d, "value has a wrong check digit"
    s = part(d)
    d = d[:s.start] + ff1(derive(v, row, "ff1", row["shape"], 32), field(kept(d)), d[s]) + d[s.stop:]
    if check:
        d = list(check(d))
        d[last] = str((int(d[last]) + 1) % 10)
    digits = iter(d)
    return "".join(next(digits) if c.isdigit() else c for c in row["value"])


def main(path):
    v, checked = json.load(open(path, encoding="utf-8")), 0
    for row in v["valid"]:
        got = parse(row["text"])
        assert got == {k: x for k, x in row.items() if k != "text"}, row
    for text in v["invalid"]:
        assert not parse(text), text
    for row in v["opaque"]:
        assert opaque(v, row) == row["token"], row
    for row in v["index"]:
        assert index(v, row) == (row["bits"], row["entry"]), row
    checked = sum(len(v[k]) for k in ("valid", "invalid", "opaque", "index"))
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV
    except ImportError:
        print("ok %d, not checked (no cryptography): %d" % (checked, len(v["reversible"]) + len(v["format"])))
        return
    for row in v["reversible"]:
        assert reversible(v, row) == row["token"], row
    for row in v["format"]:
        assert shaped(v, row) == row["text"], row
    print("ok %d" % (checked + len(v["reversible"]) + len(v["format"])))


main(sys.argv[1])
