// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/copy_voice.h"
#include "cli/eval.h"
#include "cli/eval_scores.h"
#include "dsp/resynthesis.h"
#include "host/audio_file.h"
#include "models/vocoder_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A vocoder on a dataset: each recording against what the vocoder makes of it

#define N_OWN 6U
#define MAX_MEASURES (N_OWN + CLI_EVAL_MAX_SCORES)

typedef struct {
  const char* name;
  const char* unit;
  const char* column;
  bool        high_is_good;
} Measure;

static const Measure own_measures[N_OWN] = {{"STOI", "", "stoi", true},
                                            {"mel-cepstral distortion", "dB", "mcd", false},
                                            {"log-spectral distance", "dB", "lsd", false},
                                            {"STFT loss", "", "stft_loss", false},
                                            {"F0 error", "cents", "f0_error", false},
                                            {"voicing error", "", "voicing_error", false}};

typedef struct {
  const PinnaUtterance* utterance;
  double                values[MAX_MEASURES]; ///< NaN: not known
} Row;

typedef struct {
  CliEval*           eval;
  PinnaLoadedVocoder loaded;
  CliEvalScores      scores;
  unsigned           n_measures;
  Row*               rows;
  size_t             n;
  double             sound_s;
  double             work_s;
} Evaluation;

static void
on_progress(void* const handle, const double done) {
  CliEval* const eval = ((Evaluation*)handle)->eval;
  cli_progress_show(&eval->progress, ((double)eval->n_done + done) / (double)eval->n);
}

static PinnaStatus
keep_sound(const Evaluation* const e, const char* const id, const char* const ending,
           const float* const samples, const size_t n, PinnaError* const error) {
  char      path[4096];
  const int at = snprintf(path, sizeof(path), "%s/", e->eval->options->keep);
  const int length = at < (int)sizeof(path) - 1
                         ? snprintf(path + at, sizeof(path) - (size_t)at, "%s%s", id, ending)
                         : at;
  if (at < 0 || length < 0 || at + length >= (int)sizeof(path)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "the name of %s is too long", id);
  }
  for (char* p = path + at; *p; ++p) {
    *p = *p == '/' ? '_' : *p;
  }
  const PinnaAudioWriterConfig config = {.path = path,
                                         .format = "wav",
                                         .subformat = "pcm16",
                                         .sample_rate = e->loaded.vocoder.features.sample_rate,
                                         .n_channels = 1U,
                                         .n_frames = n};
  PinnaAudioWriter*            writer = NULL;
  PinnaStatus                  status = pinna_audio_writer_open(&writer, &config, error);
  if (!status) {
    status = pinna_audio_writer_write(writer, &samples, (uint32_t)n, error);
  }
  const PinnaStatus closed = pinna_audio_writer_close(writer, status ? NULL : error);
  return status ? status : closed;
}

