// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/build_graph.h"
#include "host/log.h"
#include "host/paths.h"
#include "host/session_impl.h"
#include "host/stand_in.h"

#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Session, making and unmaking: backend, plugins and engine from a configuration

enum { MAX_CONNECTIONS = 64 };

static bool
has_wildcard(const char* const pattern) {
  return strpbrk(pattern, "*?[");
}

/// Entry n serves channel n; a pattern in the last place serves all that are left
static uint32_t
connect_channels(PinnaConnection* const connections, char* const* const patterns,
                 const unsigned n_patterns, const unsigned n_channels) {
  uint32_t n = 0;
  for (unsigned c = 0; c < n_channels && c < MAX_CONNECTIONS && n_patterns; ++c) {
    const char* const last = patterns[n_patterns - 1U];
    if (c < n_patterns || has_wildcard(last)) {
      connections[n++] = (PinnaConnection){c, c < n_patterns ? patterns[c] : last};
    }
  }
  return n;
}

static PinnaStatus
open_backend(PinnaBackend** const backend, const PinnaConfig* const config,
             PinnaError* const error) {
  const PinnaConfigAudio* const audio = &config->audio;
  PinnaConnection               inputs[MAX_CONNECTIONS];
  PinnaConnection               outputs[MAX_CONNECTIONS];
  const PinnaBackendConfig      settings = {
           .kind = audio->backend,
           .n_inputs = audio->inputs,
           .n_outputs = audio->outputs,
           .sample_rate = audio->sample_rate,
           .block = audio->block,
           .client = audio->client ? audio->client : config->name,
           .server = audio->server,
           .inputs = inputs,
           .n_input_connections =
               connect_channels(inputs, config->jack.inputs, config->jack.n_inputs, audio->inputs),
           .outputs = outputs,
           .n_output_connections =
               connect_channels(outputs, config->jack.outputs, config->jack.n_outputs, audio->outputs),
           .device = audio->device,
           .in_path = audio->input,
           .out_path = audio->output,
           .format = audio->format,
           .clocked = audio->clocked,
  };
  return pinna_backend_open(backend, &settings, error);
}

static bool
is_live(const PinnaConfig* const config) {
  return !strcmp(config->audio.backend, "jack") || !strcmp(config->audio.backend, "portaudio");
}

PinnaStatus
pinna_host_session_apply(PinnaHostSession* const session, PinnaError* const error) {
  const PinnaConfig* const config = session->scene->config;
  PinnaInstance** const    instances = session->scene->instances;
  const uint32_t           n_in = pinna_backend_n_inputs(session->backend);
  const uint32_t           n_out = pinna_backend_n_outputs(session->backend);
  PinnaGraphSpec*          spec = NULL;
  pinna_stand_in_fit(config, instances, n_in, n_out);
  PinnaStatus status = pinna_build_graph(&spec, config, instances, n_in, n_out, error);
  status = status ? status : pinna_engine_apply(session->engine, spec, error);
  pinna_graph_spec_free(spec);
  for (unsigned i = 0; i < config->n_nodes && !status; ++i) {
    status =
        pinna_engine_bypass(session->engine, config->nodes[i].id, config->nodes[i].bypass, error);
  }
  if (!status) {
    pinna_backend_set_latency(session->backend, pinna_engine_latency(session->engine));
  }
  return status;
}

