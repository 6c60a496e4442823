// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/session.h"

#include "base/clock.h"
#include "host/log.h"
#include "host/session_impl.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <time.h>

// Session, its control loop: heals, saves, feeds, answers, and knows when to give up

#define POLL_MS 40
#define TRY_EVERY 0.5     ///< Seconds between attempts to open an absent backend
#define NOTICE_EVERY 10.0 ///< Seconds between status lines for systemd, and xrun reports

double
pinna_host_session_now(void) {
  return pinna_clock_s();
}

void
pinna_host_session_request(PinnaHostSession* const session, const PinnaRequest request) {
  atomic_fetch_or(&session->requests, 1U << (unsigned)request);
}

static PinnaHostSession* _Atomic signalled;

static void
on_signal(const int number) {
  PinnaHostSession* const session = atomic_load(&signalled);
  if (session) {
    pinna_host_session_request(session, number == SIGHUP    ? PINNA_REQUEST_RELOAD
                                        : number == SIGUSR1 ? PINNA_REQUEST_SAVE
                                                            : PINNA_REQUEST_STOP);
  }
}

void
pinna_host_session_catch_signals(PinnaHostSession* const session) {
  static const int        numbers[] = {SIGHUP, SIGUSR1, SIGINT, SIGTERM, SIGALRM};
  static struct sigaction before[5];
  static bool             caught;
  const struct sigaction  ours = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  atomic_store(&signalled, session);
  for (int i = 0; i < 5; ++i) {
    if (session && !caught) {
      sigaction(numbers[i], &ours, &before[i]);
    } else if (!session && caught) {
      sigaction(numbers[i], &before[i], NULL);
    }
  }
  caught = session;
}

void
pinna_host_session_forget_signals(PinnaHostSession* session) {
  atomic_compare_exchange_strong(&signalled, &session, NULL);
}

PinnaStatus
pinna_host_session_save(PinnaHostSession* const session, PinnaError* const error) {
  const char* dir = NULL;
  session->last_save = pinna_host_session_now();
  if (!session->store) {
    return pinna_fail(error, PINNA_STATUS_IO, "There is no folder for the state");
  }
  PinnaError reason = {""};
  char       older[PATH_MAX];
  const bool has_older = pinna_scene_n_missing(session->scene, NULL) &&
                         !pinna_state_store_newest(session->store, older, sizeof(older));
  PinnaStatus status = pinna_state_store_begin(session->store, &dir, &reason);
  if (!status) {
    status = pinna_scene_save(session->scene, dir, has_older ? older : NULL, &reason);
    status = status ? status : pinna_state_store_commit(session->store, &reason);
    pinna_state_store_abort(session->store);
  }
  if (status && !session->save_failed) {
    pinna_log(PINNA_LOG_WARNING, "%s (said once)", reason.text);
  }
  session->save_failed = status;
  return status ? pinna_fail(error, status, "%s", reason.text) : PINNA_STATUS_OK;
}

void
pinna_host_session_say_running(const PinnaHostSession* const session, const char* const also) {
  const char*    first = "";
  char           missing[128] = "";
  const unsigned n = pinna_scene_n_missing(session->scene, &first);
  if (n) {
    snprintf(missing, sizeof(missing), ", %u node%s missing ('%s'%s)", n, n > 1U ? "s" : "", first,
             n > 1U ? ", ..." : "");
  }
  pinna_sd_notify("%sSTATUS=Running%s%s, %" PRIu64 " xruns", also,
                  session->stale ? " on the former configuration" : "", missing,
                  atomic_load(&((PinnaHostSession*)session)->n_xruns));
}

/// JACK's thread is gone: play the rest of the fade to nobody, so that the return fades up
static void
fade_alone(const PinnaHostSession* const session) {
  enum { N = 64 };
  const float* in[N] = {NULL};
  float*       out[N];
  float        nobody[N];
  for (int i = 0; i < N; ++i) {
    out[i] = nobody;
  }
  pinna_engine_fade(session->engine, false);
  for (int i = 0; i < 1000 && !pinna_engine_silent(session->engine); ++i) {
    pinna_engine_run(session->engine, in, out, N);
  }
}

