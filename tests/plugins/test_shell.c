// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/shell.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// What the shell promises to blocks, tried with a block of known latency that tells what it was
// given

enum { LATENCY = 37, N_CHANNELS = 2, N_FRAMES = 12000, GAIN = PINNA_CONTROL_FREEWHEEL + 1, STEPS };

static const PinnaScalePoint points[] = {{"one", 1.0f}, {"two", 2.0f}, {0}};
static const PinnaPort       controls[] = {
          PINNA_COMMON_CONTROLS,
          {.symbol = "gain",
           .name = "Gain",
           .def = 0.5f,
           .min = -2.0f,
           .max = 2.0f,
           .kind = PINNA_CONTROL_IN,
           .unit = PINNA_UNIT_DB},
          {.symbol = "steps",
           .name = "Steps",
           .def = 1.0f,
           .min = 1.0f,
           .max = 2.0f,
           .kind = PINNA_CONTROL_IN,
           .flags = PINNA_ENUMERATION,
           .points = points},
};
static const PinnaPort    audio[] = PINNA_AUDIO_STEREO;
static const PinnaVariant variants[] = {
    {"urn:test:delay", "Delay", audio, N_CHANNELS, N_CHANNELS, "pg:StereoGroup"}};
static const PinnaInfo info = {.name = "delay",
                               .type = "lv2:DelayPlugin",
                               .variants = variants,
                               .n_variants = 1U,
                               .controls = controls,
                               .n_controls = PINNA_COUNT(controls)};

/// Delays, inverts, and notes its calls
typedef struct {
  float    line[N_CHANNELS][LATENCY];
  uint32_t at;
  float    values[PINNA_COUNT(controls)];
  unsigned n_resets;
  unsigned n_changed;
  unsigned n_fresh;
  uint32_t longest;
  bool     finite;   ///< All inputs were
  bool     poisoned; ///< Makes a NaN in the next call
} Block;

static Block* block; ///< The one that was built last

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  (void)config;
  Block* const self = PINNA_TAKE(arena, 1U, Block);
  if (pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return pinna_arena_result(arena);
  }
  self->finite = true;
  *object = block = self;
  return PINNA_STATUS_OK;
}

static void
reset(void* const data) {
  Block* const self = (Block*)data;
  memset(self->line, 0, sizeof(self->line));
  self->at = 0U;
  ++self->n_resets;
}

static void
run(void* const data, const PinnaPluginCall* const call) {
  Block* const self = (Block*)data;
  memcpy(self->values, call->values, sizeof(self->values));
  self->n_changed += call->changed;
  self->n_fresh += call->fresh;
  self->longest = call->n_frames > self->longest ? call->n_frames : self->longest;
  for (uint32_t i = 0U; i < call->n_frames; ++i) {
    for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
      const float in = call->in[c][i];
      self->finite = self->finite && isfinite(in);
      call->out[c][i] = self->poisoned ? NAN : -self->line[c][self->at];
      self->line[c][self->at] = in;
    }
    self->at = (self->at + 1U) % LATENCY;
  }
  self->poisoned = false;
}

static uint32_t
latency(const void* const data) {
  (void)data;
  return LATENCY;
}

const PinnaPlugin pinna_plugin = {
    .info = &info, .build = build, .reset = reset, .run = run, .latency = latency};

static LV2_Handle handle;
static float      values[PINNA_COUNT(controls)];
static float      in[N_CHANNELS][N_FRAMES];
static float      out[N_CHANNELS][N_FRAMES];

static void
make_noise(unsigned seed) {
  for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
    for (uint32_t i = 0U; i < N_FRAMES; ++i) {
      in[c][i] = tap_noise(&seed);
    }
  }
}

static void
connect_audio(const uint32_t at) {
  for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
    pinna_shell_connect(handle, c, in[c] + at);
    pinna_shell_connect(handle, N_CHANNELS + c, out[c] + at);
  }
}

static void
start(void) {
  static const LV2_Descriptor descriptor = PINNA_DESCRIPTOR("urn:test:delay");
  handle = descriptor.instantiate(&descriptor, 48000.0, "", NULL);
  for (uint32_t c = 0U; c < PINNA_COUNT(controls); ++c) {
    values[c] = controls[c].def;
    pinna_shell_connect(handle, 2U * N_CHANNELS + c, &values[c]);
  }
  make_noise(1U);
  connect_audio(0U);
  pinna_shell_activate(handle);
}

