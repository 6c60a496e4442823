// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/eq.lv2/eq_draw.h"

#include "plugins/eq.lv2/eq_band.h"
#include "plugins/eq.lv2/ports.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// Draws the curve of the equaliser

static const double lowest_hz = 20.0;
static const double highest_hz = 20000.0;

static const PaintColour colour_back = 0xFF14171CU;
static const PaintColour colour_grid = 0x20FFFFFFU;
static const PaintColour colour_decade = 0x48FFFFFFU;
static const PaintColour colour_zero = 0x78FFFFFFU;
static const PaintColour colour_text = 0x90FFFFFFU;
static const PaintColour colour_curve = 0xFF5AD2C8U;
static const PaintColour colour_off = 0xFF808890U;
static const PaintColour colour_dot = 0xFFFFD27AU;
static const uint32_t    area_alpha = 0x48000000U;

/// Where a frequency and a gain lie on the surface
typedef struct {
  float  width;
  float  height;
  double range_db; ///< Half the height
} Scale;

static float
x_of(const Scale* const scale, const double hz) {
  return scale->width * (float)(log(hz / lowest_hz) / log(highest_hz / lowest_hz));
}

static float
y_of(const Scale* const scale, const double db) {
  return scale->height * 0.5f * (float)(1.0 - db / scale->range_db);
}

static void
draw_frequency_lines(Paint* const paint, const Scale* const scale) {
  const bool fine = scale->width >= 160.0f;
  for (double decade = 10.0; decade < highest_hz; decade *= 10.0) {
    for (int digit = 1; digit < 10; ++digit) {
      const float x = floorf(x_of(scale, decade * digit));
      if (x >= 1.0f && (fine || digit == 1)) {
        paint_box(paint, x, 0.0f, x + 1.0f, scale->height,
                  digit == 1 ? colour_decade : colour_grid);
      }
    }
    if (decade >= 100.0 && scale->width >= 200.0f && scale->height >= 60.0f) {
      char text[8];
      snprintf(text, sizeof(text), decade < 1000.0 ? "%.0f" : "%.0fk",
               decade < 1000.0 ? decade : decade / 1000.0);
      paint_text(paint, (int)x_of(scale, decade) + 3, paint->height - 7, text, colour_text);
    }
  }
}

static void
draw_gain_lines(Paint* const paint, const Scale* const scale) {
  const double step = scale->range_db > 20.0 ? 12.0 : 6.0;
  const bool   lines = scale->height >= 32.0f;
  for (double db = -2.0 * step; db <= 2.0 * step; db += step) {
    const float y = floorf(y_of(scale, db));
    if (db == 0.0 || lines) {
      paint_box(paint, 0.0f, y, scale->width, y + 1.0f, db == 0.0 ? colour_zero : colour_grid);
    }
    if (db != 0.0 && scale->width >= 200.0f && scale->height >= 80.0f) {
      char text[8];
      snprintf(text, sizeof(text), "%+.0f", db);
      paint_text(paint, 3, (int)y - 6, text, colour_text);
    }
  }
}

/// Curves that leave a small range get a larger one
static double
choose_range(const double* const gain_db, const int n, const float* const values) {
  double highest = 0.0;
  for (int i = 0; i < n; ++i) {
    highest = fmax(highest, gain_db[i]);
  }
  for (uint32_t b = 0U; b < EQ_N_BANDS; ++b) {
    const PinnaEqBand band = eq_band(values, b);
    highest = band.enabled ? fmax(highest, fabs(band.gain_db)) : highest;
  }
  return highest > 15.0 ? 30.0 : 16.0;
}

static void
draw_dots(Paint* const paint, const Scale* const scale, const float* const values,
          const double* const gain_db, const PaintColour colour) {
  const float radius = fmaxf(1.2f, fminf(scale->height / 40.0f, 4.0f));
  for (uint32_t b = 0U; b < EQ_N_BANDS; ++b) {
    const PinnaEqBand band = eq_band(values, b);
    const bool        fixed = band.type == PINNA_EQ_RIAA || band.type == PINNA_EQ_DEEMPH;
    const bool        plain = band.type == PINNA_EQ_BELL && band.gain_db == 0.0;
    const float       x = x_of(scale, band.freq_hz);
    const int         i = (int)(x * PAINT_OVERSAMPLE);
    if (band.enabled && !fixed && i >= 0 && i < paint->width * PAINT_OVERSAMPLE &&
        !(plain && scale->height < 80.0f)) {
      const float y = y_of(scale, gain_db[i]);
      paint_disc(paint, x, fmaxf(radius, fminf(y, scale->height - radius)), radius,
                 plain ? colour_decade : colour);
    }
  }
}

static void
draw_curve(Paint* const paint, const float* const values, const double rate, double* const hz,
           double* const gain_db, float* const y) {
  const int   n = paint->width * PAINT_OVERSAMPLE;
  PinnaEqBand bands[EQ_N_BANDS];
  for (uint32_t b = 0U; b < EQ_N_BANDS; ++b) {
    bands[b] = eq_band(values, b);
  }
  for (int i = 0; i < n; ++i) {
    hz[i] = fmin(lowest_hz * pow(highest_hz / lowest_hz, (i + 0.5) / n), 0.4999 * rate);
  }
  pinna_eq_curve(bands, EQ_N_BANDS, rate, hz, gain_db, (uint32_t)n);
  for (int i = 0; i < n; ++i) {
    gain_db[i] += (double)(values[EQ_IN_GAIN] + values[EQ_OUT_GAIN]);
  }

  const Scale scale = {(float)paint->width, (float)paint->height, choose_range(gain_db, n, values)};
  const bool  on = values[PINNA_CONTROL_ENABLED] > 0.0f;
  const PaintColour ink = on ? colour_curve : colour_off;
  for (int i = 0; i < n; ++i) {
    y[i] = fmaxf(-scale.height, fminf(y_of(&scale, gain_db[i]) + 0.5f, 2.0f * scale.height));
  }
  draw_frequency_lines(paint, &scale);
  draw_gain_lines(paint, &scale);
  paint_area(paint, y, y_of(&scale, 0.0) + 0.5f, (ink & 0xFFFFFFU) | area_alpha);
  paint_curve(paint, y, scale.height < 80.0f ? 1.3f : 2.0f, ink);
  draw_dots(paint, &scale, values, gain_db, on ? colour_dot : colour_off);
}

void
pinna_eq_draw(Paint* const paint, const float* const values, const double rate, void* const block) {
  (void)block;
  const size_t  n = (size_t)paint->width * PAINT_OVERSAMPLE;
  double* const hz = (double*)calloc(n, sizeof(double));
  double* const gain_db = (double*)calloc(n, sizeof(double));
  float* const  y = (float*)calloc(n, sizeof(float));

  paint_clear(paint, colour_back);
  if (hz && gain_db && y) {
    draw_curve(paint, values, rate, hz, gain_db, y);
  }
  free(hz);
  free(gain_db);
  free(y);
}
