// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/beam_draw.h"

#include "base/snapshot.h"
#include "dsp/beam_view.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

// Draws the dial with the array and its pattern, and the history of directions

static const PaintColour colour_back = 0xFF14171CU;
static const PaintColour colour_map = 0xFF04050AU;
static const PaintColour colour_ring = 0x30FFFFFFU;
static const PaintColour colour_sector = 0x38FFB347U;
static const PaintColour colour_aim = 0xE0FFB347U;
static const PaintColour colour_pattern = 0x605AD2C8U;
static const PaintColour colour_edge = 0xFF5AD2C8U;
static const PaintColour colour_off = 0x90808890U;
static const PaintColour colour_mic = 0xFFE8ECF0U;
static const PaintColour colour_text = 0xC0FFFFFFU;
static const PaintColour colour_found = 0xFFFFFFFFU;

/// Of the modes: a mark at the end of the aim
static const PaintColour colour_mode[PINNA_BEAM_N_MODES] = {0xFFFFB347U, 0xFF9DB4FFU, 0xFFE0607AU};

/// Response at the dial's centre and at its edge [dB]
static const float lowest_db = -24.0f;
static const float highest_db = 3.0f;

#define N_ANGLES 360

typedef struct {
  Paint*             paint;
  const BeamDrawing* drawing;
  PinnaBeamView      view;
  float              x; ///< Centre
  float              y;
  float              radius;
  float              pattern[N_ANGLES + 1]; ///< Radii by direction, from -180 degrees
} Dial;

static float
turn_of(const float degrees) {
  return degrees - 360.0f * floorf((degrees + 180.0f) / 360.0f);
}

static float
dial_radius(const Dial* const dial, const float db) {
  return dial->radius * fminf(fmaxf((db - lowest_db) / (highest_db - lowest_db), 0.02f), 1.0f);
}

/// What the array answers to; as long as nothing is known, the reference microphone hears all
static void
lay_pattern(Dial* const dial, const bool is_known) {
  for (int i = 0; i <= N_ANGLES; ++i) {
    const double azimuth = 360.0 * i / N_ANGLES - 180.0;
    const float  db =
        is_known && dial->drawing->is_on ? pinna_beam_view_response(&dial->view, azimuth) : 0.0f;
    dial->pattern[i] = dial_radius(dial, db);
  }
}

/// How bright direction `degrees` is in a moment, 0 to 1: where sound comes from stands out
static float
glow(const float* const power, const float presence, const float degrees) {
  const uint32_t n = PINNA_BEAM_VIEW_DIRECTIONS;
  const float    at = (turn_of(degrees) + 180.0f) / 360.0f * (float)n;
  const uint32_t d = (uint32_t)at % n;
  float          low = power[0];
  float          high = power[0];
  for (uint32_t i = 1U; i < n; ++i) {
    low = fminf(low, power[i]);
    high = fmaxf(high, power[i]);
  }
  const float value = power[d] + (at - floorf(at)) * (power[(d + 1U) % n] - power[d]);
  const float x = (value - low) / fmaxf(high - low, 0.02f);
  return x * x * fminf(0.25f + 3.0f * presence, 1.0f) * fminf(20.0f * high, 1.0f);
}

/// Rings, sector, pattern and the glow around them, pixel by pixel
static void
draw_dial(Dial* const dial) {
  const PinnaBeamParams* const params = dial->drawing->params;
  const bool                   is_on = dial->drawing->is_on;
  const int                    reach = (int)(dial->radius * 1.2f) + 2;
  const float                  pen = dial->radius < 24.0f ? 0.6f : 0.9f;
  const float                  rings[2] = {dial_radius(dial, 0.0f), dial_radius(dial, -12.0f)};
  for (int py = (int)dial->y - reach; py <= (int)dial->y + reach; ++py) {
    for (int px = (int)dial->x - reach; px <= (int)dial->x + reach; ++px) {
      const float dx = (float)px + 0.5f - dial->x;
      const float dy = dial->y - (float)py - 0.5f;
      const float r = hypotf(dx, dy);
      const float degrees = atan2f(dy, dx) * 57.29578f;
      const float at = (degrees + 180.0f) / 360.0f * N_ANGLES;
      const int   i = at < N_ANGLES ? (int)at : N_ANGLES - 1;
      const float edge =
          dial->pattern[i] + (at - (float)i) * (dial->pattern[i + 1] - dial->pattern[i]);
      const float off = fabsf(turn_of(degrees - (float)params->azimuth));
      const float inside = fminf(fmaxf(dial->radius - r + 0.5f, 0.0f), 1.0f);
      const float beside = ((float)params->width - off) * 0.0174533f * r + 0.5f;
      paint_pixel(dial->paint, px, py, colour_sector, inside * fminf(fmaxf(beside, 0.0f), 1.0f));
      for (int k = 0; k < 2; ++k) {
        paint_pixel(dial->paint, px, py, colour_ring, 1.0f - fabsf(r - rings[k]));
      }
      paint_pixel(dial->paint, px, py, is_on ? colour_pattern : colour_off & 0x50FFFFFFU,
                  edge - r + 0.5f);
      paint_pixel(dial->paint, px, py, is_on ? colour_edge : colour_off,
                  pen + 0.5f - fabsf(r - edge));
      const float halo = 1.0f - fabsf(r - 1.11f * dial->radius) / (0.07f * dial->radius);
      paint_pixel(dial->paint, px, py,
                  paint_heat(glow(dial->view.power, dial->view.presence, degrees)), 2.0f * halo);
    }
  }
}

