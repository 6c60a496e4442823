// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/session_impl.h"
#include "host/stand_in.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

// Session, requests of the control socket

/// Cut the next word off
static const char*
next_word(char** const rest) {
  *rest += strspn(*rest, " \t");
  char* const word = *rest;
  *rest += strcspn(*rest, " \t");
  if (**rest) {
    *(*rest)++ = '\0';
  }
  return word;
}

static PinnaStatus
need_plugins(const PinnaHostSession* const session, PinnaError* const error) {
  return session->scene->instances
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BUSY, "Still waiting for audio: nothing plays yet");
}

/// A node that is there with its plugin
static PinnaStatus
find_plugin(const PinnaHostSession* const session, const char* const id, unsigned* const node,
            PinnaError* const error) {
  const PinnaStatus status = pinna_scene_find(session->scene, id, node, error);
  const char* const reason =
      status ? NULL : pinna_stand_in_reason(session->scene->instances[*node]);
  return reason ? pinna_fail(error, PINNA_STATUS_NOT_FOUND, "Node '%s' is missing: %s", id, reason)
                : status;
}

static PinnaStatus
do_set(const PinnaHostSession* const session, char* rest, PinnaError* const error) {
  const char* const id = next_word(&rest);
  const char* const symbol = next_word(&rest);
  const char* const value = rest + strspn(rest, " \t");
  unsigned          node = 0;
  PinnaStatus       status = need_plugins(session, error);
  if (!status && !*value) {
    status = pinna_fail(error, PINNA_STATUS_BAD_ARG, "Write: set NODE SYMBOL VALUE");
  }
  status = status ? status : find_plugin(session, id, &node, error);
  return status ? status
                : pinna_instance_set_text(session->scene->instances[node], symbol, value, error);
}

static PinnaStatus
do_preset(const PinnaHostSession* const session, char* rest, PinnaError* const error) {
  const char* const id = next_word(&rest);
  const char* const preset = rest + strspn(rest, " \t");
  unsigned          node = 0;
  PinnaStatus       status = need_plugins(session, error);
  if (!status && !*preset) {
    status = pinna_fail(error, PINNA_STATUS_BAD_ARG, "Write: preset NODE LABEL");
  }
  status = status ? status : find_plugin(session, id, &node, error);
  return status ? status : pinna_instance_preset(session->scene->instances[node], preset, error);
}

static PinnaStatus
do_bypass(const PinnaHostSession* const session, char* rest, PinnaError* const error) {
  const char* const id = next_word(&rest);
  const char* const how = next_word(&rest);
  unsigned          node = 0;
  PinnaStatus       status = need_plugins(session, error);
  if (!status && strcmp(how, "on") && strcmp(how, "off")) {
    status = pinna_fail(error, PINNA_STATUS_BAD_ARG, "Write: bypass NODE on, or off");
  }
  status = status ? status : pinna_scene_find(session->scene, id, &node, error);
  status = status ? status : pinna_engine_bypass(session->engine, id, !strcmp(how, "on"), error);
  if (!status) {
    session->scene->config->nodes[node].bypass = !strcmp(how, "on");
  }
  return status;
}

static PinnaStatus
execute(PinnaHostSession* const session, const char* const word, char* const rest,
        PinnaError* const error) {
  if (!strcmp(word, "reload")) {
    return pinna_host_session_reload(session, error);
  }
  if (!strcmp(word, "save")) {
    const PinnaStatus status = need_plugins(session, error);
    return status ? status : pinna_host_session_save(session, error);
  }
  if (!strcmp(word, "stop")) {
    pinna_host_session_request(session, PINNA_REQUEST_STOP);
    return PINNA_STATUS_OK;
  }
  return !strcmp(word, "set")      ? do_set(session, rest, error)
         : !strcmp(word, "preset") ? do_preset(session, rest, error)
         : !strcmp(word, "bypass")
             ? do_bypass(session, rest, error)
             : pinna_fail(error, PINNA_STATUS_BAD_ARG,
                          "Unknown request '%.64s': ask for status, reload, save, stop, set, "
                          "preset or bypass",
                          word);
}

void
pinna_host_session_answer(void* const handle, const char* const request, FILE* const out) {
  PinnaHostSession* const session = handle;
  char                    line[1024];
  char*                   rest = line;
  PinnaError              error = {""};
  snprintf(line, sizeof(line), "%s", request);
  const char* const word = next_word(&rest);
  if (!strcmp(word, "status")) {
    pinna_host_session_status(session, out);
    return;
  }

  const PinnaStatus status = execute(session, word, rest, &error);
  json_t* const     answer =
      status ? json_pack("{s:b, s:s, s:i}", "ok", 0, "error", error.text, "code", (int)status)
                 : json_pack("{s:b}", "ok", 1);
  if (answer) {
    json_dumpf(answer, out, JSON_COMPACT);
  }
  json_decref(answer);
}
