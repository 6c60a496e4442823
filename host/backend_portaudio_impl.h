// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_BACKEND_PORTAUDIO_IMPL_H
#define PINNA_HOST_BACKEND_PORTAUDIO_IMPL_H

#include "base/attributes.h"
#include "host/backend_impl.h"

#include <portaudio.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// The PortAudio backend's structure, shared by its realtime side and its control side

/// A dead stream on its way out. Closing one may block for minutes (PortAudio's JACK host waits for
/// a server that is gone), so that a thread of its own does it.
typedef struct {
  PaStream*    stream;
  _Atomic bool done;
} PinnaPortaudioWreck;

typedef struct {
  PinnaBackend         base;
  char*                device; ///< Name or part of it, NULL: the default devices
  double               wish_rate;
  uint32_t             wish_block;
  PaStream*            stream; ///< NULL while the device is away
  PinnaPortaudioWreck* wreck;  ///< NULL: none; PortAudio is not ours before it is done
  PinnaBackendClient   client;
  bool                 started; ///< The session wants sound
  _Atomic uint64_t     n_calls; ///< Proof that the device is alive
  uint64_t             seen_calls;
  double               last_call; ///< Seconds, monotonic: when n_calls was last seen to grow
  double               last_try;
} PinnaBackendPortaudio;

/// PortAudio's stream callback. Realtime.
int pinna_portaudio_process(const void* in, void* out, unsigned long n_frames,
                            const PaStreamCallbackTimeInfo* time, PaStreamCallbackFlags flags,
                            void* handle) PINNA_RT;

#endif // PINNA_HOST_BACKEND_PORTAUDIO_IMPL_H
