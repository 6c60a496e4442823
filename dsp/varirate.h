// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_VARIRATE_H
#define PINNA_DSP_VARIRATE_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Change the sample rate by any ratio, which may change while it runs: libsamplerate's sinc
// converters, with the latency that it does not tell
//
// A sinc converter holds back about L / min(1, ratio) input frames, L = 144 (BEST), 47 (MEDIUM),
// 20 (FASTEST). We feed so much silence first, counted exactly at set-up for the lowest ratio
// allowed, that output 0 can be given with the first input frame: from then on output time t is
// input time t minus a constant whole number of input frames, whatever the ratio does.
//
// | quality | rejection | pass band | latency at ratio >= 1, input frames |
// |---------|-----------|-----------|-------------------------------------|
// | BEST    | 144 dB    | 96 %      | 144                                 |
// | MEDIUM  | 121 dB    | 90 %      | 47                                  |
// | FASTEST | 97 dB     | 80 %      | 20                                  |
//
// For a fixed ratio of whole numbers dsp/resample.h is many times cheaper.

typedef struct PinnaVarirateImpl PinnaVarirate;

typedef enum {
  PINNA_VARIRATE_BEST = 0,
  PINNA_VARIRATE_MEDIUM,
  PINNA_VARIRATE_FASTEST,
  PINNA_N_VARIRATE_QUALITIES
} PinnaVarirateQuality;

typedef struct {
  uint32_t             n_ch; ///< Channels, 1 to 64
  PinnaVarirateQuality quality;
  double               ratio;     ///< Output rate / input rate at the start, 1/256 to 256
  double               min_ratio; ///< Lowest ratio to come: sets the latency; 0 = `ratio`
} PinnaVarirateConfig;

/// Allocate. Not realtime: libsamplerate owns memory of its own, hence no arena.
/// @return PINNA_STATUS_BAD_ARG, PINNA_STATUS_NO_MEM
PINNA_API PinnaStatus pinna_varirate_new(PinnaVarirate**            varirate,
                                         const PinnaVarirateConfig* config);

/// NULL is allowed. Not realtime.
PINNA_API void pinna_varirate_free(PinnaVarirate* varirate);

/// Forget the input and the ratio, as after new. Realtime.
PINNA_API void pinna_varirate_reset(PinnaVarirate* varirate) PINNA_RT;

/// Take input, give what output there is. Realtime, any sizes. The ratio glides linearly from the
/// last call's to `ratio` (clamped to [min_ratio, 256]) over the frames of this call.
/// @param in     Channels [n_ch][n_in]
/// @param n_used Input frames taken: n_in unless `out` is full; pass the others again
/// @param out    Channels [n_ch][n_out_max], not overlapping `in`
/// @return Output frames written; after n frames of input at a constant ratio n * ratio, within 2
PINNA_API uint32_t pinna_varirate_run(PinnaVarirate* varirate, const float* const* in,
                                      uint32_t n_in, uint32_t* n_used, float* const* out,
                                      uint32_t n_out_max, double ratio) PINNA_RT;

/// Output lags input by exactly this many input frames, a constant. Realtime.
PINNA_API uint32_t pinna_varirate_latency(const PinnaVarirate* varirate) PINNA_RT;

/// Frames of a whole signal at another rate: ceil(n_in * ratio), as TorchAudio counts
PINNA_API uint64_t pinna_varirate_whole_length(uint64_t n_in, double ratio);

/// Convert a whole signal: output k is input time k / ratio, nothing lost at either end.
/// Allocates, not realtime.
/// @param out Channels [n_ch][pinna_varirate_whole_length(n_in, config->ratio)]
PINNA_API PinnaStatus pinna_varirate_whole(const PinnaVarirateConfig* config,
                                           const float* const* in, uint64_t n_in,
                                           float* const* out);

#endif // PINNA_DSP_VARIRATE_H
