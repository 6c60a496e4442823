// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend_portaudio_impl.h"

// PortAudio backend, called by PortAudio: the audio thread

int
pinna_portaudio_process(const void* const in, void* const out, const unsigned long n_frames,
                        const PaStreamCallbackTimeInfo* const time,
                        const PaStreamCallbackFlags flags, void* const handle) PINNA_RT {
  PinnaBackendPortaudio* const portaudio = handle;
  (void)time;
  atomic_fetch_add_explicit(&portaudio->n_calls, 1U, memory_order_relaxed);
  if (flags & (paInputOverflow | paOutputUnderflow) && portaudio->client.xrun) {
    portaudio->client.xrun(portaudio->client.handle);
  }
  portaudio->client.process(portaudio->client.handle, in, out, (uint32_t)n_frames);
  return paContinue;
}
