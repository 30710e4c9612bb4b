# SPDX-License-Identifier: Apache-2.0
"""Documents as wholes: whitespace, keys, what stands before and behind, encodings, depth, size."""

from .model import Case, Column, Table

_WHOLE = [
    b"{}", b" {} ", b"\t{ }\r", b'{"a":1}', b' { "a" : 1 , "b" : "x" } ', b'{"a":1,"b":"x"}\r', b"\xef\xbb\xbf" b'{"a":1}', b'\xef\xbb\xbf {"a":1}', b'\xef\xbb{"a":1}',
    b'\xef\xbb\xbf\xef\xbb\xbf{"a":1}', b'{"a":1}\xef\xbb\xbf', b"", b" ", b"null", b"1", b'"a"', b"true", b"[]", b"[{}]", b'[{"a":1}]', b'[{"a":1},{"a":2}]', b"[1]", b"{",
    b"}", b"{{}}", b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b'{"a":1,}', b'{,"a":1}', b'{"a":1 "b":2}', b'{"a":1}}', b'{"a":1}x', b'{"a":1}]', b'{"a":1}{"a":2}', b'{"a":1},{"a":2}',
    b'{"a":1},', b'{"a":1};', b'{"a":1} {"a":2}', b',{"a":1}', b"{a:1}", b"{'a':1}", b'{"a"=1}', b'{"a"::1}', b'{"a":1;"b":2}', b'{"a" "b"}', b"{null:1}", b'{1:1}', b'{"a":1}//', b'/**/{"a":1}',
    b'{"a":1}\x00', b'\x00{"a":1}', b'{"a":1,"b":"x\x00y"}', b'{"\x00":1,"a":1}', b'{"\\u0000":1,"a":1}', b'{"":1,"a":1}',
]

_KEYS = [
    b'{"\\u0061":1}', b'{"A":1}', b'{"a ":1}', b'{" a":1}', b'{"a\\u0000":1}', b'{"a":1,"a":2}', b'{"a":1,"\\u0061":2}', b'{"a":null,"a":2}', b'{"a":1,"a":null}', b'{"z":1,"z":2,"a":3}',
    b'{"a":1,"b":"x","a":1}', b'{"b":"y","a":7}', b'{"c":{"a":5}}', b'{"c.a":5}', b'{"c":[{"a":5}],"a":6}', b'{"_row_":1}', b'{"a":1,"\xff":2}', b'{"a":1,"\\ud800":2}', b'{"a":1,"\\x":2}', b'{"a":1,"z\n":2}',
    b'{"a":1,"z\t":2}', b'{"\xc3\xa9":1}', b'{"a":1,"' + b"k" * 5000 + b'":2}',
]

# What is skipped is no less checked.
_SKIPPED = [b"1", b"-1.5e10", b"01", b"1.", b".5", b"+1", b"1e", b"-", b"nan", b"NaN", b"inf", b"-inf", b"tru", b"truex", b"nul", b"null", b"true", b"false", b"TRUE", b'"x"', b'"x', b'"\\x"', b'"\\u12"',
            b'"\\ud800"', b'"\\udc00"', b'"\xff"', b'"\x01"', b'"a\tb"', b"[]", b"[1,2]", b"[1,]", b"[1 2]", b"[1", b"[1}", b"{}", b'{"x":1}', b'{"x"}', b'{"x":}', b'{"x":1,}', b"{x:1}", b'{"x":{"y":[1,{"z":null}]}}',
            b'{"x":1,"x":2}', b'{"x":"\xff"}', b'["\xff"]', b'["\\ud800"]', b'{"\xff":1}', b'[[[[1]]]', b"'x'", b"/*x*/ 1", b"1 // x", b"undefined", b"a", b"", b",", b"1e400", b"1e-400", b"123456789012345678901234567890", b"\x00"]


def _nested(depth: int, inside: bytes = b"") -> bytes:
    return b"[" * depth + inside + b"]" * depth


def _deep() -> list[bytes]:
    documents = []
    for depth in (10, 99, 100, 101, 500, 998, 999, 1000, 1001, 1100, 125_000):
        documents.append(b'{"a":1,"z":%s}' % _nested(depth))
        documents.append(b'{"a":1,"z":%s1%s}' % (b'{"x":' * depth, b"}" * depth))
        documents.append(b'{"b":%s}' % _nested(depth, b"1"))
        documents.append(b'{"b":%s1%s}' % (b'{"x":' * depth, b"}" * depth))
    documents += [b"[" * 250_000, b'{"a":' * 60_000, b'{"z":' + b"[" * 250_000, b'{"b":' + b"[" * 250_000, b"]" * 1000]
    return documents


def _long() -> list[bytes]:
    return [b'{"b":"%s"}' % (b"x" * 2_000_000), b'{"a":1,"z":"%s"}' % (b"\\n" * 500_000), b'{"a":%s1}' % (b" " * 100_000), b'{"a":%s}' % (b"1" * 100_000),
            b'{"a":1,"z":[%s]}' % b",".join([b'{"k":1.5}'] * 50_000), b'{"a":1.%s}' % (b"0" * 100_000), b'{"a":1,"z":%s}' % (b"1" * 1_000)]


def _line_feeds() -> list[bytes]:
    return [b'{\n"a":\n1\n,\n"b":\n"x"\n}\n', b'\n\n{"a":1}', b'{"a":1}\n\n', b'{"a":1}\n{"a":2}', b'{"a":1}\r\n{"a":2}\r\n', b'{"b":"x\ny"}', b'{"a":1,"z":"x\ny"}', b'{"a":1,\n"z":[1,\n2]}', b'{"a":1\n', b'{"a":"x"\n}\n', b'\n', b'{"a":1}\nx',
            b'[{"a":1},\n{"a":2}]', b'{"b":[1,\n2]}', b'{"b":{"x":\n1}}', b'{"a":1}\n\x00', b'{"z\n":1}']


def cases() -> list[Case]:
    plain = Table((Column("a", "Int32"), Column("b", "String")))
    return [
        Case(plain, _WHOLE + _KEYS, "documents"),
        Case(plain, [b'{"a":1,"z":%s}' % text for text in _SKIPPED] + [b'{"z":%s,"a":1}' % text for text in _SKIPPED], "skipped values"),
        Case(plain, _deep(), "depth"),
        Case(plain, _long(), "length"),
        Case(plain, _line_feeds(), "line feeds"),
    ]
