// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/denoise.lv2/denoise_draw.h"

#include "dsp/denoise.h"
#include "plugins/denoise.lv2/denoise_block.h"
#include "plugins/denoise.lv2/ports.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// Draws what came in, what is left, the noise, and the gain with its limit

static const double lowest_hz = 20.0;
static const double highest_hz = 20000.0;
static const float  lowest_db = -120.0f;
static const float  highest_db = 0.0f;
static const float  gain_range_db = 48.0f;

static const PaintColour colour_back = 0xFF14171CU;
static const PaintColour colour_grid = 0x18FFFFFFU;
static const PaintColour colour_decade = 0x40FFFFFFU;
static const PaintColour colour_text = 0x90FFFFFFU;
static const PaintColour colour_input = 0x38C8D2DCU;
static const PaintColour colour_kept = 0x905AD2C8U;
static const PaintColour colour_gain = 0xFF9DB4FFU;
static const PaintColour colour_limit = 0x509DB4FFU;
static const PaintColour colour_cut = 0x50E0607AU;
static const PaintColour colour_hum = 0x70FFD27AU;
static const PaintColour colour_room = 0x50B58CFFU;
static const PaintColour colour_gate = 0xA05AD278U;
static const PaintColour colour_off = 0x90808890U;

/// Of the noise by mode
static const PaintColour colour_noise[PINNA_N_DENOISE_MODES] = {0xFFFF9A50U, 0xFFE0607AU,
                                                                0xFFFFD27AU};

static float
x_of(const Paint* const paint, const double hz) {
  return (float)paint->width * (float)(log(hz / lowest_hz) / log(highest_hz / lowest_hz));
}

static float
y_of(const Paint* const paint, const float db) {
  return (float)paint->height * (highest_db - db) / (highest_db - lowest_db);
}

static float
gain_y(const Paint* const paint, const float db) {
  return (float)paint->height * (0.03f - db / gain_range_db * 0.8f);
}

static void
draw_grid(Paint* const paint) {
  const float height = (float)paint->height;
  for (double decade = 10.0; decade < highest_hz; decade *= 10.0) {
    for (int digit = 1; digit < 10; ++digit) {
      const float x = floorf(x_of(paint, decade * digit));
      if (x >= 1.0f && (paint->width >= 160 || digit == 1)) {
        paint_box(paint, x, 0.0f, x + 1.0f, height, digit == 1 ? colour_decade : colour_grid);
      }
    }
    if (decade >= 100.0 && paint->width >= 200 && paint->height >= 60) {
      char text[8];
      snprintf(text, sizeof(text), decade < 1000.0 ? "%.0f" : "%.0fk",
               decade < 1000.0 ? decade : decade / 1000.0);
      paint_text(paint, (int)x_of(paint, decade) + 3, paint->height - 7, text, colour_text);
    }
  }
  for (float db = -100.0f; db < 0.0f; db += 20.0f) {
    const float y = floorf(y_of(paint, db));
    paint_box(paint, 0.0f, y, (float)paint->width, y + 1.0f, colour_grid);
    if (paint->width >= 200 && paint->height >= 80) {
      char text[8];
      snprintf(text, sizeof(text), "%.0f", (double)db);
      paint_text(paint, 3, (int)y + 2, text, colour_text);
    }
  }
}

/// Row of a view, plus another one if given, as a curve
static void
lay_curve(const Paint* const paint, const float* const row, const float* const more, float* const y,
          float (*const place)(const Paint*, float)) {
  const int n = paint->width * PAINT_OVERSAMPLE;
  for (int i = 0; i < n; ++i) {
    const float at = fmaxf(0.0f, ((float)i + 0.5f) * PINNA_DENOISE_VIEW / (float)n - 0.5f);
    const int   c = at < PINNA_DENOISE_VIEW - 1.0f ? (int)at : (int)PINNA_DENOISE_VIEW - 2;
    const float t = fminf(at - (float)c, 1.0f);
    float       db = row[c] + t * (row[c + 1] - row[c]);
    db += more ? more[c] + t * (more[c + 1] - more[c]) : 0.0f;
    y[i] = fmaxf(-4.0f, fminf(place(paint, db), (float)paint->height + 4.0f));
  }
}

