// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/caption.h"
#include "models/acoustic.h"
#include "models/asr.h"
#include "models/ctc_greedy.h"
#include "models/endpoint.h"
#include "models/tokens.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// Segments, partials, finals, gaps and positions, with a network that hears numbers: sample values

#define RATE 1000U
#define CHUNK 100U
#define N_TOKENS 4U
#define MAX_CAPTIONS 64U

static const char text[] = "<blank>\n\xE2\x96\x81one\n\xE2\x96\x81two\n\xE2\x96\x81three\n";

typedef struct {
  PinnaCaptionKind kind;
  uint64_t         segment, start, end;
  char             text[64];
  uint32_t         n_stable;
} Told;

static Told     told[MAX_CAPTIONS];
static uint32_t n_told;
static uint32_t n_resets;

static void
hear(void* const self, const float* const samples, float* const frames) {
  (void)self;
  for (uint32_t t = 0U; t < N_TOKENS; ++t) {
    frames[t] = (uint32_t)lroundf(samples[CHUNK / 2U]) == t ? -0.01F : -6.0F;
  }
}

static void
count_reset(void* const self) {
  (void)self;
  ++n_resets;
}

static void
take(void* const handle, const PinnaCaption* const caption) {
  (void)handle;
  if (n_told < MAX_CAPTIONS) {
    Told* const t = &told[n_told++];
    memset(t, 0, sizeof(*t));
    t->kind = caption->kind;
    t->segment = caption->segment;
    t->start = caption->start;
    t->end = caption->end;
    t->n_stable = caption->n_stable;
    snprintf(t->text, sizeof(t->text), "%.63s", caption->text);
  }
}

static const PinnaAsrSink sink = {NULL, take};

typedef struct {
  PinnaTokens* tokens;
} Config;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  PinnaCtcGreedy*            greedy = NULL;
  const PinnaCtcGreedyConfig search = {N_TOKENS, 0U, 40U};
  PinnaStatus                status = pinna_ctc_greedy_init(&greedy, arena, &search);
  const PinnaAsrConfig       asr = {
            .acoustic = {NULL, RATE, CHUNK, 1U, N_TOKENS, 0U, hear, count_reset},
            .decoder = pinna_ctc_greedy_decoder(greedy),
            .transcript = {.tokens = ((const Config*)config)->tokens},
            .endpoint = {{{true, 0.5F, 0.0F}, {false, 2.0F, 0.0F}, {false, 0.0F, 4.0F}}, 3U},
            .max_tokens = 40U};
  return status ? status : pinna_asr_init((PinnaAsr**)object, arena, &asr);
}

/// Push a row of numbers, a chunk each, in pushes of so many samples
static void
push(PinnaAsr* const asr, const char* const numbers, const uint32_t step) {
  static float   samples[200U * CHUNK];
  const uint32_t n = (uint32_t)strlen(numbers) * CHUNK;
  for (uint32_t i = 0U; i < n; ++i) {
    samples[i] = (float)(numbers[i / CHUNK] - '0');
  }
  for (uint32_t i = 0U; i < n; i += step) {
    pinna_asr_push(asr, samples + i, n - i < step ? n - i : step, &sink);
  }
}

static void
expect(const uint32_t i, const PinnaCaptionKind kind, const uint64_t segment,
       const char* const words, const uint64_t start, const uint64_t end) {
  tap_string(told[i].text, words, "caption %u", i);
  tap_int(told[i].kind, kind, "caption %u: kind", i);
  tap_int((long long)told[i].segment, (long long)segment, "caption %u: segment", i);
  tap_int((long long)told[i].start, (long long)start, "caption %u: start", i);
  tap_int((long long)told[i].end, (long long)end, "caption %u: end", i);
}

