// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/node.h"

#include "base/clock.h"
#include "host/node_impl.h"
#include "host/scan.h"

#include <string.h>
#include <time.h>

// A node in the audio thread: run, guard, bypass, meter, clock

/// Frames in which the last good sample fades after a NaN
#define DECAY 64U

static void
keep_peak(atomic_uint_least32_t* const value, const uint32_t candidate) {
  if (candidate > atomic_load_explicit(value, memory_order_relaxed)) {
    atomic_store_explicit(value, candidate, memory_order_relaxed);
  }
}

static void
reset_if_asked(PinnaNode* const node) {
  const uint32_t resets = atomic_load_explicit(&node->resets, memory_order_relaxed);
  if (resets != node->resets_seen) {
    node->resets_seen = resets;
    pinna_histogram_clear(&node->times);
    atomic_store_explicit(&node->n_nonfinite, 0U, memory_order_relaxed);
    atomic_store_explicit(&node->peak_in, 0U, memory_order_relaxed);
    atomic_store_explicit(&node->peak_out, 0U, memory_order_relaxed);
    atomic_store_explicit(&node->worst_load, 0U, memory_order_relaxed);
    atomic_store_explicit(&node->n_frames, 0U, memory_order_relaxed);
    atomic_store_explicit(&node->resets_done, resets, memory_order_release);
  }
}

static void
count_time(PinnaNode* const node, const uint64_t ns, const uint32_t n_frames) {
  const uint64_t frames = atomic_load_explicit(&node->n_frames, memory_order_relaxed);
  const double   load = (double)ns * 1e-3 * node->sample_rate / n_frames;
  pinna_histogram_add(&node->times, ns);
  atomic_store_explicit(&node->n_frames, frames + n_frames, memory_order_relaxed);
  keep_peak(&node->worst_load, load < 4e9 ? (uint32_t)load : UINT32_MAX);
}

/// Write one channel of a node that is muted, being muted at frame `cut`, or fading in again
static void
shape(const PinnaNode* const node, float* const out, float* const last, const uint32_t cut,
      const uint32_t n_frames) {
  const PinnaRamp* const ramp = node->ramp;
  for (uint32_t i = 0U; i < cut; ++i) {
    const uint32_t at = node->guard_at + i;
    out[i] *= ramp->up[at < ramp->length ? at : ramp->length];
  }
  if (cut) {
    *last = out[cut - 1U];
  }
  for (uint32_t i = cut; i < n_frames; ++i) {
    const uint32_t at = node->decay_at + 1U + i - cut;
    out[i] = at < DECAY ? *last * ((float)(DECAY - at) / DECAY) : 0.0f;
  }
}

static uint32_t
saturate(const uint32_t a, const uint32_t b, const uint32_t limit) {
  return a >= limit || b >= limit - a ? limit : a + b;
}

/// The rare path of the guard: something is or was wrong
static void
mute(PinnaNode* const node, float* const* const out, const uint32_t n_frames) {
  uint32_t bad = n_frames;
  for (uint32_t c = 0U; c < node->n_out; ++c) {
    bad = pinna_scan_first_bad(out[c], bad);
  }

  bool muted = atomic_load_explicit(&node->muted, memory_order_relaxed);
  if (bad < n_frames) {
    atomic_store_explicit(&node->n_nonfinite,
                          atomic_load_explicit(&node->n_nonfinite, memory_order_relaxed) + 1U,
                          memory_order_relaxed);
    node->clean = 0U;
  } else if (muted && node->clean >= node->clean_needed) {
    muted = false;
    node->guard_at = 0U;
  }

  const uint32_t cut = muted ? 0U : bad;
  node->decay_at = muted ? node->decay_at : 0U;
  for (uint32_t c = 0U; c < node->n_out; ++c) {
    shape(node, out[c], node->last + c, cut, n_frames);
  }

  node->guard_at = saturate(node->guard_at, cut, node->ramp->length);
  node->decay_at = saturate(node->decay_at, n_frames - cut, DECAY);
  node->clean = bad < n_frames ? 0U : saturate(node->clean, n_frames, node->clean_needed);
  atomic_store_explicit(&node->muted, muted || bad < n_frames, memory_order_relaxed);
}

