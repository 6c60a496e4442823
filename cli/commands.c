// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"

// The list of commands, in the order of the help

const CliCommand* const cli_commands[] = {
    &cli_render, &cli_features, &cli_vocode, &cli_transcribe, &cli_eval,   &cli_run,  &cli_check,
    &cli_status, &cli_reload,   &cli_set,    &cli_preset,     &cli_bypass, &cli_save, &cli_stop,
    &cli_list,   &cli_model,    &cli_bench,  &cli_devices,    NULL,
};
