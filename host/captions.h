// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CAPTIONS_H
#define PINNA_HOST_CAPTIONS_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/config.h"
#include "host/engine.h"
#include "host/instance.h"
#include "host/world.h"

#include <stdbool.h>
#include <stdint.h>

// From the nodes that speak to the sinks that a configuration names, each caption at its right time
//
// Control thread. Times count from the beginning of the session, of sound as it came in: what the
// plugins before a node delay it by is taken off. Live, a plugin's count of samples is laid on the
// clock by when its captions come; offline the count is the time.

typedef struct PinnaCaptionsImpl PinnaCaptions;

/// Open the sinks of a configuration, which must outlive them.
/// @return As pinna_caption_sink_open(); the error names the entry
PINNA_API PinnaStatus pinna_captions_new(PinnaCaptions** captions, PinnaWorld* world,
                                         const PinnaConfig* config, bool live, PinnaError* error);

/// Hand over what the nodes have said since the last call.
/// @param instances [n_nodes] of the configuration, in its order
/// @param engine    That runs them; may be NULL
/// @param rate      Hz
PINNA_API void pinna_captions_poll(PinnaCaptions* captions, PinnaInstance* const* instances,
                                   const PinnaEngine* engine, double rate);

/// The recording is over at this second: of what is said from here on only captions that begin
/// before it are handed over
PINNA_API void pinna_captions_end(PinnaCaptions* captions, double at);

/// Number of sinks, and one of them: what hinders it now, or "", and captions lost
PINNA_API unsigned    pinna_captions_count(const PinnaCaptions* captions);
PINNA_API const char* pinna_captions_trouble(const PinnaCaptions* captions, unsigned sink,
                                             uint64_t* n_lost);

/// Take over another configuration with the same captions. @return false: it has others
PINNA_API bool pinna_captions_move(PinnaCaptions* captions, const PinnaConfig* config);

/// Finish and free. NULL is allowed. @return IO: something could not be written
PINNA_API PinnaStatus pinna_captions_free(PinnaCaptions* captions, PinnaError* error);

#endif // PINNA_HOST_CAPTIONS_H
