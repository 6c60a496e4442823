// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_NUMBER_H
#define PINNA_BASE_NUMBER_H

#include "base/attributes.h"

// Numbers in files: with a decimal point, in whatever locale the host runs

/// strtod() of the "C" locale. Any thread, not realtime.
/// @param end Receives the first character that is no part of it; `text` if there is no number
PINNA_API double pinna_number_read(const char* text, char** end);

#endif // PINNA_BASE_NUMBER_H
