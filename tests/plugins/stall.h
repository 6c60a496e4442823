// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_PLUGINS_STALL_H
#define PINNA_TESTS_PLUGINS_STALL_H

#include "base/pool.h"

#include <semaphore.h>
#include <stdint.h>

// A pool whose workers are all kept from their work, from outside the plugin that shares it

/// Workers that are kept from their work
typedef struct {
  PinnaPool* pool;
  PinnaJob*  jobs[64];
  uint32_t   n;
  sem_t      gate;
} Stall;

static inline void
stall_hang(void* const handle) {
  while (sem_wait(&((Stall*)handle)->gate)) {
  }
}

static inline void
stall_begin(Stall* const stall) {
  sem_init(&stall->gate, 0, 0U);
  stall->pool = pinna_pool_acquire();
  stall->n = pinna_pool_n_workers(stall->pool);
  for (uint32_t i = 0U; i < stall->n; ++i) {
    stall->jobs[i] = pinna_job_new(stall->pool, stall_hang, stall);
    pinna_job_submit(stall->jobs[i], 0U);
  }
}

static inline void
stall_end(Stall* const stall) {
  for (uint32_t i = 0U; i < stall->n; ++i) {
    sem_post(&stall->gate);
  }
  for (uint32_t i = 0U; i < stall->n; ++i) {
    pinna_job_free(stall->jobs[i]);
  }
  pinna_pool_release(stall->pool);
  sem_destroy(&stall->gate);
}

#endif // PINNA_TESTS_PLUGINS_STALL_H
