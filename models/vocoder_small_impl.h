// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_VOCODER_SMALL_IMPL_H
#define PINNA_MODELS_VOCODER_SMALL_IMPL_H

#include "dsp/phase_steps.h"
#include "models/vocoder_small.h"
#include "nn/session.h"

// A session, what makes sound of its answers, and the frame that it answers to

struct PinnaVocoderSmallImpl {
  PinnaSession*    session;
  void*            memory;
  PinnaPhaseSteps* steps;
  float*           mel;
  const float*     magnitude;
  const float*     head;
  double           macs;
  float            frame[PINNA_VOCODER_SMALL_MELS]; ///< ln, of the frame before the newest
};

#endif // PINNA_MODELS_VOCODER_SMALL_IMPL_H
