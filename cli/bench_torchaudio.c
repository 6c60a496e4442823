// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/bench_torchaudio.h"

#include "base/arena.h"
#include "base/denormal.h"
#include "dsp/centroid.h"
#include "dsp/cepstrum.h"
#include "dsp/flanger.h"
#include "dsp/griffinlim.h"
#include "dsp/mvdr.h"
#include "dsp/phase_vocoder.h"
#include "dsp/phaser.h"
#include "dsp/pitch_shift.h"
#include "dsp/resample.h"
#include "dsp/spectrogram.h"

#include <complex.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Our side of tools/bench_torchaudio.py

enum { RATE = 16000, N = 10 * RATE, N_WIDE = 441000, N_CH = 6, N_TURNS = 5 };

typedef struct {
  const char* name;
  uint32_t    n_fft;
  uint32_t    hop;
  double (*run)(uint32_t n_fft, uint32_t hop);
} Row;

/// CPU time of this thread, which other processes' load does not count in
static double
now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static float* input;
static float* output;

/// Room for any object here, built by what follows
static PinnaArena
memory(void) {
  static void* block;
  const size_t size = (size_t)64 << 20U;
  block = block ? block : aligned_alloc(PINNA_ARENA_ALIGN, size);
  return pinna_arena_over(block, size);
}

static PinnaSpectrogramConfig
spectrogram_config(const uint32_t n_fft, const uint32_t hop) {
  PinnaSpectrogramConfig config = pinna_spectrogram_config(n_fft);
  config.hop_length = hop;
  return config;
}

#define BEST_OF(statement)                                                                         \
  double best = INFINITY;                                                                          \
  for (int turn = 0; turn < N_TURNS; ++turn) {                                                     \
    const double before = now_ns();                                                                \
    statement;                                                                                     \
    best = fmin(best, now_ns() - before);                                                          \
  }                                                                                                \
  return best

static double
run_spectrogram(const uint32_t n_fft, const uint32_t hop) {
  const PinnaSpectrogramConfig config = spectrogram_config(n_fft, hop);
  PinnaArena                   arena = memory();
  PinnaSpectrogram*            self = NULL;
  pinna_spectrogram_init(&self, &arena, &config);
  BEST_OF(pinna_spectrogram_power(self, input, N, 2.0f, output));
}

static double
run_mfcc(const uint32_t n_fft, const uint32_t hop) {
  PinnaCepstrumConfig config = pinna_mfcc_config(RATE);
  config.bands.spectrogram = spectrogram_config(n_fft, hop);
  PinnaArena     arena = memory();
  PinnaCepstrum* self = NULL;
  pinna_cepstrum_init(&self, &arena, &config);
  BEST_OF(pinna_cepstrum_run(self, input, N, output));
}

static double
run_centroid(const uint32_t n_fft, const uint32_t hop) {
  const PinnaCentroidConfig config = {.spectrogram = spectrogram_config(n_fft, hop),
                                      .sample_rate = RATE};
  PinnaArena                arena = memory();
  PinnaCentroid*            self = NULL;
  pinna_centroid_init(&self, &arena, &config);
  BEST_OF(pinna_centroid_run(self, input, N, output));
}

static double
run_vocoder(const uint32_t n_fft, const uint32_t hop) {
  const PinnaSpectrogramConfig  config = spectrogram_config(n_fft, hop);
  const PinnaPhaseVocoderConfig stretch = {.n_bins = n_fft / 2U + 1U, .rate = 1.3};
  PinnaArena                    arena = memory();
  PinnaSpectrogram*             spectrogram = NULL;
  PinnaPhaseVocoder*            self = NULL;
  pinna_spectrogram_init(&spectrogram, &arena, &config);
  pinna_phase_vocoder_init(&self, &arena, &stretch);
  const size_t         n_frames = pinna_spectrogram_n_frames(spectrogram, N);
  float complex* const bins = malloc(n_frames * stretch.n_bins * sizeof(float complex));
  pinna_spectrogram_forward(spectrogram, input, N, bins);
  double best = INFINITY;
  for (int turn = 0; turn < N_TURNS; ++turn) {
    const double before = now_ns();
    pinna_phase_vocoder_run(self, bins, n_frames, (float complex*)output);
    best = fmin(best, now_ns() - before);
  }
  free(bins);
  return best;
}