/// A dot `r` pixels from the centre
static void
draw_at(const Dial* const dial, const float degrees, const float r, const float size,
        const PaintColour colour) {
  paint_disc(dial->paint, dial->x + r * cosf(degrees * 0.0174533f),
             dial->y - r * sinf(degrees * 0.0174533f), size, colour);
}

/// The microphones seen from above, the largest array half the dial wide
static void
draw_mics(const Dial* const dial) {
  const PinnaArray* const array = &dial->drawing->params->array;
  double                  at[PINNA_ARRAY_MAX][2];
  double                  centre[2] = {0.0, 0.0};
  double                  most = 1e-3;
  for (uint32_t m = 0U; m < array->n_mics; ++m) {
    for (int axis = 0; axis < 2; ++axis) {
      at[m][axis] = dial->drawing->from_file ? (double)dial->view.at[m][axis] : array->at[m][axis];
      centre[axis] += at[m][axis] / array->n_mics;
    }
  }
  for (uint32_t m = 0U; m < array->n_mics; ++m) {
    most = fmax(most, hypot(at[m][0] - centre[0], at[m][1] - centre[1]));
  }
  // Larger arrays are drawn larger, but not in proportion
  const double scale = (double)dial->radius * fmin(0.14 + 0.1 * log10(most / 0.01), 0.4) / most;
  const float  size = fmaxf(dial->radius * 0.045f, 0.6f);
  for (uint32_t m = 0U; m < array->n_mics; ++m) {
    paint_disc(dial->paint, dial->x + (float)(scale * (at[m][0] - centre[0])),
               dial->y - (float)(scale * (at[m][1] - centre[1])), size,
               (int32_t)m == dial->drawing->params->ref ? colour_aim : colour_mic);
  }
}

/// Reduction, post-filter and memory as bars in the corners
static void
draw_settings(const Dial* const dial) {
  const PinnaBeamParams* const params = dial->drawing->params;
  const float                  bottom = dial->y + 1.15f * dial->radius;
  const float                  left = dial->x - 1.15f * dial->radius;
  const float                  step = fmaxf(0.07f * dial->radius, 1.0f);
  const float                  tall = 0.4f * dial->radius;
  const float shares[3] = {0.1f * (float)params->mu, (float)params->postfilter / 30.0f,
                           0.5f + 0.3f * log10f((float)params->memory)};
  for (int i = 0; i < 3; ++i) {
    const float x = left + 1.6f * step * (float)i;
    paint_box(dial->paint, x, bottom - tall, x + step, bottom, colour_ring);
    paint_box(dial->paint, x, bottom - tall * shares[i], x + step, bottom,
              i == 1 ? colour_edge
              : i    ? colour_mic
                     : colour_aim);
  }
  const float marks[PINNA_BEAM_N_MASKS] = {1.0f, 2.0f, 3.0f, 4.0f, 1.0f}; // Of the mask
  for (int i = 0; i < (int)marks[params->mask]; ++i) {
    const float x = dial->x + 1.15f * dial->radius - step * (1.6f * (float)i + 1.0f);
    paint_box(dial->paint, x, bottom - step, x + step, bottom, colour_mode[params->mode]);
  }
}

static float
map_y(const float height, const float degrees) {
  return height * (0.5f - degrees / 360.0f);
}

