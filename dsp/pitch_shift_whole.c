// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch_shift.h"

#include "base/status.h"
#include "dsp/phase_vocoder.h"
#include "dsp/pitch_shift_impl.h"
#include "dsp/resample.h"
#include "dsp/spectrogram.h"

#include <complex.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Stretch, then play the result at another rate

/// Resample all of `in` [n_in], in blocks that fit `block`; keep the first n_out
static void
resample(PinnaResample* const r, const float* const in, const size_t n_in, float* const out,
         const size_t n_out, float* const block, const uint32_t n_block) {
  const size_t n_all = n_in + pinna_resample_latency(r);
  size_t       done = 0U;
  pinna_resample_reset(r);
  for (size_t i = 0U; i < n_all && done < n_out;) {
    const size_t end = i < n_in ? n_in : n_all;
    uint32_t     n = end - i < n_block ? (uint32_t)(end - i) : n_block;
    while (pinna_resample_n_out(r, n) > n_block && n > 1U) {
      n /= 2U;
    }
    const float* from[1] = {in + i};
    float*       to[1] = {block};
    const size_t got = pinna_resample_run(r, i < n_in ? from : NULL, n, to);
    const size_t keep = got < n_out - done ? got : n_out - done;
    memcpy(out + done, block, keep * sizeof(float));
    done += keep;
    i += n;
  }
  memset(out + done, 0, (n_out - done) * sizeof(float));
}

static PinnaStatus
shift(PinnaPitchShift* const self, const float* const in, const size_t n, float* const out,
      float complex* const bins, float complex* const stretched, float* const signal) {
  const size_t n_frames = pinna_spectrogram_n_frames(self->spectrogram, n);
  const size_t n_stretched = pinna_phase_vocoder_n_frames(self->vocoder, n_frames);
  const size_t length = (size_t)rint((double)n / self->rate);
  float        block[4096];
  PinnaStatus  status = pinna_spectrogram_forward(self->spectrogram, in, n, bins);
  if (status) {
    return status;
  }
  pinna_phase_vocoder_run(self->vocoder, bins, n_frames, stretched);
  status = pinna_spectrogram_inverse(self->spectrogram, stretched, n_stretched, length, signal);
  if (!status && self->resample) {
    resample(self->resample, signal, length, out, n, block, 4096U);
  } else if (!status) {
    memcpy(out, signal, (length < n ? length : n) * sizeof(float));
  }
  return status;
}

PinnaStatus
pinna_pitch_shift_run(PinnaPitchShift* const self, const float* const in, const size_t n_samples,
                      float* const out) {
  const size_t n_frames = pinna_spectrogram_n_frames(self->spectrogram, n_samples);
  const size_t n_bins = pinna_spectrogram_n_bins(self->spectrogram);
  const size_t n_stretched = pinna_phase_vocoder_n_frames(self->vocoder, n_frames);
  const size_t length = (size_t)rint((double)n_samples / self->rate);
  if (!n_frames || n_samples >= 1U << 31U || !length) {
    return PINNA_STATUS_BAD_ARG;
  }

  float complex* const bins = malloc(n_frames * n_bins * sizeof(float complex));
  float complex* const stretched = malloc(n_stretched * n_bins * sizeof(float complex));
  float* const         signal = malloc(length * sizeof(float));
  const PinnaStatus    status = bins && stretched && signal
                                    ? shift(self, in, n_samples, out, bins, stretched, signal)
                                    : PINNA_STATUS_NO_MEM;
  free(bins);
  free(stretched);
  free(signal);
  return status;
}
