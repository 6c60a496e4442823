// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DENOISE_KERNEL_H
#define PINNA_DSP_DENOISE_KERNEL_H

#include <complex.h>
#include <stdint.h>

// Loops over bins of the noise trackers and the suppression gain, one table per instruction set

/// Bins are padded to whole vectors: arrays have this many times 16 floats
#define PINNA_DENOISE_LANES 16U

/// Least power of a bin, so that nothing is ever divided by zero (-157 dBFS in one bin)
#define PINNA_DENOISE_POWER_FLOOR 1e-13f

/// Bins [n], each row with one readable value before its first and after its last
typedef struct {
  float* s;          ///< Smoothed power
  float* s_min;      ///< Its minimum over the window
  float* s_now;      ///< Its minimum over the present part of the window
  float* t;          ///< Smoothed power of what is not speech by the first look
  float* t_min;      ///< Its minimum over the window
  float* t_now;      ///< Its minimum over the present part of the window
  float* absent;     ///< 1: no speech by the first look
  float* absent_p;   ///< The power there, else 0
  float* centre;     ///< Weight of a bin in its smoothing over frequency
  float* side;       ///< Weight of each neighbour
  float* floor;      ///< Mean over minimum of smoothed noise (the paper's B_min)
  float* mean;       ///< Recursive average of the noise's power
  float  keep_s;     ///< Smoothing over time, 0 to 1
  float  keep_noise; ///< Smoothing of the average, 0 to 1
  float  keep_prior; ///< Decision-directed weight
} PinnaImcraRows;

typedef struct {
  float* gamma;      ///< A posteriori SNR
  float* xi;         ///< A priori SNR
  float* zeta;       ///< The latter smoothed over time
  float* local;      ///< Mean of zeta over the neighbours
  float* global;     ///< Mean of zeta over a wide band
  float* speech;     ///< Speech power of the frame before, then of this one
  float* presence;   ///< Probability of speech
  float* log_gain;   ///< ln of the gain if speech is present
  float  keep_prior; ///< Decision-directed weight
  float  keep_zeta;  ///< Smoothing of zeta over time
  float  least_xi;   ///< Floor of xi
  float  low_log;    ///< ln(zeta) below which speech is absent
  float  high_log;   ///< ln(zeta) above which speech is present
  float  most_q;     ///< Greatest a priori probability of absence
  float  frame;      ///< Presence of speech in the frame as a whole, 0 to 1
} PinnaOmlsaRows;

/// Clues against babble that each bin has of its own, but for the frequency
#define PINNA_BABBLE_OWN 9U

typedef struct {
  float* smooth;      ///< Power smoothed over frequency
  float* brief;       ///< The same smoothed over 20 ms
  float* middle;      ///< 60 ms
  float* late;        ///< 250 ms
  float* mean;        ///< Mean of `smooth` in the long run
  float* mean_log;    ///< Mean of the logarithm of `brief`
  float* wide;        ///< Mean of `smooth` over 17 bins
  float* wide_mean;   ///< The same in the long run
  float* narrow;      ///< Mean of the power over 9 bins
  float  keep_brief;  ///< Smoothing over time, 0 to 1
  float  keep_middle; ///< 0 to 1
  float  keep_late;   ///< 0 to 1
  float  share;       ///< Of this frame in the long run
} PinnaBabbleRows;

typedef struct {
  /// power = |bins|^2, at least the floor
  void (*power)(float* restrict power, const float complex* restrict bins, uint32_t n);
  /// One frame of IMCRA; `noise` holds the estimate of the frame before and receives this one's
  void (*imcra_look)(const PinnaImcraRows* rows, const float* power, uint32_t n);
  void (*imcra_track)(const PinnaImcraRows* rows, const float* power, const float* speech,
                      float* noise, uint32_t n);
  /// One frame of the SPP-MMSE tracker
  void (*spp_track)(float* restrict noise, float* restrict presence, const float* restrict power,
                    float keep, uint32_t n);
  void (*omlsa_prior)(const PinnaOmlsaRows* rows, const float* power, const float* noise,
                      uint32_t n);
  void (*omlsa_gain)(const PinnaOmlsaRows* rows, const float* power, uint32_t n);
  /// One frame's levels for babble.h: smooth over frequency, then follow over time
  void (*babble_smooth)(const PinnaBabbleRows* rows, const float* power, uint32_t n);
  void (*babble_follow)(const PinnaBabbleRows* rows, uint32_t n);
  /// Logarithms of their ratios, the first 8 rows of `clue`
  void (*babble_clues)(const PinnaBabbleRows* rows, const float* power, const float* lull,
                       float* const* clue, uint32_t n);
  /// sum += out * tanh(bias + weight . clue), PINNA_BABBLE_OWN + 1 rows of `clue`
  void (*babble_unit)(float* restrict sum, const float* const* clue, const float* weight,
                      float bias, float out, uint32_t n);
  /// ln of the logistic function, in place
  void (*babble_log_gain)(float* x, uint32_t n);
  /// bins *= exp(log_gain)
  void (*apply)(float complex* restrict bins, const float* restrict log_gain, uint32_t n);
} PinnaDenoiseKernel;

extern const PinnaDenoiseKernel pinna_denoise_kernel_c;
extern const PinnaDenoiseKernel pinna_denoise_kernel_avx2;

/// Best for this processor. Not realtime.
const PinnaDenoiseKernel* pinna_denoise_kernel(void);

/// Room for n bins and whole vectors
static inline uint32_t
pinna_denoise_padded(const uint32_t n) {
  return (n + PINNA_DENOISE_LANES - 1U) / PINNA_DENOISE_LANES * PINNA_DENOISE_LANES;
}

#endif // PINNA_DSP_DENOISE_KERNEL_H
