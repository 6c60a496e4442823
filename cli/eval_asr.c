// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/grow.h"
#include "cli/eval.h"
#include "cli/listen.h"
#include "host/histogram.h"
#include "models/asr_model.h"
#include "models/wer.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// A recogniser on a dataset: errors, their interval, time and latency

#define SILENCE_S 1.5
#define N_ROUNDS 2000U
#define LEVEL_DB 30.0 ///< Below the loudest step, speech has begun and not ended
#define STEPS_PER_S 100U

typedef struct {
  const PinnaUtterance* utterance;
  char*                 said;  ///< Normalised
  char*                 heard; ///< Normalised
  PinnaWer              wer;
} Row;

/// The stream of one utterance
typedef struct {
  CliEval*        eval;
  PinnaHistogram* chunks;
  char*           heard;
  size_t          n_heard;
  float*          steps; ///< Energy of each 10 ms
  size_t          n_steps;
  size_t          max_steps;
  uint32_t        in_step;
  uint32_t        step;
  double          rate;
  uint64_t        n_pushed;
  uint64_t        first; ///< Samples pushed when there was text first; 0: not yet
  uint64_t        last;  ///< When the last caption became final
  bool            over;
  bool            failed;
} Stream;

typedef struct {
  Row*           rows;
  size_t         n;
  double*        first; ///< Latencies that are known, seconds
  double*        last;
  size_t         n_first;
  size_t         n_last;
  double         sound_s;
  double         work_s;
  PinnaHistogram chunks;
} Results;

static void
before(void* const handle, const double rate, const float* const samples, const uint32_t n) {
  Stream* const s = (Stream*)handle;
  s->step = (uint32_t)fmax(1.0, rate / STEPS_PER_S);
  s->rate = rate;
  s->over = s->over || !n;
  s->n_pushed += n;
  for (uint32_t i = 0U; i < n; ++i) {
    if (!s->in_step) {
      if (!pinna_grow(&s->steps, s->n_steps, &s->max_steps, sizeof(float))) {
        s->failed = true;
        return;
      }
      s->steps[s->n_steps++] = 0.0F;
    }
    s->steps[s->n_steps - 1U] += samples[i] * samples[i];
    s->in_step = (s->in_step + 1U) % s->step;
  }
}

static void
after(void* const handle, const double seconds) {
  pinna_histogram_add(((Stream*)handle)->chunks, (uint64_t)(1e9 * seconds));
}

static void
on_progress(void* const handle, const double done) {
  CliEval* const eval = ((Stream*)handle)->eval;
  cli_progress_show(&eval->progress, ((double)eval->n_done + fmax(done, 0.0)) / (double)eval->n);
}

static void
take(void* const handle, const PinnaCaption* const caption) {
  Stream* const s = (Stream*)handle;
  if (caption->n_text && !s->first && !s->over) {
    s->first = s->n_pushed;
  }
  if (caption->kind != PINNA_CAPTION_FINAL || !caption->n_text) {
    return;
  }
  s->last = s->over ? 0U : s->n_pushed;
  char* const grown = (char*)realloc(s->heard, s->n_heard + caption->n_text + 2U);
  if (!grown) {
    s->failed = true;
    return;
  }
  s->heard = grown;
  memcpy(grown + s->n_heard, caption->text, caption->n_text);
  s->n_heard += caption->n_text;
  grown[s->n_heard++] = ' ';
  grown[s->n_heard] = '\0';
}

/// Bytes of a character of UTF-8 that is no letter: what Latin-1 has below its letters, and general
/// punctuation; 0: it may be one
static unsigned
punctuation(const unsigned char* const p) {
  const bool latin = p[0] == 0xC2U && p[1] >= 0x80U;
  const bool general = p[0] == 0xE2U && (p[1] == 0x80U || p[1] == 0x81U) && p[2] >= 0x80U;
  return latin ? 2U : general ? 3U : 0U;
}

/// Upper case; letters, digits and apostrophes, straight ones
static char*
normalise(const char* const text) {
  char* const out = (char*)malloc(strlen(text) + 2U);
  size_t      n = 0U;
  for (const unsigned char* p = (const unsigned char*)text; out && *p; ++p) {
    const unsigned skipped = punctuation(p);
    const bool     curly = skipped == 3U && p[1] == 0x80U && p[2] == 0x99U;
    const int      c = curly ? '\'' : *p;
    if (curly || (!skipped && (isalnum(c) || c == '\'' || c >= 0x80))) {
      out[n++] = (char)(c < 0x80 ? toupper(c) : c);
    } else if (n && out[n - 1U] != ' ') {
      out[n++] = ' ';
    }
    p += skipped ? skipped - 1U : 0U;
  }
  if (out) {
    n -= n && out[n - 1U] == ' ';
    out[n] = '\0';
  }
  return out;
}

