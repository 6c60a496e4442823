// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/kaldi_text.h"

// Energies of Kaldi's frames with AVX2

void
pinna_kaldi_kernel_avx2(const PinnaKaldiPlan* const plan, double* const z, double* const y,
                        const bool root, double* const out) {
  energies(plan, z, y, root, out);
}
