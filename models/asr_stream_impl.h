// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_STREAM_IMPL_H
#define PINNA_MODELS_ASR_STREAM_IMPL_H

#include "base/caption.h"
#include "dsp/resample.h"
#include "models/asr_stream.h"

// A recogniser, the resampler before it and the clock behind it

struct PinnaAsrStreamImpl {
  PinnaAsr*           asr;
  PinnaResample*      resample; ///< NULL: the stream has the recogniser's rate
  float*              low;      ///< A push at the recogniser's rate
  PinnaCaption*       caption;  ///< With the stream's positions
  const PinnaAsrSink* sink;     ///< While something is pushed
  double              rate;
  double              low_rate;
  double              delay; ///< Of the resampler, in samples of the stream
};

#endif // PINNA_MODELS_ASR_STREAM_IMPL_H
