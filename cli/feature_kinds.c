// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/feature_kinds.h"

#include "base/arena.h"
#include "dsp/centroid.h"
#include "dsp/cepstrum.h"
#include "dsp/decibel.h"
#include "dsp/kaldi_features.h"
#include "dsp/mel.h"
#include "dsp/spectrogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Spectral features by the blocks of dsp, with the defaults of three libraries

static PinnaStatus
refused(const PinnaStatus status, PinnaError* const error) {
  return status == PINNA_STATUS_BAD_ARG
             ? pinna_fail(error, status, "these options do not go together, or are out of range")
             : status;
}

/// n_fft, win_length, hop_length and center over a library's defaults
static PinnaSpectrogramConfig
spectrogram_of(const CliFeatureCall* const call, const CliStyle style) {
  const CliFeatureOptions* const o = call->options;
  const bool                     librosa = style == CLI_STYLE_LIBROSA;
  const uint32_t                 n_fft = o->n_fft ? o->n_fft : librosa ? 2048U : 400U;
  PinnaSpectrogramConfig         config = pinna_spectrogram_config(n_fft);
  config.pad_mode = librosa ? PINNA_PAD_CONSTANT : PINNA_PAD_REFLECT;
  config.win_length = o->win_length ? o->win_length : n_fft;
  config.hop_length = o->hop_length ? o->hop_length
                      : librosa     ? config.win_length / 4U
                                    : config.win_length / 2U;
  config.center = !o->no_center;
  return config;
}

static void
describe(CliFeatureInfo* const info, const CliFeatureCall* const call,
         const PinnaSpectrogramConfig* const config) {
  info->frame_seconds = config->hop_length / call->rate;
  info->first_seconds = config->center ? 0.0 : 0.5 * config->n_fft / call->rate;
  info->f_max = 0.5 * call->rate;
  info->axis = CLI_AXIS_HZ;
}

static float
power_of(const CliFeatureCall* const call, const double usual) {
  return (float)(call->options->power > 0.0 ? call->options->power : usual);
}

/// Decibels where asked; what the numbers are
static void
finish(const CliFeatureCall* const call, const CliMatrix* const out, const float power,
       CliFeatureInfo* const info) {
  info->unit = "dB";
  info->scale = power == 1.0f ? CLI_SCALE_MAGNITUDE : CLI_SCALE_POWER;
  if (call->options->log) {
    const size_t n = (size_t)out->n_rows * out->n_cols;
    pinna_amplitude_to_db(out->values, n, power == 1.0f ? 20.0f : 10.0f, 1e-10f, 0.0f, out->values);
    info->scale = CLI_SCALE_VALUE;
  }
}

static PinnaStatus
build_spectrogram(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_spectrogram_init((PinnaSpectrogram**)object, arena,
                                (const PinnaSpectrogramConfig*)config);
}

PinnaStatus
cli_feature_spectrogram(const CliFeatureCall* const call, CliMatrix* const out,
                        CliFeatureInfo* const info, PinnaError* const error) {
  const PinnaSpectrogramConfig config = spectrogram_of(call, info->style);
  const float                  power = power_of(call, info->style == CLI_STYLE_LIBROSA ? 1.0 : 2.0);
  void*                        memory = NULL;
  void*                        object = NULL;
  PinnaStatus status = pinna_arena_build(&memory, &object, build_spectrogram, &config);
  if (status) {
    return refused(status, error);
  }
  PinnaSpectrogram* const self = (PinnaSpectrogram*)object;
  status = cli_feature_make(call, out, pinna_spectrogram_n_frames(self, call->n_samples),
                            pinna_spectrogram_n_bins(self), error);
  if (!status) {
    status = pinna_spectrogram_power(self, call->in[0], call->n_samples, power, out->values);
  }
  pinna_arena_free(memory);
  describe(info, call, &config);
  if (!status) {
    finish(call, out, power, info);
  }
  return status;
}

