#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""`pinna model`: networks told by their tensors, faults named, downloads that survive bad servers and nothing else."""

import hashlib
import http.server
import json
import math
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

PINNA = os.path.abspath(sys.argv[1])
SHARED = pathlib.Path(os.environ.get("PINNA_SHARED", pathlib.Path(__file__).resolve().parents[2].parent / "shared"))
SLOW = 4 if os.environ.get("PINNA_SANITIZED") else 1


def model(*args):
    return subprocess.run([PINNA, "model", *map(str, args)], capture_output=True, text=True, timeout=60 * SLOW)


def says(code, words, *args):
    done = model(*args)
    message = done.stderr if code else done.stdout
    ok(done.returncode == code and all(w in message for w in words) and len(message) < 4000,
       "%s: exit %d, says %s" % (" ".join(map(str, args))[-70:], code, ", ".join(words)),
       "exit %d: %s%s" % (done.returncode, done.stdout, done.stderr))


def safetensors(path, shapes, values=None, metadata=None):
    """Zeros (a sparse file), or `values` (bytes by name)."""
    header, place = {"__metadata__": metadata} if metadata else {}, 0
    for name, shape in shapes.items():
        n = 4
        for size in shape:
            n *= size
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [place, place + n]}
        place += n
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + place)
        for name, value in (values or {}).items():
            file.seek(8 + len(text) + header[name]["data_offsets"][0])
            file.write(value)


HIFIGAN = {"conv_pre.weight": [8, 80, 7], "conv_pre.bias": [8], "ups.0.weight": [8, 4, 16], "ups.0.bias": [4],
           "ups.1.weight": [4, 2, 4], "ups.1.bias": [2], "conv_post.weight": [1, 2, 7], "conv_post.bias": [1]}
LISTED = {"wav2vec2_asr_base": "wav2vec2", "conv_tasnet_base": "conv_tasnet", "emformer_rnnt_base": "emformer_rnnt",
          "tacotron2_phone": "tacotron2", "wavernn_ljspeech": "wavernn", "hifigan_v1": "hifigan",
          "hifigan_v3": "hifigan", "squim_objective_base": "squim_objective"}
LONG = {"wavlm_base": "wavlm", "hubert_base": "wav2vec2", "wav2vec2_large_lv60k": "wav2vec2", "hdemucs_high": "hdemucs",
        "squim_subjective_base": "squim_subjective"}


def listed(name):
    """Shapes as TorchAudio's own model has them."""
    found = {}
    for line in open(SHARED / "oracle/statedicts" / (name + ".txt"), encoding="utf-8"):
        match = re.match(r"[^#]\s+(\S+)\s+\[(.*?)\]\s+float32", line)
        if match:
            found[match[1]] = [int(size) for size in match[2].split(",") if size.strip()]
    return found


def test_architectures(folder):
    if not (SHARED / "oracle/statedicts").is_dir():
        skip("architectures of TorchAudio", "no listings on this machine")
        return
    path = folder / "listed.safetensors"
    for name, network in (LISTED | (LONG if os.environ.get("PINNA_LONG") else {})).items():
        shapes = listed(name)
        directions = {n: struct.pack("<f", 1.0) * math.prod(s) for n, s in shapes.items() if n.endswith("weight_v")}
        safetensors(path, shapes, directions)
        says(0, [network + ","], "check", path)
        wanted = [n for n in shapes if re.search(r"layers\.1\.(g_norm|skip_out)\.weight$", n)]
        for gone in wanted[-1:]:
            safetensors(path, {n: s for n, s in shapes.items() if n != gone}, directions)
            says(1, [network, "no tensor '" + gone + "'"], "check", path)
            safetensors(path, {**shapes, gone: [*shapes[gone][:-1], 3]}, directions)
            says(1, [network, "tensor '" + gone + "' is [", "not ["], "check", path)


def test_built_in():
    """Every network that is built in is known, and whole."""
    names = [line.split()[0] for line in model("list").stdout.splitlines() if " built in " in line]
    ok(len(names) >= 3, "weights that are built in: " + ", ".join(names))
    for name in names:
        says(0, [name + ": "], "check", name)


def test_files(folder):
    path = folder / "hifigan.safetensors"
    safetensors(path, HIFIGAN, metadata={"licence": "CC0-1.0"})
    says(0, ["F32", "[8 x 80 x 7]", "conv_pre.weight", "8 tensors", "CC0-1.0", "hifigan"], "info", path)
    safetensors(path, HIFIGAN, {"ups.1.bias": struct.pack("<f", float("nan"))})
    says(1, ["ups.1.bias", "finite"], "check", path)
    safetensors(path, {"some.weight": [3]})
    says(1, ["no network known here", "some.weight"], "check", path)
    path.write_bytes(path.read_bytes()[:-5])
    says(1, [path.name], "check", path)
    path.write_bytes(b"")
    says(1, [path.name], "info", path)
    says(1, ["list"], "check", "no_such_model")
    says(1, ["get gtcrn_vctk"], "check", "gtcrn_vctk")
    says(2, ["Usage"], "frobnicate")
    says(2, ["Usage"], "get")
    says(1, ["no published checkpoint"], "get", "no_such_model")


