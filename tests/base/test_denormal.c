// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/denormal.h"
#include "tests/tap.h"

#include <float.h>
#include <pthread.h>

// Denormals vanish between enter and leave, on this thread only, and the caller's mode comes back

static float
halve_least_normal(void) {
  volatile float least = FLT_MIN;
  return least * 0.5f;
}

static float
double_denormal(void) {
  volatile float denormal = FLT_MIN / 4.0f;
  return denormal * 8.0f;
}

typedef struct {
  pthread_barrier_t flushed; ///< Passed once the first thread flushes
  float             result;
} Look;

static void*
look(void* const handle) {
  Look* const other = (Look*)handle;
  pthread_barrier_wait(&other->flushed);
  other->result = halve_least_normal();
  return NULL;
}

int
main(void) {
  tap_ok(halve_least_normal() > 0.0f, "denormals exist before");
#if defined(__x86_64__) || defined(__aarch64__)
  Look      other = {.result = 0.0f};
  pthread_t thread;
  pthread_barrier_init(&other.flushed, NULL, 2U);
  pthread_create(&thread, NULL, look, &other);

  const PinnaFpMode mode = pinna_denormal_enter();
  tap_ok(halve_least_normal() == 0.0f, "a denormal result is zero inside");
  tap_ok(double_denormal() == 0.0f, "a denormal operand is zero inside");

  pthread_barrier_wait(&other.flushed);
  pthread_join(thread, NULL);

  const PinnaFpMode inner = pinna_denormal_enter();
  pinna_denormal_leave(inner);
  tap_ok(halve_least_normal() == 0.0f, "guards nest");
  pinna_denormal_leave(mode);
  tap_ok(halve_least_normal() > 0.0f && double_denormal() > 0.0f, "denormals are back after");
  tap_ok(other.result > 0.0f, "another thread keeps its own mode");
#else
  tap_skip("no flush-to-zero on this processor", "inside");
#endif
  return tap_done();
}
