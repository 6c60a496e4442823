// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_WORKER_H
#define PINNA_HOST_LV2_WORKER_H

#include "base/attributes.h"
#include "base/status.h"

#include <lilv/lilv.h>
#include <lv2/worker/worker.h>
#include <stdbool.h>
#include <stdint.h>

// LV2 worker: one thread per instance that asks for it, for loading and clearing up

typedef struct PinnaWorkerImpl PinnaWorker;

/// Make a worker before its plugin, so that the plugin can be given the features.
/// @param offline Jobs run at once in the calling thread, and nothing is started
/// @return NULL when memory is short
PinnaWorker* pinna_worker_new(bool offline);

/// Bind to an instance with a worker interface, start the thread unless offline. Control thread.
PinnaStatus pinna_worker_start(PinnaWorker* worker, LilvInstance* instance,
                               const LV2_Worker_Interface* iface);

/// Stop the thread, do what is still queued and deliver its answers; from then on requests are
/// refused. Control thread, while no audio thread runs the plugin and before it is freed.
void pinna_worker_stop(PinnaWorker* worker);

/// Stop and free. NULL is allowed.
void pinna_worker_free(PinnaWorker* worker);

/// For the plugin's run(). Lives as long as `worker`.
LV2_Worker_Schedule* pinna_worker_schedule(PinnaWorker* worker);

/// For state:restore while the plugin runs: jobs are done at once in the calling thread.
LV2_Worker_Schedule* pinna_worker_restore_schedule(PinnaWorker* worker);

/// Keep jobs from running until pinna_worker_release(). Control thread, may wait for a job.
void pinna_worker_hold(PinnaWorker* worker);
void pinna_worker_release(PinnaWorker* worker);

/// Do all jobs that wait, in the calling thread. Control thread, while no audio thread runs it.
/// @return Whether there were any; offline there are none, they were done when asked for
bool pinna_worker_settle(PinnaWorker* worker);

/// After each run: deliver responses, then end_run. Audio thread, realtime as far as the plugin is.
void pinna_worker_deliver(PinnaWorker* worker) PINNA_RT;

#endif // PINNA_HOST_LV2_WORKER_H