static void
test_segments(PinnaAsr* const asr) {
  n_told = 0U;
  push(asr, "0011022000003000000", CHUNK);
  expect(0U, PINNA_CAPTION_PARTIAL, 1U, "one", 200U, 300U);
  expect(1U, PINNA_CAPTION_PARTIAL, 1U, "one two", 200U, 600U);
  expect(2U, PINNA_CAPTION_FINAL, 1U, "one two", 200U, 600U);
  expect(3U, PINNA_CAPTION_PARTIAL, 2U, "three", 1200U, 1300U);
  expect(4U, PINNA_CAPTION_FINAL, 2U, "three", 1200U, 1300U);
  tap_int(n_told, 5, "captions");
  tap_int(told[2].n_stable, 7, "all of a final is stable");
}

static void
test_length(PinnaAsr* const asr) {
  pinna_asr_reset(asr);
  n_told = 0U;
  push(asr, "1231231231231231231231231231231231231231231231", CHUNK);
  uint32_t n_finals = 0U;
  for (uint32_t i = 0U; i < n_told; ++i) {
    n_finals += told[i].kind == PINNA_CAPTION_FINAL;
  }
  tap_int(n_finals, 1, "a long utterance is closed after its 4 seconds");
}

static void
test_cuts(PinnaAsr* const asr) {
  Told           whole[MAX_CAPTIONS] = {{.n_stable = 0U}};
  const uint32_t steps[] = {1U, 7U, 64U, 100U, 101U, 250U, 5000U};
  uint32_t       n_whole = 0U;
  for (size_t k = 0U; k < sizeof(steps) / sizeof(steps[0]); ++k) {
    pinna_asr_reset(asr);
    n_told = 0U;
    push(asr, "0110220330000000112200", steps[k]);
    pinna_asr_finish(asr, &sink);
    n_whole = k ? n_whole : n_told;
    tap_int(n_told, n_whole, "captions of pushes of %u", steps[k]);
    tap_ok(!k || !memcmp(whole, told, n_told * sizeof(Told)), "the same as sample by sample");
    memcpy(whole, told, sizeof(whole));
  }
  tap_string(told[n_told - 1U].text, "one two", "finish closes the last segment");
  tap_int(told[n_told - 1U].kind, PINNA_CAPTION_FINAL, "as a final one");
}

static void
test_gap(PinnaAsr* const asr) {
  pinna_asr_reset(asr);
  n_told = n_resets = 0U;
  push(asr, "011", 130U);
  pinna_asr_skip(asr, 1000U, &sink);
  push(asr, "0330000000", 130U);
  expect(1U, PINNA_CAPTION_FINAL, 1U, "one", 100U, 200U);
  expect(2U, PINNA_CAPTION_GAP, 0U, "", 300U, 1300U);
  expect(3U, PINNA_CAPTION_PARTIAL, 2U, "three", 1400U, 1500U);
  expect(4U, PINNA_CAPTION_FINAL, 2U, "three", 1400U, 1500U);
  tap_int(n_resets, 1, "the network starts afresh behind a gap");
}

static void
test_silence(PinnaAsr* const asr) {
  pinna_asr_reset(asr);
  n_told = 0U;
  for (int i = 0; i < 50; ++i) {
    push(asr, "0000000000", 333U);
  }
  pinna_asr_finish(asr, &sink);
  tap_int(n_told, 0, "nothing is told of silence");
}

int
main(void) {
  Config     config = {NULL};
  void*      memory = NULL;
  PinnaAsr*  asr = NULL;
  PinnaError error = {""};
  tap_int(pinna_tokens_parse(&config.tokens, text, strlen(text), "tokens", &error), PINNA_STATUS_OK,
          "tokens %s", error.text);
  tap_int(pinna_arena_build(&memory, (void**)&asr, build, &config), PINNA_STATUS_OK, "built");
  if (asr) {
    tap_int(pinna_asr_latency(asr), CHUNK, "latency");
    test_segments(asr);
    test_length(asr);
    test_cuts(asr);
    test_gap(asr);
    test_silence(asr);
  }
  pinna_arena_free(memory);
  pinna_tokens_free(config.tokens);
  return tap_done();
}
