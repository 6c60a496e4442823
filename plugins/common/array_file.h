// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_ARRAY_FILE_H
#define PINNA_PLUGINS_COMMON_ARRAY_FILE_H

#include "base/status.h"
#include "dsp/array.h"

#include <stddef.h>
#include <stdint.h>

// Geometry files: where the microphones of an array are, a line of text for each
//
//     # Front pair and back pair; x points to azimuth 0, y to 90 degrees, z up
//     unit mm
//     -25 -10 0
//      25 -10 0
//     -25  10 5
//      25  10 5
//
// The lines are in the order of the plugin's inputs. Numbers have a decimal point, whatever the
// locale; blanks, tabs, commas or semicolons are between them. Without a line "unit mm" (or "unit
// cm", "unit m") they are metres. From '#' on it is a comment.

/// Longest file [bytes]
#define PINNA_ARRAY_FILE_MAX 65536U

/// Farthest that a microphone may be from the first one [m]: two windows would not overlap enough
#define PINNA_ARRAY_FILE_FARTHEST 3.0

/// Read `text` [size]; `name` stands for it in messages. Not realtime.
/// @return BAD_FILE: the error names file and line, says what is wrong and how to mend it
PinnaStatus pinna_array_file_parse(PinnaArray* array, uint32_t n_mics, const char* text,
                                   size_t size, const char* name, PinnaError* error);

/// The same from a file. @return IO as well
PinnaStatus pinna_array_file_read(PinnaArray* array, uint32_t n_mics, const char* path,
                                  PinnaError* error);

/// The same in memory of its own. @return NULL: see the error
PinnaArray* pinna_array_file_open(uint32_t n_mics, const char* path, PinnaError* error);

/// NULL is allowed
void pinna_array_file_close(PinnaArray* array);

#endif // PINNA_PLUGINS_COMMON_ARRAY_FILE_H
