// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/psola.h"

#include "dsp/psola_impl.h"
#include "dsp/smooth.h"
#include "dsp/tract.h"
#include "dsp/yin.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Every few samples: follow the epochs in, lay the grains that are due out

/// Confidence at which a voice begins, and below which it ends
static const double voice_begins = 0.82;
static const double voice_ends = 0.7;

/// Above, spectral peaks are far enough apart for the other engine to be the better one [Hz]
static const double highest_voice = 600.0;

/// Half the tracker's default interval [s]
static const double half_interval = 0.0025;

/// Time in which what is left of resonances that were taken out dies away [s]
static const double warm_seconds = 0.002;

/// Time between looks at the vocal tract [s]
static const double listen_seconds = 0.008;

static const double two_pi = 6.28318530717958647692;

void
pinna_psola_set(PinnaPsola* const self, const PinnaPsolaTarget* const target) {
  if (target->glide != self->glide) {
    const double rate = 1.0 / (target->glide * self->sample_rate);
    self->value_step = (PinnaSmoothStep){exp(-rate * self->step), rate * self->step, rate};
    self->glide = target->glide;
  }
  pinna_smooth_set(&self->log_ratio, log2(target->ratio));
  pinna_smooth_set(&self->log_formant,
                   log2(fmax(1.0 / PSOLA_MAX_SPEED, fmin(PSOLA_MAX_SPEED, target->formant))));
}

void
pinna_psola_snap(PinnaPsola* const self) {
  pinna_smooth_snap(&self->log_ratio, self->log_ratio.target);
  pinna_smooth_snap(&self->log_formant, self->log_formant.target);
}

void
pinna_psola_reset(PinnaPsola* const self) {
  const uint32_t n = self->mask + 1U;
  memset(self->mono, 0, n * sizeof(float));
  memset(self->bare, 0, n * sizeof(float));
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    memset(self->input[c], 0, n * sizeof(float));
    memset(self->sum[c], 0, n * sizeof(float));
  }
  pinna_yin_reset(self->yin);
  pinna_psola_snap(self);
  pinna_smooth_snap(&self->share, 0.0);
  self->period = self->sample_rate / 150.0;
  self->voiced = false;
  self->now = 0;
  self->n_epochs = 1U;
  self->epochs[0] = (PsolaEpoch){.at = 0.0, .period = self->period};
  memset(&self->colour, 0, sizeof(self->colour));
  memset(&self->bare_filter, 0, sizeof(self->bare_filter));
  pinna_tract_reset(self->tract);
  self->heard = 0.0;
  self->next_out = 0.0;
}

/// How far the centre of a period's energy lies behind `at`, weighted by how concentrated it is
static double
lean(const PinnaPsola* const self, const double at, const double period) {
  const int64_t first = (int64_t)ceil(at - 0.5 * period);
  const int64_t last = (int64_t)floor(at + 0.5 * period);
  const double  angle = two_pi / period;
  const double  turn_re = cos(angle);
  const double  turn_im = sin(angle);
  double        re = cos(angle * ((double)first - at));
  double        im = sin(angle * ((double)first - at));
  double        sum_re = 0.0;
  double        sum_im = 0.0;
  double        energy = 1e-12;
  for (int64_t i = first; i <= last; ++i) {
    const double x = (double)self->bare[i & self->mask];
    const double e = x * x;
    const double next = re * turn_re - im * turn_im;
    energy += e;
    sum_re += e * re;
    sum_im += e * im;
    im = re * turn_im + im * turn_re;
    re = next;
  }
  const double weight = sqrt(sum_re * sum_re + sum_im * sum_im) / energy;
  return weight * atan2(sum_im, sum_re) / angle;
}

static PsolaEpoch*
epoch_at(PinnaPsola* const self, const uint32_t index) {
  return &self->epochs[index & (PSOLA_EPOCHS - 1U)];
}

