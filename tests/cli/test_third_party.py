#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Anyone's plugins through `pinna render`: no complaint, sound of the right length, bits that no block size moves."""

import math
import os
import random
import subprocess
import sys
import tempfile

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

PINNA = os.path.abspath(sys.argv[1])
SWH = "http://plugin.org.uk/swh-plugins/"
LSP = "http://lsp-plug.in/plugins/lv2/"
CALF = "http://calf.sourceforge.net/plugins/"
MDA = "http://drobilla.net/plugins/mda/"

# package, plugin, values, why its samples depend on the block (None: they must not)
PLUGINS = [
    ("x42-plugins", "http://gareus.org/oss/lv2/dpl#stereo", ["gain=9", "threshold=-9"], "cuts its gain curve where a block ends"),
    ("x42-plugins", "http://gareus.org/oss/lv2/darc#stereo", ["threshold=-30"], None),
    ("x42-plugins", "http://gareus.org/oss/lv2/fil4#stereo", ["HighPass=1"], "moves its filters 48 frames at a time"),
    ("x42-plugins", "http://gareus.org/oss/lv2/fat1", [], None),
    ("lsp-plugins-lv2", LSP + "para_equalizer_x16_stereo", ["ft_0=1", "g_0=2"], None),
    ("lsp-plugins-lv2", LSP + "compressor_stereo", ["al=0.05", "cr=8"], "its vector code rounds by where a block begins"),
    ("lsp-plugins-lv2", LSP + "limiter_stereo", ["th=0.1"], "takes its first values over with a ramp as long as the block"),
    ("calf-plugins", CALF + "Compressor", ["threshold=0.01"], None),
    ("calf-plugins", CALF + "Reverb", [], None),
    ("calf-plugins", CALF + "Equalizer5Band", ["hs_active=1", "hs_level=4"],
     "takes its first values over with a ramp as long as the block"),
    ("mda-lv2", MDA + "Delay", [], None),
    ("mda-lv2", MDA + "Limiter", [], None),
    ("mda-lv2", MDA + "Stereo", [], None),
    ("zam-plugins", "urn:zamaudio:ZamCompX2", ["thr=-30", "rat=6"], None),
    ("zam-plugins", "urn:zamaudio:ZamTube", [], None),
    ("zam-plugins", "urn:zamaudio:ZamDelay", [], "updates its feedback once a block"),
    ("rubberband-lv2", "http://breakfastquay.com/rdf/lv2-rubberband#stereo", ["semitones=3"], None),
    ("swh-lv2", SWH + "sc4", [], None),
    ("swh-lv2", SWH + "valve", [], None),
    ("swh-lv2", SWH + "fastLookaheadLimiter", ["inputgain=12"], None),
    ("swh-lv2", SWH + "gverb", [], "sets its damping once a block"),
]


def pinna(*args):
    return subprocess.run([PINNA, *map(str, args)], capture_output=True, timeout=120)


def known(symbols, values, uri):
    """Only the values whose symbols the installed version has."""
    for value in values:
        if value.split("=")[0] not in symbols:
            print("# %s has no control %s here" % (uri, value.split("=")[0]))
    return [v for v in values if v.split("=")[0] in symbols]


def try_plugin(dir, package, uri, values, loose):
    about = pinna("list", uri)
    if about.returncode:
        skip(uri, "not installed: package %s" % package)
        return False
    symbols = about.stdout.decode("utf-8", "replace").split()
    sets = [a for v in known(symbols, values, uri) for a in ("-s", v)]
    blocks = [1024] if loose else [1024, 16, 127, 8192]
    first = None
    for block in blocks:
        out = dir + "/out.wav"
        done = pinna("render", dir + "/in.wav", out, "-p", uri, "-q", "-b", block, *sets)
        complaint = done.stderr.decode("utf-8", "replace")
        raw = open(out, "rb").read() if not done.returncode else b""
        if block == blocks[0]:
            first = raw
            channels = wavio.parse(raw)[0] if raw else [[]]
            good = len(channels[0]) == 30000 and all(map(math.isfinite, channels[0])) and any(channels[0])
            ok(raw and not complaint and good, "%s (%s)" % (uri, package),
               "exit %d, %d frames: %s" % (done.returncode, len(channels[0]), complaint))
        elif raw != first:
            ok(False, "%s is the same in blocks of %d and %d" % (uri, blocks[0], block), complaint)
            return True
    if not loose:
        ok(True, "%s is the same in blocks of %s" % (uri, ", ".join(map(str, blocks))))
    else:
        print("# %s: %s" % (uri, loose))
    return True


def main():
    random.seed(11)
    noise = [[0.25 * math.sin(0.03 * (c + 1) * i) + random.uniform(-0.1, 0.1) for i in range(30000)] for c in range(2)]
    with tempfile.TemporaryDirectory(prefix="pinna peers ") as dir:
        wavio.write(dir + "/in.wav", noise, 48000)
        n = sum(try_plugin(dir, *plugin) for plugin in PLUGINS)
    if n:
        ok(n >= 10, "at least ten plugins of other makers were here: %d" % n)
    else:
        skip("ten plugins of other makers", "none is installed")
    finish()


main()
