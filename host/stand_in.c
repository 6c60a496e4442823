// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/stand_in.h"

#include "host/instance_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Stand-ins: an instance without plugin, whose channels follow from the wires

#define CHANNELS 64U ///< Most of a stand-in

/// One end of a wire; counts are 0 while unknown
typedef struct {
  PinnaInstance* stand_in; ///< Or NULL: a plugin, or the graph's own input or output
  unsigned       last;     ///< Highest channel named, 0: all of them
  uint32_t       count;    ///< Channels
} End;

typedef struct {
  const PinnaConfig*    config;
  PinnaInstance* const* instances;
  uint32_t              n_inputs;
  uint32_t              n_outputs;
} Fit;

PinnaStatus
pinna_stand_in_new(PinnaInstance** const instance, const char* const uri, const char* const reason,
                   PinnaError* const error) {
  PinnaInstance* const made = (PinnaInstance*)calloc(1U, sizeof(PinnaInstance));
  *instance = made;
  if (made) {
    atomic_init(&made->gate, PINNA_GATE_OPEN);
    made->name = strdup(uri);
    made->missing = strdup(reason);
  }
  if (!made || !made->name || !made->missing) {
    pinna_instance_free(made);
    *instance = NULL;
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  return PINNA_STATUS_OK;
}

const char*
pinna_stand_in_reason(const PinnaInstance* const instance) {
  return instance->missing;
}

static End
find_end(const Fit* const fit, const char* const text, const bool source) {
  const char* const colon = strrchr(text, ':');
  const size_t      size = colon ? (size_t)(colon - text) : strlen(text);
  unsigned          first = 0U;
  End               end = {NULL, 0U, 0U};
  if (colon && sscanf(colon + 1, "%u-%u", &first, &end.last) < 2) {
    end.last = first;
  }
  end.last = first <= end.last && end.last <= CHANNELS ? end.last : 0U; // Others are mistakes
  end.count = end.last ? end.last - first + 1U : 0U;

  const char* const own = source ? "input" : "output";
  if (!end.count && strlen(own) == size && !memcmp(text, own, size)) {
    end.count = source ? fit->n_inputs : fit->n_outputs;
  }
  for (unsigned i = 0U; i < fit->config->n_nodes; ++i) {
    const char* const    id = fit->config->nodes[i].id;
    PinnaInstance* const instance = fit->instances[i];
    if (strlen(id) == size && !memcmp(text, id, size)) {
      end.stand_in = instance->missing ? instance : NULL;
      end.count = end.count ? end.count : source ? instance->n_main_out : instance->n_main_in;
    }
  }
  return end;
}

static void
at_least(uint32_t* const count, const uint32_t least, bool* const changed) {
  if (*count < least) {
    *count = least;
    *changed = true;
  }
}

/// As many outputs as what they go to has channels; where that differs, it is fed by a single one
static void
agree(uint32_t* const count, const uint32_t wanted, bool* const changed) {
  if (wanted && *count != wanted && *count != 1U) {
    *count = *count ? 1U : wanted;
    *changed = true;
  }
}

/// What one wire tells of the stand-ins at its ends. @return true if that was new
static bool
follow(const End* const from, const End* const to) {
  bool changed = false;
  if (to->stand_in) {
    const uint32_t wanted = to->last ? 0U : from->count;
    at_least(&to->stand_in->n_main_in, wanted, &changed);
    at_least(&to->stand_in->n_audio_in, to->last, &changed);
  }
  if (from->stand_in) {
    const uint32_t wanted = from->last ? 0U : to->count;
    agree(&from->stand_in->n_main_out, wanted, &changed);
    at_least(&from->stand_in->n_audio_out, from->last, &changed);
  }
  return changed;
}

static bool
follow_all(const Fit* const fit) {
  bool changed = false;
  for (unsigned i = 0U; i < fit->config->n_wires; ++i) {
    const PinnaConfigWire* const wire = fit->config->wires + i;
    for (unsigned k = 0U; k < wire->n_to; ++k) {
      const End from = find_end(fit, wire->from, true);
      const End to = find_end(fit, wire->to[k], false);
      changed = follow(&from, &to) || changed;
    }
  }
  return changed;
}

/// Where no wire tells one side, it is as wide as the other, and at least one channel. Of what is
/// named by number only, all is the main signal.
/// @return true if this was news
static bool
complete(const Fit* const fit, const uint32_t least) {
  bool changed = false;
  for (unsigned i = 0U; i < fit->config->n_nodes; ++i) {
    PinnaInstance* const instance = fit->instances[i];
    if (instance->missing) {
      at_least(&instance->n_main_in, instance->n_main_in ? 0U : instance->n_audio_in, &changed);
      at_least(&instance->n_main_out, instance->n_main_out ? 0U : instance->n_audio_out, &changed);
      at_least(&instance->n_main_in, instance->n_main_in ? 0U : instance->n_main_out, &changed);
      at_least(&instance->n_main_out, instance->n_main_out ? 0U : instance->n_main_in, &changed);
      at_least(&instance->n_main_in, least, &changed);
      at_least(&instance->n_audio_in, instance->n_main_in, &changed);
      at_least(&instance->n_audio_out, instance->n_main_out, &changed);
    }
  }
  return changed;
}

void
pinna_stand_in_fit(const PinnaConfig* const config, PinnaInstance* const* const instances,
                   const uint32_t n_inputs, const uint32_t n_outputs) {
  const Fit fit = {config, instances, n_inputs, n_outputs};
  for (uint32_t least = 0U; least < 2U; ++least) {
    bool changed = true;
    for (unsigned i = 0U; changed && i <= config->n_nodes; ++i) {
      while (follow_all(&fit)) {
      }
      changed = complete(&fit, least);
    }
  }
}
