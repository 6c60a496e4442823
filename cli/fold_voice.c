// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fold_voice.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "models/vocoder_mel.h"
#include "models/wavernn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// All frames first, then all pieces at once

#define N_OVERLAP 8U ///< Frames by which pieces fade over

typedef struct {
  CliReadFunc progress;
  void*       handle;
} Progress;

static void
on_frame(void* const data, const uint32_t n_done, const uint32_t n_frames) {
  const Progress* const p = (const Progress*)data;
  if (p->progress) {
    p->progress(p->handle, (double)n_done / n_frames);
  }
}

static PinnaStatus
build_mel(void** const object, PinnaArena* const arena, const void* const features) {
  return pinna_vocoder_mel_init((PinnaVocoderMel**)object, arena,
                                (const PinnaVocoderFeatures*)features);
}

/// Frames [n_frames x n_mels] as the network was trained on them
static PinnaStatus
analyse(const PinnaVocoderFeatures* const f, const float* const in, const size_t n,
        float* const frames, const size_t n_frames) {
  void*             memory = NULL;
  void*             analysis = NULL;
  const size_t      hop = f->hop_length;
  float* const      said = (float*)malloc(hop * sizeof(float));
  const PinnaStatus status =
      said ? pinna_arena_build(&memory, &analysis, build_mel, f) : PINNA_STATUS_NO_MEM;
  for (size_t i = 0U; i < n_frames && !status; ++i) {
    float* const mel = frames + i * f->n_mels;
    const size_t left = i * hop < n ? n - i * hop : 0U;
    memset(said, 0, hop * sizeof(float));
    memcpy(said, in + (left ? i * hop : 0U), (left < hop ? left : hop) * sizeof(float));
    pinna_vocoder_mel_run((PinnaVocoderMel*)analysis, said, mel);
    for (uint32_t m = 0U; m < f->n_mels; ++m) {
      mel[m] = expf(mel[m]);
    }
    pinna_wavernn_scale(mel, f->n_mels);
  }
  pinna_arena_free(memory);
  free(said);
  return status;
}

/// What frame 0 speaks begins so many samples before the first of `in`
static void
place(const PinnaLoadedVocoder* const loaded, const float* const spoken, const size_t n_spoken,
      float* const out, const size_t n) {
  const size_t hop = loaded->vocoder.features.hop_length;
  const size_t n_ahead = pinna_wavernn_facts((const PinnaWavernn*)loaded->object).n_ahead;
  const size_t late = loaded->vocoder.latency - n_ahead * hop;
  for (size_t i = late; i < n_spoken && i - late < n; ++i) {
    out[i - late] = spoken[i];
  }
}

PinnaStatus
cli_fold_voice(const PinnaLoadedVocoder* const loaded, const CliFolds* const folds,
               const float* const in, float* const out, const size_t n, const CliReadFunc progress,
               void* const handle, PinnaError* const error) {
  const PinnaVocoderFeatures* const f = &loaded->vocoder.features;
  const size_t  n_frames = (n + loaded->vocoder.latency + f->hop_length - 1U) / f->hop_length;
  Progress      told = {progress, handle};
  PinnaWeights* weights = NULL;
  if (!folds->path || strcmp(loaded->kind, "wavernn") != 0) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "--folds: only WaveRNN speaks in pieces");
  }
  float* const frames = (float*)malloc(n_frames * f->n_mels * sizeof(float));
  float* const spoken = (float*)malloc(n_frames * f->hop_length * sizeof(float));
  PinnaStatus  status = frames && spoken && n_frames <= UINT32_MAX
                            ? pinna_weights_open(&weights, folds->path, error)
                            : PINNA_STATUS_NO_MEM;
  if (!status) {
    status = analyse(f, in, n, frames, n_frames);
  }
  if (!status) {
    const PinnaWavernnFolds config = {weights,     pinna_cpu_isa(), PINNA_WAVERNN_CLASSES,
                                      folds->seed, folds->n_folds,  N_OVERLAP,
                                      on_frame,    &told,           true};
    status = pinna_wavernn_fold(&config, frames, (uint32_t)n_frames, spoken, error);
  }
  if (!status) {
    place(loaded, spoken, n_frames * f->hop_length, out, n);
  }
  pinna_weights_free(weights);
  free(frames);
  free(spoken);
  return status ? pinna_fail(error, status, "%s", pinna_strerror(status)) : status;
}
