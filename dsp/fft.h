// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FFT_H
#define PINNA_DSP_FFT_H

#include "base/attributes.h"
#include "base/status.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

// Fourier transforms of any length in single precision (on FFTW3): planned once, run anywhere

/// An immutable plan, shared by everyone in the library who asks for the same one; it lives until
/// the library (program, plugin) is unloaded and is never freed by its users
typedef struct PinnaFftImpl PinnaFft;

typedef enum {
  PINNA_FFT_REAL = 0, ///< Real signal [n] <-> half spectrum [n / 2 + 1]
  PINNA_FFT_COMPLEX   ///< Complex signal [n] <-> spectrum [n]
} PinnaFftKind;

/// Every buffer handed to a transform starts at a multiple of this many bytes (as arena slices do)
#define PINNA_FFT_ALIGN 64U

/// Longest transform
#define PINNA_FFT_MAX_SIZE (1U << 24U)

/// Find or make the plan for one kind and length, both directions. Any thread, not realtime.
///
/// FFTW's planner is locked for the whole process where libfftw3f_threads is installed, otherwise
/// among users of this copy of the library.
///
/// @param n Length in samples, 2 to PINNA_FFT_MAX_SIZE, odd and prime included
/// @return OK, BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_fft_plan(const PinnaFft** fft, PinnaFftKind kind, uint32_t n);

/// Whether the plan runs without allocating. FFTW allocates while it transforms odd real lengths
/// and lengths with large prime factors; products of 2, 3, 5, 7, 11 and 13 (even, if real) are
/// realtime at least up to 65536. Any thread.
PINNA_API bool pinna_fft_is_realtime(const PinnaFft* fft) PINNA_RT;

/// Length n in samples. Any thread, realtime.
PINNA_API uint32_t pinna_fft_size(const PinnaFft* fft) PINNA_RT;

/// Number of bins: n / 2 + 1 (real) or n (complex). Any thread, realtime.
PINNA_API uint32_t pinna_fft_n_bins(const PinnaFft* fft) PINNA_RT;

/// X[k] = sum x[i] exp(-2 pi j i k / n), k = 0 to n / 2 (torch.fft.rfft). Realtime, any thread.
/// @param in  Samples [n], kept
/// @param out Bins [n / 2 + 1]; the buffers do not overlap
PINNA_API void pinna_fft_real_forward(const PinnaFft* fft, const float* in,
                                      float complex* out) PINNA_RT;

/// n times torch.fft.irfft(): no scaling, imaginary parts of bin 0 (and n / 2 of an even n) are
/// ignored. Realtime, any thread.
/// @param in  Bins [n / 2 + 1], destroyed
/// @param out Samples [n]; the buffers do not overlap
PINNA_API void pinna_fft_real_inverse(const PinnaFft* fft, float complex* in, float* out) PINNA_RT;

/// X[k] = sum x[i] exp(-2 pi j i k / n) (torch.fft.fft). Realtime, any thread.
/// @param in  Values [n], kept
/// @param out Bins [n]; the buffers do not overlap
PINNA_API void pinna_fft_forward(const PinnaFft* fft, const float complex* in,
                                 float complex* out) PINNA_RT;

/// n times torch.fft.ifft(): no scaling. Realtime, any thread.
/// @param in  Bins [n], kept
/// @param out Values [n]; the buffers do not overlap
PINNA_API void pinna_fft_inverse(const PinnaFft* fft, const float complex* in,
                                 float complex* out) PINNA_RT;

/// Add FFTW wisdom from a file, for plans made from now on; the environment variable PINNA_WISDOM
/// names a file that is read before the first plan. FFTW does not lock this: no other thread of the
/// process may be planning. Not realtime.
///
/// Without wisdom plans are estimated: that costs microseconds, and every start gives the same
/// bits.
/// @return OK, BAD_FILE (unreadable or made by another FFTW)
PINNA_API PinnaStatus pinna_fft_read_wisdom(const char* path);

/// Measure one kind and length and write all wisdom gathered so far to a file. Takes seconds.
/// Not realtime.
/// @return OK, BAD_ARG, NO_MEM, IO
PINNA_API PinnaStatus pinna_fft_write_wisdom(const char* path, PinnaFftKind kind, uint32_t n);

#endif // PINNA_DSP_FFT_H
