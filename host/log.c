// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/log.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Rate-limited log on standard error

enum { BURST = 30, LINES_PER_SECOND = 2, MAX_LINE = 1200 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int     max_level = PINNA_LOG_INFO;
static char            last_line[MAX_LINE];
static PinnaLogLevel   last_level;
static unsigned        n_repeats;
static unsigned        n_dropped;
static double          tokens = BURST;
static double          last_time;

static void
write_line(const PinnaLogLevel level, const char* const text) {
  if (getenv("JOURNAL_STREAM")) {
    fprintf(stderr, "<%d>%s\n", (int)level, text);
  } else {
    fprintf(stderr, "pinna: %s%s\n",
            level == PINNA_LOG_ERROR     ? "error: "
            : level == PINNA_LOG_WARNING ? "warning: "
                                         : "",
            text);
  }
}

static void
write_counts(void) {
  char text[80];
  if (n_repeats) {
    snprintf(text, sizeof(text), "the last message was repeated %u times", n_repeats);
    write_line(last_level, text);
    n_repeats = 0;
  }
  if (n_dropped) {
    snprintf(text, sizeof(text), "%u messages were dropped: too many at once", n_dropped);
    write_line(PINNA_LOG_WARNING, text);
    n_dropped = 0;
  }
}

static void
put(const PinnaLogLevel level, const char* const line) {
  const double now = pinna_clock_s();
  tokens += last_time > 0.0 ? (now - last_time) * LINES_PER_SECOND : 0.0;
  tokens = tokens > BURST ? BURST : tokens;
  last_time = now;

  if (level == last_level && !strcmp(line, last_line)) {
    ++n_repeats;
  } else if (tokens < 1.0) {
    ++n_dropped;
  } else {
    tokens -= 1.0;
    write_counts();
    write_line(level, line);
    memcpy(last_line, line, strlen(line) + 1U);
    last_level = level;
  }
}

void
pinna_log(const PinnaLogLevel level, const char* const format, ...) {
  if ((int)level > atomic_load_explicit(&max_level, memory_order_relaxed)) {
    return;
  }

  char    line[MAX_LINE];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof(line), format, args);
  va_end(args);

  pthread_mutex_lock(&lock);
  put(level, line);
  pthread_mutex_unlock(&lock);
}

void
pinna_log_set_level(const PinnaLogLevel level) {
  atomic_store_explicit(&max_level, (int)level, memory_order_relaxed);
}

void
pinna_log_flush(void) {
  pthread_mutex_lock(&lock);
  write_counts();
  pthread_mutex_unlock(&lock);
}
