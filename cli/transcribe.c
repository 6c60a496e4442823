// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "cli/listen.h"
#include "cli/progress.h"
#include "host/audio_file.h"
#include "host/caption_sink.h"
#include "models/asr_model.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

// `pinna transcribe`: what is said in recordings, as text, subtitles or JSON Lines

typedef struct {
  const char* model;
  const char* format;
  const char* out;
  bool        partials;
  bool        quiet;
} TranscribeOptions;

typedef struct {
  const TranscribeOptions* options;
  PinnaAsrModel*           model;
  PinnaCaptionSink*        captions;
  CliProgress              progress;
  FILE*                    out;
  uint64_t                 n_words;
} Transcribe;

static void
take(void* const handle, const PinnaCaption* const caption) {
  Transcribe* const t = (Transcribe*)handle;
  pinna_caption_sink_write(t->captions, caption, 0.0, 0.0);
  if (caption->kind == PINNA_CAPTION_FINAL) {
    t->n_words += caption->n_words;
  }
}

static void
show(void* const handle, const double done) {
  cli_progress_show(&((Transcribe*)handle)->progress, done);
}

static PinnaStatus
transcribe(Transcribe* const t, const char* const path, PinnaError* const error) {
  const TranscribeOptions* const o = t->options;
  const PinnaCaptionSinkConfig   config = {
        .kind = o->format ? o->format : "txt", .from = path, .out = t->out, .partials = o->partials};
  const PinnaAsrSink sink = {t, take};
  const CliListen    listen = {.sink = &sink, .progress = show, .handle = t};
  CliListened        listened;
  PinnaStatus        status = pinna_caption_sink_open(&t->captions, &config, error);
  if (status) {
    return status;
  }
  t->n_words = 0U;
  t->progress = cli_progress_start(path, o->quiet);
  status = cli_listen(&listen, t->model, path, &listened, error);
  cli_progress_end(&t->progress);
  const PinnaStatus closed = pinna_caption_sink_close(t->captions, status ? NULL : error);
  status = status ? status : closed;
  if (!status && *listened.warning) {
    fprintf(stderr, "pinna: %s\n", listened.warning);
  }
  if (!status && !o->quiet) {
    const double length = (double)listened.n_samples / pinna_asr_model_acoustic(t->model)->rate;
    fprintf(stderr, "%s: %" PRIu64 " words in %.1f s of sound, recognised %.0f x real time\n", path,
            t->n_words, length, length / fmax(listened.seconds, 1e-9));
  }
  return status;
}

static PinnaStatus
check(const TranscribeOptions* const o, const char* const* const args, const unsigned n_args,
      PinnaError* const error) {
  const char* const format = o->format ? o->format : "txt";
  if (strcmp(format, "txt") && strcmp(format, "srt") && strcmp(format, "vtt") &&
      strcmp(format, "jsonl")) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "--format %s: txt, srt, vtt or jsonl", format);
  }
  if (n_args > 1U && strcmp(format, "txt") && strcmp(format, "jsonl")) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "%s holds one recording's times: give one FILE, or --format txt or jsonl",
                      format);
  }
  for (unsigned i = 0U; o->out && i < n_args; ++i) {
    if (pinna_audio_same_file(args[i], o->out)) {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG, "--out %s would overwrite the recording",
                        o->out);
    }
  }
  return PINNA_STATUS_OK;
}

/// One file that fails does not keep the others from being heard
static PinnaStatus
transcribe_all(Transcribe* const t, const char* const* const args, const unsigned n_args,
               PinnaError* const error) {
  const char* const format = t->options->format;
  const bool        titles = n_args > 1U && (!format || !strcmp(format, "txt"));
  PinnaStatus       first = PINNA_STATUS_OK;
  for (unsigned i = 0U; i < n_args; ++i) {
    PinnaError  own = {{0}};
    PinnaStatus status = PINNA_STATUS_OK;
    if (titles && fprintf(t->out, "%s==> %s <==\n", i ? "\n" : "", args[i]) < 0) {
      status = pinna_fail(&own, PINNA_STATUS_IO, "%s", strerror(errno));
    }
    status = status ? status : transcribe(t, args[i], &own);
    if (status && first) {
      cli_failed(status, &own);
    } else if (status) {
      *error = own;
      first = status;
    }
  }
  return first;
}

static CliExit
main_transcribe(const CliCommand* const command, const void* const options,
                const char* const* const args, const unsigned n_args) {
  const TranscribeOptions* const o = (const TranscribeOptions*)options;
  const bool                     to_file = o->out && strcmp(o->out, "-") != 0;
  Transcribe                     t = {.options = o};
  PinnaError                     error = {{0}};
  (void)command;
  PinnaStatus status = check(o, args, n_args, &error);
  if (!status) {
    status = cli_listen_open(&t.model, o->model, &error);
  }
  if (!status) {
    t.out = to_file ? fopen(o->out, "w") : stdout;
    status = t.out ? transcribe_all(&t, args, n_args, &error)
                   : pinna_fail(&error, PINNA_STATUS_IO, "Cannot write '%s': %s", o->out,
                                strerror(errno));
  }
  if (to_file && t.out && fclose(t.out) && !status) {
    status = pinna_fail(&error, PINNA_STATUS_IO, "%s: %s", o->out, strerror(errno));
  }
  pinna_asr_model_close(t.model);
  return status ? cli_failed(status, &error) : CLI_EXIT_OK;
}

#define FIELD(field) offsetof(TranscribeOptions, field)

static const CliOption transcribe_options[] = {
    {"model", 'm', CLI_TEXT, FIELD(model), "NAME|PATH",
     "The recogniser: weights that are built in, or a file of them; else asr_small", 0.0, 0.0},
    {"format", 'f', CLI_TEXT, FIELD(format), "NAME",
     "txt (the default), srt, vtt or jsonl (JSON Lines: times and probabilities of words)", 0.0,
     0.0},
    {"out", 'o', CLI_TEXT, FIELD(out), "FILE", "Write to a file instead of standard output", 0.0,
     0.0},
    {"partials", 0, CLI_FLAG, FIELD(partials), NULL,
     "With jsonl: also what a live listener would have seen before each final caption", 0.0, 0.0},
    {"quiet", 'q', CLI_FLAG, FIELD(quiet), NULL, "Print no progress and no summary", 0.0, 0.0},
    {0}};

const CliCommand cli_transcribe = {
    .name = "transcribe",
    .operands = "FILE...",
    .least_args = 1U,
    .most_args = 4096U,
    .summary = "Write down what is said in recordings",
    .details = "Sound of any rate and format is read in pieces, so that its length does not "
               "matter, its channels are averaged and resampled for the recogniser. The words are "
               "those that the live plugin gives for the same samples. The built-in recogniser "
               "knows the digits and the 700 words of telephone prompts, and no others.",
    .example = "pinna transcribe message.wav\n"
               "pinna transcribe talk.flac --format srt --out talk.srt",
    .options = transcribe_options,
    .options_size = sizeof(TranscribeOptions),
    .main = main_transcribe};
