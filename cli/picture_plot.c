// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/picture_impl.h"

#include <cairo.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The values: in colours, or as curves

double
cli_picture_value(const CliPicture* const picture, const float value) {
  if (picture->info->scale == CLI_SCALE_VALUE) {
    return (double)value;
  }
  const double factor = picture->info->scale == CLI_SCALE_POWER ? 10.0 : 20.0;
  return factor * log10(fmax((double)value, 1e-20));
}

static int
compare_floats(const void* const a, const void* const b) {
  const float x = *(const float*)a;
  const float y = *(const float*)b;
  return (x > y) - (x < y);
}

/// Does the value count for the picture?
static bool
is_drawn(const CliPicture* const picture, const size_t column, const float value) {
  const CliFeatureInfo* const info = picture->info;
  return isfinite(value) && (!info->n_shown || column < info->n_shown) &&
         !(info->zero_is_gap && value == 0.0f);
}

/// Ends that leave out half a percent on either side, of at most 100,000 values
static void
choose_quantiles(CliPicture* const picture) {
  const size_t n_all = (size_t)picture->matrix->n_rows * picture->matrix->n_cols;
  const size_t step = n_all / 100000U + 1U;
  float* const some = (float*)malloc((n_all / step + 1U) * sizeof(float));
  size_t       n = 0U;
  for (size_t i = 0U; some && i < n_all; i += step) {
    if (is_drawn(picture, i % picture->matrix->n_cols, picture->matrix->values[i])) {
      some[n++] = picture->matrix->values[i];
    }
  }
  picture->low = 0.0;
  picture->high = 1.0;
  if (n) {
    const bool   curve = picture->info->axis == CLI_AXIS_CURVE;
    const size_t cut = curve ? 0U : n / 200U;
    qsort(some, n, sizeof(float), compare_floats);
    picture->low = (double)some[cut];
    picture->high = (double)some[n - 1U - cut];
  }
  free(some);
}

void
cli_picture_choose_range(CliPicture* const picture, const double range_db) {
  choose_quantiles(picture);
  const bool in_db = picture->info->unit && !strcmp(picture->info->unit, "dB");
  if (in_db) {
    double       most = -1e9;
    const size_t n = (size_t)picture->matrix->n_rows * picture->matrix->n_cols;
    for (size_t i = 0U; i < n; ++i) {
      const float value = picture->matrix->values[i];
      most = isfinite(value) ? fmax(most, cli_picture_value(picture, value)) : most;
    }
    picture->high = most;
    picture->low = most - range_db;
  } else if (picture->info->axis == CLI_AXIS_CURVE) {
    const double margin = 0.05 * (picture->high - picture->low);
    if (picture->info->unit && !strcmp(picture->info->unit, "LUFS")) {
      picture->low = fmax(picture->low, -70.0); // Below that, BS.1770 hears nothing
    }
    picture->low -= margin;
    picture->high += margin;
  }
  if (!(picture->high - picture->low > 1e-9)) {
    picture->low -= 0.5;
    picture->high += 0.5;
  }
}

void
cli_picture_colour(const double t, double rgb[3]) {
  // Anchors of a map that runs evenly from black over purple and orange to a light yellow
  static const unsigned char anchors[][3] = {
      {0x00, 0x00, 0x04}, {0x1B, 0x0C, 0x41}, {0x4A, 0x0C, 0x6B}, {0x78, 0x1C, 0x6D},
      {0xA5, 0x2C, 0x60}, {0xCF, 0x44, 0x46}, {0xED, 0x69, 0x25}, {0xFB, 0x9B, 0x06},
      {0xF7, 0xD1, 0x3D}, {0xFC, 0xFF, 0xA4}};
  const int    last = (int)(sizeof(anchors) / sizeof(anchors[0])) - 1;
  const double at = fmin(fmax(t, 0.0), 1.0) * last;
  const int    i = at < last ? (int)at : last - 1;
  for (int c = 0; c < 3; ++c) {
    rgb[c] = (anchors[i][c] + (at - i) * (anchors[i + 1][c] - anchors[i][c])) / 255.0;
  }
}

/// First of n items that belong to pixel p of n_pixels
static uint32_t
item_at(const double p, const uint32_t n, const uint32_t n_pixels) {
  return (uint32_t)fmin(p * n / n_pixels, n - 1.0);
}

