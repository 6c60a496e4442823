// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/shell.h"

#include "base/denormal.h"
#include "plugins/common/shell_impl.h"

#include <math.h>
#include <string.h>

// The realtime side: clamps controls, keeps bad samples out, crossfades to the delayed input

void
pinna_shell_connect(const LV2_Handle handle, const uint32_t port, void* const data) {
  PinnaShell* const   self = (PinnaShell*)handle;
  const PinnaVariant* variant = self->variant;
  const uint32_t      n_audio = variant->n_in + variant->n_out;
  if (port < variant->n_in) {
    self->in[port] = (const float*)data;
  } else if (port < n_audio) {
    self->out[port - variant->n_in] = (float*)data;
  } else if (port - n_audio < pinna_plugin.info->n_controls) {
    const uint32_t      c = port - n_audio;
    const PinnaPortKind kind = pinna_plugin.info->controls[c].kind;
    if (kind == PINNA_EVENT_IN || kind == PINNA_EVENT_OUT) {
      self->events.buffers[c] = (LV2_Atom_Sequence*)data;
    } else {
      self->control[c] = (float*)data;
    }
  }
}

static float
clamp_control(const PinnaPort* const port, const float value) {
  if (!(value == value)) {
    return port->def;
  }
  if (port->flags & PINNA_TOGGLED) {
    return value > 0.0f ? 1.0f : 0.0f;
  }
  const float whole = port->flags & (PINNA_INTEGER | PINNA_ENUMERATION) ? rintf(value) : value;
  return whole < port->min   ? port->min
         : whole > port->max ? port->max
                             : whole; // Inlined, not fminf()
}

/// Look at the control ports and note whether anything moved
static void
read_controls(PinnaShell* const self) {
  const PinnaPort* const ports = pinna_plugin.info->controls;
  for (uint32_t i = 0U; i < self->n_inputs; ++i) {
    const uint32_t c = self->input_at[i];
    if (!self->control[c] || !memcmp(&self->raw[c], self->control[c], sizeof(float))) {
      continue;
    }
    const float value = clamp_control(&ports[c], *self->control[c]);
    self->raw[c] = *self->control[c];
    if (value != self->values[c]) {
      self->changed = true;
      self->values[c] = value;
      atomic_store_explicit(&self->shown[c], value, memory_order_relaxed);
    }
  }
}

static void
write_reports(const PinnaShell* const self) {
  for (uint32_t r = 0U; r < self->n_reports; ++r) {
    const uint32_t c = self->report_at[r];
    if (self->control[c]) {
      *self->control[c] = self->reports[c];
    }
  }
}

/// An exponent of ones, and one more, carries into the highest bit
static bool
is_finite(const float* const x, const uint32_t n) {
  uint32_t bad = 0U;
#pragma GCC unroll 4
  for (uint32_t i = 0U; i < n; ++i) {
    uint32_t bits;
    memcpy(&bits, &x[i], sizeof(bits));
    bad |= (bits & 0x7F800000U) + 0x00800000U;
  }
  return bad < 0x80000000U;
}

/// Point call_in at inputs that are finite and that no other channel's output overwrites
static void
take_inputs(PinnaShell* const self, const uint32_t at, const uint32_t n) {
  for (uint32_t c = 0U; c < self->variant->n_in; ++c) {
    if (!self->in[c]) { // A side chain that nobody connected
      memset(self->clean[c], 0, n * sizeof(float));
      self->call_in[c] = self->clean[c];
      continue;
    }
    const float* const in = self->in[c] + at;
    const bool         good = is_finite(in, n);
    bool               copy = !good;
    for (uint32_t o = 0U; o < self->variant->n_out; ++o) {
      copy = copy || (o != c && self->in[c] == self->out[o]);
    }
    self->call_in[c] = in;
    if (copy) {
      for (uint32_t i = 0U; i < n; ++i) {
        self->clean[c][i] = isfinite(in[i]) ? in[i] : 0.0f;
      }
      self->call_in[c] = self->clean[c];
    }
  }
  for (uint32_t c = 0U; c < self->variant->n_out; ++c) {
    self->call_out[c] = self->out[c] + at;
  }
}

/// What an output passes on when the plugin is switched off; NULL: silence
static const float*
bypassed(const PinnaShell* const self, const uint32_t out) {
  const uint32_t last = self->variant->n_in - 1U;
  if (pinna_plugin.bypass) {
    const int32_t from = pinna_plugin.bypass(self->block, self->values, out);
    return from < 0 ? NULL : self->call_in[(uint32_t)from < last ? (uint32_t)from : last];
  }
  return self->call_in[out < last ? out : last];
}

