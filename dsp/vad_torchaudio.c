// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/vad_torchaudio.h"

#include "dsp/fft.h"
#include "dsp/vad_torchaudio_impl.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Measures until one triggers

/// The measure's samples, without those before the signal's beginning
static void
take_frame(PinnaVadTorchaudio* const self, const float* const in, const size_t end) {
  const size_t n = self->measure_length;
  memset(self->frame, 0, self->dft_length * sizeof(float));
  for (size_t i = 0U; i < n; ++i) {
    self->frame[i] = end + i >= n ? in[end + i - n] * self->window[i] : 0.0f;
  }
}

/// Smooth the spectrum, follow the noise, and leave what exceeds it in `frame`
static void
subtract_noise(PinnaVadTorchaudio* const self, VadTorchaudioChannel* const channel,
               const int boot_count) {
  const double smooth = boot_count >= 0 ? boot_count / (1.0 + boot_count) : self->smooth;
  const float  amount = (float)self->config.noise_reduction_amount;
  memset(self->frame, 0, self->dft_length * sizeof(float));
  for (uint32_t k = self->spectrum_start; k < self->spectrum_end; ++k) {
    const float old = channel->spectrum[k] * (float)smooth;
    channel->spectrum[k] = old + cabsf(self->bins[k]) * (float)(1.0 - smooth);

    const float power = channel->spectrum[k] * channel->spectrum[k];
    const float keep = boot_count >= 0             ? 0.0f
                       : power > channel->noise[k] ? (float)self->noise_up
                                                   : (float)self->noise_down;
    channel->noise[k] = channel->noise[k] * keep + power * (1.0f - keep);
    self->frame[k] = sqrtf(fmaxf(0.0f, power - amount * channel->noise[k])) *
                     self->cepstrum_window[k - self->spectrum_start];
  }
}

static float
measure(PinnaVadTorchaudio* const self, VadTorchaudioChannel* const channel, const float* const in,
        const size_t end, const int boot_count) {
  take_frame(self, in, end);
  pinna_fft_real_forward(self->fft, self->frame, self->bins);
  subtract_noise(self, channel, boot_count);
  pinna_fft_real_forward(self->fft_half, self->frame, self->bins);

  double sum = 0.0;
  for (uint32_t k = self->cepstrum_start; k < self->cepstrum_end; ++k) {
    const float magnitude = cabsf(self->bins[k]);
    sum += (double)(magnitude * magnitude);
  }
  const double n = self->cepstrum_end - self->cepstrum_start;
  return sum > 0.0 ? (float)fmax(0.0, 21.0 + log(sum / n)) : 0.0f;
}

/// How many measures before the trigger belong to speech
static uint32_t
look_back(const PinnaVadTorchaudio* const self, const VadTorchaudioChannel* const channel,
          const uint32_t newest) {
  const uint32_t n = self->n_measures;
  uint32_t       trigger = n;
  uint32_t       zero = n;
  uint32_t       k = newest;
  for (uint32_t j = 0U; j < n; ++j) {
    const float value = channel->measures[k];
    if ((double)value >= self->config.trigger_level && j <= trigger + self->n_gap) {
      zero = trigger = j;
    } else if (value == 0.0f && trigger >= zero) {
      zero = j;
    }
    k = (k + n - 1U) % n;
  }
  return zero < n - 1U ? zero : n - 1U;
}

/// One measure of every channel; whether one triggered, and how far back to go
static bool
measure_all(PinnaVadTorchaudio* const self, const float* const* const in, const size_t end,
            const uint32_t index, const int boot_count, uint32_t* const flush) {
  bool triggered = false;
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    VadTorchaudioChannel* const channel = &self->channels[c];
    const float                 value = measure(self, channel, in[c], end, boot_count);
    channel->measures[index] = value;
    channel->mean = channel->mean * (float)self->trigger_mean +
                    (float)((double)value * (1.0 - self->trigger_mean));
    triggered = triggered || (double)channel->mean >= self->config.trigger_level;
    if (triggered) {
      const uint32_t back = look_back(self, channel, index);
      *flush = back > *flush ? back : *flush;
    }
  }
  return triggered;
}

static void
forget(PinnaVadTorchaudio* const self) {
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    VadTorchaudioChannel* const channel = &self->channels[c];
    memset(channel->spectrum, 0, self->dft_length / 2U * sizeof(float));
    memset(channel->noise, 0, self->dft_length / 2U * sizeof(float));
    memset(channel->measures, 0, self->n_measures * sizeof(float));
    channel->mean = 0.0f;
  }
}

size_t
pinna_vad_torchaudio_run(PinnaVadTorchaudio* const self, const float* const* const in,
                         const size_t n) {
  uint32_t index = 0U;
  uint32_t flush = 0U;
  int      boot_count = 0;
  bool     triggered = false;
  size_t   read = n;

  forget(self);
  for (size_t end = self->measure_length - 1U; end < n; end += self->measure_period) {
    triggered = measure_all(self, in, end, index, boot_count, &flush);
    if (triggered) {
      read = end + 1U;
      break;
    }
    index = (index + 1U) % self->n_measures;
    boot_count = boot_count < 0 || boot_count == self->boot_count_max ? -1 : boot_count + 1;
  }

  const size_t flushed = triggered ? (size_t)(self->n_measures - flush) * self->measure_period : 0U;
  if (read + flushed >= self->history) {
    return read + flushed - self->history;
  }
  const size_t from_end = self->history - read - flushed; // A negative index, as Python reads it
  return from_end < n ? n - from_end : 0U;
}
