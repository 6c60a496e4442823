// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_PAIR_IMPL_H
#define PINNA_NN_CPU_PAIR_IMPL_H

#include "base/pool.h"
#include "nn/cpu/pair.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>

// Offers, each on lines of its own, and the job that looks for them

/// One product. What is plain is written while no block is left, and read by who has taken one.
typedef struct {
  alignas(128) _Atomic uint64_t turn; ///< Blocks that are left; above 32 bits a count of offers
  _Atomic uint32_t   n_done;
  uint32_t           n_blocks; ///< The caller's
  const PinnaMatvec* matvec;
  float*             y;
} PinnaPairOffer;

struct PinnaPairImpl {
  PinnaPairOffer offers[PINNA_PAIR_OFFERS];
  alignas(128) atomic_bool is_walking;
  _Atomic uint64_t n_given;
  alignas(128) PinnaPool* pool;
  PinnaJob* job;
  uint32_t  n_lonely;  ///< Walks that are left to go alone
  bool      must_wake; ///< With the first offer
};

/// What the worker does
void pinna_pair_work(void* pair);

#endif // PINNA_NN_CPU_PAIR_IMPL_H