/// Fill `dry` with the input as it was one latency ago
static void
delay_dry(PinnaShell* const self, const uint32_t n) {
  const uint32_t length = self->n_latency;
  uint32_t       at = self->delay_at;
  for (uint32_t c = 0U; c < self->variant->n_out; ++c) {
    const float* const in = bypassed(self, c);
    float* const       dry = self->dry[c];
    float* const       line = self->delay[c];
    if (!length) {
      if (in) {
        memcpy(dry, in, n * sizeof(float));
      } else {
        memset(dry, 0, n * sizeof(float));
      }
      continue;
    }
    at = self->delay_at;
    for (uint32_t i = 0U; i < n; ++i) {
      dry[i] = line[at];
      line[at] = in ? in[i] : 0.0f;
      at = at + 1U < length ? at + 1U : 0U;
    }
  }
  self->delay_at = at;
}

static bool
fade_rests(const PinnaFade* const fade) {
  return fade->state[2] == fade->target;
}

/// Next values of the fade; ends exactly on its target
static void
run_fade(PinnaFade* const fade, float* const gain, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    double input = fade->target;
    for (int p = 0; p < 3; ++p) {
      fade->state[p] += fade->pole * (input - fade->state[p]);
      input = fade->state[p];
    }
    if (fabs(input - fade->target) < 1e-7) {
      fade->state[0] = fade->state[1] = fade->state[2] = fade->target;
    }
    gain[i] = (float)fade->state[2];
  }
}

static void
mix_dry(PinnaShell* const self, const uint32_t n) {
  float      gain[PINNA_SHELL_CHUNK];
  const bool rests = fade_rests(&self->fade);
  if (!rests) {
    run_fade(&self->fade, gain, n);
  }

  for (uint32_t c = 0U; c < self->variant->n_out; ++c) {
    const float* const dry = self->dry[c];
    float* const       out = self->call_out[c];
    if (rests) {
      memcpy(out, dry, n * sizeof(float));
      continue;
    }
    for (uint32_t i = 0U; i < n; ++i) {
      out[i] = dry[i] + gain[i] * (out[i] - dry[i]);
    }
  }
}

/// A block that made a sample which is not finite starts again from silence
static void
guard_outputs(PinnaShell* const self, const uint32_t n) {
  for (uint32_t c = 0U; c < self->variant->n_out; ++c) {
    if (!is_finite(self->call_out[c], n)) {
      for (uint32_t o = 0U; o < self->variant->n_out; ++o) {
        memset(self->call_out[o], 0, n * sizeof(float));
      }
      pinna_plugin.reset(self->block);
      return;
    }
  }
}

static void
run_chunk(PinnaShell* const self, const uint32_t at, const uint32_t n, bool* const redraw) {
  const PinnaPluginCall call = {
      .in = self->call_in,
      .out = self->call_out,
      .n_frames = n,
      .values = self->values,
      .reports = self->reports,
      .changed = self->changed || self->fresh,
      .fresh = self->fresh,
      .freewheel = self->values[PINNA_CONTROL_FREEWHEEL] > 0.0f,
      .events = &self->events,
      .redraw = redraw,
      .file = self->file,
  };
  const bool dry_heard = !fade_rests(&self->fade) || self->fade.target < 1.0;

  if (self->file) {
    pinna_file_listen(self->file, &self->events);
    pinna_file_take(self->file, self->block);
  }
  take_inputs(self, at, n);
  if (dry_heard || self->n_latency) {
    delay_dry(self, n);
  }
  pinna_plugin.run(self->block, &call);
  if (!pinna_plugin.info->passes) {
    guard_outputs(self, n);
  }
  if (dry_heard) {
    mix_dry(self, n);
  }
  self->fresh = false;
  self->changed = false;
}

/// First run after activation: nothing moves from where it was
static void
begin(PinnaShell* const self) {
  self->fade.state[0] = self->fade.state[1] = self->fade.state[2] = self->fade.target;
  if (pinna_plugin.start) {
    const uint32_t latency = pinna_plugin.start(self->block, self->values);
    self->n_latency = latency < self->max_latency ? latency : self->max_latency;
    self->reports[PINNA_CONTROL_LATENCY] = (float)self->n_latency;
  }
}

void
pinna_shell_run(const LV2_Handle handle, const uint32_t n_frames) {
  PinnaShell* const self = (PinnaShell*)handle;
  const PinnaFpMode mode = pinna_denormal_enter();

  read_controls(self);
  bool redraw = self->changed;
  pinna_event_begin(&self->events);
  self->fade.target = self->values[PINNA_CONTROL_ENABLED];
  if (self->fresh) {
    begin(self);
  }
  for (uint32_t at = 0U; at < n_frames; at += PINNA_SHELL_CHUNK) {
    const uint32_t left = n_frames - at;
    const uint32_t n = left < PINNA_SHELL_CHUNK ? left : PINNA_SHELL_CHUNK;
    self->events.first = at;
    self->events.n_frames = n;
    self->events.last = n == left;
    run_chunk(self, at, n, &redraw);
  }
  write_reports(self);
  if (redraw && self->queue_draw) {
    self->queue_draw->queue_draw(self->queue_draw->handle);
  }
  pinna_denormal_leave(mode);
}
