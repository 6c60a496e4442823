// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/audio_thread.h"

#include <sched.h>
#include <string.h>

// Realtime priority when the system grants it

PinnaStatus
pinna_audio_thread_start(pthread_t* const thread, void* (*const body)(void*), void* const handle,
                         const bool realtime, PinnaError* const error) {
  const struct sched_param priority = {.sched_priority = 60};
  pthread_attr_t           attributes;
  int                      code = 1;
  pthread_attr_init(&attributes);
  if (realtime) {
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
    pthread_attr_setschedparam(&attributes, &priority);
    code = pthread_create(thread, &attributes, body, handle);
  }
  if (code) {
    code = pthread_create(thread, NULL, body, handle);
  }
  pthread_attr_destroy(&attributes);

  return code ? pinna_fail(error, PINNA_STATUS_NO_MEM, "Cannot start the audio thread: %s",
                           strerror(code))
              : PINNA_STATUS_OK;
}
