// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/endpoint.h"

// Endpoint rules (Kaldi's online-endpoint, with sherpa's three and one for long speech)

PinnaEndpointConfig
pinna_endpoint_config(void) {
  return (PinnaEndpointConfig){
      {{false, 2.4F, 0.0F}, {true, 0.44F, 0.0F}, {true, 0.1F, 15.0F}, {false, 0.0F, 20.0F}}, 4U};
}

uint32_t
pinna_endpoint_check(const PinnaEndpointConfig* const config,
                     const PinnaEndpointFacts* const  facts) {
  for (uint32_t i = 0U; i < config->n_rules && i < PINNA_ENDPOINT_MAX_RULES; ++i) {
    const PinnaEndpointRule* const rule = &config->rules[i];
    if ((facts->speech || !rule->must_contain_speech) && facts->silence >= rule->min_silence &&
        facts->length >= rule->min_length) {
      return i + 1U;
    }
  }
  return 0U;
}