static PinnaStatus
compare_sound(Evaluation* const e, const PinnaUtterance* const u, const CliSound* const in,
              float* const out, PinnaError* const error) {
  PinnaResynthesisScores scores;
  const size_t           n = in->n_samples;
  const double           start = cli_seconds();
  PinnaStatus            status =
      cli_copy_voice(&e->loaded.vocoder, in->samples[0], out, n, on_progress, e, error);
  e->work_s += cli_seconds() - start;
  e->sound_s += (double)n / in->rate;
  if (!status) {
    status = pinna_resynthesis_score(&scores, in->samples[0], out, n, (uint32_t)in->rate);
    status =
        status == PINNA_STATUS_BAD_ARG ? pinna_fail(error, status, "shorter than 0.2 s") : status;
  }
  if (status) {
    return status;
  }
  Row* const row = &e->rows[e->n++];
  *row = (Row){u,
               {scores.stoi, scores.mel_cepstral_distortion, scores.log_spectral_distance,
                scores.stft_loss, scores.f0_error, scores.voicing_error}};
  const CliEvalScore* const others = cli_eval_scores_find(&e->scores, u->id);
  for (unsigned i = 0U; i < e->scores.n_names; ++i) {
    row->values[N_OWN + i] = others ? others->values[i] : NAN;
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
check_numbers(const CliSound* const in, PinnaError* const error) {
  for (size_t i = 0U; i < in->n_samples; ++i) {
    if (!isfinite(in->samples[0][i])) {
      return pinna_fail(error, PINNA_STATUS_BAD_FILE, "has samples that are no number");
    }
  }
  return PINNA_STATUS_OK;
}

/// Fails only with what hinders all others, too
static PinnaStatus
evaluate(Evaluation* const e, const PinnaUtterance* const u, PinnaError* const error) {
  char         warning[256];
  CliSound     in;
  PinnaError   own = {{0}};
  const double rate = e->loaded.vocoder.features.sample_rate;
  PinnaStatus  status = cli_sound_read(&in, u->path, rate, 1U, warning, NULL, NULL, &own);
  float* const out = status ? NULL : (float*)calloc(in.n_samples + 1U, sizeof(float));
  PinnaStatus  kept = PINNA_STATUS_OK;
  if (!status) {
    status = check_numbers(&in, &own);
  }
  if (!status) {
    status = out ? compare_sound(e, u, &in, out, &own) : PINNA_STATUS_NO_MEM;
  }
  if (status) {
    pinna_fail(&own, status, "%s", pinna_strerror(status));
    cli_eval_bad(e->eval, u, &own);
  } else if (e->eval->options->keep) {
    kept = keep_sound(e, u->id, ".wav", out, in.n_samples, error);
    kept = kept ? kept : keep_sound(e, u->id, ".original.wav", in.samples[0], in.n_samples, error);
  }
  free(out);
  cli_sound_free(&in);
  return kept;
}

static void
report_measure(const Evaluation* const e, const unsigned m) {
  const Measure other = {m < N_OWN ? "" : e->scores.names[m - N_OWN], "", "", true};
  const Measure measure = m < N_OWN ? own_measures[m] : other;
  const Row*    worst = NULL;
  double        sum = 0.0;
  size_t        n = 0U;
  for (size_t i = 0U; i < e->n; ++i) {
    const double value = e->rows[i].values[m];
    if (!isnan(value)) {
      sum += value;
      ++n;
      if (!worst || (value < worst->values[m]) == measure.high_is_good) {
        worst = &e->rows[i];
      }
    }
  }
  if (!worst) {
    printf("%-24s not known of any utterance\n", measure.name);
    return;
  }
  printf("%-24s %8.3f  worst %8.3f %-5s  (%s; %zu of %zu)\n", measure.name, sum / (double)n,
         worst->values[m], measure.unit, worst->utterance->id, n, e->n);
}

static void
report(const Evaluation* const e) {
  const CliEvalOptions* const o = e->eval->options;
  printf("%-24s %s: %zu utterances, %.1f s\n", "dataset", o->dataset, e->n, e->sound_s);
  printf("%-24s %s\n", "model", e->loaded.kind);
  printf("%-24s %8.4f\n", "RTF", e->work_s / e->sound_s);
  for (unsigned m = 0U; m < e->n_measures; ++m) {
    report_measure(e, m);
  }
}

static PinnaStatus
write_table(const Evaluation* const e, PinnaError* const error) {
  FILE*             file = NULL;
  const PinnaStatus status = cli_eval_table(e->eval, "id", &file, error);
  for (unsigned m = 0U; file && m < e->n_measures; ++m) {
    fprintf(file, ",%s", m < N_OWN ? own_measures[m].column : e->scores.names[m - N_OWN]);
  }
  for (size_t i = 0U; file && i < e->n; ++i) {
    fputc('\n', file);
    cli_eval_field(file, e->rows[i].utterance->id);
    for (unsigned m = 0U; m < e->n_measures; ++m) {
      const double value = e->rows[i].values[m];
      fprintf(file, isnan(value) ? "," : ",%.6g", value);
    }
  }
  if (file) {
    fputc('\n', file);
  }
  return cli_eval_table_end(e->eval, file, status, error);
}

static PinnaStatus
run(Evaluation* const e, PinnaError* const error) {
  CliEval* const         self = e->eval;
  const PinnaVocoderLoad load = {.path = self->options->model, .n_frames = 16U};
  PinnaStatus            status = PINNA_STATUS_OK;
  if (self->options->scores) {
    status = cli_eval_scores_read(&e->scores, self->options->scores, error);
  }
  e->n_measures = N_OWN + e->scores.n_names;
  e->rows = (Row*)calloc(self->n, sizeof(Row));
  if (!status) {
    status = e->rows ? pinna_vocoder_load(&e->loaded, &load, error) : PINNA_STATUS_NO_MEM;
  }
  for (size_t i = 0U; i < self->n && !status; ++i) {
    status = evaluate(e, cli_eval_at(self, i), error);
    ++self->n_done;
  }
  cli_progress_end(&self->progress);
  if (!status && !e->n) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "no utterance could be read");
  }
  if (!status) {
    report(e);
    status = write_table(e, error);
  }
  return status;
}

PinnaStatus
cli_eval_vocoder(CliEval* const self, PinnaError* const error) {
  Evaluation        e = {.eval = self};
  const PinnaStatus status = run(&e, error);
  pinna_vocoder_unload(&e.loaded);
  cli_eval_scores_free(&e.scores);
  free(e.rows);
  return status;
}
