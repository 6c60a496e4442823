// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_PAINT_H
#define PINNA_PLUGINS_COMMON_PAINT_H

#include <stdint.h>

// A tiny software rasteriser for inline displays: boxes, anti-aliased curves, discs and small text

/// Samples of a curve per pixel column
#define PAINT_OVERSAMPLE 4

/// 0xAARRGGBB, not premultiplied
typedef uint32_t PaintColour;

typedef struct {
  uint32_t* pixels; ///< [height x width], 0xAARRGGBB, premultiplied
  int       width;
  int       height;
} Paint;

/// A colour whose lightness rises evenly with `x` from 0 to 1: black, violet, orange, pale yellow
PaintColour paint_heat(float x);

/// Everything one colour, without blending
void paint_clear(Paint* paint, PaintColour colour);

/// A box with fractional edges, clipped to the surface
void paint_box(Paint* paint, float x0, float y0, float x1, float y1, PaintColour colour);

/// A line of `thickness` pixels along a curve
/// @param y Heights in pixels from the top [width * PAINT_OVERSAMPLE], may lie outside
void paint_curve(Paint* paint, const float* y, float thickness, PaintColour colour);

/// The area between a curve (as in paint_curve) and the height `base`
void paint_area(Paint* paint, const float* y, float base, PaintColour colour);

void paint_disc(Paint* paint, float x, float y, float radius, PaintColour colour);

/// Blend one colour over one pixel, `cover` of it from 0 to 1; outside the surface nothing happens
void paint_pixel(Paint* paint, int x, int y, PaintColour colour, float cover);

/// Digits, '+', '-', '.' and 'k', 3 by 5 pixels each, one pixel apart; `x`, `y`: upper left corner
void paint_text(Paint* paint, int x, int y, const char* text, PaintColour colour);

/// Pixels that a text is wide
int paint_text_width(const char* text);

#endif // PINNA_PLUGINS_COMMON_PAINT_H
