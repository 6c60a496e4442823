// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_PAIR_H
#define PINNA_NN_CPU_PAIR_H

#include "base/attributes.h"
#include "nn/cpu/matvec.h"

#include <stdint.h>

// A worker of the pool that takes over rows of matrix-vector products from the thread that needs
// them
//
// For networks that walk sample by sample: products whose result is needed later are offered, and
// the worker looks for offers without sleeping as long as the walk goes on, because waking it would
// take longer than a product. Every block of rows is done by who comes first, so that the result is
// the same bits with a worker, without one, and with one that comes and goes. The caller never
// waits for blocks that nobody has begun.

typedef struct PinnaPairImpl PinnaPair;

/// Offers that may be open at once
#define PINNA_PAIR_OFFERS 4U

/// Join the pool. Not realtime. @return NULL: no memory, or no thread
PINNA_API PinnaPair* pinna_pair_new(void);

/// Not realtime. NULL is allowed.
PINNA_API void pinna_pair_free(PinnaPair* self);

/// A walk begins: its first offer wakes the worker, which looks for more until pinna_pair_leave(),
/// and no longer than 0.2 ms in vain. Realtime.
PINNA_API void pinna_pair_enter(PinnaPair* self) PINNA_RT;

/// The walk ends; every offer must be finished. Realtime.
PINNA_API void pinna_pair_leave(PinnaPair* self) PINNA_RT;

/// Offer the first `n_blocks` blocks of the product with the vector that `matvec` was given last.
/// Neither it nor its vector nor `y` may be touched until pinna_pair_finish(). Realtime.
/// @param offer 0 to PINNA_PAIR_OFFERS - 1, finished
PINNA_API void pinna_pair_offer(PinnaPair* self, uint32_t offer, const PinnaMatvec* matvec,
                                uint32_t n_blocks, float* y) PINNA_RT;

/// Do what is left of an offer. For a block that the worker has in hand the caller spins, and
/// sleeps if the worker itself does not get on, which makes the rest of the walk lonely: for
/// threads that compute, not for the audio thread.
PINNA_API void pinna_pair_finish(PinnaPair* self, uint32_t offer);

/// Blocks that the worker has done since the beginning. Realtime.
PINNA_API uint64_t pinna_pair_n_given(const PinnaPair* self) PINNA_RT;

#endif // PINNA_NN_CPU_PAIR_H