/// Plugins for the backend's rate: new ones with the newest saved state, or the present ones moved
static PinnaStatus
equip(PinnaHostSession* const session, const PinnaScene* const keep, PinnaError* const error) {
  PinnaScene* const         scene = session->scene;
  const PinnaInstanceConfig settings = {
      .sample_rate = pinna_backend_sample_rate(session->backend),
      .max_block = pinna_backend_max_block(session->backend),
      .offline = !is_live(scene->config) && !scene->config->audio.clocked,
  };
  const bool fits = scene->instances &&
                    fabs(settings.sample_rate - session->settings.sample_rate) < 0.5 &&
                    settings.offline == session->settings.offline;
  if (fits) {
    return PINNA_STATUS_OK;
  }

  char              dir[PATH_MAX];
  const bool        fresh = !scene->instances;
  const PinnaStatus status = fresh
                                 ? pinna_scene_equip(scene, session->world, &settings, NULL, error)
                                 : pinna_scene_move(scene, session->world, &settings, keep, error);
  if (status) {
    return status;
  }
  session->settings = settings;
  if (fresh && session->store && !pinna_state_store_newest(session->store, dir, sizeof(dir))) {
    pinna_scene_restore(scene, NULL, dir);
    pinna_log(PINNA_LOG_INFO, "State restored from %s", dir);
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_host_session_refit(PinnaHostSession* const session, const PinnaScene* const keep,
                         PinnaError* const error) {
  pinna_engine_free(session->engine);
  session->engine = NULL;
  PinnaStatus status = equip(session, keep, error);
  if (status) {
    return status;
  }

  const PinnaEngineConfig settings = {
      .sample_rate = session->settings.sample_rate,
      .max_block = session->settings.max_block,
      .n_inputs = pinna_backend_n_inputs(session->backend),
      .n_outputs = pinna_backend_n_outputs(session->backend),
      .fade_in = is_live(session->scene->config),
  };
  const PinnaBackendClient client = {session, pinna_host_session_process, pinna_host_session_xrun};
  status = pinna_engine_new(&session->engine, &settings, error);
  status = status ? status : pinna_host_session_apply(session, error);
  session->watchdog.frames = 0;
  return status ? status : pinna_backend_start(session->backend, &client, error);
}

PinnaStatus
pinna_host_session_bring_up(PinnaHostSession* const session, const PinnaScene* const keep,
                            PinnaError* const error) {
  session->last_try = pinna_host_session_now();
  PinnaStatus status = open_backend(&session->backend, session->scene->config, error);
  if (status) {
    session->backend = NULL;
    return status;
  }
  status = pinna_host_session_refit(session, keep, error);
  if (status) {
    pinna_backend_close(session->backend);
    session->backend = NULL;
  } else {
    pinna_log(PINNA_LOG_INFO, "Audio runs: %s, %.0f Hz, %u in, %u out, latency %u frames",
              session->scene->config->audio.backend, pinna_backend_sample_rate(session->backend),
              pinna_backend_n_inputs(session->backend), pinna_backend_n_outputs(session->backend),
              pinna_engine_latency(session->engine));
  }
  return status;
}

PinnaStatus
pinna_host_session_take_down(PinnaHostSession* const session, PinnaError* const error) {
  PinnaStatus           status = PINNA_STATUS_OK;
  const struct timespec pause = {0, 5000000};
  if (session->backend) {
    const uint64_t before = pinna_engine_frames(session->engine);
    pinna_engine_fade(session->engine, false);
    for (int i = 0; i < 100 && !pinna_engine_silent(session->engine); ++i) {
      if (i == 40 && pinna_engine_frames(session->engine) == before) {
        break; // Nothing sounds: nothing to fade
      }
      nanosleep(&pause, NULL);
    }
    status = pinna_backend_finish(session->backend, error);
    pinna_backend_close(session->backend);
    session->backend = NULL;
  }
  return status;
}

PinnaStatus
pinna_host_session_caption(PinnaHostSession* const session, PinnaError* const error) {
  const PinnaConfig* const config = session->scene->config;
  PinnaError               reason = {""};
  if (session->captions && pinna_captions_move(session->captions, config)) {
    return PINNA_STATUS_OK;
  }
  if (pinna_captions_free(session->captions, &reason)) {
    pinna_log(PINNA_LOG_WARNING, "%s", reason.text);
  }
  return pinna_captions_new(&session->captions, session->world, config,
                            is_live(config) || config->audio.clocked, error);
}

/// Where state goes; without a place the session runs on, and says so once
static void
open_store(PinnaHostSession* const session) {
  const PinnaConfig* const config = session->scene->config;
  PinnaError               error = {""};
  char* const dir = config->state.dir ? strdup(config->state.dir) : pinna_paths_state(config->name);
  if (!dir || pinna_state_store_open(&session->store, dir, config->state.keep, &error)) {
    pinna_log(PINNA_LOG_WARNING, "The plugins' state will not be saved: %s",
              dir ? error.text : "no folder for it");
  }
  free(dir);
}

/// The server or device is not there yet: look at everything else now rather than later
static PinnaStatus
wait_for_audio(PinnaHostSession* const session, const PinnaError* const reason,
               PinnaError* const error) {
  const PinnaStatus status = pinna_host_session_examine(session->world, session->path, true, error);
  if (!status) {
    session->lost_error = *reason;
    session->lost_since = session->started;
    pinna_log(PINNA_LOG_WARNING, "%s; waiting for it", reason->text);
    pinna_sd_notify("STATUS=Waiting: %s", reason->text);
  }
  return status;
}

static PinnaStatus
set_up(PinnaHostSession* const session, PinnaError* const error) {
  PinnaConfig* config = NULL;
  PinnaStatus  status = pinna_config_load(&config, session->path, error);
  status = status ? status : pinna_scene_new(&session->scene, config, error);
  if (status) {
    return status;
  }

  session->scene->goes_on = true;
  status = pinna_host_session_caption(session, error);
  if (status) {
    return status;
  }
  PinnaError reason = {""};
  status = pinna_control_open(&session->control, session->scene->config->name, &reason);
  if (status == PINNA_STATUS_BUSY) {
    return pinna_fail(error, status, "%s", reason.text);
  }
  if (status) {
    pinna_log(PINNA_LOG_WARNING, "No remote control: %s", reason.text);
  }
  open_store(session);

  reason.text[0] = '\0';
  status = pinna_host_session_bring_up(session, NULL, &reason);
  const bool absent = status == PINNA_STATUS_NOT_FOUND && !session->scene->instances;
  if (absent && is_live(session->scene->config) && session->scene->config->audio.wait) {
    return wait_for_audio(session, &reason, error);
  }
  return status ? pinna_fail(error, status, "%s", reason.text) : PINNA_STATUS_OK;
}

PinnaStatus
pinna_host_session_new(PinnaHostSession** const session, PinnaWorld* const world,
                       const char* const config_path, PinnaError* const error) {
  *session = NULL;
  signal(SIGPIPE, SIG_IGN);
  PinnaHostSession* const made = calloc(1, sizeof(PinnaHostSession));
  if (!made || !(made->path = strdup(config_path))) {
    free(made);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  made->world = world;
  made->watchdog = pinna_watchdog();
  made->started = pinna_host_session_now();
  made->last_save = made->started;
  const PinnaStatus status = set_up(made, error);
  if (status) {
    pinna_host_session_free(made);
    return status;
  }
  *session = made;
  return PINNA_STATUS_OK;
}

void
pinna_host_session_free(PinnaHostSession* const session) {
  if (session) {
    pinna_host_session_forget_signals(session);
    pinna_host_session_take_down(session, NULL);
    pinna_captions_free(session->captions, NULL);
    pinna_control_close(session->control);
    pinna_state_store_close(session->store);
    pinna_engine_free(session->engine);
    pinna_scene_free(session->scene, NULL);
    free(session->path);
    free(session);
  }
}

PinnaStatus
pinna_host_session_examine(PinnaWorld* const world, const char* const config_path,
                           const bool goes_on, PinnaError* const error) {
  PinnaConfig* config = NULL;
  PinnaScene*  scene = NULL;
  PinnaStatus  status = pinna_config_load(&config, config_path, error);
  status = status ? status : pinna_scene_new(&scene, config, error);
  if (status) {
    return status;
  }

  scene->goes_on = goes_on;
  const PinnaConfigAudio* const audio = &scene->config->audio;
  const uint32_t                n_in = audio->inputs ? audio->inputs : 2U;
  const PinnaInstanceConfig     settings = {
          .sample_rate = audio->sample_rate ? audio->sample_rate : 48000.0,
          .max_block = audio->block ? audio->block : 1024U,
  };
  const PinnaEngineConfig sizes = {settings.sample_rate, settings.max_block, n_in, audio->outputs,
                                   false};
  PinnaGraphSpec*         spec = NULL;
  PinnaEngine*            engine = NULL;
  status = pinna_scene_equip(scene, world, &settings, NULL, error);
  if (!status) {
    pinna_stand_in_fit(scene->config, scene->instances, n_in, audio->outputs);
  }
  status = status ? status
                  : pinna_build_graph(&spec, scene->config, scene->instances, n_in, audio->outputs,
                                      error);
  status = status ? status : pinna_engine_new(&engine, &sizes, error);
  status = status ? status : pinna_engine_apply(engine, spec, error);
  pinna_engine_free(engine);
  pinna_graph_spec_free(spec);
  pinna_scene_free(scene, NULL);
  return status;
}

PinnaStatus
pinna_host_session_check(PinnaWorld* const world, const char* const config_path,
                         PinnaError* const error) {
  return pinna_host_session_examine(world, config_path, false, error);
}
