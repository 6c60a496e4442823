// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/paint.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// Coverage is computed per pixel and blended over what is there

static const uint8_t heat[][3] = {{4, 5, 10},     {22, 14, 48},   {58, 15, 92},    {98, 24, 110},
                                  {138, 35, 106}, {178, 48, 90},  {213, 72, 66},   {238, 106, 36},
                                  {250, 148, 18}, {249, 195, 53}, {246, 230, 120}, {253, 255, 200}};

static uint32_t
channel(const PaintColour colour, const unsigned shift) {
  return (colour >> shift) & 0xFFU;
}

void
paint_pixel(Paint* const paint, const int x, const int y, const PaintColour colour,
            const float cover) {
  if (x < 0 || y < 0 || x >= paint->width || y >= paint->height || !(cover > 0.0f)) {
    return;
  }

  uint32_t* const pixel = &paint->pixels[(size_t)y * (size_t)paint->width + (size_t)x];
  const float     alpha = fminf(cover, 1.0f) * (float)channel(colour, 24U) / 255.0f;
  uint32_t        mixed = 0U;
  for (unsigned shift = 0U; shift < 32U; shift += 8U) {
    const float over = shift == 24U ? 255.0f : (float)channel(colour, shift);
    const float sum = over * alpha + (float)channel(*pixel, shift) * (1.0f - alpha);
    mixed |= (uint32_t)(fminf(sum, 255.0f) + 0.5f) << shift;
  }
  *pixel = mixed;
}

/// Length of the part of [a, b] that lies in [i, i + 1]
static float
overlap(const float a, const float b, const int i) {
  return fmaxf(0.0f, fminf(b, (float)i + 1.0f) - fmaxf(a, (float)i));
}

static int
clip(const float value, const int limit) {
  return value < 0.0f ? 0 : value > (float)limit ? limit : (int)value;
}

PaintColour
paint_heat(const float x) {
  const int   last = (int)(sizeof(heat) / sizeof(heat[0])) - 1;
  const float place = fminf(fmaxf(x, 0.0f), 1.0f) * (float)last;
  const int   i = place < (float)(last - 1) ? (int)place : last - 1;
  const float mix = place - (float)i;
  PaintColour colour = 0xFFU;
  for (int c = 0; c < 3; ++c) {
    const float value = (float)heat[i][c] + mix * ((float)heat[i + 1][c] - (float)heat[i][c]);
    colour = (colour << 8U) | (uint32_t)(value + 0.5f);
  }
  return colour;
}

void
paint_clear(Paint* const paint, const PaintColour colour) {
  const size_t n = (size_t)paint->width * (size_t)paint->height;
  memset(paint->pixels, 0, n * sizeof(uint32_t));
  paint_box(paint, 0.0f, 0.0f, (float)paint->width, (float)paint->height, colour);
}

void
paint_box(Paint* const paint, const float x0, const float y0, const float x1, const float y1,
          const PaintColour colour) {
  const int right = clip(ceilf(x1), paint->width);
  const int bottom = clip(ceilf(y1), paint->height);
  for (int y = clip(y0, paint->height); y < bottom; ++y) {
    for (int x = clip(x0, paint->width); x < right; ++x) {
      paint_pixel(paint, x, y, colour, overlap(x0, x1, x) * overlap(y0, y1, y));
    }
  }
}

/// Blend one column, where each of its PAINT_OVERSAMPLE slices covers [top, bottom]
static void
blend_column(Paint* const paint, const int x, const float* const top, const float* const bottom,
             const PaintColour colour) {
  float first = top[0];
  float last = bottom[0];
  for (int s = 1; s < PAINT_OVERSAMPLE; ++s) {
    first = fminf(first, top[s]);
    last = fmaxf(last, bottom[s]);
  }

  const int end = clip(ceilf(last), paint->height);
  for (int y = clip(first, paint->height); y < end; ++y) {
    float cover = 0.0f;
    for (int s = 0; s < PAINT_OVERSAMPLE; ++s) {
      cover += overlap(top[s], bottom[s], y);
    }
    paint_pixel(paint, x, y, colour, cover / (float)PAINT_OVERSAMPLE);
  }
}

void
paint_curve(Paint* const paint, const float* const y, const float thickness,
            const PaintColour colour) {
  const int   n = paint->width * PAINT_OVERSAMPLE;
  const float radius = 0.5f * thickness;
  const int   reach = (int)(radius * (float)PAINT_OVERSAMPLE);
  for (int x = 0; x < paint->width; ++x) {
    float top[PAINT_OVERSAMPLE];
    float bottom[PAINT_OVERSAMPLE];
    for (int s = 0; s < PAINT_OVERSAMPLE; ++s) {
      // What a round pen covers here on its way along the curve: continuous, so one span
      const int i = x * PAINT_OVERSAMPLE + s;
      top[s] = bottom[s] = y[i];
      for (int k = i - reach > 0 ? i - reach : 0; k <= i + reach && k < n; ++k) {
        const float across = (float)(k - i) / (float)PAINT_OVERSAMPLE;
        const float along = sqrtf(fmaxf(0.0f, radius * radius - across * across));
        top[s] = fminf(top[s], y[k] - along);
        bottom[s] = fmaxf(bottom[s], y[k] + along);
      }
    }
    blend_column(paint, x, top, bottom, colour);
  }
}

void
paint_area(Paint* const paint, const float* const y, const float base, const PaintColour colour) {
  for (int x = 0; x < paint->width; ++x) {
    float top[PAINT_OVERSAMPLE];
    float bottom[PAINT_OVERSAMPLE];
    for (int s = 0; s < PAINT_OVERSAMPLE; ++s) {
      const float edge = y[x * PAINT_OVERSAMPLE + s];
      top[s] = fminf(edge, base);
      bottom[s] = fmaxf(edge, base);
    }
    blend_column(paint, x, top, bottom, colour);
  }
}

void
paint_disc(Paint* const paint, const float x, const float y, const float radius,
           const PaintColour colour) {
  const int right = clip(x + radius + 2.0f, paint->width);
  const int bottom = clip(y + radius + 2.0f, paint->height);
  for (int py = clip(y - radius - 1.0f, paint->height); py < bottom; ++py) {
    for (int px = clip(x - radius - 1.0f, paint->width); px < right; ++px) {
      const float distance = hypotf((float)px + 0.5f - x, (float)py + 0.5f - y);
      paint_pixel(paint, px, py, colour, radius + 0.5f - distance);
    }
  }
}

/// Rows from the top, three bits each, left pixel highest
static const char*
glyph(const char c) {
  static const char* const digits[10] = {"75557", "26227", "71747", "71717", "55711",
                                         "74717", "74757", "71222", "75757", "75717"};
  switch (c) {
  case '+':
    return "02720";
  case '-':
    return "00700";
  case '.':
    return "00002";
  case 'k':
    return "45655";
  default:
    return c >= '0' && c <= '9' ? digits[c - '0'] : "00000";
  }
}

void
paint_text(Paint* const paint, const int x, const int y, const char* const text,
           const PaintColour colour) {
  for (int i = 0; text[i]; ++i) {
    const char* const rows = glyph(text[i]);
    for (int bit = 0; bit < 15; ++bit) {
      if ((rows[bit / 3] - '0') & (4 >> (bit % 3))) {
        paint_pixel(paint, x + 4 * i + bit % 3, y + bit / 3, colour, 1.0f);
      }
    }
  }
}

int
paint_text_width(const char* const text) {
  const int n = (int)strlen(text);
  return n ? 4 * n - 1 : 0;
}
