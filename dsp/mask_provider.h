// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MASK_PROVIDER_H
#define PINNA_DSP_MASK_PROVIDER_H

#include <stdint.h>

// Where another gain, such as a learned mask, joins the denoiser: G = G_omlsa^(1 - w) * G_mask^w

/// Filled in by who computes the mask (in its own bands, at its own sample rate and frame rate);
/// kept by the caller for the life of the denoiser. All functions are called in the audio thread.
typedef struct {
  void* handle;

  /// Bands of a mask, 1 or more, and their centres [Hz], rising; beyond the outermost ones the
  /// outermost gain holds, above the last one as far as it takes away more than there was
  uint32_t     n_bands;
  const float* band_hz;

  /// Samples that the mask for a sample needs after it has been pushed; the denoiser delays its
  /// sound by this much more, rounded up to its hops. Constant.
  uint32_t n_latency;

  /// The next input samples, before any processing [n_channels][n_frames]. Resampling, framing and
  /// inference, or handing over to a worker, are the provider's business. Realtime.
  void (*push)(void* handle, const float* const* in, uint32_t n_frames);

  /// The mask for the sound around a sample: ln of the gain of each band, at most 0. Realtime.
  /// @param sample   Count of pushed samples since reset, at the middle of a frame
  /// @param log_gain Receives [n_bands]
  /// @return Greatest weight that it deserves, 0 to 1; 0: not there in time, the denoiser holds the
  /// last one and then lets go of it
  float (*read)(void* handle, uint64_t sample, float* log_gain);

  /// Forget all audio; counting starts at 0. Realtime.
  void (*reset)(void* handle);
} PinnaMaskProvider;

#endif // PINNA_DSP_MASK_PROVIDER_H
