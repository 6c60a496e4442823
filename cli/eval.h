// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_EVAL_H
#define PINNA_CLI_EVAL_H

#include "base/status.h"
#include "cli/progress.h"
#include "models/dataset.h"

#include <stdbool.h>
#include <stdio.h>

// What the evaluations of models on datasets share

#define CLI_EVAL_WORST 8U ///< Utterances shown

typedef struct {
  const char* dataset; ///< KIND:PATH
  const char* model;
  const char* table;
  const char* scores;
  const char* keep;
  unsigned    limit;
  bool        quiet;
} CliEvalOptions;

typedef struct {
  const CliEvalOptions* options;
  PinnaDataset*         dataset;
  size_t                n; ///< Utterances to do
  CliProgress           progress;
  size_t                n_done; ///< So far, good or bad
  size_t                n_bad;  ///< That could not be read
} CliEval;

/// Utterance i of `n`, evenly spread over the dataset
const PinnaUtterance* cli_eval_at(const CliEval* self, size_t i);

/// Say that an utterance cannot be used, on standard error, without ending the evaluation
void cli_eval_bad(CliEval* self, const PinnaUtterance* utterance, const PinnaError* error);

/// The share of values [n] that lies below, sorted in place; NaN without values
double cli_eval_quantile(double* values, size_t n, double share);

/// Write a text as a field of a table, in quotes
void cli_eval_field(FILE* file, const char* text);

/// Open --table, write its head; NULL without one
PinnaStatus cli_eval_table(const CliEval* self, const char* head, FILE** file, PinnaError* error);

/// Close it. @param status What has failed before
PinnaStatus cli_eval_table_end(const CliEval* self, FILE* file, PinnaStatus status,
                               PinnaError* error);

PinnaStatus cli_eval_asr(CliEval* self, PinnaError* error);
PinnaStatus cli_eval_vocoder(CliEval* self, PinnaError* error);

#endif // PINNA_CLI_EVAL_H
