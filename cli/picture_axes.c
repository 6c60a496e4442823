// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/picture_impl.h"

#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

// Ticks at round numbers, grid lines, labels, the colour bar

static const double tick_length = 5.0;

/// The 1, 2 or 5 times a power of ten that gives about n ticks over a span
static double
round_step(const double span, const double n) {
  const double raw = span / n;
  const double power = pow(10.0, floor(log10(raw)));
  const double digit = raw / power;
  return power * (digit < 1.5 ? 1.0 : digit < 3.5 ? 2.0 : digit < 7.5 ? 5.0 : 10.0);
}

static void
format_tick(char* const text, const size_t size, const double value, const double step) {
  const int decimals = step < 1.0 ? (int)ceil(-log10(step) - 1e-9) : 0;
  snprintf(text, size, "%.*f", decimals, fabs(value) < 1e-9 * step ? 0.0 : value);
}

static void
format_hz(char* const text, const size_t size, const double value) {
  const double hz = fabs(value) < 1e-6 ? 0.0 : value; // No "-0"
  snprintf(text, size, hz < 1000.0 ? "%.0f" : "%.3gk", hz < 1000.0 ? hz : hz / 1000.0);
}

static void
line(cairo_t* const cairo, const double x0, const double y0, const double x1, const double y1) {
  cairo_move_to(cairo, floor(x0) + 0.5, floor(y0) + 0.5);
  cairo_line_to(cairo, floor(x1) + 0.5, floor(y1) + 0.5);
  cairo_stroke(cairo);
}

static void
grid_line(const CliPicture* const picture, const double x0, const double y0, const double x1,
          const double y1) {
  if (picture->info->axis == CLI_AXIS_CURVE) {
    cairo_save(picture->cairo);
    cairo_set_source_rgb(picture->cairo, 0.88, 0.89, 0.91);
    line(picture->cairo, x0, y0, x1, y1);
    cairo_restore(picture->cairo);
  }
}

/// "1:05" from a minute on
static void
format_time(char* const text, const size_t size, const double seconds, const double step,
            const double most) {
  if (most < 120.0) {
    format_tick(text, size, seconds, step);
  } else if (most < 7200.0) {
    snprintf(text, size, "%.0f:%02.0f", floor(seconds / 60.0 + 1e-9), fmod(seconds + 1e-9, 60.0));
  } else {
    snprintf(text, size, "%.0f:%02.0f:%02.0f", floor(seconds / 3600.0 + 1e-9),
             floor(fmod(seconds + 1e-9, 3600.0) / 60.0), fmod(seconds + 1e-9, 60.0));
  }
}

static double
time_step(const double span, const double n) {
  static const double steps[] = {10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0};
  if (span < 120.0) {
    return round_step(span, n);
  }
  for (size_t i = 0U; i < sizeof(steps) / sizeof(steps[0]); ++i) {
    if (span / steps[i] <= 1.5 * n) {
      return steps[i];
    }
  }
  return 3600.0 * ceil(span / 3600.0 / n);
}

static void
draw_time_axis(const CliPicture* const picture) {
  const CliBox* const plot = &picture->plot;
  const double        frame = picture->info->frame_seconds;
  const double        from = picture->info->first_seconds - 0.5 * frame;
  const double        span = frame * picture->matrix->n_rows;
  const double        step = time_step(span, plot->width / 95.0);
  const double        bottom = plot->y + plot->height;
  for (double t = step * ceil(from / step - 1e-9); t <= from + span; t += step) {
    const double x = plot->x + plot->width * (t - from) / span;
    char         text[32];
    format_time(text, sizeof(text), t, step, from + span);
    grid_line(picture, x, plot->y, x, bottom);
    line(picture->cairo, x, bottom, x, bottom + tick_length);
    cli_picture_text(picture->cairo, x, bottom + 18.0, 0.5, text);
  }
  cli_picture_text(picture->cairo, plot->x + 0.5 * plot->width, bottom + 38.0, 0.5,
                   from + span < 120.0 ? "Time (s)" : "Time");
}

/// Mel scale: HTK's, or Slaney's with its straight part up to 1 kHz
static double
mel_of(const CliFeatureInfo* const info, const double hz) {
  if (!info->slaney) {
    return 2595.0 * log10(1.0 + hz / 700.0);
  }
  return hz < 1000.0 ? hz * 3.0 / 200.0 : 15.0 + 27.0 * log(hz / 1000.0) / log(6.4);
}

static void
draw_row_tick(const CliPicture* const picture, const double share, const char* const text) {
  const CliBox* const plot = &picture->plot;
  const double        y = plot->y + plot->height * (1.0 - share);
  grid_line(picture, plot->x, y, plot->x + plot->width, y);
  line(picture->cairo, plot->x - tick_length, y, plot->x, y);
  cli_picture_text(picture->cairo, plot->x - 9.0, y + 4.0, 1.0, text);
}

