// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_BENCH_NN_H
#define PINNA_CLI_BENCH_NN_H

#include "base/status.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>

// `pinna bench --nn`: what networks and their operators cost

/// A network that a file was recognised as
typedef struct {
  const char* name;
  double      seconds; ///< Of sound that one run serves
} CliNetwork;

/// Open a weights file, find which network its tensors are of, describe one run of it and finish
/// the plan. @param seconds Of sound in a run, where the network leaves that open; 0: its usual
/// @return Those of pinna_weights_open(), UNSUPPORTED (tensors of no network that we know)
PinnaStatus cli_network_open(const char* path, double seconds, PinnaPlan* plan, CliNetwork* network,
                             PinnaError* error);

/// The same for weights that are built in
PinnaStatus cli_network_embedded(const char* name, PinnaPlan* plan, CliNetwork* network,
                                 PinnaError* error);

typedef struct {
  double         seconds;   ///< As in cli_network_open()
  PinnaPrecision precision; ///< Of the weights, pinna_plan_keep_weights()
  double         measure;   ///< How long each is measured, in seconds
  bool           all_ops;   ///< A row for each operator of a network, not one for each kind
  bool           json;
} CliBenchNn;

/// Measure files [n_files], .onnx ones by onnxruntime as a peer; single operators and the networks
/// that are built in if there are none
PinnaStatus cli_bench_nn(const CliBenchNn* options, const char* const* files, unsigned n_files,
                         PinnaError* error);

#endif // PINNA_CLI_BENCH_NN_H