static double
run_griffinlim(const uint32_t n_fft, const uint32_t hop) {
  const PinnaSpectrogramConfig config = spectrogram_config(n_fft, hop);
  const PinnaGriffinLimConfig  griffin = pinna_griffinlim_config();
  PinnaArena                   arena = memory();
  PinnaSpectrogram*            self = NULL;
  pinna_spectrogram_init(&self, &arena, &config);
  const size_t n_frames = pinna_spectrogram_n_frames(self, N);
  float* const power = malloc(n_frames * (n_fft / 2U + 1U) * sizeof(float));
  pinna_spectrogram_power(self, input, N, 2.0f, power);
  double best = INFINITY;
  for (int turn = 0; turn < 2; ++turn) {
    const double before = now_ns();
    pinna_griffinlim_run(self, &griffin, power, n_frames, 0U, output);
    best = fmin(best, now_ns() - before);
  }
  free(power);
  return best;
}

static double
run_resample(const uint32_t n_fft, const uint32_t hop) {
  (void)n_fft;
  (void)hop;
  const PinnaResampleConfig config = {.rate_in = 44100U,
                                      .rate_out = 16000U,
                                      .n_ch = 1U,
                                      .quality = PINNA_RESAMPLE_SINC_HANN,
                                      .aligned = true};
  const float*              in[1] = {input};
  float*                    out[1] = {output};
  PinnaArena                arena = memory();
  PinnaResample*            self = NULL;
  pinna_resample_init(&self, &arena, &config);
  BEST_OF((pinna_resample_reset(self), pinna_resample_run(self, in, N_WIDE, out)));
}

static double
run_pitch(const uint32_t n_fft, const uint32_t hop) {
  const PinnaPitchShiftConfig config = {
      .sample_rate = RATE, .n_steps = 4.0, .n_fft = n_fft, .hop_length = hop};
  PinnaArena       arena = memory();
  PinnaPitchShift* self = NULL;
  pinna_pitch_shift_init(&self, &arena, &config);
  BEST_OF(pinna_pitch_shift_run(self, input, N, output));
}

static double
run_mvdr(const uint32_t n_fft, const uint32_t hop) {
  const uint32_t        n_freq = n_fft / 2U + 1U;
  const size_t          n_time = N / hop + 1U;
  const size_t          n = n_freq * n_time;
  double complex* const x = malloc(N_CH * n * sizeof(double complex));
  double complex* const y = malloc(n * sizeof(double complex));
  double* const         masks = malloc(2U * n * sizeof(double));
  double complex*       psd = malloc(2U * N_CH * N_CH * n_freq * sizeof(double complex));
  double complex*       w = malloc((size_t)N_CH * n_freq * sizeof(double complex));
  const PinnaMvdrConfig config = pinna_mvdr_config(N_CH, n_freq);
  for (size_t i = 0U; i < N_CH * n; ++i) {
    x[i] = (double)input[i % N] + I * (double)input[(i * 7U + 3U) % N];
  }
  for (size_t i = 0U; i < n; ++i) {
    masks[i] = fabs((double)input[i % N]);
    masks[n + i] = 1.0 - masks[i];
  }
  double best = INFINITY;
  for (int turn = 0; turn < N_TURNS; ++turn) {
    double complex* const noise = psd + (size_t)N_CH * N_CH * n_freq;
    const double          before = now_ns();
    pinna_mvdr_psd(x, masks, N_CH, n_freq, n_time, true, 1e-15, psd);
    pinna_mvdr_psd(x, masks + n, N_CH, n_freq, n_time, true, 1e-15, noise);
    pinna_mvdr_weights_souden(&config, psd, noise, w);
    pinna_mvdr_apply(w, x, N_CH, n_freq, n_time, y);
    best = fmin(best, now_ns() - before);
  }
  free(x);
  free(y);
  free(masks);
  free(psd);
  free(w);
  return best;
}

