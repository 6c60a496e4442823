// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ENDPOINT_H
#define PINNA_MODELS_ENDPOINT_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// When an utterance is over: Kaldi's rules, any of which suffices

#define PINNA_ENDPOINT_MAX_RULES 8U

/// All conditions of a rule must hold
typedef struct {
  bool  must_contain_speech; ///< Something but silence was recognised
  float min_silence;         ///< Seconds of silence at the end, at least
  float min_length;          ///< Seconds of the utterance, at least
} PinnaEndpointRule;

typedef struct {
  PinnaEndpointRule rules[PINNA_ENDPOINT_MAX_RULES];
  uint32_t          n_rules;
} PinnaEndpointConfig;

/// 2.4 s of silence without speech, 0.44 s behind speech, any silence of 0.1 s behind 15 s of
/// speech, and 20 s at most
PINNA_API PinnaEndpointConfig pinna_endpoint_config(void);

/// What is known of the utterance so far, in seconds
typedef struct {
  float length;
  float silence; ///< Since the last token, or since the last speech if a detector says so
  bool  speech;  ///< Anything was recognised
} PinnaEndpointFacts;

/// The number of the first rule that holds, from 1; 0: the utterance goes on. Realtime.
PINNA_API uint32_t pinna_endpoint_check(const PinnaEndpointConfig* config,
                                        const PinnaEndpointFacts*  facts) PINNA_RT;

#endif // PINNA_MODELS_ENDPOINT_H
