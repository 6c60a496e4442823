// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/clock.h"
#include "host/backend_jack_impl.h"
#include "host/jack_connect.h"
#include "host/log.h"

#include <jack/jack.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// JACK backend, control side: opens, notices the server's loss, and comes back with it

#define TRY_EVERY 0.25 ///< Seconds between attempts to reach a lost server
#define HEAL_EVERY 1.0 ///< Seconds between looks at the connections without an event

/// libjack's own words are four or five lines for each failed attempt: only for those who ask
static void
hear(const char* const text) {
  pinna_log(PINNA_LOG_DEBUG, "jack: %s", text);
}

/// libjack writes to the sockets of servers that are gone
static void
ignore_sigpipe(void) {
  struct sigaction action;
  if (!sigaction(SIGPIPE, NULL, &action) && action.sa_handler == SIG_DFL) {
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
  }
}

static jack_client_t*
connect_server(const char* const name, const char* const server, jack_status_t* const status) {
  const jack_options_t options = JackNoStartServer | JackUseExactName;
  ignore_sigpipe();
  jack_set_error_function(hear);
  jack_set_info_function(hear);
  return server ? jack_client_open(name, options | JackServerName, status, server)
                : jack_client_open(name, options, status);
}

static PinnaStatus
refused(const char* const name, const char* const server, const jack_status_t status,
        PinnaError* const error) {
  if (status & (JackNameNotUnique | JackServerError)) { // jackd 1.9.21 tells only the latter
    return pinna_fail(error, PINNA_STATUS_BUSY,
                      "The JACK server refuses a client named '%s': if another has that name, "
                      "stop it or choose another name",
                      name);
  }
  const char* const fallback = getenv("JACK_DEFAULT_SERVER");
  return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "No JACK server '%s' answers: is jackd running?",
                    server     ? server
                    : fallback ? fallback
                               : "default");
}

static void
leave(PinnaBackendJack* const jack) {
  if (jack->jack) {
    jack_client_close(jack->jack);
    jack->jack = NULL;
  }
  jack->active = false;
}

