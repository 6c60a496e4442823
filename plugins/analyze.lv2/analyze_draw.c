// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/analyze.lv2/analyze_draw.h"

#include "dsp/analyze.h"
#include "dsp/scroll.h"
#include "plugins/analyze.lv2/analyze_block.h"
#include "plugins/analyze.lv2/ports.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// Draws the spectrogram and the loudness bar

static const PaintColour colour_back = 0xFF04050AU;
static const PaintColour colour_grid = 0x30FFFFFFU;
static const PaintColour colour_second = 0x14FFFFFFU;
static const PaintColour colour_text = 0xC0FFFFFFU;
static const PaintColour colour_shade = 0x90000000U;
static const PaintColour colour_panel = 0xFF14171CU;
static const PaintColour colour_low = 0xFF5AD2C8U;
static const PaintColour colour_high = 0xFFFFB347U;
static const PaintColour colour_over = 0xFFE0485AU;
static const PaintColour colour_mark = 0xFFFFFFFFU;
static const float       bar_lowest = -48.0f;
static const float       columns_per_second = 50.0f;

static float
row_of_hz(const double hz) {
  return (float)((PINNA_SCROLL_ROWS - 1U) * log(hz / PINNA_ANALYZE_LOWEST_HZ) /
                 log(PINNA_ANALYZE_HIGHEST_HZ / PINNA_ANALYZE_LOWEST_HZ));
}

static float
y_of_hz(const Paint* const paint, const double hz) {
  return (float)paint->height * (1.0f - (row_of_hz(hz) + 0.5f) / PINNA_SCROLL_ROWS);
}

/// One column of pixels; rows between two levels blend, many rows in a pixel give their greatest
static void
draw_column(Paint* const paint, const int x, const float* const levels, const float floor_db) {
  const float rows_per_pixel = (float)PINNA_SCROLL_ROWS / (float)paint->height;
  for (int y = 0; y < paint->height; ++y) {
    const float top = (float)(paint->height - y) * rows_per_pixel - 0.5f;
    const float centre = top - 0.5f * rows_per_pixel;
    float       db = -INFINITY;
    if (rows_per_pixel > 1.0f) {
      const int first = (int)fmaxf(ceilf(top - rows_per_pixel), 0.0f);
      for (int r = first; r < (int)PINNA_SCROLL_ROWS && (float)r <= top; ++r) {
        db = fmaxf(db, levels[r]);
      }
    } else {
      const float place = fminf(fmaxf(centre, 0.0f), PINNA_SCROLL_ROWS - 1.001f);
      const int   r = (int)place;
      db = levels[r] + (place - (float)r) * (levels[r + 1] - levels[r]);
    }
    paint->pixels[y * paint->width + x] = paint_heat((db - floor_db) / (-6.0f - floor_db));
  }
}

/// Newest at the right; a wide picture shows each column on several pixels
static void
draw_spectrogram(Paint* const paint, const int width, const PinnaScroll* const scroll,
                 const float floor_db, const float columns_per_pixel) {
  const uint32_t newest = pinna_scroll_n_columns(scroll);
  for (int x = 0; x < width; ++x) {
    float          levels[PINNA_SCROLL_ROWS];
    float          more[PINNA_SCROLL_ROWS];
    const uint32_t age = 1U + (uint32_t)((float)(width - 1 - x) * columns_per_pixel);
    const uint32_t end = 1U + (uint32_t)((float)(width - x) * columns_per_pixel);
    pinna_scroll_read(scroll, newest - age, levels);
    for (uint32_t a = age + 1U; a < end; ++a) {
      pinna_scroll_read(scroll, newest - a, more);
      for (uint32_t r = 0U; r < PINNA_SCROLL_ROWS; ++r) {
        levels[r] = fmaxf(levels[r], more[r]);
      }
    }
    draw_column(paint, x, levels, floor_db);
  }
}

static void
draw_label(Paint* const paint, const int x, const int y, const char* const text) {
  paint_box(paint, (float)(x - 1), (float)(y - 1), (float)(x + paint_text_width(text) + 1),
            (float)(y + 6), colour_shade);
  paint_text(paint, x, y, text, colour_text);
}

