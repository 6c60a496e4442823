# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every Turtle file of every built bundle against the LV2 specifications: test_ttl.py BUILD_LV2"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok  # noqa: E402

files = sorted(glob.glob(sys.argv[1] + "/*.lv2/*.ttl"))
specs = sorted(glob.glob("/usr/share/lv2specgen/*.ttl")) + sorted(
    path
    for path in glob.glob("/usr/lib/lv2/*.lv2/*.ttl")
    if re.search(r"/(schemas|core|atom|buf-size|data-access|dynmanifest|event|instance-access|log|"
                 r"midi|morph|options|parameters|patch|port-groups|port-props|presets|resize-port|"
                 r"state|time|ui|units|uri-map|urid|worker)\.lv2/", path)
)
if not shutil.which("sord_validate") or not any("/core.lv2/" in path for path in specs):
    print("1..0 # SKIP sord_validate (package sordi) or the specifications (lv2-dev) are missing")
    sys.exit(0)

tool = ["lv2_validate", *files] if shutil.which("lv2_validate") else ["sord_validate", *specs, *files]
done = subprocess.run(tool, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
found = re.search(r"Found (\d+) errors among (\d+) files", done.stdout)
ok(files, "there are Turtle files")
good = done.returncode == 0 and found is not None and found.group(1) == "0"
ok(good, f"{len(files)} files are valid")
for line in done.stdout.splitlines():
    if not line.startswith("Skipping"):
        print("# " + line)

# The validator itself must be able to fail
with tempfile.NamedTemporaryFile("w", suffix=".ttl") as wrong:
    wrong.write('<urn:x> <http://lv2plug.in/ns/lv2core#index> "no number" .\n')
    wrong.flush()
    bad = subprocess.run([*tool[: len(tool) - len(files)], wrong.name], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True)
caught = bad.returncode != 0 and "Found 0 errors" not in bad.stdout
ok(caught, "a wrong statement is found")
finish()
