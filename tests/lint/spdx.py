# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file says whose it is, under which licence, and, if it is code, what it is for."""

import os
import re
import sys

from common import Tap, read, tracked

COPYRIGHT = "SPDX-FileCopyrightText: 2026 The Pinna authors"
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
KINDS = (".c", ".h", ".py", ".sh", ".build", ".ttl", ".in", ".yaml", ".yml", ".comp", ".glsl", ".lua", ".txt")
EXEMPT = ("LICENSES/", "tests/data/")


def is_source(root, name):
    if name.startswith(EXEMPT):
        return False
    return name.endswith(KINDS) or read(root, name).startswith("#!")


def guard_of(name):
    return "PINNA_" + re.sub(r"[^A-Z0-9]", "_", name.upper().replace(".LV2", ""))


def code_findings(name, text):
    """A guard with the file's name, and a sentence of purpose before the first declaration."""
    found = []
    if name.endswith(".h"):
        guard = guard_of(name)
        if not re.search(rf"^#ifndef {guard}\n#define {guard}\n", text, re.M):
            found.append(f"the header guard is not {guard}")
        if not text.rstrip().endswith(f"#endif // {guard}"):
            found.append(f"does not end with '#endif // {guard}'")
    body = re.sub(r"^(// SPDX.*|\s*#.*(\\\n.*)*|\s*)\n", "", text, flags=re.M)
    if not body.startswith(("// ", "/// ")):
        found.append("no sentence of purpose after the includes")
    return found


def findings(root, name):
    text = read(root, name)
    head = text.splitlines()[:5]
    found = [f"no '{tag}' in its head" for tag in (COPYRIGHT, LICENCE) if not any(tag in line for line in head)]
    if name.endswith((".c", ".h", ".comp", ".glsl")):
        found += code_findings(name, text)
    return found


def main(root):
    tap = Tap()
    for name in tracked(root):
        if os.path.getsize(os.path.join(root, name)) and is_source(root, name):
            tap.clean(name, findings(root, name))
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1])
