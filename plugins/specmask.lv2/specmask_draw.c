// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/specmask.lv2/specmask_draw.h"

#include "dsp/mask_clock.h"
#include "plugins/specmask.lv2/ports.h"
#include "plugins/specmask.lv2/specmask_params.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// Draws spectrum, masks and gate

static const double lowest_hz = 20.0;
static const double highest_hz = 20000.0;
static const float  lowest_db = -100.0f;
static const float  highest_db = 6.0f;
static const double shown_seconds = 4.0;

static const PaintColour colour_back = 0xFF14171CU;
static const PaintColour colour_grid = 0x18FFFFFFU;
static const PaintColour colour_decade = 0x40FFFFFFU;
static const PaintColour colour_text = 0x90FFFFFFU;
static const PaintColour colour_level = 0x505AD2C8U;
static const PaintColour colour_kept = 0xA05AD2C8U;
static const PaintColour colour_strip = 0x20FFFFFFU;
static const PaintColour colour_gate = 0xFFFFD27AU;
static const PaintColour colour_gain = 0xFF9DB4FFU;
static const PaintColour colour_off = 0x70808890U;

/// Of masks by their fill, over these alphas
static const PaintColour colour_fill[PINNA_SPECMASK_N_FILLS] = {0xE0607AU, 0xB58CFFU, 0xE8A050U};
static const PaintColour alpha_mask = 0x60000000U;
static const PaintColour alpha_edge = 0xC0000000U;

/// The spectrum's part of the surface
typedef struct {
  float width;
  float height;
} Area;

static float
x_of(const Area* const area, const double hz) {
  return area->width * (float)(log(fmax(hz, 1.0) / lowest_hz) / log(highest_hz / lowest_hz));
}

static float
y_of(const Area* const area, const float db) {
  return area->height * (highest_db - db) / (highest_db - lowest_db);
}

static void
draw_grid(Paint* const paint, const Area* const area) {
  for (double decade = 10.0; decade < highest_hz; decade *= 10.0) {
    for (int digit = 1; digit < 10; ++digit) {
      const float x = floorf(x_of(area, decade * digit));
      if (x >= 1.0f && (area->width >= 160.0f || digit == 1)) {
        paint_box(paint, x, 0.0f, x + 1.0f, area->height, digit == 1 ? colour_decade : colour_grid);
      }
    }
  }
  for (float db = -80.0f; db <= 0.0f && area->height >= 32.0f; db += 20.0f) {
    const float y = floorf(y_of(area, db));
    paint_box(paint, 0.0f, y, area->width, y + 1.0f, colour_grid);
  }
}

static void
draw_labels(Paint* const paint, const Area* const area) {
  char text[8];
  for (double hz = 100.0; hz < highest_hz && area->width >= 200.0f && area->height >= 60.0f;
       hz *= 10.0) {
    snprintf(text, sizeof(text), hz < 1000.0 ? "%.0f" : "%.0fk", hz < 1000.0 ? hz : hz / 1000.0);
    paint_text(paint, (int)x_of(area, hz) + 3, (int)area->height - 7, text, colour_text);
  }
  for (float db = -80.0f; db <= 0.0f && area->width >= 200.0f && area->height >= 80.0f;
       db += 20.0f) {
    snprintf(text, sizeof(text), "%.0f", (double)db);
    paint_text(paint, 3, (int)floorf(y_of(area, db)) + 2, text, colour_text);
  }
}

static void
draw_bands(Paint* const paint, const Area* const area, const PinnaMaskPlan* const plan,
           const PinnaMaskClock* const clock, const double rate, const PaintColour ink) {
  for (uint32_t b = 0U; b < plan->n_bands; ++b) {
    double low = 0.0;
    double high = 0.0;
    pinna_mask_clock_band(clock, plan, b, 0.5 * rate, &low, &high);
    const float x0 = fmaxf(x_of(area, low), 0.0f);
    const float x1 = fminf(x_of(area, high), area->width);
    if (high > low && x1 > x0) {
      paint_box(paint, x0, 0.0f, x1, area->height, ink | alpha_mask);
      paint_box(paint, x0, 0.0f, fminf(x0 + 1.0f, x1), area->height, ink | alpha_edge);
      paint_box(paint, fmaxf(x1 - 1.0f, x0), 0.0f, x1, area->height, ink | alpha_edge);
    }
  }
}

