// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MEL_EDIT_H
#define PINNA_DSP_MEL_EDIT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Change a voice in its mel frames, between analysis and a vocoder: frame by frame, realtime
//
// A frame is taken apart as ln mel = envelope + fine structure, the envelope by a cosine transform
// that rests on the peaks (Roebel & Rodet's "true envelope", DAFx 2005, on mel bands), and what
// belongs to the pitch and what to the vocal tract are moved along frequency on their own. Bands
// above about 1 kHz are wider than harmonics, so that there is little fine structure to move there.

/// One voice; one thread at a time
typedef struct PinnaMelEditImpl PinnaMelEdit;

typedef struct {
  uint32_t n_mels; ///< Bands on Slaney's scale, 16 to 256
  double   f_min;  ///< Hz of the lowest triangle's edge
  double   f_max;  ///< Hz of the highest's
  double   hop_s;  ///< Seconds between frames
} PinnaMelEditConfig;

/// All 0 after init: frames pass unchanged, bit for bit
typedef struct {
  double pitch;      ///< Semitones, -24 to 24: moves the fine structure
  double formant;    ///< Semitones, -24 to 24: moves the envelope
  double robot_hz;   ///< Fine structure of one pitch, 50 to 500 Hz; 0: the voice's own
  double whisper;    ///< 0 to 1: takes the fine structure and the lowest octaves away
  double blur;       ///< 0 to 1: smooths along frequency, up to 9 bands
  double smooth_s;   ///< Time constant of smoothing along time, 0 to 2 s
  double denoise_db; ///< Most attenuation of noise by OM-LSA, 0 to 40 dB
  bool   freeze;     ///< Holds the last frame
} PinnaMelEditParams;

/// Plan and allocate. Not realtime. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_mel_edit_init(PinnaMelEdit** self, PinnaArena* arena,
                                          const PinnaMelEditConfig* config);

/// Values beyond their ranges are held there, ones that are no number count as 0. Realtime.
PINNA_API void pinna_mel_edit_set(PinnaMelEdit* self, const PinnaMelEditParams* params) PINNA_RT;

/// The next frame, in place. Realtime.
/// @param mel ln of magnitudes [n_mels], finite
PINNA_API void pinna_mel_edit_run(PinnaMelEdit* self, float* mel) PINNA_RT;

/// The envelope of a frame. Realtime.
/// @param mel      [n_mels]
/// @param envelope Receives [n_mels], not overlapping
PINNA_API void pinna_mel_edit_envelope(PinnaMelEdit* self, const float* mel,
                                       float* envelope) PINNA_RT;

/// Forget all frames; the parameters stay. Realtime.
PINNA_API void pinna_mel_edit_reset(PinnaMelEdit* self) PINNA_RT;

#endif // PINNA_DSP_MEL_EDIT_H
