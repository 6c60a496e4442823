// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/picture.h"

#include "cli/picture_impl.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>

// Lays the picture out and writes it

static const double ink[3] = {0.13, 0.14, 0.17};
static const double faint[3] = {0.42, 0.44, 0.49};

void
cli_picture_text(cairo_t* const cairo, const double x, const double y, const double align,
                 const char* const text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cairo, text, &extents);
  cairo_move_to(cairo, x - align * extents.x_advance, y);
  cairo_show_text(cairo, text);
}

static void
set_font(cairo_t* const cairo, const double size, const cairo_font_weight_t weight,
         const double rgb[3]) {
  cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, weight);
  cairo_set_font_size(cairo, size);
  cairo_set_source_rgb(cairo, rgb[0], rgb[1], rgb[2]);
}

static void
draw_title(cairo_t* const cairo, const CliBox* const plot, const CliPictureOptions* const options) {
  set_font(cairo, 15.0, CAIRO_FONT_WEIGHT_BOLD, ink);
  cli_picture_text(cairo, plot->x, 26.0, 0.0, options->title ? options->title : "");
  set_font(cairo, 12.0, CAIRO_FONT_WEIGHT_NORMAL, faint);
  cli_picture_text(cairo, plot->x, 44.0, 0.0, options->subtitle ? options->subtitle : "");
}

static bool
draw(CliPicture* const picture, const CliPictureOptions* const options, const double width,
     const double height) {
  cairo_t* const cairo = picture->cairo;
  const bool     has_bar = picture->info->axis != CLI_AXIS_CURVE;
  const CliBox   bar = {width - 96.0, 58.0, 16.0, height - 58.0 - 52.0};
  picture->plot = (CliBox){76.0, 58.0, (has_bar ? bar.x - 20.0 : width - 28.0) - 76.0, bar.height};
  cairo_set_source_rgb(cairo, 1.0, 1.0, 1.0);
  cairo_paint(cairo);
  cli_picture_choose_range(picture, options->range_db > 0.0 ? options->range_db : 80.0);
  if (has_bar) {
    if (!cli_picture_draw_image(picture)) {
      return false;
    }
    set_font(cairo, 11.0, CAIRO_FONT_WEIGHT_NORMAL, ink);
    cli_picture_draw_bar(picture, &bar);
  }
  set_font(cairo, 11.0, CAIRO_FONT_WEIGHT_NORMAL, ink);
  cli_picture_draw_axes(picture);
  if (!has_bar) {
    cli_picture_draw_curves(picture);
  }
  draw_title(cairo, &picture->plot, options);
  return true;
}

PinnaStatus
cli_picture_write(const char* const path, const CliMatrix* const matrix,
                  const CliFeatureInfo* const info, const CliPictureOptions* const options,
                  PinnaError* const error) {
  const int              width = options->width ? (int)options->width : 1200;
  const int              height = options->height ? (int)options->height : 560;
  cairo_surface_t* const surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t* const         cairo = cairo_create(surface);
  CliPicture             picture = {.cairo = cairo, .matrix = matrix, .info = info};
  const bool             drawn = draw(&picture, options, width, height);
  cairo_status_t         status = cairo_status(cairo);
  cairo_destroy(cairo);
  if (drawn && !status) {
    status = cairo_surface_write_to_png(surface, path);
  }
  cairo_surface_destroy(surface);
  if (!drawn || status == CAIRO_STATUS_NO_MEMORY) {
    return PINNA_STATUS_NO_MEM;
  }
  return status ? pinna_fail(error, PINNA_STATUS_IO, "%s: %s", path, cairo_status_to_string(status))
                : PINNA_STATUS_OK;
}
