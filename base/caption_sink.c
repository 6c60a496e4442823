// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption_sink.h"

#include "base/caption_sink_impl.h"
#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

// What all sinks share: choosing, files, trouble and its end

#define RETRY_SECONDS 5.0

static const PinnaCaptionKindOf* const files[] = {&pinna_caption_txt, &pinna_caption_jsonl,
                                                  &pinna_caption_srt, &pinna_caption_vtt, NULL};

static const PinnaCaptionKindOf*
find_kind(const PinnaCaptionKindOf* const* kinds, const char* const name) {
  for (; kinds && *kinds && name; ++kinds) {
    if (!strcasecmp((*kinds)->name, name)) {
      return *kinds;
    }
  }
  return NULL;
}

const char*
pinna_caption_sink_kind_of(const char* const path) {
  const char* const               dot = strrchr(path, '.');
  const PinnaCaptionKindOf* const kind = dot ? find_kind(files, dot + 1) : NULL;
  return kind ? kind->name : NULL;
}

static double
today(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static PinnaStatus
put(PinnaCaptionSink* const sink, const PinnaCaptionText* const text, PinnaError* const error) {
  if (text->failed) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory for captions");
  }
  if (!sink->out) {
    return pinna_caption_file_write(&sink->file, text->bytes, text->n, error);
  }
  const size_t n = text->n ? fwrite(text->bytes, 1U, text->n, sink->out) : 0U;
  return n == text->n && !fflush(sink->out)
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_IO, "Captions: %s", strerror(errno));
}

/// A file to write to, with its head
static PinnaStatus
prepare(PinnaCaptionSink* const sink, const double start, const double wall,
        PinnaError* const error) {
  bool        begun = !sink->begun;
  PinnaStatus status =
      sink->out ? PINNA_STATUS_OK : pinna_caption_file_ready(&sink->file, today(), &begun, error);
  if (begun) {
    sink->zero = sink->begun ? floor(start) : 0.0;
    sink->n_cues = 0U;
    sink->cue_end = 0.0;
    sink->begun = true;
    sink->headless = true;
  }
  if (status || !sink->headless) {
    return status;
  }
  PinnaCaptionText text = {NULL, 0U, 0U, false};
  if (sink->kind->head) {
    sink->kind->head(sink, &text, wall);
  }
  status = text.n ? put(sink, &text, error) : status;
  sink->headless = status != PINNA_STATUS_OK;
  free(text.bytes);
  return status;
}

static PinnaStatus
write_text(PinnaCaptionSink* const sink, const PinnaCaption* const caption, const double origin,
           const double wall, PinnaError* const error) {
  PinnaCaptionText text = {NULL, 0U, 0U, false};
  const double     start = origin + (double)caption->start / caption->rate;
  PinnaStatus      status = prepare(sink, start, wall, error);
  const uint64_t   n_cues = sink->n_cues;
  const double     cue_end = sink->cue_end;
  if (!status) {
    sink->kind->text(sink, &text, caption, origin, wall);
    status = put(sink, &text, error);
  }
  if (status) {
    sink->n_cues = n_cues;
    sink->cue_end = cue_end;
  }
  free(text.bytes);
  return status;
}

static void tell(const PinnaCaptionSink* const sink, const bool good, const char* const format, ...)
    PINNA_PRINTF(3, 4);

static void
tell(const PinnaCaptionSink* const sink, const bool good, const char* const format, ...) {
  char    text[1200];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  if (sink->say) {
    sink->say(sink->say_handle, good, text);
  }
}

static void
judge(PinnaCaptionSink* const sink, const PinnaStatus status, const PinnaError* const error) {
  if (status) {
    ++sink->n_lost;
    sink->next_try = pinna_clock_s() + RETRY_SECONDS;
    if (!sink->trouble.text[0]) {
      sink->trouble = *error;
      sink->n_lost_before = sink->n_lost - 1U;
      tell(sink, false, "Captions to %s are lost: %s", sink->kind->name, error->text);
    }
  } else if (sink->trouble.text[0]) {
    tell(sink, true, "Captions to %s are written again, %" PRIu64 " were lost", sink->kind->name,
         sink->n_lost - sink->n_lost_before);
    sink->trouble.text[0] = '\0';
  }
}

