// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_PICTURE_IMPL_H
#define PINNA_CLI_PICTURE_IMPL_H

#include "cli/feature.h"
#include "cli/matrix.h"

#include <cairo.h>

// Between the parts of the picture

typedef struct {
  double x;
  double y;
  double width;
  double height;
} CliBox;

typedef struct {
  cairo_t*              cairo;
  const CliMatrix*      matrix;
  const CliFeatureInfo* info;
  CliBox                plot;
  double                low; ///< Values at the ends of colour bar or axis
  double                high;
} CliPicture;

/// A value as shown: in decibels where the scale says so
double cli_picture_value(const CliPicture* picture, float value);

/// Choose `low` and `high` from the values
void cli_picture_choose_range(CliPicture* picture, double range_db);

/// The matrix in colours. @return false: no memory
bool cli_picture_draw_image(const CliPicture* picture);

/// The columns as lines
void cli_picture_draw_curves(const CliPicture* picture);

/// Colour of a value between 0 and 1
void cli_picture_colour(double t, double rgb[3]);

/// Ticks and labels of both axes
void cli_picture_draw_axes(const CliPicture* picture);

/// The bar that explains the colours
void cli_picture_draw_bar(const CliPicture* picture, const CliBox* bar);

/// Text at a point. @param align 0 left, 0.5 centred, 1 right
void cli_picture_text(cairo_t* cairo, double x, double y, double align, const char* text);

#endif // PINNA_CLI_PICTURE_IMPL_H