static bool
register_ports(PinnaBackendJack* const jack) {
  char name[16];
  for (uint32_t i = 0; i < jack->base.n_inputs; ++i) {
    snprintf(name, sizeof(name), "in_%u", i + 1U);
    jack->in_ports[i] =
        jack_port_register(jack->jack, name, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    if (!jack->in_ports[i]) {
      return false;
    }
  }
  for (uint32_t i = 0; i < jack->base.n_outputs; ++i) {
    snprintf(name, sizeof(name), "out_%u", i + 1U);
    jack->out_ports[i] =
        jack_port_register(jack->jack, name, JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    if (!jack->out_ports[i]) {
      return false;
    }
  }
  return true;
}

static PinnaStatus
join(PinnaBackendJack* const jack, PinnaError* const error) {
  jack_status_t status = 0;
  jack->last_try = pinna_clock_s();
  jack->jack = connect_server(jack->client_name, jack->server_name, &status);
  if (!jack->jack) {
    return refused(jack->client_name, jack->server_name, status, error);
  }

  atomic_store(&jack->lost, false);
  atomic_store(&jack->rate, jack_get_sample_rate(jack->jack));
  atomic_store(&jack->block, jack_get_buffer_size(jack->jack));
  jack_on_info_shutdown(jack->jack, pinna_jack_shutdown, jack);
  jack_set_process_callback(jack->jack, pinna_jack_process, jack);
  jack_set_xrun_callback(jack->jack, pinna_jack_xrun, jack);
  jack_set_buffer_size_callback(jack->jack, pinna_jack_block, jack);
  jack_set_sample_rate_callback(jack->jack, pinna_jack_rate, jack);
  pinna_jack_watch(jack);
  if (!register_ports(jack)) {
    leave(jack);
    return pinna_fail(error, PINNA_STATUS_LOST, "The JACK server refused our ports");
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
activate(PinnaBackendJack* const jack, PinnaError* const error) {
  if (jack_activate(jack->jack)) {
    leave(jack);
    return pinna_fail(error, PINNA_STATUS_LOST, "The JACK server refused to activate us");
  }
  jack->active = true;
  jack->last_heal = pinna_clock_s();
  pinna_jack_heal(jack);
  return PINNA_STATUS_OK;
}

static void
jack_close(PinnaBackend* const backend) {
  PinnaBackendJack* const jack = (PinnaBackendJack*)backend;
  leave(jack);
  pinna_jack_wishes_free(jack);
  free(jack->client_name);
  free(jack->server_name);
  free(jack);
}

static PinnaStatus
jack_open(PinnaBackend** const backend, const PinnaBackendConfig* const config,
          PinnaError* const error) {
  *backend = NULL;
  if (config->n_inputs > PINNA_JACK_MAX_PORTS || config->n_outputs > PINNA_JACK_MAX_PORTS) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "JACK: at most %u inputs and outputs",
                      PINNA_JACK_MAX_PORTS);
  }

  PinnaBackendJack* const jack = calloc(1, sizeof(PinnaBackendJack));
  if (!jack) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  jack->base.type = &pinna_backend_jack;
  jack->base.n_inputs = config->n_inputs;
  jack->base.n_outputs = config->n_outputs;
  jack->client_name = strdup(config->client ? config->client : "pinna");
  jack->server_name = config->server ? strdup(config->server) : NULL;

  PinnaStatus status = pinna_jack_wishes_copy(jack, config);
  if (status || !jack->client_name || (config->server && !jack->server_name)) {
    status = pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  } else {
    status = join(jack, error);
  }
  if (!status && config->sample_rate > 0.0 && config->sample_rate != atomic_load(&jack->rate)) {
    status = pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                        "The JACK server runs at %u Hz, not at the wished %.0f Hz: change either",
                        atomic_load(&jack->rate), config->sample_rate);
  }
  if (status) {
    jack_close(&jack->base);
    return status;
  }
  jack->base.sample_rate = atomic_load(&jack->rate);
  jack->base.max_block = atomic_load(&jack->block);
  *backend = &jack->base;
  return PINNA_STATUS_OK;
}

static PinnaStatus
jack_start(PinnaBackend* const backend, const PinnaBackendClient* const client,
           PinnaError* const error) {
  PinnaBackendJack* const jack = (PinnaBackendJack*)backend;
  jack->client = *client;
  jack->started = true;
  if (!jack->jack || jack->active) {
    return PINNA_STATUS_OK; // Still lost: poll() activates
  }
  return activate(jack, error);
}

static void
jack_stop(PinnaBackend* const backend) {
  PinnaBackendJack* const jack = (PinnaBackendJack*)backend;
  jack->started = false;
  if (jack->active) {
    if (!atomic_load(&jack->lost)) {
      pinna_jack_disconnect(jack);
      jack_deactivate(jack->jack);
    } else {
      leave(jack);
    }
    jack->active = false;
  }
}

/// The server is away: try now and then. Back with another rate, the session must rebuild first.
static PinnaBackendState
come_back(PinnaBackendJack* const jack, PinnaError* const error) {
  const bool due = pinna_clock_s() - jack->last_try >= TRY_EVERY;
  if (!due || join(jack, error)) {
    pinna_fail(error, PINNA_STATUS_LOST, "The JACK server is away");
    return PINNA_BACKEND_LOST;
  }

  const double rate = atomic_load(&jack->rate);
  const bool   same = rate == jack->base.sample_rate;
  jack->base.sample_rate = rate;
  jack->base.max_block = atomic_load(&jack->block);
  if (jack->started && same && activate(jack, error)) {
    return PINNA_BACKEND_LOST;
  }
  ++jack->base.n_returns;
  jack->started = jack->started && same;
  return jack->started ? PINNA_BACKEND_RUNNING : PINNA_BACKEND_STOPPED;
}

static PinnaBackendState
jack_poll(PinnaBackend* const backend, PinnaError* const error) {
  PinnaBackendJack* const jack = (PinnaBackendJack*)backend;
  if (!jack->jack) {
    return come_back(jack, error);
  }
  if (atomic_load(&jack->lost)) {
    leave(jack);
    jack->last_try = pinna_clock_s();
    pinna_fail(error, PINNA_STATUS_LOST, "The JACK server went away");
    return PINNA_BACKEND_LOST;
  }

  jack->base.max_block = atomic_load(&jack->block);
  if (jack->active && jack->base.sample_rate != atomic_load(&jack->rate)) {
    jack_stop(backend);
    jack->base.sample_rate = atomic_load(&jack->rate);
  }
  if (!jack->active) {
    return PINNA_BACKEND_STOPPED;
  }
  const double now = pinna_clock_s();
  if (atomic_load(&jack->ports_moved) || now - jack->last_heal >= HEAL_EVERY) {
    jack->last_heal = now;
    pinna_jack_heal(jack);
  }
  return PINNA_BACKEND_RUNNING;
}

static void
jack_set_latency(PinnaBackend* const backend, const uint32_t frames) {
  PinnaBackendJack* const jack = (PinnaBackendJack*)backend;
  if (atomic_exchange(&jack->latency, frames) != frames && jack->active &&
      !atomic_load(&jack->lost)) {
    jack_recompute_total_latencies(jack->jack);
  }
}

static PinnaStatus
jack_print_devices(PinnaError* const error) {
  jack_status_t        status = 0;
  jack_client_t* const jack = connect_server("pinna-devices", NULL, &status);
  if (!jack) {
    return refused("pinna-devices", NULL, status, error);
  }
  printf("jack server: %u Hz, %u frames a block\n", jack_get_sample_rate(jack),
         jack_get_buffer_size(jack));
  const char** const ports = jack_get_ports(jack, NULL, JACK_DEFAULT_AUDIO_TYPE, 0);
  for (uint32_t i = 0; ports && ports[i]; ++i) {
    const int flags = jack_port_flags(jack_port_by_name(jack, ports[i]));
    printf("  %-6s %s\n", flags & JackPortIsOutput ? "source" : "sink", ports[i]);
  }
  jack_free(ports);
  jack_client_close(jack);
  return PINNA_STATUS_OK;
}

const PinnaBackendType pinna_backend_jack = {
    .kind = "jack",
    .open = jack_open,
    .close = jack_close,
    .start = jack_start,
    .stop = jack_stop,
    .poll = jack_poll,
    .set_latency = jack_set_latency,
    .print_devices = jack_print_devices,
};