/// First and last step with speech. @return False if all is silent
static bool
find_speech(const Stream* const s, size_t* const begin, size_t* const end) {
  float loudest = 0.0F;
  for (size_t i = 0U; i < s->n_steps; ++i) {
    loudest = fmaxf(loudest, s->steps[i]);
  }
  const float least = loudest * (float)pow(10.0, -LEVEL_DB / 10.0);
  *begin = s->n_steps;
  *end = 0U;
  for (size_t i = 0U; i < s->n_steps && loudest > 0.0F; ++i) {
    if (s->steps[i] >= least) {
      *begin = *begin < i ? *begin : i;
      *end = i + 1U;
    }
  }
  return *end > 0U;
}

static void
note_latency(const Stream* const s, Results* const r) {
  size_t begin = 0U;
  size_t end = 0U;
  if (!find_speech(s, &begin, &end)) {
    return;
  }
  const double first = ((double)s->first - (double)begin * s->step) / s->rate;
  const double last = ((double)s->last - (double)end * s->step) / s->rate;
  if (s->first && first > 0.0) {
    r->first[r->n_first++] = first;
  }
  if (s->last && last > 0.0) {
    r->last[r->n_last++] = last;
  }
}

static PinnaStatus
hear(CliEval* const self, PinnaAsrModel* const model, Results* const r,
     const PinnaUtterance* const u) {
  Stream             s = {.eval = self, .chunks = &r->chunks};
  const PinnaAsrSink sink = {&s, take};
  const CliListen    listen = {.sink = &sink,
                               .silence_s = SILENCE_S,
                               .progress = on_progress,
                               .before = before,
                               .after = after,
                               .handle = &s};
  CliListened        listened;
  PinnaError         error = {{0}};
  Row* const         row = &r->rows[r->n];
  PinnaStatus        status = PINNA_STATUS_OK;
  if (cli_listen(&listen, model, u->path, &listened, &error)) {
    cli_eval_bad(self, u, &error);
  } else {
    *row = (Row){
        .utterance = u, .said = normalise(u->text), .heard = normalise(s.heard ? s.heard : "")};
    ++r->n;
    status = s.failed || !row->said || !row->heard
                 ? PINNA_STATUS_NO_MEM
                 : pinna_wer_compare(row->said, row->heard, &row->wer);
    note_latency(&s, r);
    r->sound_s += listened.length_s + SILENCE_S;
    r->work_s += listened.seconds;
  }
  free(s.heard);
  free(s.steps);
  return status;
}

static uint32_t
errors_of(const PinnaWer* const wer) {
  return wer->n_substitutions + wer->n_deletions + wer->n_insertions;
}

static int
compare(const void* const a, const void* const b) {
  const PinnaWer* const x = &((const Row*)a)->wer;
  const PinnaWer* const y = &((const Row*)b)->wer;
  const double          by_count = (double)errors_of(y) - (double)errors_of(x);
  const double          by_length = (double)x->n_words - (double)y->n_words;
  const double          order = by_count != 0.0 ? by_count : by_length;
  return (order > 0.0) - (order < 0.0);
}

static void
print_latency(const char* const what, double* const values, const size_t n, const size_t of) {
  printf("%-12s p50 %.0f ms, p99 %.0f ms (%zu of %zu utterances)\n", what,
         1e3 * cli_eval_quantile(values, n, 0.5), 1e3 * cli_eval_quantile(values, n, 0.99), n, of);
}