void
pinna_caption_sink_write(PinnaCaptionSink* const sink, const PinnaCaption* const caption,
                         const double origin, const double wall) {
  PinnaError error = {""};
  if (!caption->rate || (caption->kind == PINNA_CAPTION_PARTIAL && !sink->kind->shows_partials &&
                         (sink->kind->only_final || !sink->partials))) {
    return;
  }
  if (sink->trouble.text[0] && pinna_clock_s() < sink->next_try) {
    ++sink->n_lost;
    return;
  }
  judge(sink,
        sink->kind->text ? write_text(sink, caption, origin, wall, &error)
                         : sink->kind->send(sink, caption, origin, &error),
        &error);
}

const char*
pinna_caption_sink_trouble(const PinnaCaptionSink* const sink) {
  return sink->trouble.text;
}

uint64_t
pinna_caption_sink_lost(const PinnaCaptionSink* const sink) {
  return sink->n_lost;
}

/// Try now what would fail later; if live, a failure is only said
static PinnaStatus
begin(PinnaCaptionSink* const sink, const PinnaCaptionSinkConfig* const config,
      PinnaError* const error) {
  PinnaError  reason = {""};
  PinnaStatus status = PINNA_STATUS_OK;
  if (sink->kind->wants_file && !sink->out) {
    const uint32_t every = !config->live ? 0U : config->every ? config->every : 86400U;
    const uint64_t limit = !config->live ? 0U : 1000000U * (config->limit ? config->limit : 16U);
    status = pinna_caption_file_init(&sink->file, config->file, config->keep ? config->keep : 30U,
                                     every, limit, !config->live);
    status = status ? status : prepare(sink, 0.0, config->live ? today() : 0.0, &reason);
    if (status && config->live) {
      judge(sink, status, &reason);
      sink->n_lost = 0U;
      return PINNA_STATUS_OK;
    }
  }
  if (sink->kind->wants_file && sink->out) { // What has no captions still has its head
    status = prepare(sink, 0.0, config->live ? today() : 0.0, &reason);
  }
  if (!status && sink->kind->open) {
    status = sink->kind->open(sink, &reason);
  }
  return status ? pinna_fail(error, status, "%s", reason.text) : status;
}

PinnaStatus
pinna_caption_sink_open(PinnaCaptionSink** const sink, const PinnaCaptionSinkConfig* const config,
                        PinnaError* const error) {
  const PinnaCaptionKindOf* const own = find_kind(files, config->kind);
  const PinnaCaptionKindOf* const kind = own ? own : find_kind(config->more, config->kind);
  *sink = NULL;
  if (!kind) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "There is no kind of captions '%s'",
                      config->kind ? config->kind : "");
  }
  if ((kind->wants_file && !config->file && !config->out) || (kind->wants_url && !config->url)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "Captions to %s need a %s", kind->name,
                      kind->wants_file ? "file" : "url");
  }
  PinnaCaptionSink* const made = (PinnaCaptionSink*)calloc(1U, sizeof(PinnaCaptionSink));
  if (!made) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory for captions");
  }
  made->kind = kind;
  made->file.fd = -1;
  made->from = strdup(config->from ? config->from : "");
  made->url = strdup(config->url ? config->url : "");
  made->partials = config->partials;
  made->live = config->live;
  made->out = config->out;
  made->say = config->say;
  made->say_handle = config->say_handle;
  const PinnaStatus status =
      made->from && made->url ? begin(made, config, error) : PINNA_STATUS_NO_MEM;
  if (status) {
    pinna_caption_sink_close(made, NULL);
    return pinna_fail(error, status, "Captions: %s", pinna_strerror(status));
  }
  *sink = made;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_caption_sink_close(PinnaCaptionSink* const sink, PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  if (sink) {
    if (sink->kind->close) {
      sink->kind->close(sink);
    }
    if (sink->n_lost) {
      status = pinna_fail(error, PINNA_STATUS_IO, "%" PRIu64 " captions to %s were lost%s%s",
                          sink->n_lost, sink->kind->name, sink->trouble.text[0] ? ": " : "",
                          sink->trouble.text);
    }
    pinna_caption_file_free(&sink->file);
    free(sink->from);
    free(sink->url);
    free(sink->link_path);
    free(sink);
  }
  return status;
}
