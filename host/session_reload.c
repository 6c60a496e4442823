// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/log.h"
#include "host/session_impl.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

// Session, a changed file: what did not change plays on, and a bad file changes nothing

static bool
same_text(const char* const a, const char* const b) {
  return a == b || (a && b && !strcmp(a, b));
}

static bool
same_list(char* const* const a, const unsigned n_a, char* const* const b, const unsigned n_b) {
  bool same = n_a == n_b;
  for (unsigned i = 0; i < n_a && same; ++i) {
    same = !strcmp(a[i], b[i]);
  }
  return same;
}

bool
pinna_host_session_same_audio(const PinnaConfig* const a, const PinnaConfig* const b) {
  const PinnaConfigAudio* const x = &a->audio;
  const PinnaConfigAudio* const y = &b->audio;
  return same_text(a->name, b->name) && same_text(x->backend, y->backend) &&
         same_text(x->client, y->client) && same_text(x->server, y->server) &&
         same_text(x->device, y->device) && same_text(x->input, y->input) &&
         same_text(x->output, y->output) && same_text(x->format, y->format) &&
         x->inputs == y->inputs && x->outputs == y->outputs && x->sample_rate == y->sample_rate &&
         x->block == y->block && x->clocked == y->clocked &&
         same_list(a->jack.inputs, a->jack.n_inputs, b->jack.inputs, b->jack.n_inputs) &&
         same_list(a->jack.outputs, a->jack.n_outputs, b->jack.outputs, b->jack.n_outputs);
}

/// Only the graph changed: the sound goes on
static PinnaStatus
change_graph(PinnaHostSession* const session, PinnaScene* const old, PinnaError* const error) {
  const PinnaStatus status = pinna_host_session_apply(session, error);
  if (!status) {
    pinna_scene_adopt(session->scene, old);
  }
  return status;
}

/// Another backend, or the same with other settings: fade, change, fade
static PinnaStatus
change_audio(PinnaHostSession* const session, PinnaScene* const old, PinnaError* const error) {
  PinnaScene* const scene = session->scene;
  PinnaError        reason = {""};
  if (pinna_host_session_take_down(session, &reason)) {
    pinna_log(PINNA_LOG_ERROR, "%s", reason.text);
  }
  pinna_scene_adopt(scene, old);
  const PinnaStatus status = pinna_host_session_bring_up(session, old, error);
  if (status) {
    reason = (PinnaError){""};
    session->scene = old;
    if (pinna_host_session_bring_up(session, scene, &reason)) {
      pinna_log(PINNA_LOG_ERROR, "Nor can the former audio be opened: %s; trying on", reason.text);
      session->lost = true;
      session->lost_error = reason;
      session->lost_since = pinna_host_session_now();
    }
    session->scene = scene;
  }
  return status;
}

/// Nothing plays yet: the new file is checked and takes the old one's place
static PinnaStatus
change_waiting(PinnaHostSession* const session, PinnaError* const error) {
  return pinna_host_session_examine(session->world, session->path, true, error);
}

static PinnaStatus
become(PinnaHostSession* const session, PinnaScene* const scene, PinnaError* const error) {
  PinnaScene* const old = session->scene;
  char              dir[PATH_MAX];
  scene->goes_on = true;
  if (pinna_scene_n_missing(old, NULL)) {
    pinna_world_look_again(session->world);
  }
  PinnaStatus status =
      old->instances ? pinna_scene_equip(scene, session->world, &session->settings, old, error)
                     : PINNA_STATUS_OK;
  if (!status) {
    if (old->instances && session->store &&
        !pinna_state_store_newest(session->store, dir, sizeof(dir))) {
      pinna_scene_restore(scene, old, dir);
    }
    const bool same = session->backend && pinna_host_session_same_audio(scene->config, old->config);
    session->scene = scene;
    status = !old->instances ? change_waiting(session, error)
             : same          ? change_graph(session, old, error)
                             : change_audio(session, old, error);
  }
  if (status) {
    session->scene = old;
    pinna_scene_free(scene, old);
  } else {
    PinnaError reason = {""};
    if (pinna_host_session_caption(session, &reason)) {
      pinna_log(PINNA_LOG_ERROR, "There are no captions: %s", reason.text);
    }
    pinna_scene_free(old, scene);
  }
  return status;
}

PinnaStatus
pinna_host_session_reload(PinnaHostSession* const session, PinnaError* const error) {
  PinnaConfig* config = NULL;
  PinnaScene*  scene = NULL;
  PinnaError   reason = {""};
  pinna_sd_notify("RELOADING=1\nMONOTONIC_USEC=%.0f", 1e6 * pinna_host_session_now());
  PinnaStatus status = pinna_config_load(&config, session->path, &reason);
  status = status ? status : pinna_scene_new(&scene, config, &reason);
  status = status ? status : become(session, scene, &reason);

  session->stale = status;
  session->config_error = reason;
  if (status) {
    pinna_log(PINNA_LOG_ERROR, "The changed file was not taken over, the former one runs on: %s",
              reason.text);
    pinna_fail(error, status, "%s", reason.text);
  } else {
    ++session->n_reloads;
    pinna_log(PINNA_LOG_INFO, "Reloaded %s", session->path);
  }
  if (session->ready) {
    pinna_host_session_say_running(session, "READY=1\n");
  }
  return status;
}
