// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption_sink_impl.h"
#include "base/caption_text.h"

#include <inttypes.h>
#include <math.h>

// Plain text, JSON Lines, SubRip and WebVTT

static double
seconds_of(const PinnaCaption* const caption, const uint64_t position) {
  return (double)position / caption->rate;
}

static void
write_txt(PinnaCaptionSink* const sink, PinnaCaptionText* const text,
          const PinnaCaption* const caption, const double origin, const double wall) {
  (void)sink;
  (void)origin;
  (void)wall;
  if (caption->kind == PINNA_CAPTION_FINAL && caption->n_text) {
    pinna_caption_text_add(text, "%s\n", caption->text);
  }
}

const PinnaCaptionKindOf pinna_caption_txt = {
    .name = "txt", .wants_file = true, .only_final = true, .text = write_txt};

static void
write_jsonl(PinnaCaptionSink* const sink, PinnaCaptionText* const text,
            const PinnaCaption* const caption, const double origin, const double wall) {
  pinna_caption_text_json(text, caption, sink->from, origin, wall);
}

const PinnaCaptionKindOf pinna_caption_jsonl = {
    .name = "jsonl", .wants_file = true, .text = write_jsonl};

/// The subtitles of a final caption, none of which begins before the last one ended
static void
write_cues(PinnaCaptionSink* const sink, PinnaCaptionText* const text,
           const PinnaCaption* const caption, const double origin, const bool is_vtt) {
  PinnaCaptionCue cues[PINNA_CAPTION_MAX_WORDS];
  const uint32_t  n = caption->kind == PINNA_CAPTION_FINAL ? pinna_caption_cues(caption, cues) : 0U;
  const char      point = is_vtt ? '.' : ',';
  for (uint32_t i = 0U; i < n; ++i) {
    const double start = fmax(cues[i].start + origin - sink->zero, sink->cue_end);
    const double end = fmax(cues[i].end + origin - sink->zero, start + 0.001);
    ++sink->n_cues;
    sink->cue_end = end;
    pinna_caption_text_add(text, "%" PRIu64 "\n", sink->n_cues);
    pinna_caption_text_clock(text, start, point);
    pinna_caption_text_add(text, " --> ");
    pinna_caption_text_clock(text, end, point);
    pinna_caption_text_add(text, "\n");
    pinna_caption_text_cue(text, caption, &cues[i], is_vtt);
    pinna_caption_text_add(text, "\n");
  }
}

static void
write_srt(PinnaCaptionSink* const sink, PinnaCaptionText* const text,
          const PinnaCaption* const caption, const double origin, const double wall) {
  (void)wall;
  write_cues(sink, text, caption, origin, false);
}

const PinnaCaptionKindOf pinna_caption_srt = {
    .name = "srt", .wants_file = true, .only_final = true, .text = write_srt};

static void
head_vtt(const PinnaCaptionSink* const sink, PinnaCaptionText* const text, const double wall) {
  pinna_caption_text_add(text, "WEBVTT\n\n");
  if (wall > 0.0) {
    pinna_caption_text_add(text, "NOTE 00:00:00.000 is ");
    pinna_caption_text_date(text, wall + sink->zero);
    pinna_caption_text_add(text, "\n\n");
  }
}

static void
write_vtt(PinnaCaptionSink* const sink, PinnaCaptionText* const text,
          const PinnaCaption* const caption, const double origin, const double wall) {
  (void)wall;
  if (caption->kind == PINNA_CAPTION_GAP) {
    pinna_caption_text_add(text, "NOTE Nothing was heard from ");
    pinna_caption_text_clock(text, origin - sink->zero + seconds_of(caption, caption->start), '.');
    pinna_caption_text_add(text, " to ");
    pinna_caption_text_clock(text, origin - sink->zero + seconds_of(caption, caption->end), '.');
    pinna_caption_text_add(text, "\n\n");
  }
  write_cues(sink, text, caption, origin, true);
}

const PinnaCaptionKindOf pinna_caption_vtt = {
    .name = "vtt", .wants_file = true, .only_final = true, .head = head_vtt, .text = write_vtt};
