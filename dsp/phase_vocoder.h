// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PHASE_VOCODER_H
#define PINNA_DSP_PHASE_VOCODER_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <complex.h>
#include <stddef.h>
#include <stdint.h>

// Stretch spectra in time without changing frequencies: torchaudio.functional.phase_vocoder(),
// transforms.TimeStretch
//
// Output frame i stands at input time i rate: its magnitude lies between those of the two input
// frames around it, its phase adds up the phase steps met so far. Phases are unit phasors that are
// multiplied, which takes no arc tangent, and does not drift as TorchAudio's float32 sums do.

typedef struct {
  uint32_t n_bins; ///< n_fft / 2 + 1, 2 or more
  double   rate;   ///< Above 1 shortens; 2^-20 to 2^20
} PinnaPhaseVocoderConfig;

typedef struct PinnaPhaseVocoderImpl PinnaPhaseVocoder;

/// Allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_phase_vocoder_init(PinnaPhaseVocoder** self, PinnaArena* arena,
                                               const PinnaPhaseVocoderConfig* config);

/// Forget all phases: the next frame is a first one. Realtime.
PINNA_API void pinna_phase_vocoder_reset(PinnaPhaseVocoder* self) PINNA_RT;

/// Output frames for n_frames input frames: ceil(n_frames / rate). Realtime.
PINNA_API size_t pinna_phase_vocoder_n_frames(const PinnaPhaseVocoder* self,
                                              size_t                   n_frames) PINNA_RT;

/// One output frame between two neighbouring input frames. Realtime.
/// @param before Bins [n_bins] at or before the output's time; the first call's give the phase
/// @param after  Bins [n_bins] of the next input frame
/// @param alpha  Where between them, 0 to 1
/// @param out    Bins [n_bins], may be `before`
PINNA_API void pinna_phase_vocoder_frame(PinnaPhaseVocoder* self, const float complex* before,
                                         const float complex* after, float alpha,
                                         float complex* out) PINNA_RT;

/// A whole spectrogram, from its start. Realtime.
/// @param in  Bins [n_frames][n_bins]
/// @param out Bins [pinna_phase_vocoder_n_frames()][n_bins], not overlapping `in`
PINNA_API void pinna_phase_vocoder_run(PinnaPhaseVocoder* self, const float complex* in,
                                       size_t n_frames, float complex* out) PINNA_RT;

#endif // PINNA_DSP_PHASE_VOCODER_H
