// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_stream.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/resample.h"
#include "models/asr_stream_impl.h"

#include <math.h>

// Memory of a stream

uint32_t
pinna_asr_stream_chunk(const PinnaAsrModel* const model, const double rate) {
  const PinnaAcoustic* const acoustic = pinna_asr_model_acoustic(model);
  return (uint32_t)fmax(1.0, rint(acoustic->chunk * rate / acoustic->rate));
}

PinnaStatus
pinna_asr_stream_init(PinnaAsrStream** const self, PinnaArena* const arena,
                      const PinnaAsrStreamConfig* const config) {
  const uint32_t            low_rate = pinna_asr_model_acoustic(config->model)->rate;
  const PinnaResampleConfig down = {
      .rate_in = (uint32_t)lrint(config->rate), .rate_out = low_rate, .n_ch = 1U};
  PinnaResample* resample = NULL;
  *self = NULL;
  if (!(config->rate >= 1000.0) || !(config->rate <= 384000.0) || !config->max_push) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaAsrStream* const stream = PINNA_TAKE(arena, 1U, PinnaAsrStream);
  if (down.rate_in != down.rate_out) {
    const PinnaStatus status = pinna_resample_init(&resample, arena, &down);
    if (status) {
      return status;
    }
  }
  const double        most = ceil((double)config->max_push * low_rate / config->rate) + 64.0;
  float* const        low = PINNA_TAKE(arena, (size_t)most, float);
  PinnaCaption* const caption = PINNA_TAKE(arena, 1U, PinnaCaption);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *stream = (PinnaAsrStream){.asr = pinna_asr_model_asr(config->model),
                             .resample = resample,
                             .low = low,
                             .caption = caption,
                             .rate = config->rate,
                             .low_rate = low_rate,
                             .delay = resample ? (double)pinna_resample_latency(resample) : 0.0};
  pinna_asr_stream_reset(stream);
  *self = stream;
  return PINNA_STATUS_OK;
}
