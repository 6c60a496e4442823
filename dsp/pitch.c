// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch.h"

#include "dsp/peakshift.h"
#include "dsp/pitch_impl.h"
#include "dsp/psola.h"
#include "dsp/smooth.h"
#include "dsp/yin.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Runs the mode's engine beside the delay line of the dry sound and mixes the two

static double
hold(const double value, const double low, const double high) {
  return value >= low ? (value <= high ? value : high) : low;
}

/// Tell the engines what target and followed note come to
static void
aim(PinnaPitch* const self) {
  const PinnaPitchTarget* const target = &self->target;
  const PinnaPeakshiftTarget    shift = {
         .ratio = exp2(hold(target->semitones + self->follow, -25.0, 25.0) / 12.0),
         .formant = exp2(target->formant / 12.0),
         .preserve = target->preserve,
         .transients = target->transients,
         .glide = target->glide,
  };
  pinna_peakshift_set(self->engine[self->mode], &shift);
  if (self->mode == PINNA_PITCH_VOICE) {
    const double speed = shift.preserve ? shift.formant : shift.formant * shift.ratio;
    pinna_psola_set(self->psola, &(PinnaPsolaTarget){shift.ratio, speed, shift.glide});
  }
}

void
pinna_pitch_set(PinnaPitch* const self, const PinnaPitchTarget* const target) {
  self->target = (PinnaPitchTarget){
      .semitones = hold(target->semitones, -25.0, 25.0),
      .formant = hold(target->formant, -12.0, 12.0),
      .preserve = target->preserve,
      .mix = hold(target->mix, 0.0, 1.0),
      .transients = hold(target->transients, 0.0, 1.0),
      .glide = hold(target->glide, 0.001, 1.0),
      .note = hold(target->note, 0.0, 127.0),
  };
  pinna_smooth_set(&self->mix, self->target.mix);
  aim(self);
}

void
pinna_pitch_snap(PinnaPitch* const self) {
  pinna_smooth_snap(&self->mix, self->mix.target);
  pinna_peakshift_snap(self->engine[self->mode]);
  pinna_psola_snap(self->psola);
}

void
pinna_pitch_start(PinnaPitch* const self, const PinnaPitchMode mode) {
  self->mode = mode;
  self->latency = pinna_peakshift_latency(self->engine[mode]);
  self->delay_at = 0U;
  self->phase = 0U;
  self->follow = 0.0;
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    memset(self->delay[c], 0, self->max_latency * sizeof(float));
  }
  pinna_psola_reset(self->psola);
  pinna_peakshift_reset(self->engine[mode]);
  const PinnaPitchTarget target = self->target;
  pinna_pitch_set(self, &target);
  pinna_pitch_snap(self);
}

void
pinna_pitch_reset(PinnaPitch* const self) {
  pinna_pitch_start(self, self->mode);
}

static void
delay_input(PinnaPitch* const self, const float* const* const in, const uint32_t n) {
  uint32_t at = self->delay_at;
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    float* const line = self->delay[c];
    at = self->delay_at;
    for (uint32_t i = 0U; i < n; ++i) {
      self->dry[c][i] = line[at];
      line[at] = fabsf(in[c][i]) <= 1e9f ? in[c][i] : 0.0f;
      at = at + 1U < self->latency ? at + 1U : 0U;
    }
  }
  self->delay_at = at;
}

static void
mix_dry(PinnaPitch* const self, float* const* const out, const uint32_t n) {
  if (pinna_smooth_is_near(&self->mix, 0.0) && self->mix.target == 1.0) {
    return;
  }
  pinna_smooth_run(&self->mix, &self->mix_step, 1e-7, self->gain, n);
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    for (uint32_t i = 0U; i < n; ++i) {
      out[c][i] = self->dry[c][i] + self->gain[i] * (out[c][i] - self->dry[c][i]);
    }
  }
}

static void
run_engines(PinnaPitch* const self, const float* const* const in, float* const* const out,
            const uint32_t n) {
  const bool is_voice = self->mode == PINNA_PITCH_VOICE;
  if (is_voice) {
    pinna_psola_run(self->psola, in, self->voice, self->gain, n);
  } else {
    pinna_yin_run(self->yin, in, n);
  }
  pinna_peakshift_run(self->engine[self->mode], in, out, n);
  for (uint32_t c = 0U; is_voice && c < self->n_channels; ++c) {
    for (uint32_t i = 0U; i < n; ++i) {
      out[c][i] += self->gain[i] * (self->voice[c][i] - out[c][i]);
    }
  }
}

/// Tell the engine which fundamental the formants' envelope is to skip, and follow the note
static void
look_at_tracker(PinnaPitch* const self) {
  const PinnaYinResult tracked = pinna_yin_result(self->yin);
  const bool           is_clear = tracked.confidence > 0.7;
  const bool           is_elsewhere = self->mode == PINNA_PITCH_VOICE; // A voice is the other's
  pinna_peakshift_set_f0(self->engine[self->mode], is_clear && !is_elsewhere ? tracked.f0 : 0.0);
  if (self->target.note > 0.0 ? is_clear : self->follow != 0.0) {
    const double sung = 69.0 + 12.0 * log2(is_clear ? tracked.f0 / 440.0 : 1.0);
    self->follow = self->target.note > 0.0 ? self->target.note - sung : 0.0;
    aim(self);
  }
}

void
pinna_pitch_run(PinnaPitch* const self, const float* const* const in, float* const* const out,
                const uint32_t n_frames) {
  for (uint32_t at = 0U; at < n_frames;) {
    const uint32_t left = n_frames - at;
    const uint32_t room = self->grid - self->phase;
    const uint32_t n = left < room ? left : room;
    const float*   chunk_in[PITCH_MAX_CHANNELS];
    float*         chunk_out[PITCH_MAX_CHANNELS];
    for (uint32_t c = 0U; c < self->n_channels; ++c) {
      chunk_in[c] = in[c] + at;
      chunk_out[c] = out[c] + at;
    }
    if (!self->phase) {
      look_at_tracker(self);
    }
    delay_input(self, chunk_in, n);
    run_engines(self, chunk_in, chunk_out, n);
    mix_dry(self, chunk_out, n);
    self->phase = n < room ? self->phase + n : 0U;
    at += n;
  }
}

PinnaYinResult
pinna_pitch_tracked(const PinnaPitch* const self) {
  return pinna_yin_result(self->yin);
}

uint32_t
pinna_pitch_n_channels(const PinnaPitch* const self) {
  return self->n_channels;
}

uint32_t
pinna_pitch_latency(const PinnaPitch* const self) {
  return self->latency;
}

uint32_t
pinna_pitch_max_latency(const PinnaPitch* const self) {
  return self->max_latency;
}
