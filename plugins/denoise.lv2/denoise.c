// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise.h"
#include "dsp/noise_profile.h"
#include "plugins/common/shell.h"
#include "plugins/denoise.lv2/denoise_block.h"
#include "plugins/denoise.lv2/denoise_draw.h"
#include "plugins/denoise.lv2/denoise_params.h"
#include "plugins/denoise.lv2/ports.h"

// The denoiser plugin: its controls become the parameters of a PinnaDenoise

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const uint32_t                 n = config->variant->n_in;
  const PinnaNoiseProfileConfig  profile = {pinna_denoise_n_bins(config->rate), n, config->rate};
  DenoiseBlock* const            block = PINNA_TAKE(arena, 1U, DenoiseBlock);
  DenoiseBlock                   parts = {.was_reset = true, .rate = config->rate};

  const PinnaMaskProvider  provider = denoise_provider(block ? &block->neural : NULL, config->rate);
  PinnaMaskProvider* const mask = PINNA_TAKE(arena, 1U, PinnaMaskProvider);
  if (mask) {
    *mask = provider;
  }

  PinnaStatus status = pinna_noise_profile_init(&parts.profile, arena, &profile);
  for (uint32_t low = 0U; low < 2U && !status; ++low) {
    const PinnaDenoiseConfig engine = {config->rate, n, low > 0U, parts.profile,
                                       mask ? mask : &provider};
    status = pinna_denoise_init(&parts.engine[low], arena, &engine);
  }
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  *block = parts;
  *object = block;
  return PINNA_STATUS_OK;
}

static PinnaDenoise*
active(const DenoiseBlock* const block) {
  return block->engine[atomic_load_explicit(&block->active, memory_order_relaxed)];
}

static void
reset(void* const data) {
  DenoiseBlock* const block = (DenoiseBlock*)data;
  block->was_reset = true; // A gesture begins with the button up
  pinna_denoise_reset(active(block));
}

static uint32_t
latency(const void* const data) {
  return pinna_denoise_max_latency(((const DenoiseBlock*)data)->engine[0]);
}

static uint32_t
start(void* const data, const float* const values) {
  DenoiseBlock* const block = (DenoiseBlock*)data;
  atomic_store_explicit(&block->active, values[DENOISE_LOW_LATENCY] > 0.0f ? 1U : 0U,
                        memory_order_relaxed);
  pinna_denoise_prepare(active(block), 0.001 * (double)values[DENOISE_LOOKBACK],
                        values[DENOISE_NEURAL] > 0.0f);
  return pinna_denoise_latency(active(block));
}

static void
press(DenoiseBlock* const block, const float* const values) {
  const bool is_down = values[DENOISE_RESET] > 0.0f;
  if (is_down && !block->was_reset) {
    pinna_noise_profile_clear(block->profile);
  }
  block->was_reset = is_down;
}

static void
report_mask(const DenoiseBlock* const block, const PinnaPluginCall* const call) {
  PinnaNnEngineHealth health = {.mode = PINNA_NN_ENGINE_AUTO};
  if (block->neural.is_on) {
    health = pinna_neural_mask_health(block->neural.mask);
  }
  call->reports[DENOISE_MODEL] = (float)pinna_file_status(call->file);
  call->reports[DENOISE_ENGINE] = (float)health.mode;
  call->reports[DENOISE_LATE] = (float)health.n_late;
  call->reports[DENOISE_GAPS] = (float)health.n_gaps;
}

static void
run(void* const data, const PinnaPluginCall* const call) {
  DenoiseBlock* const block = (DenoiseBlock*)data;
  PinnaDenoise* const denoise = active(block);
  if (call->changed) {
    const PinnaDenoiseParams params = denoise_params(call->values);
    pinna_denoise_set(denoise, &params);
    press(block, call->values);
  }
  if (call->fresh) {
    pinna_denoise_snap(denoise);
  }
  const bool is_wanted = call->values[DENOISE_NEURAL] > 0.0f;
  if (is_wanted) {
    pinna_file_want(call->file);
  }
  denoise_mask_want(&block->neural, is_wanted, call->freewheel, call->n_frames, block->rate);
  pinna_denoise_run(denoise, call->in, call->out, call->n_frames);

  const PinnaDenoiseMeters meters = pinna_denoise_meters(denoise);
  call->reports[DENOISE_REDUCED] = meters.reduction_db;
  call->reports[DENOISE_SNR] = meters.snr_db;
  call->reports[DENOISE_VAD] = meters.vad;
  report_mask(block, call);
  const uint32_t version = pinna_denoise_view_version(denoise);
  *call->redraw = *call->redraw || version != block->seen;
  block->seen = version;
}

static uint32_t
state_size(const void* const data) {
  return pinna_noise_profile_size(((const DenoiseBlock*)data)->profile);
}

static uint32_t
state_save(const void* const data, float* const values) {
  const PinnaNoiseProfile* const profile = ((const DenoiseBlock*)data)->profile;
  return pinna_noise_profile_save(profile, values) ? 0U : pinna_noise_profile_size(profile);
}

static bool
state_restore(void* const data, const float* const values, const uint32_t n_values) {
  return !pinna_noise_profile_restore(((DenoiseBlock*)data)->profile, values, n_values);
}

static const PinnaPluginState denoise_state = {"urn:pinna:denoise:profile", state_size, state_save,
                                               state_restore};

static void
rest(void* const data, const bool rests) {
  const DenoiseBlock* const block = (const DenoiseBlock*)data;
  if (block->neural.mask) {
    pinna_neural_mask_rest(block->neural.mask, rests);
  }
}

const PinnaPlugin pinna_plugin = {
    .info = &pinna_info,
    .build = build,
    .reset = reset,
    .run = run,
    .latency = latency,
    .start = start,
    .rest = rest,
    .draw = denoise_draw,
    .state = &denoise_state,
    .file = &denoise_file,
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(DENOISE_MONO_URI),
                                               PINNA_DESCRIPTOR(DENOISE_STEREO_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}
