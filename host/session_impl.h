// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_SESSION_IMPL_H
#define PINNA_HOST_SESSION_IMPL_H

#include "host/backend.h"
#include "host/captions.h"
#include "host/control.h"
#include "host/engine.h"
#include "host/scene.h"
#include "host/sd_notify.h"
#include "host/session.h"
#include "host/state_store.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// The session's structure and the functions that its parts share; all on the control thread

struct PinnaHostSessionImpl {
  PinnaWorld*      world;
  char*            path;    ///< Of the configuration file
  PinnaScene*      scene;   ///< Always there; without plugins until the backend was once open
  PinnaEngine*     engine;  ///< NULL until the backend was once open
  PinnaBackend*    backend; ///< NULL while it cannot be opened
  PinnaControl*    control; ///< NULL if there is no place for the socket
  PinnaCaptions*   captions;
  PinnaStateStore* store; ///< NULL if there is no place for state
  PinnaWatchdog    watchdog;

  PinnaInstanceConfig settings; ///< With which the plugins were made
  _Atomic unsigned    requests; ///< Bits 1 << PinnaRequest
  _Atomic uint64_t    n_xruns;
  PinnaBackendState   state;
  bool                lost;        ///< Was running, and is not
  bool                ready;       ///< systemd was told
  bool                stale;       ///< The file on disk is not what runs
  bool                save_failed; ///< Said so once
  PinnaError          config_error;
  PinnaError          lost_error;
  uint64_t            seen_xruns;
  uint32_t            n_reloads;
  uint32_t            n_waits; ///< Lost and brought back by opening anew
  double              started; ///< Seconds, monotonic
  double              lost_since;
  double              last_try;
  double              last_save;
  double              last_notice;
};

/// Seconds, monotonic
double pinna_host_session_now(void);

/// The audio thread's end. Realtime.
void pinna_host_session_process(void* handle, const float* const* in, float* const* out,
                                uint32_t n_frames) PINNA_RT;
void pinna_host_session_xrun(void* handle) PINNA_RT;

/// Open the scene's backend, make plugins and engine fit it, restore, start.
/// @param keep Plugins that this other scene (or NULL) plays are not freed
PinnaStatus pinna_host_session_bring_up(PinnaHostSession* session, const PinnaScene* keep,
                                        PinnaError* error);

/// The backend stands with another rate: make plugins and engine fit it, start.
PinnaStatus pinna_host_session_refit(PinnaHostSession* session, const PinnaScene* keep,
                                     PinnaError* error);

/// Fade to silence, stop and close the backend. @return IO: what it wrote is not whole
PinnaStatus pinna_host_session_take_down(PinnaHostSession* session, PinnaError* error);

/// Give the engine the scene's graph as it is now
PinnaStatus pinna_host_session_apply(PinnaHostSession* session, PinnaError* error);

/// True if both ask for the same backend with the same settings and connections
bool pinna_host_session_same_audio(const PinnaConfig* a, const PinnaConfig* b);

/// Read the file again and become what it says, or stay as it is and say why
PinnaStatus pinna_host_session_reload(PinnaHostSession* session, PinnaError* error);

/// As pinna_host_session_check(). @param goes_on Without the nodes that cannot be made
PinnaStatus pinna_host_session_examine(PinnaWorld* world, const char* config_path, bool goes_on,
                                       PinnaError* error);

/// Tell systemd that it runs, and with what trouble. @param also "" or lines such as "READY=1\n"
void pinna_host_session_say_running(const PinnaHostSession* session, const char* also);

/// Signals have no effect any more if they had one on this session
void pinna_host_session_forget_signals(PinnaHostSession* session);

/// Open the caption sinks of the scene's configuration, or keep them if it has the same.
/// @return As pinna_captions_new(); then there are none
PinnaStatus pinna_host_session_caption(PinnaHostSession* session, PinnaError* error);

/// Save the plugins' state now
PinnaStatus pinna_host_session_save(PinnaHostSession* session, PinnaError* error);

/// Answer a request of the control socket
void pinna_host_session_answer(void* handle, const char* request, FILE* out);

#endif // PINNA_HOST_SESSION_IMPL_H
