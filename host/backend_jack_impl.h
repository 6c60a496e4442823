// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_BACKEND_JACK_IMPL_H
#define PINNA_HOST_BACKEND_JACK_IMPL_H

#include "base/attributes.h"
#include "host/backend_impl.h"

#include <jack/jack.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// The JACK backend's structure, shared by its realtime side, its control side and its connections

#define PINNA_JACK_MAX_PORTS 64U

typedef struct {
  uint32_t channel;
  uint32_t match; ///< Which of the ports that match is meant, from 0
  char*    pattern;
} PinnaJackWish;

typedef struct {
  PinnaBackend base;

  char*          client_name;
  char*          server_name; ///< NULL: $JACK_DEFAULT_SERVER or "default"
  PinnaJackWish* wishes;      ///< [n_wishes], those of the inputs first
  uint32_t       n_wishes;
  uint32_t       n_input_wishes;

  jack_client_t*     jack; ///< NULL while the server is away
  jack_port_t*       in_ports[PINNA_JACK_MAX_PORTS];
  jack_port_t*       out_ports[PINNA_JACK_MAX_PORTS];
  PinnaBackendClient client;
  bool               started; ///< The session wants sound
  bool               active;  ///< JACK calls us

  _Atomic bool     lost;        ///< Set by JACK's thread when the server goes
  _Atomic bool     ports_moved; ///< Ports or connections changed: look at the wishes again
  _Atomic uint32_t rate;        ///< As JACK last told, Hz
  _Atomic uint32_t block;       ///< As JACK last told, frames
  _Atomic uint32_t latency;     ///< Of the graph, frames
  double           last_try;    ///< Seconds, monotonic
  double           last_heal;
} PinnaBackendJack;

/// JACK's process callback. Realtime.
int pinna_jack_process(jack_nframes_t n_frames, void* handle) PINNA_RT;

/// JACK's other callbacks, in a thread of its own that is not realtime
int  pinna_jack_xrun(void* handle);
int  pinna_jack_block(jack_nframes_t n_frames, void* handle);
int  pinna_jack_rate(jack_nframes_t rate, void* handle);
void pinna_jack_shutdown(jack_status_t code, const char* reason, void* handle);

#endif // PINNA_HOST_BACKEND_JACK_IMPL_H
