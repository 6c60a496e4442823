// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wavernn_impl.h"

#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A checkpoint read, and what is linear in it multiplied out

static PinnaStatus
bad_shape(const char* const name, PinnaError* const error) {
  return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                    "%s is missing or has a shape that WaveRNN does not know; is this a checkpoint "
                    "of torchaudio.models.WaveRNN?",
                    name);
}

static const uint64_t*
shape_of(const PinnaWeights* const weights, const char* const name, const uint32_t n_dims) {
  const PinnaTensor* const t = pinna_weights_find(weights, name);
  if (!t || t->n_dims != n_dims) {
    return NULL;
  }
  for (uint32_t i = 0U; i < n_dims; ++i) {
    if (!t->shape[i] || t->shape[i] > 65536U) {
      return NULL;
    }
  }
  return t->shape;
}

#define RESNET "upsample.resnet.melresnet_model"

static PinnaStatus
measure_upsampling(PinnaWavernnSizes* const z, const PinnaWeights* const weights,
                   PinnaError* const error) {
  char            name[96];
  const uint64_t* shape = shape_of(weights, RESNET ".0.weight", 3U);
  if (!shape || shape[2] % 2U == 0U || shape[2] > 15U) {
    return bad_shape(RESNET ".0.weight", error);
  }
  z->n_hidden = (uint32_t)shape[0];
  z->n_freq = (uint32_t)shape[1];
  z->n_context = (uint32_t)shape[2];
  do {
    snprintf(name, sizeof(name), RESNET ".%u.resblock_model.0.weight", 3U + z->n_blocks);
  } while (pinna_weights_find(weights, name) && ++z->n_blocks < 64U);
  snprintf(name, sizeof(name), RESNET ".%u.weight", 3U + z->n_blocks);
  shape = shape_of(weights, name, 3U);
  if (!shape || shape[0] % 4U) {
    return bad_shape(name, error);
  }
  z->n_output = (uint32_t)shape[0];
  z->n_aux = z->n_output / 4U;

  uint32_t reach = 0U; // How far the smoothing of all stages sees, in samples of the last one
  z->hop = 1U;
  for (;; ++z->n_scales) {
    snprintf(name, sizeof(name), "upsample.upsample_layers.%u.weight", 2U * z->n_scales + 1U);
    shape = shape_of(weights, name, 4U);
    if (!shape) {
      break;
    }
    if (z->n_scales == PINNA_WAVERNN_MAX_SCALES || shape[3] % 2U == 0U || shape[3] > 129U ||
        shape[3] < 3U) {
      return bad_shape(name, error);
    }
    const uint32_t scale = (uint32_t)(shape[3] - 1U) / 2U;
    z->scales[z->n_scales] = scale;
    z->hop *= scale;
    reach = (reach + 1U) * scale;
    if (z->hop > 4096U) {
      return bad_shape(name, error);
    }
  }
  return z->n_scales && reach <= z->n_context / 2U * z->hop
             ? PINNA_STATUS_OK
             : bad_shape("upsample.upsample_layers", error);
}

PinnaStatus
pinna_wavernn_measure(PinnaWavernnSizes* const z, const PinnaWeights* const weights,
                      PinnaError* const error) {
  memset(z, 0, sizeof(*z));
  const PinnaStatus status = measure_upsampling(z, weights, error);
  if (status) {
    return status;
  }
  const uint64_t* const fc = shape_of(weights, "fc.weight", 2U);
  const uint64_t* const fc3 = shape_of(weights, "fc3.weight", 2U);
  if (!fc || !fc3) {
    return bad_shape(fc ? "fc3.weight" : "fc.weight", error);
  }
  z->n_rnn = (uint32_t)fc[0];
  z->n_classes = (uint32_t)fc3[0];
  z->n_fc = (uint32_t)fc3[1];
  z->n_mix = 6U * z->n_rnn + z->n_fc;
  return PINNA_STATUS_OK;
}

