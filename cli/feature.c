// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/feature.h"

#include "cli/feature_kinds.h"

#include <stdlib.h>
#include <string.h>

// Finds the kind and the style, mixes channels, calls what computes

const char* const cli_style_names[CLI_N_STYLES] = {"pinna", "torchaudio", "librosa", "kaldi"};

static const CliFeatureKind kinds[] = {
    {"mel", {NULL, cli_feature_mel, cli_feature_mel, cli_feature_kaldi}, false},
    {"mfcc", {NULL, cli_feature_mfcc, cli_feature_mfcc, cli_feature_kaldi}, false},
    {"lfcc", {[CLI_STYLE_TORCHAUDIO] = cli_feature_mfcc}, false},
    {"fbank", {[CLI_STYLE_KALDI] = cli_feature_kaldi}, false},
    {"spectrogram",
     {NULL, cli_feature_spectrogram, cli_feature_spectrogram, cli_feature_kaldi},
     false},
    {"kaldi-spectrogram", {[CLI_STYLE_KALDI] = cli_feature_kaldi}, false},
    {"centroid", {NULL, cli_feature_centroid, cli_feature_centroid, NULL}, false},
    {"pitch", {cli_feature_pitch, cli_feature_pitch_torchaudio, NULL, NULL}, false},
    {"descriptors", {[CLI_STYLE_PINNA] = cli_feature_descriptors}, false},
    {"level", {[CLI_STYLE_PINNA] = cli_feature_level}, true},
    {"loudness", {cli_feature_loudness, cli_feature_loudness_torchaudio, NULL, NULL}, true},
    {"vad", {cli_feature_vad, cli_feature_vad_torchaudio, NULL, NULL}, false},
};

enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

const char* const*
cli_feature_kinds(void) {
  static const char* names[N_KINDS + 1];
  for (int i = 0; i < N_KINDS; ++i) {
    names[i] = kinds[i].name;
  }
  return names;
}

static PinnaStatus
find_kind(const CliFeatureOptions* const options, const CliFeatureKind** const kind,
          CliStyle* const style, PinnaError* const error) {
  *kind = NULL;
  for (int i = 0; i < N_KINDS; ++i) {
    *kind = strcmp(kinds[i].name, options->kind) ? *kind : &kinds[i];
  }
  if (!*kind) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "there is no kind of features '%s'",
                      options->kind);
  }
  for (int s = 0; s < CLI_N_STYLES; ++s) {
    const bool asked =
        options->style ? !strcmp(options->style, cli_style_names[s]) : (*kind)->compute[s] != NULL;
    if (asked && !(*kind)->compute[s]) {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG, "%s has no %s", cli_style_names[s],
                        options->kind);
    }
    if (asked) {
      *style = (CliStyle)s;
      return PINNA_STATUS_OK;
    }
  }
  return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                    "there is no style '%s': pinna, torchaudio, librosa or kaldi", options->style);
}

/// Mean of the channels
static float*
mix(const float* const* const in, const uint32_t n_ch, const size_t n) {
  float* const out = (float*)malloc((n ? n : 1U) * sizeof(float));
  for (size_t i = 0U; out && i < n; ++i) {
    double sum = 0.0;
    for (uint32_t c = 0U; c < n_ch; ++c) {
      sum += (double)in[c][i];
    }
    out[i] = (float)(sum / n_ch);
  }
  return out;
}

PinnaStatus
cli_feature_make(const CliFeatureCall* const call, CliMatrix* const out, const size_t n_rows,
                 const uint32_t n_cols, PinnaError* const error) {
  if (!n_rows || n_rows > INT32_MAX) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%.3f s is too %s",
                      (double)call->n_samples / call->rate,
                      n_rows ? "long" : "short for one frame");
  }
  *out = (CliMatrix){(float*)calloc(n_rows * n_cols, sizeof(float)), (uint32_t)n_rows, n_cols};
  return out->values ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

PinnaStatus
cli_feature_check(const CliFeatureOptions* const options, PinnaError* const error) {
  const CliFeatureKind* kind = NULL;
  CliStyle              style = CLI_STYLE_TORCHAUDIO;
  return find_kind(options, &kind, &style, error);
}

PinnaStatus
cli_feature_compute(const CliFeatureOptions* const options, const float* const* const in,
                    const uint32_t n_ch, const size_t n_samples, const double sample_rate,
                    CliMatrix* const out, CliFeatureInfo* const info, PinnaError* const error) {
  const CliFeatureKind* kind = NULL;
  *info = (CliFeatureInfo){0};
  *out = (CliMatrix){0};
  PinnaStatus status = find_kind(options, &kind, &info->style, error);
  if (status) {
    return status;
  }
  float* const mono = n_ch > 1U && !kind->all_channels ? mix(in, n_ch, n_samples) : NULL;
  if (n_ch > 1U && !kind->all_channels && !mono) {
    return PINNA_STATUS_NO_MEM;
  }
  const float* const   one[1] = {mono};
  const CliFeatureCall call = {options, mono ? one : in, mono ? 1U : n_ch, n_samples, sample_rate};
  status = kind->compute[info->style](&call, out, info, error);
  free(mono);
  if (status) {
    free(out->values);
    *out = (CliMatrix){0};
  }
  return status;
}
