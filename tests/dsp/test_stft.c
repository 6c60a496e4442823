// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/stft.h"
#include "tests/tap.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The streaming transform: exact unity, exact latency, no dependence on how the stream is cut

#define N 20011U
#define N_CH 3U

static float in[N_CH][N];
static float out[N_CH][N];
static float again[N_CH][N];

static const float* const ins[N_CH] = {in[0], in[1], in[2]};
static float* const       outs[N_CH] = {out[0], out[1], out[2]};
static float* const       agains[N_CH] = {again[0], again[1], again[2]};

typedef struct {
  PinnaStft* stft;
  void*      memory;
} Built;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_stft_init((PinnaStft**)object, arena, (const PinnaStftConfig*)config);
}

static Built
make(const PinnaStftConfig* const config) {
  Built             built = {NULL, NULL};
  void*             object = NULL;
  const PinnaStatus status = pinna_arena_build(&built.memory, &object, build, config);
  tap_int(status, PINNA_STATUS_OK, "n_fft %u hop %u win %u synthesis %u first %u %s builds",
          config->n_fft, config->hop_length, config->win_length, config->synthesis_length,
          config->first_frame, pinna_window_name(config->window.kind));
  built.stft = (PinnaStft*)object;
  return built;
}

static void
fill_noise(unsigned seed) {
  for (uint32_t ch = 0U; ch < N_CH; ++ch) {
    for (uint32_t i = 0U; i < N; ++i) {
      in[ch][i] = tap_noise(&seed);
    }
  }
}

static const PinnaStftConfig configs[] = {
    {.n_fft = 1024U, .hop_length = 256U, .window = {PINNA_WINDOW_SQRT_HANN, false, 0.0f}},
    {.n_fft = 1024U, .hop_length = 128U, .synthesis_length = 384U},
    {.n_fft = 1024U, .hop_length = 192U, .synthesis_length = 384U},
    {.n_fft = 512U, .hop_length = 160U, .win_length = 400U},
    {.n_fft = 400U, .hop_length = 160U, .first_frame = 80U},
    {.n_fft = 2048U, .hop_length = 512U, .window = {PINNA_WINDOW_HAMMING, true, 0.0f}},
    {.n_fft = 1000U, .hop_length = 77U, .win_length = 771U, .synthesis_length = 332U},
    {.n_fft = 64U, .hop_length = 1U, .window = {PINNA_WINDOW_BLACKMAN, false, 0.0f}},
    {.n_fft = 128U, .hop_length = 128U, .window = {PINNA_WINDOW_RECTANGULAR, false, 0.0f}},
    {.n_fft = 256U, .hop_length = 96U, .window = {PINNA_WINDOW_KAISER, false, 8.0f}},
    {.n_fft = 16U, .hop_length = 3U, .win_length = 9U, .window = {PINNA_WINDOW_POVEY, true, 0.0f}},
    {.n_fft = 8192U, .hop_length = 2048U, .window = {PINNA_WINDOW_BARTLETT, false, 0.0f}},
};
#define N_CONFIGS (sizeof(configs) / sizeof(configs[0]))

static void
test_unity(const PinnaStftConfig* const config) {
  fill_noise(config->n_fft + config->hop_length);
  const Built    built = make(config);
  const uint32_t delay = pinna_stft_latency(built.stft);
  tap_int(delay,
          config->synthesis_length ? config->synthesis_length
          : config->win_length     ? config->win_length
                                   : config->n_fft,
          "latency is the synthesis window's length");

  pinna_stft_run(built.stft, ins, outs, N, NULL, NULL);
  for (uint32_t ch = 0U; ch < config->n_out; ++ch) {
    double error = 0.0;
    double energy = 0.0;
    double before = 0.0;
    for (uint32_t i = 0U; i < N; ++i) {
      const double x = i < delay ? 0.0 : in[ch][i - delay];
      error += pow(out[ch][i] - x, 2.0);
      energy += x * x;
      before = fmax(before, i < delay ? fabs(out[ch][i]) : 0.0);
    }
    tap_at_most(10.0 * log10(error / energy), -130.0, "channel %u null, dB", ch);
    tap_at_most(before, 2e-7, "silence before the delay");
  }

  memset(in, 0, sizeof(in));
  in[0][100] = 1.0f;
  pinna_stft_reset(built.stft);
  pinna_stft_run(built.stft, ins, outs, N, NULL, NULL);
  uint32_t peak = 0U;
  for (uint32_t i = 0U; i < N; ++i) {
    peak = fabsf(out[0][i]) > fabsf(out[0][peak]) ? i : peak;
  }
  tap_int(peak, 100 + delay, "an impulse comes out after the latency");
  tap_near(out[0][peak], 1.0, 1e-6, "unchanged");
  pinna_arena_free(built.memory);
}

