// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_EVAL_SCORES_H
#define PINNA_CLI_EVAL_SCORES_H

#include "base/status.h"

#include <stddef.h>

// Another tool's scores of utterances, from a table: ID,SCORE[,SCORE...] with a head that names
// them

#define CLI_EVAL_MAX_SCORES 8U

typedef struct {
  char*  id;
  double values[CLI_EVAL_MAX_SCORES]; ///< NaN: empty
} CliEvalScore;

/// Zero-initialise
typedef struct {
  char*         names[CLI_EVAL_MAX_SCORES];
  unsigned      n_names;
  CliEvalScore* rows;
  size_t        n;
  size_t        max;
} CliEvalScores;

/// Fields are separated by commas, semicolons or tabs. @return BAD_FILE with the line, NOT_FOUND
PinnaStatus cli_eval_scores_read(CliEvalScores* self, const char* path, PinnaError* error);

/// An utterance's, or NULL. The id may have been a file's name: folders before it and an ending
/// .wav do not matter.
const CliEvalScore* cli_eval_scores_find(const CliEvalScores* self, const char* id);

void cli_eval_scores_free(CliEvalScores* self);

#endif // PINNA_CLI_EVAL_SCORES_H