class Server(http.server.ThreadingHTTPServer):
    """The first part of a path says how it behaves; `asked` has the Range of every request."""

    def __init__(self, data):
        super().__init__(("127.0.0.1", 0), Handler)
        self.data, self.asked, self.tag, self.done = data, [], '"v1"', threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def address(self, way):
        return "http://127.0.0.1:%d/%s" % (self.server_address[1], way)


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        way, name = self.path.strip("/").split("/")[:2]
        server, asked = self.server, self.headers.get("Range")
        server.asked.append(asked)
        data = server.data.get(name)
        if way == "redirect":
            self.send_response(302)
            self.send_header("Location", server.address("good") + "/" + name)
            self.end_headers()
            return
        if data is None or way == "missing":
            self.send_error(404)
            return
        if way == "busy" and len(server.asked) < 3:
            self.send_error(503)
            return
        if way == "other":
            data = data[:-4] + b"\0\0\x80\x3f"  # the last value is 1
        first = 0
        if asked and way not in ("norange",) and self.headers.get("If-Range") == server.tag:
            first = int(asked[6:-1])
        self.send_response(206 if first else 200)
        self.send_header("ETag", server.tag)
        self.send_header("Content-Length", str(len(data) - first))
        if first:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, len(data) - 1, len(data)))
        self.end_headers()
        broken = way in ("short", "norange", "stall", "changing") and len(server.asked) < 3
        self.wfile.write(data[first:first + (len(data) - first) // 2] if broken else data[first:])
        if broken and way == "stall":
            self.wfile.flush()
            server.done.wait(20)
        if way == "changing":
            server.tag = '"v2"'
        self.close_connection = True


def stored(folder):
    store = folder / "data/pinna/models"
    return sorted(p.name for p in store.iterdir()) if store.exists() else []


def clear(server, folder):
    for path in (folder / "data/pinna/models").glob("*"):
        path.unlink()
    server.asked, server.tag = [], '"v1"'


def get(server, way, name, *more):
    return ["get", name, "--from", server.address(way), "--timeout", "1", "--quiet", *more]


def test_first_use(server, folder):
    """Where no hash is published: recorded at first, and held to afterwards."""
    name, file = "hifigan_v3_ljspeech", "hifigan_v3_ljspeech.pth"
    sha = hashlib.sha256(server.data["hifigan_vocoder_v3_ljspeech.pth"]).hexdigest()
    for way, least, ranged in (("good", 1, False), ("redirect", 2, False), ("short", 3, True), ("norange", 3, True),
                               ("stall", 3, True), ("busy", 3, False), ("changing", 3, True)):
        clear(server, folder)
        says(0, ["recorded", sha, "hifigan", "MIT"], *get(server, way, name))
        ok(stored(folder) == [file, file + ".sha256"], "%s: nothing else is left" % way, stored(folder))
        data = (folder / "data/pinna/models" / file).read_bytes()
        ok(hashlib.sha256(data).hexdigest() == sha, "%s: the bytes are the server's" % way)
        ok(len(server.asked) >= least and bool(server.asked[-1] or server.asked[1:2] and server.asked[1]) == ranged,
           "%s: asked for %s" % (way, server.asked))
    says(0, ["is there already"], *get(server, "good", name))
    (folder / "data/pinna/models" / file).unlink()  # its record stays
    says(1, ["first time", sha], *get(server, "other", name))
    says(0, ["hifigan"], *get(server, "good", name))
    says(0, ["hifigan"], "check", name)
    done = model("list")
    ok(re.search(name + r" +here +hifigan", done.stdout), "list shows what is here")
    (folder / "data/pinna/models" / file).write_bytes(b"rot")
    says(1, ["--again", sha], *get(server, "good", name))
    says(0, ["hifigan"], *get(server, "good", name, "--again"))


def test_faults(server, folder):
    clear(server, folder)
    says(1, ["404"], *get(server, "missing", "hifigan_v3_ljspeech"))
    says(1, ["answers 404"], *get(server, "good", "wavernn_ljspeech"))
    ok(stored(folder) == [], "a 404 leaves nothing", stored(folder))
    says(1, ["not 579819"], *get(server, "good", "gtcrn_dns3"))
    ok(stored(folder) == [], "another size leaves nothing", stored(folder))
    server.data["model_trained_on_dns3.tar"] = os.urandom(579819)
    says(1, ["SHA-256", "a630d992cf79", "thrown away"], *get(server, "good", "gtcrn_dns3"))
    ok(stored(folder) == [], "another hash leaves nothing", stored(folder))
    server.data["wavernn_10k_epochs_8bits_ljspeech.pth"] = b"<html>not a model</html>"
    says(1, ["wavernn_ljspeech"], *get(server, "good", "wavernn_ljspeech"))
    server.data["wavernn_10k_epochs_8bits_ljspeech.pth"] = server.data["hifigan_vocoder_v3_ljspeech.pth"]
    says(1, ["hifigan", "not of wavernn"], *get(server, "good", "wavernn_ljspeech"))
    ok(stored(folder) == [], "no model, or another, leaves nothing", stored(folder))
    begun = time.monotonic()
    says(1, ["127.0.0.1"], "get", "hifigan_v3_ljspeech", "--from", "http://127.0.0.1:9", "--timeout", "1")
    ok(time.monotonic() - begun < 30 * SLOW, "nobody listening is told soon")
    says(1, ["rotocol"], "get", "hifigan_v3_ljspeech", "--from", "file:///etc")
    published = SHARED / "models/gtcrn_dns3.pt"
    if published.exists():
        server.data["model_trained_on_dns3.tar"] = published.read_bytes()
        says(0, ["gtcrn", "MIT"], *get(server, "good", "gtcrn_dns3"))
        says(0, ["gtcrn, speech"], "check", "gtcrn_dns3")
    else:
        skip("a published hash is met", "no checkpoint on this machine")


def test_resume(server, folder):
    """Broken off for good, then gone on with by the next command."""
    clear(server, folder)
    name, part = "hifigan_v3_ljspeech", "hifigan_v3_ljspeech.pth.part"
    whole = server.data["hifigan_vocoder_v3_ljspeech.pth"]
    store = folder / "data/pinna/models"
    store.mkdir(parents=True, exist_ok=True)
    (store / part).write_bytes(whole[:1000])
    (store / (part + ".tag")).write_text(server.tag + "\n")
    says(0, ["hifigan"], *get(server, "good", name))
    ok(server.asked == ["bytes=1000-"], "a part of the same version is gone on with: %s" % server.asked)
    clear(server, folder)
    (store / part).write_bytes(b"x" * 1000)
    (store / (part + ".tag")).write_text('"v0"\n')
    says(0, ["hifigan"], *get(server, "good", name))
    ok((store / "hifigan_v3_ljspeech.pth").read_bytes() == whole, "a part of another version is begun anew")
    clear(server, folder)
    (store / part).write_bytes(b"x" * 1000)
    says(0, ["hifigan"], *get(server, "good", name))
    ok(server.asked == [None], "a part of no known version is begun anew: %s" % server.asked)


def test_add(folder):
    path, store = folder / "mine.safetensors", folder / "data/pinna/models"
    safetensors(path, HIFIGAN)
    says(0, ["hifigan", "mine.safetensors"], "add", path, "mine")
    ok((store / "mine.safetensors").read_bytes() == path.read_bytes(), "the copy is the file")
    done = subprocess.run(["sha256sum", "-c", "mine.safetensors.sha256"], cwd=store, capture_output=True)
    ok(done.returncode == 0, "its record is sha256sum's", done.stderr)
    says(2, ["there already"], "add", path, "mine")
    says(0, ["hifigan"], "add", path, "mine", "--again", "--link")
    ok((store / "mine.safetensors").is_symlink(), "a link instead of a copy")
    says(0, ["hifigan"], "check", "mine")
    ok(re.search(r"^mine +here +hifigan", model("list").stdout, re.M), "list shows it")
    for bad in ("../up", "a/b", "", "A b", ".hidden", "x" * 65):
        says(2, ["name"], "add", path, bad)
    says(1, ["not of gtcrn"], "add", path, "gtcrn_dns3")
    safetensors(path, {"some.weight": [3]})
    says(1, ["some.weight"], "add", path, "other")
    says(1, ["nothing"], "add", folder / "nothing", "other")
    ok(not any(n.startswith("other") for n in stored(folder)), "what fails leaves nothing", stored(folder))


def main():
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        os.environ.update(XDG_DATA_HOME=str(folder / "data"), no_proxy="127.0.0.1")
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            os.environ.pop(name, None)
        test_built_in()
        test_files(folder)
        test_architectures(folder)
        safetensors(folder / "served", HIFIGAN)
        server = Server({"hifigan_vocoder_v3_ljspeech.pth": (folder / "served").read_bytes(),
                         "model_trained_on_dns3.tar": b"short"})
        test_resume(server, folder)
        test_first_use(server, folder)
        test_faults(server, folder)
        server.done.set()
        test_add(folder)
    finish()


main()
