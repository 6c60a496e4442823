// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SMOOTH_H
#define PINNA_DSP_SMOOTH_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// Parameter smoothing by three cascaded one-poles, solved exactly, so that steps do not click

/// Time constant of every parameter in Pinna, in seconds: a step is over after 25 to 30 ms
#define PINNA_SMOOTH_TAU 0.004

/// Smooth what the ear hears as even: log frequency, decibels, log Q. Zero-initialised: settled at
/// 0.
typedef struct {
  double target;   ///< Where it goes
  double error[3]; ///< Distance of each pole's output to the target; the value is the last one's
} PinnaSmooth;

/// How far one step of constant length carries: made once by pinna_smooth_plan()
typedef struct {
  double decay; ///< exp(-n / (tau fs))
  double ratio; ///< n / (tau fs)
  double rate;  ///< 1 / (tau fs), per sample
} PinnaSmoothStep;

/// Plan steps of `n_samples`. `tau` in seconds, `sample_rate` in Hz. Not realtime (calls exp).
PINNA_API PinnaSmoothStep pinna_smooth_plan(double tau, double sample_rate, uint32_t n_samples);

/// Values at the next n samples, with a plan for 1 sample; exactly the target once within
/// `tolerance` of it, at the same sample however time is cut into calls. Realtime.
PINNA_API void pinna_smooth_run(PinnaSmooth* smooth, const PinnaSmoothStep* step, double tolerance,
                                float* values, uint32_t n) PINNA_RT;

/// Jump to `target`. Realtime.
static inline void
pinna_smooth_snap(PinnaSmooth* const smooth, const double target) {
  *smooth = (PinnaSmooth){target, {0.0, 0.0, 0.0}};
}

/// Head for `target`; the value and its first two derivatives stay continuous. Realtime.
static inline void
pinna_smooth_set(PinnaSmooth* const smooth, const double target) {
  const double moved = smooth->target - target;
  smooth->target = target;
  for (uint32_t i = 0U; i < 3U; ++i) {
    smooth->error[i] += moved;
  }
}

/// Move one planned step. Realtime.
static inline void
pinna_smooth_advance(PinnaSmooth* const smooth, const PinnaSmoothStep* const step) {
  double* const e = smooth->error;
  const double  x = step->ratio;
  e[2] = step->decay * (e[2] + x * (e[1] + 0.5 * x * e[0]));
  e[1] = step->decay * (e[1] + x * e[0]);
  e[0] = step->decay * e[0];
}

/// Present value. Realtime.
static inline double
pinna_smooth_value(const PinnaSmooth* const smooth) {
  return smooth->target + smooth->error[2];
}

/// Present slope, per sample. Realtime.
static inline double
pinna_smooth_slope(const PinnaSmooth* const smooth, const PinnaSmoothStep* const step) {
  return (smooth->error[1] - smooth->error[2]) * step->rate;
}

/// Are all three poles within `tolerance` of the target? Realtime.
static inline bool
pinna_smooth_is_near(const PinnaSmooth* const smooth, const double tolerance) {
  bool near = true;
  for (uint32_t i = 0U; i < 3U; ++i) {
    near = near && smooth->error[i] <= tolerance && smooth->error[i] >= -tolerance;
  }
  return near;
}

#endif // PINNA_DSP_SMOOTH_H
