// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_WORKER_IMPL_H
#define PINNA_HOST_LV2_WORKER_IMPL_H

#include "base/ring.h"
#include "host/lv2_worker.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

// What the audio side and the thread of a worker share

/// Largest request or response in bytes
#define PINNA_WORKER_MAX 65536U

struct PinnaWorkerImpl {
  LV2_Worker_Schedule         schedule;
  LV2_Worker_Schedule         restore_schedule;
  const LV2_Worker_Interface* iface; ///< NULL until started
  LV2_Handle                  plugin;
  bool                        offline;
  bool                        threaded;
  atomic_bool                 quit;
  pthread_t                   thread;
  sem_t                       wake; ///< Posted to quit; the audio thread never posts
  pthread_mutex_t             lock; ///< One job at a time
  void*                       memory;
  PinnaRing*                  requests;  ///< Audio thread to worker
  PinnaRing*                  responses; ///< Whoever holds `lock` to audio thread
  char*                       request;   ///< [PINNA_WORKER_MAX] under `lock`
  char*                       response;  ///< [PINNA_WORKER_MAX], audio thread
};

/// What schedule_work() calls: queue a job, or do it when offline. Realtime unless offline.
LV2_Worker_Status pinna_worker_request(LV2_Worker_Schedule_Handle handle, uint32_t size,
                                       const void* data) PINNA_RT;

/// Do one job and queue its responses. Any thread that may block, or the audio thread offline.
LV2_Worker_Status pinna_worker_work(PinnaWorker* worker, uint32_t size, const void* data);

#endif // PINNA_HOST_LV2_WORKER_IMPL_H
