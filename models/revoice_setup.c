// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/revoice.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/revoice_impl.h"

#include <math.h>

// Stages, their delays, memory

#define N_LOOKS 64U ///< That wait for a picture
#define LEVEL_S 0.5 ///< Time constant of the loudness

/// Resamplers down and up, unless the rates are equal
static PinnaStatus
take_resamplers(PinnaRevoice* const r, PinnaArena* const arena, const uint32_t rate) {
  const PinnaResampleConfig down = {.rate_in = rate,
                                    .rate_out = r->vocoder.features.sample_rate,
                                    .n_ch = 1U,
                                    .quality = PINNA_RESAMPLE_FAST};
  const PinnaResampleConfig up = {
      .rate_in = down.rate_out, .rate_out = rate, .n_ch = 1U, .quality = PINNA_RESAMPLE_FAST};
  if (down.rate_in == down.rate_out) {
    return PINNA_STATUS_OK;
  }
  const PinnaStatus status = pinna_resample_init(&r->down, arena, &down);
  return status ? status : pinna_resample_init(&r->up, arena, &up);
}

/// A hop that is not yet full, as samples of the stream, and one for rounding on each way
static void
measure(PinnaRevoice* const r, const uint32_t rate) {
  const PinnaVocoderFeatures* const f = &r->vocoder.features;
  const double                      ratio = (double)rate / (double)f->sample_rate;
  double                            delay = (double)r->vocoder.latency;
  r->n_prime = f->hop_length;
  if (r->down) {
    r->n_prime = (uint32_t)ceil(f->hop_length * ratio) + 2U;
    delay += (double)pinna_resample_latency(r->up);
    delay = delay * ratio + (double)pinna_resample_latency(r->down);
  }
  r->latency = r->n_prime + (uint32_t)lrint(delay);
}

PinnaStatus
pinna_revoice_init(PinnaRevoice** const self, PinnaArena* const arena,
                   const PinnaRevoiceConfig* const config) {
  const PinnaVocoderFeatures* const f = &config->vocoder.features;
  const uint32_t                    rate = config->rate;
  *self = NULL;
  if (!rate || !f->sample_rate || !f->hop_length || !f->n_mels || rate > 1000000U) {
    return PINNA_STATUS_BAD_ARG;
  }
  const double             hop_s = (double)f->hop_length / f->sample_rate;
  const PinnaMelEditConfig edit = {f->n_mels, (double)f->f_min, (double)f->f_max, hop_s};
  PinnaRevoice             parts = {.vocoder = config->vocoder,
                                    .n_powers = config->vocoder.latency / f->hop_length + 1U,
                                    .memory = (float)exp(-hop_s / LEVEL_S)};
  const uint32_t           n_frame = (f->n_mels * (uint32_t)sizeof(float)) + 8U;
  PinnaRevoice* const      revoice = PINNA_TAKE(arena, 1U, PinnaRevoice);
  PinnaStatus              status = take_resamplers(&parts, arena, rate);
  if (!status) {
    status = pinna_vocoder_mel_init(&parts.analysis, arena, f);
  }
  if (!status) {
    status = pinna_mel_edit_init(&parts.edit, arena, &edit);
  }
  if (!status) {
    status = pinna_ring_init(&parts.fed, arena, (uint32_t)ceil(1.0 / hop_s) * n_frame);
  }
  if (!status) {
    status = pinna_ring_init(&parts.looks, arena, N_LOOKS * (uint32_t)sizeof(PinnaRevoiceLook));
  }
  if (status) {
    return status;
  }
  const double piece = PINNA_REVOICE_PIECE * (double)f->sample_rate / rate;
  const double n_hops = piece / f->hop_length + 2.0;
  const double n_ready = (n_hops + 2.0) * (f->hop_length * (double)rate / f->sample_rate + 2.0);
  parts.low = PINNA_TAKE(arena, (size_t)piece + PINNA_REVOICE_PIECE + 2U, float);
  parts.hop = PINNA_TAKE(arena, f->hop_length, float);
  parts.spoken = PINNA_TAKE(arena, f->hop_length, float);
  parts.powers = PINNA_TAKE(arena, parts.n_powers, float);
  parts.mel = PINNA_TAKE(arena, f->n_mels, float);
  parts.ready = PINNA_TAKE(arena, (size_t)n_ready + PINNA_REVOICE_PIECE, float);
  _Atomic float* const params = PINNA_TAKE(arena, PINNA_REVOICE_N_PARAMS, _Atomic float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  parts.params.values = params;
  parts.params.size = PINNA_REVOICE_N_PARAMS;
  measure(&parts, rate);
  *revoice = parts;
  pinna_revoice_reset(revoice);
  *self = revoice;
  return PINNA_STATUS_OK;
}
