// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/copy_voice.h"

#include "base/arena.h"
#include "base/denormal.h"
#include "models/vocoder_mel.h"

#include <stdlib.h>
#include <string.h>

// Hop by hop through analysis and vocoder

static PinnaStatus
build_mel(void** const object, PinnaArena* const arena, const void* const features) {
  return pinna_vocoder_mel_init((PinnaVocoderMel**)object, arena,
                                (const PinnaVocoderFeatures*)features);
}

PinnaStatus
cli_copy_voice(const PinnaVocoder* const vocoder, const float* const in, float* const out,
               const size_t n, const CliReadFunc progress, void* const handle,
               PinnaError* const error) {
  const PinnaVocoderFeatures* const f = &vocoder->features;
  const size_t                      hop = f->hop_length;
  const size_t                      n_hops = (n + vocoder->latency + hop - 1U) / hop;
  void*                             memory = NULL;
  void*                             analysis = NULL;
  float* const                      mel = (float*)calloc(f->n_mels + 2U * hop, sizeof(float));
  PinnaStatus                       status = pinna_arena_build(&memory, &analysis, build_mel, f);
  status = !status && !mel ? PINNA_STATUS_NO_MEM : status;
  const PinnaFpMode mode = pinna_denormal_enter();
  vocoder->reset(vocoder->handle);
  for (size_t i = 0U; i < n_hops && !status; ++i) {
    float* const spoken = mel + f->n_mels;
    float* const said = spoken + hop;
    memset(said, 0, hop * sizeof(float));
    if (i * hop < n) {
      const size_t left = n - i * hop;
      memcpy(said, in + i * hop, (left < hop ? left : hop) * sizeof(float));
    }
    pinna_vocoder_mel_run((PinnaVocoderMel*)analysis, said, mel);
    vocoder->run(vocoder->handle, mel, 1U, spoken);
    for (size_t k = 0U; k < hop; ++k) {
      const size_t at = i * hop + k;
      if (at >= vocoder->latency && at - vocoder->latency < n) {
        out[at - vocoder->latency] = spoken[k];
      }
    }
    if (progress) {
      progress(handle, (double)(i + 1U) / (double)n_hops);
    }
  }
  pinna_denormal_leave(mode);
  free(mel);
  pinna_arena_free(memory);
  return status ? pinna_fail(error, status, "%s", pinna_strerror(status)) : status;
}