// A callback with a memory: what it does depends on the frame's number and its spectra
typedef struct {
  uint32_t n_frames;
  uint32_t n_bins;
} Change;

static void
change(void* const handle, float complex* const* const bins) {
  Change* const c = (Change*)handle;
  for (uint32_t k = 0U; k < c->n_bins; ++k) {
    bins[0][k] *= (k + c->n_frames) % 3U ? 0.5f : 1.5f;
    bins[1][k] += 0.25f * bins[2][k];
  }
  ++c->n_frames;
}

static void
test_split(const PinnaStftConfig* const config) {
  static const uint32_t sizes[] = {1U, 16U, 31U, 64U, 127U, 1024U, 8192U, 0U};
  fill_noise(99U + config->n_fft);
  const Built built = make(config);
  Change      whole = {0U, pinna_stft_n_bins(built.stft)};
  pinna_stft_run(built.stft, ins, outs, N, change, &whole);
  const uint32_t first = config->first_frame ? config->first_frame : config->hop_length;
  tap_int(whole.n_frames, (N - first) / config->hop_length + 1U, "number of frames");

  unsigned seed = 5U;
  for (size_t s = 0U; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    Change cut = {0U, whole.n_bins};
    memset(again, 0xFF, sizeof(again));
    memcpy(again, in, sizeof(in));
    pinna_stft_reset(built.stft);
    for (uint32_t i = 0U; i < N;) {
      const uint32_t any = (uint32_t)(fabsf(tap_noise(&seed)) * 900.0f);
      const uint32_t wish = sizes[s] ? sizes[s] : any;
      const uint32_t n = wish < N - i ? wish : N - i;
      float* const   at[N_CH] = {again[0] + i, again[1] + i, again[2] + i};
      pinna_stft_run(built.stft, (const float* const*)at, at, 0U, change, &cut);
      pinna_stft_run(built.stft, (const float* const*)at, at, n, change, &cut);
      i += n;
    }
    for (uint32_t ch = 0U; ch < config->n_out; ++ch) {
      tap_all_equal(again[ch], out[ch], N, "in place in blocks of %u (0: random), channel %u",
                    sizes[s], ch);
    }
  }
  pinna_arena_free(built.memory);
}

static void
test_faults(const PinnaStftConfig* const config) {
  static const float faults[] = {NAN, INFINITY, -INFINITY, 3e38f, 1e-42f};
  fill_noise(3U);
  for (uint32_t ch = 0U; ch < N_CH; ++ch) {
    memcpy(again[ch], in[ch], sizeof(in[ch]));
  }
  for (uint32_t i = 0U; i < 5U; ++i) {
    in[0][777U + i] = faults[i];
    again[0][777U + i] = i < 4U ? 0.0f : faults[i];
  }

  const Built built = make(config);
  pinna_stft_run(built.stft, ins, outs, N, NULL, NULL);
  pinna_stft_reset(built.stft);
  pinna_stft_run(built.stft, (const float* const*)agains, agains, N, NULL, NULL);
  tap_all_equal(out[0], again[0], N, "NaN, infinities and absurd levels are taken as silence");
  pinna_arena_free(built.memory);
}

static void
poison(void* const handle, float complex* const* const bins) {
  uint32_t* const n = (uint32_t*)handle;
  if (++*n == 10U) {
    bins[0][3] = NAN;
  }
}

static void
test_poisoned_frame(const PinnaStftConfig* const config) {
  fill_noise(4U);
  const Built    built = make(config);
  const uint32_t delay = pinna_stft_latency(built.stft);
  const uint32_t first = config->first_frame ? config->first_frame : config->hop_length;
  uint32_t       n = 0U;
  pinna_stft_run(built.stft, ins, outs, N, poison, &n);
  const uint32_t clean = first + 9U * config->hop_length + delay;
  float          worst = 0.0f;
  for (uint32_t i = clean; i < N; ++i) {
    worst = fmaxf(worst, isfinite(out[0][i]) ? fabsf(out[0][i] - in[0][i - delay]) : 1e9f);
  }
  tap_ok(isnan(out[0][clean - 1U]), "a callback that writes NaN is heard");
  tap_at_most(worst, 1e-5, "and forgotten after one window");
  pinna_arena_free(built.memory);
}

// Every frame of an analysis with first_frame = win_length is the transform of input cut by hand
typedef struct {
  uint32_t n_frames;
  double   worst;
} Compare;

static void
compare(void* const handle, float complex* const* const bins) {
  enum { WIN = 100, HOP = 30, N_FFT = 128 };
  Compare* const c = (Compare*)handle;
  float          w[WIN];
  pinna_window_fill(w, WIN, (PinnaWindow){PINNA_WINDOW_HANN, false, 0.0f});
  for (uint32_t k = 0U; k <= N_FFT / 2U; k += 7U) {
    double complex sum = 0.0;
    for (uint32_t i = 0U; i < WIN; ++i) {
      sum += w[i] * (double)in[1][c->n_frames * HOP + i] * cexp(-2.0 * M_PI * I * k * i / N_FFT);
    }
    c->worst = fmax(c->worst, cabs(sum - bins[1][k]));
  }
  ++c->n_frames;
}

