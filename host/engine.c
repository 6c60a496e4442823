// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/engine.h"

#include "base/denormal.h"
#include "host/engine_impl.h"
#include "host/scan.h"

#include <string.h>

// The engine in the audio thread: take over plans, run them, fade, meter

static void
keep_peak(atomic_uint_least32_t* const value, const uint32_t candidate) {
  if (candidate > atomic_load_explicit(value, memory_order_relaxed)) {
    atomic_store_explicit(value, candidate, memory_order_relaxed);
  }
}

/// Zero whatever is not finite in x [n]. @return the bit pattern of the peak
static uint32_t
clean_signal(float* const x, const uint32_t n) {
  for (uint32_t i = pinna_scan_first_bad(x, n); i < n; ++i) {
    x[i] = pinna_scan_finite(pinna_scan(x + i, 1U)) ? x[i] : 0.0f;
  }

  return pinna_scan(x, n);
}

static void
take_inputs(PinnaEngine* const engine, const float* const* const in, const uint32_t at,
            const uint32_t n, const float** const inputs) {
  for (uint32_t c = 0U; c < engine->config.n_inputs; ++c) {
    inputs[c] = in[c] ? in[c] + at : NULL;
    if (inputs[c]) {
      uint32_t peak = pinna_scan(inputs[c], n);
      if (!pinna_scan_finite(peak)) {
        inputs[c] = memcpy(engine->clean[c], inputs[c], n * sizeof(float));
        peak = clean_signal(engine->clean[c], n);
      }
      keep_peak(engine->peaks_in + c, peak);
    }
  }
}

static void
fade(PinnaEngine* const engine, float* const* const outputs, const uint32_t n) {
  const PinnaRamp* const fader = &engine->fader;
  const bool             up = atomic_load_explicit(&engine->fade_up, memory_order_relaxed);
  if (up && engine->fade_at == fader->length) {
    return;
  }

  uint32_t at = engine->fade_at;
  for (uint32_t c = 0U; c < engine->config.n_outputs; ++c) {
    at = engine->fade_at;
    for (uint32_t i = 0U; i < n; ++i) {
      outputs[c][i] *= fader->up[at];
      at = up ? at + (at < fader->length) : at - (at > 0U);
    }
  }
  if (!engine->config.n_outputs) {
    at = up ? fader->length : 0U;
  }

  const bool silent = !engine->fade_at && !up;
  engine->fade_at = at;
  atomic_store_explicit(&engine->silent, silent, memory_order_release);
}

static void
finish_outputs(PinnaEngine* const engine, float* const* const outputs, const uint32_t n) {
  for (uint32_t c = 0U; c < engine->config.n_outputs; ++c) {
    uint32_t peak = pinna_scan(outputs[c], n);
    if (!pinna_scan_finite(peak)) {
      peak = clean_signal(outputs[c], n); // A sum of finite signals can still overflow
    }
    keep_peak(engine->peaks_out + c, peak);
  }
}

static void
silence(const PinnaEngine* const engine, float* const* const out, const uint32_t n_frames) {
  for (uint32_t c = 0U; c < engine->config.n_outputs; ++c) {
    memset(out[c], 0, n_frames * sizeof(float));
  }
}

static void
run_plan(PinnaEngine* const engine, const float* const* const in, float* const* const out,
         const uint32_t n_frames) {
  const float* inputs[PINNA_ENGINE_CHANNELS];
  float*       outputs[PINNA_ENGINE_CHANNELS];
  for (uint32_t at = 0U; at < n_frames;) {
    const uint32_t left = n_frames - at;
    const uint32_t n = left < engine->config.max_block ? left : engine->config.max_block;
    take_inputs(engine, in, at, n, inputs);
    for (uint32_t c = 0U; c < engine->config.n_outputs; ++c) {
      outputs[c] = out[c] + at;
    }

    pinna_host_plan_run(engine->running, inputs, outputs, n);
    fade(engine, outputs, n);
    finish_outputs(engine, outputs, n);
    at += n;
  }
}

void
pinna_engine_run(PinnaEngine* const engine, const float* const* const in, float* const* const out,
                 const uint32_t n_frames) PINNA_RT {
  unsigned nobody = PINNA_OWNER_NONE;
  if (!atomic_compare_exchange_strong(&engine->owner, &nobody, PINNA_OWNER_AUDIO)) {
    silence(engine, out, n_frames);
  } else {
    const PinnaFpMode mode = pinna_denormal_enter();
    engine->running = atomic_load_explicit(&engine->next, memory_order_acquire);
    atomic_store_explicit(&engine->current, engine->running, memory_order_release);
    if (engine->running) {
      run_plan(engine, in, out, n_frames);
    } else {
      silence(engine, out, n_frames);
      atomic_store_explicit(&engine->silent, true, memory_order_release);
    }
    pinna_denormal_leave(mode);
    atomic_store_explicit(&engine->owner, PINNA_OWNER_NONE, memory_order_release);
  }

  atomic_store_explicit(&engine->n_frames,
                        atomic_load_explicit(&engine->n_frames, memory_order_relaxed) + n_frames,
                        memory_order_release);
}

void
pinna_engine_fade(PinnaEngine* const engine, const bool up) PINNA_RT {
  atomic_store_explicit(&engine->silent, false, memory_order_relaxed);
  atomic_store_explicit(&engine->fade_up, up, memory_order_release);
}

bool
pinna_engine_silent(const PinnaEngine* const engine) PINNA_RT {
  return atomic_load_explicit(&engine->silent, memory_order_acquire) &&
         !atomic_load_explicit(&engine->fade_up, memory_order_relaxed);
}

uint64_t
pinna_engine_frames(const PinnaEngine* const engine) PINNA_RT {
  return atomic_load_explicit(&engine->n_frames, memory_order_acquire);
}
