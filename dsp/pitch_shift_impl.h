// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PITCH_SHIFT_IMPL_H
#define PINNA_DSP_PITCH_SHIFT_IMPL_H

#include "dsp/phase_vocoder.h"
#include "dsp/pitch_shift.h"
#include "dsp/resample.h"
#include "dsp/spectrogram.h"

// What a pitch shifter holds

struct PinnaPitchShiftImpl {
  double             rate; ///< Output per input frame of the vocoder is 1 / rate
  PinnaSpectrogram*  spectrogram;
  PinnaPhaseVocoder* vocoder;
  PinnaResample*     resample; ///< NULL if the rates are equal
};

#endif // PINNA_DSP_PITCH_SHIFT_IMPL_H