static void
went_away(PinnaHostSession* const session, const PinnaError* const reason) {
  session->lost = true;
  session->lost_error = *reason;
  session->lost_since = pinna_host_session_now();
  pinna_log(PINNA_LOG_WARNING, "%s", reason->text);
  pinna_sd_notify("STATUS=Lost: %s", reason->text);
  if (session->backend && !strcmp(session->scene->config->audio.backend, "jack")) {
    fade_alone(session);
  }
  if (session->scene->instances) {
    pinna_host_session_save(session, NULL);
  }
}

static void
came_back(PinnaHostSession* const session) {
  pinna_log(PINNA_LOG_NOTICE, "Audio is back after %.1f seconds",
            pinna_host_session_now() - session->lost_since);
  session->lost = false;
  session->lost_error.text[0] = '\0';
  pinna_engine_fade(session->engine, true);
  pinna_host_session_say_running(session, "");
}

/// LOST once waiting is not wanted, or has lasted too long
static PinnaStatus
judge_loss(const PinnaHostSession* const session, PinnaError* const error) {
  const PinnaConfigAudio* const audio = &session->scene->config->audio;
  const double                  gone = pinna_host_session_now() - session->lost_since;
  if (!audio->wait || (audio->give_up && gone > audio->give_up)) {
    return pinna_fail(error, PINNA_STATUS_LOST, "%s (lost for %.1f seconds)",
                      session->lost_error.text, gone);
  }
  return PINNA_STATUS_OK;
}

/// There is no backend: it was never there, or could not be opened again
static PinnaStatus
try_to_open(PinnaHostSession* const session, PinnaError* const error) {
  if (pinna_host_session_now() - session->last_try < TRY_EVERY) {
    return judge_loss(session, error);
  }
  PinnaError        reason = {""};
  const PinnaStatus status = pinna_host_session_bring_up(session, NULL, &reason);
  if (!status && session->lost) {
    ++session->n_waits;
    came_back(session);
  }
  if (!status) {
    return PINNA_STATUS_OK;
  }
  if (!session->scene->instances && status != PINNA_STATUS_NOT_FOUND) {
    return pinna_fail(error, status, "%s", reason.text);
  }
  session->lost_error = reason;
  return judge_loss(session, error);
}

/// @return END when the input has ended
static PinnaStatus
look_after_backend(PinnaHostSession* const session, PinnaError* const error) {
  PinnaError reason = {""};
  if (!session->backend) {
    return try_to_open(session, error);
  }
  switch (pinna_backend_poll(session->backend, &reason)) {
  case PINNA_BACKEND_FINISHED:
    return reason.text[0] ? pinna_fail(error, PINNA_STATUS_IO, "%s", reason.text)
                          : PINNA_STATUS_END;
  case PINNA_BACKEND_LOST:
    if (!session->lost) {
      went_away(session, &reason);
    }
    return judge_loss(session, error);
  case PINNA_BACKEND_STOPPED:
    if (pinna_host_session_refit(session, NULL, &reason)) {
      pinna_log(PINNA_LOG_ERROR, "The changed audio cannot be used: %s", reason.text);
      pinna_backend_close(session->backend);
      session->backend = NULL;
      went_away(session, &reason);
    }
    return PINNA_STATUS_OK;
  case PINNA_BACKEND_RUNNING:
  default:
    if (session->lost) {
      came_back(session);
    }
    return PINNA_STATUS_OK;
  }
}

/// Name a node that the guard had to mute, once each time
static void
watch_nodes(const PinnaHostSession* const session) {
  const PinnaScene* const scene = session->scene;
  for (unsigned i = 0; i < scene->config->n_nodes; ++i) {
    PinnaNodeStats stats;
    pinna_instance_idle(scene->instances[i]);
    const char* const id = scene->config->nodes[i].id;
    if (!pinna_engine_node_stats(session->engine, id, &stats) && stats.muted != scene->muted[i]) {
      scene->muted[i] = stats.muted;
      pinna_log(stats.muted ? PINNA_LOG_ERROR : PINNA_LOG_NOTICE,
                stats.muted ? "Node '%s' (%s) writes NaN or infinity: muted"
                            : "Node '%s' (%s) is sound again",
                id, scene->config->nodes[i].plugin);
    }
  }
}

