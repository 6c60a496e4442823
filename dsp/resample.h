// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RESAMPLE_H
#define PINNA_DSP_RESAMPLE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Change the sample rate by a fixed ratio L/M: polyphase FIR, streaming or whole signals
//
// Output k is the input, low-passed, at the time k * M / L input samples:
//
//     y[k] = sum_i x[i] h(k M / L - i),   h(t) = 0 for |t| > W
//
// h is a sinc times a window, symmetric: linear phase at any ratio. For FAST, HIGH and BEST it is
// Kaiser's design (Kaiser 1974; Oppenheim & Schafer, section 7.5): with A the rejection in dB and
// c = min(1, L/M), h(t) = c f sinc(c f t) I0(b sqrt(1 - (t/W)^2)) / I0(b), f = (pass + stop) / 2,
// b = 0.1102 (A - 8.7), W = (A - 7.95) / (14.36 c (stop - pass)), rounded up. Edges are fractions
// of the lower of both Nyquist frequencies; the pass band is flat within 0.001 dB.
//
// | quality | pass | stop | rejection | W at c = 1 | use                                |
// |---------|------|------|-----------|------------|------------------------------------|
// | FAST    | 0.80 | 1.00 | 104 dB    | 34         | live, least delay                  |
// | HIGH    | 0.91 | 1.00 | 150 dB    | 110        | default: 140 dB SINAD and better   |
// | BEST    | 0.96 | 1.00 | 150 dB    | 248        | files, measuring                   |
//
// Between ratios of terms up to 6 (1:2, 3:1, 2:3 ...) HIGH and BEST compute 32 outputs per phase
// at once from windows that mirror each other, for half the products: W grows by about 31 M.
//
// SINC_HANN and SINC_KAISER are torchaudio.functional.resample(): its methods
// "sinc_interpolation" (0.13.1; later "sinc_interp_hann") and "kaiser_window".

typedef struct PinnaResampleImpl PinnaResample;

typedef enum {
  PINNA_RESAMPLE_HIGH = 0,
  PINNA_RESAMPLE_FAST,
  PINNA_RESAMPLE_BEST,
  PINNA_RESAMPLE_SINC_HANN,
  PINNA_RESAMPLE_SINC_KAISER,
  PINNA_N_RESAMPLE_QUALITIES
} PinnaResampleQuality;

typedef struct {
  uint32_t             rate_in;  ///< Hz, or any number in the right ratio, 1 to 2^24
  uint32_t             rate_out; ///< In the same unit; rate_out / gcd and rate_in / gcd <= 2^20
  uint32_t             n_ch;     ///< Channels, 1 to 64
  PinnaResampleQuality quality;
  bool     aligned; ///< Output 0 is input time 0, held back until it is known: for whole signals
  uint32_t lowpass_filter_width; ///< SINC only: zero crossings a side, 1 to 512, 0 = 6
  double   rolloff;              ///< SINC only: cut-off re the lower Nyquist, (0, 1], 0 = 0.99
  double   beta;                 ///< SINC_KAISER only: window shape, 0 = 14.769656459379492
} PinnaResampleConfig;

/// Design, plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return PINNA_STATUS_BAD_ARG, PINNA_STATUS_UNSUPPORTED (a table above 2^24 coefficients),
///         PINNA_STATUS_NO_MEM
PINNA_API PinnaStatus pinna_resample_init(PinnaResample** resample, PinnaArena* arena,
                                          const PinnaResampleConfig* config);

/// Forget the input, as after init. Realtime.
PINNA_API void pinna_resample_reset(PinnaResample* resample) PINNA_RT;

/// Take `n_in` frames, give every output frame that they complete. Realtime, any n_in; how the
/// input is cut into blocks does not change one bit. NaN and infinite samples count as 0.
/// @param in  Channels [n_ch][n_in], or NULL for silence
/// @param out Channels [n_ch][pinna_resample_n_out(resample, n_in)], not overlapping `in`
/// @return Output frames written: in all, ceil(n L / M) after n frames (unless `aligned`)
PINNA_API uint32_t pinna_resample_run(PinnaResample* resample, const float* const* in,
                                      uint32_t n_in, float* const* out) PINNA_RT;

/// Output frames that the next pinna_resample_run() of `n_in` frames gives, exactly. Realtime.
PINNA_API uint32_t pinna_resample_n_out(const PinnaResample* resample, uint32_t n_in) PINNA_RT;

/// Least input frames that let the next run give at least `n_out` frames. Realtime.
PINNA_API uint32_t pinna_resample_n_in(const PinnaResample* resample, uint32_t n_out) PINNA_RT;

/// W, in all: output lags input by exactly this many input samples, a constant. If `aligned`, the
/// lag is 0 and W is what to feed as silence (in = NULL) after the last frame, for the ceil(n L /
/// M) frames that n input frames have, as in TorchAudio. Realtime.
PINNA_API uint32_t pinna_resample_latency(const PinnaResample* resample) PINNA_RT;

/// The same in output samples: W L / M (a whole number when M or L is 1). Realtime.
PINNA_API double pinna_resample_latency_out(const PinnaResample* resample) PINNA_RT;

/// The ratio in lowest terms: output rate / input rate = L / M. Realtime.
PINNA_API void pinna_resample_ratio(const PinnaResample* resample, uint32_t* l,
                                    uint32_t* m) PINNA_RT;

#endif // PINNA_DSP_RESAMPLE_H
