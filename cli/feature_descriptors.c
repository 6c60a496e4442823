// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "cli/feature_kinds.h"
#include "dsp/descriptors.h"
#include "dsp/meter_stats.h"
#include "dsp/stft.h"

#include <math.h>
#include <stdlib.h>

// Curves that describe spectra and levels

/// A transform that hands its frames to the descriptors, and where their rows go
typedef struct {
  PinnaStft*        stft;
  PinnaDescriptors* descriptors;
  CliMatrix*        out;
  uint32_t          row;
} Analysis;

typedef struct {
  PinnaStftConfig        stft;
  PinnaDescriptorsConfig descriptors;
} AnalysisConfig;

static PinnaStatus
build_analysis(void** const object, PinnaArena* const arena, const void* const data) {
  const AnalysisConfig* const config = (const AnalysisConfig*)data;
  Analysis* const             self = PINNA_TAKE(arena, 1U, Analysis);
  Analysis                    made = {0};
  PinnaStatus                 status = pinna_stft_init(&made.stft, arena, &config->stft);
  if (!status) {
    status = pinna_descriptors_init(&made.descriptors, arena, &config->descriptors);
  }
  if (status || pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return status ? status : pinna_arena_result(arena);
  }
  *self = made;
  *object = self;
  return PINNA_STATUS_OK;
}

static void
on_frame(void* const handle, float complex* const* const bins) {
  Analysis* const       self = (Analysis*)handle;
  PinnaDescriptorsFrame frame;
  pinna_descriptors_frame(self->descriptors, bins[0], &frame);
  if (self->row < self->out->n_rows) {
    float* const row = self->out->values + 5U * (size_t)self->row++;
    row[0] = frame.centroid;
    row[1] = frame.spread;
    row[2] = frame.rolloff;
    row[3] = frame.flux;
    row[4] = frame.flatness;
  }
}

static void
feed(Analysis* const self, const CliFeatureCall* const call) {
  for (size_t at = 0U; at < call->n_samples;) {
    const size_t       left = call->n_samples - at;
    const uint32_t     n = left < 65536U ? (uint32_t)left : 65536U;
    const float* const in = call->in[0] + at;
    pinna_stft_run(self->stft, &in, NULL, n, on_frame, self);
    at += n;
  }
}

PinnaStatus
cli_feature_descriptors(const CliFeatureCall* const call, CliMatrix* const out,
                        CliFeatureInfo* const info, PinnaError* const error) {
  const CliFeatureOptions* const o = call->options;
  const uint32_t                 n_fft = o->n_fft ? o->n_fft : 1024U;
  const double                   step = o->frame_shift > 0.0 ? 0.001 * o->frame_shift : 0.01;
  const uint32_t       hop = o->hop_length ? o->hop_length : (uint32_t)lround(step * call->rate);
  const AnalysisConfig config = {
      .stft = {.n_in = 1U, .n_fft = n_fft, .hop_length = hop, .first_frame = n_fft},
      .descriptors = {.sample_rate = call->rate, .n_fft = n_fft},
  };
  void*       memory = NULL;
  void*       object = NULL;
  PinnaStatus status = pinna_arena_build(&memory, &object, build_analysis, &config);
  if (status == PINNA_STATUS_BAD_ARG) {
    return pinna_fail(error, status, "n_fft or hop_length is out of range");
  }
  if (status) {
    return status;
  }
  Analysis* const self = (Analysis*)object;
  self->out = out;
  const size_t n = call->n_samples < n_fft ? 0U : (call->n_samples - n_fft) / hop + 1U;
  status = cli_feature_make(call, out, n, 5U, error);
  if (!status) {
    feed(self, call);
  }
  pinna_arena_free(memory);
  static const char* const names[] = {"centroid", "spread", "rolloff", "flux", "flatness"};
  for (uint32_t i = 0U; i < 5U; ++i) {
    info->columns[i] = names[i];
  }
  info->frame_seconds = hop / call->rate;
  info->first_seconds = 0.5 * n_fft / call->rate;
  info->unit = "Hz";
  info->n_shown = 3U;
  info->row_major = true;
  return status;
}

static PinnaStatus
build_stats(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_meter_stats_init((PinnaMeterStats**)object, arena,
                                (const PinnaMeterStatsConfig*)config);
}

PinnaStatus
cli_feature_level(const CliFeatureCall* const call, CliMatrix* const out,
                  CliFeatureInfo* const info, PinnaError* const error) {
  const PinnaMeterStatsConfig config = {.sample_rate = call->rate, .n_ch = call->n_ch};
  const double   step = call->options->frame_shift > 0.0 ? 0.001 * call->options->frame_shift : 0.1;
  const uint32_t hop = (uint32_t)lround(step * call->rate);
  void*          memory = NULL;
  void*          object = NULL;
  PinnaStatus    status = pinna_arena_build(&memory, &object, build_stats, &config);
  if (status || !hop) {
    pinna_arena_free(memory);
    return pinna_fail(error, status ? status : PINNA_STATUS_BAD_ARG,
                      "levels are not for this rate or step");
  }
  PinnaMeterStats* const self = (PinnaMeterStats*)object;
  status = cli_feature_make(call, out, call->n_samples / hop, 4U, error);
  for (size_t r = 0U; !status && r < out->n_rows; ++r) {
    const float*           in[64];
    PinnaMeterStatsReading reading;
    for (uint32_t c = 0U; c < call->n_ch; ++c) {
      in[c] = call->in[c] + r * hop;
    }
    pinna_meter_stats_run(self, in, hop);
    pinna_meter_stats_moment(self, &reading);
    float* const row = out->values + 4U * r;
    row[0] = (float)(20.0 * log10(fmax(reading.rms, 1e-10)));
    row[1] = (float)(20.0 * log10(fmax(reading.peak, 1e-10)));
    row[2] = (float)(20.0 * log10(fmax(reading.crest, 1.0)));
    row[3] = (float)reading.dc;
  }
  pinna_arena_free(memory);
  static const char* const names[] = {"rms_db", "peak_db", "crest_db", "dc"};
  for (uint32_t i = 0U; i < 4U; ++i) {
    info->columns[i] = names[i];
  }
  info->frame_seconds = info->first_seconds = hop / call->rate;
  info->unit = "dBFS";
  info->n_shown = 2U;
  info->row_major = true;
  return status;
}
