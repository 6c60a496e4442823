// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DENOISE_IMPL_H
#define PINNA_DSP_DENOISE_IMPL_H

#include "base/snapshot.h"
#include "dsp/babble.h"
#include "dsp/denoise.h"
#include "dsp/denoise_kernel.h"
#include "dsp/hum.h"
#include "dsp/noise_imcra.h"
#include "dsp/noise_lull.h"
#include "dsp/noise_spp.h"
#include "dsp/omlsa.h"
#include "dsp/smooth.h"
#include "dsp/stft.h"
#include "dsp/svf.h"

#include <complex.h>
#include <stdint.h>

// What the denoiser holds, shared by its files

#define PINNA_DENOISE_CHUNK 256U
#define PINNA_DENOISE_BANDS 40U ///< Most bands of the spectral gate

typedef struct {
  PinnaHum*        hum;
  PinnaSvfState    low_cut[2];
  PinnaNoiseImcra* imcra;
  PinnaNoiseSpp*   spp;
  PinnaNoiseLull*  lull;
  PinnaOmlsa*      omlsa;
  PinnaBabble*     babble;
  float            flutter; ///< Of the lulls, smoothed
  float*           power;   ///< [n]
  float*           tracked; ///< Noise as followed [n]
  float            lowest;  ///< Mean power of bin 0
  float*           noise;   ///< All that is to go [n]
  float*           late;    ///< Smoothed reverberant power, a ring [n_late][n]
  float*           sound;   ///< Chunk on its way in [PINNA_DENOISE_CHUNK]
  float*           dry;     ///< The input, a ring [max_latency + PINNA_DENOISE_CHUNK]
  float complex**  held;    ///< Spectra that wait for look-back, a ring [max_wait][n_bins]
} PinnaDenoiseChannel;

/// Gate of one band, or of all
typedef struct {
  uint32_t first_bin; ///< Bins first_bin to the next band's
  uint32_t open;      ///< Frames that it stays open
  float    log_gain;
} PinnaDenoiseGate;

struct PinnaDenoiseImpl {
  PinnaDenoiseConfig        config;
  PinnaDenoiseParams        params;
  const PinnaDenoiseKernel* kernel;
  PinnaStft*                stft;
  PinnaDenoiseChannel       channel[PINNA_DENOISE_MAX_CHANNELS];
  uint32_t                  n_bins;
  uint32_t                  n; ///< n_bins in whole vectors
  uint32_t                  hop;
  double                    hop_s;
  double                    bin_hz;
  double                    energy;             ///< Sum of the squared analysis window
  double                    window_sum_squared; ///< Its sum, squared
  float                     keep_lowest;
  uint32_t                  half; ///< Samples from the middle of what a frame makes to its end

  float*  presence;  ///< Of the channel where it is greatest [n]
  float*  log_gain;  ///< [n]
  float*  log_floor; ///< [n]
  float*  scratch;   ///< [n]
  float*  voices;    ///< ln of the gain against voices [n]
  float*  kept;      ///< Power after the gain [n]
  float*  before;    ///< log_gain of the frame before, smoothed [n]
  double* sum;       ///< Running sums [n_bins + 1]

  uint32_t         mask_wait; ///< Of them for the mask
  uint32_t         wait;      ///< Frames that spectra wait for look-back and mask
  uint32_t         max_wait;  ///< Rows of the rings
  uint32_t         at_held;
  float*           held_gain; ///< [max_wait][n]
  PinnaDenoiseGate gate[PINNA_DENOISE_BANDS];
  uint32_t         n_gates;

  double   late_s; ///< Time to the late reverberation
  uint32_t n_late; ///< The same in frames
  uint32_t at_late;
  float    onset;      ///< Share of a transient, 0 to 1
  double   high_power; ///< Slow mean of the power above 1 kHz

  float*   mask;       ///< ln of the last mask's gains [n_bands]
  float*   mask_at;    ///< Band, with its fraction, of each bin [n]
  uint32_t n_heard;    ///< Bins up to the mask's last band
  float    mask_share; ///< Its weight, on its way to what is wanted; 0 without new masks
  uint64_t n_pushed;   ///< Samples

  uint32_t        at_dry;
  uint32_t        dry_size;
  PinnaSmoothStep step;
  PinnaSmooth     wet;        ///< Share of the processed sound, -1 when listening to the rest
  PinnaSmooth     dry;        ///< Share of the input
  PinnaSmooth     low_cut;    ///< 1: on
  PinnaSmooth     low_cut_hz; ///< ln
  bool            was_learning;

  PinnaDenoiseMeters meters;
  uint32_t           view_wait; ///< Frames to the next view
  float*             view_row;  ///< [3 * PINNA_DENOISE_VIEW]
  PinnaSnapshot      view;
};

/// A PinnaStftFrameFunc. Realtime.
void pinna_denoise_frame(void* handle, float complex* const* bins) PINNA_RT;

/// The gain of one frame from its powers: fills log_gain and presence. Realtime.
void pinna_denoise_gain(PinnaDenoise* denoise) PINNA_RT;

/// Where the noise is made of voices, another gain, the greatest of the channels', has half a say
/// in log_gain: both err, at different times. With less noise both are gentler. Realtime.
void pinna_denoise_tell_voices(PinnaDenoise* denoise) PINNA_RT;

/// Open and close the gates for the frame now analysed, and add those of the frame that leaves to
/// `log_gain` [n]. Realtime.
void pinna_denoise_gate_look(PinnaDenoise* denoise) PINNA_RT;
void pinna_denoise_gate_apply(PinnaDenoise* denoise, float* log_gain) PINNA_RT;

/// Meters and view of one frame. Realtime.
void pinna_denoise_watch(PinnaDenoise* denoise) PINNA_RT;

#endif // PINNA_DSP_DENOISE_IMPL_H
