// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/instance.h"

#include "host/instance_impl.h"
#include "host/lv2_events.h"
#include "host/lv2_ports.h"

#include <math.h>
#include <string.h>

// Plugin instance, realtime side

void
pinna_instance_set(PinnaInstance* const instance, const uint32_t port, const float value) PINNA_RT {
  PinnaPort* const target = instance->ports + port;
  const float      taken = port < instance->n_ports ? pinna_ports_clamp(&target->info, value) : NAN;
  if (isfinite(taken) && target->info.kind == PINNA_PORT_CONTROL &&
      (target->info.flags & PINNA_PORT_IS_INPUT)) {
    atomic_store_explicit(&target->shared, taken, memory_order_relaxed);
  }
}

float
pinna_instance_get(const PinnaInstance* const instance, const uint32_t port) PINNA_RT {
  return port < instance->n_ports
             ? atomic_load_explicit(&instance->ports[port].shared, memory_order_relaxed)
             : NAN;
}

uint32_t
pinna_instance_latency(const PinnaInstance* const instance) PINNA_RT {
  const PinnaPort* const port = instance->latency_port;
  const float frames = port ? atomic_load_explicit(&port->shared, memory_order_relaxed) : 0.0F;
  return frames > 0.0F && frames < 1e9F ? (uint32_t)lrintf(frames) : 0U;
}

bool
pinna_instance_in_place(const PinnaInstance* const instance) {
  return instance->in_place;
}

static void
take_controls(PinnaInstance* const instance) {
  for (uint32_t i = 0U; i < instance->n_control_in; ++i) {
    PinnaPort* const port = instance->ports + instance->control_in[i];
    port->value = atomic_load_explicit(&port->shared, memory_order_relaxed);
  }
}

static void
publish_controls(PinnaInstance* const instance) {
  for (uint32_t i = 0U; i < instance->n_control_out; ++i) {
    PinnaPort* const port = instance->ports + instance->control_out[i];
    atomic_store_explicit(&port->shared, port->value, memory_order_relaxed);
  }
  for (uint32_t i = 0U; i < instance->n_control_in; ++i) {
    PinnaPort* const port = instance->ports + instance->control_in[i];
    float            taken = port->value;
    if ((port->info.flags & PINNA_PORT_TRIGGER) && taken != port->info.initial) {
      // A value set since the run began stays for the next run
      atomic_compare_exchange_strong_explicit(&port->shared, &taken, port->info.initial,
                                              memory_order_relaxed, memory_order_relaxed);
    }
  }
}

static void
connect(PinnaInstance* const instance, const uint32_t index, void* const buffer) {
  PinnaPort* const port = instance->ports + index;
  if (port->buffer != buffer) {
    port->buffer = buffer;
    lilv_instance_connect_port(instance->lilv, index, buffer);
  }
}

static void
connect_audio(PinnaInstance* const instance, const float* const* const in, float* const* const out,
              const uint32_t offset) {
  for (uint32_t i = 0U; i < instance->n_audio_in; ++i) {
    const uint32_t index = instance->audio_in[i];
    const bool     optional = instance->ports[index].info.flags & PINNA_PORT_OPTIONAL;
    connect(instance, index,
            in && in[i] ? (float*)(uintptr_t)in[i] + offset
            : optional  ? NULL
                        : instance->silence);
  }
  for (uint32_t i = 0U; i < instance->n_audio_out; ++i) {
    const uint32_t index = instance->audio_out[i];
    const bool     optional = instance->ports[index].info.flags & PINNA_PORT_OPTIONAL;
    connect(instance, index,
            out && out[i] ? out[i] + offset
            : optional    ? NULL
                          : instance->ports[index].scratch);
  }
}

static void
run_piece(PinnaInstance* const instance, const float* const* const in, float* const* const out,
          const uint32_t offset, const uint32_t n_frames) {
  connect_audio(instance, in, out, offset);
  pinna_events_begin(instance);
  lilv_instance_run(instance->lilv, n_frames);
  if (instance->worker) {
    pinna_worker_deliver(instance->worker);
  }
  pinna_events_end(instance);
  instance->n_frames += n_frames;
}

static void
run_open(PinnaInstance* const instance, const float* const* const in, float* const* const out,
         const uint32_t n_frames) {
  take_controls(instance);
  for (uint32_t done = 0U; done < n_frames;) {
    uint32_t piece = n_frames - done;
    piece = piece < instance->config.max_block ? piece : instance->config.max_block;
    if (instance->split) {
      piece = 1U << (31U - (uint32_t)__builtin_clz(piece));
    }
    run_piece(instance, in, out, done, piece);
    done += piece;
  }
  publish_controls(instance);
}

/// In the place of a missing plugin: a single input feeds all outputs, as in a bypass
static void
pass_through(const PinnaInstance* const instance, const float* const* const in,
             float* const* const out, const uint32_t n_frames) {
  for (uint32_t i = 0U; out && i < instance->n_audio_out; ++i) {
    const bool         has = in && (i < instance->n_audio_in || instance->n_audio_in == 1U);
    const float* const source = !has ? NULL : i < instance->n_audio_in ? in[i] : in[0];
    if (out[i] && source) {
      memmove(out[i], source, n_frames * sizeof(float));
    } else if (out[i]) {
      memset(out[i], 0, n_frames * sizeof(float));
    }
  }
}

void
pinna_instance_run(PinnaInstance* const instance, const float* const* const in,
                   float* const* const out, const uint32_t n_frames) PINNA_RT {
  int gate = PINNA_GATE_OPEN;
  if (instance->missing) {
    pass_through(instance, in, out, n_frames);
    return;
  }
  if (n_frames &&
      atomic_compare_exchange_strong_explicit(&instance->gate, &gate, PINNA_GATE_RUNNING,
                                              memory_order_acquire, memory_order_relaxed)) {
    run_open(instance, in, out, n_frames);
    atomic_store_explicit(&instance->gate, PINNA_GATE_OPEN, memory_order_release);
    return;
  }

  for (uint32_t i = 0U; out && n_frames && i < instance->n_audio_out; ++i) {
    if (out[i]) {
      memset(out[i], 0, n_frames * sizeof(float));
    }
  }
}