/// Lines at decades with their frequencies, ticks of seconds below
static void
draw_axes(Paint* const paint, const int width, const float columns_per_pixel) {
  static const double hz[] = {50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4};
  const bool          roomy = paint->height >= 120;
  for (size_t i = 0U; i < PINNA_COUNT(hz); ++i) {
    const bool  decade = hz[i] == 100.0 || hz[i] == 1e3 || hz[i] == 1e4;
    const float y = floorf(y_of_hz(paint, hz[i]));
    char        text[8];
    if (!decade && !roomy) {
      continue;
    }
    paint_box(paint, 0.0f, y, decade ? (float)width : 5.0f, y + 1.0f, colour_grid);
    if (width >= 100 && paint->height >= 40) {
      snprintf(text, sizeof(text), hz[i] < 1000.0 ? "%.0f" : "%.0fk",
               hz[i] < 1000.0 ? hz[i] : hz[i] / 1000.0);
      draw_label(paint, 7, (int)y - 2, text);
    }
  }
  const float second = columns_per_second / columns_per_pixel;
  for (float x = (float)width - second; x > 0.0f; x -= second) {
    paint_box(paint, floorf(x), 0.0f, floorf(x) + 1.0f, (float)paint->height, colour_second);
    paint_box(paint, floorf(x), (float)paint->height - (roomy ? 5.0f : 3.0f), floorf(x) + 1.0f,
              (float)paint->height, colour_text);
  }
}

static float
bar_y(const Paint* const paint, const float lufs) {
  return (float)paint->height * fminf(fmaxf(lufs / bar_lowest, 0.0f), 1.0f);
}

/// Momentary as a bar, short-term and integrated as marks, the target as a line
static void
draw_bar(Paint* const paint, const int left, const float target, const float* const shown) {
  const float x = (float)left;
  const float right = (float)paint->width;
  const float momentary = shown[ANALYZE_SHOWN_MOMENTARY];
  const float base = (float)paint->height;
  const float line = bar_y(paint, target);
  const float top = bar_y(paint, momentary);
  paint_box(paint, x, 0.0f, right, base, colour_panel);
  paint_box(paint, x + 2.0f, fmaxf(top, line), right - 2.0f, base, colour_low);
  if (top < line) {
    paint_box(paint, x + 2.0f, top, right - 2.0f, line, colour_high);
  }
  if (shown[ANALYZE_SHOWN_TRUE_PEAK] > -1.0f) {
    paint_box(paint, x, 0.0f, right, fmaxf(2.0f, base / 60.0f), colour_over);
  }
  const float short_term = floorf(bar_y(paint, shown[ANALYZE_SHOWN_SHORT_TERM]));
  paint_box(paint, x, short_term - 1.0f, right, short_term + 1.0f, colour_mark);
  paint_box(paint, x, floorf(line), right, floorf(line) + 1.0f, 0xC0FF6A8AU);
}

/// The level that is black
static void
draw_floor(Paint* const paint, const int left, const float floor_db) {
  char text[16];
  if (left >= 80 && paint->height >= 40) {
    snprintf(text, sizeof(text), "%.0f", (double)floor_db);
    draw_label(paint, left - paint_text_width(text) - 4, paint->height - 12, text);
  }
}

static void
draw_integrated(Paint* const paint, const int left, const float integrated) {
  char text[16];
  if (integrated > -100.0f && left >= 140 && paint->height >= 40) {
    snprintf(text, sizeof(text), "%.1f", (double)integrated);
    draw_label(paint, left - paint_text_width(text) - 4, 3, text);
  }
}

void
pinna_analyze_draw(Paint* const paint, const float* const values, const double rate,
                   void* const data) {
  (void)rate;
  AnalyzeBlock* const block = (AnalyzeBlock*)data;
  const int           bar = paint->width >= 60 ? 6 + paint->width / 40 : 0;
  const int           width = paint->width - bar;
  const float         columns_per_pixel = fminf(500.0f / (float)(width > 0 ? width : 1), 2.0f);
  float               shown[ANALYZE_N_SHOWN];
  for (int s = 0; s < ANALYZE_N_SHOWN; ++s) {
    shown[s] = atomic_load_explicit(&block->shown[s], memory_order_relaxed);
  }
  paint_clear(paint, colour_back);
  draw_spectrogram(paint, width, pinna_analyze_scroll(block->analyze), values[ANALYZE_FLOOR],
                   columns_per_pixel);
  draw_axes(paint, width, columns_per_pixel);
  draw_floor(paint, width, values[ANALYZE_FLOOR]);
  if (bar) {
    draw_bar(paint, width, values[ANALYZE_TARGET], shown);
    draw_integrated(paint, width, shown[ANALYZE_SHOWN_INTEGRATED]);
  }
}
