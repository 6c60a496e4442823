// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/neural_mask_impl.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "models/dtln.h"
#include "models/gtcrn.h"
#include "models/mask.h"
#include "models/net_run.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/session.h"

#include <stdbool.h>

// The networks that can be the mask: how each is opened

static PinnaStatus
build_gtcrn(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_gtcrn_init((PinnaGtcrn**)object, arena, (const PinnaRunnerConfig*)config);
}

static PinnaStatus
build_own(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_mask_init((PinnaMask**)object, arena, (const PinnaRunnerConfig*)config);
}

static PinnaStatus
build_dtln(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_dtln_init((PinnaDtln**)object, arena, (const PinnaDtlnConfig*)config);
}

/// One network: `init` makes it, `use` runs it by a session
typedef struct {
  void (*describe)(PinnaPlan* plan, const PinnaWeights* weights);
  PinnaBuildFunc build;
  bool (*use)(void* object, PinnaSession* session);
} Steps;

static PinnaStatus
open_one(NeuralMaskNet* const net, const Steps* const steps, const PinnaWeights* const weights,
         PinnaError* const error) {
  PinnaPlan* const plan = pinna_plan_new();
  if (!plan) {
    return PINNA_STATUS_NO_MEM;
  }
  steps->describe(plan, weights);
  const PinnaRunnerConfig config = {plan, pinna_cpu_isa()};
  PinnaStatus             status = pinna_plan_finish(plan, error);
  status = status ? status : pinna_arena_build(&net->memory, &net->object, steps->build, &config);
  status = status ? status : pinna_net_run_open(&net->sessions[0], plan, error);
  if (!status && net->sessions[0] && !steps->use(net->object, net->sessions[0])) {
    status = PINNA_STATUS_BAD_ARG;
  }
  pinna_plan_free(plan);
  return status;
}

static bool
use_gtcrn(void* const object, PinnaSession* const session) {
  return pinna_gtcrn_use((PinnaGtcrn*)object, session);
}

static bool
use_own(void* const object, PinnaSession* const session) {
  return pinna_mask_use((PinnaMask*)object, session);
}

static PinnaStatus
open_gtcrn(NeuralMaskNet* const net, const PinnaWeights* const weights, PinnaError* const error) {
  const Steps steps = {pinna_gtcrn_describe, build_gtcrn, use_gtcrn};
  return open_one(net, &steps, weights, error);
}

static PinnaStatus
open_own(NeuralMaskNet* const net, const PinnaWeights* const weights, PinnaError* const error) {
  const Steps steps = {pinna_mask_describe, build_own, use_own};
  return open_one(net, &steps, weights, error);
}

static PinnaStatus
open_dtln(NeuralMaskNet* const net, const PinnaWeights* const weights, PinnaError* const error) {
  PinnaPlan* const spectrum = pinna_plan_new();
  PinnaPlan* const sound = pinna_plan_new();
  PinnaStatus      status = spectrum && sound ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  if (!status) {
    pinna_dtln_describe(spectrum, sound, weights);
    const PinnaDtlnConfig config = {spectrum, sound, pinna_cpu_isa()};
    status = pinna_plan_finish(spectrum, error);
    status = status ? status : pinna_plan_finish(sound, error);
    status = status ? status : pinna_arena_build(&net->memory, &net->object, build_dtln, &config);
    status = status ? status : pinna_net_run_open(&net->sessions[0], spectrum, error);
    status = status ? status : pinna_net_run_open(&net->sessions[1], sound, error);
  }
  if (!status && (net->sessions[0] || net->sessions[1]) &&
      !pinna_dtln_use((PinnaDtln*)net->object, net->sessions[0], net->sessions[1])) {
    status = PINNA_STATUS_BAD_ARG;
  }
  pinna_plan_free(spectrum);
  pinna_plan_free(sound);
  return status;
}

const NeuralMaskKind pinna_neural_mask_kinds[] = {
    {"GTCRN", "encoder.en_convs.0.conv.weight", 0.5f, open_gtcrn, pinna_neural_mask_ask_gtcrn,
     pinna_neural_mask_reset_gtcrn},
    {"Pinna", "gru1.weight_ih_l0", 0.65f, open_own, pinna_neural_mask_ask_own,
     pinna_neural_mask_reset_own},
    {"DTLN", "conv1d_1/conv1d_1/kernel", 0.6f, open_dtln, pinna_neural_mask_ask_dtln,
     pinna_neural_mask_reset_dtln},
    {0},
};
