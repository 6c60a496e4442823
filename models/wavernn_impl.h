// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WAVERNN_IMPL_H
#define PINNA_MODELS_WAVERNN_IMPL_H

#include "models/wavernn.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/matvec.h"
#include "nn/cpu/pair.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"

#include <stdbool.h>

// A checkpoint's sizes, its tensors, and the state of one voice

#define PINNA_WAVERNN_MAX_SCALES 8U

typedef struct {
  uint32_t n_freq;
  uint32_t n_context; ///< Frames that one frame's samples depend on
  uint32_t n_hidden;
  uint32_t n_blocks;
  uint32_t n_output;
  uint32_t n_aux;
  uint32_t n_rnn;
  uint32_t n_fc;
  uint32_t n_classes;
  uint32_t n_scales;
  uint32_t scales[PINNA_WAVERNN_MAX_SCALES];
  uint32_t hop;
  uint32_t n_mix; ///< Inputs of GRU 1, GRU 2 and fc1: 6 n_rnn + n_fc
} PinnaWavernnSizes;

/// Tensors that are read for every sample, in rows
typedef enum {
  WAVERNN_FC = 0,
  WAVERNN_FC_BIAS,
  WAVERNN_IH1,
  WAVERNN_HH1,
  WAVERNN_IH1_BIAS,
  WAVERNN_HH1_BIAS,
  WAVERNN_IH2,
  WAVERNN_HH2,
  WAVERNN_IH2_BIAS,
  WAVERNN_HH2_BIAS,
  WAVERNN_FC1,
  WAVERNN_FC1_BIAS,
  WAVERNN_FC2,
  WAVERNN_FC2_BIAS,
  WAVERNN_FC3,
  WAVERNN_FC3_BIAS,
  WAVERNN_N_TENSORS
} PinnaWavernnTensor;

/// What set-up makes of a checkpoint; all from malloc
typedef struct {
  PinnaWavernnSizes z;
  PinnaPlan*        plan; ///< Frames to aux: input "mel" [n_context x 1 x n_freq], output "aux"
  float*            tensors[WAVERNN_N_TENSORS];
  float*            of_mel;  ///< [n_mix x n_freq]
  float*            of_aux;  ///< [n_mix + n_fc x n_output]
  float*            of_x;    ///< [n_mix]
  float*            fixed;   ///< [n_mix + n_fc]
  float*            from_h1; ///< [6 n_rnn x n_rnn]
  float*            fixed_h1;
  float*            share; ///< [hop x n_context]: how much of each frame is in a sample's mel
} PinnaWavernnParts;

/// @return BAD_FILE with the tensor named, NO_MEM
PinnaStatus pinna_wavernn_measure(PinnaWavernnSizes* z, const PinnaWeights* weights,
                                  PinnaError* error);

/// The network from frames to aux, finished
PinnaStatus pinna_wavernn_describe(PinnaPlan* plan, const PinnaWavernnSizes* z,
                                   const PinnaWeights* weights, PinnaError* error);

/// Read and multiply out; pinna_wavernn_parts_free() afterwards in any case
PinnaStatus pinna_wavernn_parts_make(PinnaWavernnParts* parts, const PinnaWeights* weights,
                                     PinnaError* error);
void        pinna_wavernn_parts_free(PinnaWavernnParts* parts);

/// Random numbers that a sample takes
#define PINNA_WAVERNN_DRAWS(form) ((form) == PINNA_WAVERNN_CLASSES ? 1U : 2U)

/// Labels that a number of classes holds: the greatest power of 2 in it
uint32_t pinna_wavernn_n_labels(uint32_t n_classes) PINNA_RT;

/// A sample from the numbers of the last layer [n_classes]. Realtime.
/// @param uniforms [PINNA_WAVERNN_DRAWS]
/// @param weight   Scratch [n_classes]
float pinna_wavernn_draw(const PinnaCpuKernels* k, PinnaWavernnForm form, const float* logits,
                         uint32_t n_classes, const float* uniforms, float* weight) PINNA_RT;

/// A drawn sample as sound: mu-law decoded, as TorchAudio's bundle does. Realtime.
float pinna_wavernn_linear(PinnaWavernnForm form, uint32_t n_classes, float x) PINNA_RT;

struct PinnaWavernnImpl {
  void*                  memory;
  PinnaWavernnSizes      z;
  PinnaWavernnForm       form;
  uint64_t               seed;
  const PinnaCpuKernels* kernels;
  PinnaRunner*           runner;
  float*                 frames; ///< The runner's input
  const float*           aux;
  PinnaMatvec*           mixer; ///< Columns: fixed, of the last sample, of each of n_context frames
  PinnaMatvec*           of_mel;
  PinnaMatvec*           of_aux;
  PinnaMatvec*           from_h1;
  PinnaMatvec*           from_h2;
  PinnaMatvec*           from_sum;
  PinnaMatvec*           fc2;
  PinnaMatvec*           fc3;
  PinnaPair*             pair;  ///< Or NULL
  uint32_t               n_own; ///< Blocks of from_h1 that only the next sample needs
  float*                 share;
  float*                 parts;    ///< [2 + n_context] of the mixer
  float*                 of_frame; ///< [n_mix]
  float*                 fixed;    ///< [n_mix + n_fc] of this frame
  float*                 mix;      ///< [n_mix]
  float*                 g1;       ///< [6 n_rnn] of the last h1
  float*                 g2;       ///< [3 n_rnn] of the last h2
  float*                 h1;
  float*                 h2;
  float*                 sum;
  float*                 f1;
  float*                 f2;
  float*                 logits;
  float*                 weight; ///< Of classes, while one is drawn
  float*                 scaled; ///< [n_freq] of a vocoder's frame
  uint32_t               n_frames;
  uint32_t               slot; ///< The mixer's column of the newest frame
  uint64_t               n_samples;
  float                  x; ///< The last sample
};

#endif // PINNA_MODELS_WAVERNN_IMPL_H
