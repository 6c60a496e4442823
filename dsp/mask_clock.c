// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mask_clock.h"

#include "dsp/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// The numbers of a mask are hashes of the seed and of the frame or beat it begins at

enum { TIME_EVENT = 1, TIME_PLACE, TIME_LENGTH, TIME_CHANCE, FREQ_EVENT, FREQ_WIDTH, FREQ_START };

static const double edge_seconds = 0.008;

/// Has an event come in the frame that ends now? @return Its place in the frame, 0 to 1, or below 0
static double
find_event(const PinnaMaskPlan* const plan, const PinnaMaskEvents* const events,
           const PinnaMaskClock* const clock, double* const beat, const double frame,
           const uint64_t stream) {
  if (events->timing == PINNA_MASK_RANDOM) {
    const double expected = (double)events->rate * frame;
    const double u = (double)pinna_random_uniform(plan->seed, stream, clock->frame);
    return u < 1.0 - exp(-expected) ? u / expected : -1.0;
  }
  if (events->timing == PINNA_MASK_TEMPO) {
    const double step = (double)plan->bpm / 60.0 / (double)events->beats * frame;
    const double before = *beat;
    *beat += step;
    const double crossed = clock->frame ? floor(*beat) : 0.0; // Beat 0 is the stream's start
    const bool   is_new = !clock->frame || crossed > floor(before);
    return is_new ? fmin(fmax((crossed - before) / step, 0.0), 1.0) : -1.0;
  }
  return -1.0;
}

static double
smooth_step(const double x) {
  const double t = fmin(fmax(x, 0.0), 1.0);
  return 0.5 - 0.5 * cos(3.14159265358979323846 * t);
}

static bool
has_mask(const PinnaMaskClock* const clock) {
  return clock->end > clock->begin;
}

static void
begin_mask(PinnaMaskClock* const clock, const PinnaMaskPlan* const plan, const double at,
           const uint64_t key) {
  const double u = (double)pinna_random_uniform(plan->seed, TIME_LENGTH, key);
  double       length = (double)plan->time_width * (1.0 - (double)plan->time_vary * u);
  if (plan->p < 1.0f) {
    length = fmin(length, clock->credit);
    clock->credit -= length;
  }
  clock->begin = at;
  clock->end = at + length;
}

float
pinna_mask_clock_advance(PinnaMaskClock* const clock, const PinnaMaskPlan* const plan,
                         const double frame, const bool trigger) {
  const double now = frame * (double)clock->frame;
  clock->credit = fmin(clock->credit + (double)plan->p * frame, (double)plan->time_width);

  const double place = find_event(plan, &plan->time, clock, &clock->time_beat, frame, TIME_EVENT);
  if (trigger) {
    clock->begin = now;
    clock->end = now + (double)plan->time_width;
  } else if (place >= 0.0 && (!has_mask(clock) || now >= clock->end + edge_seconds)) {
    const bool     tempo = plan->time.timing == PINNA_MASK_TEMPO;
    const uint64_t key = tempo ? (uint64_t)clock->time_beat : clock->frame;
    if (!tempo || pinna_random_uniform(plan->seed, TIME_CHANCE, key) < plan->chance) {
      begin_mask(clock, plan, now + place * frame, key);
    }
  }
  if (trigger ||
      find_event(plan, &plan->freq, clock, &clock->freq_beat, frame, FREQ_EVENT) >= 0.0) {
    clock->drawn = clock->frame;
  }

  ++clock->frame;
  if (!has_mask(clock)) {
    return 0.0f;
  }
  return (float)(smooth_step((now - clock->begin) / edge_seconds) *
                 (1.0 - smooth_step((now - clock->end) / edge_seconds)));
}

static double
mel_of(const double hz) {
  return 2595.0 * log10(1.0 + hz / 700.0);
}

static double
hz_of(const double mel) {
  return 700.0 * (pow(10.0, mel / 2595.0) - 1.0);
}

void
pinna_mask_clock_band(const PinnaMaskClock* const clock, const PinnaMaskPlan* const plan,
                      const uint32_t b, const double nyquist_hz, double* const low_hz,
                      double* const high_hz) {
  const uint64_t key = clock->drawn * PINNA_MASK_MAX_BANDS + b;
  const double   u = (double)pinna_random_uniform(plan->seed, FREQ_WIDTH, key);
  const double   all = plan->in_hz ? nyquist_hz : (double)PINNA_MASK_N_MELS;
  const double   width = fmin((double)plan->freq_width * (1.0 - (double)plan->freq_vary * u), all);
  const double   start = (double)pinna_random_uniform(plan->seed, FREQ_START, key) * (all - width);
  const double   mel = mel_of(nyquist_hz) / PINNA_MASK_N_MELS;
  *low_hz = plan->in_hz ? start : hz_of(mel * start);
  *high_hz = plan->in_hz ? start + width : hz_of(mel * (start + width));
}
