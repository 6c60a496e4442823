// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/pool.h"
#include "dsp/resample.h"
#include "models/asr_live.h"
#include "models/asr_model.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"
#include "tests/voice.h"

#include <math.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Captions of a stream at any rate are those of the recogniser alone; what a late worker does to
// them

#define MAX_VOICE (12U * VOICE_RATE)
#define MAX_N (7U * MAX_VOICE)
#define MAX_TOLD 512U
#define MAX_WORDS 8U
#define STEP 1280U ///< Samples at 16 kHz that the built-in recogniser takes

/// What of a caption is compared
typedef struct {
  PinnaCaptionKind kind;
  double           start, end; ///< [s]
  uint32_t         n_words;
  double           words[MAX_WORDS][2]; ///< [s]
  uint64_t         at;                  ///< Samples pushed when it came
  char             text[128];
} Told;

typedef struct {
  Told     told[MAX_TOLD];
  uint32_t n;
  uint64_t n_pushed;
} Story;

static void
take(void* const handle, const PinnaCaption* const caption) {
  Story* const story = (Story*)handle;
  if (story->n < MAX_TOLD) {
    Told* const told = &story->told[story->n++];
    *told = (Told){.kind = caption->kind,
                   .start = (double)caption->start / caption->rate,
                   .end = (double)caption->end / caption->rate,
                   .n_words = caption->n_words < MAX_WORDS ? caption->n_words : MAX_WORDS,
                   .at = story->n_pushed};
    for (uint32_t i = 0U; i < told->n_words; ++i) {
      told->words[i][0] = (double)caption->words[i].start / caption->rate;
      told->words[i][1] = (double)caption->words[i].end / caption->rate;
    }
    snprintf(told->text, sizeof(told->text), "%.127s", caption->text);
  }
}

static PinnaStatus
build_resample(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_resample_init((PinnaResample**)object, arena, (const PinnaResampleConfig*)config);
}

/// A whole signal at another rate. @return Samples
static uint32_t
convert(const float* const in, const uint32_t n, const uint32_t from, const uint32_t to,
        float* const out) {
  const PinnaResampleConfig config = {.rate_in = from, .rate_out = to, .n_ch = 1U, .aligned = true};
  void*                     memory = NULL;
  void*                     object = NULL;
  if (from == to) {
    memcpy(out, in, n * sizeof(float));
    return n;
  }
  if (pinna_arena_build(&memory, &object, build_resample, &config)) {
    abort();
  }
  PinnaResample* const resample = (PinnaResample*)object;
  uint32_t             made = pinna_resample_run(resample, &in, n, &(float*){out});
  made +=
      pinna_resample_run(resample, NULL, pinna_resample_latency(resample), &(float*){out + made});
  pinna_arena_free(memory);
  return made;
}

static PinnaAsrLive*
open_live(const double rate, const PinnaNnEngineMode mode) {
  const PinnaAsrLiveConfig config = {.rate = rate, .n_channels = 1U, .mode = mode};
  PinnaAsrLive*            live = NULL;
  PinnaError               error = {""};
  if (pinna_asr_live_open(&live, &config, &error)) {
    tap_ok(false, "open: %s", error.text);
    exit(tap_done());
  }
  return live;
}

static void
push(PinnaAsrLive* const live, const float* const in, const uint32_t n, Story* const story) {
  pinna_asr_live_push(live, &in, n);
  story->n_pushed += n;
  for (const PinnaCaption* c; (c = pinna_asr_live_next(live));) {
    take(story, c);
  }
}

/// A freewheeling host
static void
run_offline(PinnaAsrLive* const live, const float* const in, const uint32_t n, const uint32_t block,
            Story* const story) {
  memset(story, 0, sizeof(*story));
  pinna_asr_live_reset(live);
  pinna_asr_live_set_offline(live, true);
  for (uint32_t at = 0U; at < n; at += block) {
    push(live, in + at, n - at < block ? n - at : block, story);
  }
}

static const Told*
final_of(const Story* const story, const uint32_t index) {
  for (uint32_t i = 0U, k = 0U; i < story->n; ++i) {
    if (story->told[i].kind == PINNA_CAPTION_FINAL && k++ == index) {
      return &story->told[i];
    }
  }
  return NULL;
}

/// Greatest distance of word times; -1: other texts
static double
compare_finals(const Story* const a, const Story* const b) {
  double worst = 0.0;
  for (uint32_t i = 0U;; ++i) {
    const Told* const x = final_of(a, i);
    const Told* const y = final_of(b, i);
    if (!x || !y) {
      return x == y && i ? worst : -1.0;
    }
    if (strcmp(x->text, y->text) != 0 || x->n_words != y->n_words) {
      tap_diag("'%s' against '%s'", x->text, y->text);
      return -1.0;
    }
    for (uint32_t w = 0U; w < x->n_words; ++w) {
      worst = fmax(worst, fmax(fabs(x->words[w][0] - y->words[w][0]),
                               fabs(x->words[w][1] - y->words[w][1])));
    }
  }
}

