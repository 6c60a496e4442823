// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption_sink_impl.h"
#include "host/caption_kinds.h"

#ifdef PINNA_HAVE_OSC
#include <lo/lo.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Captions as OSC messages below the URL's path, by UDP, which never waits
//
// PATH/partial and PATH/final: segment (h), start and end in seconds (d, d), stable bytes (i),
// text (s), who speaks (s); behind each final one PATH/word for each word: segment (h), index (i),
// start, end (d, d), log-probability (f), word (s). PATH/gap and PATH/behind: start, end (d, d),
// who (s).

#ifdef PINNA_HAVE_OSC

static PinnaStatus
open_osc(PinnaCaptionSink* const sink, PinnaError* const error) {
  const int   protocol = lo_url_get_protocol_id(sink->url);
  char* const path = protocol >= 0 ? lo_url_get_path(sink->url) : NULL;
  if (protocol != LO_UDP) {
    free(path);
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "'%s' is no URL for captions: write osc.udp://host:port/path", sink->url);
  }
  const size_t n = path ? strlen(path) : 0U;
  sink->link_path = n > 1U ? strndup(path, path[n - 1U] == '/' ? n - 1U : n) : strdup("/caption");
  free(path);
  sink->link = lo_address_new_from_url(sink->url);
  return sink->link && sink->link_path
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_ARG, "'%s' is no URL for captions", sink->url);
}

/// Send and free a message
static bool
send_message(const PinnaCaptionSink* const sink, const char* const what, const lo_message message) {
  char       path[1024];
  const int  n = snprintf(path, sizeof(path), "%s/%s", sink->link_path, what);
  const bool good = n > 0 && (size_t)n < sizeof(path) &&
                    lo_send_message((lo_address)sink->link, path, message) >= 0;
  lo_message_free(message);
  return good;
}

static bool
send_words(const PinnaCaptionSink* const sink, const PinnaCaption* const caption,
           const double origin) {
  bool good = true;
  for (uint32_t i = 0U; i < caption->n_words && good; ++i) {
    const PinnaCaptionWord* const word = &caption->words[i];
    char                          text[PINNA_CAPTION_MAX_TEXT];
    const lo_message              message = lo_message_new();
    memcpy(text, caption->text + word->text, word->n_text);
    text[word->n_text] = '\0';
    lo_message_add_int64(message, (int64_t)caption->segment);
    lo_message_add_int32(message, (int32_t)i);
    lo_message_add_double(message, origin + (double)word->start / caption->rate);
    lo_message_add_double(message, origin + (double)word->end / caption->rate);
    lo_message_add_float(message, word->log_prob);
    lo_message_add_string(message, text);
    good = send_message(sink, "word", message);
  }
  return good;
}

static PinnaStatus
send_caption(PinnaCaptionSink* const sink, const PinnaCaption* const caption, const double origin,
             PinnaError* const error) {
  static const char* const names[] = {"partial", "final", "gap", "behind"};
  const bool               has_text = caption->kind <= PINNA_CAPTION_FINAL;
  const lo_message         message = lo_message_new();
  if (has_text) {
    lo_message_add_int64(message, (int64_t)caption->segment);
  }
  lo_message_add_double(message, origin + (double)caption->start / caption->rate);
  lo_message_add_double(message, origin + (double)caption->end / caption->rate);
  if (has_text) {
    lo_message_add_int32(message, (int32_t)caption->n_stable);
    lo_message_add_string(message, caption->text);
  }
  lo_message_add_string(message, sink->from);
  const bool good = send_message(sink, names[caption->kind], message) &&
                    (caption->kind != PINNA_CAPTION_FINAL || send_words(sink, caption, origin));
  return good ? PINNA_STATUS_OK
              : pinna_fail(error, PINNA_STATUS_IO, "%s: %s", sink->url,
                           lo_address_errstr((lo_address)sink->link));
}

static void
close_osc(PinnaCaptionSink* const sink) {
  if (sink->link) {
    lo_address_free((lo_address)sink->link);
  }
}

#else

static PinnaStatus
open_osc(PinnaCaptionSink* const sink, PinnaError* const error) {
  return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                    "'%s': this Pinna was built without OSC (liblo)", sink->url);
}

static PinnaStatus
send_caption(PinnaCaptionSink* const sink, const PinnaCaption* const caption, const double origin,
             PinnaError* const error) {
  (void)caption;
  (void)origin;
  return open_osc(sink, error);
}

static void
close_osc(PinnaCaptionSink* const sink) {
  (void)sink;
}

#endif

const PinnaCaptionKindOf pinna_caption_osc = {
    .name = "osc", .wants_url = true, .open = open_osc, .send = send_caption, .close = close_osc};
