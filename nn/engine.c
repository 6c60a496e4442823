// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/engine.h"

#include "base/clock.h"
#include "base/pool.h"
#include "base/ring.h"
#include "nn/engine_impl.h"

#include <string.h>

// Cuts samples into chunks, hands them on, keeps results by number

static bool
has_result(const PinnaNnEngine* const self, const uint64_t chunk) {
  const PinnaNnEngineSlot* const slot = &self->slots[chunk % self->n_slots];
  return slot->is_there && slot->chunk == chunk;
}

/// Run `given`, which is the next chunk or comes after a gap; `made` is its result
static void
run_chunk(PinnaNnEngine* const self, const PinnaNnEngineHead* const given) {
  const PinnaNnEngineModel* const model = &self->config.model;
  const bool                      is_new = given->epoch != self->run_epoch;
  if ((is_new || given->chunk != self->run_next) && model->skip) {
    model->skip(model->handle, given->chunk, is_new ? 0U : given->chunk - self->run_next);
  }
  const uint64_t start = pinna_clock_ns();
  model->run(model->handle, (const float*)(given + 1), pinna_nn_engine_floats(self->made));
  *self->made =
      (PinnaNnEngineHead){given->chunk, given->epoch, 1e-9f * (float)(pinna_clock_ns() - start)};
  self->run_epoch = given->epoch;
  self->run_next = given->chunk + 1U;
}

/// True if the chunk has waited too long: so has all that is queued before the newest
static bool
is_expired(PinnaNnEngine* const self, const PinnaNnEngineHead* const given) {
  const uint64_t newest = atomic_load_explicit(&self->newest, memory_order_acquire);
  if (newest > given->chunk + self->config.max_lag) {
    self->drop_until = newest;
  }
  return given->chunk < self->drop_until;
}

/// True if the chunk is of this stream and has not waited too long
static bool
is_wanted(PinnaNnEngine* const self, const PinnaNnEngineHead* const given) {
  const uint32_t epoch = atomic_load_explicit(&self->epoch, memory_order_acquire);
  if (given->epoch != epoch) {
    return false;
  }
  if (self->run_epoch != epoch) {
    self->drop_until = 0U;
  }
  if (is_expired(self, given)) {
    atomic_fetch_add_explicit(&self->n_expired, 1U, memory_order_relaxed);
    return false;
  }
  return true;
}

void
pinna_nn_engine_work(void* const handle) {
  PinnaNnEngine* const self = (PinnaNnEngine*)handle;
  const size_t         n_out = self->config.n_out * sizeof(float);
  uint64_t             n = atomic_load_explicit(&self->n_taken, memory_order_relaxed);
  bool                 has_run = false;
  while (!has_run && n != atomic_load_explicit(&self->n_sent, memory_order_acquire)) {
    const PinnaNnEngineHead* const given = pinna_nn_engine_place(self, n);
    has_run = is_wanted(self, given);
    if (has_run) {
      run_chunk(self, given);
      pinna_ring_push(self->results, 0U, self->made, (uint32_t)(sizeof(*self->made) + n_out));
    }
    atomic_store_explicit(&self->n_taken, ++n, memory_order_release);
  }
  if (n != atomic_load_explicit(&self->n_sent, memory_order_acquire)) {
    pinna_job_again(self->job, pinna_clock_ns()); // Others whose deadline is earlier go first
  }
}

static void
keep_result(PinnaNnEngine* const self, const PinnaNnEngineHead* const made) {
  const uint32_t n_out = self->config.n_out;
  const size_t   at = (size_t)(made->chunk % self->n_slots);
  if (n_out) {
    memcpy(self->kept + at * n_out, made + 1, n_out * sizeof(float));
  }
  self->slots[at] = (PinnaNnEngineSlot){made->chunk, true};
  self->n_done = made->chunk + 1U;
  self->worst_s = made->took_s > self->worst_s ? made->took_s : self->worst_s;
  ++self->n_run;
}

static void
take_results(PinnaNnEngine* const self) {
  const uint32_t size = (uint32_t)(sizeof(*self->taken) + self->config.n_out * sizeof(float));
  const uint32_t epoch = atomic_load_explicit(&self->epoch, memory_order_relaxed);
  PinnaMessage   message;
  while (self->pool && pinna_ring_pop(self->results, &message, self->taken, size)) {
    if (self->taken->epoch == epoch) {
      keep_result(self, self->taken);
    }
  }
}

