// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wavernn.h"

#include "base/arena.h"
#include "base/denormal.h"
#include "base/pool.h"
#include "base/status.h"
#include "dsp/random.h"
#include "models/wavernn_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Pieces of an utterance side by side: every weight that is read serves as many samples

#define MAX_FOLDS 64U

typedef struct {
  const PinnaWavernnFolds* config;
  const PinnaWavernnParts* parts;
  void*                    memory;
  PinnaPlan*               plan;    ///< One sample of all pieces
  uint32_t                 first;   ///< Of all pieces, the first that is this thread's ..
  uint32_t                 n;       ///< .. and how many are
  uint32_t                 n_piece; ///< Frames of a piece
  uint32_t                 n_step;  ///< Frames from a piece's begin to the next one's
  const float*             mel;
  uint32_t                 n_frames;
  PinnaRunner*             frame_runner;
  PinnaRunner*             runner;
  float*                   aux;     ///< [n x n_output] of the frames that are spoken
  float*                   x;       ///< [n]
  float*                   weight;  ///< [n_classes]
  float*                   scratch; ///< [n_freq]
  float*                   spoken;  ///< [all pieces x n_piece x hop]
} Folds;

/// c of x, then c of aux, for each piece
static PinnaRef
join(PinnaPlan* const plan, const PinnaRef x, const PinnaRef aux) {
  const PinnaShape a = pinna_plan_shape(plan, x);
  const PinnaShape b = pinna_plan_shape(plan, aux);
  const PinnaShape shape = {1U, a.f, a.c + b.c};
  int32_t* const   index = (int32_t*)malloc((size_t)shape.f * shape.c * sizeof(int32_t));
  PinnaRef         y = 0U;
  for (uint32_t f = 0U; index && f < shape.f; ++f) {
    for (uint32_t c = 0U; c < shape.c; ++c) {
      index[f * shape.c + c] = (int32_t)(c < a.c ? f * a.c + c : a.f * a.c + f * b.c + c - a.c);
    }
  }
  if (index) {
    y = pinna_plan_gather(plan, x, aux, shape, index);
  }
  free(index);
  return y;
}

static PinnaRef
weight(const Folds* const s, const PinnaWavernnTensor which, const size_t count) {
  return pinna_plan_constant(s->plan, "w", s->parts->tensors[which], count);
}

static PinnaRef
add_dense(const Folds* const s, const PinnaRef x, const PinnaWavernnTensor which,
          const uint32_t n_out, const PinnaAct act) {
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.act = act;
  return pinna_plan_conv(s->plan, x, &conv,
                         weight(s, which, (size_t)n_out * pinna_plan_shape(s->plan, x).c),
                         weight(s, (PinnaWavernnTensor)(which + 1), n_out));
}

static PinnaRef
add_gru(const Folds* const s, const PinnaRef x, const PinnaWavernnTensor first,
        const char* const state) {
  const uint32_t       n = s->parts->z.n_rnn;
  const PinnaRnnConfig gru = {n, false, state};
  const uint32_t       n_in = pinna_plan_shape(s->plan, x).c;
  return pinna_plan_gru(s->plan, x, &gru, weight(s, first, 3U * (size_t)n * n_in),
                        weight(s, (PinnaWavernnTensor)(first + 1), 3U * (size_t)n * n),
                        weight(s, (PinnaWavernnTensor)(first + 2), 3U * (size_t)n),
                        weight(s, (PinnaWavernnTensor)(first + 3), 3U * (size_t)n));
}

static PinnaStatus
describe(const Folds* const s, PinnaError* const error) {
  const PinnaWavernnSizes* const z = &s->parts->z;
  PinnaPlan* const               plan = s->plan;
  const PinnaShape               of_aux = {1U, s->n, z->n_aux};
  const PinnaRef                 in =
      pinna_plan_input(plan, "x", (PinnaShape){1U, s->n, 1U + z->n_freq + z->n_aux});
  const PinnaRef a2 = pinna_plan_input(plan, "a2", of_aux);
  const PinnaRef a3 = pinna_plan_input(plan, "a3", of_aux);
  const PinnaRef a4 = pinna_plan_input(plan, "a4", of_aux);
  PinnaRef       x = add_dense(s, in, WAVERNN_FC, z->n_rnn, PINNA_ACT_NONE);
  x = pinna_plan_add(plan, add_gru(s, x, WAVERNN_IH1, "h1"), x);
  x = pinna_plan_add(plan, add_gru(s, join(plan, x, a2), WAVERNN_IH2, "h2"), x);
  x = add_dense(s, join(plan, x, a3), WAVERNN_FC1, z->n_fc, PINNA_ACT_RELU);
  x = add_dense(s, join(plan, x, a4), WAVERNN_FC2, z->n_fc, PINNA_ACT_RELU);
  pinna_plan_output(plan, "logits", add_dense(s, x, WAVERNN_FC3, z->n_classes, PINNA_ACT_NONE));
  return pinna_plan_finish(plan, error);
}

