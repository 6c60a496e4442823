// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/instance.h"
#include "host/instance_impl.h"
#include "host/nearest.h"

#include <string.h>

// Plugin instance: what it tells about itself

const char*
pinna_instance_uri(const PinnaInstance* const instance) {
  return instance->missing ? instance->name
                           : lilv_node_as_uri(lilv_plugin_get_uri(instance->plugin));
}

const char*
pinna_instance_name(const PinnaInstance* const instance) {
  return instance->name;
}

uint32_t
pinna_instance_n_ports(const PinnaInstance* const instance) {
  return instance->n_ports;
}

const PinnaPortInfo*
pinna_instance_port(const PinnaInstance* const instance, const uint32_t port) {
  return port < instance->n_ports ? &instance->ports[port].info : NULL;
}

uint32_t
pinna_instance_n_audio_in(const PinnaInstance* const instance) {
  return instance->n_audio_in;
}

uint32_t
pinna_instance_n_audio_out(const PinnaInstance* const instance) {
  return instance->n_audio_out;
}

uint32_t
pinna_instance_n_main_in(const PinnaInstance* const instance) {
  return instance->n_main_in;
}

uint32_t
pinna_instance_n_main_out(const PinnaInstance* const instance) {
  return instance->n_main_out;
}

uint32_t
pinna_instance_audio_in(const PinnaInstance* const instance, const uint32_t channel) {
  return instance->audio_in[channel];
}

uint32_t
pinna_instance_audio_out(const PinnaInstance* const instance, const uint32_t channel) {
  return instance->audio_out[channel];
}

const PinnaParameterInfo*
pinna_instance_parameter(const PinnaInstance* const instance, const uint32_t i) {
  return i < instance->n_parameters ? &instance->parameters[i] : NULL;
}

PinnaStatus
pinna_instance_find(const PinnaInstance* const instance, const char* const symbol,
                    uint32_t* const port, PinnaError* const error) {
  PinnaNearest nearest = pinna_nearest(symbol);
  for (uint32_t i = 0U; i < instance->n_ports; ++i) {
    const PinnaPortInfo* const info = &instance->ports[i].info;
    if (!strcmp(info->symbol, symbol)) {
      *port = i;
      return PINNA_STATUS_OK;
    }
    pinna_nearest_offer(&nearest, info->symbol, info->symbol);
    pinna_nearest_offer(&nearest, info->symbol, info->name);
  }
  for (uint32_t i = 0U; i < instance->n_parameters; ++i) {
    const PinnaParameterInfo* const info = &instance->parameters[i];
    pinna_nearest_offer(&nearest, info->symbol, info->symbol);
    pinna_nearest_offer(&nearest, info->symbol, info->label);
  }

  char text[256];
  return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "The plugin '%s' has no port '%s'%s",
                    pinna_instance_uri(instance), symbol,
                    pinna_nearest_text(&nearest, text, sizeof(text)));
}
