// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_NEAREST_H
#define PINNA_HOST_NEAREST_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

// The words nearest to a misspelt one, for error messages that name the cure

#define PINNA_NEAREST_MAX 3U

/// The best candidates so far, best first. Candidates are borrowed.
typedef struct {
  const char* word;
  const char* found[PINNA_NEAREST_MAX];
  uint32_t    distance[PINNA_NEAREST_MAX];
  uint32_t    n_found;
} PinnaNearest;

/// Begin a search for `word`, which is borrowed
PINNA_API PinnaNearest pinna_nearest(const char* word);

/// Offer a candidate, judged by `key`: the same text, or another name of the same thing.
/// Near is: a third of the letters differ at most (case ignored), or one text contains the other.
PINNA_API void pinna_nearest_offer(PinnaNearest* nearest, const char* candidate, const char* key);

/// Write "; did you mean 'a', 'b' or 'c'?", or nothing if nothing is near.
/// @return `text`, always terminated
PINNA_API const char* pinna_nearest_text(const PinnaNearest* nearest, char* text, size_t size);

#endif // PINNA_HOST_NEAREST_H
