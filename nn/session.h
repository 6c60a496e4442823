// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_SESSION_H
#define PINNA_NN_SESSION_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Runs a finished plan on the processor or on a Vulkan device, by one contract
//
// The caller need not know which: tensors, state and results are the same (1e-4 relative). A device
// that is lost or late hands over to the processor within the same run, from the state after the
// chunk before, so that nothing is missing; one that was only late is tried again later.
//
// On the processor all calls but open and close are realtime. A device is waited for, so run such
// a session in a worker: pinna_session_is_realtime() tells. One thread at a time; sessions are
// independent of each other. Run under pinna_denormal_enter().

typedef struct PinnaSessionImpl PinnaSession;

typedef struct {
  const PinnaPlan* plan;       ///< Finished; it and its weights may be freed after opening
  const char*      device;     ///< As PINNA_DEVICE, see nn/device.h; NULL: what PINNA_DEVICE says
  uint32_t         timeout_ms; ///< A device that takes longer for a chunk is late; 0: 1000
} PinnaSessionConfig;

/// Not realtime: packs weights, makes pipelines, runs a chunk of silence.
/// @return BAD_ARG: the plan is not finished; BAD_CONFIG: no such device choice; NOT_FOUND: no such
///   device (named by the caller: "auto" never fails so), UNSUPPORTED: the device cannot run the
///   plan; NO_MEM
PINNA_API PinnaStatus pinna_session_open(PinnaSession** self, const PinnaSessionConfig* config,
                                         PinnaError* error);

/// NULL is allowed. Not realtime.
PINNA_API void pinna_session_close(PinnaSession* self);

/// Where an input is written or an output read: [t x f x c]; NULL if there is none. The place stays
/// the same whatever happens to the device. Not realtime.
PINNA_API float* pinna_session_tensor(PinnaSession* self, const char* name);

/// One chunk: from the inputs and the state to the outputs and the next state
PINNA_API void pinna_session_run(PinnaSession* self);

/// State as at the start: all 0
PINNA_API void pinna_session_reset(PinnaSession* self);

/// Floats of state
PINNA_API size_t pinna_session_state_count(const PinnaSession* self);

/// Copy the state out, and back; it may go to another session of the same plan on another device
PINNA_API void pinna_session_save(const PinnaSession* self, float* state);
PINNA_API void pinna_session_restore(PinnaSession* self, const float* state);

/// Whether run never waits: it is on the processor and stays there
PINNA_API bool pinna_session_is_realtime(const PinnaSession* self);

/// What runs now: "cpu avx2", or "vulkan NAME". Any thread.
PINNA_API const char* pinna_session_backend(const PinnaSession* self);

typedef struct {
  uint64_t n_runs;
  uint64_t n_device_runs; ///< Of them on a Vulkan device
  uint32_t n_late;        ///< How often a device did not answer in time
  uint32_t n_lost;        ///< How often a device was lost, 0 or 1
  float    wait_us;       ///< Longest run of a device so far, in microseconds
} PinnaSessionCounters;

/// Since opening
PINNA_API PinnaSessionCounters pinna_session_counters(const PinnaSession* self);

#endif // PINNA_NN_SESSION_H
