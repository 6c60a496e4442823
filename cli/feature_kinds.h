// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_FEATURE_KINDS_H
#define PINNA_CLI_FEATURE_KINDS_H

#include "cli/feature.h"

// One function for each family of features, called by the table in feature.c

typedef struct {
  const CliFeatureOptions* options;
  const float* const*      in; ///< [n_ch][n_samples]
  uint32_t                 n_ch;
  size_t                   n_samples;
  double                   rate;
} CliFeatureCall;

/// @param info Has its style; the rest is to be filled
typedef PinnaStatus (*CliFeatureFunc)(const CliFeatureCall* call, CliMatrix* out,
                                      CliFeatureInfo* info, PinnaError* error);

typedef struct {
  const char*    name;
  CliFeatureFunc compute[CLI_N_STYLES]; ///< NULL: this style does not have it
  bool           all_channels;          ///< Otherwise gets one channel, their mean
} CliFeatureKind;

/// Room for zeroed values, or why there is none: no frame, or too many
PinnaStatus cli_feature_make(const CliFeatureCall* call, CliMatrix* out, size_t n_rows,
                             uint32_t n_cols, PinnaError* error);

PinnaStatus cli_feature_spectrogram(const CliFeatureCall* call, CliMatrix* out,
                                    CliFeatureInfo* info, PinnaError* error);
PinnaStatus cli_feature_mel(const CliFeatureCall* call, CliMatrix* out, CliFeatureInfo* info,
                            PinnaError* error);
PinnaStatus cli_feature_mfcc(const CliFeatureCall* call, CliMatrix* out, CliFeatureInfo* info,
                             PinnaError* error);
PinnaStatus cli_feature_kaldi(const CliFeatureCall* call, CliMatrix* out, CliFeatureInfo* info,
                              PinnaError* error);
PinnaStatus cli_feature_centroid(const CliFeatureCall* call, CliMatrix* out, CliFeatureInfo* info,
                                 PinnaError* error);
PinnaStatus cli_feature_loudness(const CliFeatureCall* call, CliMatrix* out, CliFeatureInfo* info,
                                 PinnaError* error);
PinnaStatus cli_feature_loudness_torchaudio(const CliFeatureCall* call, CliMatrix* out,
                                            CliFeatureInfo* info, PinnaError* error);
PinnaStatus cli_feature_pitch(const CliFeatureCall* call, CliMatrix* out, CliFeatureInfo* info,
                              PinnaError* error);
PinnaStatus cli_feature_pitch_torchaudio(const CliFeatureCall* call, CliMatrix* out,
                                         CliFeatureInfo* info, PinnaError* error);
PinnaStatus cli_feature_vad(const CliFeatureCall* call, CliMatrix* out, CliFeatureInfo* info,
                            PinnaError* error);
PinnaStatus cli_feature_vad_torchaudio(const CliFeatureCall* call, CliMatrix* out,
                                       CliFeatureInfo* info, PinnaError* error);
PinnaStatus cli_feature_descriptors(const CliFeatureCall* call, CliMatrix* out,
                                    CliFeatureInfo* info, PinnaError* error);
PinnaStatus cli_feature_level(const CliFeatureCall* call, CliMatrix* out, CliFeatureInfo* info,
                              PinnaError* error);

#endif // PINNA_CLI_FEATURE_KINDS_H
