// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_DENORMAL_H
#define PINNA_BASE_DENORMAL_H

#include <stdint.h>

// Denormal guard: flush-to-zero around a block of audio, the caller's mode restored afterwards

typedef uint64_t PinnaFpMode;

/// Turn on flush-to-zero (and denormals-are-zero) for this thread. Realtime.
/// @return The previous mode, for pinna_denormal_leave()
static inline PinnaFpMode
pinna_denormal_enter(void) {
#if defined(__x86_64__)
  const uint32_t mode = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(mode | 0x8040U);
  return mode;
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1U << 24U)));
  return mode;
#else
  return 0U;
#endif
}

/// Restore the mode that pinna_denormal_enter() returned. Realtime.
static inline void
pinna_denormal_leave(const PinnaFpMode mode) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr((uint32_t)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}

#endif // PINNA_BASE_DENORMAL_H
