// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_ENGINE_PORT_H
#define PINNA_PLUGINS_COMMON_ENGINE_PORT_H

#include "nn/engine.h"
#include "plugins/common/port.h"

// The row of a table of ports that says where a network runs

#define PINNA_ENGINE_POINTS                                                                        \
  {                                                                                                \
    {"None", PINNA_NN_ENGINE_AUTO}, {"Inline", PINNA_NN_ENGINE_INLINE},                            \
        {"Worker", PINNA_NN_ENGINE_ASYNC}, {"Offline", PINNA_NN_ENGINE_OFFLINE}, {                 \
      0                                                                                            \
    }                                                                                              \
  }

/// A PinnaNnEngineMode in the group `g`
#define PINNA_ENGINE_OUT(g)                                                                        \
  PINNA_OUT("inference", "Inference", .flags = PINNA_ENUMERATION, .max = PINNA_NN_ENGINE_OFFLINE,  \
            .group = (g),                                                                          \
            .comment = "Where the network runs: at once where it is cheap, else in a worker",      \
            .points = (const PinnaScalePoint[])PINNA_ENGINE_POINTS)

#endif // PINNA_PLUGINS_COMMON_ENGINE_PORT_H
