// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/eval.h"

#include "cli/command.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// `pinna eval`: how good a model is on a dataset

const PinnaUtterance*
cli_eval_at(const CliEval* const self, const size_t i) {
  return pinna_dataset_at(self->dataset, i * pinna_dataset_count(self->dataset) / self->n);
}

void
cli_eval_bad(CliEval* const self, const PinnaUtterance* const utterance,
             const PinnaError* const error) {
  cli_progress_end(&self->progress);
  fprintf(stderr, "pinna: %s is left out: %s\n", utterance->id, error->text);
  ++self->n_bad;
}

static int
compare(const void* const a, const void* const b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

double
cli_eval_quantile(double* const values, const size_t n, const double share) {
  if (!n) {
    return NAN;
  }
  qsort(values, n, sizeof(double), compare);
  const double at = ceil(share * (double)n) - 1.0;
  return values[at > 0.0 ? (size_t)at : 0U];
}

void
cli_eval_field(FILE* const file, const char* const text) {
  fputc('"', file);
  for (const char* p = text; *p; ++p) {
    fputs(*p == '"' ? "\"" : "", file);
    fputc(*p, file);
  }
  fputc('"', file);
}

PinnaStatus
cli_eval_table(const CliEval* const self, const char* const head, FILE** const file,
               PinnaError* const error) {
  const char* const path = self->options->table;
  *file = path ? fopen(path, "w") : NULL;
  if (path && !*file) {
    return pinna_fail(error, PINNA_STATUS_IO, "Cannot write '%s': %s", path, strerror(errno));
  }
  if (*file) {
    fputs(head, *file);
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
cli_eval_table_end(const CliEval* const self, FILE* const file, const PinnaStatus status,
                   PinnaError* const error) {
  const bool failed = file && (ferror(file) | fclose(file)) != 0;
  return !status && failed
             ? pinna_fail(error, PINNA_STATUS_IO, "%s could not be written", self->options->table)
             : status;
}

static PinnaStatus
evaluate(CliEval* const self, const char* const what, PinnaError* const error) {
  const CliEvalOptions* const o = self->options;
  const bool                  is_asr = !strcmp(what, "asr");
  if (!is_asr && strcmp(what, "vocoder") != 0) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "'%s' cannot be evaluated: asr or vocoder",
                      what);
  }
  if (!o->dataset) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "give a dataset: --dataset KIND:PATH");
  }
  if (is_asr && (o->scores || o->keep)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "--scores and --keep are for vocoders");
  }
  PinnaStatus status = pinna_dataset_open(&self->dataset, o->dataset, error);
  if (!status) {
    const size_t n = pinna_dataset_count(self->dataset);
    self->n = o->limit && o->limit < n ? o->limit : n;
    self->progress = cli_progress_start(o->dataset, o->quiet);
    status = is_asr ? cli_eval_asr(self, error) : cli_eval_vocoder(self, error);
    cli_progress_end(&self->progress);
  }
  return status ? pinna_fail(error, status, "%s", pinna_strerror(status)) : status;
}

static CliExit
main_eval(const CliCommand* const command, const void* const options, const char* const* const args,
          const unsigned n_args) {
  CliEval    self = {.options = (const CliEvalOptions*)options};
  PinnaError error = {{0}};
  (void)command;
  (void)n_args;
  const PinnaStatus status = evaluate(&self, args[0], &error);
  pinna_dataset_close(self.dataset);
  return status ? cli_failed(status, &error) : CLI_EXIT_OK;
}

#define FIELD(field) offsetof(CliEvalOptions, field)

static const CliOption eval_options[] = {
    {"dataset", 'd', CLI_TEXT, FIELD(dataset), "KIND:PATH",
     "Recordings as TorchAudio lays them out; KIND is librispeech, ljspeech, commonvoice, "
     "speechcommands, yesno or fsdd",
     0.0, 0.0},
    {"model", 'm', CLI_TEXT, FIELD(model), "NAME|PATH", "Other weights than those built in", 0.0,
     0.0},
    {"limit", 'n', CLI_COUNT, FIELD(limit), "N",
     "So many utterances at most, evenly spread over the dataset", 0.0, 1e9},
    {"table", 't', CLI_TEXT, FIELD(table), "CSV", "Write a row for each utterance", 0.0, 0.0},
    {"scores", 's', CLI_TEXT, FIELD(scores), "CSV",
     "vocoder: scores of another tool (PESQ, say), whose rows begin with an utterance's id, taken "
     "into the means and the table",
     0.0, 0.0},
    {"keep", 'k', CLI_TEXT, FIELD(keep), "FOLDER",
     "vocoder: write what was compared there, ID.wav and ID.original.wav, for other tools", 0.0,
     0.0},
    {"quiet", 'q', CLI_FLAG, FIELD(quiet), NULL, "Print no progress", 0.0, 0.0},
    {0}};

const CliCommand cli_eval = {
    .name = "eval",
    .operands = "asr|vocoder",
    .least_args = 1U,
    .most_args = 1U,
    .summary = "Measure how good a recogniser or a vocoder is on a dataset",
    .details =
        "asr: word error rate with its 95 % interval (bootstrap over utterances; both texts in "
        "upper case, letters, digits and apostrophes only), real-time factor, time of a chunk, "
        "and latency: of the first text since speech begins, and of the final one since it ends, "
        "1.5 s of silence being played behind each recording. Speech begins and ends where 10 ms "
        "come within 30 dB of the loudest.\n"
        "vocoder: each recording is taken apart and spoken again, and compared with itself: STOI, "
        "mel-cepstral distortion, log-spectral distance, multi-resolution STFT loss, errors of "
        "pitch and of voicing.",
    .example = "pinna eval asr --dataset fsdd:recordings --limit 300\n"
               "pinna eval vocoder --dataset ljspeech:LJSpeech-1.1 --limit 20 --table scores.csv",
    .options = eval_options,
    .options_size = sizeof(CliEvalOptions),
    .main = main_eval};
