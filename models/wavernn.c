// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wavernn.h"

#include "base/denormal.h"
#include "dsp/random.h"
#include "models/wavernn_impl.h"

#include <math.h>
#include <string.h>

// Frames into samples: one turn of the recurrent network for each

/// Everything that the samples of a frame share. @return Whether there is a frame to speak yet
static bool
take_frame(PinnaWavernn* const self, const float* const mel) {
  const PinnaWavernnSizes* const z = &self->z;
  const size_t                   n_old = z->n_context - 1U;
  memmove(self->frames, self->frames + z->n_freq, n_old * z->n_freq * sizeof(float));
  float* const newest = self->frames + n_old * z->n_freq;
  for (uint32_t i = 0U; i < z->n_freq; ++i) {
    newest[i] = isfinite(mel[i]) ? mel[i] : 0.0F;
  }
  pinna_matvec_run(self->of_mel, newest, self->of_frame);
  self->slot = (self->slot + 1U) % z->n_context;
  pinna_matvec_set_column(self->mixer, 2U + self->slot, self->of_frame);
  if (++self->n_frames <= z->n_context / 2U) {
    return false;
  }
  self->n_frames = z->n_context / 2U; // Enough are known from here on
  pinna_runner_run(self->runner);
  pinna_matvec_run(self->of_aux, self->aux, self->fixed);
  pinna_matvec_set_column(self->mixer, 0U, self->fixed);
  return true;
}

/// Inputs of both GRUs and of fc1, but for what the recurrent layers give
static void
mix_inputs(PinnaWavernn* const self, const uint32_t sample, const float x) {
  const uint32_t     n = self->z.n_context;
  const float* const share = self->share + (size_t)sample * n;
  self->parts[0] = 1.0F;
  self->parts[1] = x;
  for (uint32_t frame = 0U; frame < n; ++frame) { // Oldest first in share
    self->parts[2U + (self->slot + 1U + frame) % n] = share[frame];
  }
  pinna_matvec_run(self->mixer, self->parts, self->mix);
}

static void
dense(PinnaWavernn* const self, PinnaMatvec* const layer, const float* const x,
      const float* const rest, float* const y) {
  pinna_matvec_run(layer, x, y);
  self->kernels->add(y, rest, y, self->z.n_fc);
  self->kernels->act(PINNA_ACT_RELU, 0.0F, y, y, self->z.n_fc);
}

enum { OF_H1, OF_H2 };

/// What only the next sample needs of a product: later, or by the helper meanwhile
static void
put_off(PinnaWavernn* const self, const uint32_t offer, PinnaMatvec* const layer,
        const float* const h, const uint32_t n_blocks, float* const y) {
  pinna_matvec_take(layer, h);
  if (self->pair) {
    pinna_pair_offer(self->pair, offer, layer, n_blocks, y);
  } else {
    pinna_matvec_blocks(layer, 0U, n_blocks, y);
  }
}

static void
need(PinnaWavernn* const self, const uint32_t offer) {
  if (self->pair) {
    pinna_pair_finish(self->pair, offer);
  }
}

/// One sample after `x`: logits
static void
step(PinnaWavernn* const self, const uint32_t sample, const float x) {
  const PinnaCpuKernels* const k = self->kernels;
  const uint32_t               n = self->z.n_rnn;
  const uint32_t               n_all = pinna_matvec_n_blocks(self->from_h1);
  float* const                 mix2 = self->mix + 3U * n;
  mix_inputs(self, sample, x);
  need(self, OF_H1);
  k->gru(self->mix, self->g1, self->h1, self->sum, n);
  put_off(self, OF_H1, self->from_h1, self->h1, self->n_own, self->g1);
  pinna_matvec_blocks(self->from_h1, self->n_own, n_all - self->n_own, self->g1);
  k->add(mix2, self->g1 + 3U * n, mix2, 3U * n);
  need(self, OF_H2);
  k->gru(mix2, self->g2, self->h2, self->sum, n);
  put_off(self, OF_H2, self->from_h2, self->h2, pinna_matvec_n_blocks(self->from_h2), self->g2);
  k->add(self->h1, self->h2, self->sum, n);
  dense(self, self->from_sum, self->sum, self->mix + 6U * n, self->f1);
  dense(self, self->fc2, self->f1, self->fixed + self->z.n_mix, self->f2);
  pinna_matvec_run(self->fc3, self->f2, self->logits);
}

/// The samples of a frame, from here ..
static PinnaFpMode
enter(PinnaWavernn* const self) {
  if (self->pair) {
    pinna_pair_enter(self->pair);
  }
  return pinna_denormal_enter();
}

/// .. to here
static void
leave(PinnaWavernn* const self, const PinnaFpMode mode) {
  need(self, OF_H1);
  need(self, OF_H2);
  if (self->pair) {
    pinna_pair_leave(self->pair);
  }
  pinna_denormal_leave(mode);
}

