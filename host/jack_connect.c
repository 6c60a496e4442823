// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/jack_connect.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

// JACK connections that heal, and the latency that is reported along them

static PinnaStatus
copy(PinnaBackendJack* const jack, const PinnaConnection* const wishes, const uint32_t n) {
  const uint32_t first = jack->n_wishes;
  for (uint32_t i = 0; i < n; ++i) {
    PinnaJackWish* const wish = &jack->wishes[jack->n_wishes++];
    wish->channel = wishes[i].channel;
    wish->pattern = strdup(wishes[i].pattern);
    if (!wish->pattern) {
      return PINNA_STATUS_NO_MEM;
    }
    for (uint32_t j = first; j < jack->n_wishes - 1U; ++j) {
      wish->match += !strcmp(jack->wishes[j].pattern, wish->pattern);
    }
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_jack_wishes_copy(PinnaBackendJack* const jack, const PinnaBackendConfig* const config) {
  const uint32_t n = config->n_input_connections + config->n_output_connections;
  jack->wishes = calloc(n + 1U, sizeof(PinnaJackWish));
  if (!jack->wishes || copy(jack, config->inputs, config->n_input_connections)) {
    return PINNA_STATUS_NO_MEM;
  }
  jack->n_input_wishes = jack->n_wishes;
  return copy(jack, config->outputs, config->n_output_connections);
}

void
pinna_jack_wishes_free(PinnaBackendJack* const jack) {
  for (uint32_t i = 0; i < jack->n_wishes; ++i) {
    free(jack->wishes[i].pattern);
  }
  free(jack->wishes);
}

/// A plain name means itself, even if it holds a pattern's signs; a pattern its match-th port
static const char*
find_port(const char* const* const ports, const PinnaJackWish* const wish) {
  uint32_t seen = 0;
  for (uint32_t i = 0; ports && ports[i]; ++i) {
    if (!strcmp(ports[i], wish->pattern)) {
      return ports[i];
    }
  }
  for (uint32_t i = 0; ports && ports[i]; ++i) {
    if (!fnmatch(wish->pattern, ports[i], 0) && seen++ == wish->match) {
      return ports[i];
    }
  }
  return NULL;
}

static void
heal_side(PinnaBackendJack* const jack, const bool inputs) {
  const uint32_t first = inputs ? 0 : jack->n_input_wishes;
  const uint32_t last = inputs ? jack->n_input_wishes : jack->n_wishes;
  const uint32_t n_ports = inputs ? jack->base.n_inputs : jack->base.n_outputs;
  if (first == last) {
    return;
  }

  const char** const ports = jack_get_ports(jack->jack, NULL, JACK_DEFAULT_AUDIO_TYPE,
                                            inputs ? JackPortIsOutput : JackPortIsInput);
  for (uint32_t i = first; i < last; ++i) {
    const PinnaJackWish* const wish = &jack->wishes[i];
    const char* const          other = find_port(ports, wish);
    if (other && wish->channel < n_ports) {
      const jack_port_t* const own =
          inputs ? jack->in_ports[wish->channel] : jack->out_ports[wish->channel];
      const char* const name = jack_port_name(own);
      if (!jack_port_connected_to(own, other)) {
        jack_connect(jack->jack, inputs ? other : name, inputs ? name : other);
      }
    }
  }
  jack_free(ports);
}

void
pinna_jack_heal(PinnaBackendJack* const jack) {
  atomic_store(&jack->ports_moved, false);
  heal_side(jack, true);
  heal_side(jack, false);
}

void
pinna_jack_disconnect(PinnaBackendJack* const jack) {
  for (uint32_t i = 0; i < jack->base.n_outputs; ++i) {
    jack_port_disconnect(jack->jack, jack->out_ports[i]);
  }
  for (uint32_t i = 0; i < jack->base.n_inputs; ++i) {
    jack_port_disconnect(jack->jack, jack->in_ports[i]);
  }
}

static void
on_registration(const jack_port_id_t port, const int is_new, void* const handle) {
  PinnaBackendJack* const jack = handle;
  (void)port;
  (void)is_new;
  atomic_store(&jack->ports_moved, true);
}

static void
on_connection(const jack_port_id_t a, const jack_port_id_t b, const int is_made,
              void* const handle) {
  PinnaBackendJack* const jack = handle;
  (void)a;
  (void)b;
  (void)is_made;
  atomic_store(&jack->ports_moved, true);
}

static void
on_latency(const jack_latency_callback_mode_t mode, void* const handle) {
  PinnaBackendJack* const jack = handle;
  const bool              capture = mode == JackCaptureLatency;
  jack_port_t* const*     from = capture ? jack->in_ports : jack->out_ports;
  jack_port_t* const*     to = capture ? jack->out_ports : jack->in_ports;
  const uint32_t          n_from = capture ? jack->base.n_inputs : jack->base.n_outputs;
  const uint32_t          n_to = capture ? jack->base.n_outputs : jack->base.n_inputs;
  const uint32_t          latency = atomic_load(&jack->latency);
  jack_latency_range_t    all = {0, 0};
  for (uint32_t i = 0; i < n_from; ++i) {
    jack_latency_range_t range;
    jack_port_get_latency_range(from[i], mode, &range);
    all.min = !i || range.min < all.min ? range.min : all.min;
    all.max = range.max > all.max ? range.max : all.max;
  }
  all.min += latency;
  all.max += latency;
  for (uint32_t i = 0; i < n_to; ++i) {
    jack_port_set_latency_range(to[i], mode, &all);
  }
}

void
pinna_jack_watch(PinnaBackendJack* const jack) {
  jack_set_port_registration_callback(jack->jack, on_registration, jack);
  jack_set_port_connect_callback(jack->jack, on_connection, jack);
  jack_set_latency_callback(jack->jack, on_latency, jack);
}
