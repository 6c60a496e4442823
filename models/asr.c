// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr.h"

#include "base/attributes.h"
#include "base/caption.h"
#include "models/acoustic.h"
#include "models/asr_impl.h"
#include "models/decoder.h"
#include "models/endpoint.h"
#include "models/lexicon.h"
#include "models/transcript.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Chunks to captions

#define N_SURE 2U      ///< Tokens of an unfinished word before it is guessed
#define MOST_WAIT_S 3U ///< For an endpoint when the stream is over

static void
begin_segment(PinnaAsr* const self) {
  self->config.decoder.reset(self->config.decoder.self);
  self->origin = self->n_pushed;
  self->open = false;
  self->n_stable = 0U;
  self->told[0] = '\0';
}

/// Units of a word that is not finished are nothing to read
static void
drop_unfinished(PinnaCaption* const caption, const PinnaDecoderToken* const tokens,
                const uint32_t n_tokens) {
  uint32_t n_finished = 0U;
  for (uint32_t i = 0U; i < n_tokens; ++i) {
    n_finished += tokens[i].word != PINNA_NO_WORD;
  }
  if (caption->n_words > n_finished) {
    caption->log_prob -= caption->words[n_finished].log_prob;
    const PinnaCaptionWord* const last = n_finished ? &caption->words[n_finished - 1U] : NULL;
    caption->n_words = n_finished;
    caption->n_text = last ? (uint32_t)last->text + last->n_text : 0U;
    caption->text[caption->n_text] = '\0';
    caption->n_stable = caption->n_stable < caption->n_text ? caption->n_stable : caption->n_text;
  }
}

/// The word that the last tokens may become, for who reads along; never stable
static void
guess(PinnaAsr* const self, const uint32_t n_tokens) {
  const PinnaLexicon* const lexicon = self->config.transcript.lexicon;
  PinnaCaption* const       caption = self->caption;
  uint32_t                  n_nodes = 0U;
  uint32_t                  first = n_tokens;
  if (!lexicon || !self->config.guesses) {
    return;
  }
  while (first && self->tokens[first - 1U].word == PINNA_NO_WORD) {
    --first;
  }
  const PinnaLexiconNode* const nodes = pinna_lexicon_nodes(lexicon, &n_nodes);
  uint32_t                      at = PINNA_LEXICON_ROOT;
  for (uint32_t i = first; i < n_tokens; ++i) {
    uint32_t child = nodes[at].first;
    while (child < nodes[at].first + nodes[at].n_children &&
           nodes[child].token != self->tokens[i].token) {
      ++child;
    }
    if (child >= nodes[at].first + nodes[at].n_children) {
      return;
    }
    at = child;
  }
  const char* const word = pinna_lexicon_word(lexicon, self->config.guesses[at]);
  if (n_tokens - first < N_SURE || !word || caption->n_words >= PINNA_CAPTION_MAX_WORDS ||
      caption->n_text + strlen(word) + 2U > PINNA_CAPTION_MAX_TEXT) {
    return;
  }
  const double   hop = self->config.transcript.hop;
  const double   delay = self->config.transcript.delay;
  const double   begin = (double)self->origin + self->tokens[first].frame * hop - delay;
  const uint64_t before = caption->n_words ? caption->words[caption->n_words - 1U].end : 0U;
  const uint64_t start = begin > (double)before ? (uint64_t)begin : before;
  if (caption->n_words) {
    caption->text[caption->n_text++] = ' ';
  }
  const uint32_t n = (uint32_t)strlen(word);
  memcpy(caption->text + caption->n_text, word, n + 1U);
  caption->words[caption->n_words++] =
      (PinnaCaptionWord){start, start + 1U + (uint64_t)((n_tokens - first) * hop), 0.0F,
                         (uint16_t)caption->n_text, (uint16_t)n};
  caption->n_text += n;
}

/// Text and times of the decoder's best sequence
static void
fill(PinnaAsr* const self, const PinnaCaptionKind kind, const PinnaDecoderResult* const result) {
  PinnaCaption* const caption = self->caption;
  caption->kind = kind;
  caption->rate = self->config.acoustic.rate;
  caption->segment = self->segment;
  pinna_transcript_fill(&self->config.transcript, caption, self->tokens, result->n_tokens,
                        kind == PINNA_CAPTION_FINAL ? result->n_tokens : result->n_stable,
                        self->origin);
  if (self->config.guesses) {
    drop_unfinished(caption, self->tokens, result->n_tokens);
  }
  if (kind == PINNA_CAPTION_PARTIAL) {
    guess(self, result->n_tokens);
  }
  const uint32_t n = caption->n_words;
  caption->start = n ? caption->words[0].start : self->origin;
  caption->end = n ? caption->words[n - 1U].end : self->n_pushed;
  if (kind == PINNA_CAPTION_FINAL) {
    caption->n_stable = caption->n_text;
  }
}

