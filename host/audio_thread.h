// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_AUDIO_THREAD_H
#define PINNA_HOST_AUDIO_THREAD_H

#include "base/status.h"

#include <pthread.h>
#include <stdbool.h>

// A thread for backends that have none of their own

/// Start a thread, at realtime priority (SCHED_FIFO 60) if asked and permitted, else as usual.
/// @return NO_MEM, with the reason in the error
PinnaStatus pinna_audio_thread_start(pthread_t* thread, void* (*body)(void*), void* handle,
                                     bool realtime, PinnaError* error);

#endif // PINNA_HOST_AUDIO_THREAD_H
