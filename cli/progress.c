// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

// Progress line with a bar and the time left

enum { BAR_WIDTH = 30 };

double
cli_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

CliProgress
cli_progress_start(const char* const what, const bool quiet) {
  const double now = cli_seconds();
  return (CliProgress){what, now, now, !quiet && isatty(STDERR_FILENO)};
}

void
cli_progress_show(CliProgress* const progress, const double done) {
  const double now = cli_seconds();
  if (!progress->active || now - progress->shown < 0.1) {
    return;
  }
  progress->shown = now;
  if (done <= 0.0) {
    fprintf(stderr, "\r%s: %.0f frames\033[K", progress->what, -done);
    return;
  }
  const int    filled = (int)(done * BAR_WIDTH);
  const double left = (now - progress->started) * (1.0 - done) / done;
  fprintf(stderr, "\r%s [%.*s%*s] %3.0f %%, %.0f s left\033[K", progress->what, filled,
          "##############################", BAR_WIDTH - filled, "", 100.0 * done, left);
}

void
cli_progress_end(CliProgress* const progress) {
  if (progress->active) {
    fputs("\r\033[K", stderr);
  }
}