static double
run_phaser(const uint32_t n_fft, const uint32_t hop) {
  (void)n_fft;
  (void)hop;
  const PinnaPhaserConfig config = pinna_phaser_config(RATE);
  const float*            in[1] = {input};
  float*                  out[1] = {output};
  PinnaArena              arena = memory();
  PinnaPhaser*            self = NULL;
  pinna_phaser_init(&self, &arena, &config);
  BEST_OF(pinna_phaser_run(self, in, out, RATE / 2));
}

static double
run_flanger(const uint32_t n_fft, const uint32_t hop) {
  (void)n_fft;
  (void)hop;
  const PinnaFlangerConfig config = pinna_flanger_config(RATE);
  const float*             in[1] = {input};
  float*                   out[1] = {output};
  PinnaArena               arena = memory();
  PinnaFlanger*            self = NULL;
  pinna_flanger_init(&self, &arena, &config);
  BEST_OF(pinna_flanger_run(self, in, out, RATE / 2));
}

static const Row rows[] = {
    {"Spectrogram 400/160", 400U, 160U, run_spectrogram},
    {"Spectrogram 2048/512", 2048U, 512U, run_spectrogram},
    {"MFCC 400/160", 400U, 160U, run_mfcc},
    {"MFCC 2048/512", 2048U, 512U, run_mfcc},
    {"SpectralCentroid 400/160", 400U, 160U, run_centroid},
    {"SpectralCentroid 2048/512", 2048U, 512U, run_centroid},
    {"PhaseVocoder 400/160", 400U, 160U, run_vocoder},
    {"PhaseVocoder 2048/512", 2048U, 512U, run_vocoder},
    {"GriffinLim 400/160", 400U, 160U, run_griffinlim},
    {"GriffinLim 2048/512", 2048U, 512U, run_griffinlim},
    {"Resample 44100-16000", 0U, 0U, run_resample},
    {"PitchShift +4", 512U, 128U, run_pitch},
    {"MVDR 6 channels", 400U, 160U, run_mvdr},
    {"phaser 0.5 s", 0U, 0U, run_phaser},
    {"flanger 0.5 s", 0U, 0U, run_flanger},
};

static void
make_input(void) {
  uint32_t seed = 1U;
  input = malloc(N_WIDE * sizeof(float));
  output = calloc((size_t)4 << 20U, sizeof(float));
  for (size_t i = 0U; input && i < N_WIDE; ++i) {
    seed = seed * 1664525U + 1013904223U;
    input[i] = 0.3f * sinf(0.0864f * (float)i) + 0.05f * (float)(int32_t)seed * 0x1p-31f;
  }
}

void
cli_bench_torchaudio_rows(void) {
  const PinnaFpMode mode = pinna_denormal_enter();
  char              line[128];
  make_input();
  while (input && output && fgets(line, sizeof(line), stdin)) {
    double ns = NAN;
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0U; i < sizeof(rows) / sizeof(rows[0]); ++i) {
      ns = strcmp(line, rows[i].name) ? ns : rows[i].run(rows[i].n_fft, rows[i].hop);
    }
    printf("%.0f\n", ns);
    fflush(stdout);
  }
  free(input);
  free(output);
  pinna_denormal_leave(mode);
}

int
cli_bench_torchaudio(void) {
  char          program[PATH_MAX];
  char          script[PATH_MAX + 64];
  const ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1U);
  if (n <= 0) {
    return -1;
  }
  program[n] = '\0';
  const int folder = (int)(strrchr(program, '/') - program);
  snprintf(script, sizeof(script), "%.*s/../share/pinna/bench_torchaudio.py", folder, program);
  if (access(script, R_OK)) {
    snprintf(script, sizeof(script), "%.*s/../tools/bench_torchaudio.py", folder, program);
  }
  return execl("/usr/bin/python3", "/usr/bin/python3", script, program, "bench",
               "--torchaudio-rows", (char*)NULL);
}
