// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_ANALYZE_IMPL_H
#define PINNA_DSP_ANALYZE_IMPL_H

#include "dsp/analyze.h"
#include "dsp/cepstrum.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "dsp/vad.h"

#include <stdint.h>

// The parts of an analyser

struct PinnaAnalyzeImpl {
  PinnaLoudness*        loudness;
  PinnaMeterStats*      stats;
  PinnaYin*             yin;
  PinnaStft*            stft;
  PinnaVad*             vad;
  PinnaDescriptors*     descriptors;
  PinnaMel*             mel;
  PinnaCepstrum*        cepstrum;
  PinnaScroll*          scroll;
  uint32_t              n_ch;
  uint32_t              hop;
  uint32_t              step;   ///< Samples between readings of gated values
  uint32_t              waited; ///< Samples since the last one
  uint32_t              done;   ///< Samples of this run before the chunk
  uint32_t              phase;  ///< Samples since the last frame, at the chunk's beginning
  uint32_t              frame;  ///< Of the chunk
  PinnaAnalyzeFrameFunc func;
  void*                 handle;
  PinnaDescriptorsFrame shape;
  double                integrated;
  double                range;
  float                 mels[PINNA_ANALYZE_N_MELS];
  float                 mfcc[PINNA_ANALYZE_N_MFCC];
};

#endif // PINNA_DSP_ANALYZE_IMPL_H
