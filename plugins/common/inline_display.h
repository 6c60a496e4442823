// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_INLINE_DISPLAY_H
#define PINNA_PLUGINS_COMMON_INLINE_DISPLAY_H

#include <stdint.h>

// ABI of the inline display that Ardour, Mixbus and Harrison's hosts offer: a picture in the strip

#define INLINE_DISPLAY_INTERFACE_URI "http://harrisonconsoles.com/lv2/inlinedisplay#interface"
#define INLINE_DISPLAY_QUEUE_DRAW_URI "http://harrisonconsoles.com/lv2/inlinedisplay#queue_draw"

/// Pixels of 32 bits in native order, 0xAARRGGBB, colours premultiplied by alpha
typedef struct {
  unsigned char* data;
  int            width;
  int            height;
  int            stride; ///< Bytes from row to row
} InlineDisplaySurface;

/// What the plugin's extension_data() returns
typedef struct {
  /// Draw at most `w` by `max_h` pixels. Any thread but the audio thread, not two at once.
  /// @return The plugin's surface, valid until the next call, or NULL
  InlineDisplaySurface* (*render)(void* instance, uint32_t w, uint32_t max_h);
} InlineDisplayInterface;

/// Data of the host's queue_draw feature
typedef struct {
  void* handle;
  void (*queue_draw)(void* handle); ///< Ask for a new picture. Realtime.
} InlineDisplay;

#endif // PINNA_PLUGINS_COMMON_INLINE_DISPLAY_H
