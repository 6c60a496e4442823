// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PEAKSHIFT_IMPL_H
#define PINNA_DSP_PEAKSHIFT_IMPL_H

#include "base/attributes.h"
#include "dsp/envelope.h"
#include "dsp/peakshift.h"
#include "dsp/smooth.h"
#include "dsp/stft.h"
#include "dsp/tract.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// What a peak shifter holds; all spectra have their time origin where the output is heard most

#define PEAKSHIFT_TAPS 8U
#define PEAKSHIFT_FRACTIONS 64U ///< Interpolators per bin, themselves interpolated between
#define PEAKSHIFT_REACH 24U     ///< Bins over which a tone's sidelobes are known
#define PEAKSHIFT_MAX_CHANNELS 8U

/// Bands in which attacks are told from tones
#define PEAKSHIFT_BANDS 64U

typedef struct {
  uint32_t bin;   ///< Where its energy is greatest
  uint32_t first; ///< Region, both ends included
  uint32_t last;
  float    energy;
} PeakshiftPeak;

struct PinnaPeakshiftImpl {
  PinnaStft*           stft;
  PinnaEnvelope*       envelope;
  PinnaTract*          tract;
  PinnaPeakshiftTarget target;
  double               f0;        ///< 0: not one voice
  PinnaSmooth          log_ratio; ///< Octaves
  PinnaSmooth          log_formant;
  PinnaSmoothStep      ratio_step;
  PinnaSmoothStep      formant_step;
  double               sample_rate;
  double               ratio;   ///< Of the last frame
  float                formant; ///< Of this frame
  bool                 shapes;  ///< Formants do not go where the pitch goes
  uint32_t             n_channels;
  uint32_t             hop;
  uint32_t             n_fft;
  uint32_t             n_bins;
  uint32_t             n_peaks;
  uint32_t             lag; ///< Bins between which an attack's phase still turns evenly
  bool                 passes[PEAKSHIFT_BANDS]; ///< The band is an attack and goes unmoved
  bool                 passed[PEAKSHIFT_BANDS]; ///< It was, a frame ago

  float complex*  turn;                       ///< Moves the time origin [n_bins]
  float           leak[PEAKSHIFT_REACH + 1U]; ///< Greatest sidelobe energy so far from a tone
  float*          taps;                       ///< [PEAKSHIFT_FRACTIONS + 1][PEAKSHIFT_TAPS]
  float*          energy;                     ///< Sum over channels [n_bins]
  float*          previous;                   ///< Energy a frame ago [n_bins]
  float*          theta; ///< Rotation that a bin's region has, radians [n_bins]
  float*          theta_next;
  PeakshiftPeak*  peaks;  ///< [n_bins]
  float complex*  patch;  ///< A region between zeros [n_bins + 4 * PEAKSHIFT_TAPS]
  float complex** source; ///< [n_channels][n_bins]
  float complex** before; ///< `source` a frame ago
};

/// A complex number of its parts: C11's CMPLXF, which not every compiler has
static inline float complex
peakshift_complex(const float re, const float im) {
  const float   parts[2] = {re, im};
  float complex z;
  memcpy(&z, parts, sizeof(z));
  return z;
}

/// Product without C's care for infinities
static inline float complex
peakshift_times(const float complex a, const float complex b) {
  return peakshift_complex(crealf(a) * crealf(b) - cimagf(a) * cimagf(b),
                           crealf(a) * cimagf(b) + cimagf(a) * crealf(b));
}

static inline float
peakshift_energy(const float complex a) {
  return crealf(a) * crealf(a) + cimagf(a) * cimagf(a);
}

/// First bin of a band, 0 to PEAKSHIFT_BANDS. Realtime.
uint32_t pinna_peakshift_band_start(const PinnaPeakshift* self, uint32_t band) PINNA_RT;

/// The band of a bin. Realtime.
uint32_t pinna_peakshift_band_of(const PinnaPeakshift* self, uint32_t bin) PINNA_RT;

/// Fill `passes`, keep what it was in `passed`. Realtime.
void pinna_peakshift_find_attacks(PinnaPeakshift* self) PINNA_RT;

/// Fill `peaks`: bins above both neighbours on either side, but for a tone's sidelobes. Realtime.
void pinna_peakshift_find_peaks(PinnaPeakshift* self) PINNA_RT;

/// Give `n` peaks from `at` on their regions, which valleys end and which cover all bins from
/// `start` to before `end`. Realtime.
void pinna_peakshift_find_regions(PinnaPeakshift* self, uint32_t at, uint32_t n, uint32_t start,
                                  uint32_t end) PINNA_RT;

#endif // PINNA_DSP_PEAKSHIFT_IMPL_H