static PinnaStatus
read_tensors(PinnaWavernnParts* const p, const PinnaWeights* const weights,
             PinnaError* const error) {
  const PinnaWavernnSizes* const z = &p->z;
  const uint64_t                 r = z->n_rnn;
  const uint64_t                 n = z->n_fc;
  const uint64_t                 a = z->n_aux;
  const struct {
    const char* name;
    uint64_t    shape[2];
  } list[WAVERNN_N_TENSORS] = {{"fc.weight", {r, 1U + z->n_freq + a}},
                               {"fc.bias", {r, 0U}},
                               {"rnn1.weight_ih_l0", {3U * r, r}},
                               {"rnn1.weight_hh_l0", {3U * r, r}},
                               {"rnn1.bias_ih_l0", {3U * r, 0U}},
                               {"rnn1.bias_hh_l0", {3U * r, 0U}},
                               {"rnn2.weight_ih_l0", {3U * r, r + a}},
                               {"rnn2.weight_hh_l0", {3U * r, r}},
                               {"rnn2.bias_ih_l0", {3U * r, 0U}},
                               {"rnn2.bias_hh_l0", {3U * r, 0U}},
                               {"fc1.weight", {n, r + a}},
                               {"fc1.bias", {n, 0U}},
                               {"fc2.weight", {n, n + a}},
                               {"fc2.bias", {n, 0U}},
                               {"fc3.weight", {z->n_classes, n}},
                               {"fc3.bias", {z->n_classes, 0U}}};
  for (int i = 0; i < (int)WAVERNN_N_TENSORS; ++i) {
    const uint64_t* const shape = list[i].shape;
    const size_t          count = (size_t)(shape[0] * (shape[1] ? shape[1] : 1U));
    p->tensors[i] = (float*)malloc(count * sizeof(float));
    if (!p->tensors[i]) {
      return PINNA_STATUS_NO_MEM;
    }
    const PinnaStatus status =
        pinna_weights_read(weights, list[i].name, shape[1] ? 2U : 1U, shape, p->tensors[i], error);
    if (status) {
      return status;
    }
  }
  return PINNA_STATUS_OK;
}

/// Where the rows that a mixed input `row` is made with lie: [n_rnn] of what follows the fc layer
static const float*
row_of(const PinnaWavernnParts* const p, const uint32_t row, float* const bias,
       const float** const of_aux, uint32_t* const aux) {
  const PinnaWavernnSizes* const z = &p->z;
  const uint32_t                 n3 = 3U * z->n_rnn;
  if (row < n3) {
    *bias = p->tensors[WAVERNN_IH1_BIAS][row];
    *of_aux = NULL;
    return p->tensors[WAVERNN_IH1] + (size_t)row * z->n_rnn;
  }
  const bool         is_rnn2 = row < 2U * n3;
  const uint32_t     i = row - (is_rnn2 ? n3 : 2U * n3);
  const float* const w =
      p->tensors[is_rnn2 ? WAVERNN_IH2 : WAVERNN_FC1] + (size_t)i * (z->n_rnn + z->n_aux);
  *bias = p->tensors[is_rnn2 ? WAVERNN_IH2_BIAS : WAVERNN_FC1_BIAS][i];
  *of_aux = w + z->n_rnn;
  *aux = is_rnn2 ? 1U : 2U;
  return w;
}

/// Row of what follows, times the fc layer and its bias: into of_x, of_mel, of_aux, fixed
static void
multiply_out(PinnaWavernnParts* const p, const uint32_t row, double* const sums) {
  const PinnaWavernnSizes* const z = &p->z;
  const uint32_t                 n_in = 1U + z->n_freq + z->n_aux;
  const float*                   own_aux;
  uint32_t                       aux = 0U;
  float                          bias;
  const float* const             w = row_of(p, row, &bias, &own_aux, &aux);
  double                         sum = (double)bias;
  memset(sums, 0, n_in * sizeof(double));
  for (uint32_t k = 0U; k < z->n_rnn; ++k) {
    const float* const fc = p->tensors[WAVERNN_FC] + (size_t)k * n_in;
    const double       factor = (double)w[k];
    sum += factor * (double)p->tensors[WAVERNN_FC_BIAS][k];
    for (uint32_t i = 0U; i < n_in; ++i) {
      sums[i] += factor * (double)fc[i];
    }
  }
  p->fixed[row] = (float)sum;
  p->of_x[row] = (float)sums[0];
  for (uint32_t i = 0U; i < z->n_freq; ++i) {
    p->of_mel[(size_t)row * z->n_freq + i] = (float)sums[1U + i];
  }
  float* const of_aux = p->of_aux + (size_t)row * z->n_output;
  for (uint32_t i = 0U; i < z->n_aux; ++i) {
    of_aux[i] = (float)sums[1U + z->n_freq + i];
    if (own_aux) {
      of_aux[aux * z->n_aux + i] = own_aux[i];
    }
  }
}

