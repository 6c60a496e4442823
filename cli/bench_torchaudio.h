// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_BENCH_TORCHAUDIO_H
#define PINNA_CLI_BENCH_TORCHAUDIO_H

// The table of our operations that `pinna bench --torchaudio` times beside TorchAudio's

/// Become tools/bench_torchaudio.py, which asks this program for our times. @return Only on failure
int cli_bench_torchaudio(void);

/// Answer each row's name on standard input with its best time in ns, until the input ends
void cli_bench_torchaudio_rows(void);

#endif // PINNA_CLI_BENCH_TORCHAUDIO_H
