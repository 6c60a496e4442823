// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_stream.h"

#include "models/asr_stream_impl.h"

#include <math.h>

// Samples to the recogniser's rate, captions to the stream's

static uint64_t
position(const PinnaAsrStream* const self, const uint64_t low) {
  const double at = (double)low * self->rate / self->low_rate - self->delay;
  return at > 0.0 ? (uint64_t)(at + 0.5) : 0U;
}

static void
take(void* const handle, const PinnaCaption* const told) {
  PinnaAsrStream* const self = (PinnaAsrStream*)handle;
  PinnaCaption* const   caption = self->caption;
  *caption = *told;
  caption->rate = (uint32_t)(self->rate + 0.5);
  caption->start = position(self, told->start);
  caption->end = position(self, told->end);
  for (uint32_t i = 0U; i < caption->n_words; ++i) {
    caption->words[i].start = position(self, told->words[i].start);
    caption->words[i].end = position(self, told->words[i].end);
  }
  self->sink->take(self->sink->handle, caption);
}

void
pinna_asr_stream_push(PinnaAsrStream* const self, const float* const samples,
                      const uint32_t n_samples, const PinnaAsrSink* const sink) {
  const PinnaAsrSink own = {self, take};
  self->sink = sink;
  if (self->resample) {
    const uint32_t n = pinna_resample_run(self->resample, &samples, n_samples, &self->low);
    pinna_asr_push(self->asr, self->low, n, &own);
  } else {
    pinna_asr_push(self->asr, samples, n_samples, &own);
  }
}

void
pinna_asr_stream_finish(PinnaAsrStream* const self, const PinnaAsrSink* const sink) {
  const PinnaAsrSink own = {self, take};
  self->sink = sink;
  pinna_asr_finish(self->asr, &own);
}

void
pinna_asr_stream_skip(PinnaAsrStream* const self, const uint64_t n_samples,
                      const PinnaAsrSink* const sink) {
  const PinnaAsrSink own = {self, take};
  self->sink = sink;
  pinna_asr_skip(self->asr, (uint64_t)llrint((double)n_samples * self->low_rate / self->rate),
                 &own);
}

void
pinna_asr_stream_reset(PinnaAsrStream* const self) {
  if (self->resample) {
    pinna_resample_reset(self->resample);
  }
  pinna_asr_reset(self->asr);
}
