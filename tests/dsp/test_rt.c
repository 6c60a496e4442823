// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/fft.h"
#include "dsp/stft.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Running a block asks nothing of the C library's heap and locks, nor of the kernel

#define MAX_SIZE 65536U

static float complex* a;
static float complex* b;

static bool
is_smooth(uint32_t n) {
  for (uint32_t p = 2U; p <= 13U; ++p) {
    while (n % p == 0U) {
      n /= p;
    }
  }
  return n == 1U;
}

static void
run_fft(const PinnaFft* const fft, const PinnaFftKind kind) {
  rt_trap_enter();
  if (kind == PINNA_FFT_REAL) {
    pinna_fft_real_forward(fft, (const float*)a, b);
    pinna_fft_real_inverse(fft, b, (float*)a);
  } else {
    pinna_fft_forward(fft, a, b);
    pinna_fft_inverse(fft, b, a);
  }
  rt_trap_leave();
}

// Every short length, then the smooth ones, sparser the longer; each plan says what it can do
static void
test_fft(const PinnaFftKind kind, const char* const name) {
  uint32_t refused = 0U;
  uint32_t n_run = 0U;
  for (uint32_t n = 2U; n <= MAX_SIZE; ++n) {
    const bool is_promised = is_smooth(n) && (kind == PINNA_FFT_COMPLEX || n % 2U == 0U);
    const bool is_power = (n & (n - 1U)) == 0U;
    if (n > 300U && !(is_promised && (n < 3000U || n % 480U == 0U || is_power))) {
      continue;
    }
    const PinnaFft* fft = NULL;
    if (pinna_fft_plan(&fft, kind, n) || (is_promised && !pinna_fft_is_realtime(fft))) {
      ++refused;
    } else if (pinna_fft_is_realtime(fft)) {
      run_fft(fft, kind);
      ++n_run;
    }
  }
  tap_int(refused, 0, "%s transforms of all promised lengths are realtime", name);
  rt_trap_check("%u of them run", n_run);
}

static PinnaStatus
build_stft(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_stft_init((PinnaStft**)object, arena, (const PinnaStftConfig*)config);
}

static void
halve(void* const handle, float complex* const* const bins) {
  (void)handle;
  bins[0][1] *= 0.5f;
}

static void
test_stft(void) {
  static float          in[2][5000];
  const float* const    ins[] = {in[0], in[1]};
  float* const          outs[] = {in[0], in[1]};
  const PinnaStftConfig config = {
      .n_in = 2U, .n_out = 2U, .n_fft = 1024U, .hop_length = 100U, .synthesis_length = 384U};
  void* memory = NULL;
  void* object = NULL;
  tap_int(pinna_arena_build(&memory, &object, build_stft, &config), PINNA_STATUS_OK, "STFT builds");

  rt_trap_enter();
  for (uint32_t n = 0U; n <= 5000U; n += 1000U) {
    pinna_stft_run((PinnaStft*)object, ins, outs, n, halve, NULL);
  }
  pinna_stft_reset((PinnaStft*)object);
  rt_trap_leave();
  rt_trap_check("STFT");
  pinna_arena_free(memory);
}

int
main(void) {
  a = aligned_alloc(PINNA_FFT_ALIGN, (MAX_SIZE + 64U) * sizeof(float complex));
  b = aligned_alloc(PINNA_FFT_ALIGN, (MAX_SIZE + 64U) * sizeof(float complex));
  memset(a, 0, (MAX_SIZE + 64U) * sizeof(float complex));
  memset(b, 0, (MAX_SIZE + 64U) * sizeof(float complex));
  test_fft(PINNA_FFT_REAL, "real");
  test_fft(PINNA_FFT_COMPLEX, "complex");
  test_stft();
  free(a);
  free(b);
  return tap_done();
}