/// Input level behind, what is left of it in front
static void
draw_spectrum(Paint* const paint, const Area* const area, const PinnaSpecmask* const mask,
              PinnaMaskClock* const clock, float* const y) {
  float level_db[PINNA_SPECMASK_N_VIEW];
  float kept[PINNA_SPECMASK_N_VIEW];
  if (!pinna_specmask_view(mask, level_db, kept, clock)) {
    return;
  }
  const int n = paint->width * PAINT_OVERSAMPLE;
  for (int pass = 0; pass < 2; ++pass) {
    for (int i = 0; i < n; ++i) {
      const float    at = (float)i * (PINNA_SPECMASK_N_VIEW - 1U) / (float)n;
      const uint32_t c = (uint32_t)at;
      const float    t = at - (float)c;
      const float    db = level_db[c] + t * (level_db[c + 1U] - level_db[c]);
      const float    gain = kept[c] + t * (kept[c + 1U] - kept[c]);
      const float    left = pass ? 20.0f * log10f(fmaxf(gain, 1e-9f)) : 0.0f;
      y[i] = fminf(y_of(area, fmaxf(db + left, -300.0f)), area->height);
    }
    paint_area(paint, y, area->height, pass ? colour_kept : colour_level);
  }
}

static void
draw_points(Paint* const paint, const Area* const area, const float* const points,
            const float middle, const float scale, float* const y, const PaintColour colour) {
  const int n = paint->width * PAINT_OVERSAMPLE;
  for (int i = 0; i < n; ++i) {
    const double hz = lowest_hz * pow(highest_hz / lowest_hz, (i + 0.5) / n);
    const float  db = middle + scale * pinna_specmask_curve(points, hz);
    y[i] = fminf(y_of(area, db), area->height);
  }
  paint_curve(paint, y, area->height < 80.0f ? 1.2f : 1.8f, colour);
  const float radius = fminf(area->height / 50.0f, 3.0f);
  for (uint32_t i = 0U; radius >= 1.2f && i < PINNA_SPECMASK_N_GATE_BANDS; ++i) {
    const double hz = pinna_specmask_gate_hz(i);
    const float  db = middle + scale * pinna_specmask_curve(points, hz);
    paint_disc(paint, x_of(area, hz), fminf(y_of(area, db), area->height - radius), radius, colour);
  }
}

/// Time masks as this seed begins: what comes again at every activation
static void
draw_strip(Paint* const paint, const Area* const area, const PinnaMaskPlan* const plan,
           const double frame, const PaintColour ink) {
  const float    top = area->height + 1.0f;
  const float    bottom = (float)paint->height;
  PinnaMaskClock clock = {0};
  const uint32_t n = (uint32_t)(shown_seconds / frame);
  const float    step = area->width / (float)n;
  paint_box(paint, 0.0f, top, area->width, bottom, colour_strip);
  for (uint32_t i = 0U; i < n; ++i) {
    const float covered = pinna_mask_clock_advance(&clock, plan, frame, false);
    if (covered > 0.0f) {
      paint_box(paint, (float)i * step, top + (1.0f - covered) * (bottom - top),
                (float)(i + 1U) * step, bottom, ink | alpha_edge);
    }
  }
  for (double second = 1.0; second < shown_seconds; second += 1.0) {
    const float x = floorf(area->width * (float)(second / shown_seconds));
    paint_box(paint, x, top, x + 1.0f, bottom, colour_decade);
  }
}

void
specmask_draw(Paint* const paint, const float* const values, const double rate,
              const PinnaSpecmask* const mask) {
  const PinnaSpecmaskParams params = specmask_params(values);
  const float               strip = floorf(fminf(0.18f * (float)paint->height, 28.0f));
  const Area                area = {(float)paint->width, (float)paint->height - strip};
  const bool                on = values[PINNA_CONTROL_ENABLED] > 0.0f && params.depth > 0.0f;
  const PaintColour         ink = on ? colour_fill[params.fill] : colour_off & 0xFFFFFFU;
  float* const y = (float*)calloc((size_t)paint->width * PAINT_OVERSAMPLE, sizeof(float));

  paint_clear(paint, colour_back);
  if (y) {
    draw_grid(paint, &area);
    PinnaMaskClock clock = {0};
    draw_spectrum(paint, &area, mask, &clock, y);
    draw_bands(paint, &area, &params.masks, &clock, rate, ink);
    draw_labels(paint, &area);
    if (params.gate.enabled) {
      draw_points(paint, &area, params.gate.gain_db, -20.0f, 1.0f, y,
                  on ? colour_gain : colour_off);
      draw_points(paint, &area, params.gate.threshold_db, params.gate.offset_db, 1.0f, y,
                  on ? colour_gate : colour_off);
    }
    if (strip >= 3.0f) {
      draw_strip(paint, &area, &params.masks, pinna_specmask_hop(mask) / rate, ink);
    }
  }
  free(y);
}
