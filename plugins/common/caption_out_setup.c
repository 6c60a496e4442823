// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/caption_out.h"

#include "plugins/common/caption_out_impl.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The worker's side: from the ring into the file, each pass into its own

#define RING_BYTES (24U * (uint32_t)(sizeof(PinnaCaption) + sizeof(PinnaMessage)))

PinnaStatus
pinna_caption_out_init(PinnaCaptionOut** const out, PinnaArena* const arena,
                       const PinnaPluginConfig* const config) {
  PinnaRing*             ring = NULL;
  const PinnaStatus      status = pinna_ring_init(&ring, arena, RING_BYTES);
  PinnaCaptionOut* const made = PINNA_TAKE(arena, 1U, PinnaCaptionOut);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  made->ring = ring;
  made->rate = config->rate;
  made->log = config->log;
  pinna_transport_map(&made->urids, config->map);
  if (config->map) {
    made->log_error = config->map->map(config->map->handle, LV2_LOG__Error);
    made->log_note = config->map->map(config->map->handle, LV2_LOG__Note);
  }
  pthread_mutex_init(&made->lock, NULL);
  pinna_caption_out_reset(made);
  *out = made;
  return PINNA_STATUS_OK;
}

static void
say(void* const handle, const bool good, const char* const text) {
  PinnaCaptionOut* const out = (PinnaCaptionOut*)handle;
  atomic_store(&out->status, good ? PINNA_CAPTION_OUT_WRITTEN : PINNA_CAPTION_OUT_FAILED);
  if (out->log) {
    out->log->printf(out->log->handle, good ? out->log_note : out->log_error, "Pinna: %s\n", text);
  }
}

static void
shut(PinnaCaptionOut* const out) {
  pinna_caption_sink_close(out->sink, NULL); // What it lost was said
  out->sink = NULL;
}

/// Why nothing can be written there, as far as can be seen; or NULL
static const char*
objection(const char* const path) {
  char              folder[PINNA_CAPTION_OUT_MAX_PATH];
  const char* const slash = strrchr(path, '/');
  if (path[0] != '/') {
    return "write a path from the root";
  }
  if (!pinna_caption_sink_kind_of(slash)) {
    return "its name must end in .srt, .vtt, .jsonl or .txt";
  }
  snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path), path);
  return access(folder, F_OK)                        ? "there is no such folder"
         : access(folder, W_OK)                      ? "nothing may be written there"
         : !access(path, F_OK) && access(path, W_OK) ? "it may not be written"
                                                     : NULL;
}

void
pinna_caption_out_open(PinnaCaptionOut* const out, const char* const path) {
  pthread_mutex_lock(&out->lock);
  if (strcmp(out->path, path) != 0) {
    char              text[PINNA_CAPTION_OUT_MAX_PATH + 128U];
    const char* const why = *path ? objection(path) : NULL;
    shut(out);
    snprintf(out->path, sizeof(out->path), "%s", path);
    atomic_store(&out->status, *path ? PINNA_CAPTION_OUT_READY : PINNA_CAPTION_OUT_NONE);
    if (why) {
      snprintf(text, sizeof(text), "No captions can be written to '%s': %s", path, why);
      say(out, false, text);
    }
    atomic_store(&out->is_on, *path && *path == '/' && pinna_caption_sink_kind_of(path));
  }
  pthread_mutex_unlock(&out->lock);
}

static const PinnaCaptionPass*
pass_at(const PinnaCaptionOut* const out, const uint64_t number) {
  return &out->passes[number % PINNA_CAPTION_OUT_PASSES];
}

/// Where the pass ends, or everything does
static uint64_t
end_of(const PinnaCaptionOut* const out, const uint64_t number) {
  return number + 1U < out->n_passes ? pass_at(out, number + 1U)->sample : UINT64_MAX;
}

static double
origin_of(const PinnaCaptionOut* const out, const PinnaCaptionPass* const pass) {
  return ((double)pass->frame - (double)pass->sample) / out->rate;
}

/// Have the file of this pass open; one that was there is moved away
static void
begin_file(PinnaCaptionOut* const out, const uint64_t number) {
  if (!out->sink || out->sink_pass != number) {
    PinnaError                   error = {""};
    const PinnaCaptionSinkConfig config = {.kind = pinna_caption_sink_kind_of(out->path),
                                           .from = "asr",
                                           .file = out->path,
                                           .live = true,
                                           .say = say,
                                           .say_handle = out};
    shut(out);
    out->sink_pass = number;
    if (pinna_caption_sink_open(&out->sink, &config, &error)) {
      say(out, false, error.text);
    }
  }
}