/// The hidden layers' rows: W_hh of GRU 1 over what GRU 2 takes from GRU 1; aux of fc2
static void
stack(PinnaWavernnParts* const p) {
  const PinnaWavernnSizes* const z = &p->z;
  const size_t                   r = z->n_rnn;
  memcpy(p->from_h1, p->tensors[WAVERNN_HH1], 3U * r * r * sizeof(float));
  memcpy(p->fixed_h1, p->tensors[WAVERNN_HH1_BIAS], 3U * r * sizeof(float));
  for (size_t i = 0U; i < 3U * r; ++i) {
    memcpy(p->from_h1 + (3U * r + i) * r, p->tensors[WAVERNN_IH2] + i * (r + z->n_aux),
           r * sizeof(float));
  }
  for (size_t i = 0U; i < z->n_fc; ++i) {
    memcpy(p->of_aux + (z->n_mix + i) * z->n_output + 3U * (size_t)z->n_aux,
           p->tensors[WAVERNN_FC2] + i * (z->n_fc + z->n_aux) + z->n_fc, z->n_aux * sizeof(float));
    p->fixed[z->n_mix + i] = p->tensors[WAVERNN_FC2_BIAS][i];
  }
}

/// Stretch and smooth one frame of a row of n_context; what the middle frame's samples get of it
static PinnaStatus
make_share(PinnaWavernnParts* const p, const PinnaWeights* const weights, PinnaError* const error) {
  const PinnaWavernnSizes* const z = &p->z;
  const size_t                   n_all = (size_t)z->n_context * z->hop;
  float* const                   room = (float*)calloc(2U * n_all + 129U, sizeof(float));
  PinnaStatus                    status = room ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  for (uint32_t frame = 0U; frame < z->n_context && !status; ++frame) {
    float* const row = room;
    float* const stretched = row + n_all;
    float* const taps = stretched + n_all;
    size_t       n = z->n_context;
    memset(room, 0, n * sizeof(float));
    row[frame] = 1.0F;
    for (uint32_t stage = 0U; stage < z->n_scales && !status; ++stage) {
      const uint32_t scale = z->scales[stage];
      const uint64_t shape[] = {1U, 1U, 1U, 2U * scale + 1U};
      char           name[64];
      snprintf(name, sizeof(name), "upsample.upsample_layers.%u.weight", 2U * stage + 1U);
      status = pinna_weights_read(weights, name, 4U, shape, taps, error);
      for (size_t i = 0U; i < n; ++i) {
        for (uint32_t k = 0U; k < scale; ++k) {
          stretched[i * scale + k] = row[i];
        }
      }
      n *= scale;
      for (size_t i = 0U; i < n; ++i) {
        row[i] = 0.0F;
        for (size_t k = 0U; k <= 2U * scale; ++k) {
          row[i] += i + k >= scale && i + k - scale < n ? taps[k] * stretched[i + k - scale] : 0.0F;
        }
      }
    }
    for (uint32_t i = 0U; i < z->hop; ++i) {
      p->share[(size_t)i * z->n_context + frame] = row[z->n_context / 2U * z->hop + i];
    }
  }
  free(room);
  return status;
}

PinnaStatus
pinna_wavernn_parts_make(PinnaWavernnParts* const p, const PinnaWeights* const weights,
                         PinnaError* const error) {
  const PinnaWavernnSizes* const z = &p->z;
  const size_t                   r = z->n_rnn;
  PinnaStatus                    status = read_tensors(p, weights, error);
  if (status) {
    return status;
  }
  double* const sums = (double*)malloc((1U + z->n_freq + z->n_aux) * sizeof(double));
  p->of_mel = (float*)calloc((size_t)z->n_mix * z->n_freq, sizeof(float));
  p->of_aux = (float*)calloc((size_t)(z->n_mix + z->n_fc) * z->n_output, sizeof(float));
  p->of_x = (float*)calloc(z->n_mix, sizeof(float));
  p->fixed = (float*)calloc((size_t)z->n_mix + z->n_fc, sizeof(float));
  p->from_h1 = (float*)calloc(6U * r * r, sizeof(float));
  p->fixed_h1 = (float*)calloc(6U * r, sizeof(float));
  p->share = (float*)calloc((size_t)z->hop * z->n_context, sizeof(float));
  if (!sums || !p->of_mel || !p->of_aux || !p->of_x || !p->fixed || !p->from_h1 || !p->fixed_h1 ||
      !p->share) {
    free(sums);
    return PINNA_STATUS_NO_MEM;
  }
  for (uint32_t row = 0U; row < z->n_mix; ++row) {
    multiply_out(p, row, sums);
  }
  free(sums);
  stack(p);
  status = make_share(p, weights, error);
  return status;
}

void
pinna_wavernn_parts_free(PinnaWavernnParts* const p) {
  for (int i = 0; i < (int)WAVERNN_N_TENSORS; ++i) {
    free(p->tensors[i]);
  }
  free(p->of_mel);
  free(p->of_aux);
  free(p->of_x);
  free(p->fixed);
  free(p->from_h1);
  free(p->fixed_h1);
  free(p->share);
  pinna_plan_free(p->plan);
}
