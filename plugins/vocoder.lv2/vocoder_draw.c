// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/vocoder.lv2/vocoder_draw.h"

#include "plugins/vocoder.lv2/ports.h"
#include "plugins/vocoder.lv2/vocoder_block.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>

// Two mel pictures that scroll, and a bar for each control that changes the voice

#define N_BANDS PINNA_REVOICE_BANDS
#define N_COLUMNS VOCODER_N_SHOWN
#define SHOWN_STEPS 100.0f ///< 60 dB below the loudest is dark
#define LEAST_TOP 110U     ///< Of the loudest: nobody speaks

static const PaintColour colour_back = 0xFF14171CU;
static const PaintColour colour_line = 0x50FFFFFFU;
static const PaintColour colour_track = 0x20FFFFFFU;
static const PaintColour colour_bar = 0xFF5AD2C8U;
static const PaintColour colour_off = 0xFF808890U;

static const struct {
  uint32_t control;
  uint32_t needs; ///< A switch without which it says nothing, or itself
} bars[] = {{VOCODER_MIX, VOCODER_MIX},         {VOCODER_PITCH, VOCODER_PITCH},
            {VOCODER_FORMANT, VOCODER_FORMANT}, {VOCODER_ROBOT_PITCH, VOCODER_ROBOT},
            {VOCODER_WHISPER, VOCODER_WHISPER}, {VOCODER_FREEZE, VOCODER_FREEZE},
            {VOCODER_SMOOTH, VOCODER_SMOOTH},   {VOCODER_BLUR, VOCODER_BLUR},
            {VOCODER_DENOISE, VOCODER_DENOISE}};

/// Dark over violet and orange to white
static uint32_t
heat(const float level) {
  static const float stops[5][3] = {{20.0f, 23.0f, 28.0f},
                                    {74.0f, 28.0f, 110.0f},
                                    {183.0f, 55.0f, 121.0f},
                                    {252.0f, 137.0f, 97.0f},
                                    {252.0f, 253.0f, 191.0f}};
  const float        at = fminf(fmaxf(level, 0.0f), 1.0f) * 3.999f;
  const uint32_t     i = (uint32_t)at;
  const float        part = at - (float)i;
  uint32_t           colour = 0xFFU;
  for (int c = 0; c < 3; ++c) {
    const float value = stops[i][c] + part * (stops[i + 1U][c] - stops[i][c]);
    colour = colour << 8 | (uint32_t)(value + 0.5f);
  }
  return colour;
}

static uint8_t
shown(VocoderBlock* const block, const uint32_t column, const uint32_t band) {
  return atomic_load_explicit(&block->shown[column % N_COLUMNS][band], memory_order_relaxed);
}

/// One of both pictures: the newest frame at the right
static void
draw_mel(Paint* const paint, VocoderBlock* const block, const uint32_t first_band, const int width,
         const int top, const int bottom, const float loudest) {
  const uint32_t n = atomic_load_explicit(&block->n_shown, memory_order_acquire);
  for (int x = 0; x < width; ++x) {
    const uint32_t age = (uint32_t)(width - 1 - x) * N_COLUMNS / (uint32_t)width;
    const uint32_t column = n + 2U * N_COLUMNS - 1U - age;
    for (int y = top; y < bottom; ++y) {
      const uint32_t band = (uint32_t)(bottom - 1 - y) * N_BANDS / (uint32_t)(bottom - top);
      const float    level = (float)shown(block, column, first_band + band);
      paint->pixels[(size_t)y * (size_t)paint->width + (size_t)x] =
          heat((level - loudest) / SHOWN_STEPS + 1.0f);
    }
  }
}

/// Where a value is between its ends, 0 to 1
static float
place_of(const PinnaPort* const port, const float value) {
  if (port->flags & PINNA_LOGARITHMIC) {
    return logf(value / port->min) / logf(port->max / port->min);
  }
  return (value - port->min) / (port->max - port->min);
}

static void
draw_bars(Paint* const paint, const float* const values, const float left) {
  const float       height = (float)paint->height;
  const float       pitch = ((float)paint->width - left) / (float)PINNA_COUNT(bars);
  const bool        on = values[PINNA_CONTROL_ENABLED] > 0.0f;
  const PaintColour ink = on ? colour_bar : colour_off;
  for (uint32_t i = 0U; i < PINNA_COUNT(bars); ++i) {
    const PinnaPort* const port = &vocoder_controls[bars[i].control];
    const float            value = values[bars[i].control];
    const float            from = 1.0f - place_of(port, fmaxf(port->min, 0.0f));
    const float            to = 1.0f - place_of(port, value);
    const float            x = left + pitch * ((float)i + 0.2f);
    const float            y0 = fminf(from, to) * height;
    const float            y1 = fmaxf(from, to) * height;
    paint_box(paint, x, 0.0f, x + 0.6f * pitch, height, colour_track);
    if (values[bars[i].needs] != 0.0f) {
      paint_box(paint, x, y0 - 0.5f, x + 0.6f * pitch, y1 + 0.5f, ink);
    }
  }
}

void
vocoder_draw(Paint* const paint, const float* const values, const double rate, void* const data) {
  VocoderBlock* const block = (VocoderBlock*)data;
  const int           width = paint->width > 12 ? paint->width * 3 / 4 : paint->width;
  const int           middle = paint->height / 2;
  uint32_t            loudest = LEAST_TOP;
  (void)rate;
  for (uint32_t column = 0U; column < N_COLUMNS; ++column) {
    for (uint32_t band = 0U; band < 2U * N_BANDS; ++band) {
      const uint32_t level = shown(block, column, band);
      loudest = level > loudest ? level : loudest;
    }
  }
  paint_clear(paint, colour_back);
  draw_mel(paint, block, 0U, width, 0, middle, (float)loudest);
  draw_mel(paint, block, N_BANDS, width, middle, paint->height, (float)loudest);
  paint_box(paint, 0.0f, (float)middle, (float)width, (float)middle + 1.0f, colour_line);
  if (width < paint->width) {
    draw_bars(paint, values, (float)width + 1.0f);
  }
}
