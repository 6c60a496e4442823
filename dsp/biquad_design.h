// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BIQUAD_DESIGN_H
#define PINNA_DSP_BIQUAD_DESIGN_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Closed-form second-order filters: RBJ's cookbook, SoX and TorchAudio's forms, matched ones

/// H(z) = (b0 + b1 / z + b2 / z^2) / (1 + a1 / z + a2 / z^2)
typedef struct {
  double b0, b1, b2, a1, a2;
} PinnaBiquad;

/// What a design needs; unused fields are ignored
typedef struct {
  double sample_rate; ///< Hz
  double freq_hz;     ///< Cut-off or centre, above 0 and below sample_rate / 2
  double gain_db;     ///< Bell and shelves
  double q;           ///< Above 0
} PinnaBiquadSpec;

typedef PinnaBiquad (*PinnaBiquadDesignFunc)(const PinnaBiquadSpec* spec);

// All designs are pure and realtime safe. Source: R. Bristow-Johnson, Audio EQ Cookbook, as in
// SoX's biquads.c and torchaudio.functional.*_biquad, unless said otherwise.

PINNA_API PinnaBiquad pinna_biquad_lowpass(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_highpass(const PinnaBiquadSpec* spec) PINNA_RT;
/// 0 dB at the centre: bandpass_biquad(const_skirt_gain=False)
PINNA_API PinnaBiquad pinna_biquad_bandpass(const PinnaBiquadSpec* spec) PINNA_RT;
/// Gain q at the centre: bandpass_biquad(const_skirt_gain=True), SoX bandpass -c
PINNA_API PinnaBiquad pinna_biquad_bandpass_skirt(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_bandreject(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_allpass(const PinnaBiquadSpec* spec) PINNA_RT;
/// Bell
PINNA_API PinnaBiquad pinna_biquad_equalizer(const PinnaBiquadSpec* spec) PINNA_RT;
/// Low shelf
PINNA_API PinnaBiquad pinna_biquad_bass(const PinnaBiquadSpec* spec) PINNA_RT;
/// High shelf
PINNA_API PinnaBiquad pinna_biquad_treble(const PinnaBiquadSpec* spec) PINNA_RT;
/// SoX's resonator for pitched sound, and its form for noise (SoX band -n)
PINNA_API PinnaBiquad pinna_biquad_band(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_band_noise(const PinnaBiquadSpec* spec) PINNA_RT;
/// Vinyl playback, 0 dB at 1 kHz. 44.1, 48, 88.2 and 96 kHz: SoX's table; elsewhere matched poles
/// (3180 and 75 us) and zero (318 us), and a second zero that fits the curve near the top.
PINNA_API PinnaBiquad pinna_biquad_riaa(const PinnaBiquadSpec* spec) PINNA_RT;
/// CD de-emphasis, IEC 60908. 44.1 and 48 kHz: SoX's shelf; elsewhere a first-order section (50 us
/// pole) whose zero fits the 50/15 us curve near the top.
PINNA_API PinnaBiquad pinna_biquad_deemph(const PinnaBiquadSpec* spec) PINNA_RT;

// The magnitude of the analogue prototype up to half the sample rate, instead of the bilinear
// transform's cramped one: poles are matched, the numerator fits three points (M. Vicanek, Matched
// Second Order Digital Filters, 2016).

PINNA_API PinnaBiquad pinna_biquad_matched_lowpass(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_matched_highpass(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_matched_bell(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_matched_low_shelf(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_matched_high_shelf(const PinnaBiquadSpec* spec) PINNA_RT;
/// First order, `q` unused
PINNA_API PinnaBiquad pinna_biquad_matched_lowpass1(const PinnaBiquadSpec* spec) PINNA_RT;
PINNA_API PinnaBiquad pinna_biquad_matched_highpass1(const PinnaBiquadSpec* spec) PINNA_RT;

/// A design by TorchAudio's name without `_biquad`: "allpass", "band", "bandpass", "bandreject",
/// "bass", "deemph", "equalizer", "highpass", "lowpass", "riaa", "treble".
/// @param variant band's `noise`, bandpass's `const_skirt_gain`; false otherwise
/// @return NULL if there is no such filter
PINNA_API PinnaBiquadDesignFunc pinna_biquad_design_by_name(const char* name, bool variant);

/// Real and imaginary part of H at `freq_hz`. Realtime.
PINNA_API void pinna_biquad_response(const PinnaBiquad* biquad, double sample_rate, double freq_hz,
                                     double response[2]) PINNA_RT;

#endif // PINNA_DSP_BIQUAD_DESIGN_H
