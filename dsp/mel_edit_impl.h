// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MEL_EDIT_IMPL_H
#define PINNA_DSP_MEL_EDIT_IMPL_H

#include "dsp/mel_edit.h"
#include "dsp/noise_spp.h"
#include "dsp/omlsa.h"

// One voice's tables and frames

struct PinnaMelEditImpl {
  PinnaMelEditConfig config;
  PinnaMelEditParams params;
  PinnaNoiseSpp*     spp;
  PinnaOmlsa*        omlsa;
  uint32_t           n_keep;   ///< Coefficients of the envelope
  float*             dct;      ///< [n_mels x n_keep], orthonormal columns
  float*             hz;       ///< [n_mels] centres
  float*             power;    ///< [n_mels]
  float*             noise;    ///< [n_mels]
  float*             envelope; ///< [n_mels]
  float*             fine;     ///< [n_mels]
  float*             comb;     ///< [n_mels] fine structure of robot_hz
  float*             past;     ///< [n_mels] the last frame that went out
  float*             work;     ///< [n_mels]
  float*             terms;    ///< [n_keep]
  bool               has_past;
};

#endif // PINNA_DSP_MEL_EDIT_IMPL_H
