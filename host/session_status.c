// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/session_impl.h"
#include "host/stand_in.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

// Session, its health as JSON

static json_t*
number(const double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t*
text_or_null(const char* const text) {
  return text && text[0] ? json_string(text) : json_null();
}

static json_t*
controls_of(const PinnaInstance* const instance) {
  json_t* const controls = json_object();
  for (uint32_t i = 0; i < pinna_instance_n_ports(instance); ++i) {
    const PinnaPortInfo* const port = pinna_instance_port(instance, i);
    if (port->kind == PINNA_PORT_CONTROL) {
      json_object_set_new(controls, port->symbol, number(pinna_instance_get(instance, i)));
    }
  }
  return controls;
}

static json_t*
node_of(const PinnaHostSession* const session, const unsigned i) {
  const PinnaConfigNode* const node = &session->scene->config->nodes[i];
  PinnaNodeStats               stats;
  memset(&stats, 0, sizeof(stats));
  if (session->engine) {
    pinna_engine_node_stats(session->engine, node->id, &stats);
  }
  json_t* const object = json_pack(
      "{s:s, s:s, s:b, s:b, s:I, s:I, s:i}", "id", node->id, "plugin", node->plugin, "bypass",
      (int)node->bypass, "muted", (int)stats.muted, "n_nonfinite", (json_int_t)stats.n_nonfinite,
      "n_runs", (json_int_t)stats.n_runs, "latency", (int)stats.latency);
  json_object_set_new(object, "mean_us", number(1e-3 * stats.mean_ns));
  json_object_set_new(object, "p99_us", number(1e-3 * stats.p99_ns));
  json_object_set_new(object, "worst_us", number(1e-3 * stats.worst_ns));
  json_object_set_new(object, "mean_load", number(stats.mean_load));
  json_object_set_new(object, "worst_load", number(stats.worst_load));
  json_object_set_new(object, "peak_in", number((double)stats.peak_in));
  json_object_set_new(object, "peak_out", number((double)stats.peak_out));
  const char* const reason =
      session->scene->instances ? pinna_stand_in_reason(session->scene->instances[i]) : NULL;
  json_object_set_new(object, "missing", json_boolean(reason));
  json_object_set_new(object, "reason", text_or_null(reason));
  if (session->scene->instances) {
    json_object_set_new(object, "controls", controls_of(session->scene->instances[i]));
  }
  return object;
}

static json_t*
peaks_of(const PinnaHostSession* const session, const bool inputs) {
  json_t* const  peaks = json_array();
  const uint32_t n = !session->backend || !session->engine ? 0
                     : inputs ? pinna_backend_n_inputs(session->backend)
                              : pinna_backend_n_outputs(session->backend);
  for (uint32_t i = 0; i < n; ++i) {
    json_array_append_new(peaks, number((double)pinna_engine_peak(session->engine, inputs, i)));
  }
  return peaks;
}

static json_t*
audio_of(const PinnaHostSession* const session) {
  const PinnaBackend* const backend = session->backend;
  const PinnaEngine* const  engine = session->engine;
  json_t* const             object =
      json_pack("{s:s, s:i, s:i, s:I, s:I, s:i}", "backend", session->scene->config->audio.backend,
                "block", backend ? (int)pinna_backend_max_block(backend) : 0, "latency",
                engine ? (int)pinna_engine_latency(engine) : 0, "frames",
                engine ? (json_int_t)pinna_engine_frames(engine) : (json_int_t)0, "xruns",
                (json_int_t)atomic_load(&((PinnaHostSession*)session)->n_xruns), "returns",
                (int)(session->n_waits + (backend ? pinna_backend_n_returns(backend) : 0)));
  json_object_set_new(object, "sample_rate",
                      number(backend ? pinna_backend_sample_rate(backend) : 0.0));
  json_object_set_new(object, "error",
                      session->lost || !backend ? text_or_null(session->lost_error.text)
                                                : json_null());
  json_object_set_new(object, "peaks_in", peaks_of(session, true));
  json_object_set_new(object, "peaks_out", peaks_of(session, false));
  return object;
}

static json_t*
captions_of(const PinnaHostSession* const session) {
  json_t* const captions = json_array();
  for (unsigned i = 0; i < pinna_captions_count(session->captions); ++i) {
    const PinnaConfigCaption* const entry = &session->scene->config->captions[i];
    uint64_t                        n_lost = 0;
    const char* const               trouble = pinna_captions_trouble(session->captions, i, &n_lost);
    json_t* const object = json_pack("{s:s, s:s, s:I}", "from", entry->from, "to", entry->to,
                                     "lost", (json_int_t)n_lost);
    json_object_set_new(object, "trouble", text_or_null(trouble));
    json_array_append_new(captions, object);
  }
  return captions;
}

void
pinna_host_session_status(PinnaHostSession* const session, FILE* const out) {
  const PinnaConfig* const config = session->scene->config;
  json_t* const            nodes = json_array();
  for (unsigned i = 0; i < config->n_nodes; ++i) {
    json_array_append_new(nodes, node_of(session, i));
  }
  json_t* const object = json_pack("{s:b, s:s, s:s, s:f, s:o, s:{s:s, s:b, s:i, s:o}, s:o}", "ok",
                                   1, "name", config->name, "state",
                                   session->lost       ? "lost"
                                   : !session->backend ? "waiting"
                                                       : "running",
                                   "uptime", pinna_host_session_now() - session->started, "audio",
                                   audio_of(session), "config", "path", session->path, "stale",
                                   (int)session->stale, "reloads", (int)session->n_reloads, "error",
                                   text_or_null(session->config_error.text), "nodes", nodes);
  if (object) {
    json_object_set_new(object, "captions", captions_of(session));
    json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(9));
  }
  json_decref(object);
}
