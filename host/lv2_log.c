// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Bounded queue of formatted lines, many writers and one reader, without locks (D. Vyukov's scheme)

enum { N_SLOTS = 128, LINE_SIZE = 248, BURST = 50, PER_SECOND = 5 };

typedef struct {
  atomic_uint_least32_t turn; ///< Position that may write it, or that position + 1 to read it
  PinnaLogLevel         level;
  char                  line[LINE_SIZE];
} Slot;

struct PinnaLv2LogImpl {
  LV2_Log_Log           feature;
  LV2_URID              error;
  LV2_URID              warning;
  LV2_URID              trace;
  const char*           plugin;
  PinnaPluginLogFunc    func;
  void*                 handle;
  atomic_uint_least32_t written;
  atomic_uint_least32_t n_lost;
  Slot                  slots[N_SLOTS];

  uint32_t      read; ///< From here on only the control thread
  char          last[LINE_SIZE];
  PinnaLogLevel last_level;
  uint32_t      n_repeats;
  double        allowance; ///< Lines that may be printed now
  double        time;      ///< Of the last drain, seconds
  uint32_t      n_hidden;
};

static void
write_line(void* const handle, const PinnaLogLevel level, const char* const plugin,
           const char* const line) {
  (void)handle;
  pinna_log(level, "%s: %s", plugin, line);
}

static PinnaLogLevel
level_of(const PinnaLv2Log* const log, const LV2_URID type) {
  return type == log->error     ? PINNA_LOG_ERROR
         : type == log->warning ? PINNA_LOG_WARNING
         : type == log->trace   ? PINNA_LOG_DEBUG
                                : PINNA_LOG_INFO;
}

/// A free slot, reserved for the caller, or NULL when all are full
static Slot*
reserve(PinnaLv2Log* const log, uint32_t* const position) {
  uint32_t at = atomic_load_explicit(&log->written, memory_order_relaxed);
  for (;;) {
    Slot* const    slot = log->slots + at % N_SLOTS;
    const uint32_t turn = atomic_load_explicit(&slot->turn, memory_order_acquire);
    if (turn == at) {
      if (atomic_compare_exchange_weak_explicit(&log->written, &at, at + 1U, memory_order_relaxed,
                                                memory_order_relaxed)) {
        *position = at;
        return slot;
      }
    } else if ((int32_t)(turn - at) < 0) {
      return NULL;
    } else {
      at = atomic_load_explicit(&log->written, memory_order_relaxed);
    }
  }
}

// A plugin that logs in run() has vsnprintf() formatted there, into the slot: nobody else can
static int
log_vprintf(const LV2_Log_Handle handle, const LV2_URID type, const char* const format,
            va_list args) {
  PinnaLv2Log* const log = (PinnaLv2Log*)handle;
  uint32_t           position = 0U;
  Slot* const        slot = reserve(log, &position);
  if (!slot) {
    atomic_fetch_add_explicit(&log->n_lost, 1U, memory_order_relaxed);
    return 0;
  }

  const int n = vsnprintf(slot->line, LINE_SIZE, format, args);
  slot->level = level_of(log, type);
  atomic_store_explicit(&slot->turn, position + 1U, memory_order_release);
  return n;
}

LV2_LOG_FUNC(3, 4)
static int
log_printf(const LV2_Log_Handle handle, const LV2_URID type, const char* const format, ...) {
  va_list args;
  va_start(args, format);
  const int n = log_vprintf(handle, type, format, args);
  va_end(args);
  return n;
}

PinnaLv2Log*
pinna_lv2_log_new(PinnaWorld* const world, const char* const plugin, const PinnaPluginLogFunc func,
                  void* const handle) {
  PinnaLv2Log* const log = (PinnaLv2Log*)calloc(1U, sizeof(PinnaLv2Log));
  if (!log) {
    return NULL;
  }

  log->feature = (LV2_Log_Log){log, log_printf, log_vprintf};
  log->error = pinna_world_map(world, LV2_LOG__Error);
  log->warning = pinna_world_map(world, LV2_LOG__Warning);
  log->trace = pinna_world_map(world, LV2_LOG__Trace);
  log->plugin = plugin;
  log->func = func ? func : write_line;
  log->handle = handle;
  log->allowance = BURST;
  log->time = pinna_clock_s();
  for (uint32_t i = 0U; i < N_SLOTS; ++i) {
    atomic_init(&log->slots[i].turn, i);
  }
  return log;
}

LV2_Log_Log*
pinna_lv2_log_feature(PinnaLv2Log* const log) {
  return &log->feature;
}

static void
count_repeats(PinnaLv2Log* const log) {
  if (log->n_repeats) {
    char line[64];
    snprintf(line, sizeof(line), "(last line repeated %u times)", log->n_repeats);
    log->func(log->handle, log->last_level, log->plugin, line);
    log->n_repeats = 0U;
  }
}

static void
give(PinnaLv2Log* const log, const PinnaLogLevel level, const char* const line) {
  if (!strcmp(line, log->last)) {
    ++log->n_repeats;
  } else if (log->allowance < 1.0) {
    ++log->n_hidden;
  } else {
    count_repeats(log);
    log->allowance -= 1.0;
    snprintf(log->last, sizeof(log->last), "%s", line);
    log->last_level = level;
    log->func(log->handle, level, log->plugin, line);
  }
}

static void
give_lines(PinnaLv2Log* const log, Slot* const slot) {
  char* rest = NULL;
  for (char* line = strtok_r(slot->line, "\r\n", &rest); line;
       line = strtok_r(NULL, "\r\n", &rest)) {
    give(log, slot->level, line);
  }
}

/// Tell what was left out, when a line may be printed again
static void
count_hidden(PinnaLv2Log* const log) {
  const uint32_t n =
      log->n_hidden + atomic_exchange_explicit(&log->n_lost, 0U, memory_order_relaxed);
  log->n_hidden = n;
  if (n && log->allowance >= 1.0) {
    char line[64];
    snprintf(line, sizeof(line), "(%u lines left out)", n);
    log->allowance -= 1.0;
    log->n_hidden = 0U;
    log->func(log->handle, PINNA_LOG_WARNING, log->plugin, line);
  }
}

void
pinna_lv2_log_drain(PinnaLv2Log* const log) {
  const double time = pinna_clock_s();
  const double more = log->allowance + (time - log->time) * PER_SECOND;
  const bool   whole_second = (uint64_t)time != (uint64_t)log->time;
  log->allowance = more < BURST ? more : BURST;
  log->time = time;

  for (uint32_t i = 0U; i < N_SLOTS; ++i) {
    Slot* const slot = log->slots + log->read % N_SLOTS;
    if (atomic_load_explicit(&slot->turn, memory_order_acquire) != log->read + 1U) {
      break;
    }
    give_lines(log, slot);
    atomic_store_explicit(&slot->turn, log->read + N_SLOTS, memory_order_release);
    ++log->read;
  }
  if (whole_second) {
    count_repeats(log);
    count_hidden(log);
  }
}

void
pinna_lv2_log_free(PinnaLv2Log* const log) {
  if (log) {
    pinna_lv2_log_drain(log);
    count_repeats(log);
    count_hidden(log);
    free(log);
  }
}
