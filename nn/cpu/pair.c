// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/pair.h"

#include "nn/cpu/pair_impl.h"

#include <stdbool.h>

// Two threads that take blocks of rows from the same offers

#define MOST_LOOKS 8192U  ///< In vain, about 0.2 ms, before the worker goes home
#define MOST_WAITS 32768U ///< Of the caller for a block, before it sends the worker home
#define LONELY_WALKS 16U  ///< After that: the machine is full
#define DUE UINT64_MAX    ///< After all that somebody waits for
#define LEFT(turn) ((uint32_t)(turn))

static void
spin(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Take a block and do it. @return false: all are taken
static bool
do_block(PinnaPairOffer* const o) {
  uint64_t turn = atomic_load_explicit(&o->turn, memory_order_acquire);
  do {
    if (!LEFT(turn)) {
      return false;
    }
  } while (!atomic_compare_exchange_weak_explicit(&o->turn, &turn, turn - 1U, memory_order_acquire,
                                                  memory_order_acquire));
  pinna_matvec_blocks(o->matvec, LEFT(turn) - 1U, 1U, o->y);
  atomic_fetch_add_explicit(&o->n_done, 1U, memory_order_release);
  return true;
}

void
pinna_pair_work(void* const pair) {
  PinnaPair* const self = (PinnaPair*)pair;
  uint32_t         n_looks = 0U;
  uint64_t         n_given = 0U;
  while (n_looks < MOST_LOOKS && atomic_load_explicit(&self->is_walking, memory_order_relaxed)) {
    ++n_looks;
    for (uint32_t i = 0U; i < PINNA_PAIR_OFFERS; ++i) {
      while (do_block(&self->offers[i])) {
        n_looks = 0U;
        ++n_given;
      }
    }
    spin();
  }
  atomic_fetch_add_explicit(&self->n_given, n_given, memory_order_relaxed);
}

void
pinna_pair_enter(PinnaPair* const self) {
  if (self->n_lonely) {
    --self->n_lonely;
    return;
  }
  atomic_store_explicit(&self->is_walking, true, memory_order_relaxed);
  self->must_wake = true;
}

void
pinna_pair_leave(PinnaPair* const self) {
  self->must_wake = false;
  atomic_store_explicit(&self->is_walking, false, memory_order_relaxed);
}

// No block is left here, so that nobody reads what is written; who still holds an old turn finds
// the count of offers changed
void
pinna_pair_offer(PinnaPair* const self, const uint32_t offer, const PinnaMatvec* const matvec,
                 const uint32_t n_blocks, float* const y) {
  PinnaPairOffer* const o = &self->offers[offer];
  const uint64_t        turn = atomic_load_explicit(&o->turn, memory_order_relaxed);
  o->matvec = matvec;
  o->y = y;
  o->n_blocks = n_blocks;
  atomic_store_explicit(&o->n_done, 0U, memory_order_relaxed);
  atomic_store_explicit(&o->turn, (((turn >> 32) + 1U) << 32) + n_blocks, memory_order_release);
  if (self->must_wake) { // Not before: it may take this core, and would find nothing
    self->must_wake = false;
    pinna_job_kick(self->job, 0U, DUE);
  }
}

void
pinna_pair_finish(PinnaPair* const self, const uint32_t offer) {
  PinnaPairOffer* const o = &self->offers[offer];
  uint32_t              n_waits = 0U;
  while (do_block(o)) {
  }
  while (atomic_load_explicit(&o->n_done, memory_order_acquire) < o->n_blocks) {
    if (++n_waits < MOST_WAITS) {
      spin();
      continue;
    }
    pinna_pair_leave(self);
    self->n_lonely = LONELY_WALKS;
    pinna_job_wait(self->job);
  }
}

uint64_t
pinna_pair_n_given(const PinnaPair* const self) {
  return atomic_load_explicit(&self->n_given, memory_order_relaxed);
}
