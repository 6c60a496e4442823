// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "models/ctc_beam.h"
#include "models/ctc_greedy.h"
#include "models/endpoint.h"
#include "models/rnnt_beam.h"
#include "models/rnnt_greedy.h"
#include "models/rnnt_search.h"
#include "models/transcript.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <string.h>

// Decoding and writing captions ask nothing of the heap, nor of the kernel

enum { N_TOKENS = 5, N_FRAMES = 120, N_STATE = 3 };

static float frames[N_FRAMES][N_TOKENS];

/// A predictor and a joiner of a few additions
static void
predict(void* const self, const uint32_t n, const uint32_t* const tokens,
        const float* const* const states, float* const* const next, float* const* const out) {
  (void)self;
  for (uint32_t i = 0U; i < n; ++i) {
    for (uint32_t k = 0U; k < N_STATE; ++k) {
      next[i][k] = 0.5F * states[i][k] + 0.3F * (float)(tokens[i] == k);
    }
    for (uint32_t k = 0U; k < N_TOKENS; ++k) {
      out[i][k] = next[i][k % N_STATE] - (float)(k == tokens[i]);
    }
  }
}

static void
join(void* const self, const uint32_t n, const float* const encoding,
     const float* const* const predictions, float* const logits) {
  (void)self;
  for (uint32_t i = 0U; i < n * N_TOKENS; ++i) {
    logits[i] = encoding[i % N_TOKENS] + predictions[i / N_TOKENS][i % N_TOKENS];
  }
}

static const PinnaTransducer toy = {NULL,    N_TOKENS, N_TOKENS - 1U, N_TOKENS, N_TOKENS,
                                    N_STATE, 8U,       predict,       join};

#define BUILDER(name, Name)                                                                        \
  static PinnaStatus build_##name(void** const object, PinnaArena* const arena,                    \
                                  const void* const config) {                                      \
    return pinna_##name##_init((Pinna##Name**)object, arena, (const Pinna##Name##Config*)config);  \
  }
BUILDER(ctc_greedy, CtcGreedy)
BUILDER(ctc_beam, CtcBeam)
BUILDER(rnnt_greedy, RnntGreedy)
BUILDER(rnnt_beam, RnntBeam)
BUILDER(rnnt_search, RnntSearch)

typedef struct {
  PinnaDecoder          decoder;
  PinnaTranscriptConfig transcript;
} Case;

static PinnaCaption caption;

/// Chunks, results, captions, the end, and again
static void
use(void* const handle) {
  const Case* const         one = (const Case*)handle;
  const PinnaEndpointConfig endpoint = pinna_endpoint_config();
  PinnaDecoderToken         tokens[64];
  for (uint32_t t = 0U; t < N_FRAMES; t += 8U) {
    one->decoder.run(one->decoder.self, frames[t], 8U);
    PinnaDecoderResult       found = one->decoder.result(one->decoder.self, tokens, 64U);
    const PinnaEndpointFacts facts = {0.04F * (float)found.n_frames,
                                      0.04F * (float)(found.n_frames - found.last_frame), true};
    if (found.full || t % 48U == 40U || pinna_endpoint_check(&endpoint, &facts)) {
      one->decoder.finish(one->decoder.self);
      found = one->decoder.result(one->decoder.self, tokens, 64U);
      caption.kind = PINNA_CAPTION_FINAL;
      pinna_transcript_fill(&one->transcript, &caption, tokens, found.n_tokens, found.n_stable, 0U);
      one->decoder.reset(one->decoder.self);
    }
  }
}

static void
check(const char* const name, const PinnaDecoder decoder,
      const PinnaTranscriptConfig* const config) {
  Case one = {decoder, *config};
  rt_trap_enter();
  use(&one);
  rt_trap_leave();
  rt_trap_check("%s decodes without the heap", name);
  rt_trap_check_seccomp(use, &one, "%s decodes without the kernel", name);
  tap_ok(caption.n_words > 0U, "%s says '%.40s'", name, caption.text);
}

