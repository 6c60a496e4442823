// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_EQ_H
#define PINNA_DSP_EQ_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Parametric equaliser: a cascade of bands whose every parameter moves without a click

#define PINNA_EQ_MAX_BANDS 8U ///< Bands in one equaliser
#define PINNA_EQ_MAX_ORDER 8U ///< Order of a low or high pass: 6 dB per octave each

/// Transfer function of a band. RBJ: R. Bristow-Johnson, Audio EQ Cookbook. The names in brackets
/// are the TorchAudio functions with the same transfer function.
typedef enum {
  PINNA_EQ_BELL = 0,       ///< RBJ peaking (equalizer_biquad)
  PINNA_EQ_LOW_SHELF,      ///< RBJ low shelf with Q (bass_biquad)
  PINNA_EQ_HIGH_SHELF,     ///< RBJ high shelf with Q (treble_biquad)
  PINNA_EQ_LOW_PASS,       ///< Butterworth of `order` for Q 0.7071 (order 2: lowpass_biquad)
  PINNA_EQ_HIGH_PASS,      ///< Butterworth of `order` for Q 0.7071 (order 2: highpass_biquad)
  PINNA_EQ_BAND_PASS,      ///< 0 dB at the centre (bandpass_biquad)
  PINNA_EQ_NOTCH,          ///< Zero at the centre (bandreject_biquad)
  PINNA_EQ_ALL_PASS,       ///< Second order (allpass_biquad)
  PINNA_EQ_BASS,           ///< bass_biquad, SoX bass
  PINNA_EQ_TREBLE,         ///< treble_biquad, SoX treble
  PINNA_EQ_EQUALIZER,      ///< equalizer_biquad, SoX equalizer
  PINNA_EQ_BAND,           ///< band_biquad, SoX band: resonator for pitched sound
  PINNA_EQ_BANDPASS,       ///< bandpass_biquad, SoX bandpass
  PINNA_EQ_BANDREJECT,     ///< bandreject_biquad, SoX bandreject
  PINNA_EQ_RIAA,           ///< riaa_biquad: vinyl playback; frequency, gain and Q unused
  PINNA_EQ_DEEMPH,         ///< deemph_biquad: CD de-emphasis; frequency, gain and Q unused
  PINNA_EQ_BAND_NOISE,     ///< band_biquad(noise=True), SoX band -n
  PINNA_EQ_BANDPASS_SKIRT, ///< bandpass_biquad(const_skirt_gain=True), SoX bandpass -c
  PINNA_EQ_N_TYPES
} PinnaEqType;

/// How the analogue prototype of a band becomes digital
typedef enum {
  PINNA_EQ_SHAPE_RBJ = 0, ///< Bilinear transform: equals RBJ, SoX and TorchAudio, cramped near fs/2
  PINNA_EQ_SHAPE_ANALOGUE, ///< Magnitude of the analogue prototype up to fs/2 (M. Vicanek, Matched
                           ///< Second Order Digital Filters, 2016): bell, shelves, low and high
                           ///< pass; all other types ignore it
  PINNA_EQ_N_SHAPES
} PinnaEqShape;

/// One band. Values out of range are clamped, not finite ones replaced by the defaults.
typedef struct {
  bool         enabled; ///< false: the band passes sound unchanged and costs nothing
  PinnaEqType  type;    ///< Changing it fades the band out and in again
  PinnaEqShape shape;   ///< Changing it fades the band out and in again
  uint32_t     order;   ///< 1 to 8, low and high pass only: 6 to 48 dB per octave
  double       freq_hz; ///< 10 to 24000, clamped below 0.49 of the sample rate
  double       gain_db; ///< -24 to +24: bell, shelves, bass, treble, equalizer
  double       q; ///< 0.05 to 40; low and high pass: |H| at freq_hz, whatever the order (1: unused)
} PinnaEqBand;

/// A disabled bell: 1 kHz, 0 dB, Q 0.7071, order 2, RBJ
#define PINNA_EQ_BAND_DEFAULT                                                                      \
  ((PinnaEqBand){false, PINNA_EQ_BELL, PINNA_EQ_SHAPE_RBJ, 2U, 1000.0, 0.0, 0.70710678118654752})

typedef struct {
  double   sample_rate; ///< Hz, 1000 to 768000
  uint32_t n_ch;        ///< Channels, 1 to 64; all get the same curve
  uint32_t n_bands;     ///< 1 to PINNA_EQ_MAX_BANDS
} PinnaEqConfig;

typedef struct PinnaEqImpl PinnaEq;

/// Plan and allocate; all bands disabled, gains 0 dB, enabled, settled. Not realtime.
/// @return PINNA_STATUS_BAD_ARG (config out of range), PINNA_STATUS_NO_MEM
PINNA_API PinnaStatus pinna_eq_init(PinnaEq** eq, PinnaArena* arena, const PinnaEqConfig* config);

/// New targets of one band (0 to n_bands - 1), reached in 25 to 30 ms (three one-poles of 4 ms on
/// log frequency, dB and log Q). Cheap when nothing changed: call it before each block. Realtime.
PINNA_API void pinna_eq_set_band(PinnaEq* eq, uint32_t band, const PinnaEqBand* target) PINNA_RT;

/// New targets of the gains before and after the bands, in dB, -60 to +60. Realtime.
PINNA_API void pinna_eq_set_gains(PinnaEq* eq, double input_db, double output_db) PINNA_RT;

/// false: crossfade to the untouched input, which then comes out bit for bit. Realtime.
PINNA_API void pinna_eq_set_enabled(PinnaEq* eq, bool enabled) PINNA_RT;

/// Jump to all targets and forget past sound: at activation, after the first setters. Realtime.
PINNA_API void pinna_eq_snap(PinnaEq* eq) PINNA_RT;

/// Filter. The output does not depend on how time is cut into blocks, bit for bit, as long as
/// targets change at the same frames. Samples that are not finite count as 0. Realtime, any
/// n_frames, latency 0.
/// @param in  n_ch channels [n_frames], full scale ±1
/// @param out n_ch channels [n_frames]; out[c] may equal in[c], other overlaps are not allowed
PINNA_API void pinna_eq_run(PinnaEq* eq, const float* const* in, float* const* out,
                            uint32_t n_frames) PINNA_RT;

/// Is no parameter on its way? Then pinna_eq_run() is at its cheapest. Realtime.
PINNA_API bool pinna_eq_is_settled(const PinnaEq* eq) PINNA_RT;

/// Frequency response of one band as set (1 if disabled), for drawing: touches no equaliser, so any
/// thread may call it. Realtime.
/// @param freq_hz  Frequencies [n], 0 to sample_rate / 2
/// @param response Real and imaginary part of each [n][2]
PINNA_API void pinna_eq_band_response(const PinnaEqBand* band, double sample_rate,
                                      const double* freq_hz, double (*response)[2],
                                      uint32_t      n) PINNA_RT;

/// Gain in dB of a whole curve, for drawing. Any thread, realtime.
/// @param bands   Bands [n_bands]
/// @param freq_hz Frequencies [n]
/// @param gain_db Result [n], never below -300
PINNA_API void pinna_eq_curve(const PinnaEqBand* bands, uint32_t n_bands, double sample_rate,
                              const double* freq_hz, double* gain_db, uint32_t n) PINNA_RT;

/// Name of a type as TorchAudio or a user would write it: "bell", "low_shelf", "equalizer", ...
/// Any thread, NULL if out of range.
PINNA_API const char* pinna_eq_type_name(PinnaEqType type);

#endif // PINNA_DSP_EQ_H
