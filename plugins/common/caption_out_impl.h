// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_CAPTION_OUT_IMPL_H
#define PINNA_PLUGINS_COMMON_CAPTION_OUT_IMPL_H

#include "base/caption_sink.h"
#include "base/ring.h"
#include "plugins/common/caption_out.h"
#include "plugins/common/transport.h"

#include <lv2/log/log.h>

#include <pthread.h>
#include <stdatomic.h>

// What the audio thread and the worker share of a file of captions

#define PINNA_CAPTION_OUT_MAX_PATH 4096U
#define PINNA_CAPTION_OUT_PASSES 16U ///< A caption comes well before so many passed

/// A stretch of sound whose times have one origin
typedef struct {
  uint64_t sample; ///< Since activation, its first
  int64_t  frame;  ///< Of the timeline, there
  bool     stands; ///< Not to be written
  bool     is_run; ///< Without a transport
} PinnaCaptionPass;

typedef enum { PINNA_CAPTION_OUT_PASS = 1, PINNA_CAPTION_OUT_CAPTION } PinnaCaptionOutMessage;

struct PinnaCaptionOutImpl {
  PinnaTransportUrids urids;
  double              rate;
  PinnaRing*          ring;
  atomic_uint         status;
  atomic_bool         is_on;
  atomic_uint         n_lost; ///< The ring was full

  // The audio thread's
  PinnaCaptionPass pass;
  bool             is_told; ///< The worker knows the pass
  bool             waits;   ///< The worker is to be called

  // Under the lock
  pthread_mutex_t    lock;
  const LV2_Log_Log* log; ///< Or NULL
  LV2_URID           log_error;
  LV2_URID           log_note;
  char               path[PINNA_CAPTION_OUT_MAX_PATH];
  PinnaCaptionSink*  sink;
  uint64_t           sink_pass; ///< That the sink is for
  PinnaCaptionPass   passes[PINNA_CAPTION_OUT_PASSES];
  uint64_t           n_passes; ///< Ever; number n is at n % PINNA_CAPTION_OUT_PASSES
  uint64_t           first;    ///< Of this activation
  double             wall;     ///< Seconds since 1970 of the activation
  PinnaCaption       caption;  ///< From the ring
  PinnaCaption       part;     ///< That lies in one pass
};

#endif // PINNA_PLUGINS_COMMON_CAPTION_OUT_IMPL_H
