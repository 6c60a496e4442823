// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_MANUAL_H
#define PINNA_CLI_MANUAL_H

#include <stdbool.h>
#include <stdio.h>

// The man page and the shell completion, printed from the table of commands at build time

/// @param kind "man" (roff) or "bash" (completion)
/// @return false for any other kind
bool cli_manual_print(const char* kind, FILE* out);

#endif // PINNA_CLI_MANUAL_H
