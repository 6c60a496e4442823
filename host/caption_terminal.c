// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption_sink_impl.h"
#include "base/caption_text.h"
#include "host/caption_kinds.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Captions on a terminal, where a partial one is overwritten by the next

static double
seconds_of(const PinnaCaption* const caption, const uint64_t position) {
  return (double)position / caption->rate;
}

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
