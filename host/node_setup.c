// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/node.h"

#include "base/arena.h"
#include "host/node_impl.h"
#include "host/scan.h"

#include <stdlib.h>
#include <string.h>

// Making nodes, and reading their health from the control thread

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const argument) {
  const PinnaNodeConfig* const config = (const PinnaNodeConfig*)argument;
  const uint32_t               n_out = pinna_instance_n_audio_out(config->instance);

  PinnaNode* const node = PINNA_TAKE(arena, 1, PinnaNode);
  float* const     scratch = PINNA_TAKE(arena, config->max_block, float);
  float* const     last = PINNA_TAKE(arena, n_out, float);
  if (pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return pinna_arena_result(arena);
  }

  node->instance = config->instance;
  node->ramp = config->ramp;
  node->sample_rate = config->sample_rate;
  node->n_in = pinna_instance_n_audio_in(config->instance);
  node->n_out = n_out;
  node->clean_needed = (uint32_t)(0.05 * config->sample_rate);
  node->scratch = scratch;
  node->last = last;
  node->bypass_at = config->bypass ? config->ramp->length : 0U;
  node->guard_at = config->ramp->length;
  atomic_store(&node->bypass, config->bypass);
  *object = node;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_node_new(PinnaNode** const node, const PinnaNodeConfig* const config) {
  void*       memory = NULL;
  void*       object = NULL;
  PinnaStatus status = pinna_arena_build(&memory, &object, build, config);
  *node = (PinnaNode*)object;
  if (!status) {
    (*node)->id = strdup(config->id);
    status = (*node)->id ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  }
  if (!status) {
    status =
        pinna_dry_new(&(*node)->dry, config->instance, pinna_instance_latency(config->instance));
  }
  if (status) {
    pinna_node_free(*node);
    *node = NULL;
  }
  return status;
}

void
pinna_node_free(PinnaNode* const node) {
  if (node) {
    free(node->id);
    pinna_dry_free(node->dry);
    pinna_dry_free(node->dry_next);
    pinna_arena_free(node); // The node is the first slice of its block
  }
}

PinnaStatus
pinna_dry_new(PinnaDry** const dry, const PinnaInstance* const instance, const uint32_t latency) {
  const uint32_t n_lines = pinna_instance_n_audio_in(instance);
  *dry = (PinnaDry*)calloc(1U, sizeof(PinnaDry));
  if (!*dry) {
    return PINNA_STATUS_NO_MEM;
  }

  (*dry)->latency = latency;
  (*dry)->n_lines = n_lines;
  (*dry)->lines = (PinnaDelay**)calloc(n_lines + 1U, sizeof(PinnaDelay*));
  PinnaStatus status = (*dry)->lines ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  for (uint32_t i = 0U; i < n_lines && !status; ++i) {
    status = pinna_delay_new((*dry)->lines + i, latency);
  }
  if (status) {
    pinna_dry_free(*dry);
    *dry = NULL;
  }
  return status;
}

void
pinna_dry_free(PinnaDry* const dry) {
  for (uint32_t i = 0U; dry && dry->lines && i < dry->n_lines; ++i) {
    pinna_delay_free(dry->lines[i]);
  }
  if (dry) {
    free(dry->lines);
  }
  free(dry);
}

void
pinna_node_settle(PinnaNode* const node, const char* const id) {
  if (node->dry_next) {
    pinna_dry_free(node->dry);
    node->dry = node->dry_next;
    node->dry_next = NULL;
  }

  char* const copy = strcmp(node->id, id) ? strdup(id) : NULL;
  if (copy) {
    free(node->id);
    node->id = copy;
  }
}

void
pinna_node_stats(const PinnaNode* const node, PinnaNodeStats* const stats) {
  memset(stats, 0, sizeof(*stats));
  stats->latency = node->dry->latency;
  stats->arrival = node->arrival;
  stats->muted = atomic_load(&node->muted);
  if (atomic_load(&node->resets) != atomic_load(&node->resets_done)) {
    return; // Asked to forget, not yet run again
  }

  const PinnaHistogram* const times = &node->times;
  const double                sum = (double)atomic_load(&times->sum);
  const double                n_frames = (double)atomic_load(&node->n_frames);
  stats->n_runs = atomic_load(&times->count);
  stats->mean_ns = stats->n_runs ? sum / (double)stats->n_runs : 0.0;
  stats->worst_ns = (double)atomic_load(&times->worst);
  stats->p99_ns = pinna_histogram_quantile(times, 0.99);
  stats->p99_ns = stats->p99_ns < stats->worst_ns ? stats->p99_ns : stats->worst_ns;
  stats->mean_load = n_frames > 0.0 ? sum * 1e-9 * node->sample_rate / n_frames : 0.0;
  stats->worst_load = 1e-6 * (double)atomic_load(&node->worst_load);
  stats->n_nonfinite = atomic_load(&node->n_nonfinite);
  stats->peak_in = pinna_scan_peak(atomic_load(&node->peak_in));
  stats->peak_out = pinna_scan_peak(atomic_load(&node->peak_out));
}

void
pinna_node_reset_stats(PinnaNode* const node) {
  atomic_fetch_add(&node->resets, 1U);
}
