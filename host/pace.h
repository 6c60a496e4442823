// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_PACE_H
#define PINNA_HOST_PACE_H

#include "base/clock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

// Real time for backends without a clock of their own: block k begins at start + k * length

typedef struct {
  int64_t  start_ns;
  uint64_t n_frames; ///< Since the start
  double   sample_rate;
} PinnaPace;

static inline int64_t
pinna_pace_now(void) {
  return (int64_t)pinna_clock_ns();
}

/// The next block begins now
static inline void
pinna_pace_start(PinnaPace* const pace, const double sample_rate) {
  *pace = (PinnaPace){pinna_pace_now(), 0U, sample_rate};
}

/// Count a block, then sleep until the next one begins.
/// @return false if that time is past by more than a block: the clock starts anew
static inline bool
pinna_pace_wait(PinnaPace* const pace, const uint32_t n_frames) {
  pace->n_frames += n_frames;
  const double  ns = (double)pace->n_frames * 1e9 / pace->sample_rate;
  const int64_t due = pace->start_ns + (int64_t)ns;
  if ((double)(pinna_pace_now() - due) > (double)n_frames * 1e9 / pace->sample_rate) {
    pinna_pace_start(pace, pace->sample_rate);
    return false;
  }

  const struct timespec time = {due / 1000000000, due % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {
  }
  return true;
}

#endif // PINNA_HOST_PACE_H
