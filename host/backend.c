// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend.h"

#include "host/backend_impl.h"

#include <stdio.h>
#include <string.h>

// Finding a backend by its kind, and forwarding to it

static const PinnaBackendType* const types[] = {
#ifdef PINNA_HAVE_JACK
    &pinna_backend_jack,
#endif
#ifdef PINNA_HAVE_PORTAUDIO
    &pinna_backend_portaudio,
#endif
    &pinna_backend_file,
    &pinna_backend_null,
};

#define N_TYPES (sizeof(types) / sizeof(types[0]))

static const char* const kinds[] = {
#ifdef PINNA_HAVE_JACK
    "jack",
#endif
#ifdef PINNA_HAVE_PORTAUDIO
    "portaudio",
#endif
    "file",      "null", NULL,
};

const char* const*
pinna_backend_kinds(void) {
  return kinds;
}

static const PinnaBackendType*
find(const char* const kind, PinnaError* const error) {
  char list[128] = "";
  for (size_t i = 0U; i < N_TYPES; ++i) {
    if (kind && !strcmp(types[i]->kind, kind)) {
      return types[i];
    }

    const size_t used = strlen(list);
    snprintf(list + used, sizeof(list) - used, "%s%s", used ? ", " : "", types[i]->kind);
  }

  pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
             "There is no backend '%s' in this build; there are: %s", kind ? kind : "", list);
  return NULL;
}

PinnaStatus
pinna_backend_open(PinnaBackend** const backend, const PinnaBackendConfig* const config,
                   PinnaError* const error) {
  *backend = NULL;
  if (config->n_inputs > 64U || config->n_outputs > 64U || config->block > 1U << 20U ||
      !(config->sample_rate >= 0.0)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "Cannot open %u inputs and %u outputs at %g Hz with blocks of %u frames: at "
                      "most 64 channels and 1048576 frames",
                      config->n_inputs, config->n_outputs, config->sample_rate, config->block);
  }

  const PinnaBackendType* const type = find(config->kind, error);
  if (!type) {
    return PINNA_STATUS_UNSUPPORTED;
  }

  const PinnaStatus status = type->open(backend, config, error);
  if (!status) {
    (*backend)->type = type;
  }
  return status;
}

PinnaStatus
pinna_backend_finish(PinnaBackend* const backend, PinnaError* const error) {
  pinna_backend_stop(backend);
  return backend->type->finish ? backend->type->finish(backend, error) : PINNA_STATUS_OK;
}

void
pinna_backend_close(PinnaBackend* const backend) {
  if (backend) {
    backend->type->stop(backend);
    backend->type->close(backend);
  }
}

double
pinna_backend_sample_rate(const PinnaBackend* const backend) {
  return backend->sample_rate;
}

uint32_t
pinna_backend_max_block(const PinnaBackend* const backend) {
  return backend->max_block;
}

uint32_t
pinna_backend_n_inputs(const PinnaBackend* const backend) {
  return backend->n_inputs;
}

uint32_t
pinna_backend_n_outputs(const PinnaBackend* const backend) {
  return backend->n_outputs;
}

uint64_t
pinna_backend_length(const PinnaBackend* const backend) {
  return backend->length;
}

PinnaStatus
pinna_backend_start(PinnaBackend* const backend, const PinnaBackendClient* const client,
                    PinnaError* const error) {
  return backend->type->start(backend, client, error);
}

void
pinna_backend_stop(PinnaBackend* const backend) {
  backend->type->stop(backend);
}

void
pinna_backend_set_latency(PinnaBackend* const backend, const uint32_t frames) {
  if (backend->type->set_latency) {
    backend->type->set_latency(backend, frames);
  }
}

PinnaBackendState
pinna_backend_poll(PinnaBackend* const backend, PinnaError* const error) {
  return backend->type->poll(backend, error);
}

uint32_t
pinna_backend_n_returns(const PinnaBackend* const backend) {
  return backend->n_returns;
}

PinnaStatus
pinna_backend_print_devices(const char* const kind, PinnaError* const error) {
  const PinnaBackendType* const type = find(kind, error);
  if (type && type->print_devices) {
    return type->print_devices(error);
  }

  return type ? PINNA_STATUS_OK : PINNA_STATUS_UNSUPPORTED;
}
