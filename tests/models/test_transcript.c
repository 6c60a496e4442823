// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption.h"
#include "models/decoder.h"
#include "models/endpoint.h"
#include "models/lexicon.h"
#include "models/tokens.h"
#include "models/transcript.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

// Captions from tokens: words, times, what is stable, what does not fit; and endpoint rules

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof((array)[0]))

static PinnaCaption caption;

static PinnaTokens*
parse_tokens(const char* const text) {
  PinnaTokens* tokens = NULL;
  PinnaError   error = {""};
  tap_int(pinna_tokens_parse(&tokens, text, strlen(text), "tokens", &error), PINNA_STATUS_OK,
          "vocabulary %s", error.text);
  return tokens;
}

static void
test_pieces(void) {
  PinnaTokens* const tokens =
      parse_tokens("\xE2\x96\x81he\nllo\n\xE2\x96\x81\xE2\x82\xAC\n<unk>\n");
  const PinnaTranscriptConfig config = {tokens, NULL, 16000U, 640.0, 320.0};
  const PinnaDecoderToken     items[] = {{0U, PINNA_NO_WORD, 5U, -0.5F},
                                         {1U, PINNA_NO_WORD, 7U, -0.25F},
                                         {3U, PINNA_NO_WORD, 8U, -1.0F},
                                         {2U, PINNA_NO_WORD, 10U, -2.0F},
                                         {0U, PINNA_NO_WORD, 10U, -3.0F}};
  caption.kind = PINNA_CAPTION_PARTIAL;
  tap_ok(pinna_transcript_fill(&config, &caption, items, COUNT(items), 4U, 1000U), "all fits");
  tap_string(caption.text, "hello \xE2\x82\xAC he", "pieces become words");
  tap_int(caption.n_text, (long long)strlen(caption.text), "length");
  tap_int(caption.n_words, 3, "three words");
  tap_int((long long)caption.words[0].start, 1000 + 5 * 640 - 320,
          "first sample of the first word");
  tap_int((long long)caption.words[0].end, 1000 + 8 * 640 - 320, "behind its last token");
  tap_int((long long)caption.words[2].start, (long long)caption.words[1].end,
          "a word of the same frame begins where the one before ends");
  tap_ok(caption.words[2].end > caption.words[2].start, "and is not empty");
  tap_int(caption.n_stable, 5, "a word is stable when the next one's beginning is");
  tap_near(caption.words[0].log_prob, -1.75, 1e-6, "a word's probability is that of its tokens");
  caption.kind = PINNA_CAPTION_FINAL;
  pinna_transcript_fill(&config, &caption, items, COUNT(items), 2U, 1000U);
  tap_int(caption.n_stable, caption.n_text, "a final caption is stable");
  pinna_transcript_fill(&config, &caption, items, 1U, 0U, 0U);
  tap_int((long long)caption.words[0].start, 5 * 640 - 320, "from the beginning");
  pinna_transcript_fill(&config, &caption, items, 0U, 0U, 0U);
  tap_string(caption.text, "", "no tokens, no text");
  tap_int(caption.n_words, 0, "and no words");
  pinna_tokens_free(tokens);
}

static void
test_letters(void) {
  PinnaTokens* const          tokens = parse_tokens("-\n|\nA\nB\n");
  const PinnaTranscriptConfig config = {tokens, NULL, 16000U, 320.0, 0.0};
  const uint32_t              row[] = {1U, 2U, 3U, 1U, 1U, 3U, 1U};
  PinnaDecoderToken           items[COUNT(row)];
  for (uint32_t i = 0U; i < COUNT(row); ++i) {
    items[i] = (PinnaDecoderToken){row[i], PINNA_NO_WORD, 2U * i, -0.1F};
  }
  caption.kind = PINNA_CAPTION_PARTIAL;
  pinna_transcript_fill(&config, &caption, items, COUNT(row), 4U, 0U);
  tap_string(caption.text, "AB B", "letters and separators become words");
  tap_int(caption.n_stable, 2, "stable up to the separator");
  tap_int((long long)caption.words[1].start, 10 * 320, "separators have no part in a word's time");
  tap_int((long long)caption.words[1].end, 11 * 320, "nor in its end");
  pinna_tokens_free(tokens);
}