static void
test_analysis(void) {
  const PinnaStftConfig config = {
      .n_in = 2U, .n_fft = 128U, .hop_length = 30U, .win_length = 100U, .first_frame = 100U};
  fill_noise(11U);
  const Built built = make(&config);
  Compare     c = {0U, 0.0};
  pinna_stft_run(built.stft, ins, NULL, N, compare, &c);
  tap_int(c.n_frames, (N - 100U) / 30U + 1U, "analysis only: as many frames as torch");
  tap_at_most(c.worst, 3e-5, "each is the transform of its samples");
  tap_int(pinna_stft_latency(built.stft), 0, "no output, no latency");
  pinna_arena_free(built.memory);
}

static void
test_arena(void) {
  const PinnaStftConfig config = {.n_in = 3U, .n_out = 2U, .n_fft = 64U, .hop_length = 16U};
  PinnaArena            measure = pinna_arena_measuring();
  PinnaStft*            stft = NULL;
  tap_int(pinna_stft_init(&stft, &measure, &config), PINNA_STATUS_OK, "measuring succeeds");
  tap_ok(!stft, "and builds nothing");
  void* const block = aligned_alloc(PINNA_ARENA_ALIGN, measure.used);
  size_t      refused = 0U;
  for (size_t size = 0U; size < measure.used; ++size) {
    PinnaArena arena = pinna_arena_over(block, size);
    refused += pinna_stft_init(&stft, &arena, &config) == PINNA_STATUS_NO_MEM && !stft;
  }
  tap_int((long long)refused, (long long)measure.used, "every smaller arena is refused");
  PinnaArena arena = pinna_arena_over(block, measure.used);
  tap_int(pinna_stft_init(&stft, &arena, &config), PINNA_STATUS_OK, "the measured one suffices");
  free(block);
}

static void
test_refusals(void) {
  static const struct {
    PinnaStftConfig config;
    PinnaStatus     status;
    const char*     why;
  } cases[] = {
      {{.n_in = 0U, .n_fft = 64U, .hop_length = 16U}, PINNA_STATUS_BAD_ARG, "no channel"},
      {{.n_in = 65U, .n_fft = 64U, .hop_length = 16U}, PINNA_STATUS_BAD_ARG, "65 channels"},
      {{.n_in = 1U, .n_out = 2U, .n_fft = 64U, .hop_length = 16U},
       PINNA_STATUS_BAD_ARG,
       "more out than in"},
      {{.n_in = 1U, .n_fft = 64U}, PINNA_STATUS_BAD_ARG, "no hop"},
      {{.n_in = 1U, .n_fft = 64U, .hop_length = 65U}, PINNA_STATUS_BAD_ARG, "gaps"},
      {{.n_in = 1U, .n_fft = 64U, .hop_length = 9U, .win_length = 65U},
       PINNA_STATUS_BAD_ARG,
       "a window longer than the transform"},
      {{.n_in = 1U, .n_out = 1U, .n_fft = 64U, .hop_length = 64U},
       PINNA_STATUS_BAD_ARG,
       "a Hann window without overlap"},
      {{.n_in = 1U, .n_out = 1U, .n_fft = 64U, .hop_length = 16U, .first_frame = 17U},
       PINNA_STATUS_BAD_ARG,
       "a late first frame"},
      {{.n_in = 1U, .n_out = 1U, .n_fft = 65538U, .hop_length = 16U},
       PINNA_STATUS_BAD_ARG,
       "too long"},
      {{.n_in = 1U, .n_out = 1U, .n_fft = 2018U, .hop_length = 16U},
       PINNA_STATUS_UNSUPPORTED,
       "twice a large prime"},
  };
  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    void* memory = NULL;
    void* object = NULL;
    tap_int(pinna_arena_build(&memory, &object, build, &cases[i].config), cases[i].status,
            "%s: refused", cases[i].why);
    pinna_arena_free(memory);
  }
}

int
main(void) {
  for (size_t i = 0U; i < N_CONFIGS; ++i) {
    PinnaStftConfig config = configs[i];
    config.n_in = 3U;
    config.n_out = 1U + (uint32_t)i % 3U;
    test_unity(&config);
    test_split(&config);
  }

  PinnaStftConfig config = configs[1];
  config.n_in = config.n_out = 3U;
  test_faults(&config);
  test_poisoned_frame(&config);
  test_analysis();
  test_arena();
  test_refusals();
  return tap_done();
}
