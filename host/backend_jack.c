// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend_jack_impl.h"

#include <jack/jack.h>

// JACK backend, called by JACK: the audio thread and its notices

int
pinna_jack_process(const jack_nframes_t n_frames, void* const handle) PINNA_RT {
  PinnaBackendJack* const jack = handle;
  const float*            in[PINNA_JACK_MAX_PORTS];
  float*                  out[PINNA_JACK_MAX_PORTS];
  for (uint32_t i = 0; i < jack->base.n_inputs; ++i) {
    in[i] = jack_port_get_buffer(jack->in_ports[i], n_frames);
  }
  for (uint32_t i = 0; i < jack->base.n_outputs; ++i) {
    out[i] = jack_port_get_buffer(jack->out_ports[i], n_frames);
  }
  jack->client.process(jack->client.handle, in, out, n_frames);
  return 0;
}

int
pinna_jack_xrun(void* const handle) {
  PinnaBackendJack* const jack = handle;
  if (jack->client.xrun) {
    jack->client.xrun(jack->client.handle);
  }
  return 0;
}

int
pinna_jack_block(const jack_nframes_t n_frames, void* const handle) {
  PinnaBackendJack* const jack = handle;
  atomic_store(&jack->block, n_frames);
  return 0;
}

int
pinna_jack_rate(const jack_nframes_t rate, void* const handle) {
  PinnaBackendJack* const jack = handle;
  atomic_store(&jack->rate, rate);
  return 0;
}

void
pinna_jack_shutdown(const jack_status_t code, const char* const reason, void* const handle) {
  PinnaBackendJack* const jack = handle;
  (void)code;
  (void)reason;
  atomic_store(&jack->lost, true);
}