static PinnaMelConfig
mel_of(const CliFeatureCall* const call, const CliStyle style) {
  const CliFeatureOptions* const o = call->options;
  const uint32_t                 rate = (uint32_t)lround(call->rate);
  PinnaMelConfig                 config =
      style == CLI_STYLE_LIBROSA ? pinna_mel_librosa_config(rate) : pinna_mel_config(rate);
  config.spectrogram = spectrogram_of(call, style);
  config.power = power_of(call, 2.0);
  config.filterbank.n_filters = o->n_mels ? o->n_mels : config.filterbank.n_filters;
  config.filterbank.f_min = o->f_min;
  config.filterbank.f_max = o->f_max;
  return config;
}

static void
describe_mel(CliFeatureInfo* const info, const CliFeatureCall* const call,
             const PinnaMelConfig* const config) {
  describe(info, call, &config->spectrogram);
  info->axis = CLI_AXIS_MEL;
  info->slaney = config->filterbank.scale == PINNA_SCALE_SLANEY;
  info->f_min = config->filterbank.f_min;
  info->f_max = config->filterbank.f_max > 0.0 ? config->filterbank.f_max : 0.5 * call->rate;
}

static PinnaStatus
build_mel(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_mel_init((PinnaMel**)object, arena, (const PinnaMelConfig*)config);
}

PinnaStatus
cli_feature_mel(const CliFeatureCall* const call, CliMatrix* const out, CliFeatureInfo* const info,
                PinnaError* const error) {
  const PinnaMelConfig config = mel_of(call, info->style);
  void*                memory = NULL;
  void*                object = NULL;
  PinnaStatus          status = pinna_arena_build(&memory, &object, build_mel, &config);
  if (status) {
    return refused(status, error);
  }
  PinnaMel* const self = (PinnaMel*)object;
  status = cli_feature_make(call, out, pinna_mel_n_frames(self, call->n_samples),
                            pinna_mel_n_mels(self), error);
  if (!status) {
    status = pinna_mel_run(self, call->in[0], call->n_samples, out->values);
  }
  pinna_arena_free(memory);
  describe_mel(info, call, &config);
  if (!status) {
    finish(call, out, config.power, info);
  }
  return status;
}

static PinnaStatus
build_cepstrum(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_cepstrum_init((PinnaCepstrum**)object, arena, (const PinnaCepstrumConfig*)config);
}

PinnaStatus
cli_feature_mfcc(const CliFeatureCall* const call, CliMatrix* const out, CliFeatureInfo* const info,
                 PinnaError* const error) {
  const CliFeatureOptions* const o = call->options;
  const uint32_t                 rate = (uint32_t)lround(call->rate);
  const bool                     lfcc = !strcmp(o->kind, "lfcc");
  PinnaCepstrumConfig            config = lfcc ? pinna_lfcc_config(rate) : pinna_mfcc_config(rate);
  const PinnaScale               scale = config.bands.filterbank.scale;
  config.bands = mel_of(call, info->style);
  config.bands.filterbank.scale = lfcc ? scale : config.bands.filterbank.scale;
  config.n_coeffs = o->n_mfcc ? o->n_mfcc : info->style == CLI_STYLE_LIBROSA ? 20U : 40U;
  void*       memory = NULL;
  void*       object = NULL;
  PinnaStatus status = pinna_arena_build(&memory, &object, build_cepstrum, &config);
  if (status) {
    return refused(status, error);
  }
  PinnaCepstrum* const self = (PinnaCepstrum*)object;
  status = cli_feature_make(call, out, pinna_cepstrum_n_frames(self, call->n_samples),
                            pinna_cepstrum_n_coeffs(self), error);
  if (!status) {
    status = pinna_cepstrum_run(self, call->in[0], call->n_samples, out->values);
  }
  pinna_arena_free(memory);
  describe(info, call, &config.bands.spectrogram);
  info->axis = CLI_AXIS_INDEX;
  info->unit = "value";
  return status;
}

static PinnaStatus
build_centroid(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_centroid_init((PinnaCentroid**)object, arena, (const PinnaCentroidConfig*)config);
}

