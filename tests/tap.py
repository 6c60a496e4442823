# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP for the tests in Python: every case reported, skipped ones aloud."""

import sys

n_cases = 0
n_failed = 0


def ok(passed, text, detail=""):
    """One case; of a failed one, the first and last lines of `detail`."""
    global n_cases, n_failed
    n_cases += 1
    n_failed += not passed
    print("%sok %d - %s" % ("" if passed else "not ", n_cases, " ".join(text.split())), flush=True)
    if not passed and detail != "":
        lines = str(detail).splitlines()
        print("\n".join("# " + line for line in lines[:10] + lines[max(10, len(lines) - 10):]), flush=True)
    return passed


def skip(text, why):
    global n_cases
    n_cases += 1
    print("ok %d - %s # SKIP %s" % (n_cases, text, why), flush=True)


def finish():
    """Ends the program: the plan, an honest status."""
    print("1..%d" % n_cases)
    sys.exit(n_failed > 0)
