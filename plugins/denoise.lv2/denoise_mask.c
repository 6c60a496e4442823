// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/denoise.lv2/denoise_block.h"

// The learned mask beside the engines: fed while it is wanted, and swapped while they run

static void
push_sound(void* const handle, const float* const* const in, const uint32_t n_frames) {
  DenoiseMask* const neural = (DenoiseMask*)handle;
  if (neural->is_on) {
    pinna_neural_mask_push(neural->mask, in, n_frames);
  }
  neural->n_pushed += n_frames;
}

static float
read_mask(void* const handle, const uint64_t sample, float* const log_gain) {
  const DenoiseMask* const neural = (const DenoiseMask*)handle;
  return neural->is_on && sample >= neural->start &&
                 pinna_neural_mask_read(neural->mask, sample - neural->start, log_gain)
             ? pinna_neural_mask_share(neural->mask)
             : 0.0f;
}

static void
begin_mask(DenoiseMask* const neural) {
  neural->start = neural->n_pushed;
  neural->idle = 0U;
  neural->is_on = neural->mask != NULL;
  if (neural->mask) {
    pinna_neural_mask_reset(neural->mask);
  }
}

static void
reset_mask(void* const handle) {
  DenoiseMask* const neural = (DenoiseMask*)handle;
  neural->n_pushed = 0U;
  neural->start = 0U;
  if (neural->is_on) {
    begin_mask(neural);
  }
}

PinnaMaskProvider
denoise_provider(DenoiseMask* const neural, const double rate) {
  return (PinnaMaskProvider){.handle = neural,
                             .n_bands = PINNA_NEURAL_MASK_BANDS,
                             .band_hz = pinna_neural_mask_hz(),
                             .n_latency = pinna_neural_mask_latency(rate),
                             .push = push_sound,
                             .read = read_mask,
                             .reset = reset_mask};
}

/// Half a second longer than wanted: until the engine has let go of it
void
denoise_mask_want(DenoiseMask* const neural, const bool is_wanted, const bool offline,
                  const uint32_t n_frames, const double rate) {
  neural->idle = is_wanted ? 0U : neural->idle + n_frames;
  if (is_wanted && neural->mask && !neural->is_on) {
    begin_mask(neural);
  }
  neural->is_on = neural->is_on && neural->idle < 0.5 * rate;
  if (neural->is_on) {
    pinna_neural_mask_set_offline(neural->mask, offline);
  }
}

static void*
open_mask(const PinnaPluginConfig* const config, const char* const path, PinnaError* const error) {
  const PinnaNeuralMaskConfig plan = {.rate = config->rate,
                                      .n_channels = config->variant->n_in,
                                      .block_s = config->nominal_block / config->rate,
                                      .longest_block_s = config->nominal_block / config->rate,
                                      .path = path};
  PinnaNeuralMask*            mask = NULL;
  return pinna_neural_mask_open(&mask, &plan, error) ? NULL : mask;
}

static void
close_mask(void* const mask) {
  pinna_neural_mask_close((PinnaNeuralMask*)mask);
}

static void*
swap_mask(void* const data, void* const mask) {
  DenoiseMask* const neural = &((DenoiseBlock*)data)->neural;
  void* const        old = neural->mask;
  neural->mask = (PinnaNeuralMask*)mask;
  if (neural->is_on) {
    begin_mask(neural);
  }
  return old;
}

const PinnaPluginFile denoise_file = {.open = open_mask, .close = close_mask, .swap = swap_mask};