static uint32_t
guard(PinnaNode* const node, float* const* const out, const uint32_t n_frames) {
  uint32_t peak = 0U;
  for (uint32_t c = 0U; c < node->n_out; ++c) {
    const uint32_t scan = pinna_scan(out[c], n_frames);
    peak = scan > peak ? scan : peak;
  }

  const bool open = node->guard_at == node->ramp->length &&
                    !atomic_load_explicit(&node->muted, memory_order_relaxed);
  if (open && pinna_scan_finite(peak)) {
    for (uint32_t c = 0U; c < node->n_out; ++c) {
      node->last[c] = out[c][n_frames - 1U];
    }
    return peak;
  }

  mute(node, out, n_frames);
  peak = 0U;
  for (uint32_t c = 0U; c < node->n_out; ++c) {
    const uint32_t scan = pinna_scan(out[c], n_frames);
    peak = scan > peak ? scan : peak;
  }
  return peak;
}

/// Mix wet `out` with `dry` (NULL: silence), starting at ramp position `at` towards `dry_wanted`
static void
crossfade(float* const out, const float* const dry, const uint32_t n_frames,
          const PinnaRamp* const ramp, const uint32_t from, const bool dry_wanted) {
  uint32_t at = from;
  for (uint32_t i = 0U; i < n_frames; ++i) {
    const float other = dry ? dry[i] : 0.0f;
    if (at == ramp->length) {
      out[i] = other;
    } else if (at) {
      out[i] = out[i] * ramp->up[ramp->length - at] + other * ramp->up[at];
    }
    at = dry_wanted ? at + (at < ramp->length) : at - (at > 0U);
  }
}

static void
bypass(PinnaNode* const node, PinnaDry* const dry, const float* const* const in,
       float* const* const out, const uint32_t n_frames) {
  const uint32_t length = node->ramp->length;
  const bool     wanted = atomic_load_explicit(&node->bypass, memory_order_relaxed);
  const uint32_t from = node->bypass_at;
  const bool     wet = !from && !wanted;

  // Outputs beyond the inputs get silence, except that one input feeds all
  for (uint32_t c = 0U; c < node->n_in || c < node->n_out; ++c) {
    const float* source = c < node->n_in ? in[c] : node->n_in == 1U ? in[0] : NULL;
    if (c < node->n_in && dry->latency) {
      pinna_delay_run(dry->lines[c], source, wet ? NULL : node->scratch, n_frames);
    }
    if (!wet && c < node->n_out) {
      const bool delayed = dry->latency && (c < node->n_in || node->n_in == 1U);
      crossfade(out[c], delayed ? node->scratch : source, n_frames, node->ramp, from, wanted);
    }
  }

  node->bypass_at = wanted            ? saturate(from, n_frames, length)
                    : from > n_frames ? from - n_frames
                                      : 0U;
}

static void
meter(PinnaNode* const node, const float* const* const in, float* const* const out,
      const uint32_t out_peak, const uint32_t n_frames) {
  uint32_t peak = 0U;
  for (uint32_t c = 0U; c < node->n_in; ++c) {
    const uint32_t scan = in[c] ? pinna_scan(in[c], n_frames) : 0U;
    peak = scan > peak ? scan : peak;
  }
  keep_peak(&node->peak_in, peak);

  peak = out_peak;
  if (node->bypass_at) {
    peak = 0U;
    for (uint32_t c = 0U; c < node->n_out; ++c) {
      const uint32_t scan = pinna_scan(out[c], n_frames);
      peak = scan > peak ? scan : peak;
    }
  }
  keep_peak(&node->peak_out, peak);
}

void
pinna_node_run(PinnaNode* const node, PinnaDry* const dry, PinnaDry* const warm,
               const float* const* const in, float* const* const out,
               const uint32_t n_frames) PINNA_RT {
  reset_if_asked(node);
  for (uint32_t c = 0U; warm && warm->latency && c < node->n_in; ++c) {
    pinna_delay_run(warm->lines[c], in[c], NULL, n_frames);
  }

  const uint64_t start = pinna_clock_ns();
  pinna_instance_run(node->instance, in, out, n_frames);
  count_time(node, pinna_clock_ns() - start, n_frames);

  const uint32_t peak = guard(node, out, n_frames);
  bypass(node, dry, in, out, n_frames);
  meter(node, in, out, peak, n_frames);
}

void
pinna_node_bypass(PinnaNode* const node, const bool wanted) PINNA_RT {
  atomic_store_explicit(&node->bypass, wanted, memory_order_relaxed);
}