static PinnaDecoderResult
result(const PinnaAsr* const self) {
  return self->config.decoder.result(self->config.decoder.self, self->tokens,
                                     self->config.max_tokens);
}

/// The utterance is over: its words, if there are any or any were told
static void
close_segment(PinnaAsr* const self, const PinnaAsrSink* const sink) {
  self->config.decoder.finish(self->config.decoder.self);
  const PinnaDecoderResult last = result(self);
  fill(self, PINNA_CAPTION_FINAL, &last);
  if (self->caption->n_words || self->open) {
    sink->take(sink->handle, self->caption);
    ++self->segment;
  }
  begin_segment(self);
}

static void
tell_partial(PinnaAsr* const self, const PinnaDecoderResult* const now,
             const PinnaAsrSink* const sink) {
  fill(self, PINNA_CAPTION_PARTIAL, now);
  const PinnaCaption* const caption = self->caption;
  if (!strcmp(caption->text, self->told) && caption->n_stable <= self->n_stable) {
    return;
  }
  memcpy(self->told, caption->text, (size_t)caption->n_text + 1U);
  self->n_stable = caption->n_stable;
  self->open = true;
  sink->take(sink->handle, caption);
}

static void
run_chunk(PinnaAsr* const self, const PinnaAsrSink* const sink) {
  const PinnaAcoustic* const acoustic = &self->config.acoustic;
  acoustic->run(acoustic->self, self->chunk, self->frames);
  self->config.decoder.run(self->config.decoder.self, self->frames, acoustic->n_frames);
  self->n_pushed += acoustic->chunk;
  self->n_waiting = 0U;

  const PinnaDecoderResult now = result(self);
  const float              frame_s = (float)acoustic->chunk / acoustic->n_frames / acoustic->rate;
  const PinnaEndpointFacts facts = {
      .length = now.n_frames * frame_s,
      .silence = (now.n_tokens ? now.n_frames - 1U - now.last_frame : now.n_frames) * frame_s,
      .speech = now.n_tokens > 0U};
  if (now.full || pinna_endpoint_check(&self->config.endpoint, &facts)) {
    close_segment(self, sink);
  } else {
    tell_partial(self, &now, sink);
  }
}

void
pinna_asr_push(PinnaAsr* const self, const float* const samples, const uint32_t n_samples,
               const PinnaAsrSink* const sink) {
  const uint32_t chunk = self->config.acoustic.chunk;
  for (uint32_t done = 0U; done < n_samples;) {
    const uint32_t room = chunk - self->n_waiting;
    const uint32_t n = n_samples - done < room ? n_samples - done : room;
    memcpy(self->chunk + self->n_waiting, samples + done, n * sizeof(float));
    self->n_waiting += n;
    done += n;
    if (self->n_waiting == chunk) {
      run_chunk(self, sink);
    }
  }
}

void
pinna_asr_finish(PinnaAsr* const self, const PinnaAsrSink* const sink) {
  const uint32_t chunk = self->config.acoustic.chunk;
  const uint32_t behind = 2U * self->config.acoustic.delay + self->config.acoustic.rate / 4U;
  const uint64_t target = self->n_pushed + self->n_waiting + behind;
  const uint64_t most = target + (uint64_t)MOST_WAIT_S * self->config.acoustic.rate;
  do { // As if silence came: the words end where they would if somebody went on listening
    memset(self->chunk + self->n_waiting, 0, (chunk - self->n_waiting) * sizeof(float));
    run_chunk(self, sink);
  } while (self->n_pushed < target || (self->n_pushed < most && result(self).n_tokens));
  close_segment(self, sink);
}

void
pinna_asr_skip(PinnaAsr* const self, const uint64_t n_samples, const PinnaAsrSink* const sink) {
  close_segment(self, sink);
  const uint64_t start = self->n_pushed;
  self->n_pushed += self->n_waiting + n_samples;
  self->n_waiting = 0U;
  self->config.acoustic.reset(self->config.acoustic.self);
  begin_segment(self);
  PinnaCaption* const caption = self->caption;
  caption->kind = PINNA_CAPTION_GAP;
  caption->rate = self->config.acoustic.rate;
  caption->segment = 0U;
  caption->start = start;
  caption->end = self->n_pushed;
  caption->log_prob = 0.0F;
  caption->n_stable = caption->n_text = caption->n_words = 0U;
  caption->text[0] = '\0';
  sink->take(sink->handle, caption);
}

void
pinna_asr_reset(PinnaAsr* const self) {
  self->config.acoustic.reset(self->config.acoustic.self);
  self->n_pushed = 0U;
  self->n_waiting = 0U;
  self->segment = 1U;
  begin_segment(self);
}

uint32_t
pinna_asr_latency(const PinnaAsr* const self) {
  return self->config.acoustic.chunk + self->config.acoustic.delay;
}
