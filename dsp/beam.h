// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BEAM_H
#define PINNA_DSP_BEAM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/array.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

// Adaptive beamformer: one talker out of 2 to 8 microphones, never worse than the reference one

// Per bin, the noise's inverse covariance follows by Sherman-Morrison updates in double precision
// with gain (1 - lambda)(1 - mask), the target's with (1 - lambda) mask, so that each keeps its
// memory while the other is heard; a block of bins per frame is inverted afresh, which keeps the
// load flat and the error bounded. The weights are those of Souden, Benesty and Affes (2010, eq.
// 24), or minimum variance towards the steering direction or towards the target's own principal
// eigenvector. They are smoothed and then applied as a correction of the reference microphone,
// reference + g (weights - reference): g follows from what the correction was measured to do to
// frames of noise and of speech, and from the white-noise gain's floor, so that an array that does
// not help (dead, swapped, misled) fades to the reference.
//
// The mask is the multichannel speech presence probability (Souden et al. 2011; fixed a-priori SNR
// after Gerkmann and Hendriks 2012) with a prior that depends on the direction of arrival.

typedef struct PinnaBeamImpl PinnaBeam;

typedef enum {
  PINNA_BEAM_SOUDEN = 0, ///< Both covariances: needs no geometry, adapts to rooms
  PINNA_BEAM_STEERED,    ///< Minimum variance towards azimuth and elevation
  PINNA_BEAM_RTF,        ///< Minimum variance towards what the target was heard to be
  PINNA_BEAM_N_MODES
} PinnaBeamMode;

typedef enum {
  PINNA_BEAM_MASK_AUTO = 0,  ///< Presence probability, prior from the direction
  PINNA_BEAM_MASK_PRESENCE,  ///< Presence probability alone: whatever is not steady is the target
  PINNA_BEAM_MASK_DIRECTION, ///< Direction alone: whatever comes from within `width`
  PINNA_BEAM_MASK_KEY,       ///< A close microphone at the side chain
  PINNA_BEAM_MASK_EXTERNAL,  ///< Who called pinna_beam_set_mask()
  PINNA_BEAM_N_MASKS
} PinnaBeamMask;

typedef struct {
  uint32_t n_mics; ///< 2 to PINNA_ARRAY_MAX
  double   rate;   ///< Hz, 8000 to 192000
} PinnaBeamConfig;

typedef struct {
  PinnaBeamMode mode;
  PinnaBeamMask mask;
  PinnaArray    array;        ///< n_mics as in the configuration
  double        azimuth;      ///< Degrees, -180 to 180
  double        elevation;    ///< Degrees, -90 to 90
  double        width;        ///< Degrees either side that count as the target, 5 to 90
  double        memory;       ///< Seconds, 0.05 to 10
  double        wng_floor;    ///< Least white-noise gain [dB], -10 to 10
  double        mu;           ///< Noise reduction against distortion, 0 to 10
  double        postfilter;   ///< Most that the post-filter takes away [dB], 0 (off) to 30
  double        speed;        ///< Of sound [m/s]
  int32_t       ref;          ///< Reference microphone, or -1: the one that hears the target best
  bool          learn_noise;  ///< All that is heard is noise
  bool          learn_target; ///< All that is heard is the target
  bool          freeze;       ///< Learn nothing
} PinnaBeamParams;

/// Sensible values: Souden, automatic mask, 5 cm line (8 microphones: circle)
PINNA_API PinnaBeamParams pinna_beam_defaults(uint32_t n_mics);

/// Fill mask [n_bins], 0 (noise) to 1 (target), for the frame at hand. Realtime.
/// @param bins Spectra [n_mics][n_bins]
typedef void (*PinnaBeamMaskFunc)(void* handle, const float complex* const* bins, float* mask,
                                  uint32_t n_bins);

/// What the beamformer knows
typedef struct {
  double   azimuth;  ///< Where the loudest comes from [degrees], smoothed
  double   presence; ///< Mean mask, 0 to 1
  double   wng;      ///< Mean white-noise gain re the reference microphone [dB]
  double   blend;    ///< Mean of g, 0: the reference microphone is heard, 1: the array
  uint32_t ref;      ///< Microphone that is the reference
} PinnaBeamReport;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return PINNA_STATUS_BAD_ARG, PINNA_STATUS_NO_MEM
PINNA_API PinnaStatus pinna_beam_init(PinnaBeam** beam, PinnaArena* arena,
                                      const PinnaBeamConfig* config);

/// New parameters; what was learnt stays. Values are clamped to their ranges. Realtime.
PINNA_API void pinna_beam_set(PinnaBeam* beam, const PinnaBeamParams* params) PINNA_RT;

/// Who answers for PINNA_BEAM_MASK_EXTERNAL; NULL: nobody, and the mask is automatic. Realtime.
PINNA_API void pinna_beam_set_mask(PinnaBeam* beam, PinnaBeamMaskFunc func, void* handle) PINNA_RT;

/// Forget all sound and all that was learnt. Realtime.
PINNA_API void pinna_beam_reset(PinnaBeam* beam) PINNA_RT;

/// Realtime, any n_frames; how the stream is cut does not change one bit.
/// @param in       Samples [n_mics][n_frames], full scale +-1; bad samples count as 0
/// @param key      Side chain [n_frames], or NULL
/// @param out      Target [n_frames], delayed by pinna_beam_latency(); may be any of `in`
/// @param residual Delayed reference microphone less `out` [n_frames]; may be any of `in`
PINNA_API void pinna_beam_run(PinnaBeam* beam, const float* const* in, const float* key, float* out,
                              float* residual, uint32_t n_frames) PINNA_RT;

/// The STFT's window in samples: 1024 at 44.1 and 48 kHz. Realtime.
PINNA_API uint32_t pinna_beam_latency(const PinnaBeam* beam) PINNA_RT;

PINNA_API PinnaBeamReport pinna_beam_report(const PinnaBeam* beam) PINNA_RT;

/// Weights [n_mics] of one bin as in use, g included: out = sum conj(w) in. Realtime.
PINNA_API void pinna_beam_weights(const PinnaBeam* beam, uint32_t bin,
                                  double complex* weights) PINNA_RT;

/// Bins of a frame, latency / 2 + 1. Realtime.
PINNA_API uint32_t pinna_beam_n_bins(const PinnaBeam* beam) PINNA_RT;

#endif // PINNA_DSP_BEAM_H
