// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SPECMASK_H
#define PINNA_DSP_SPECMASK_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/mask_clock.h"

#include <stdbool.h>
#include <stdint.h>

// SpecAugment-style masks and a drawable spectral gate on a live stream
//
// For frame t and bin k, with the time mask T (0 to 1), the frequency masks F, the gate's gain G:
//
//     m = depth (1 - (1 - T[t]) (1 - F[t, k])),   Y = (1 - mix) X + mix (G (1 - m) X + m fill)
//
// `fill` is nothing, the running mean magnitude of the bin in the input's phase, or noise of that
// mean. Frames are 21 ms long (nearest power of two), their windows overlap by 3/4: whatever is
// masked fades in and out over a frame, without a click.

#define PINNA_SPECMASK_N_GATE_BANDS 16U
#define PINNA_SPECMASK_GATE_OPEN_DB (-100.0f) ///< A threshold at or below it never closes
#define PINNA_SPECMASK_N_VIEW 96U

typedef struct PinnaSpecmaskImpl PinnaSpecmask;

typedef struct {
  double   sample_rate; ///< Hz, 8000 to 384000
  uint32_t n_ch;        ///< Channels, 1 to 64; masks and gate are the same in all of them
} PinnaSpecmaskConfig;

typedef enum {
  PINNA_SPECMASK_ZERO = 0, ///< Silence
  PINNA_SPECMASK_MEAN,     ///< Mean magnitude of each bin over the last 2 s, phase of the input
  PINNA_SPECMASK_NOISE,    ///< Noise coloured by that mean
  PINNA_SPECMASK_N_FILLS
} PinnaSpecmaskFill;

/// Gate and gain curves go through 16 points on a logarithmic frequency axis
typedef struct {
  bool  enabled;
  bool  invert;                                    ///< Closes above the threshold
  float offset_db;                                 ///< Added to all thresholds
  float range_db;                                  ///< How much a closed gate takes away, 0 or more
  float attack;                                    ///< Seconds to open
  float release;                                   ///< Seconds to close
  float threshold_db[PINNA_SPECMASK_N_GATE_BANDS]; ///< Level of a sine, dBFS peak
  float gain_db[PINNA_SPECMASK_N_GATE_BANDS];
} PinnaSpecmaskGate;

typedef struct {
  PinnaMaskPlan     masks;
  PinnaSpecmaskFill fill;
  float             depth; ///< 0 to 1
  float             mix;   ///< 0 to 1: dry to wet, delay-matched
  PinnaSpecmaskGate gate;
} PinnaSpecmaskParams;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_specmask_init(PinnaSpecmask** self, PinnaArena* arena,
                                          const PinnaSpecmaskConfig* config);

/// Parameters for the frames to come; out of range is clamped. Realtime.
PINNA_API void pinna_specmask_set(PinnaSpecmask* self, const PinnaSpecmaskParams* params) PINNA_RT;

/// At the next frame: a time mask of full width, and new frequency masks. Realtime.
PINNA_API void pinna_specmask_trigger(PinnaSpecmask* self) PINNA_RT;

/// Realtime, any n_frames; how a stream is cut into calls changes no bit.
/// @param in  Samples [n_ch][n_frames]
/// @param out Samples [n_ch][n_frames], delayed by the latency; may equal `in`
PINNA_API void pinna_specmask_run(PinnaSpecmask* self, const float* const* in, float* const* out,
                                  uint32_t n_frames) PINNA_RT;

/// Back to the start of the stream: audio forgotten, masks begin again. Realtime.
PINNA_API void pinna_specmask_reset(PinnaSpecmask* self) PINNA_RT;

/// Constant delay in samples. Realtime.
PINNA_API uint32_t pinna_specmask_latency(const PinnaSpecmask* self) PINNA_RT;

/// Samples from frame to frame: what the mask clock counts. Realtime.
PINNA_API uint32_t pinna_specmask_hop(const PinnaSpecmask* self) PINNA_RT;

/// Share of the present frame that is covered: by the time mask, by frequency masks, and the mean
/// share of its energy that the gate takes away, 0 to 1 each. Realtime.
PINNA_API void pinna_specmask_meters(const PinnaSpecmask* self, float* time, float* freq,
                                     float* gate) PINNA_RT;

/// Frequency of gate point i, Hz: 16 points from 50 Hz to 16 kHz. Any thread.
PINNA_API double pinna_specmask_gate_hz(uint32_t i);

/// A curve through gate points, by cosines on a logarithmic frequency axis. Any thread.
/// @param points [PINNA_SPECMASK_N_GATE_BANDS]
PINNA_API float pinna_specmask_curve(const float* points, double hz);

/// What the last frame looked like, for a picture. Any thread, while another one runs.
/// @param level_db Input level in columns of a logarithmic axis from 20 Hz to 20 kHz, dBFS
///                 [PINNA_SPECMASK_N_VIEW]
/// @param kept     Gain there, 0 to 1 and above [PINNA_SPECMASK_N_VIEW]
/// @param clock    Receives what tells pinna_mask_clock_band() the bands in force; may be NULL
/// @return false before the first frame
PINNA_API bool pinna_specmask_view(const PinnaSpecmask* self, float* level_db, float* kept,
                                   PinnaMaskClock* clock);

#endif // PINNA_DSP_SPECMASK_H
