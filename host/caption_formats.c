// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/caption_sink_impl.h"
#include "host/caption_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Plain text, JSON Lines, SubRip, WebVTT, and the terminal

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

/// Columns of the terminal, 0 if it is none
static size_t
width_of(FILE* const out) {
  struct winsize size;
  if (!isatty(fileno(out))) {
    return 0U;
  }
  return !ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : 80U;
}

/// The end of a text that is at most `most` characters long
static const char*
tail_of(const char* const text, const size_t n, size_t most) {
  const char* p = text + n;
  while (p > text && most) {
    --p;
    most -= ((unsigned char)*p & 0xC0U) != 0x80U;
  }
  return p;
}

static PinnaStatus
show(PinnaCaptionSink* const sink, const PinnaCaption* const caption, const double origin,
     PinnaError* const error) {
  FILE* const      out = sink->out ? sink->out : stdout;
  const size_t     width = width_of(out);
  PinnaCaptionText text = {NULL, 0U, 0U, false};
  if (caption->kind == PINNA_CAPTION_PARTIAL && !width) {
    return PINNA_STATUS_OK; // A pipe or a file cannot take anything back
  }
  const char* const shown =
      caption->kind == PINNA_CAPTION_PARTIAL
          ? tail_of(caption->text, caption->n_text, width > 14U ? width - 14U : 1U)
          : caption->text;
  pinna_caption_text_add(&text, "%s[", sink->open_line ? "\r\033[K" : "");
  pinna_caption_text_clock(&text, origin + seconds_of(caption, caption->start), '.');
  text.n -= text.n > 2U ? 2U : 0U; // Tenths of seconds are enough to read
  pinna_caption_text_add(&text, "] ");
  if (caption->kind == PINNA_CAPTION_GAP || caption->kind == PINNA_CAPTION_BEHIND) {
    pinna_caption_text_add(&text,
                           caption->kind == PINNA_CAPTION_GAP ? "(%.1f seconds were not heard)"
                                                              : "(%.1f seconds behind)",
                           seconds_of(caption, caption->end - caption->start));
  } else {
    pinna_caption_text_add(&text, "%s", shown);
  }
  sink->open_line = caption->kind == PINNA_CAPTION_PARTIAL;
  pinna_caption_text_add(&text, "%s", sink->open_line ? "" : "\n");
  const bool good = !text.failed && fwrite(text.bytes, 1U, text.n, out) == text.n && !fflush(out);
  free(text.bytes);
  return good ? PINNA_STATUS_OK : pinna_fail(error, PINNA_STATUS_IO, "the terminal is gone");
}

static void
leave(PinnaCaptionSink* const sink) {
  if (sink->open_line) {
    fputs("\n", sink->out ? sink->out : stdout);
  }
}

const PinnaCaptionKindOf pinna_caption_terminal = {
    .name = "terminal", .shows_partials = true, .send = show, .close = leave};
