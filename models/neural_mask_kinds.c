// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/dtln.h"
#include "models/gtcrn.h"
#include "models/mask.h"
#include "models/neural_mask_impl.h"

#include <math.h>

// The networks that can be the mask: how each is asked

static const float level_rms = 0.015f; ///< At which GTCRN tells voices apart best
static const float least_gain = 1e-4f;
static const float gtcrn_least = -2.07f; ///< ln of 18 dB: deeper, it takes speech with other voices
static const float own_least = -3.0f;    ///< ln of 26 dB: OM-LSA, shallower, lessens it

/// At the level that suits it, whatever that of the sound is
void
pinna_neural_mask_ask_gtcrn(void* const net, const NeuralMaskFrame* const frame,
                            float* const log_gain) {
  const float gain = level_rms / sqrtf(fmaxf(frame->level, 1e-9f));
  for (uint32_t k = 0U; k < PINNA_NEURAL_MASK_BANDS; ++k) {
    frame->bins[k] *= gain;
  }
  const float* const mask = pinna_gtcrn_mask((PinnaGtcrn*)net, frame->bins);
  for (uint32_t k = 0U; k < PINNA_NEURAL_MASK_BANDS; ++k) {
    const float re = mask[k];
    const float im = mask[PINNA_NEURAL_MASK_BANDS + k];
    log_gain[k] = fmaxf(logf(fminf(sqrtf(re * re + im * im + 1e-12f), 1.0f)), gtcrn_least);
  }
}

void
pinna_neural_mask_ask_own(void* const net, const NeuralMaskFrame* const frame,
                          float* const log_gain) {
  pinna_mask_frame((PinnaMask*)net, frame->bins, log_gain);
  for (uint32_t k = 0U; k < PINNA_NEURAL_MASK_BANDS; ++k) {
    log_gain[k] = fmaxf(log_gain[k], own_least);
  }
}

/// Two of its hops; its second frame is ours
void
pinna_neural_mask_ask_dtln(void* const net, const NeuralMaskFrame* const frame,
                           float* const log_gain) {
  float unused[PINNA_DTLN_HOP];
  pinna_dtln_frame((PinnaDtln*)net, frame->samples, unused);
  pinna_dtln_frame((PinnaDtln*)net, frame->samples + PINNA_DTLN_HOP, unused);
  const float* const mask = pinna_dtln_mask((const PinnaDtln*)net);
  for (uint32_t k = 0U; k < PINNA_NEURAL_MASK_BANDS; ++k) {
    log_gain[k] = logf(fminf(fmaxf(mask[k], least_gain), 1.0f));
  }
}

void
pinna_neural_mask_reset_gtcrn(void* const net) {
  pinna_gtcrn_reset((PinnaGtcrn*)net);
}

void
pinna_neural_mask_reset_own(void* const net) {
  pinna_mask_reset((PinnaMask*)net);
}

void
pinna_neural_mask_reset_dtln(void* const net) {
  pinna_dtln_reset((PinnaDtln*)net);
}
