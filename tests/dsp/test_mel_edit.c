// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/filterbank.h"
#include "dsp/mel_edit.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Voices made of a comb and an envelope that are known: what each edit must leave of them

#define N 80U
#define F_MAX 8000.0

static float centres[N];

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_mel_edit_init((PinnaMelEdit**)object, arena, (const PinnaMelEditConfig*)config);
}

static PinnaMelEdit*
make(void** const memory) {
  const PinnaMelEditConfig config = {N, 0.0, F_MAX, 0.01};
  void*                    object = NULL;
  if (pinna_arena_build(memory, &object, build, &config)) {
    abort();
  }
  return (PinnaMelEdit*)object;
}

/// ln mel of harmonics of f0 under a hill of 20 dB at `formant`: summed over each triangle
static void
voice(const float f0, const float formant, float* const mel) {
  for (uint32_t m = 0U; m < N; ++m) {
    const float low = m ? centres[m - 1U] : 0.0F;
    const float high = m + 1U < N ? centres[m + 1U] : (float)F_MAX;
    float       sum = 1e-4F;
    for (float hz = low; hz < high; hz += 2.0F) {
      const float side =
          hz < centres[m] ? (hz - low) / (centres[m] - low) : (high - hz) / (high - centres[m]);
      const float off = hz - f0 * fmaxf(rintf(hz / f0), 1.0F);
      const float lobe = fabsf(off) < 50.0F ? 0.5F + 0.5F * cosf(3.1415927F * off / 50.0F) : 0.0F;
      const float octaves = formant > 0.0F ? log2f(fmaxf(hz, 20.0F) / formant) : 0.0F;
      const float hill = formant > 0.0F ? expf(2.3F * expf(-8.0F * octaves * octaves)) : 1.0F;
      sum += 2.0F * side * lobe * hill / (high - low);
    }
    mel[m] = logf(sum);
  }
}

