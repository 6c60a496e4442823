// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/pair.h"

#include "nn/cpu/pair_impl.h"

#include <stdlib.h>

// Joins the pool and leaves it

PinnaPair*
pinna_pair_new(void) {
  PinnaPair* const self = (PinnaPair*)aligned_alloc(alignof(PinnaPair), sizeof(PinnaPair));
  if (!self) {
    return NULL;
  }
  *self = (PinnaPair){.pool = pinna_pool_acquire()};
  self->job = self->pool ? pinna_job_new(self->pool, pinna_pair_work, self) : NULL;
  if (!self->job) {
    pinna_pair_free(self);
    return NULL;
  }
  return self;
}

void
pinna_pair_free(PinnaPair* const self) {
  if (self) {
    pinna_job_free(self->job);
    pinna_pool_release(self->pool);
    free(self);
  }
}
