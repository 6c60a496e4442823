# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lay one plugin out as LV2 hosts want it.

stage.py STAMP LV2_DIR TTL_TOOL NAME.so [PRESET...]      makes NAME.lv2 and NAME-presets.lv2
stage.py --install BUILT_LV2_DIR lib/lv2                 copies bundles (meson install)
"""

import os
import shutil
import subprocess
import sys


def write_bundle(folder, contents):
    """Files appear whole, by renaming: a host that has the old ones mapped keeps them."""
    os.makedirs(folder, exist_ok=True)
    for stale in set(os.listdir(folder)) - set(contents):
        os.remove(os.path.join(folder, stale))
    for name, content in contents.items():
        path = os.path.join(folder, name)
        with open(path + ".new", "wb") as out:
            out.write(content)
        os.chmod(path + ".new", 0o644)
        os.replace(path + ".new", path)


def read(path):
    with open(path, "rb") as source:
        return source.read()


def build(stamp, lv2_dir, tool, binary, presets):
    def turtle(*args):
        return subprocess.run([tool, *args], check=True, stdout=subprocess.PIPE).stdout

    name = os.path.basename(binary)[: -len(".so")]
    contents = {
        "manifest.ttl": turtle("manifest"),
        name + ".ttl": turtle("plugin"),
        name + ".so": read(binary),
    }
    write_bundle(os.path.join(lv2_dir, name + ".lv2"), contents)
    if presets:
        texts = [path for path in presets if path.endswith(".ttl")]
        contents = {os.path.basename(path): read(path) for path in presets}
        contents |= {os.path.basename(path): turtle("preset", path) for path in texts}
        contents["manifest.ttl"] = turtle("presets", *texts)
        write_bundle(os.path.join(lv2_dir, name + "-presets.lv2"), contents)
    with open(stamp, "w", encoding="ascii") as out:
        out.write(name + "\n")


def install(built, lv2_dir):
    prefix = os.environ["MESON_INSTALL_DESTDIR_PREFIX"]
    for bundle in sorted(os.listdir(built)):
        source = os.path.join(built, bundle)
        contents = {name: read(os.path.join(source, name)) for name in os.listdir(source)}
        write_bundle(os.path.join(prefix, lv2_dir, bundle), contents)


if sys.argv[1] == "--install":
    install(*sys.argv[2:])
else:
    build(*sys.argv[1:5], sys.argv[5:])
