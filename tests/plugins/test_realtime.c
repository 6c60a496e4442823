// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"
#include "tests/plugins/lv2_state_fixture.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Nothing that run() of any plugin reaches allocates, locks or enters the kernel, whatever moves:
// in time, where workers run beside it, and freewheeling, where it does their work itself

enum { BLOCK = 256, N_BLOCKS = 120 };

typedef struct {
  FixturePlugin* plugin;
  float**        in;
  float**        out;
  float*         scripts; ///< Values of all ports, one row per block [N_BLOCKS][n_ports]
} Session;

/// What the host does about time
typedef enum { IN_TIME, FREEWHEEL, BOTH_BY_TURNS } Pace;

static void
write_scripts(Session* const session, const Pace pace) {
  FixturePlugin* const p = session->plugin;
  LilvNodes* const     presets = fixture_presets(p);
  unsigned             seed = 77U;
  LilvIter*            at = lilv_nodes_begin(presets);
  for (int b = 0; b < N_BLOCKS; ++b) {
    if (b % 3 == 0) {
      fixture_randomise(p, &seed);
    } else if (b % 3 == 1 && presets && !lilv_nodes_is_end(presets, at)) {
      fixture_apply_preset(p, lilv_nodes_get(presets, at));
      at = lilv_nodes_next(presets, at);
    }
    *fixture_control(p, "enabled") = (float)(b % 7 != 6);
    *fixture_control(p, "freewheel") =
        pace == BOTH_BY_TURNS ? (float)(b % 11 == 10) : (float)(pace == FREEWHEEL);
    memcpy(session->scripts + (size_t)b * p->n_ports, p->value, p->n_ports * sizeof(float));
  }
  lilv_nodes_free(presets);
}

/// The realtime part alone: values change, then a block runs; some blocks are empty or hold NaN
static void
play(void* const data) {
  const Session* const session = (const Session*)data;
  FixturePlugin* const p = session->plugin;
  for (int b = 0; b < N_BLOCKS; ++b) {
    memcpy(p->value, session->scripts + (size_t)b * p->n_ports, p->n_ports * sizeof(float));
    for (uint32_t c = 0U; c < p->n_in; ++c) {
      session->in[c][7] = b % 20 == 19 ? NAN : 0.1f;
    }
    fixture_run(p, session->in, session->out, b % 13 == 12 ? 0U : BLOCK - (uint32_t)b);
  }
}

/// The first block is outside: where freewheeling begins, a plugin may wait for its worker
static void
begin(const Session* const session, const Pace pace) {
  FixturePlugin* const p = session->plugin;
  fixture_restart(p);
  *fixture_control(p, "freewheel") = (float)(pace == FREEWHEEL);
  fixture_run(p, session->in, session->out, BLOCK);
}

static void
check_pace(Session* const session, const Pace pace) {
  static const char* const names[] = {"in time", "freewheeling", "freewheeling now and then"};
  const char* const        uri = session->plugin->variant->uri;
  write_scripts(session, pace);
  begin(session, pace);
  rt_trap_reset();
  rt_trap_enter();
  play(session);
  rt_trap_leave();
  rt_trap_check("run() of %s is realtime, %s", uri, names[pace]);
  begin(session, pace);
  rt_trap_check_seccomp(play, session, "run() of %s makes no system call, %s", uri, names[pace]);
}

static void
check_plugin(Fixture* const fixture, const char* const uri) {
  Session session = {fixture_load(fixture, uri, 48000.0), NULL, NULL, NULL};
  session.in = fixture_buffers(session.plugin->n_in + 1U, BLOCK);
  session.out = fixture_buffers(session.plugin->n_out + 1U, BLOCK);
  session.scripts = (float*)calloc((size_t)N_BLOCKS * session.plugin->n_ports, sizeof(float));
  unsigned seed = 3U;
  for (uint32_t c = 0U; c < session.plugin->n_in; ++c) {
    for (uint32_t i = 0U; i < BLOCK; ++i) {
      session.in[c][i] = 0.25f * tap_noise(&seed);
    }
  }

  if (session.plugin->info->has_workers) {
    check_pace(&session, IN_TIME);
    check_pace(&session, FREEWHEEL);
  } else {
    check_pace(&session, BOTH_BY_TURNS);
  }
  tap_ok(!session.plugin->info->inline_display || fixture_n_redraws(fixture) > 0U,
         "%s asked to be drawn again", uri);

  fixture_free(session.plugin);
  free(session.in);
  free(session.out);
  free(session.scripts);
}

int
main(void) {
  return fixture_try_all(check_plugin);
}
