// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_BACKEND_IMPL_H
#define PINNA_HOST_BACKEND_IMPL_H

#include "host/backend.h"

// What a backend implements; backend.c finds it by kind and forwards

typedef struct {
  const char* kind;

  /// Allocate a structure that begins with PinnaBackendImpl, fill its public values
  PinnaStatus (*open)(PinnaBackend** backend, const PinnaBackendConfig* config, PinnaError* error);
  void (*close)(PinnaBackend* backend);
  PinnaStatus (*finish)(PinnaBackend* backend, PinnaError* error); ///< Or NULL
  PinnaStatus (*start)(PinnaBackend* backend, const PinnaBackendClient* client, PinnaError* error);
  void (*stop)(PinnaBackend* backend);
  PinnaBackendState (*poll)(PinnaBackend* backend, PinnaError* error);
  void (*set_latency)(PinnaBackend* backend, uint32_t frames); ///< May be NULL
  PinnaStatus (*print_devices)(PinnaError* error);             ///< May be NULL
} PinnaBackendType;

struct PinnaBackendImpl {
  const PinnaBackendType* type;
  double                  sample_rate;
  uint32_t                max_block;
  uint32_t                n_inputs;
  uint32_t                n_outputs;
  uint64_t                length;
  uint32_t                n_returns;
};

extern const PinnaBackendType pinna_backend_file;
extern const PinnaBackendType pinna_backend_jack;
extern const PinnaBackendType pinna_backend_null;
extern const PinnaBackendType pinna_backend_portaudio;

#endif // PINNA_HOST_BACKEND_IMPL_H
