// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BEAM_IMPL_H
#define PINNA_DSP_BEAM_IMPL_H

#include "dsp/beam.h"
#include "dsp/beam_kernel.h"
#include "dsp/stft.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

// What the beamformer holds, shared by its realtime parts and its set-up

/// Directions of the scan, 5 degrees apart
#define BEAM_N_DIRECTIONS 72U

/// Bins that the scan looks at
#define BEAM_N_SCAN 64U

/// Scan of the directions: steered response power with phase transform
typedef struct {
  uint32_t first;                     ///< Lowest bin
  uint32_t every;                     ///< From bin to bin
  float*   steer;                     ///< Phases [direction][2 n_mics][BEAM_N_SCAN], re and im
  float*   sector;                    ///< The same of the steering direction
  float*   phase;                     ///< Of the frame
  float    power[BEAM_N_DIRECTIONS];  ///< Smoothed response
  bool     inside[BEAM_N_DIRECTIONS]; ///< Cannot be told from the target
  float    contrast;                  ///< How much less the target answers at the edge of `width`
  float    total;                     ///< Smoothed sum of the weights
  float    best;                      ///< Direction of the greatest response [degrees]
  float    prior;                     ///< Probability that the target is what is loudest
} BeamScan;

/// A microphone
typedef struct {
  double   sum;     ///< Of squares since the last frame
  uint32_t repeats; ///< Samples that repeat the one before, since the last frame
  float    last;    ///< Sample
  double   power;   ///< Smoothed
  double   stuck;   ///< Smoothed share of repeats
  double   ratio;   ///< Sum of the target's over the noise's level, log10
  bool     dropped; ///< Left out
} BeamHealth;

struct PinnaBeamImpl {
  uint32_t               n_mics;
  uint32_t               n_bins;
  double                 rate;
  uint32_t               hop;
  const PinnaBeamKernel* kernel;
  PinnaStft*             stft;
  PinnaBeamParams        params;
  PinnaBeamStep          step;
  double                 alpha;    ///< 1 - lambda
  double                 norm_max; ///< Greatest |weight|^2: the white-noise gain's floor
  PinnaBeamBins          bins;
  BeamScan               scan;
  PinnaBeamMaskFunc      mask_func;
  void*                  mask_handle;

  BeamHealth health[PINNA_ARRAY_MAX];
  uint32_t   best;  ///< Microphone that hears the target best
  uint32_t   phase; ///< Samples since the last frame
  double     busy;  ///< Smoothed share of bins that are the target's
  bool       quiet; ///< The frame is digital silence

  float*          mask;       ///< [n_padded]
  float*          key_floor;  ///< Noise power of the side chain [n_padded]
  float*          out_noise;  ///< Noise power that is left in the target [n_padded]
  float*          out_ratio;  ///< Its last a-priori ratio [n_padded]
  float*          smooth;     ///< Smoothed statistic [n_padded]
  double*         evidence;   ///< Frames' worth of noise learnt [n_padded]
  double*         evidence_s; ///< The same of the target [n_padded]
  double*         helped;     ///< Mean of absent Re(-conj(ref) e) [n_padded]
  double*         spent;      ///< Mean of |e|^2 [n_padded]
  double*         away;       ///< Mean of absent [n_padded]
  double*         blend;      ///< g [n_padded]
  double          left[4]; ///< Power of the target's frames before and after, then of the noise's
  double          towards; ///< The first of them as far as it came from the target's direction
  double          heard;   ///< Frames' worth of target, up to what starts the judgement
  double          judged;  ///< Frames in `left`, up to its memory
  double          trust;   ///< In the array as a whole
  double          level;   ///< Of the array re the reference, 1 or more
  uint32_t        n_padded;
  uint32_t        n_frames; ///< Since the sound began, up to the lead
  uint32_t        next;     ///< Block to refresh
  PinnaBeamReport report;
};

/// Frames' mask from what the kernels observed
void beam_mask_run(PinnaBeam* beam, const float complex* const* bins, const float complex* key);

/// Phases of the steering direction and of the scan, after new parameters
/// @param moved The array or the elevation changed: the scan's phases as well
void beam_steer(PinnaBeam* beam, bool moved);

/// Look where the frame came from
void beam_scan_run(PinnaBeam* beam, const float complex* const* bins);

/// Listen to `n` new samples from `at`, all of one hop
void beam_health_listen(PinnaBeam* beam, const float* const* in, uint32_t at, uint32_t n);

/// At a frame: leave out and take back microphones
void beam_health_judge(PinnaBeam* beam);

/// Keep the noise of microphones that are left out where it was
void beam_health_hold(PinnaBeam* beam, uint32_t block);

/// Choose the reference microphone
void beam_health_reference(PinnaBeam* beam);

/// Judge the correction, blend it in: bins[0] becomes the target, bins[1] the residual
void beam_correct(PinnaBeam* beam, float complex* const* bins);

/// Forget what was learnt
void beam_forget(PinnaBeam* beam);

#endif // PINNA_DSP_BEAM_IMPL_H
