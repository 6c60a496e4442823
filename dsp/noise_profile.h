// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_NOISE_PROFILE_H
#define PINNA_DSP_NOISE_PROFILE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// A learned noise spectrum: grows over any number of learn gestures, travels as a row of numbers

/// Shared by one audio thread, which learns, and others, which save and restore
typedef struct PinnaNoiseProfileImpl PinnaNoiseProfile;

typedef enum {
  PINNA_PROFILE_MEAN = 0, ///< Mean power
  PINNA_PROFILE_HIGH,     ///< 90th percentile of the power: also takes what flares up
  PINNA_N_PROFILE_STATISTICS
} PinnaProfileStatistic;

typedef struct {
  uint32_t n_bins;     ///< n_fft / 2 + 1, 4 to 32769
  uint32_t n_channels; ///< 1 to 8
  double   rate;       ///< Hz
} PinnaNoiseProfileConfig;

/// Numbers before the spectra of a saved profile
#define PINNA_PROFILE_HEADER 5U

/// Plan and allocate; empty. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_noise_profile_init(PinnaNoiseProfile** profile, PinnaArena* arena,
                                               const PinnaNoiseProfileConfig* config);

/// Take one frame of all channels into account. Audio thread.
/// @param power  |X|^2 [n_channels][n_bins]
/// @param energy Sum of the squared analysis window: makes profiles of all transforms alike
PINNA_API void pinna_noise_profile_learn(PinnaNoiseProfile* profile, const float* const* power,
                                         double energy) PINNA_RT;

/// Power of the noise in one channel. Audio thread.
/// @param noise Receives [n_bins]
/// @return false: nothing was learned, `noise` is unchanged
PINNA_API bool pinna_noise_profile_get(const PinnaNoiseProfile* profile, uint32_t channel,
                                       PinnaProfileStatistic statistic, double energy,
                                       float* noise) PINNA_RT;

/// Forget all that was learned. Audio thread.
PINNA_API void pinna_noise_profile_clear(PinnaNoiseProfile* profile) PINNA_RT;

/// Take over what was restored, show what was learned to savers: call it now and then. Audio
/// thread.
/// @return true: the profile is another one
PINNA_API bool pinna_noise_profile_sync(PinnaNoiseProfile* profile) PINNA_RT;

/// Frames learned. Audio thread.
PINNA_API uint32_t pinna_noise_profile_n_frames(const PinnaNoiseProfile* profile) PINNA_RT;

/// Numbers that pinna_noise_profile_save() writes. Any thread.
PINNA_API uint32_t pinna_noise_profile_size(const PinnaNoiseProfile* profile);

/// Write version, rate, bins, channels, frames, then mean and percentile of each channel as power
/// densities. One thread besides the audio thread.
/// @param values Receives [pinna_noise_profile_size()]
/// @return OK, NOT_FOUND (nothing was learned), BUSY (changing: try again)
PINNA_API PinnaStatus pinna_noise_profile_save(const PinnaNoiseProfile* profile, float* values);

/// Replace the profile by a saved one; another rate, transform or number of channels is
/// interpolated. It takes effect with the next pinna_noise_profile_sync(). The same thread as save.
/// @return OK, BAD_FILE (not such numbers; the profile is kept)
PINNA_API PinnaStatus pinna_noise_profile_restore(PinnaNoiseProfile* profile, const float* values,
                                                  uint32_t n_values);

#endif // PINNA_DSP_NOISE_PROFILE_H
