// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_ATTRIBUTES_H
#define PINNA_BASE_ATTRIBUTES_H

// Markers that belong to a function's signature: visibility, realtime, result use, aliasing

#if defined(__clang__) && __clang_major__ >= 20
/// May be called from the audio thread: never allocates, locks, logs, sleeps or enters the kernel
#define PINNA_RT __attribute__((nonblocking))
/// Opens a region inside a realtime function whose safety is known to us, not to the compiler
#define PINNA_RT_TRUST_BEGIN                                                                       \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wfunction-effects\"")
#define PINNA_RT_TRUST_END _Pragma("clang diagnostic pop")
#else
#define PINNA_RT
#define PINNA_RT_TRUST_BEGIN
#define PINNA_RT_TRUST_END
#endif

/// Public symbol of libpinna
#define PINNA_API __attribute__((visibility("default")))

/// The caller must look at the result
#define PINNA_MUST_USE __attribute__((warn_unused_result))

/// printf-like: argument `fmt` is the format, `args` the first variable argument (both 1-based)
#define PINNA_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/// Buffers must not overlap
#define PINNA_RESTRICT restrict

#endif // PINNA_BASE_ATTRIBUTES_H