static void
test_lexicon(void) {
  static const char  text[] = "Seven a b\nten b\n";
  PinnaTokens* const tokens = parse_tokens("-\na\nb\n");
  PinnaLexicon*      lexicon = NULL;
  const PinnaStatus  status =
      pinna_lexicon_parse(&lexicon, text, strlen(text), "lexicon", tokens, NULL);
  const PinnaTranscriptConfig config = {tokens, lexicon, 8000U, 160.0, 0.0};
  const PinnaDecoderToken     items[] = {{2U, 1U, 3U, -0.5F},
                                         {1U, PINNA_NO_WORD, 6U, -0.25F},
                                         {2U, 0U, 9U, -0.25F},
                                         {1U, PINNA_NO_WORD, 12U, -1.0F}};
  tap_int(status, PINNA_STATUS_OK, "a lexicon");
  caption.kind = PINNA_CAPTION_PARTIAL;
  pinna_transcript_fill(&config, &caption, items, COUNT(items), 3U, 0U);
  tap_string(caption.text, "ten Seven a", "words as the lexicon spells them, then what was begun");
  tap_int(caption.n_stable, 9, "whole words are stable");
  tap_int((long long)caption.words[1].start, 6 * 160, "a word begins with its first token");
  tap_int((long long)caption.words[1].end, 10 * 160, "and ends with its last");
  pinna_lexicon_free(lexicon);
  pinna_tokens_free(tokens);
}

static void
test_limits(void) {
  static PinnaDecoderToken    items[4000];
  PinnaTokens* const          tokens = parse_tokens("\xE2\x96\x81"
                                                             "abcdefghi\n\xE2\x96\x81x\n");
  const PinnaTranscriptConfig config = {tokens, NULL, 16000U, 640.0, 0.0};
  for (uint32_t kind = 0U; kind < 2U; ++kind) {
    for (uint32_t i = 0U; i < COUNT(items); ++i) {
      items[i] = (PinnaDecoderToken){kind, PINNA_NO_WORD, i, -0.1F};
    }
    caption.kind = PINNA_CAPTION_FINAL;
    tap_ok(!pinna_transcript_fill(&config, &caption, items, COUNT(items), 0U, 0U),
           "what does not fit is said to be cut off");
    tap_ok(caption.n_words <= PINNA_CAPTION_MAX_WORDS && caption.n_text < PINNA_CAPTION_MAX_TEXT &&
               caption.n_text == strlen(caption.text) &&
               caption.text[caption.n_text - 1U] == (kind ? 'x' : 'i'),
           "at a word: %u words, %u bytes", caption.n_words, caption.n_text);
    tap_int(caption.n_stable, caption.n_text, "and the rest is stable");
  }
  pinna_tokens_free(tokens);
}

static void
test_bytes(void) {
  static const char model[] =
      "\n\x0A\n\x06<0xC3>\x18\x06\n\x0A\n\x06<0xA9>\x18\x06\n\x0A\n\x06<0x0A>\x18\x06";
  PinnaTokens*      tokens = NULL;
  PinnaDecoderToken items[3] = {
      {0U, PINNA_NO_WORD, 0U, 0.0F}, {1U, PINNA_NO_WORD, 1U, 0.0F}, {2U, PINNA_NO_WORD, 2U, 0.0F}};
  tap_int(pinna_tokens_parse(&tokens, model, sizeof(model) - 1U, "bytes", NULL), PINNA_STATUS_OK,
          "a vocabulary of bytes");
  const PinnaTranscriptConfig config = {tokens, NULL, 16000U, 640.0, 0.0};
  pinna_transcript_fill(&config, &caption, items, 3U, 0U, 0U);
  tap_string(caption.text, "\xC3\xA9?", "bytes become a character, control characters do not");
  pinna_transcript_fill(&config, &caption, items + 1, 1U, 0U, 0U);
  tap_string(caption.text, "?", "half a character is none");
  pinna_tokens_free(tokens);
}

static void
test_endpoint(void) {
  const PinnaEndpointConfig config = pinna_endpoint_config();
  static const struct {
    PinnaEndpointFacts facts;
    uint32_t           rule;
  } cases[] = {{{1.0F, 1.0F, false}, 0U},  {{2.5F, 2.5F, false}, 1U}, {{1.0F, 0.3F, true}, 0U},
               {{1.0F, 0.55F, true}, 2U},  {{16.0F, 0.2F, true}, 3U}, {{16.0F, 0.0F, true}, 0U},
               {{20.0F, 0.0F, false}, 4U}, {{20.0F, 0.0F, true}, 4U}};
  for (uint32_t i = 0U; i < COUNT(cases); ++i) {
    tap_int(pinna_endpoint_check(&config, &cases[i].facts), cases[i].rule,
            "%.1f s long, %.2f s silent, %s", (double)cases[i].facts.length,
            (double)cases[i].facts.silence, cases[i].facts.speech ? "speech" : "no speech");
  }
}

int
main(void) {
  test_pieces();
  test_letters();
  test_lexicon();
  test_limits();
  test_bytes();
  test_endpoint();
  return tap_done();
}
