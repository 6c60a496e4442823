// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DENOISE_H
#define PINNA_DSP_DENOISE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/mask_provider.h"
#include "dsp/noise_profile.h"

#include <stdbool.h>
#include <stdint.h>

// Speech from noise: hum, rumble, steady and learned noise, late reverberation, gates

/// One mono stream or linked channels; one thread at a time
typedef struct PinnaDenoiseImpl PinnaDenoise;

#define PINNA_DENOISE_MAX_CHANNELS 8U

/// Most look-back of the gates [s]
#define PINNA_DENOISE_MAX_LOOKBACK 0.150

typedef enum {
  PINNA_DENOISE_ADAPTIVE = 0, ///< Noise is followed
  PINNA_DENOISE_PROFILE,      ///< Noise is what was learned; followed until something was
  PINNA_DENOISE_HYBRID,       ///< The greater of both
  PINNA_N_DENOISE_MODES
} PinnaDenoiseMode;

typedef enum {
  PINNA_DENOISE_IMCRA = 0, ///< Sure: waits for a window's minimum
  PINNA_DENOISE_SPP,       ///< Fast: follows within 0.1 to 0.5 s
  PINNA_N_DENOISE_METHODS
} PinnaDenoiseMethod;

typedef enum {
  PINNA_GATE_OFF = 0,
  PINNA_GATE_SPECTRAL, ///< Each of the bands by itself
  PINNA_GATE_VOICE,    ///< All at once, by the SNR of the speech band
  PINNA_N_GATES
} PinnaGateKind;

typedef struct {
  double                   rate;        ///< Hz, 8000 to 384000
  uint32_t                 n_channels;  ///< 1 to PINNA_DENOISE_MAX_CHANNELS, one gain for all
  bool                     low_latency; ///< 8 instead of 21.3 ms
  PinnaNoiseProfile*       profile;     ///< Of pinna_denoise_n_bins() bins, or NULL
  const PinnaMaskProvider* mask;        ///< Or NULL
} PinnaDenoiseConfig;

typedef struct {
  PinnaDenoiseMode      mode;
  PinnaDenoiseMethod    method;
  PinnaProfileStatistic statistic; ///< Of the profile
  PinnaGateKind         gate;
  bool                  learn;        ///< Add what comes to the profile
  bool                  listen;       ///< Hear what is taken away
  double                reduction_db; ///< Most attenuation, 0 to 40; at 0 nothing is changed
  double                sensitivity;  ///< 0 (most is speech) to 1 (most is noise), neutral 0.5
  double                speed_s;      ///< Window of the noise tracker, 0.1 to 10
  double                smoothing;    ///< Against musical noise, 0 to 1
  double                preserve;     ///< Keep transients and steady tones, 0 to 1
  double                whitening;    ///< Colour of what remains: 0 as it was, 1 white
  double                hum_hz;       ///< 0: off; 50, 60: comb at its harmonics
  double                rumble_hz;    ///< Low cut, 24 dB per octave; below 10: off
  double                dereverb;     ///< Late reverberation, 0 to 1
  double                rt60_s;       ///< Of the room, 0.1 to 5
  double                threshold_db; ///< SNR that opens the gate
  double                hold_s;       ///< Gate stays open, 0 to 2
  double                range_db;     ///< Attenuation of the closed gate, 0 to 90
  double                mix;          ///< 0 (dry) to 1
  double                mask;         ///< Weight of the mask provider's gain, 0 to 1
} PinnaDenoiseParams;

/// What the meters show, of the last frames
typedef struct {
  float reduction_db; ///< Of the whole spectrum's power, 0 or more
  float snr_db;       ///< Speech over noise, -20 to 60
  float vad;          ///< Probability of voice, 0 to 1
} PinnaDenoiseMeters;

/// Points of a view, at pinna_denoise_view_hz()
#define PINNA_DENOISE_VIEW 96U

/// For a picture: levels in dBFS and gain in dB
typedef struct {
  float input_db[PINNA_DENOISE_VIEW];
  float noise_db[PINNA_DENOISE_VIEW];
  float gain_db[PINNA_DENOISE_VIEW];
} PinnaDenoiseView;

/// A voice in steady noise: adaptive, 18 dB
PINNA_API PinnaDenoiseParams pinna_denoise_defaults(void);

/// Bins of the transform at a rate: what a profile is built for. 1024 samples at 48 kHz.
PINNA_API uint32_t pinna_denoise_n_bins(double rate);

/// Plan and allocate. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_denoise_init(PinnaDenoise** denoise, PinnaArena* arena,
                                         const PinnaDenoiseConfig* config);

/// Choose what changes the latency, and forget all audio. Realtime.
/// @param lookback_s 0 to PINNA_DENOISE_MAX_LOOKBACK: the gates open this much before what opens
/// them
/// @param with_mask Wait for the mask provider's n_latency (init does); else its masks, as far as
/// they are used, come from that much before
PINNA_API void pinna_denoise_prepare(PinnaDenoise* denoise, double lookback_s,
                                     bool with_mask) PINNA_RT;

/// Forget all audio, keep the look-back. Realtime.
PINNA_API void pinna_denoise_reset(PinnaDenoise* denoise) PINNA_RT;

/// New values, reached without clicks. Realtime.
PINNA_API void pinna_denoise_set(PinnaDenoise* denoise, const PinnaDenoiseParams* params) PINNA_RT;

/// Jump to the values: no glides from what was. Realtime.
PINNA_API void pinna_denoise_snap(PinnaDenoise* denoise) PINNA_RT;

/// The same bits however a stream is cut. Realtime, any n_frames.
/// @param in  Samples [n_channels][n_frames]
/// @param out Samples [n_channels][n_frames]; each may be the same channel of `in`
PINNA_API void pinna_denoise_run(PinnaDenoise* denoise, const float* const* in, float* const* out,
                                 uint32_t n_frames) PINNA_RT;

/// Delay of `out` behind `in` [samples], constant from prepare to prepare. Realtime.
PINNA_API uint32_t pinna_denoise_latency(const PinnaDenoise* denoise) PINNA_RT;

/// The longest that pinna_denoise_latency() can be. Not realtime.
PINNA_API uint32_t pinna_denoise_max_latency(const PinnaDenoise* denoise);

PINNA_API PinnaDenoiseMeters pinna_denoise_meters(const PinnaDenoise* denoise) PINNA_RT;

/// Frequency of a view's point [Hz], 20 to 20000 on a logarithmic scale. Any thread.
PINNA_API double pinna_denoise_view_hz(uint32_t point);

/// What the last frames looked like. Any thread.
/// @return false: nothing to see, or changing just now; `view` may be changed
PINNA_API bool pinna_denoise_view(const PinnaDenoise* denoise, PinnaDenoiseView* view) PINNA_RT;

/// Another number for each new view: what to watch for drawing again. Realtime.
PINNA_API uint32_t pinna_denoise_view_version(const PinnaDenoise* denoise) PINNA_RT;

#endif // PINNA_DSP_DENOISE_H
