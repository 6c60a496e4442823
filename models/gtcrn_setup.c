// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/gtcrn.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/stft.h"
#include "dsp/window.h"
#include "models/gtcrn_impl.h"
#include "models/net_run.h"
#include "nn/cpu/runner.h"

#include <stdbool.h>

// Memory of one stream

static bool
find_tensors(PinnaGtcrn* const gtcrn) {
  gtcrn->features = pinna_net_run_tensor(&gtcrn->net, "features");
  gtcrn->mask = pinna_net_run_tensor(&gtcrn->net, "mask");
  return gtcrn->features && gtcrn->mask;
}

PinnaStatus
pinna_gtcrn_init(PinnaGtcrn** const self, PinnaArena* const arena,
                 const PinnaRunnerConfig* const config) {
  const PinnaStftConfig stft = {.n_in = 1U,
                                .n_out = 1U,
                                .n_fft = PINNA_GTCRN_N_FFT,
                                .hop_length = PINNA_GTCRN_HOP,
                                .window = {.kind = PINNA_WINDOW_SQRT_HANN}};
  PinnaGtcrn            parts = {0};
  *self = NULL;
  PinnaGtcrn* const gtcrn = PINNA_TAKE(arena, 1U, PinnaGtcrn);
  PinnaStatus       status = pinna_runner_init(&parts.net.runner, arena, config);
  if (!status) {
    status = pinna_stft_init(&parts.stft, arena, &stft);
  }
  if (status) {
    return status;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  if (!find_tensors(&parts)) {
    return PINNA_STATUS_BAD_ARG;
  }
  *gtcrn = parts;
  *self = gtcrn;
  return PINNA_STATUS_OK;
}

bool
pinna_gtcrn_use(PinnaGtcrn* const self, PinnaSession* const session) {
  self->net.session = session;
  return find_tensors(self);
}