/// A moment, newest first
static bool
read_moment(const BeamBlock* const block, const uint32_t age, float* const column) {
  const uint32_t n = atomic_load_explicit(&block->n_moments, memory_order_acquire);
  return age < n && age + 1U < BEAM_BLOCK_MOMENTS &&
         pinna_snapshot_read(&block->past[(n - 1U - age) % BEAM_BLOCK_MOMENTS], column);
}

/// Directions over time, newest at the right, and below how sure it is that the talker is heard
static void
draw_map(const Dial* const dial, const BeamBlock* const block, const int left) {
  Paint* const paint = dial->paint;
  const float  strip = paint->height >= 40 ? floorf(0.2f * (float)paint->height) : 0.0f;
  const float  height = (float)paint->height - strip;
  const float  width = (float)(paint->width - left);
  paint_box(paint, (float)left, 0.0f, (float)paint->width, (float)paint->height, colour_map);
  for (int x = left; x < paint->width; ++x) {
    float          column[PINNA_BEAM_VIEW_COLUMN];
    const float    back = (float)(paint->width - 1 - x) / width * (BEAM_BLOCK_MOMENTS - 1U);
    const uint32_t age = (uint32_t)back;
    if (!read_moment(block, age, column)) {
      continue;
    }
    for (int y = 0; y < (int)height; ++y) {
      const float degrees = 180.0f - 360.0f * ((float)y + 0.5f) / height;
      paint_pixel(paint, x, y, paint_heat(glow(column + 2, column[1], degrees)), 1.0f);
    }
    const float tall = fminf(1.5f * column[1], 1.0f) * (strip - 3.0f);
    paint_box(paint, (float)x, (float)paint->height - tall, (float)x + 1.0f, (float)paint->height,
              dial->drawing->is_on ? colour_edge & 0xC0FFFFFFU : colour_off);
    if (column[1] > 0.12f) {
      const float y = map_y(height, column[0]);
      paint_box(paint, (float)x, y - 0.6f, (float)x + 1.0f, y + 0.6f, colour_found);
    }
  }
  paint_box(paint, (float)left, height, (float)paint->width, height + 1.0f, colour_ring);
}

static void
draw_aim(const Dial* const dial, const int left) {
  Paint* const                 paint = dial->paint;
  const PinnaBeamParams* const params = dial->drawing->params;
  const float strip = paint->height >= 40 ? floorf(0.2f * (float)paint->height) : 0;
  const float height = (float)paint->height - strip;
  const float dash = fmaxf(3.0f, (float)paint->width / 80.0f);
  for (int side = -1; side <= 1; ++side) {
    const float y =
        map_y(height, turn_of((float)params->azimuth + (float)side * (float)params->width));
    for (float x = (float)left; x < (float)paint->width; x += side ? 2.0f * dash : dash) {
      paint_box(paint, x, y - 0.5f, x + dash, y + 0.5f, colour_aim & (side ? 0x70FFFFFFU : ~0U));
    }
  }
  for (int degrees = -90; degrees <= 90 && paint->height >= 60; degrees += 90) {
    char text[8];
    snprintf(text, sizeof(text), "%d", degrees);
    paint_box(paint, (float)left, map_y(height, (float)degrees), (float)left + 4.0f,
              map_y(height, (float)degrees) + 1.0f, colour_text);
    paint_text(paint, left + 6, (int)map_y(height, (float)degrees) - 2, text, colour_text);
  }
}

void
pinna_beam_draw(Paint* const paint, const BeamDrawing* const drawing, BeamBlock* const block) {
  const float side = fminf((float)paint->height, (float)paint->width);
  const bool  has_map = (float)paint->width >= 1.5f * side;
  Dial        dial = {.paint = paint, .drawing = drawing, .y = 0.5f * (float)paint->height};
  const bool  is_known = pinna_snapshot_read(&block->now, &dial.view.azimuth) != 0U;
  dial.x = has_map ? 0.5f * side : 0.5f * (float)paint->width;
  dial.radius = 0.41f * side;
  paint_clear(paint, colour_back);
  lay_pattern(&dial, is_known);
  draw_dial(&dial);
  draw_at(&dial, (float)drawing->params->azimuth, dial.radius, fmaxf(0.06f * dial.radius, 1.0f),
          colour_mode[drawing->params->mode]);
  draw_mics(&dial);
  if (side >= 30.0f) {
    draw_settings(&dial);
  }
  if (has_map) {
    draw_map(&dial, block, (int)side);
    draw_aim(&dial, (int)side);
  }
}