/// A mel frame; silence before the utterance and behind it
static void
frame_at(const Folds* const s, const int64_t frame, float* const out) {
  const uint32_t n = s->parts->z.n_freq;
  for (uint32_t i = 0U; i < n; ++i) {
    const float x =
        frame >= 0 && frame < (int64_t)s->n_frames ? s->mel[(size_t)frame * n + i] : 0.0F;
    out[i] = isfinite(x) ? x : 0.0F;
  }
}

/// What all samples of frame `at` of each piece share
static void
take_frames(Folds* const s, const uint32_t at) {
  static const char* const       names[] = {"a2", "a3", "a4"};
  const PinnaWavernnSizes* const z = &s->parts->z;
  float* const                   frames = pinna_runner_tensor(s->frame_runner, "mel");
  const float* const             aux = pinna_runner_tensor(s->frame_runner, "aux");
  for (uint32_t piece = 0U; piece < s->n; ++piece) {
    const int64_t first = (int64_t)(s->first + piece) * s->n_step + at - z->n_context / 2U;
    for (uint32_t i = 0U; i < z->n_context; ++i) {
      frame_at(s, first + i, frames + (size_t)i * z->n_freq);
    }
    pinna_runner_run(s->frame_runner);
    memcpy(s->aux + (size_t)piece * z->n_output, aux, z->n_output * sizeof(float));
    for (uint32_t i = 0U; i < 3U; ++i) {
      memcpy(pinna_runner_tensor(s->runner, names[i]) + (size_t)piece * z->n_aux,
             aux + (i + 1U) * (size_t)z->n_aux, z->n_aux * sizeof(float));
    }
  }
}

static void
take_sample(const Folds* const s, const uint32_t at, const uint32_t sample, float* const frame,
            float* in) {
  const PinnaWavernnSizes* const z = &s->parts->z;
  const float* const             share = s->parts->share + (size_t)sample * z->n_context;
  for (uint32_t piece = 0U; piece < s->n; ++piece, in += 1U + z->n_freq + z->n_aux) {
    const int64_t first = (int64_t)(s->first + piece) * s->n_step + at - z->n_context / 2U;
    in[0] = s->x[piece];
    memset(in + 1, 0, z->n_freq * sizeof(float));
    for (uint32_t k = 0U; k < z->n_context; ++k) {
      if (share[k] != 0.0F) {
        frame_at(s, first + k, frame);
        for (uint32_t i = 0U; i < z->n_freq; ++i) {
          in[1U + i] += share[k] * frame[i];
        }
      }
    }
    memcpy(in + 1U + z->n_freq, s->aux + (size_t)piece * z->n_output, z->n_aux * sizeof(float));
  }
}

static void
speak(void* const part) {
  Folds* const                   s = (Folds*)part;
  const PinnaWavernnFolds* const c = s->config;
  const PinnaWavernnSizes* const z = &s->parts->z;
  const PinnaCpuKernels* const   kernels = pinna_cpu_kernels(c->isa);
  float* const                   in = pinna_runner_tensor(s->runner, "x");
  const float* const             logits = pinna_runner_tensor(s->runner, "logits");
  const PinnaFpMode              mode = pinna_denormal_enter();
  for (uint32_t at = 0U; at < s->n_piece; ++at) {
    take_frames(s, at);
    for (uint32_t sample = 0U; sample < z->hop; ++sample) {
      take_sample(s, at, sample, s->scratch, in);
      pinna_runner_run(s->runner);
      for (uint32_t piece = 0U; piece < s->n; ++piece) {
        const size_t   own = (size_t)at * z->hop + sample;
        const uint64_t number = (uint64_t)(s->first + piece) * s->n_step * z->hop + own;
        const float    uniforms[] = {pinna_random_uniform(c->seed, 0U, number),
                                     pinna_random_uniform(c->seed, 1U, number)};
        const float x = pinna_wavernn_draw(kernels, c->form, logits + (size_t)piece * z->n_classes,
                                           z->n_classes, uniforms, s->weight);
        s->x[piece] = x;
        s->spoken[(size_t)(s->first + piece) * s->n_piece * z->hop + own] =
            pinna_wavernn_linear(c->form, z->n_classes, x);
      }
    }
    if (c->progress && !s->first) {
      c->progress(c->data, at + 1U, s->n_piece);
    }
  }
  pinna_denormal_leave(mode);
}

