// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch_shift.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/phase_vocoder.h"
#include "dsp/pitch_shift_impl.h"
#include "dsp/resample.h"
#include "dsp/spectrogram.h"

#include <math.h>
#include <stdint.h>

// Defaults, ratio and memory

PinnaStatus
pinna_pitch_shift_init(PinnaPitchShift** const self, PinnaArena* const arena,
                       const PinnaPitchShiftConfig* const config) {
  *self = NULL;
  const uint32_t n_fft = config->n_fft ? config->n_fft : 512U;
  const uint32_t win = config->win_length ? config->win_length : n_fft;
  const double   octave = config->bins_per_octave ? config->bins_per_octave : 12U;
  if (!config->sample_rate || config->sample_rate > 1U << 20U ||
      !(fabs(config->n_steps) <= 4.0 * octave)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const double                  rate = exp2(-config->n_steps / octave);
  PinnaPitchShift               shift = {.rate = rate};
  const PinnaPhaseVocoderConfig vocoder = {.n_bins = n_fft / 2U + 1U, .rate = rate};
  const PinnaResampleConfig     resample = {.rate_in = (uint32_t)(config->sample_rate / rate),
                                            .rate_out = config->sample_rate,
                                            .n_ch = 1U,
                                            .quality = PINNA_RESAMPLE_SINC_HANN,
                                            .aligned = true};
  PinnaSpectrogramConfig        spectrogram = pinna_spectrogram_config(n_fft);
  spectrogram.win_length = win;
  spectrogram.hop_length = config->hop_length ? config->hop_length : win / 4U;

  PinnaPitchShift* const result = PINNA_TAKE(arena, 1U, PinnaPitchShift);
  PinnaStatus            status = pinna_spectrogram_init(&shift.spectrogram, arena, &spectrogram);
  status = status ? status : pinna_phase_vocoder_init(&shift.vocoder, arena, &vocoder);
  if (!status && resample.rate_in != resample.rate_out) {
    status = pinna_resample_init(&shift.resample, arena, &resample);
  }
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }

  *result = shift;
  *self = result;
  return PINNA_STATUS_OK;
}
