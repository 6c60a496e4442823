// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/file_rate.h"

#include "base/arena.h"
#include "dsp/resample.h"

#include <stddef.h>
#include <stdlib.h>

// Planes around the polyphase resampler

struct PinnaFileRateImpl {
  void*          memory;
  PinnaResample* resample;
  uint32_t       n_ch;
  uint32_t       max_out;
  uint64_t       l; ///< Output frames per m input frames
  uint64_t       m;
  float*         in[64];  ///< Planes
  float*         out[64]; ///< Planes
  float*         planes;  ///< Memory of both
};

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_resample_init((PinnaResample**)object, arena, (const PinnaResampleConfig*)config);
}

PinnaStatus
pinna_file_rate_new(PinnaFileRate** const result, const uint32_t n_ch, const uint32_t rate_in,
                    const uint32_t rate_out, const uint32_t max_in, PinnaError* const error) {
  *result = NULL;
  PinnaFileRate* const rate = (PinnaFileRate*)calloc(1U, sizeof(PinnaFileRate));
  if (!rate) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory to resample");
  }

  PinnaResampleConfig config = {.rate_in = rate_in,
                                .rate_out = rate_out,
                                .n_ch = n_ch,
                                .quality = PINNA_RESAMPLE_BEST,
                                .aligned = true};
  void*               object = NULL;
  PinnaStatus         status = pinna_arena_build(&rate->memory, &object, build, &config);
  if (status == PINNA_STATUS_UNSUPPORTED) { // Rates with no small ratio need the smaller table
    config.quality = PINNA_RESAMPLE_HIGH;
    status = pinna_arena_build(&rate->memory, &object, build, &config);
  }
  if (status) {
    free(rate);
    return pinna_fail(error, status,
                      "Cannot resample %u channels from %u Hz to %u Hz: at most 64 channels, and "
                      "rates with a common factor, such as 44100 and 48000",
                      n_ch, rate_in, rate_out);
  }

  uint32_t l = 0U;
  uint32_t m = 0U;
  rate->resample = (PinnaResample*)object;
  rate->n_ch = n_ch;
  pinna_resample_ratio(rate->resample, &l, &m);
  rate->l = l;
  rate->m = m;
  const uint32_t latency = pinna_resample_latency(rate->resample);
  const uint64_t longest = max_in > latency ? max_in : latency;
  rate->max_out = (uint32_t)(longest * l / m) + 2U;
  rate->planes = (float*)calloc(n_ch * ((size_t)max_in + rate->max_out), sizeof(float));
  if (!rate->planes) {
    pinna_file_rate_free(rate);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory to resample");
  }
  for (uint32_t c = 0U; c < n_ch; ++c) {
    rate->in[c] = rate->planes + (size_t)c * max_in;
    rate->out[c] = rate->planes + (size_t)n_ch * max_in + (size_t)c * rate->max_out;
  }
  *result = rate;
  return PINNA_STATUS_OK;
}

void
pinna_file_rate_free(PinnaFileRate* const rate) {
  if (rate) {
    pinna_arena_free(rate->memory);
    free(rate->planes);
    free(rate);
  }
}

uint32_t
pinna_file_rate_max_out(const PinnaFileRate* const rate) {
  return rate->max_out;
}

uint64_t
pinna_file_rate_length(const PinnaFileRate* const rate, const uint64_t n_in) {
  return (n_in * rate->l + rate->m - 1U) / rate->m;
}

uint32_t
pinna_file_rate_run(PinnaFileRate* const rate, const float* const in, const uint32_t n_in,
                    float* const out) {
  for (uint32_t c = 0U; in && c < rate->n_ch; ++c) {
    for (uint32_t i = 0U; i < n_in; ++i) {
      rate->in[c][i] = in[(size_t)i * rate->n_ch + c];
    }
  }

  const uint32_t n =
      in ? pinna_resample_run(rate->resample, (const float* const*)rate->in, n_in, rate->out)
         : pinna_resample_run(rate->resample, NULL, pinna_resample_latency(rate->resample),
                              rate->out);
  for (uint32_t c = 0U; c < rate->n_ch; ++c) {
    for (uint32_t i = 0U; i < n; ++i) {
      out[(size_t)i * rate->n_ch + c] = rate->out[c][i];
    }
  }
  return n;
}