/// The chunk in `fresh` is whole
static void
send_chunk(PinnaNnEngine* const self) {
  *self->fresh = (PinnaNnEngineHead){
      self->n_chunks++, atomic_load_explicit(&self->epoch, memory_order_relaxed), 0.0f};
  self->filled = 0U;
  if (!self->pool || self->offline) {
    run_chunk(self, self->fresh);
    keep_result(self, self->made);
    return;
  }

  const uint64_t n = atomic_load_explicit(&self->n_sent, memory_order_relaxed) + 1U;
  atomic_store_explicit(&self->newest, self->fresh->chunk, memory_order_release);
  if (n - atomic_load_explicit(&self->n_taken, memory_order_acquire) < self->n_places) {
    self->fresh = pinna_nn_engine_place(self, n);
    atomic_store_explicit(&self->n_sent, n, memory_order_release);
  } else {
    ++self->n_dropped; // The next one is filled into its place
  }
  const uint64_t now = pinna_clock_ns();
  pinna_job_kick(self->job, now, now + (uint64_t)(1e9 * self->config.budget / self->config.rate));
}

void
pinna_nn_engine_push(PinnaNnEngine* const self, const float* const* const in,
                     const uint32_t n_frames) {
  const PinnaNnEngineConfig* const config = &self->config;
  take_results(self);
  for (uint32_t i = 0U; i < n_frames;) {
    const uint32_t room = config->chunk - self->filled;
    const uint32_t n = n_frames - i < room ? n_frames - i : room;
    float* const   to = pinna_nn_engine_floats(self->fresh) + self->filled;
    for (uint32_t c = 0U; c < config->n_channels; ++c) {
      memcpy(to + (size_t)c * config->chunk, in[c] + i, n * sizeof(float));
    }
    self->filled += n;
    i += n;
    if (self->filled == config->chunk) {
      send_chunk(self);
    }
  }
  self->n_pushed += n_frames;
  const uint32_t budget = config->is_eager && self->offline ? 0U : config->budget;
  while ((self->n_due + 1U) * config->chunk + budget <= self->n_pushed) {
    self->n_late += !has_result(self, self->n_due);
    ++self->n_due;
  }
}

uint64_t
pinna_nn_engine_n_due(const PinnaNnEngine* const self) {
  return self->n_due;
}

uint32_t
pinna_nn_engine_read(const PinnaNnEngine* const self, const uint64_t chunk, const uint32_t max_age,
                     float* const out) {
  if (chunk >= self->n_due) {
    return UINT32_MAX;
  }
  for (uint32_t age = 0U; age <= max_age && age <= chunk; ++age) {
    if (has_result(self, chunk - age)) {
      const uint32_t n_out = self->config.n_out;
      memcpy(out, self->kept + (size_t)((chunk - age) % self->n_slots) * n_out,
             n_out * sizeof(float));
      return age;
    }
  }
  return UINT32_MAX;
}

bool
pinna_nn_engine_next(PinnaNnEngine* const self, uint64_t* const chunk, float* const out) {
  const uint64_t end = self->n_done < self->n_due ? self->n_done : self->n_due;
  if (self->n_next + self->n_slots < end) {
    self->n_next = end - self->n_slots;
  }
  for (; self->n_next < end; ++self->n_next) { // What is missing before the newest never comes
    if (pinna_nn_engine_read(self, self->n_next, 0U, out) == 0U) {
      *chunk = self->n_next++;
      return true;
    }
  }
  return false;
}

void
pinna_nn_engine_reset(PinnaNnEngine* const self) {
  self->n_pushed = 0U;
  self->n_chunks = 0U;
  self->n_due = 0U;
  self->n_next = 0U;
  self->n_done = 0U;
  self->filled = 0U;
  self->n_run = 0U;
  self->n_late = 0U;
  self->n_dropped = 0U;
  self->worst_s = 0.0f;
  memset(self->slots, 0, self->n_slots * sizeof(*self->slots));
  atomic_store_explicit(&self->newest, 0U, memory_order_relaxed);
  atomic_store_explicit(&self->n_expired, 0U, memory_order_relaxed);
  atomic_fetch_add_explicit(&self->epoch, 1U, memory_order_release);
}

void
pinna_nn_engine_set_offline(PinnaNnEngine* const self, const bool offline) {
  if (self->pool && offline && !self->offline) {
    PINNA_RT_TRUST_BEGIN
    pinna_job_wait(self->job); // The host freewheels
    PINNA_RT_TRUST_END
    take_results(self);
  }
  self->offline = offline;
}

PinnaNnEngineHealth
pinna_nn_engine_health(const PinnaNnEngine* const self) {
  return (PinnaNnEngineHealth){
      .n_done = self->n_run,
      .n_late = self->n_late,
      .n_gaps = self->n_dropped + atomic_load_explicit(&self->n_expired, memory_order_relaxed),
      .lag = (uint32_t)(self->n_chunks - self->n_done),
      .worst_s = self->worst_s,
      .mode = self->offline ? PINNA_NN_ENGINE_OFFLINE
              : self->pool  ? PINNA_NN_ENGINE_ASYNC
                            : PINNA_NN_ENGINE_INLINE,
  };
}
