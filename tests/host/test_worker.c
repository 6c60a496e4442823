// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/fixture.h"

// Workers: answers come back, live from a thread and offline at once; floods are refused, not lost

static void
test_live(PinnaWorld* const world) {
  PinnaInstance* const worker = start(world, "urn:pinna:test:worker", &live);
  if (!worker) {
    return;
  }

  for (unsigned question = 1U; question <= 5U; ++question) {
    set_value(worker, "question", (float)question);
    unsigned n_runs = 0U;
    while (value_of(worker, "answer") != 2.0F * (float)question && n_runs++ < 2000U) {
      run_silence(worker, 128U);
      wait_ms(1U);
    }
    tap_near((double)value_of(worker, "answer"), 2.0 * question, 0.0, "the answer to %u", question);
  }

  const float before = value_of(worker, "ends");
  run_silence(worker, 128U);
  run_silence(worker, 1U);
  tap_near((double)(value_of(worker, "ends") - before), 2.0, 0.0, "end_run after every run");
  pinna_instance_free(worker);
}

static void
test_flood(PinnaWorld* const world) {
  PinnaInstance* const worker = start(world, "urn:pinna:test:worker", &live);
  if (!worker) {
    return;
  }

  set_value(worker, "flood", 100000.0F);
  run_silence(worker, 128U);
  tap_at_least((double)value_of(worker, "refused"), 1000.0, "a full queue says so");
  set_value(worker, "flood", 0.0F);
  set_value(worker, "question", 21.0F);
  for (unsigned i = 0U; i < 2000U && value_of(worker, "answer") != 42.0F; ++i) {
    wait_ms(1U);
    set_value(worker, "question", i % 2U ? 21.0F : 20.0F);
    run_silence(worker, 128U);
  }
  tap_near((double)value_of(worker, "answer"), 42.0, 0.0, "and works on afterwards");

  set_value(worker, "flood", 1000.0F);
  run_silence(worker, 128U);
  pinna_instance_free(worker);
  const char* const lost = getenv("PINNA_TEST_WORKER_LOST");
  tap_int(lost ? atoi(lost) : -1, 0, "freed with jobs still queued: all are done");
}

static void
test_offline(PinnaWorld* const world) {
  const PinnaInstanceConfig config = {.sample_rate = 48000.0, .max_block = 128U, .offline = true};
  PinnaInstance* const      worker = start(world, "urn:pinna:test:worker", &config);
  if (!worker) {
    return;
  }

  set_value(worker, "question", 4.0F);
  run_silence(worker, 1U);
  run_silence(worker, 1U);
  tap_near((double)value_of(worker, "answer"), 8.0, 0.0, "offline, the next run knows the answer");
  pinna_instance_free(worker);
}

static void
test_many(PinnaWorld* const world) {
  enum { N_INSTANCES = 16 };
  PinnaInstance* instances[N_INSTANCES];
  unsigned       n_right = 0U;
  for (unsigned i = 0U; i < N_INSTANCES; ++i) {
    instances[i] = start(world, "urn:pinna:test:worker", &live);
    set_value(instances[i], "question", (float)(i + 1U));
  }
  for (unsigned run = 0U; run < 3000U && n_right < N_INSTANCES; ++run) {
    n_right = 0U;
    for (unsigned i = 0U; i < N_INSTANCES; ++i) {
      run_silence(instances[i], 64U);
      n_right += value_of(instances[i], "answer") == 2.0F * (float)(i + 1U);
    }
    wait_ms(1U);
  }
  tap_int(n_right, N_INSTANCES, "each of many instances gets its own answer");
  for (unsigned i = 0U; i < N_INSTANCES; ++i) {
    pinna_instance_free(instances[i]);
  }
}

static void
test_all(PinnaWorld* const world) {
  test_live(world);
  test_flood(world);
  test_offline(world);
  test_many(world);
}

int
main(void) {
  return try_world(test_all);
}