static void
test_rates(const float* const voice, const uint32_t n_voice, float* const in, float* const low) {
  static const uint32_t rates[] = {8000U, 16000U, 44100U, 48000U};
  static const uint32_t blocks[] = {64U, 1U, 333U, 4096U};
  static Story          story[2];
  PinnaAsrModel*        model = NULL;
  if (pinna_asr_model_open(&model, &(PinnaAsrModelConfig){0}, NULL)) {
    abort();
  }
  for (int r = 0; r < 4; ++r) {
    const uint32_t     n = convert(voice, n_voice, VOICE_RATE, rates[r], in);
    const uint32_t     n_low = convert(in, n, rates[r], 16000U, low);
    PinnaAsr* const    asr = pinna_asr_model_asr(model);
    const PinnaAsrSink sink = {&story[0], take};
    memset(story, 0, sizeof(story));
    pinna_asr_reset(asr);
    pinna_asr_push(asr, low, n_low, &sink);
    PinnaAsrLive* const live = open_live(rates[r], PINNA_NN_ENGINE_ASYNC);
    run_offline(live, in, n, 256U, &story[1]);
    const double worst = compare_finals(&story[0], &story[1]);
    const Told*  first = final_of(&story[1], 0U);
    tap_ok(worst >= 0.0 && first->n_words, "%u Hz: texts as of the recogniser alone ('%s' ..)",
           rates[r], first ? first->text : "");
    tap_at_most(fabs(worst), 0.041, "%u Hz: words at the same place, to a frame of 40 ms [s]",
                rates[r]);
    if (r == 2) {
      static Story other;
      for (int b = 0; b < 4; ++b) {
        run_offline(live, in, n, blocks[b], &other);
        bool same = other.n == story[1].n;
        for (uint32_t i = 0U; same && i < other.n; ++i) {
          other.told[i].at = story[1].told[i].at;
          same = !memcmp(&other.told[i], &story[1].told[i], sizeof(Told));
        }
        tap_ok(same, "blocks of %u give the same captions, partial ones too", blocks[b]);
      }
    }
    pinna_asr_live_close(live);
  }
  pinna_asr_model_close(model);
}

static sem_t held;
static sem_t released;

static void
hold_worker(void* const handle) {
  (void)handle;
  sem_post(&held);
  sem_wait(&released);
}

static void
sleep_s(const double seconds) {
  const struct timespec time = {(time_t)seconds, (long)(1e9 * (seconds - floor(seconds)))};
  nanosleep(&time, NULL);
}

/// At most as fast as a sound card, and slower than a machine that is busy
static void
push_paced(PinnaAsrLive* const live, const float* const in, const uint32_t n, Story* const story) {
  for (uint32_t at = 0U; at < n; at += 320U) {
    push(live, in + at, n - at < 320U ? n - at : 320U, story);
    sleep_s(0.02);
    for (int i = 0; i < 200 && pinna_asr_live_lag(live) > 0.7; ++i) {
      sleep_s(0.02);
      push(live, in, 0U, story);
    }
  }
}

/// The stream stands at `story->n_pushed`: nobody hears the next `n` samples
static void
push_stalled(PinnaAsrLive* const live, const float* const in, const uint32_t n,
             Story* const story) {
  PinnaPool* const pool = pinna_pool_acquire();
  const uint32_t   n_workers = pinna_pool_n_workers(pool);
  PinnaJob*        jobs[PINNA_POOL_MAX_JOBS];
  sem_init(&held, 0, 0U);
  sem_init(&released, 0, 0U);
  for (uint32_t i = 0U; i < n_workers; ++i) {
    jobs[i] = pinna_job_new(pool, hold_worker, NULL);
    pinna_job_submit(jobs[i], 0U);
  }
  for (uint32_t i = 0U; i < n_workers; ++i) {
    sem_wait(&held);
  }
  for (uint32_t at = 0U; at < n; at += 100U) {
    push(live, in + at, n - at < 100U ? n - at : 100U, story);
  }
  for (uint32_t i = 0U; i < n_workers; ++i) {
    sem_post(&released);
  }
  for (uint32_t i = 0U; i < n_workers; ++i) {
    pinna_job_free(jobs[i]);
  }
  pinna_pool_release(pool);
}

/// The only caption of a kind, or NULL
static const Told*
only(const Story* const story, const PinnaCaptionKind kind) {
  const Told* found = NULL;
  uint32_t    n = 0U;
  for (uint32_t i = 0U; i < story->n; ++i) {
    if (story->told[i].kind == kind) {
      found = &story->told[i];
      ++n;
    }
  }
  return n == 1U ? found : NULL;
}