#define TRY(name, Name, kind_config, transcript)                                                   \
  do {                                                                                             \
    void* memory = NULL;                                                                           \
    void* object = NULL;                                                                           \
    tap_int(pinna_arena_build(&memory, &object, build_##name, &(kind_config)), PINNA_STATUS_OK,    \
            #name " is built");                                                                    \
    check(#name, pinna_##name##_decoder((Pinna##Name*)object), &(transcript));                     \
    pinna_arena_free(memory);                                                                      \
  } while (0)

int
main(void) {
  static const char list[] = "a\nb\n|\nc\n<blk>\n";
  static const char words[] = "ab a b |\nca c a |\nb b |\nc c |\na a |\n";
  static const char arpa[] = "\\data\\\nngram 1=4\nngram 2=1\n\\1-grams:\n-1 ab -0.5\n-1 b\n-1 c\n"
                             "-1 </s>\n\\2-grams:\n-0.1 ab b\n\\end\\\n";
  static const uint32_t phrase[] = {0U, 1U};
  const PinnaHotphrase  phrases[] = {{phrase, 2U, 2.0F}};
  const uint32_t        ids[] = {0U, 9U, 1U, 2U, 9U};
  PinnaTokens*          tokens = NULL;
  PinnaLexicon*         lexicon = NULL;
  PinnaNgram*           ngram = NULL;
  PinnaHotwords*        hotwords = NULL;
  unsigned              seed = 3U;
  for (uint32_t t = 0U; t < N_FRAMES; ++t) {
    double sum = 0.0;
    for (uint32_t i = 0U; i < N_TOKENS; ++i) {
      frames[t][i] = 4.0F * tap_noise(&seed);
      sum += exp((double)frames[t][i]);
    }
    for (uint32_t i = 0U; i < N_TOKENS; ++i) {
      frames[t][i] -= (float)log(sum);
    }
  }
  tap_int(pinna_tokens_parse(&tokens, list, strlen(list), "list", NULL), PINNA_STATUS_OK, "tokens");
  tap_int(pinna_lexicon_parse(&lexicon, words, strlen(words), "words", tokens, NULL),
          PINNA_STATUS_OK, "lexicon");
  tap_int(pinna_ngram_parse(&ngram, arpa, strlen(arpa), "arpa", NULL), PINNA_STATUS_OK, "n-gram");
  tap_int(pinna_hotwords_new(&hotwords, phrases, 1U), PINNA_STATUS_OK, "hotwords");

  const PinnaTranscriptConfig plain = {tokens, NULL, 16000U, 640.0, 0.0};
  const PinnaTranscriptConfig spelled = {tokens, lexicon, 16000U, 640.0, 0.0};
  const PinnaCtcGreedyConfig  ctc_greedy = {N_TOKENS, N_TOKENS - 1U, 64U};
  const PinnaCtcBeamConfig    ctc_beam = {.n_tokens = N_TOKENS,
                                          .blank = N_TOKENS - 1U,
                                          .max_tokens = 64U,
                                          .beam = 16U,
                                          .n_best = 4U,
                                          .threshold = 20.0F,
                                          .lexicon = lexicon,
                                          .ngram = ngram,
                                          .ngram_ids = ids,
                                          .lm_weight = 1.0F,
                                          .hotwords = hotwords,
                                          .recombine = true};
  const PinnaRnntGreedyConfig rnnt_greedy = {toy, 64U, 3U, 0.0F};
  const PinnaRnntBeamConfig   rnnt_beam = {toy, 64U, 4U, 0.0F, 0.95F, 10.0F, hotwords};
  const PinnaRnntSearchConfig rnnt_search = {toy, 64U, 4U, 3U, 1.0F};
  TRY(ctc_greedy, CtcGreedy, ctc_greedy, plain);
  TRY(ctc_beam, CtcBeam, ctc_beam, spelled);
  TRY(rnnt_greedy, RnntGreedy, rnnt_greedy, plain);
  TRY(rnnt_beam, RnntBeam, rnnt_beam, plain);
  TRY(rnnt_search, RnntSearch, rnnt_search, plain);
  pinna_hotwords_free(hotwords);
  pinna_ngram_free(ngram);
  pinna_lexicon_free(lexicon);
  pinna_tokens_free(tokens);
  return tap_done();
}