/// Look at the vocal tract now and then, at an epoch or the newest before whose periods are there
static void
hear(PinnaPsola* const self, const PsolaEpoch* const epoch) {
  const PsolaEpoch* whole = epoch;
  for (uint32_t back = 2U; whole->at + whole->period + 1.0 > (double)self->now && back < 4U;
       ++back) {
    whole = epoch_at(self, self->n_epochs - back);
  }
  if (whole->at - self->heard > listen_seconds * self->sample_rate) {
    self->heard = whole->at;
    pinna_psola_listen(self, whole);
  }
}

/// Place epochs as far as the input around them is there, and as the tracker has heard them: its
/// newest estimate is for a moment one delay and half an interval ago
static void
follow_epochs(PinnaPsola* const self) {
  const double lookback = pinna_yin_delay(self->yin) + half_interval * self->sample_rate;
  for (;;) {
    const PsolaEpoch last = *epoch_at(self, self->n_epochs - 1U);
    const double     at = last.at + self->period;
    if (at + fmax(0.5 * self->period + 1.0, lookback) > (double)self->now) {
      return;
    }
    const double      move = 0.3 * lean(self, at, self->period);
    const double      most = 0.1 * self->period;
    PsolaEpoch* const epoch = epoch_at(self, self->n_epochs++);
    *epoch = (PsolaEpoch){.at = at + fmax(-most, fmin(most, move)), .period = self->period};
    if (self->voiced && self->log_formant.target != self->log_ratio.target) {
      hear(self, epoch);
    }
    epoch->colour = self->colour;
  }
}

/// Epoch nearest to a moment among those at or before `limit`
static PsolaEpoch
nearest_epoch(PinnaPsola* const self, const double moment, const double limit) {
  const uint32_t oldest = self->n_epochs > PSOLA_EPOCHS ? self->n_epochs - PSOLA_EPOCHS : 0U;
  uint32_t       best = self->n_epochs - 1U;
  while (best > oldest && epoch_at(self, best)->at > limit) {
    --best;
  }
  while (best > oldest &&
         fabs(epoch_at(self, best - 1U)->at - moment) <= fabs(epoch_at(self, best)->at - moment)) {
    --best;
  }
  return *epoch_at(self, best);
}

/// The period at a moment, from the epochs around it
static double
period_at(PinnaPsola* const self, const double moment) {
  const uint32_t oldest = self->n_epochs > PSOLA_EPOCHS ? self->n_epochs - PSOLA_EPOCHS : 0U;
  uint32_t       after = self->n_epochs - 1U;
  while (after > oldest + 1U && epoch_at(self, after - 1U)->at > moment) {
    --after;
  }
  const PsolaEpoch b = *epoch_at(self, after);
  if (after == oldest || moment >= b.at) {
    return b.period;
  }
  const PsolaEpoch a = *epoch_at(self, after - 1U);
  const double     share = fmax(0.0, (moment - a.at) / (b.at - a.at));
  return a.period + share * (b.period - a.period);
}

/// Taps for reading at `speed`: row p is for places p / PSOLA_PHASES behind a sample
static void
fill_taps(PinnaPsola* const self, const double speed) {
  const double   narrow = speed > 1.0 ? 1.0 / speed : 1.0;
  const uint32_t half = 4U * (uint32_t)ceil(PSOLA_ZEROS / (4.0 * narrow)); // Whole vectors
  for (uint32_t p = 0U; p <= PSOLA_PHASES; ++p) {
    float* const row = self->taps + (size_t)p * 2U * half;
    for (uint32_t i = 0U; i < 2U * half; ++i) {
      const double   place = (double)i - (half - 1.0) - (double)p / PSOLA_PHASES;
      const double   x = fabs(place) * narrow * PSOLA_PER_ZERO;
      const uint32_t k = (uint32_t)x;
      const bool     is_inside = k < PSOLA_ZEROS * PSOLA_PER_ZERO;
      const float    share = (float)(x - k);
      const float*   at = self->kernel + (is_inside ? k : 0U);
      row[i] = is_inside ? (float)narrow * (at[0] + share * (at[1] - at[0])) : 0.0f;
    }
  }
  self->n_taps = 2U * half;
  self->speed = speed;
}

