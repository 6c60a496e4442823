// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"
#include "tests/plugins/lv2_state_fixture.h"
#include "tests/tap.h"

#include <lv2/core/lv2.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

// State goes out as text and comes back in another instance, which then sounds the same

enum { N_FRAMES = 6000 };

static void
render(FixturePlugin* const p, float* const* const out) {
  float** const in = fixture_buffers(p->n_in + 1U, N_FRAMES);
  unsigned      seed = 9U;
  for (uint32_t c = 0U; c < p->n_in; ++c) {
    for (uint32_t i = 0U; i < N_FRAMES; ++i) {
      in[c][i] = 0.25f * tap_noise(&seed);
    }
  }
  fixture_restart(p);
  fixture_render(p, in, out, N_FRAMES, 256U);
  free(in);
}

/// Text has eight decimals
static void
check_text(FixturePlugin* const a, FixturePlugin* const b, const LilvState* const saved) {
  static const char* const uri = "urn:pinna:test:state";
  Fixture* const           f = a->fixture;
  LV2_URID_Map* const      map = (LV2_URID_Map*)fixture_urid_map(f);
  LV2_URID_Unmap* const    unmap = (LV2_URID_Unmap*)fixture_urid_unmap(f);
  char* const      text = lilv_state_to_string(fixture_world(f), map, unmap, saved, uri, NULL);
  LilvState* const read = lilv_state_new_from_string(fixture_world(f), map, text);

  fixture_defaults(b);
  fixture_apply_ports(b, read);
  for (uint32_t p = 0U; p < a->n_ports; ++p) {
    const bool is_input = lilv_port_is_a(a->plugin, lilv_plugin_get_port_by_index(a->plugin, p),
                                         fixture_node(f, LV2_CORE__InputPort));
    if (is_input && a->value[p] != b->value[p]) {
      tap_near(b->value[p], a->value[p], 1e-6 * (1.0 + fabs((double)a->value[p])),
               "port %u through text", p);
    }
  }
  tap_ok(read && lilv_state_get_num_properties(read) == lilv_state_get_num_properties(saved),
         "state survives as text");
  lilv_state_free(read);
  free(text);
}

static void
check_plugin(Fixture* const fixture, const char* const uri, unsigned seed) {
  FixturePlugin* const a = fixture_load(fixture, uri, 44100.0);
  FixturePlugin* const b = fixture_load(fixture, uri, 44100.0);
  float** const        out = fixture_buffers(a->n_out + 1U, N_FRAMES);
  float** const        back = fixture_buffers(a->n_out + 1U, N_FRAMES);

  fixture_randomise(a, &seed);
  render(a, out);
  LilvState* const saved = fixture_save_state(a);
  if (tap_ok(saved, "%s saves its state", uri)) {
    fixture_restore_state(b, saved);
    for (uint32_t c = 0U; c < a->info->n_controls; ++c) {
      const uint32_t port = a->n_in + a->n_out + c;
      if (a->info->controls[c].kind == PINNA_CONTROL_IN) {
        tap_ok(a->value[port] == b->value[port], "%s restores %s", uri,
               a->info->controls[c].symbol);
      }
    }
    render(b, back);
    for (uint32_t c = 0U; c < a->n_out; ++c) {
      tap_all_equal(back[c], out[c], N_FRAMES, "%s output %u sounds the same", uri, c);
    }
    check_text(a, b, saved);
  }
  lilv_state_free(saved);
  free(out);
  free(back);
  fixture_free(a);
  fixture_free(b);
}

int
main(void) {
  Fixture* const fixture = fixture_open();
  for (uint32_t i = 0U; fixture_uri(fixture, i); ++i) {
    check_plugin(fixture, fixture_uri(fixture, i), 21U + i);
  }
  fixture_close(fixture);
  return tap_done();
}