static void
draw_view(Paint* const paint, const DenoiseBlock* const block, const PaintColour noise,
          const bool on, float* const y) {
  PinnaDenoiseView    view;
  const uint32_t      active = atomic_load_explicit(&block->active, memory_order_relaxed);
  PinnaDenoise* const denoise = block->engine[active];
  const float         pen = paint->height < 80 ? 1.2f : 1.8f;
  if (!pinna_denoise_view(denoise, &view)) {
    return;
  }
  lay_curve(paint, view.input_db, NULL, y, y_of);
  paint_area(paint, y, (float)paint->height, colour_input);
  lay_curve(paint, view.input_db, view.gain_db, y, y_of);
  paint_area(paint, y, (float)paint->height, on ? colour_kept : colour_off);
  lay_curve(paint, view.noise_db, NULL, y, y_of);
  paint_curve(paint, y, pen, on ? noise : colour_off);
  lay_curve(paint, view.gain_db, NULL, y, gain_y);
  paint_curve(paint, y, pen, on ? colour_gain : colour_off);
}

/// What the controls say, with or without sound
static void
draw_settings(Paint* const paint, const float* const values) {
  const float width = (float)paint->width;
  const float height = (float)paint->height;
  const float limit = gain_y(paint, -values[DENOISE_REDUCTION]);
  const float dash = fmaxf(3.0f, width / 60.0f);
  const float solid = 0.25f + 0.6f * 0.01f * values[DENOISE_SENSITIVITY];
  for (float x = 0.0f; x < width; x += dash) {
    paint_box(paint, x, limit, x + solid * dash, limit + 1.5f, colour_limit);
  }
  const float from = limit + height * 0.0015f * values[DENOISE_WHITENING];
  paint_box(paint, 0.0f, limit, width, from, colour_limit & 0x28FFFFFFU);

  if (values[DENOISE_RUMBLE] >= 10.0f) {
    const float edge = x_of(paint, fmax((double)values[DENOISE_RUMBLE], lowest_hz + 1.0));
    paint_box(paint, 0.0f, 0.0f, edge, height, colour_cut & 0x30FFFFFFU);
    paint_box(paint, edge - 1.0f, 0.0f, edge, height, colour_cut);
  }
  for (float hz = values[DENOISE_HUM]; hz >= 40.0f && hz <= 2000.0f; hz += values[DENOISE_HUM]) {
    const float x = x_of(paint, (double)hz);
    paint_box(paint, x - 0.5f, 0.0f, x + 0.5f, height, colour_hum);
  }
  if (values[DENOISE_DEREVERB] > 0.0f) { // A tail that falls with the room's time
    const float length = width * fminf(0.25f * values[DENOISE_RT60], 1.0f);
    for (float x = 0.0f; x < length; x += 1.0f) {
      const float rise = 0.003f * values[DENOISE_DEREVERB] * height * expf(-4.0f * x / length);
      paint_box(paint, width - x - 1.0f, height - rise, width - x, height, colour_room);
    }
  }
  if (values[DENOISE_GATE] > 0.0f) {
    const float share = (values[DENOISE_THRESHOLD] + 10.0f) / 40.0f;
    const float step = values[DENOISE_GATE] > 1.5f ? height : fmaxf(3.0f, height / 16.0f);
    for (float y = 0.0f; y < height; y += step) {
      paint_box(paint, width - 2.0f - 3.0f * share, y, width - 1.0f,
                y + (step < height ? 0.6f * step : height * (0.2f + 0.8f * share)), colour_gate);
    }
  }
}

void
denoise_draw(Paint* const paint, const float* const values, const double rate, void* const block) {
  (void)rate;
  const size_t n = (size_t)paint->width * PAINT_OVERSAMPLE;
  float* const y = (float*)malloc(n * sizeof(float));
  const bool   on = values[PINNA_CONTROL_ENABLED] > 0.0f;
  paint_clear(paint, colour_back);
  draw_grid(paint);
  draw_settings(paint, values);
  if (y) {
    draw_view(paint, (const DenoiseBlock*)block, colour_noise[(int)values[DENOISE_MODE]], on, y);
  }
  free(y);
}