/// What of a caption was said from `from` to before `to`; all, if it has no words
static bool
cut(const PinnaCaption* const whole, const uint64_t from, const uint64_t to,
    PinnaCaption* const part) {
  uint32_t first = 0U;
  uint32_t last = whole->n_words;
  while (first < last && whole->words[first].start < from) {
    ++first;
  }
  while (last > first && whole->words[last - 1U].start >= to) {
    --last;
  }
  *part = *whole;
  if (!whole->n_words || (!first && last == whole->n_words)) {
    return whole->n_words || (whole->start >= from && whole->start < to);
  }
  if (first == last) {
    return false;
  }
  const PinnaCaptionWord* const end = &whole->words[last - 1U];
  const uint32_t                offset = whole->words[first].text;
  part->n_words = last - first;
  part->n_text = (uint32_t)end->text + end->n_text - offset;
  part->n_stable = part->n_text;
  part->start = whole->words[first].start;
  part->end = end->end;
  part->log_prob = 0.0f;
  memcpy(part->text, whole->text + offset, part->n_text);
  part->text[part->n_text] = '\0';
  for (uint32_t i = 0U; i < part->n_words; ++i) {
    part->words[i] = whole->words[first + i];
    part->words[i].text = (uint16_t)(part->words[i].text - offset);
    part->log_prob += part->words[i].log_prob;
  }
  return true;
}

static void
write_caption(PinnaCaptionOut* const out) {
  const uint64_t kept =
      out->n_passes < PINNA_CAPTION_OUT_PASSES ? out->n_passes : PINNA_CAPTION_OUT_PASSES;
  const uint64_t oldest = out->n_passes - kept > out->first ? out->n_passes - kept : out->first;
  for (uint64_t n = oldest; n < out->n_passes; ++n) {
    const PinnaCaptionPass* const pass = pass_at(out, n);
    if (pass->stands ||
        !cut(&out->caption, n > oldest ? pass->sample : 0U, end_of(out, n), &out->part)) {
      continue;
    }
    begin_file(out, n);
    if (out->sink) {
      pinna_caption_sink_write(out->sink, &out->part, origin_of(out, pass),
                               pass->is_run ? out->wall : 0.0);
    }
    if (out->sink && !*pinna_caption_sink_trouble(out->sink)) {
      atomic_store(&out->status, PINNA_CAPTION_OUT_WRITTEN);
    }
  }
}

static void
take_pass(PinnaCaptionOut* const out, const PinnaCaptionPass* const pass) {
  struct timespec now;
  if (pass->is_run) {
    clock_gettime(CLOCK_REALTIME, &now);
    out->wall = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
    out->first = out->n_passes;
  }
  out->passes[out->n_passes++ % PINNA_CAPTION_OUT_PASSES] = *pass;
}

static void
drain(PinnaCaptionOut* const out) {
  PinnaMessage     head;
  PinnaCaptionPass pass;
  while (pinna_ring_peek(out->ring, &head)) {
    if (head.type == PINNA_CAPTION_OUT_PASS) {
      pinna_ring_pop(out->ring, &head, &pass, sizeof(pass));
      take_pass(out, &pass);
    } else {
      pinna_ring_pop(out->ring, &head, &out->caption, sizeof(out->caption));
      if (*out->path) {
        write_caption(out);
      }
    }
  }
  if (atomic_exchange(&out->n_lost, 0U)) {
    say(out, false, "Captions were lost: the host's worker came too late");
  }
}

void
pinna_caption_out_work(PinnaCaptionOut* const out) {
  pthread_mutex_lock(&out->lock);
  drain(out);
  pthread_mutex_unlock(&out->lock);
}

void
pinna_caption_out_finish(PinnaCaptionOut* const out, const bool wants) {
  pthread_mutex_lock(&out->lock);
  drain(out);
  uint64_t last = out->n_passes;
  while (last > out->first && pass_at(out, last - 1U)->stands) {
    --last;
  }
  if (wants && pinna_caption_out_is_on(out) && last > out->first) {
    begin_file(out, last - 1U);
  }
  shut(out);
  pthread_mutex_unlock(&out->lock);
}
