// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_worker.h"

#include "base/arena.h"
#include "host/lv2_worker_impl.h"

#include <stdlib.h>
#include <time.h>

// Worker, the side that may block: thread, jobs, start and stop

// The worker looks for requests every 5 ms, once idle for a second every 40 ms
enum { BUSY_NS = 5000000, IDLE_NS = 40000000, BUSY_POLLS = 200, MAX_FINISH = 16 };

static LV2_Worker_Status
respond(const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data) {
  PinnaWorker* const worker = (PinnaWorker*)handle;
  return size <= PINNA_WORKER_MAX && pinna_ring_push(worker->responses, 0U, data, size)
             ? LV2_WORKER_SUCCESS
             : LV2_WORKER_ERR_NO_SPACE;
}

LV2_Worker_Status
pinna_worker_work(PinnaWorker* const worker, const uint32_t size, const void* const data) {
  return worker->iface ? worker->iface->work(worker->plugin, respond, worker, size, data)
                       : LV2_WORKER_ERR_UNKNOWN;
}

static LV2_Worker_Status
schedule_restore(const LV2_Worker_Schedule_Handle handle, const uint32_t size,
                 const void* const data) {
  PinnaWorker* const worker = (PinnaWorker*)handle;
  pthread_mutex_lock(&worker->lock);
  const LV2_Worker_Status status = pinna_worker_work(worker, size, data);
  pthread_mutex_unlock(&worker->lock);
  return status;
}

/// Do all that is queued; false if there was nothing
static bool
work_all(PinnaWorker* const worker) {
  PinnaMessage head;
  bool         any = false;
  bool         more = true;
  while (more) {
    pthread_mutex_lock(&worker->lock);
    more = pinna_ring_pop(worker->requests, &head, worker->request, PINNA_WORKER_MAX);
    if (more) {
      pinna_worker_work(worker, head.size, worker->request);
    }
    pthread_mutex_unlock(&worker->lock);
    any = any || more;
  }
  return any;
}

bool
pinna_worker_settle(PinnaWorker* const worker) {
  return work_all(worker);
}

static void*
run_worker(void* const handle) {
  PinnaWorker* const worker = (PinnaWorker*)handle;
  unsigned           n_idle = 0U;
  while (!atomic_load_explicit(&worker->quit, memory_order_relaxed)) {
    n_idle = work_all(worker) ? 0U : n_idle + 1U;

    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += n_idle < BUSY_POLLS ? BUSY_NS : IDLE_NS;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    sem_clockwait(&worker->wake, CLOCK_MONOTONIC, &until);
  }
  return NULL;
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  (void)config;
  PinnaRing*         requests = NULL;
  PinnaRing*         responses = NULL;
  PinnaWorker* const worker = PINNA_TAKE(arena, 1U, PinnaWorker);
  char* const        request = PINNA_TAKE(arena, PINNA_WORKER_MAX, char);
  char* const        response = PINNA_TAKE(arena, PINNA_WORKER_MAX, char);
  PinnaStatus        status = pinna_ring_init(&requests, arena, 2U * PINNA_WORKER_MAX);
  status = status ? status : pinna_ring_init(&responses, arena, 2U * PINNA_WORKER_MAX);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }

  worker->request = request;
  worker->response = response;
  worker->requests = requests;
  worker->responses = responses;
  worker->schedule = (LV2_Worker_Schedule){worker, pinna_worker_request};
  worker->restore_schedule = (LV2_Worker_Schedule){worker, schedule_restore};
  *object = worker;
  return PINNA_STATUS_OK;
}

PinnaWorker*
pinna_worker_new(const bool offline) {
  void* memory = NULL;
  void* object = NULL;
  if (pinna_arena_build(&memory, &object, build, NULL)) {
    return NULL;
  }

  PinnaWorker* const worker = (PinnaWorker*)object;
  worker->memory = memory;
  worker->offline = offline;
  atomic_init(&worker->quit, false);
  sem_init(&worker->wake, 0, 0U);
  pthread_mutex_init(&worker->lock, NULL);
  return worker;
}

PinnaStatus
pinna_worker_start(PinnaWorker* const worker, LilvInstance* const instance,
                   const LV2_Worker_Interface* const iface) {
  worker->plugin = lilv_instance_get_handle(instance);
  worker->iface = iface;
  if (!worker->offline) {
    worker->threaded = !pthread_create(&worker->thread, NULL, run_worker, worker);
    return worker->threaded ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  }
  return PINNA_STATUS_OK;
}

/// Nothing that a plugin handed over is lost: what was replaced has to be freed, say
static void
finish(PinnaWorker* const worker) {
  int n = 0;
  do {
    pinna_worker_deliver(worker); // An answer may be a request again
  } while (work_all(worker) && ++n < MAX_FINISH);
  worker->iface = NULL;
}

void
pinna_worker_stop(PinnaWorker* const worker) {
  if (worker->threaded) {
    atomic_store_explicit(&worker->quit, true, memory_order_relaxed);
    sem_post(&worker->wake);
    pthread_join(worker->thread, NULL);
    worker->threaded = false;
  }
  if (worker->iface) {
    finish(worker);
  }
}

void
pinna_worker_free(PinnaWorker* const worker) {
  if (worker) {
    pinna_worker_stop(worker);
    pthread_mutex_destroy(&worker->lock);
    sem_destroy(&worker->wake);
    pinna_arena_free(worker->memory);
  }
}

LV2_Worker_Schedule*
pinna_worker_schedule(PinnaWorker* const worker) {
  return &worker->schedule;
}

LV2_Worker_Schedule*
pinna_worker_restore_schedule(PinnaWorker* const worker) {
  return &worker->restore_schedule;
}

void
pinna_worker_hold(PinnaWorker* const worker) {
  pthread_mutex_lock(&worker->lock);
}

void
pinna_worker_release(PinnaWorker* const worker) {
  pthread_mutex_unlock(&worker->lock);
}