static float
dot(const float* const restrict x, const float* const restrict row, const uint32_t n_taps) {
  float sums[8] = {0.0f};
  for (uint32_t k = 0U; k < n_taps; k += 8U) {
    for (uint32_t j = 0U; j < 8U; ++j) {
      sums[j] += row[k + j] * x[k + j];
    }
  }
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

typedef struct {
  double out;  ///< Centre in the output
  double in;   ///< Centre in the input
  double half; ///< Half its length in the output
  double gain;
  double deep; ///< Output's fundamental over the grain's

  const PsolaColour* colour; ///< NULL: not known, or formants go where the pitch goes
} Grain;

/// Taps for a place this far behind a sample: `row`
static void
mix_taps(PinnaPsola* const self, const double behind) {
  const double       phase = behind * PSOLA_PHASES;
  const uint32_t     p = (uint32_t)phase < PSOLA_PHASES ? (uint32_t)phase : PSOLA_PHASES - 1U;
  const float        share = (float)(phase - p);
  const float* const low = self->taps + (size_t)p * self->n_taps;
  const float* const high = low + self->n_taps;
  for (uint32_t k = 0U; k < self->n_taps; ++k) {
    self->row[k] = low[k] + share * (high[k] - low[k]);
  }
}

/// Fill `part` with the input from `first` to `last`, without the resonances the grain has
static void
take_part(PinnaPsola* const self, const Grain* const grain, const uint32_t channel,
          const int64_t first, const int64_t last) {
  const int64_t warm = grain->colour ? (int64_t)(warm_seconds * self->sample_rate) : 0;
  for (int64_t i = first - warm; i <= last; ++i) {
    self->part[i - first + warm] = self->input[channel][i & self->mask];
  }
  if (grain->colour) {
    const uint32_t n = (uint32_t)(last - first + 1);
    pinna_psola_strip(self, grain->colour, self->part, (uint32_t)warm + n);
    memmove(self->part, self->part + warm, n * sizeof(float));
  }
}

static void
lay_channel(PinnaPsola* const self, const Grain* const grain, const uint32_t channel,
            const int64_t from, const int64_t to) {
  const double  speed = self->speed;
  const int64_t reach = self->n_taps / 2U;
  const int64_t done = self->now - self->latency;
  const int64_t first =
      (int64_t)floor(grain->in + speed * ((double)from - grain->out)) - (reach - 1);
  const int64_t last = (int64_t)floor(grain->in + speed * ((double)to - grain->out)) + reach;
  take_part(self, grain, channel, first, last);
  int64_t whole = 0;
  for (int64_t i = from; i <= to; ++i) {
    const double t = (double)i - grain->out;
    const double place = grain->in + speed * t;
    const float  window = 0.5f + 0.5f * cosf((float)(0.5 * two_pi * t / grain->half));
    ++whole;
    if (i == from || speed != 1.0) { // At speed 1 all places are as far behind a sample
      whole = (int64_t)floor(place);
      mix_taps(self, place - (double)whole);
    }
    self->grain[i - from] =
        (float)grain->gain * window *
        dot(self->part + (whole - (reach - 1) - first), self->row, self->n_taps);
  }
  uint32_t n = (uint32_t)(to - from + 1);
  if (grain->colour) {
    pinna_psola_deepen(self->grain, n, grain->out - (double)from, grain->half, grain->deep);
    n = pinna_psola_colour(self, grain->colour, speed, self->grain, n,
                           n + self->latency + self->latency / 2U);
  }
  for (int64_t i = from > done ? from : done; i < from + n; ++i) {
    self->sum[channel][i & self->mask] += self->grain[i - from];
  }
}

static void
lay_grain(PinnaPsola* const self, const Grain* const grain) {
  const int64_t done = self->now - self->latency;
  const int64_t from = (int64_t)ceil(grain->out - grain->half);
  const int64_t to = (int64_t)floor(grain->out + grain->half);
  for (uint32_t c = 0U; c < self->n_channels && to >= done; ++c) {
    lay_channel(self, grain, c, from, to);
  }
}

/// Lay all grains that begin before the output of the next step ends
static void
lay_grains(PinnaPsola* const self, const double ratio, const double formant) {
  const double margin = PSOLA_ZEROS * fmax(1.0, formant) + 6.0;
  const double room = (double)self->latency - self->step - margin;
  const double most = room / (1.0 + formant);
  const double begin = (double)self->now - self->latency;
  self->next_out = fmax(self->next_out, begin - 1.0);
  if (formant != self->speed) {
    fill_taps(self, formant);
  }
  for (;;) {
    const double half = fmin(self->period / formant, most);
    if (self->next_out - half >= begin + self->step) {
      return;
    }
    const double     limit = (double)self->now - margin - half * formant;
    const PsolaEpoch epoch = nearest_epoch(self, self->next_out, limit);
    const double     own = fmin(epoch.period / formant, most);
    const bool       keeps = fabs(formant - ratio) > 1e-5 * ratio && epoch.colour.corners[0] > 0.0f;
    const Grain      grain = {self->next_out,        epoch.at,        own,
                              sqrt(formant / ratio), ratio / formant, keeps ? &epoch.colour : NULL};
    lay_grain(self, &grain);
    self->next_out += period_at(self, self->next_out + 0.5 * epoch.period / ratio) / ratio;
  }
}

static double
next_value(PinnaSmooth* const smooth, const PinnaSmoothStep* const step) {
  if (pinna_smooth_is_near(smooth, 1e-6)) {
    pinna_smooth_snap(smooth, smooth->target);
  } else {
    pinna_smooth_advance(smooth, step);
  }
  return exp2(pinna_smooth_value(smooth));
}

static void
run_step(PinnaPsola* const self) {
  const PinnaYinResult tracked = pinna_yin_result(self->yin);
  const double         ratio = next_value(&self->log_ratio, &self->value_step);
  const double         formant = next_value(&self->log_formant, &self->value_step);
  self->voiced =
      tracked.confidence > (self->voiced ? voice_ends : voice_begins) && tracked.f0 < highest_voice;
  if (self->voiced) {
    self->period = tracked.period;
  } else if (self->colour.corners[0] > 0.0f) {
    self->colour.corners[0] = 0.0f;
    pinna_psola_plan_bare(self);
  }
  follow_epochs(self);
  lay_grains(self, ratio, formant);
  const bool rests = ratio == 1.0 && formant == 1.0;
  pinna_smooth_set(&self->share, self->voiced && !rests ? 1.0 : 0.0);
}

static void
take(PinnaPsola* const self, const float* const* const in, const uint32_t at, const uint32_t n) {
  const uint32_t n_channels = self->n_channels;
  const float*   part[PSOLA_MAX_CHANNELS];
  for (uint32_t c = 0U; c < n_channels; ++c) {
    part[c] = in[c] + at;
  }
  for (uint32_t i = 0U; i < n; ++i) {
    const uint32_t to = (uint32_t)(self->now + i) & self->mask;
    self->mono[to] = 0.0f;
    for (uint32_t c = 0U; c < n_channels; ++c) {
      const float x = fabsf(part[c][i]) <= 1e9f ? part[c][i] : 0.0f;
      self->input[c][to] = x;
      self->mono[to] += x;
    }
    self->bare[to] = self->mono[to];
    if (self->colour.corners[0] > 0.0f) {
      pinna_psola_filter(&self->bare_filter, &self->bare[to], 1U);
    }
  }
  pinna_yin_run(self->yin, part, n);
}

void
pinna_psola_run(PinnaPsola* const self, const float* const* const in, float* const* const out,
                float* const share, const uint32_t n_frames) {
  for (uint32_t at = 0U; at < n_frames;) {
    const uint32_t phase = (uint32_t)(self->now % self->step);
    if (!phase) {
      run_step(self);
    }
    const uint32_t left = n_frames - at;
    const uint32_t n = left < self->step - phase ? left : self->step - phase;
    take(self, in, at, n);
    for (uint32_t c = 0U; c < self->n_channels; ++c) {
      for (uint32_t i = 0U; i < n; ++i) {
        float* const from = &self->sum[c][(self->now + i - self->latency) & self->mask];
        out[c][at + i] = *from;
        *from = 0.0f;
      }
    }
    pinna_smooth_run(&self->share, &self->share_step, 1e-6, share + at, n);
    self->now += n;
    at += n;
  }
}
