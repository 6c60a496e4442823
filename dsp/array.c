// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/array.h"

#include <math.h>
#include <stdint.h>

// Places on lines and circles, plane waves

void
pinna_array_line(PinnaArray* const array, const uint32_t n_mics, const double spacing) {
  array->n_mics = n_mics;
  for (uint32_t m = 0U; m < n_mics; ++m) {
    array->at[m][0] = spacing * ((double)m - 0.5 * ((double)n_mics - 1.0));
    array->at[m][1] = 0.0;
    array->at[m][2] = 0.0;
  }
}

void
pinna_array_circle(PinnaArray* const array, const uint32_t n_mics, const double radius) {
  array->n_mics = n_mics;
  for (uint32_t m = 0U; m < n_mics; ++m) {
    const double angle = 2.0 * M_PI * (double)m / (double)n_mics;
    array->at[m][0] = radius * cos(angle);
    array->at[m][1] = radius * sin(angle);
    array->at[m][2] = 0.0;
  }
}

void
pinna_array_leads(const PinnaArray* const array, const double azimuth, const double elevation,
                  const double speed, double* const lead) {
  const double a = azimuth * M_PI / 180.0;
  const double e = elevation * M_PI / 180.0;
  const double to[3] = {cos(a) * cos(e), sin(a) * cos(e), sin(e)};
  for (uint32_t m = 0U; m < array->n_mics; ++m) {
    const double* const at = array->at[m];
    lead[m] = (at[0] * to[0] + at[1] * to[1] + at[2] * to[2]) / speed;
  }
}
