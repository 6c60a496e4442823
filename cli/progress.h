// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_PROGRESS_H
#define PINNA_CLI_PROGRESS_H

#include <stdbool.h>

// One line on a terminal that tells how far a long job is; nothing when standard error is no
// terminal

typedef struct {
  const char* what;    ///< The job, e.g. the name of the file
  double      started; ///< Seconds, monotonic
  double      shown;   ///< When the line was last written
  bool        active;  ///< Standard error is a terminal and the user did not say --quiet
} CliProgress;

/// Begin; `quiet` keeps it silent
CliProgress cli_progress_start(const char* what, bool quiet);

/// Show at most ten times a second. @param done 0 to 1, or minus the frames so far
void cli_progress_show(CliProgress* progress, double done);

/// Clear the line
void cli_progress_end(CliProgress* progress);

/// Seconds of a clock that never jumps
double cli_seconds(void);

#endif // PINNA_CLI_PROGRESS_H