/// The class where the sum of probabilities passes `uniform` of the whole
static uint32_t
draw(const PinnaCpuKernels* const k, const float* const logits, const uint32_t n,
     const float uniform, float* const weight) {
  float top = logits[0];
  for (uint32_t i = 1U; i < n; ++i) {
    top = logits[i] > top ? logits[i] : top;
  }
  const float limit = uniform * k->exp_sum(logits, top, weight, n);
  float       sum = 0.0F;
  for (uint32_t i = 0U; i + 1U < n; ++i) {
    sum += weight[i];
    if (sum > limit) {
      return i;
    }
  }
  return n - 1U;
}

/// Labels [0, 2^n_bits - 1] stand for [-1, 1]; n_bits is the whole part of log2 of the classes
uint32_t
pinna_wavernn_n_labels(const uint32_t n_classes) {
  uint32_t n_labels = 1U;
  while (2U * n_labels <= n_classes) {
    n_labels *= 2U;
  }
  return n_labels;
}

float
pinna_wavernn_draw(const PinnaCpuKernels* const k, const PinnaWavernnForm form,
                   const float* const logits, const uint32_t n_classes, const float* const uniforms,
                   float* const weight) {
  if (form == PINNA_WAVERNN_CLASSES) {
    const uint32_t label = draw(k, logits, n_classes, uniforms[0], weight);
    return 2.0F * (float)label / (float)(pinna_wavernn_n_labels(n_classes) - 1U) - 1.0F;
  }
  const uint32_t n = n_classes / 3U;
  const uint32_t i = draw(k, logits, n, uniforms[0], weight);
  const float    u = fminf(fmaxf(uniforms[1], 1e-5F), 1.0F - 1e-5F);
  const float    scale = expf(fmaxf(logits[2U * n + i], -32.23619F)); // ln 1e-14
  const float    x = logits[n + i] + scale * (logf(u) - logf(1.0F - u));
  return fminf(fmaxf(x, -1.0F), 1.0F);
}

uint32_t
pinna_wavernn_frame(PinnaWavernn* const self, const float* const mel, const float* const uniforms,
                    float* const out) {
  const PinnaWavernnForm form = self->form;
  const uint32_t         n_each = PINNA_WAVERNN_DRAWS(form);
  if (!take_frame(self, mel)) {
    return 0U;
  }
  const PinnaFpMode mode = enter(self);
  for (uint32_t sample = 0U; sample < self->z.hop; ++sample, ++self->n_samples) {
    float own[2];
    for (uint32_t i = 0U; i < n_each && !uniforms; ++i) {
      own[i] = pinna_random_uniform(self->seed, i, self->n_samples);
    }
    step(self, sample, self->x);
    self->x = pinna_wavernn_draw(self->kernels, form, self->logits, self->z.n_classes,
                                 uniforms ? uniforms + (size_t)sample * n_each : own, self->weight);
    out[sample] = self->x;
  }
  leave(self, mode);
  return self->z.hop;
}

uint32_t
pinna_wavernn_teach(PinnaWavernn* const self, const float* const mel, const float* const wave,
                    float* const logits) {
  const size_t n = self->z.n_classes;
  if (!take_frame(self, mel)) {
    return 0U;
  }
  const PinnaFpMode mode = enter(self);
  for (uint32_t sample = 0U; sample < self->z.hop; ++sample) {
    step(self, sample, wave[sample]);
    memcpy(logits + sample * n, self->logits, n * sizeof(float));
  }
  leave(self, mode);
  return self->z.hop;
}

PinnaWavernnFacts
pinna_wavernn_facts(const PinnaWavernn* const self) {
  const PinnaWavernnSizes* const z = &self->z;
  return (PinnaWavernnFacts){z->n_freq, z->hop, z->n_classes, z->n_context / 2U};
}

void
pinna_wavernn_reset(PinnaWavernn* const self) {
  const PinnaWavernnSizes* const z = &self->z;
  memset(self->frames, 0, (size_t)z->n_context * z->n_freq * sizeof(float));
  memset(self->of_frame, 0, z->n_mix * sizeof(float));
  for (uint32_t frame = 0U; frame < z->n_context; ++frame) {
    pinna_matvec_set_column(self->mixer, 2U + frame, self->of_frame);
  }
  memset(self->h1, 0, z->n_rnn * sizeof(float));
  memset(self->h2, 0, z->n_rnn * sizeof(float));
  pinna_matvec_run(self->from_h1, self->h1, self->g1);
  pinna_matvec_run(self->from_h2, self->h2, self->g2);
  self->n_frames = 0U;
  self->slot = 0U; // Sums in the same order
  self->n_samples = 0U;
  self->x = 0.0F;
}

void
pinna_wavernn_scale(float* const mel, const size_t n) {
  for (size_t i = 0U; i < n; ++i) {
    const float level = 20.0F * log10f(mel[i] > 1e-5F ? mel[i] : 1e-5F);
    mel[i] = fminf(fmaxf((level + 100.0F) / 100.0F, 0.0F), 1.0F);
  }
}
