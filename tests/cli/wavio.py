# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and writes 32-bit float WAV with nothing but the standard library."""

import array
import struct


def write(path, channels, rate):
    """Write equally long lists of floats, one per channel."""
    n_ch = len(channels)
    data = array.array("f", [x for frame in zip(*channels) for x in frame]).tobytes()
    fmt = struct.pack("<HHIIHH", 3, n_ch, rate, rate * n_ch * 4, n_ch * 4, 32)
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(fmt)) + fmt
    body += b"data" + struct.pack("<I", len(data)) + data
    with open(path, "wb") as f:
        f.write(b"RIFF" + struct.pack("<I", len(body)) + body)


def parse(raw):
    """The channels (lists of floats) and the rate of a float WAV's bytes."""
    assert raw[:4] == b"RIFF" and raw[8:12] == b"WAVE", "not a WAV file"
    at, n_ch, rate = 12, 0, 0
    while at + 8 <= len(raw):
        name, size = raw[at : at + 4], struct.unpack("<I", raw[at + 4 : at + 8])[0]
        body = raw[at + 8 : at + 8 + size]
        if name == b"fmt ":
            code, n_ch, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
            if code == 0xFFFE:
                code = struct.unpack("<H", body[24:26])[0]
            assert (code, bits) == (3, 32), "not 32-bit float: %d, %d bits" % (code, bits)
        if name == b"data":
            samples = array.array("f", body[: len(body) // 4 * 4])
            return [list(samples[c::n_ch]) for c in range(n_ch)], rate
        at += 8 + size + size % 2
    raise AssertionError("no data chunk")


def read(path):
    with open(path, "rb") as f:
        return parse(f.read())