/// Correlation of the fine structures of two frames up to 900 Hz, where harmonics are apart
static double
likeness(PinnaMelEdit* const edit, const float* const a, const float* const b) {
  float  ea[N];
  float  eb[N];
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  pinna_mel_edit_envelope(edit, a, ea);
  pinna_mel_edit_envelope(edit, b, eb);
  for (uint32_t m = 0U; m < N && centres[m] < 900.0F; ++m) {
    const double x = (double)fmaxf(a[m] - ea[m], -3.0F);
    const double y = (double)fmaxf(b[m] - eb[m], -3.0F);
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / sqrt(aa * bb + 1e-30);
}

static double
depth(PinnaMelEdit* const edit, const float* const mel) {
  float  e[N];
  double sum = 0.0;
  pinna_mel_edit_envelope(edit, mel, e);
  for (uint32_t m = 0U; m < N; ++m) {
    sum += (double)((mel[m] - e[m]) * (mel[m] - e[m]));
  }
  return sqrt(sum / N);
}

static void
test_pitch(PinnaMelEdit* const edit) {
  static const double shifts[] = {-7.0, 4.0, 12.0};
  for (int i = 0; i < 3; ++i) {
    float              mel[N];
    float              goal[N];
    float              same[N];
    const float        ratio = (float)exp2(shifts[i] / 12.0);
    PinnaMelEditParams params = {.pitch = shifts[i]};
    voice(170.0F, 0.0F, mel);
    voice(170.0F * ratio, 0.0F, goal);
    memcpy(same, mel, sizeof(same));
    pinna_mel_edit_set(edit, &params);
    pinna_mel_edit_reset(edit);
    pinna_mel_edit_run(edit, mel);
    const double after = likeness(edit, mel, goal);
    const double before = likeness(edit, same, goal);
    tap_at_least(after, 0.75, "%+.0f semitones: the harmonics lie where they should", shifts[i]);
    tap_at_least(after - before, 0.3, "where they were not before");
  }
}

static float
peak_hz(PinnaMelEdit* const edit, const float* const mel) {
  float    e[N];
  uint32_t top = 10U;
  pinna_mel_edit_envelope(edit, mel, e);
  for (uint32_t m = 10U; m < N - 5U; ++m) {
    top = e[m] > e[top] ? m : top;
  }
  return centres[top];
}

static void
test_formant(PinnaMelEdit* const edit) {
  float mel[N];
  voice(120.0F, 1500.0F, mel);
  const float before = peak_hz(edit, mel);
  tap_near((double)before, 1500.0, 150.0, "the envelope's hill is found");
  for (int semitones = -5; semitones <= 5; semitones += 10) {
    const PinnaMelEditParams params = {.formant = semitones};
    voice(120.0F, 1500.0F, mel);
    pinna_mel_edit_set(edit, &params);
    pinna_mel_edit_reset(edit);
    pinna_mel_edit_run(edit, mel);
    const double goal = (double)before * exp2(semitones / 12.0);
    tap_near((double)peak_hz(edit, mel), goal, 0.08 * goal, "%+d semitones move it", semitones);
    float same[N];
    voice(120.0F, 1500.0F, same);
    tap_at_least(likeness(edit, mel, same), 0.8, "and leave the harmonics");
  }
}

static void
test_characters(PinnaMelEdit* const edit) {
  float mel[N];
  float goal[N];
  voice(210.0F, 1200.0F, mel);
  voice(100.0F, 1200.0F, goal);
  const double             full = depth(edit, mel);
  const PinnaMelEditParams robot = {.robot_hz = 100.0};
  pinna_mel_edit_set(edit, &robot);
  pinna_mel_edit_reset(edit);
  pinna_mel_edit_run(edit, mel);
  tap_at_least(likeness(edit, mel, goal), 0.8, "a robot speaks at its own pitch");

  const PinnaMelEditParams whisper = {.whisper = 1.0};
  voice(210.0F, 1200.0F, mel);
  pinna_mel_edit_set(edit, &whisper);
  pinna_mel_edit_run(edit, mel);
  tap_at_most(depth(edit, mel), 0.35 * full, "a whisper has no harmonics");

  const PinnaMelEditParams blur = {.blur = 1.0};
  voice(210.0F, 1200.0F, mel);
  pinna_mel_edit_set(edit, &blur);
  pinna_mel_edit_run(edit, mel);
  tap_at_most(depth(edit, mel), 0.6 * full, "blur evens neighbours");
}

static void
test_time(PinnaMelEdit* const edit) {
  float                    mel[N];
  float                    first[N];
  const PinnaMelEditParams freeze = {.freeze = true};
  const PinnaMelEditParams open = {0};
  const PinnaMelEditParams slow = {.smooth_s = 0.1};
  pinna_mel_edit_set(edit, &open);
  pinna_mel_edit_reset(edit);
  voice(150.0F, 900.0F, first);
  memcpy(mel, first, sizeof(mel));
  pinna_mel_edit_run(edit, mel);
  tap_all_equal(mel, first, N, "without an edit a frame passes bit for bit");
  pinna_mel_edit_set(edit, &freeze);
  for (int i = 0; i < 5; ++i) {
    voice(200.0F + 10.0F * (float)i, 2000.0F, mel);
    pinna_mel_edit_run(edit, mel);
  }
  tap_all_equal(mel, first, N, "freeze holds the frame before it");
  pinna_mel_edit_set(edit, &slow);
  float after[N];
  for (int i = 0; i < 10; ++i) { // 0.1 s: 1 - 1/e of the way
    voice(300.0F, 2000.0F, after);
    memcpy(mel, after, sizeof(mel));
    pinna_mel_edit_run(edit, mel);
  }
  double worst = 0.0;
  for (uint32_t m = 0U; m < N; ++m) {
    const double goal = (double)after[m] + ((double)first[m] - (double)after[m]) * exp(-1.0);
    worst = fmax(worst, fabs((double)mel[m] - goal));
  }
  tap_at_most(worst, 1e-4, "smoothing goes 1 - 1/e of the way in its time constant");
}

static void
test_noise(PinnaMelEdit* const edit) {
  unsigned                 seed = 5U;
  const PinnaMelEditParams params = {.denoise_db = 20.0};
  double                   rest = 0.0;
  double                   kept = 0.0;
  int                      n_rest = 0;
  int                      n_kept = 0;
  pinna_mel_edit_set(edit, &params);
  pinna_mel_edit_reset(edit);
  for (int frame = 0; frame < 600; ++frame) {
    float      mel[N];
    float      before[N];
    const bool is_voice = frame >= 300 && frame % 60 < 25;
    voice(180.0F, 1000.0F, mel);
    for (uint32_t m = 0U; m < N; ++m) { // A band's magnitude of noise: of several bins
      const float noise = 0.01F * sqrtf(-2.0F * logf(0.5F + 0.499F * tap_noise(&seed)));
      before[m] = mel[m] = logf(noise + (is_voice ? expf(mel[m]) : 0.0F));
    }
    pinna_mel_edit_run(edit, mel);
    for (uint32_t m = 0U; m < N && frame >= 300; ++m) {
      if (!is_voice && frame % 60 > 35) {
        rest += (double)(mel[m] - before[m]);
        ++n_rest;
      } else if (is_voice && frame % 60 > 5 && before[m] > -2.0F) {
        kept += (double)(mel[m] - before[m]);
        ++n_kept;
      }
    }
  }
  const double db = 8.685889638;
  tap_at_most(db * rest / n_rest, -14.0, "noise falls by most of 20 dB");
  tap_at_least(db * kept / n_kept, -1.0, "loud speech does not");
}

static void
test_realtime(PinnaMelEdit* const edit) {
  unsigned           seed = 3U;
  PinnaMelEditParams params = {12.0, -3.0, 90.0, 0.5, 0.7, 0.1, 12.0, false};
  rt_trap_enter();
  for (int i = 0; i < 50; ++i) {
    float mel[N];
    for (uint32_t m = 0U; m < N; ++m) {
      mel[m] = 8.0F * tap_noise(&seed) - 4.0F;
    }
    params.robot_hz = 60.0 + i;
    pinna_mel_edit_set(edit, &params);
    pinna_mel_edit_run(edit, mel);
  }
  rt_trap_leave();
  rt_trap_check("edits ask nothing of the system");
  const PinnaMelEditParams bad = {NAN, INFINITY, -5.0, NAN, 9.0, -1.0, NAN, false};
  float                    mel[N] = {0.0F};
  pinna_mel_edit_set(edit, &bad);
  pinna_mel_edit_run(edit, mel);
  bool is_finite = true;
  for (uint32_t m = 0U; m < N; ++m) {
    is_finite = is_finite && isfinite(mel[m]);
  }
  tap_ok(is_finite, "parameters beyond all ranges leave frames finite");
}

int
main(void) {
  const double       step = pinna_scale_from_hz(F_MAX, PINNA_SCALE_SLANEY) / (N + 1U);
  void*              memory = NULL;
  void*              object = NULL;
  PinnaMelEditConfig bad = {8U, 0.0, F_MAX, 0.01};
  for (uint32_t m = 0U; m < N; ++m) {
    centres[m] = (float)pinna_scale_to_hz(step * (m + 1U), PINNA_SCALE_SLANEY);
  }
  tap_int(pinna_arena_build(&memory, &object, build, &bad), PINNA_STATUS_BAD_ARG,
          "8 bands are too few");
  PinnaMelEdit* const edit = make(&memory);
  test_pitch(edit);
  test_formant(edit);
  test_characters(edit);
  test_time(edit);
  test_noise(edit);
  test_realtime(edit);
  pinna_arena_free(memory);
  return tap_done();
}