static void
test_controls(void) {
  start();
  pinna_shell_run(handle, 0U);
  tap_int((long long)values[PINNA_CONTROL_LATENCY], LATENCY, "latency is told before any frame");
  values[GAIN] = 1.0f;
  pinna_shell_run(handle, 0U);
  values[STEPS] = 1.7f;
  pinna_shell_run(handle, 100U);
  tap_ok(block->values[GAIN] == 1.0f, "a change in an empty run is not lost");
  tap_ok(block->values[STEPS] == 2.0f, "an enumeration is rounded");
  tap_int(block->n_fresh, 1, "one fresh call");
  tap_int(block->n_changed, 1, "told once that values changed");
  pinna_shell_run(handle, 100U);
  tap_int(block->n_changed, 1, "and not when nothing did");

  static const float wild[][2] = {{NAN, 0.5f}, {INFINITY, 2.0f}, {-INFINITY, -2.0f}, {3.0f, 2.0f}};
  for (size_t i = 0U; i < PINNA_COUNT(wild); ++i) {
    values[GAIN] = wild[i][0];
    pinna_shell_run(handle, 1U);
    tap_ok(block->values[GAIN] == wild[i][1], "%g becomes %g", (double)wild[i][0],
           (double)wild[i][1]);
  }
  pinna_shell_connect(handle, 2U * N_CHANNELS + GAIN, NULL);
  pinna_shell_run(handle, 1U);
  tap_ok(block->values[GAIN] == 2.0f, "an unconnected control keeps its value");
  pinna_shell_cleanup(handle);
}

static void
test_enabled(void) {
  start();
  pinna_shell_run(handle, N_FRAMES / 2);
  values[PINNA_CONTROL_ENABLED] = 0.0f;
  connect_audio(N_FRAMES / 2);
  pinna_shell_run(handle, N_FRAMES / 2);

  bool wet = true;
  for (uint32_t i = LATENCY; i < N_FRAMES / 2; ++i) {
    wet = wet && out[1][i] == -in[1][i - LATENCY];
  }
  tap_ok(wet, "enabled: the block is heard as it is");

  // Wet is minus the dry sound: the gain of the mix can be read from each sample
  double largest = 0.0;
  double previous = -1.0;
  for (uint32_t i = N_FRAMES / 2; i < N_FRAMES; ++i) {
    const float dry = in[0][i - LATENCY];
    if (fabsf(dry) > 0.3f) {
      largest = fmax(largest, fabs((double)(out[0][i] / dry) - previous));
      previous = (double)(out[0][i] / dry);
    }
  }
  tap_at_most(largest, 0.03, "disabling moves gradually");
  tap_all_equal(out[0] + N_FRAMES - 500, in[0] + N_FRAMES - 500 - LATENCY, 500U,
                "disabled: the input, delayed by the latency, bit for bit");

  values[PINNA_CONTROL_ENABLED] = 1.0f;
  pinna_shell_activate(handle);
  connect_audio(0U);
  pinna_shell_run(handle, N_FRAMES);
  tap_ok(out[0][0] == 0.0f && out[0][LATENCY] == -in[0][0], "activation forgets sound and fades");
  tap_int(block->longest, PINNA_SHELL_CHUNK, "long runs come in chunks");
  pinna_shell_cleanup(handle);
}

static void
test_guards(void) {
  start();
  in[0][100] = NAN;
  in[1][200] = INFINITY;
  pinna_shell_run(handle, 300U);
  tap_ok(block->finite, "the block never sees NaN or Inf");
  tap_ok(out[0][100 + LATENCY] == 0.0f && out[0][101 + LATENCY] == -in[0][101],
         "and only the bad samples are lost");

  const unsigned n_resets = block->n_resets;
  block->poisoned = true;
  pinna_shell_run(handle, 50U);
  tap_int(block->n_resets, n_resets + 1U, "a block that makes NaN is reset");
  tap_ok(out[0][0] == 0.0f && out[1][49] == 0.0f, "and silent for that chunk");
  pinna_shell_run(handle, 50U);
  tap_ok(out[0][LATENCY] == -in[0][0], "and works again in the next");
  pinna_shell_cleanup(handle);
}

static void
test_crossed_buffers(void) {
  static float expected[N_CHANNELS][N_FRAMES];
  start();
  pinna_shell_run(handle, N_FRAMES);
  memcpy(expected, out, sizeof(out));
  pinna_shell_activate(handle);
  pinna_shell_connect(handle, 2U, in[1]);
  pinna_shell_connect(handle, 3U, in[0]);
  pinna_shell_run(handle, N_FRAMES);
  tap_all_equal(in[1], expected[0], N_FRAMES, "left may be written over the right input");
  tap_all_equal(in[0], expected[1], N_FRAMES, "right may be written over the left input");
  pinna_shell_cleanup(handle);
}

static void
test_refusals(void) {
  static const LV2_Descriptor stranger = PINNA_DESCRIPTOR("urn:test:stranger");
  static const LV2_Descriptor known = PINNA_DESCRIPTOR("urn:test:delay");
  tap_ok(!pinna_shell_instantiate(&stranger, 48000.0, "", NULL), "an unknown URI is refused");
  tap_ok(!pinna_shell_instantiate(&known, 0.0, "", NULL), "no sample rate is refused");
  tap_ok(!pinna_shell_instantiate(&known, (double)NAN, "", NULL), "a NaN sample rate is refused");
  tap_ok(!pinna_shell_extension("urn:test:nothing"), "an unknown extension is refused");
}

int
main(void) {
  test_controls();
  test_enabled();
  test_guards();
  test_crossed_buffers();
  test_refusals();
  return tap_done();
}