/// Who took the largest part of a block, "" if nobody took more than half
static const char*
slowest(const PinnaHostSession* const session, char* const text, const size_t size) {
  double worst = 0.5;
  text[0] = '\0';
  for (unsigned i = 0; i < session->scene->config->n_nodes; ++i) {
    PinnaNodeStats    stats;
    const char* const id = session->scene->config->nodes[i].id;
    if (!pinna_engine_node_stats(session->engine, id, &stats) && stats.worst_load > worst) {
      worst = stats.worst_load;
      snprintf(text, size, "; slowest is node '%s', once %.1f ms or %.0f %% of a block", id,
               1e-6 * stats.worst_ns, 100.0 * worst);
    }
  }
  return text;
}

static void
report(PinnaHostSession* const session, const double now) {
  const uint64_t frames = pinna_engine_frames(session->engine);
  const uint64_t xruns = atomic_load(&session->n_xruns);
  if (!session->ready && frames) {
    session->ready = true;
    pinna_host_session_say_running(session, "READY=1\n");
  }
  pinna_watchdog_feed(&session->watchdog, frames, now);
  if (now - session->last_notice < NOTICE_EVERY) {
    return;
  }

  session->last_notice = now;
  if (xruns != session->seen_xruns) {
    char text[128];
    pinna_log(PINNA_LOG_WARNING, "%" PRIu64 " missed deadlines (xruns), %" PRIu64 " in all%s",
              xruns - session->seen_xruns, xruns, slowest(session, text, sizeof(text)));
    session->seen_xruns = xruns;
  }
  if (!session->lost) {
    pinna_host_session_say_running(session, "");
  }
  pinna_log_flush();
}

static void
look_after_sound(PinnaHostSession* const session) {
  const double   now = pinna_host_session_now();
  const unsigned every = session->scene->config->state.every;
  PinnaError     error = {""};
  watch_nodes(session);
  pinna_captions_poll(session->captions, session->scene->instances, session->engine,
                      session->settings.sample_rate);
  if (session->backend && pinna_engine_latency_changed(session->engine) &&
      pinna_host_session_apply(session, &error)) {
    pinna_log(PINNA_LOG_ERROR, "The graph could not be realigned: %s", error.text);
  }
  report(session, now);
  if (every && !session->lost && now - session->last_save >= every) {
    pinna_host_session_save(session, NULL);
  }
}

static PinnaStatus
finish(PinnaHostSession* const session, PinnaStatus status, PinnaError* const error) {
  pinna_sd_notify("STOPPING=1\nSTATUS=%s", status ? "Lost its audio" : "Stopping");
  if (session->backend) {
    const PinnaStatus whole = pinna_host_session_take_down(session, error);
    status = status ? status : whole;
  }
  pinna_captions_poll(session->captions, session->scene->instances, session->engine,
                      session->settings.sample_rate);
  if (session->scene->instances) {
    pinna_host_session_save(session, NULL);
  }
  pinna_control_close(session->control);
  session->control = NULL;
  pinna_log_flush();
  return status;
}

PinnaStatus
pinna_host_session_run(PinnaHostSession* const session, PinnaError* const error) {
  const struct timespec pause = {0, POLL_MS * 1000000L};
  for (;;) {
    if (session->control) {
      pinna_control_poll(session->control, POLL_MS, pinna_host_session_answer, session);
    } else {
      nanosleep(&pause, NULL);
    }

    const unsigned requests = atomic_exchange(&session->requests, 0U);
    if (requests & (1U << PINNA_REQUEST_STOP)) {
      return finish(session, PINNA_STATUS_OK, error);
    }
    if (requests & (1U << PINNA_REQUEST_RELOAD)) {
      pinna_host_session_reload(session, NULL);
    }
    if (requests & (1U << PINNA_REQUEST_SAVE) && session->scene->instances) {
      pinna_host_session_save(session, NULL);
    }

    const PinnaStatus status = look_after_backend(session, error);
    if (status) {
      return finish(session, status == PINNA_STATUS_END ? PINNA_STATUS_OK : status, error);
    }
    if (session->engine && session->scene->instances) {
      look_after_sound(session);
    }
  }
}
