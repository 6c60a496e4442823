// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PITCH_IMPL_H
#define PINNA_DSP_PITCH_IMPL_H

#include "dsp/peakshift.h"
#include "dsp/pitch.h"
#include "dsp/psola.h"
#include "dsp/smooth.h"
#include "dsp/yin.h"

#include <stdint.h>

// What a pitch shifter holds: an engine per mode and the delayed input

#define PITCH_MAX_CHANNELS 8U

struct PinnaPitchImpl {
  PinnaPeakshift*  engine[PINNA_PITCH_N_MODES];
  PinnaPsola*      psola; ///< Heard in voice mode as far as there is a voice
  PinnaYin*        yin;
  PinnaPitchMode   mode;
  PinnaPitchTarget target;
  double           follow; ///< Semitones from the tracked fundamental to the note
  PinnaSmooth      mix;
  PinnaSmoothStep  mix_step;
  double           sample_rate;
  uint32_t         n_channels;
  uint32_t         latency;
  uint32_t         max_latency;
  uint32_t         grid;                      ///< Samples between looks at the tracker
  uint32_t         phase;                     ///< Samples since the last one
  uint32_t         delay_at;                  ///< Oldest sample of the delay lines
  float*           delay[PITCH_MAX_CHANNELS]; ///< [max_latency]
  float*           dry[PITCH_MAX_CHANNELS];   ///< [grid]
  float*           voice[PITCH_MAX_CHANNELS]; ///< [grid]
  float*           gain;                      ///< [grid]
};

#endif // PINNA_DSP_PITCH_IMPL_H