/// Each piece over the end of the one before, at equal power: they are different noise
static void
fade_over(const Folds* const s, const uint32_t n_pieces, float* const out) {
  const size_t hop = s->parts->z.hop;
  const size_t n_fade = n_pieces > 1U ? (s->n_piece - s->n_step) * hop : 0U;
  const size_t n_out = s->n_frames * hop;
  for (uint32_t piece = 0U; piece < n_pieces; ++piece) {
    const float* const from = s->spoken + (size_t)piece * s->n_piece * hop;
    const size_t       first = (size_t)piece * s->n_step * hop;
    for (size_t i = 0U; i < s->n_piece * hop && first + i < n_out; ++i) {
      const bool  is_fade = piece && i < n_fade;
      const float angle = 1.57079633F * ((float)i + 0.5F) / (float)(n_fade ? n_fade : 1U);
      out[first + i] = is_fade ? out[first + i] * cosf(angle) + from[i] * sinf(angle) : from[i];
    }
  }
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  Folds* const                   s = *(Folds* const*)data;
  const PinnaWavernnSizes* const z = &s->parts->z;
  const PinnaRunnerConfig        frame = {s->parts->plan, s->config->isa};
  const PinnaRunnerConfig        sample = {s->plan, s->config->isa};
  PinnaStatus                    status = pinna_runner_init(&s->frame_runner, arena, &frame);
  if (!status) {
    status = pinna_runner_init(&s->runner, arena, &sample);
  }
  if (status) {
    return status;
  }
  s->aux = PINNA_TAKE(arena, (size_t)s->n * z->n_output, float);
  s->x = PINNA_TAKE(arena, s->n, float);
  s->weight = PINNA_TAKE(arena, z->n_classes, float);
  s->scratch = PINNA_TAKE(arena, z->n_freq, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *object = s->scratch;
  return PINNA_STATUS_OK;
}

/// Pieces of equal length that cover all frames
static void
cut(Folds* const s, const uint32_t n_overlap) {
  const uint32_t n_most = s->n_frames / (2U * n_overlap) ? s->n_frames / (2U * n_overlap) : 1U;
  s->n = s->n < n_most ? s->n : n_most;
  s->n_step = s->n > 1U ? (s->n_frames - n_overlap + s->n - 1U) / s->n : s->n_frames;
  s->n_piece = s->n > 1U ? s->n_step + n_overlap : s->n_frames;
}

/// The network for one thread's pieces
static PinnaStatus
open_part(Folds* const s, PinnaError* const error) {
  void* scratch = NULL;
  s->plan = pinna_plan_new();
  const PinnaStatus status = s->plan ? describe(s, error) : PINNA_STATUS_NO_MEM;
  return status ? status : pinna_arena_build(&s->memory, &scratch, build, &s);
}

static void
close_part(Folds* const s) {
  pinna_arena_free(s->memory);
  pinna_plan_free(s->plan);
}

/// All pieces: half of them by a worker, if there is one
static PinnaStatus
speak_all(Folds* const s, const uint32_t n_pieces, PinnaError* const error) {
  PinnaPool* const pool = s->config->has_helper && n_pieces > 1U ? pinna_pool_acquire() : NULL;
  Folds            half = *s;
  PinnaJob* const  job = pool ? pinna_job_new(pool, speak, &half) : NULL;
  s->n = job ? (n_pieces + 1U) / 2U : n_pieces;
  half.first = s->n;
  half.n = n_pieces - s->n;
  PinnaStatus status = open_part(s, error);
  if (!status && job) {
    status = open_part(&half, error);
  }
  if (!status) {
    if (job) {
      pinna_job_submit(job, UINT64_MAX);
    }
    speak(s);
  }
  pinna_job_free(job); // When it is done
  pinna_pool_release(pool);
  close_part(&half);
  close_part(s);
  return status;
}

PinnaStatus
pinna_wavernn_fold(const PinnaWavernnFolds* const config, const float* const mel,
                   const uint32_t n_frames, float* const out, PinnaError* const error) {
  PinnaWavernnParts parts = {0};
  Folds             s = {
                  .config = config, .parts = &parts, .n = config->n_folds, .mel = mel, .n_frames = n_frames};
  if (!n_frames || !config->n_folds || config->n_folds > MAX_FOLDS || config->n_overlap < 2U) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "folds are 1 to 64 of at least one frame, overlapping by 2 frames or more");
  }
  cut(&s, config->n_overlap);
  const uint32_t n_pieces = s.n;
  PinnaStatus    status = pinna_wavernn_measure(&parts.z, config->weights, error);
  if (!status) {
    parts.plan = pinna_plan_new();
    status = parts.plan ? pinna_wavernn_describe(parts.plan, &parts.z, config->weights, error)
                        : PINNA_STATUS_NO_MEM;
  }
  if (!status) {
    status = pinna_wavernn_parts_make(&parts, config->weights, error);
  }
  if (!status) {
    s.spoken = (float*)calloc((size_t)n_pieces * s.n_piece * parts.z.hop, sizeof(float));
    status = s.spoken ? speak_all(&s, n_pieces, error) : PINNA_STATUS_NO_MEM;
  }
  if (!status) {
    fade_over(&s, n_pieces, out);
  }
  free(s.spoken);
  pinna_wavernn_parts_free(&parts);
  return status ? pinna_fail(error, status, "%s", pinna_strerror(status)) : status;
}
