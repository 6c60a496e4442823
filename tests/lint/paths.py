# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No tracked file knows one machine's folders, a package registry, or carries a big binary."""

import os
import re
import sys

from common import Tap, read, tracked

# Spelled in parts, so that this file passes
FOLDERS = [rf"(?<![\w.@}}])/{name}/\w" for name in ("work", "root", "home", "tmp")]
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "crates" + ".io", "ghcr" + ".io",
         "huggingface" + ".co", "download." + "pytorch.org"]
MOST_BYTES = 4 << 20
MOST_WEIGHTS = 6000000  # What a built-in network may weigh
# The download list names its sources, that is its job
EXEMPT = ("models/registry_table.c", "tools/downloads", "docs/models", "models/weights/")


def findings(root, name):
    most = MOST_WEIGHTS if name.startswith("models/weights/") else MOST_BYTES
    if os.path.getsize(os.path.join(root, name)) > most:
        return [f"bigger than {most} bytes"]
    found = []
    for number, line in enumerate(read(root, name).splitlines(), 1):
        for pattern in FOLDERS + ([] if name.startswith(EXEMPT) else [re.escape(h) for h in HOSTS]):
            hit = re.search(pattern, line)
            if hit and "XXXXXX" not in line:  # A template of mkdtemp() is no place of one machine
                found.append(f"line {number}: '{hit.group()}'")
    return found


def main(root):
    tap = Tap()
    for name in tracked(root):
        tap.clean(name, findings(root, name))
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1])
