// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "cli/listen.h"
#include "cli/precision.h"
#include "cli/progress.h"
#include "host/audio_file.h"
#include "host/caption_kinds.h"
#include "models/asr_model.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// `pinna transcribe`: what is said in recordings, as text, subtitles or JSON Lines

typedef struct {
  const char* model;
  const char* format;
  const char* out;
  const char* hotwords;
  const char* search;
  const char* precision;
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
  PinnaStatus        status = pinna_caption_kinds_open(&t->captions, &config, error);
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
    fprintf(stderr, "%s: %" PRIu64 " words in %.1f s of sound, recognised %.*f x real time\n", path,
            t->n_words, listened.length_s, listened.length_s < 10.0 * listened.seconds ? 1 : 0,
            listened.length_s / fmax(listened.seconds, 1e-9));
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

/// A text file whole, NUL-terminated
static PinnaStatus
read_hotwords(const char* const path, char** const text, PinnaError* const error) {
  FILE* const  file = fopen(path, "r");
  const size_t most = (size_t)1U << 20U;
  size_t       n = 0U;
  *text = (char*)malloc(most + 1U);
  if (file && *text) {
    n = fread(*text, 1U, most, file);
  }
  const bool failed = !file || ferror(file);
  const int  why = errno;
  const bool is_whole = !failed && feof(file);
  if (file) {
    fclose(file);
  }
  if (failed || !*text) {
    return pinna_fail(error, PINNA_STATUS_IO, "%s: %s", path, strerror(why));
  }
  (*text)[n] = '\0';
  return is_whole && strlen(*text) == n
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_FILE,
                          "%s: no list of hot phrases: one a line, at most a megabyte", path);
}

static PinnaStatus
open_model(const TranscribeOptions* const o, PinnaAsrModel** const model, PinnaError* const error) {
  static const char* const searches[] = {"beam", "greedy", "torchaudio"};
  PinnaAsrModelConfig      config = {.name = o->model};
  char*                    hotwords = NULL;
  uint32_t                 search = 0U;
  while (o->search && search < 3U && strcmp(o->search, searches[search])) {
    ++search;
  }
  if (search == 3U) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "--search %s: beam, greedy or torchaudio",
                      o->search);
  }
  PinnaStatus status =
      cli_precision(o->precision, PINNA_PRECISION_DYNAMIC, &config.precision, error);
  status = status        ? status
           : o->hotwords ? read_hotwords(o->hotwords, &hotwords, error)
                         : PINNA_STATUS_OK;
  config.search = (PinnaAsrSearch)search;
  config.hotwords = hotwords;
  status = status ? status : pinna_asr_model_open(model, &config, error);
  free(hotwords);
  return status ? pinna_fail(error, status, "%s", pinna_strerror(status)) : status;
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
    status = open_model(o, &t.model, &error);
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
     "The recogniser: weights that are built in, a file or folder of them, or what 'pinna model' "
     "has under this name; else asr_small",
     0.0, 0.0},
    {"format", 'f', CLI_TEXT, FIELD(format), "NAME",
     "txt (the default), srt, vtt or jsonl (JSON Lines: times and probabilities of words)", 0.0,
     0.0},
    {"out", 'o', CLI_TEXT, FIELD(out), "FILE", "Write to a file instead of standard output", 0.0,
     0.0},
    {"hotwords", 0, CLI_TEXT, FIELD(hotwords), "FILE",
     "Phrases to prefer, one a line, with ': 8' behind one for another bonus than 5", 0.0, 0.0},
    {"search", 0, CLI_TEXT, FIELD(search), "NAME",
     "beam (the default), greedy, or torchaudio: Emformer step for step as TorchAudio streams it",
     0.0, 0.0},
    {"precision", 0, CLI_TEXT, FIELD(precision), "WHAT",
     "The network's weights as float (the default), half or int8; dynamic: int8, and what they are "
     "multiplied by, too, which is quickest",
     0.0, 0.0},
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
    .details =
        "Sound of any rate and format is read in pieces, so that its length does not "
        "matter, its channels are averaged and resampled for the recogniser. The words are "
        "those that the live plugin gives for the same samples. The built-in recogniser "
        "knows the digits and the 700 words of telephone prompts, and no others. Emformer RNN-T (a "
        ".pt file with global_stats*.json and SentencePiece's *.model beside it, as "
        "TorchAudio has them) and wav2vec 2.0 or HuBERT with a CTC head (with vocab.json "
        "beside it, or TorchAudio's own) can be used as well.",
    .example = "pinna transcribe message.wav\n"
               "pinna transcribe talk.flac --format srt --out talk.srt",
    .options = transcribe_options,
    .options_size = sizeof(TranscribeOptions),
    .main = main_transcribe};
