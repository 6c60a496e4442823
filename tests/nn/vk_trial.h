// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_NN_VK_TRIAL_H
#define PINNA_TESTS_NN_VK_TRIAL_H

#include "nn/plan.h"
#include "nn/vk/device.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the tests of the Vulkan backend share: a device under the validation layer, plans of noise

/// Under a sanitizer keep drivers in memory that the loader would unload: what they leak has a name
/// then, and tests/lsan.supp knows it
void vk_trial_keep_drivers(void);

/// Take a device: a graphics processor if there is one, else Mesa's llvmpipe; without either the
/// whole test is skipped. Its cache lies in a folder of its own.
PinnaVkDevice* vk_trial_begin(void);

/// Report whether the validation layer was silent, and give the device back
void vk_trial_end(PinnaVkDevice* device);

/// A weight of noise
PinnaRef vk_noise(PinnaPlan* plan, size_t count, float gain, unsigned* seed);

/// A whole number from `least` to `most`
uint32_t vk_number(uint32_t least, uint32_t most, unsigned* seed);

typedef struct {
  size_t   max_range; ///< Bytes of a binding, 0: all
  uint32_t n_runs;
  float    gain;  ///< Of the inputs
  bool     whole; ///< Inputs are whole numbers up to the gain, 0 or more
} VkTrial;

/// Run the plan's chunks on the device and on the processor in plain C. Finishes and frees it.
/// @return Greatest difference of outputs and states, over the greatest value; 1e9 after an error
double vk_compare(PinnaVkDevice* device, PinnaPlan* plan, const VkTrial* trial, unsigned seed);

#endif // PINNA_TESTS_NN_VK_TRIAL_H
