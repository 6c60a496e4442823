// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/engine.h"

#include "base/arena.h"
#include "host/engine_impl.h"
#include "host/node_impl.h"
#include "host/scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Making an engine, and its control-side questions

static uint32_t
frames_of(const double seconds, const double sample_rate) {
  const double frames = seconds * sample_rate;
  return frames < 1.0 ? 1U : (uint32_t)frames;
}

PinnaStatus
pinna_engine_new(PinnaEngine** const result, const PinnaEngineConfig* const config,
                 PinnaError* const error) {
  *result = NULL;
  if (!(config->sample_rate >= 1000.0 && config->sample_rate <= 1e6) || !config->max_block ||
      config->max_block > 1U << 20U || config->n_inputs > PINNA_ENGINE_CHANNELS ||
      config->n_outputs > PINNA_ENGINE_CHANNELS) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "Cannot run at %g Hz with blocks of %u, %u inputs and %u outputs "
                      "(1 kHz to 1 MHz, 1 to 1048576 frames, at most %u channels)",
                      config->sample_rate, config->max_block, config->n_inputs, config->n_outputs,
                      PINNA_ENGINE_CHANNELS);
  }

  const uint32_t ramp = frames_of(0.02, config->sample_rate);
  const uint32_t fader = frames_of(0.05, config->sample_rate);
  PinnaEngine*   engine = (PinnaEngine*)calloc(1U, sizeof(PinnaEngine));
  float* const   memory = (float*)calloc(
        (size_t)ramp + fader + 2U + (size_t)config->max_block * config->n_inputs, sizeof(float));
  if (!engine || !memory) {
    free(engine);
    free(memory);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory for the engine");
  }

  pinna_ramp_fill(memory, ramp);
  pinna_ramp_fill(memory + ramp + 1U, fader);
  engine->config = *config;
  engine->memory = memory;
  engine->ramp = (PinnaRamp){memory, ramp};
  engine->fader = (PinnaRamp){memory + ramp + 1U, fader};
  for (uint32_t c = 0U; c < config->n_inputs; ++c) {
    engine->clean[c] = memory + ramp + fader + 2U + (size_t)c * config->max_block;
  }
  engine->fade_at = config->fade_in ? 0U : fader;
  atomic_store(&engine->fade_up, true);
  *result = engine;
  return PINNA_STATUS_OK;
}

void
pinna_engine_free(PinnaEngine* const engine) {
  if (!engine) {
    return;
  }

  pinna_host_plan_free(engine->plan);
  for (uint32_t i = 0U; i < engine->n_nodes; ++i) {
    pinna_node_free(engine->nodes[i]);
  }
  for (uint32_t i = 0U; i < engine->n_wires; ++i) {
    pinna_delay_free(engine->wires[i]->line);
    free(engine->wires[i]);
  }
  free(engine->nodes);
  free(engine->wires);
  free(engine->memory);
  free(engine);
}

static PinnaNode*
find(const PinnaEngine* const engine, const char* const id) {
  for (uint32_t i = 0U; i < engine->n_nodes; ++i) {
    if (!strcmp(engine->nodes[i]->id, id)) {
      return engine->nodes[i];
    }
  }

  return NULL;
}

PinnaStatus
pinna_engine_bypass(PinnaEngine* const engine, const char* const id, const bool bypass,
                    PinnaError* const error) {
  PinnaNode* const node = find(engine, id);
  if (!node) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "There is no node '%s' to bypass", id);
  }

  pinna_node_bypass(node, bypass);
  return PINNA_STATUS_OK;
}

uint32_t
pinna_engine_latency(const PinnaEngine* const engine) {
  return atomic_load(&engine->latency);
}

bool
pinna_engine_latency_changed(const PinnaEngine* const engine) {
  for (uint32_t i = 0U; i < engine->n_nodes; ++i) {
    const PinnaNode* const node = engine->nodes[i];
    if (pinna_instance_latency(node->instance) != node->dry->latency) {
      return true;
    }
  }

  return false;
}

PinnaStatus
pinna_engine_node_stats(const PinnaEngine* const engine, const char* const id,
                        PinnaNodeStats* const stats) {
  const PinnaNode* const node = find(engine, id);
  if (!node) {
    return PINNA_STATUS_NOT_FOUND;
  }

  pinna_node_stats(node, stats);
  return PINNA_STATUS_OK;
}

float
pinna_engine_peak(PinnaEngine* const engine, const bool input, const uint32_t channel) {
  const uint32_t               n = input ? engine->config.n_inputs : engine->config.n_outputs;
  atomic_uint_least32_t* const peaks = input ? engine->peaks_in : engine->peaks_out;
  return channel < n ? pinna_scan_peak(atomic_exchange(peaks + channel, 0U)) : 0.0f;
}

void
pinna_engine_reset_stats(PinnaEngine* const engine) {
  for (uint32_t i = 0U; i < engine->n_nodes; ++i) {
    pinna_node_reset_stats(engine->nodes[i]);
  }
}
