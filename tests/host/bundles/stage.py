# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lay one test bundle out as LV2 hosts want it: stage.py STAMP LV2_DIR SOURCE.lv2 [BINARY]."""

import os
import shutil
import sys

PREFIXES = """@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def main(stamp, lv2_dir, source, *binary):
    name = os.path.basename(source)[: -len(".lv2")]
    folder = os.path.join(lv2_dir, name + ".lv2")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for path in binary:
        shutil.copyfile(path, os.path.join(folder, name + ".so"))

    uri = f"<urn:pinna:test:{name}>"
    manifest = f"{PREFIXES}{uri} a lv2:Plugin ; lv2:binary <{name}.so> ; rdfs:seeAlso <{name}.ttl> .\n"
    for turtle in sorted(os.listdir(source)):
        if turtle.endswith(".ttl"):
            shutil.copyfile(os.path.join(source, turtle), os.path.join(folder, turtle))
            if turtle.startswith("preset-"):
                preset = f"<urn:pinna:test:{name}:{turtle[len('preset-'):-len('.ttl')]}>"
                manifest += f"{preset} a pset:Preset ; lv2:appliesTo {uri} ; rdfs:seeAlso <{turtle}> .\n"
    with open(os.path.join(folder, "manifest.ttl"), "w", encoding="ascii") as out:
        out.write(manifest)
    with open(stamp, "w", encoding="ascii") as out:
        out.write(name + "\n")


main(*sys.argv[1:])
