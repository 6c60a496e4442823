// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PEAKSHIFT_H
#define PINNA_DSP_PEAKSHIFT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Pitch shifting in the frequency domain: every spectral peak moves with its surroundings

/// One object serves one stream: its channels run together, in one thread at a time
typedef struct PinnaPeakshiftImpl PinnaPeakshift;

typedef struct {
  double   sample_rate; ///< Hz, 8000 to 192000
  uint32_t n_channels;  ///< 1 to 8, moved by one map of peaks: their sum is as if shifted alone
  double   latency;     ///< Seconds at most, 0.008 to 0.25
  double   memory;      ///< Analysis window over latency, 1 to 4: longer tells closer tones apart
} PinnaPeakshiftConfig;

// After Laroche & Dolson, "New phase-vocoder techniques for pitch-shifting" (WASPAA 1999): the bins
// between two valleys belong to the peak there and move together, by a fraction of a bin too, with
// one rotation of phase. A peak that is new or rises fast starts at the phase that keeps the attack
// where it was (the group delay of its region decides); any other goes on from the rotation of the
// region which held it a frame ago. Sidelobes of a tone never count as peaks. The analysis window
// rises slowly and falls within half the latency, so that close tones are told apart by the past.
//
// Formants: each peak's region is scaled as a whole from the envelope at the peak to the one it is
// to have where it goes (dsp/envelope.h): a gain that changed within would bend the tone's envelope
// in time.
//
// At ratio 1 the rotations die away within some frames, from when on the output is the delayed
// input, within rounding.

/// What a stream is heading for
typedef struct {
  double ratio;      ///< Output frequency over input frequency, 0.25 to 4
  double formant;    ///< Envelope's shift as a ratio, 0.25 to 4, beside what `preserve` decides
  bool   preserve;   ///< The envelope stays where it is, otherwise it moves with the pitch
  double transients; ///< How readily attacks start their phase anew, 0 (never) to 1
  double glide;      ///< Time constant of the ratio's way [s], 0.001 to 1
} PinnaPeakshiftTarget;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG (a range above), NO_MEM
PINNA_API PinnaStatus pinna_peakshift_init(PinnaPeakshift** shift, PinnaArena* arena,
                                           const PinnaPeakshiftConfig* config);

/// Head for new values, from the next frame on. Ratios glide evenly in pitch. Realtime.
PINNA_API void pinna_peakshift_set(PinnaPeakshift*             shift,
                                   const PinnaPeakshiftTarget* target) PINNA_RT;

/// Be there at once. Realtime.
PINNA_API void pinna_peakshift_snap(PinnaPeakshift* shift) PINNA_RT;

/// Tell the fundamental of the voice, which the formants' envelope must not follow [Hz], from the
/// next frame on; 0, as at first: there is not one. Realtime.
PINNA_API void pinna_peakshift_set_f0(PinnaPeakshift* shift, double f0) PINNA_RT;

/// Shift. Realtime, any n_frames; how a stream is cut into calls changes no bit.
///
/// Samples that are no number, infinite or beyond ±1e9 are taken as 0.
/// @param in  Samples [n_channels][n_frames], full scale ±1
/// @param out Samples [n_channels][n_frames], delayed by pinna_peakshift_latency() whatever the
///            ratio; each may be any of `in`, from its start
PINNA_API void pinna_peakshift_run(PinnaPeakshift* shift, const float* const* in, float* const* out,
                                   uint32_t n_frames) PINNA_RT;

/// Forget all audio; targets stay and are reached at once. Realtime.
PINNA_API void pinna_peakshift_reset(PinnaPeakshift* shift) PINNA_RT;

/// Delay of `out` behind `in` in samples, constant. Realtime.
PINNA_API uint32_t pinna_peakshift_latency(const PinnaPeakshift* shift) PINNA_RT;

/// The same of a shifter that does not exist yet. Any thread.
PINNA_API uint32_t pinna_peakshift_latency_of(const PinnaPeakshiftConfig* config);

#endif // PINNA_DSP_PEAKSHIFT_H
