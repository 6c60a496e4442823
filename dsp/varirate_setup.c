// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/varirate.h"

#include "dsp/varirate_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// Set-up of the varying resampler, which measures libsamplerate's hold, and whole signals

static const int converters[PINNA_N_VARIRATE_QUALITIES] = {
    SRC_SINC_BEST_QUALITY, SRC_SINC_MEDIUM_QUALITY, SRC_SINC_FASTEST};

static bool
config_is_valid(const PinnaVarirateConfig* const c) {
  const double low = c->min_ratio != 0.0 ? c->min_ratio : c->ratio;
  return c->n_ch && c->n_ch <= 64 && (unsigned)c->quality < PINNA_N_VARIRATE_QUALITIES &&
         low >= 1.0 / PINNA_VARIRATE_MAX && low <= c->ratio && c->ratio <= PINNA_VARIRATE_MAX;
}

/// Input frames that give no output yet: one less than the first that does
static uint32_t
count_hold(SRC_STATE* const state, const double ratio) {
  float    in[64] = {0};
  float    out[64] = {0};
  uint32_t n = 0;
  for (; n < 200U * (uint32_t)PINNA_VARIRATE_MAX; ++n) {
    SRC_DATA data = {
        .data_in = in, .data_out = out, .input_frames = 1, .output_frames = 1, .src_ratio = ratio};
    if (src_process(state, &data) || data.output_frames_gen) {
      break;
    }
  }
  src_reset(state);
  return n;
}

PinnaStatus
pinna_varirate_new(PinnaVarirate** const varirate, const PinnaVarirateConfig* const config) {
  if (!config_is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }
  int                  error = 0;
  PinnaVarirate* const v = calloc(1, sizeof(*v));
  if (!v) {
    return PINNA_STATUS_NO_MEM;
  }
  v->n_ch = config->n_ch;
  v->ratio_init = config->ratio;
  v->ratio_min = config->min_ratio != 0.0 ? config->min_ratio : config->ratio;
  v->in = calloc(PINNA_VARIRATE_CHUNK * v->n_ch, sizeof(float));
  v->out = calloc(2 * PINNA_VARIRATE_CHUNK * v->n_ch, sizeof(float));
  v->state = src_new(converters[config->quality], (int)v->n_ch, &error);
  if (!v->in || !v->out || !v->state) {
    pinna_varirate_free(v);
    return PINNA_STATUS_NO_MEM;
  }
  v->latency = count_hold(v->state, v->ratio_min);
  pinna_varirate_reset(v);
  *varirate = v;
  return PINNA_STATUS_OK;
}

void
pinna_varirate_free(PinnaVarirate* const v) {
  if (v) {
    src_delete(v->state);
    free(v->in);
    free(v->out);
    free(v);
  }
}

uint64_t
pinna_varirate_whole_length(const uint64_t n_in, const double ratio) {
  const double exact = (double)n_in * ratio;
  return (uint64_t)ceil(exact - exact * 1e-14); // a product just above a whole number is that
}

PinnaStatus
pinna_varirate_whole(const PinnaVarirateConfig* const config, const float* const* const in,
                     const uint64_t n_in, float* const* const out) {
  PinnaVarirateConfig fixed = *config;
  fixed.min_ratio = 0.0;
  PinnaVarirate*    v = NULL;
  const PinnaStatus status = pinna_varirate_new(&v, &fixed);
  if (status != PINNA_STATUS_OK) {
    return status;
  }
  // No silence in front; as much as the converter holds goes behind the last frame
  v->n_silence = 0;
  const uint64_t n_out = pinna_varirate_whole_length(n_in, config->ratio);
  uint64_t       done = 0;
  uint64_t       used = 0;
  float          zeros[PINNA_VARIRATE_CHUNK] = {0};
  while (done < n_out) {
    const float*   ins[64];
    float*         outs[64];
    const bool     tail = used >= n_in;
    const uint64_t left = tail ? PINNA_VARIRATE_CHUNK : n_in - used;
    for (uint32_t c = 0; c < v->n_ch; ++c) {
      ins[c] = tail ? zeros : in[c] + used;
      outs[c] = out[c] + done;
    }
    const uint64_t room = n_out - done < (1U << 20U) ? n_out - done : 1U << 20U;
    uint32_t       n = 0;
    done += pinna_varirate_run(v, ins, left < (1U << 20U) ? (uint32_t)left : 1U << 20U, &n, outs,
                               (uint32_t)room, config->ratio);
    used += n;
  }
  pinna_varirate_free(v);
  return PINNA_STATUS_OK;
}
