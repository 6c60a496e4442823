// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_REVOICE_H
#define PINNA_MODELS_REVOICE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/mel_edit.h"
#include "models/vocoder.h"

#include <stdbool.h>
#include <stdint.h>

// A voice taken apart into mel frames, changed there, and spoken again by a vocoder: as a stream

/// Bands of a picture
#define PINNA_REVOICE_BANDS 40U

/// A frame for a picture: loudest mel band of each band, low to high, 0 to 255 in steps of 0.6 dB
typedef struct {
  uint8_t said[PINNA_REVOICE_BANDS];   ///< Before the changes
  uint8_t spoken[PINNA_REVOICE_BANDS]; ///< After them
} PinnaRevoiceLook;

/// One voice. One thread runs it; the calls that say so may come from one other.
typedef struct PinnaRevoiceImpl PinnaRevoice;

typedef struct {
  uint32_t     rate;    ///< Of the stream [Hz]
  PinnaVocoder vocoder; ///< Its object outlives this one
} PinnaRevoiceConfig;

/// Plan and allocate. Not realtime. @return BAD_ARG, NO_MEM, UNSUPPORTED
PINNA_API PinnaStatus pinna_revoice_init(PinnaRevoice** self, PinnaArena* arena,
                                         const PinnaRevoiceConfig* config);

/// The next samples; how a stream is cut does not change one bit. As realtime as the vocoder.
/// @param out Delayed by pinna_revoice_latency(), as loud as the voice was; may equal `in`
PINNA_API void pinna_revoice_run(PinnaRevoice* self, const float* in, float* out,
                                 uint32_t n_frames);

/// Samples by which `out` is behind `in`: constant. Any thread, realtime.
PINNA_API uint32_t pinna_revoice_latency(const PinnaRevoice* self) PINNA_RT;

/// What to change, from the next frame on. The other thread, realtime.
PINNA_API void pinna_revoice_set(PinnaRevoice* self, const PinnaMelEditParams* params) PINNA_RT;

/// A frame to speak instead of the sound's, each for one hop: text-to-speech. The other thread,
/// realtime. @param mel [n_mels] of the vocoder @return false: a second of them, or up to two,
/// waits already
PINNA_API bool pinna_revoice_feed(PinnaRevoice* self, const float* mel) PINNA_RT;

/// The oldest frame that was not looked at yet; who never looks misses the new ones. The other
/// thread, realtime. @return false: none
PINNA_API bool pinna_revoice_look(PinnaRevoice* self, PinnaRevoiceLook* look) PINNA_RT;

/// Forget the frames that were fed until now. The other thread, realtime.
PINNA_API void pinna_revoice_drop(PinnaRevoice* self) PINNA_RT;

/// Forget all sound, but not the frames that were fed: for the thread that runs it. Realtime.
PINNA_API void pinna_revoice_restart(PinnaRevoice* self) PINNA_RT;

/// Forget both. No thread may be running it. Realtime.
PINNA_API void pinna_revoice_reset(PinnaRevoice* self) PINNA_RT;

#endif // PINNA_MODELS_REVOICE_H
