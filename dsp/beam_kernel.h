// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BEAM_KERNEL_H
#define PINNA_DSP_BEAM_KERNEL_H

#include <stdint.h>

// The beamformer's loops over bins, and the layout that they share: bins in blocks of eight lanes

/// Bins of a block: a cache line of doubles
#define PINNA_BEAM_LANES 8U

/// How the weights are made
typedef enum {
  PINNA_BEAM_LAW_SOUDEN = 0,
  PINNA_BEAM_LAW_STEERED,
  PINNA_BEAM_LAW_RTF,
} PinnaBeamLaw;

/// All arrays hold [n_blocks][elements][PINNA_BEAM_LANES]. Vectors have 2 M elements (re, im of
/// each microphone), Hermitian matrices M x M reals: the diagonal, above it the real and below it
/// the imaginary parts of the upper triangle; scalars have one element.
typedef struct {
  uint32_t n_mics;
  uint32_t n_blocks;
  double*  y;       ///< Vector: the frame's spectra
  double*  z;       ///< Vector: inverse y
  double*  inverse; ///< Matrix: of the noise
  double*  noise;   ///< Matrix
  double*  target;  ///< Matrix
  double*  steer;   ///< Vector: phases of the steering direction
  double*  eigen;   ///< Vector: principal generalised eigenvector, unnormalised
  double*  weight;  ///< Vector: smoothed weights

  double* t;       ///< y^H inverse y
  double* xi;      ///< tr(inverse target)
  double* beta;    ///< z^H target z
  double* steered; ///< |steer^H z|^2
  double* gain;    ///< steer^H inverse steer
  double* alpha_n; ///< How much of this frame enters `noise`
  double* alpha_s; ///< How much of this frame enters `target`
  double* absent;  ///< 1 - mask
  double* e;       ///< Pair of elements: (weight - reference)^H y
  double* norm;    ///< |weight|^2
  double* load;    ///< Loading of the noise matrix re its mean diagonal
} PinnaBeamBins;

typedef struct {
  PinnaBeamLaw law;
  uint32_t     ref;    ///< Reference microphone
  double       mu;     ///< Noise reduction against distortion, 0 = distortionless
  double       smooth; ///< How far the weights go to the new ones, per frame
} PinnaBeamStep;

typedef struct {
  /// Fill z, t, xi, beta, steered and gain
  void (*observe)(const PinnaBeamBins* bins);
  /// Take the frame into noise, its inverse and target
  void (*learn)(const PinnaBeamBins* bins);
  /// New weights, e and norm
  void (*weigh)(const PinnaBeamBins* bins, const PinnaBeamStep* step);
  /// Invert the loaded noise of one block afresh
  void (*refresh)(const PinnaBeamBins* bins, uint32_t block);
} PinnaBeamKernel;

extern const PinnaBeamKernel pinna_beam_kernel_c;
extern const PinnaBeamKernel pinna_beam_kernel_avx2;
extern const PinnaBeamKernel pinna_beam_kernel_avx512;

#endif // PINNA_DSP_BEAM_KERNEL_H