/// The mean of what falls into a pixel; between values where there are fewer of them than pixels
static double
shade(const CliPicture* const picture, const uint32_t x, const uint32_t y, const uint32_t width,
      const uint32_t height) {
  const CliMatrix* const m = picture->matrix;
  const uint32_t         r0 = item_at(x, m->n_rows, width);
  const uint32_t         r1 = item_at(x + 1.0, m->n_rows, width);
  const uint32_t         c0 = item_at(y, m->n_cols, height);
  const uint32_t         c1 = item_at(y + 1.0, m->n_cols, height);
  double                 sum = 0.0;
  uint32_t               n = 0U;
  for (uint32_t r = r0; r <= r1; ++r) {
    for (uint32_t c = c0; c <= c1; ++c) {
      if ((r < r1 || r == r0) && (c < c1 || c == c0)) {
        sum += cli_picture_value(picture, m->values[(size_t)r * m->n_cols + c]);
        ++n;
      }
    }
  }
  return (sum / n - picture->low) / (picture->high - picture->low);
}

bool
cli_picture_draw_image(const CliPicture* const picture) {
  const CliBox* const    plot = &picture->plot;
  const uint32_t         width = (uint32_t)plot->width;
  const uint32_t         height = (uint32_t)plot->height;
  cairo_surface_t* const image =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
  unsigned char* const data = cairo_image_surface_get_data(image);
  const int            stride = cairo_image_surface_get_stride(image);
  if (!data) {
    cairo_surface_destroy(image);
    return false;
  }
  cairo_surface_flush(image);
  for (uint32_t y = 0U; y < height; ++y) {
    uint32_t* const row = (uint32_t*)(void*)(data + (size_t)(height - 1U - y) * (size_t)stride);
    for (uint32_t x = 0U; x < width; ++x) {
      double rgb[3];
      cli_picture_colour(shade(picture, x, y, width, height), rgb);
      row[x] = (uint32_t)(255.0 * rgb[0] + 0.5) << 16U | (uint32_t)(255.0 * rgb[1] + 0.5) << 8U |
               (uint32_t)(255.0 * rgb[2] + 0.5);
    }
  }
  cairo_surface_mark_dirty(image);
  cairo_set_source_surface(picture->cairo, image, plot->x, plot->y);
  cairo_rectangle(picture->cairo, plot->x, plot->y, width, height);
  cairo_fill(picture->cairo);
  cairo_surface_destroy(image);
  return true;
}

static uint32_t
count_shown(const CliPicture* const picture) {
  const uint32_t n = picture->info->n_shown ? picture->info->n_shown : picture->matrix->n_cols;
  return n < CLI_FEATURE_MAX_CURVES ? n : CLI_FEATURE_MAX_CURVES;
}

static void
draw_legend(const CliPicture* const picture, const uint32_t column, const double rgb[3],
            double* const x) {
  const char* const name = picture->info->columns[column];
  if (name) {
    cairo_text_extents_t extents;
    cairo_text_extents(picture->cairo, name, &extents);
    *x -= extents.x_advance;
    cairo_set_source_rgb(picture->cairo, rgb[0], rgb[1], rgb[2]);
    cli_picture_text(picture->cairo, *x, picture->plot.y - 10.0, 0.0, name);
    *x -= 16.0;
  }
}

void
cli_picture_draw_curves(const CliPicture* const picture) {
  static const double    colours[][3] = {{0.10, 0.37, 0.65}, {0.85, 0.33, 0.10}, {0.17, 0.55, 0.27},
                                         {0.55, 0.22, 0.60}, {0.60, 0.45, 0.05}, {0.05, 0.55, 0.60},
                                         {0.70, 0.10, 0.30}, {0.35, 0.35, 0.35}};
  const CliBox* const    plot = &picture->plot;
  const CliMatrix* const m = picture->matrix;
  cairo_t* const         cairo = picture->cairo;
  double                 legend = plot->x + plot->width;
  cairo_set_line_width(cairo, 1.5);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  for (uint32_t c = count_shown(picture); c-- > 0U;) {
    bool down = false;
    cairo_save(cairo);
    cairo_rectangle(cairo, plot->x, plot->y, plot->width, plot->height);
    cairo_clip(cairo);
    for (uint32_t r = 0U; r < m->n_rows; ++r) {
      const float  value = m->values[(size_t)r * m->n_cols + c];
      const double t =
          (cli_picture_value(picture, value) - picture->low) / (picture->high - picture->low);
      const double x = plot->x + plot->width * (r + 0.5) / m->n_rows;
      const double y = plot->y + plot->height * (1.0 - t);
      if (!is_drawn(picture, c, value)) {
        down = false;
      } else if (down) {
        cairo_line_to(cairo, x, y);
      } else {
        cairo_move_to(cairo, x, y);
        down = true;
      }
    }
    cairo_set_source_rgb(cairo, colours[c][0], colours[c][1], colours[c][2]);
    cairo_stroke(cairo);
    cairo_restore(cairo);
    draw_legend(picture, c, colours[c], &legend);
  }
}
