// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NET_RUN_H
#define PINNA_MODELS_NET_RUN_H

#include "base/status.h"
#include "nn/cpu/runner.h"
#include "nn/session.h"

// A network's chunks: by the model's own runner on the processor, or by a session that its owner
// opened for the same plan, on whatever device

typedef struct {
  PinnaRunner*  runner;
  PinnaSession* session; ///< Or NULL; it is not ours
} PinnaNetRun;

static inline void
pinna_net_run_chunk(const PinnaNetRun* const net) {
  if (net->session) {
    pinna_session_run(net->session);
  } else {
    pinna_runner_run(net->runner);
  }
}

static inline void
pinna_net_run_reset(const PinnaNetRun* const net) {
  if (net->session) {
    pinna_session_reset(net->session);
  } else {
    pinna_runner_reset(net->runner);
  }
}

static inline float*
pinna_net_run_tensor(const PinnaNetRun* const net, const char* const name) {
  return net->session ? pinna_session_tensor(net->session, name)
                      : pinna_runner_tensor(net->runner, name);
}

/// A session for a finished plan on the device that PINNA_DEVICE names; NULL where that is the
/// processor, which needs none. Not realtime.
static inline PinnaStatus
pinna_net_run_open(PinnaSession** const session, const PinnaPlan* const plan,
                   PinnaError* const error) {
  const PinnaSessionConfig config = {.plan = plan};
  const PinnaStatus        status = pinna_session_open(session, &config, error);
  if (!status && pinna_session_is_realtime(*session)) {
    pinna_session_close(*session);
    *session = NULL;
  }
  return status;
}

#endif // PINNA_MODELS_NET_RUN_H
