// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_FEATURE_H
#define PINNA_CLI_FEATURE_H

#include "base/status.h"
#include "cli/matrix.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Features of one signal: which kinds there are, whose defaults they follow, what their numbers
// mean

typedef enum {
  CLI_STYLE_PINNA = 0,
  CLI_STYLE_TORCHAUDIO,
  CLI_STYLE_LIBROSA,
  CLI_STYLE_KALDI,
  CLI_N_STYLES
} CliStyle;

/// Names of the styles
extern const char* const cli_style_names[CLI_N_STYLES];

/// What the user asked for; 0, NAN or NULL: the style's default
typedef struct {
  const char* kind;  ///< A name of cli_feature_kinds()
  const char* style; ///< A name of cli_style_names, or NULL: the kind's first
  uint32_t    n_fft;
  uint32_t    win_length;
  uint32_t    hop_length;
  uint32_t    n_mels; ///< Filters of mel, fbank, lfcc; Kaldi's num_mel_bins
  uint32_t    n_mfcc; ///< Coefficients; Kaldi's num_ceps
  double      f_min;
  double      f_max;
  double      power;
  double      frame_length; ///< ms, Kaldi
  double      frame_shift;  ///< ms, Kaldi
  double      dither;       ///< Kaldi
  bool        no_center;
  bool        no_snip_edges; ///< Kaldi
  bool        use_energy;    ///< Kaldi
  bool        log;           ///< Decibels instead of power or magnitude
} CliFeatureOptions;

/// How a picture or a table shows the values
typedef enum {
  CLI_SCALE_VALUE = 0, ///< As they are
  CLI_SCALE_POWER,     ///< 10 log10
  CLI_SCALE_MAGNITUDE  ///< 20 log10
} CliScale;

typedef enum {
  CLI_AXIS_CURVE = 0, ///< Few columns: lines over time
  CLI_AXIS_HZ,        ///< Columns are frequencies, evenly spaced from 0
  CLI_AXIS_MEL,       ///< Columns are mel filters (HTK or Slaney, see `slaney`)
  CLI_AXIS_INDEX      ///< Columns are numbered
} CliAxis;

#define CLI_FEATURE_MAX_CURVES 8U

typedef struct {
  CliStyle    style;
  CliScale    scale;
  CliAxis     axis;
  bool        slaney;
  bool        row_major;     ///< Frames first in .npy files, as in Kaldi; others have them last
  double      f_min;         ///< Hz of the lowest column's edge
  double      f_max;         ///< Hz of the highest column's edge
  double      first_seconds; ///< Time of the middle of row 0
  double      frame_seconds; ///< From row to row
  const char* unit;          ///< Of the values as shown
  const char* columns[CLI_FEATURE_MAX_CURVES]; ///< Names, if there are few
  uint32_t    n_shown;                         ///< Columns that a picture shows, 0 = all
  bool        zero_is_gap;                     ///< In a picture
} CliFeatureInfo;

/// Names of all kinds, one after another, ending in NULL
const char* const* cli_feature_kinds(void);

/// Is there such a kind in such a style?
PinnaStatus cli_feature_check(const CliFeatureOptions* options, PinnaError* error);

/// Compute.
/// @param in   Samples [n_ch][n_samples], full scale +-1; kinds of one signal use their mean
/// @param info Receives what the values are
/// @return BAD_ARG (options; or the signal is too short), UNSUPPORTED (kind or style), NO_MEM
PinnaStatus cli_feature_compute(const CliFeatureOptions* options, const float* const* in,
                                uint32_t n_ch, size_t n_samples, double sample_rate, CliMatrix* out,
                                CliFeatureInfo* info, PinnaError* error);

#endif // PINNA_CLI_FEATURE_H
