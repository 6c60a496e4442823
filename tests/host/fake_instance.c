// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/fake_instance.h"

#include <math.h>
#include <time.h>

// The part of the plugin contract that the engine uses

uint32_t
pinna_instance_n_audio_in(const PinnaInstance* const instance) {
  return instance->n_channels;
}

uint32_t
pinna_instance_n_audio_out(const PinnaInstance* const instance) {
  return instance->n_channels;
}

uint32_t
pinna_instance_latency(const PinnaInstance* const instance) PINNA_RT {
  return atomic_load(&instance->latency);
}

static void
burn(void) {
  struct timespec start;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  do {
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while ((now.tv_sec - start.tv_sec) * 1000000000LL + now.tv_nsec - start.tv_nsec < 3000000LL);
}

void
pinna_instance_run(PinnaInstance* const fake, const float* const* const in, float* const* const out,
                   const uint32_t n_frames) PINNA_RT {
  const int64_t first = atomic_load(&fake->nan_frame);
  const int64_t last = first + atomic_load(&fake->nan_count);
  ++fake->n_runs;
  if (fake->slow_every && fake->n_runs % fake->slow_every == 0U) {
    burn();
  }

  for (uint32_t c = 0U; c < fake->n_channels; ++c) {
    for (uint32_t i = 0U; i < n_frames; ++i) {
      const uint64_t frame = fake->n_frames + i;
      fake->line[c][frame % FAKE_DELAY] = in[c] ? in[c][i] : 0.0F;
      out[c][i] = fake->gain * fake->line[c][(frame + FAKE_DELAY - fake->delay) % FAKE_DELAY];
      if (first && (int64_t)frame >= first && (int64_t)frame < last) {
        out[c][i] = NAN;
      }
    }
  }
  fake->n_frames += n_frames;
}

uint32_t
pinna_instance_n_main_in(const PinnaInstance* const instance) {
  return instance->n_channels;
}

uint32_t
pinna_instance_n_main_out(const PinnaInstance* const instance) {
  return instance->n_channels;
}
