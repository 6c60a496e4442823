// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/build_graph.h"
#include "tests/host/fake_instance.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// From a configuration's words to wires with channel numbers

static PinnaInstance mono = {.n_channels = 1U};
static PinnaInstance stereo = {.n_channels = 2U};

/// Wires as one line: "I1>0.1 0.1>O2" (nodes from 0, channels from 1)
static void
expect(const char* const from, const char* const to, const char* const also,
       const char* const expected) {
  PinnaConfigNode      nodes[] = {{.id = (char*)"mono"}, {.id = (char*)"wide", .bypass = true}};
  PinnaInstance* const instances[] = {&mono, &stereo};
  char*                ends[] = {(char*)to, (char*)also};
  PinnaConfigWire      wires[] = {{(char*)from, ends, also ? 2U : 1U}};
  const PinnaConfig    config = {.nodes = nodes, .n_nodes = 2U, .wires = wires, .n_wires = 1U};
  PinnaGraphSpec*      spec = NULL;
  PinnaError           error = {""};
  char                 text[512] = "";
  const PinnaStatus    status = pinna_build_graph(&spec, &config, instances, 4U, 2U, &error);
  for (uint32_t i = 0U; !status && i < spec->n_wires; ++i) {
    const PinnaGraphWire* const wire = spec->wires + i;
    char                        source[16] = "I";
    char                        target[16] = "O";
    if (wire->from != PINNA_GRAPH_IO) {
      snprintf(source, sizeof(source), "%u.", wire->from);
    }
    if (wire->to != PINNA_GRAPH_IO) {
      snprintf(target, sizeof(target), "%u.", wire->to);
    }
    const size_t used = strlen(text);
    snprintf(text + used, sizeof(text) - used, "%s%s%u>%s%u", used ? " " : "", source,
             wire->from_ch + 1U, target, wire->to_ch + 1U);
  }
  if (status) {
    tap_int(status, PINNA_STATUS_BAD_CONFIG, "%s to %s is refused", from, to);
    tap_ok(strstr(error.text, expected) != NULL, "%s (wanted: %s)", error.text, expected);
  } else {
    tap_string(text, expected, "%s to %s%s%s", from, to, also ? " and " : "", also ? also : "");
    tap_ok(spec->n_nodes == 2U && spec->nodes[1].bypass && !spec->nodes[0].bypass,
           "nodes with their bypass");
  }
  pinna_graph_spec_free(spec);
}

int
main(void) {
  expect("input:1", "mono", NULL, "I1>0.1");
  expect("input:3-4", "wide", NULL, "I3>1.1 I4>1.2");
  expect("input:2", "wide", NULL, "I2>1.1 I2>1.2");
  expect("mono", "wide", "output:2", "0.1>1.1 0.1>1.2 0.1>O2");
  expect("wide", "output", NULL, "1.1>O1 1.2>O2");
  expect("wide:2", "output:1-2", "mono:1", "1.2>O1 1.2>O2 1.2>0.1");
  expect("input", "wide", NULL, "'input' (4 channels) to 'wide' (2)");
  expect("wide", "mono", NULL, "'wide:1'");
  expect("wide:3", "output", NULL, "has 2 audio outputs");
  expect("input:0", "mono", NULL, "'input:1-4'");
  expect("input:2-1", "mono", NULL, "'input:1-4'");
  expect("input:-1", "mono", NULL, "'input:1-4'");
  expect("input:1x", "mono", NULL, "'input:1-4'");
  expect("input:", "mono", NULL, "'input:1-4'");
  expect("input:1", "mno", NULL, "'mono'");
  expect("output", "mono", NULL, "'output'");
  expect("input:1", "output:99999999999999999999", NULL, "has 2 audio outputs");
  return tap_done();
}
