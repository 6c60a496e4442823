// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/captions.h"

#include "base/caption_uris.h"
#include "host/caption_atom.h"
#include "host/caption_kinds.h"

#include <lv2/atom/atom.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Draining the nodes' event outputs, and laying their samples on the session's clock

#define JUMP_SECONDS 0.25 ///< More is no jitter: the sound stood still, or began anew

/// A node that somebody listens to
typedef struct {
  unsigned       node;
  PinnaInstance* instance; ///< Seen last, to know when its count began anew
  uint64_t       frame;    ///< Of its last event
  double         base;     ///< Seconds of the session at its sample 0
  bool           known;
} Source;

struct PinnaCaptionsImpl {
  const PinnaConfig* config;
  PinnaCaptionSink** sinks; ///< [config->n_captions]
  unsigned           n_sinks;
  Source*            sources; ///< [n_sources]
  unsigned           n_sources;
  bool               live;
  double             started; ///< Seconds, monotonic
  double             end;     ///< Of the recording, once it is over [s]; else infinite
  PinnaCaptionAtoms  atoms;
  PinnaCaption       caption;
  _Alignas(8) char atom[PINNA_CAPTION_ATOM_SIZE];
};

static double
seconds(const clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static unsigned
node_of(const PinnaConfig* const config, const char* const id) {
  unsigned i = 0U;
  while (i < config->n_nodes && strcmp(config->nodes[i].id, id) != 0) {
    ++i;
  }
  return i;
}

static PinnaStatus
open_all(PinnaCaptions* const captions, PinnaError* const error) {
  const PinnaConfig* const config = captions->config;
  for (unsigned i = 0U; i < config->n_captions; ++i) {
    const PinnaConfigCaption* const entry = &config->captions[i];
    const PinnaCaptionSinkConfig    sink = {
           .kind = entry->to,
           .from = entry->from,
           .file = entry->file,
           .url = entry->url,
           .keep = entry->keep,
           .every = entry->every,
           .limit = entry->limit,
           .partials = entry->partials,
           .live = captions->live,
    };
    const PinnaStatus status = pinna_caption_kinds_open(&captions->sinks[i], &sink, error);
    if (status) {
      return status;
    }
    ++captions->n_sinks;
    const unsigned node = node_of(config, entry->from);
    unsigned       k = 0U;
    while (k < captions->n_sources && captions->sources[k].node != node) {
      ++k;
    }
    captions->sources[k] = (Source){node, NULL, 0U, 0.0, false};
    captions->n_sources += k == captions->n_sources;
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_captions_new(PinnaCaptions** const captions, PinnaWorld* const world,
                   const PinnaConfig* const config, const bool live, PinnaError* const error) {
  *captions = NULL;
  PinnaCaptions* const made = (PinnaCaptions*)calloc(1U, sizeof(PinnaCaptions));
  PinnaStatus          status = PINNA_STATUS_NO_MEM;
  if (made) {
    made->config = config;
    made->live = live;
    made->end = INFINITY;
    made->started = seconds(CLOCK_MONOTONIC);
    made->sinks = (PinnaCaptionSink**)calloc(config->n_captions + 1U, sizeof(PinnaCaptionSink*));
    made->sources = (Source*)calloc(config->n_captions + 1U, sizeof(Source));
    status = made->sinks && made->sources ? open_all(made, error) : status;
  }
  if (status) {
    pinna_captions_free(made, NULL);
    return pinna_fail(error, status, "Captions: %s", pinna_strerror(status));
  }
  pinna_caption_atoms_map(&made->atoms, pinna_world_urid_map(world));
  *captions = made;
  return PINNA_STATUS_OK;
}

/// When the instance's sample 0 was, from an event that it wrote a moment ago: the earliest guess
/// is the best, as each is late by however long the event waited
static void
keep_time(const PinnaCaptions* const captions, Source* const source, PinnaInstance* const instance,
          const uint64_t frame, const double rate) {
  const double now = seconds(CLOCK_MONOTONIC) - captions->started;
  const double base = captions->live ? now - (double)frame / rate : 0.0;
  const bool   anew = source->instance != instance || frame < source->frame;
  if (!source->known || anew || base < source->base || base > source->base + JUMP_SECONDS) {
    source->base = base;
  }
  source->instance = instance;
  source->frame = frame;
  source->known = true;
}

/// A caption to all sinks that listen to its node
static void
hand_over(const PinnaCaptions* const captions, const Source* const source,
          const PinnaEngine* const engine, const double rate) {
  const char* const id = captions->config->nodes[source->node].id;
  PinnaNodeStats    stats;
  const uint32_t late = engine && !pinna_engine_node_stats(engine, id, &stats) ? stats.arrival : 0U;
  const double   origin = source->base - (double)late / rate;
  const double   wall = captions->live
                            ? seconds(CLOCK_REALTIME) - (seconds(CLOCK_MONOTONIC) - captions->started)
                            : 0.0;
  const PinnaCaption* const caption = &captions->caption;
  if (origin + (double)caption->start / caption->rate >= captions->end) {
    return;
  }
  for (unsigned i = 0U; i < captions->n_sinks; ++i) {
    if (!strcmp(captions->config->captions[i].from, id)) {
      pinna_caption_sink_write(captions->sinks[i], caption, origin, wall);
    }
  }
}

void
pinna_captions_poll(PinnaCaptions* const captions, PinnaInstance* const* const instances,
                    const PinnaEngine* const engine, const double rate) {
  for (unsigned i = 0U; captions && instances && i < captions->n_sources; ++i) {
    Source* const        source = &captions->sources[i];
    PinnaInstance* const instance = instances[source->node];
    uint32_t             port = 0U;
    uint64_t             frame = 0U;
    while (pinna_instance_read_event(instance, &port, &frame, captions->atom,
                                     sizeof(captions->atom))) {
      const LV2_Atom* const atom = (const LV2_Atom*)(const void*)captions->atom;
      if (sizeof(LV2_Atom) + (size_t)atom->size <= sizeof(captions->atom) &&
          pinna_caption_atoms_read(&captions->atoms, atom, (uint32_t)sizeof(captions->atom),
                                   &captions->caption)) {
        keep_time(captions, source, instance, frame, rate);
        hand_over(captions, source, engine, rate);
      }
    }
  }
}

void
pinna_captions_end(PinnaCaptions* const captions, const double at) {
  captions->end = at;
}

unsigned
pinna_captions_count(const PinnaCaptions* const captions) {
  return captions ? captions->n_sinks : 0U;
}

const char*
pinna_captions_trouble(const PinnaCaptions* const captions, const unsigned sink,
                       uint64_t* const n_lost) {
  *n_lost = pinna_caption_sink_lost(captions->sinks[sink]);
  return pinna_caption_sink_trouble(captions->sinks[sink]);
}

static bool
same_text(const char* const a, const char* const b) {
  return a == b || (a && b && !strcmp(a, b));
}

bool
pinna_captions_move(PinnaCaptions* const captions, const PinnaConfig* const config) {
  const PinnaConfig* const old = captions->config;
  bool                     same = old->n_captions == config->n_captions;
  for (unsigned i = 0U; i < config->n_captions && same; ++i) {
    const PinnaConfigCaption* const a = &old->captions[i];
    const PinnaConfigCaption* const b = &config->captions[i];
    same = same_text(a->from, b->from) && same_text(a->to, b->to) && same_text(a->file, b->file) &&
           same_text(a->url, b->url) && a->keep == b->keep && a->every == b->every &&
           a->limit == b->limit && a->partials == b->partials;
  }
  for (unsigned i = 0U; i < captions->n_sources && same; ++i) {
    captions->sources[i].node = node_of(config, old->nodes[captions->sources[i].node].id);
  }
  captions->config = same ? config : old;
  return same;
}

PinnaStatus
pinna_captions_free(PinnaCaptions* const captions, PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  if (captions) {
    for (unsigned i = 0U; i < captions->n_sinks; ++i) {
      const PinnaStatus closed = pinna_caption_sink_close(captions->sinks[i], error);
      status = status ? status : closed;
    }
    free(captions->sinks);
    free(captions->sources);
    free(captions);
  }
  return status;
}