/// Row m of n mel filters has its peak (m + 1) / (n + 1) of the way
static void
draw_mel_axis(const CliPicture* const picture) {
  static const double         ticks[] = {0,    100,  200,  500,   1000,  2000, 3000,
                                         4000, 6000, 8000, 12000, 16000, 20000};
  const CliFeatureInfo* const info = picture->info;
  const double                low = mel_of(info, info->f_min);
  const double                high = mel_of(info, info->f_max);
  const double                n = picture->matrix->n_cols;
  double                      last = -1.0;
  for (size_t i = 0U; i < sizeof(ticks) / sizeof(ticks[0]); ++i) {
    const double peak = (mel_of(info, ticks[i]) - low) / (high - low) * (n + 1.0) - 1.0;
    const double share = (peak + 0.5) / n;
    char         text[16];
    if (share >= 0.0 && share <= 1.0 && share - last > 18.0 / picture->plot.height) {
      format_hz(text, sizeof(text), ticks[i]);
      draw_row_tick(picture, share, text);
      last = share;
    }
  }
}

static void
draw_even_axis(const CliPicture* const picture, const double low, const double high,
               const bool is_hz) {
  const double step = round_step(high - low, picture->plot.height / 45.0);
  for (double v = step * ceil(low / step - 1e-9); v <= high + 1e-9 * step; v += step) {
    char text[32];
    if (is_hz) {
      format_hz(text, sizeof(text), v);
    } else {
      format_tick(text, sizeof(text), v, step);
    }
    draw_row_tick(picture, (v - low) / (high - low), text);
  }
}

static void
draw_label(const CliPicture* const picture, const double x, const char* const text) {
  cairo_t* const cairo = picture->cairo;
  cairo_save(cairo);
  cairo_translate(cairo, x, picture->plot.y + 0.5 * picture->plot.height);
  cairo_rotate(cairo, -1.5707963267948966);
  cli_picture_text(cairo, 0.0, 0.0, 0.5, text);
  cairo_restore(cairo);
}

void
cli_picture_draw_axes(const CliPicture* const picture) {
  const CliBox* const         plot = &picture->plot;
  const CliFeatureInfo* const info = picture->info;
  const double                n = picture->matrix->n_cols;
  const char*                 label = info->unit ? info->unit : "";
  cairo_set_line_width(picture->cairo, 1.0);
  draw_time_axis(picture);
  if (info->axis == CLI_AXIS_MEL) {
    draw_mel_axis(picture);
    label = "Frequency (Hz, mel scale)";
  } else if (info->axis == CLI_AXIS_HZ) {
    const double half = n > 1.0 ? 0.5 * info->f_max / (n - 1.0) : 0.0;
    draw_even_axis(picture, -half, info->f_max + half, true);
    label = "Frequency (Hz)";
  } else if (info->axis == CLI_AXIS_INDEX) {
    draw_even_axis(picture, -0.5, n - 0.5, false);
    label = "Coefficient";
  } else {
    draw_even_axis(picture, picture->low, picture->high, false);
  }
  draw_label(picture, 22.0, label);
  cairo_rectangle(picture->cairo, floor(plot->x) - 0.5, floor(plot->y) - 0.5,
                  floor(plot->width) + 1.0, floor(plot->height) + 1.0);
  cairo_stroke(picture->cairo);
}

void
cli_picture_draw_bar(const CliPicture* const picture, const CliBox* const bar) {
  cairo_t* const cairo = picture->cairo;
  for (double y = 0.0; y < bar->height; y += 1.0) {
    double rgb[3];
    cli_picture_colour(1.0 - (y + 0.5) / bar->height, rgb);
    cairo_save(cairo);
    cairo_set_source_rgb(cairo, rgb[0], rgb[1], rgb[2]);
    cairo_rectangle(cairo, bar->x, bar->y + y, bar->width, fmin(1.0, bar->height - y));
    cairo_fill(cairo);
    cairo_restore(cairo);
  }
  cairo_set_line_width(cairo, 1.0);
  cairo_rectangle(cairo, bar->x - 0.5, bar->y - 0.5, bar->width + 1.0, bar->height + 1.0);
  cairo_stroke(cairo);

  const double span = picture->high - picture->low;
  const double step = round_step(span, bar->height / 45.0);
  for (double v = step * ceil(picture->low / step - 1e-9); v <= picture->high; v += step) {
    const double y = bar->y + bar->height * (picture->high - v) / span;
    char         text[32];
    format_tick(text, sizeof(text), v, step);
    line(cairo, bar->x + bar->width, y, bar->x + bar->width + tick_length, y);
    cli_picture_text(cairo, bar->x + bar->width + 9.0, y + 4.0, 0.0, text);
  }
  draw_label(picture, bar->x + bar->width + 58.0, picture->info->unit ? picture->info->unit : "");
}
