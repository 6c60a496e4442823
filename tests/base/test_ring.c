// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/ring.h"
#include "base/ring_impl.h"
#include "tests/tap.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

// The ring delivers every message whole, once and in order, across wrap-arounds and threads

#ifdef __SANITIZE_THREAD__
#define N_MESSAGES 300000U
#else
#define N_MESSAGES 3000000U
#endif

#define MAX_PAYLOAD 61U

static PinnaStatus
build_ring(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_ring_init((PinnaRing**)object, arena, *(const uint32_t*)config);
}

static PinnaRing*
make_ring(void** const memory, const uint32_t size) {
  void* object = NULL;
  return pinna_arena_build(memory, &object, build_ring, &size) ? NULL : (PinnaRing*)object;
}

static void
test_sizes(void) {
  static const uint32_t asked[] = {0U, 15U, 16U, 17U, 1000U, (1U << 30U) + 1U};
  static const uint32_t given[] = {0U, 0U, 16U, 32U, 1024U, 0U};
  for (unsigned i = 0U; i < sizeof(asked) / sizeof(asked[0]); ++i) {
    void*            memory = NULL;
    PinnaRing* const ring = make_ring(&memory, asked[i]);
    const uint32_t   space = ring ? pinna_ring_space(ring) : 0U;
    tap_int(space, given[i], "a ring of %u bytes %s", asked[i],
            given[i] ? "is made" : "is refused");
    pinna_arena_free(memory);
  }
}

static void
test_full_and_empty(void) {
  void*            memory = NULL;
  PinnaRing* const ring = make_ring(&memory, 64U);
  PinnaMessage     head = {0U, 0U};
  char             text[64] = "a payload";
  tap_ok(!pinna_ring_peek(ring, &head) && !pinna_ring_pop(ring, &head, text, 64U),
         "a new ring is empty");
  tap_ok(!pinna_ring_push(ring, 1U, text, 57U), "a message bigger than the ring is refused");
  tap_ok(!pinna_ring_push(ring, 1U, text, UINT32_MAX - 3U), "a size that overflows is refused");
  tap_ok(pinna_ring_push(ring, 7U, text, 56U), "a message that just fits is taken");
  tap_int(pinna_ring_space(ring), 0, "and leaves no room");
  tap_ok(!pinna_ring_push(ring, 8U, NULL, 0U), "not even for an empty message");
  tap_ok(pinna_ring_peek(ring, &head) && head.type == 7U && head.size == 56U,
         "peek shows the head");
  memset(text, '#', sizeof(text));
  tap_ok(pinna_ring_pop(ring, &head, text, 10U) && head.size == 56U && text[10] == '#',
         "a short buffer receives the beginning only");
  tap_int(pinna_ring_space(ring), 64, "and the message is gone");

  tap_ok(pinna_ring_push(ring, 9U, NULL, 0U), "an empty message is a message");
  pinna_ring_reset(ring);
  tap_ok(!pinna_ring_peek(ring, &head), "reset forgets it");
  pinna_arena_free(memory);
}

static void
fill(unsigned char* const bytes, const uint32_t number, uint32_t* const size) {
  *size = (number * 2654435761U) >> 26U; // 0 to 63
  *size = *size > MAX_PAYLOAD ? MAX_PAYLOAD : *size;
  for (uint32_t i = 0U; i < *size; ++i) {
    bytes[i] = (unsigned char)(number + i * 7U);
  }
}

static bool
is_message(const PinnaMessage* const head, const unsigned char* const bytes,
           const uint32_t number) {
  unsigned char expected[MAX_PAYLOAD];
  uint32_t      size = 0U;
  fill(expected, number, &size);
  return head->type == number && head->size == size && !memcmp(bytes, expected, size);
}

static void
test_wrap(const uint32_t start) {
  void*            memory = NULL;
  PinnaRing* const ring = make_ring(&memory, 128U);
  atomic_init(&ring->written, start);
  atomic_init(&ring->read, start);

  unsigned char bytes[MAX_PAYLOAD] = {0};
  uint32_t      sent = 0U;
  uint32_t      got = 0U;
  uint32_t      good = 0U;
  PinnaMessage  head = {0U, 0U};
  while (got < 2000U) {
    uint32_t size = 0U;
    fill(bytes, sent, &size);
    while (pinna_ring_push(ring, sent, bytes, size)) {
      fill(bytes, ++sent, &size);
    }
    for (uint32_t n = 0U; n <= got % 3U && pinna_ring_pop(ring, &head, bytes, MAX_PAYLOAD); ++n) {
      good += is_message(&head, bytes, got++);
    }
  }
  tap_int(good, got, "every message comes back whole, counters from %u on", start);
  pinna_arena_free(memory);
}

static void*
write_messages(void* const handle) {
  PinnaRing* const ring = (PinnaRing*)handle;
  unsigned char    bytes[MAX_PAYLOAD] = {0};
  for (uint32_t i = 0U; i < N_MESSAGES; ++i) {
    uint32_t size = 0U;
    fill(bytes, i, &size);
    while (!pinna_ring_push(ring, i, bytes, size)) {
      sched_yield();
    }
  }
  return NULL;
}

static void
test_threads(void) {
  void*            memory = NULL;
  PinnaRing* const ring = make_ring(&memory, 4096U);
  pthread_t        writer;
  pthread_create(&writer, NULL, write_messages, ring);

  unsigned char bytes[MAX_PAYLOAD] = {0};
  uint32_t      good = 0U;
  uint32_t      got = 0U;
  while (got < N_MESSAGES) {
    PinnaMessage head = {0U, 0U};
    if (pinna_ring_pop(ring, &head, bytes, MAX_PAYLOAD)) {
      good += is_message(&head, bytes, got++);
    } else {
      sched_yield();
    }
  }
  pthread_join(writer, NULL);
  tap_int(good, N_MESSAGES, "two threads: %u messages, whole and in order", N_MESSAGES);
  pinna_arena_free(memory);
}

int
main(void) {
  test_sizes();
  test_full_and_empty();
  test_wrap(0U);
  test_wrap(UINT32_MAX - 100U);
  test_threads();
  return tap_done();
}
