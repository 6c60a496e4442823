// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_worker.h"

#include "host/lv2_worker_impl.h"

// Worker, audio side: the worker polls the ring, because waking it would enter the kernel

LV2_Worker_Status
pinna_worker_request(const LV2_Worker_Schedule_Handle handle, const uint32_t size,
                     const void* const data) PINNA_RT {
  PinnaWorker* const worker = (PinnaWorker*)handle;
  if (worker->offline) {
    return pinna_worker_work(worker, size, data);
  }
  return worker->iface && size <= PINNA_WORKER_MAX &&
                 pinna_ring_push(worker->requests, 0U, data, size)
             ? LV2_WORKER_SUCCESS
             : LV2_WORKER_ERR_NO_SPACE;
}

void
pinna_worker_deliver(PinnaWorker* const worker) PINNA_RT {
  const LV2_Worker_Interface* const iface = worker->iface;
  PinnaMessage                      head;
  while (pinna_ring_pop(worker->responses, &head, worker->response, PINNA_WORKER_MAX)) {
    if (iface->work_response) {
      iface->work_response(worker->plugin, head.size, worker->response);
    }
  }
  if (iface->end_run) {
    iface->end_run(worker->plugin);
  }
}