/// Two digits are heard, the worker is gone for two seconds, the last digits are heard
static void
test_stall(const float* const voice, const uint32_t n_voice, float* const in) {
  static Story        calm;
  static Story        story;
  const uint32_t      rate = 16000U;
  const uint32_t      n = convert(voice, n_voice, VOICE_RATE, rate, in);
  PinnaAsrLive* const live = open_live(rate, PINNA_NN_ENGINE_ASYNC);
  run_offline(live, in, n, 320U, &calm);
  for (uint32_t i = 0U; final_of(&calm, i); ++i) {
    tap_diag("%.2f s: %s", final_of(&calm, i)->start, final_of(&calm, i)->text);
  }
  const Told* const second = final_of(&calm, 1U);
  if (!tap_ok(second && final_of(&calm, 5U), "six digits are six captions") || !second) {
    pinna_asr_live_close(live);
    return;
  }
  const uint32_t from = ((uint32_t)(second->end * rate) / STEP + 10U) * STEP;
  memset(&story, 0, sizeof(story));
  pinna_asr_live_reset(live);
  for (uint32_t at = 0U; at < from; at += 320U) {
    push(live, in + at, 320U, &story);
  }
  pinna_asr_live_set_offline(live, false);
  push_stalled(live, in + from, 2U * rate, &story);
  push_paced(live, in + from + 2U * rate, n - from - 2U * rate, &story);

  const Told* const         behind = only(&story, PINNA_CAPTION_BEHIND);
  const Told* const         gap = only(&story, PINNA_CAPTION_GAP);
  const PinnaNnEngineHealth health = pinna_asr_live_health(live);
  const double              begin = (double)from / rate;
  tap_near(behind ? behind->start : 0.0, begin, 0.09, "one caption says where it stands [s]");
  tap_near(behind ? behind->end : 0.0, behind ? (double)behind->at / rate : -1.0, 0.01,
           "and where the sound is, as it came [s]");
  tap_at_most(behind ? (double)behind->at / rate - begin : 1e9, 1.0, "in the first second [s]");
  tap_near(gap ? gap->start : 0.0, begin, 1e-4, "one gap begins where nobody heard any more [s]");
  tap_near(gap ? gap->end : 0.0, begin + (double)STEP / rate * health.n_gaps, 1e-4,
           "and ends behind all that was lost");
  tap_near(gap ? gap->end : 0.0, begin + 2.0, 0.09, "which is where the worker came back [s]");
  tap_at_most(pinna_asr_live_lag(live), 0.7, "it caught up [s]");
  uint32_t n_right = 0U;
  uint32_t n_after = 0U;
  for (uint32_t i = 0U; gap && final_of(&calm, i); ++i) {
    const Told* const want = final_of(&calm, i);
    n_after += want->start > begin + 2.2;
    for (uint32_t k = 0U; want->start > begin + 2.2 && final_of(&story, k); ++k) {
      const Told* const got = final_of(&story, k);
      n_right += !strcmp(got->text, want->text) && fabs(got->start - want->start) <= 0.1;
    }
  }
  tap_ok(n_after && n_right == n_after, "what is said afterwards is heard, in its place: %u of %u",
         n_right, n_after);
  tap_string(final_of(&story, 1U) ? final_of(&story, 1U)->text : "", second->text,
             "and what was said before");
  pinna_asr_live_close(live);
}

static void
test_realtime(const float* const in) {
  PinnaAsrLive* const live = open_live(48000.0, PINNA_NN_ENGINE_ASYNC);
  unsigned            n = 0U;
  rt_trap_enter();
  for (uint32_t at = 0U; at < 48000U; at += 960U) {
    const float* const from = in + at;
    pinna_asr_live_push(live, &from, 960U);
    n += pinna_asr_live_next(live) != NULL;
    n += pinna_asr_live_lag(live) < 0.0;
  }
  pinna_asr_live_reset(live);
  pinna_asr_live_push(live, &in, 4096U);
  rt_trap_leave();
  rt_trap_check("pushing and taking (%u) ask the system for nothing", n);
  pinna_asr_live_close(live);
}

int
main(void) {
  float* const memory = (float*)calloc(MAX_VOICE + 2U * MAX_N, sizeof(float));
  if (!memory) {
    abort();
  }
  float* const   in = memory + MAX_VOICE;
  const uint32_t n = voice_read(PINNA_SHARED_DIR, memory, MAX_VOICE);
  test_realtime(in);
  if (n) {
    test_rates(memory, n, in, in + MAX_N);
    test_stall(memory, n, in);
  } else {
    tap_skip("data/fsdd is not there (PINNA_SHARED)", "captions of spoken digits");
  }
  free(memory);
  return tap_done();
}
