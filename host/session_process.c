// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/session_impl.h"

// Session, called by the backend: the audio thread's way into the engine

void
pinna_host_session_process(void* const handle, const float* const* const in,
                           float* const* const out, const uint32_t n_frames) PINNA_RT {
  PinnaHostSession* const session = handle;
  pinna_engine_run(session->engine, in, out, n_frames);
}

void
pinna_host_session_xrun(void* const handle) PINNA_RT {
  PinnaHostSession* const session = handle;
  atomic_fetch_add_explicit(&session->n_xruns, 1U, memory_order_relaxed);
}
