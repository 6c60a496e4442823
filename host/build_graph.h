// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_BUILD_GRAPH_H
#define PINNA_HOST_BUILD_GRAPH_H

#include "host/config.h"
#include "host/engine.h"

// From the words of a configuration to node indices and wires with channel numbers

/// Resolve wires against the instances' channel counts. `instances` [config->n_nodes] in node
/// order. The result borrows ids from `config`; free with pinna_graph_spec_free(). Control thread.
/// @return BAD_CONFIG: names the wire, the end, and the channels that exist
PINNA_API PinnaStatus pinna_build_graph(PinnaGraphSpec** spec, const PinnaConfig* config,
                                        PinnaInstance* const* instances, uint32_t n_inputs,
                                        uint32_t n_outputs, PinnaError* error);

PINNA_API void pinna_graph_spec_free(PinnaGraphSpec* spec);

#endif // PINNA_HOST_BUILD_GRAPH_H