static PinnaStatus
report(const CliEval* const self, PinnaAsrModel* const model, Results* const r) {
  const PinnaAcoustic* const acoustic = pinna_asr_model_acoustic(model);
  PinnaWer* const            wers = (PinnaWer*)calloc(r->n + 1U, sizeof(PinnaWer));
  PinnaWer                   sum = {0};
  PinnaWerInterval           rate = {0};
  for (size_t i = 0U; wers && i < r->n; ++i) {
    const PinnaWer* const wer = &r->rows[i].wer;
    wers[i] = *wer;
    sum = (PinnaWer){sum.n_words + wer->n_words, sum.n_substitutions + wer->n_substitutions,
                     sum.n_deletions + wer->n_deletions, sum.n_insertions + wer->n_insertions};
  }
  const PinnaStatus status =
      wers ? pinna_wer_rate(wers, r->n, N_ROUNDS, 1U, &rate) : PINNA_STATUS_NO_MEM;
  free(wers);
  if (status) {
    return status;
  }
  printf("dataset      %s: %zu utterances, %u words, %.1f s\n", self->options->dataset, r->n,
         sum.n_words, r->sound_s - SILENCE_S * (double)r->n);
  printf("model        %s\n",
         self->options->model ? self->options->model : PINNA_ASR_MODEL_DEFAULT);
  printf("WER          %.2f %% (95 %%: %.2f to %.2f): %u substitutions, %u deletions, %u "
         "insertions\n",
         100.0 * rate.rate, 100.0 * rate.low, 100.0 * rate.high, sum.n_substitutions,
         sum.n_deletions, sum.n_insertions);
  printf("RTF          %.4f\n", r->work_s / r->sound_s);
  printf("chunk        %.0f ms of sound: p50 %.2f ms, p99 %.2f ms\n",
         1e3 * acoustic->chunk / acoustic->rate, 1e-6 * pinna_histogram_quantile(&r->chunks, 0.5),
         1e-6 * pinna_histogram_quantile(&r->chunks, 0.99));
  print_latency("first text", r->first, r->n_first, r->n);
  print_latency("final text", r->last, r->n_last, r->n);
  for (size_t i = 0U; i < r->n && i < CLI_EVAL_WORST && errors_of(&r->rows[i].wer); ++i) {
    const Row* const row = &r->rows[i];
    printf("%s%s: %u of %u\n  said:  %s\n  heard: %s\n", i ? "" : "worst\n", row->utterance->id,
           errors_of(&row->wer), row->wer.n_words, row->said, row->heard);
  }
  return status;
}

static void
write_rows(FILE* const table, const Results* const r) {
  for (size_t i = 0U; table && i < r->n; ++i) {
    const Row* const row = &r->rows[i];
    cli_eval_field(table, row->utterance->id);
    fprintf(table, ",%u,%u,%u,%u,", row->wer.n_words, row->wer.n_substitutions,
            row->wer.n_deletions, row->wer.n_insertions);
    cli_eval_field(table, row->said);
    fputc(',', table);
    cli_eval_field(table, row->heard);
    fputc('\n', table);
  }
}

static PinnaStatus
run(CliEval* const self, PinnaAsrModel* const model, Results* const r, PinnaError* const error) {
  FILE*       table = NULL;
  PinnaStatus status = cli_eval_table(
      self, "id,words,substitutions,deletions,insertions,said,heard\n", &table, error);
  for (size_t i = 0U; i < self->n && !status; ++i) {
    status = hear(self, model, r, cli_eval_at(self, i));
    ++self->n_done;
  }
  cli_progress_end(&self->progress);
  if (!status && !r->n) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "no utterance could be read");
  }
  if (!status) {
    write_rows(table, r);
    qsort(r->rows, r->n, sizeof(Row), compare);
    status = report(self, model, r);
  }
  return cli_eval_table_end(self, table, status, error);
}

PinnaStatus
cli_eval_asr(CliEval* const self, PinnaError* const error) {
  PinnaAsrModel*            model = NULL;
  const PinnaAsrModelConfig config = {.name = self->options->model};
  Results* const            r = (Results*)calloc(1U, sizeof(Results));
  PinnaStatus status = r ? pinna_asr_model_open(&model, &config, error) : PINNA_STATUS_NO_MEM;
  if (!status) {
    r->rows = (Row*)calloc(self->n, sizeof(Row));
    r->first = (double*)calloc(self->n, sizeof(double));
    r->last = (double*)calloc(self->n, sizeof(double));
    status = r->rows && r->first && r->last ? run(self, model, r, error) : PINNA_STATUS_NO_MEM;
  }
  for (size_t i = 0U; r && i < r->n; ++i) {
    free(r->rows[i].said);
    free(r->rows[i].heard);
  }
  if (r) {
    free(r->rows);
    free(r->first);
    free(r->last);
  }
  free(r);
  pinna_asr_model_close(model);
  return status;
}