PinnaStatus
cli_feature_centroid(const CliFeatureCall* const call, CliMatrix* const out,
                     CliFeatureInfo* const info, PinnaError* const error) {
  const PinnaCentroidConfig config = {.spectrogram = spectrogram_of(call, info->style),
                                      .sample_rate = (uint32_t)lround(call->rate),
                                      .torchaudio = info->style == CLI_STYLE_TORCHAUDIO};
  void*                     memory = NULL;
  void*                     object = NULL;
  PinnaStatus               status = pinna_arena_build(&memory, &object, build_centroid, &config);
  if (status) {
    return refused(status, error);
  }
  PinnaCentroid* const self = (PinnaCentroid*)object;
  status = cli_feature_make(call, out, pinna_centroid_n_frames(self, call->n_samples), 1U, error);
  if (!status) {
    status = pinna_centroid_run(self, call->in[0], call->n_samples, out->values);
  }
  pinna_arena_free(memory);
  describe(info, call, &config.spectrogram);
  info->axis = CLI_AXIS_CURVE;
  info->unit = "Hz";
  info->columns[0] = "centroid";
  return status;
}

static PinnaKaldiConfig
kaldi_of(const CliFeatureCall* const call) {
  const CliFeatureOptions* const o = call->options;
  const PinnaKaldiKind           kind = strstr(o->kind, "spectrogram") ? PINNA_KALDI_SPECTROGRAM
                                        : strcmp(o->kind, "mfcc")      ? PINNA_KALDI_FBANK
                                                                       : PINNA_KALDI_MFCC;
  PinnaKaldiConfig               config = pinna_kaldi_config(kind);
  config.sample_frequency = call->rate;
  config.frame_length = o->frame_length > 0.0 ? o->frame_length : config.frame_length;
  config.frame_shift = o->frame_shift > 0.0 ? o->frame_shift : config.frame_shift;
  config.dither = o->dither;
  config.snip_edges = !o->no_snip_edges;
  config.use_energy = o->use_energy;
  config.low_freq = o->f_min > 0.0 ? o->f_min : config.low_freq;
  config.high_freq = o->f_max > 0.0 ? o->f_max : config.high_freq;
  config.num_mel_bins = o->n_mels ? o->n_mels : config.num_mel_bins;
  config.num_ceps = o->n_mfcc ? o->n_mfcc : config.num_ceps;
  return config;
}

static PinnaStatus
build_kaldi(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_kaldi_init((PinnaKaldi**)object, arena, (const PinnaKaldiConfig*)config);
}

static void
describe_kaldi(CliFeatureInfo* const info, const PinnaKaldiConfig* const config) {
  info->row_major = true;
  info->axis = config->kind == PINNA_KALDI_SPECTROGRAM ? CLI_AXIS_HZ
               : config->kind == PINNA_KALDI_FBANK     ? CLI_AXIS_MEL
                                                       : CLI_AXIS_INDEX;
  info->unit = config->kind == PINNA_KALDI_MFCC ? "value" : "log energy";
  info->frame_seconds = 0.001 * config->frame_shift;
  info->first_seconds = 0.0005 * (config->snip_edges ? config->frame_length : config->frame_shift);
  const double nyquist = 0.5 * config->sample_frequency;
  info->f_min = config->kind == PINNA_KALDI_FBANK ? config->low_freq : 0.0;
  info->f_max = config->kind != PINNA_KALDI_FBANK ? nyquist
                : config->high_freq > 0.0         ? config->high_freq
                                                  : nyquist + config->high_freq;
}

PinnaStatus
cli_feature_kaldi(const CliFeatureCall* const call, CliMatrix* const out,
                  CliFeatureInfo* const info, PinnaError* const error) {
  const PinnaKaldiConfig config = kaldi_of(call);
  void*                  memory = NULL;
  void*                  object = NULL;
  PinnaStatus            status = pinna_arena_build(&memory, &object, build_kaldi, &config);
  if (status) {
    return refused(status, error);
  }
  PinnaKaldi* const self = (PinnaKaldi*)object;
  float* const scaled = (float*)malloc((call->n_samples ? call->n_samples : 1U) * sizeof(float));
  status = scaled ? cli_feature_make(call, out, pinna_kaldi_n_frames(self, call->n_samples),
                                     pinna_kaldi_n_cols(self), error)
                  : PINNA_STATUS_NO_MEM;
  if (!status) {
    for (size_t i = 0U; i < call->n_samples; ++i) {
      scaled[i] = 32768.0f * call->in[0][i]; // Kaldi's unit
    }
    status = pinna_kaldi_run(self, scaled, call->n_samples, out->values);
  }
  free(scaled);
  pinna_arena_free(memory);
  describe_kaldi(info, &config);
  return status;
}
