// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"
#include "tests/plugins/lv2_state_fixture.h"
#include "tests/tap.h"

#include <lv2/core/lv2.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Every factory preset loads, names every control, stays in range and makes finite sound

static void
check_values(const FixturePlugin* const p, const char* const label) {
  const uint32_t n_audio = p->n_in + p->n_out;
  bool           good = true;
  for (uint32_t c = 0U; c < p->info->n_controls; ++c) {
    const PinnaPort* const port = &p->info->controls[c];
    const float            value = p->value[n_audio + c];
    bool                   fits = value >= port->min && value <= port->max;
    for (uint32_t s = 0U; port->points && port->points[s].label; ++s) {
      if (port->points[s].value == value) {
        break;
      }
      fits = fits && port->points[s + 1U].label;
    }
    if (port->kind == PINNA_CONTROL_IN && !fits) {
      tap_diag("%s = %g is not one of the port's values", port->symbol, (double)value);
      good = false;
    }
  }
  tap_ok(good, "preset %s: values are in range", label);
}

static void
check_sound(FixturePlugin* const p, const char* const label) {
  enum { N = 4096 };
  float** const in = fixture_buffers(p->n_in + 1U, N);
  float** const out = fixture_buffers(p->n_out + 1U, N);
  unsigned      seed = 5U;
  double        sum = 0.0;
  for (uint32_t c = 0U; c < p->n_in; ++c) {
    for (uint32_t i = 0U; i < N; ++i) {
      in[c][i] = 0.25f * tap_noise(&seed);
    }
  }
  fixture_render(p, in, out, N, 256U);
  for (uint32_t c = 0U; c < p->n_out; ++c) {
    for (uint32_t i = 0U; i < N; ++i) {
      sum += fabs((double)out[c][i]);
    }
  }
  tap_ok(isfinite(sum) && (!p->n_out || fixture_latency(p) >= N || sum > 0.0),
         "preset %s: sound comes out", label);
  free(in);
  free(out);
}

static void
check_plugin(Fixture* const fixture, const char* const uri) {
  FixturePlugin* const p = fixture_load(fixture, uri, 48000.0);
  LilvNodes* const     presets = fixture_presets(p);
  int                  n_ports = 0;
  for (uint32_t c = 0U; c < p->info->n_controls; ++c) {
    n_ports += p->info->controls[c].kind == PINNA_CONTROL_IN && !p->info->controls[c].role;
  }

  tap_diag("%s: %u presets", uri, lilv_nodes_size(presets));
  LILV_FOREACH(nodes, i, presets) {
    const LilvNode* const preset = lilv_nodes_get(presets, i);
    const char* const     label = lilv_node_as_uri(preset);
    fixture_randomise(p, &(unsigned){3U});
    tap_int(fixture_apply_preset(p, preset), n_ports, "preset %s sets every control of %s", label,
            uri);
    check_values(p, label);
    check_sound(p, label);
    LilvState* const state = fixture_read_preset(p, preset);
    tap_ok(state && lilv_state_get_label(state), "preset %s has a label", label);
    lilv_state_free(state);
  }
  lilv_nodes_free(presets);
  fixture_free(p);
}

int
main(void) {
  return fixture_try_all(check_plugin);
}
