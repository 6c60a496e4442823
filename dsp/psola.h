// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PSOLA_H
#define PINNA_DSP_PSOLA_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/yin.h"

#include <stdint.h>

// Pitch shifting period by period: one voice, its waveform and formants kept or moved at will

/// One object serves one stream: its channels run together, in one thread at a time
typedef struct PinnaPsolaImpl PinnaPsola;

typedef struct {
  double    sample_rate; ///< Hz, 8000 to 192000
  uint32_t  n_channels;  ///< 1 to 8, cut at the same moments: their sum is as if shifted alone
  uint32_t  latency;     ///< Samples, 0.01 to 0.1 s; periods up to nearly half of it are whole
  PinnaYin* yin;         ///< The tracker, which this object runs; of n_channels channels
} PinnaPsolaConfig;

// Time-domain pitch-synchronous overlap-add (Moulines & Charpentier, Speech Communication 9, 1990).
// Epochs follow the tracked period and lean towards the centre of each period's energy, so that a
// glottal pulse is never cut in two. Around each output epoch two periods of the nearest input
// epoch are laid, read faster or slower to move formants, through a windowed sinc that keeps out
// what would alias. Loudness stays.
//
// A window of two periods blurs what rings as long. So where formants do not go where the pitch
// goes, the vocal tract's resonances (dsp/tract.h) and slope are taken out of a grain before it is
// cut, and put back behind: they ring on through later grains, as they do in a throat. Partials
// below the grain's own fundamental, which a window would take from 0 Hz, are made as strong.

/// What a stream is heading for
typedef struct {
  double ratio;   ///< Output frequency over input frequency, 0.2 to 5
  double formant; ///< Formants' ratio, 0.1 to 8
  double glide;   ///< Time constant of both ways [s], 0.001 to 1
} PinnaPsolaTarget;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG (a range above), NO_MEM
PINNA_API PinnaStatus pinna_psola_init(PinnaPsola** psola, PinnaArena* arena,
                                       const PinnaPsolaConfig* config);

/// Head for new values. Realtime.
PINNA_API void pinna_psola_set(PinnaPsola* psola, const PinnaPsolaTarget* target) PINNA_RT;

/// Be there at once. Realtime.
PINNA_API void pinna_psola_snap(PinnaPsola* psola) PINNA_RT;

/// Shift. Realtime, any n_frames; how a stream is cut into calls changes no bit.
///
/// Samples that are no number, infinite or beyond ±1e9 are taken as 0.
/// @param in    Samples [n_channels][n_frames]
/// @param out   Samples [n_channels][n_frames], delayed by the configured latency; not `in`
/// @param share How far `out` is to be believed [n_frames], 0 (not one voice, or nothing to shift)
///              to 1, without steps: the rest is for another engine
PINNA_API void pinna_psola_run(PinnaPsola* psola, const float* const* in, float* const* out,
                               float* share, uint32_t n_frames) PINNA_RT;

/// Forget all audio; targets stay and are reached at once. Realtime.
PINNA_API void pinna_psola_reset(PinnaPsola* psola) PINNA_RT;

#endif // PINNA_DSP_PSOLA_H
