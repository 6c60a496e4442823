// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/cpu.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The level found agrees with what the kernel says of the processor, and can only be lowered

static bool
has_flag(const char* const flags, const char* const flag) {
  const size_t n = strlen(flag);
  for (const char* at = strstr(flags, flag); at; at = strstr(at + 1, flag)) {
    if (at[-1] == ' ' && (at[n] == ' ' || at[n] == '\n')) {
      return true;
    }
  }
  return false;
}

static PinnaIsa
kernel_isa(char* const line, const int size) {
  static const char* const avx2[] = {"avx2", "fma", "f16c"};
  static const char* const avx512[] = {"avx512f", "avx512bw", "avx512dq", "avx512vl"};
  FILE* const              file = fopen("/proc/cpuinfo", "r");
  line[0] = '\0';
  while (file && fgets(line, size, file) && strncmp(line, "flags", 5) != 0) {
    line[0] = '\0';
  }
  if (file) {
    fclose(file);
  }

  int n_avx2 = 0;
  int n_avx512 = 0;
  for (int i = 0; i < 3; ++i) {
    n_avx2 += has_flag(line, avx2[i]);
  }
  for (int i = 0; i < 4; ++i) {
    n_avx512 += has_flag(line, avx512[i]);
  }
  return n_avx2 < 3 ? PINNA_ISA_C : n_avx512 < 4 ? PINNA_ISA_AVX2 : PINNA_ISA_AVX512;
}

int
main(void) {
  unsetenv("PINNA_ISA");
  const PinnaIsa best = pinna_cpu_isa();
  static char    line[16384];
  const PinnaIsa kernel = kernel_isa(line, (int)sizeof(line));
  if (line[0]) {
    tap_string(pinna_isa_name(best), pinna_isa_name(kernel), "best level");
  } else {
    tap_skip("no flags in /proc/cpuinfo", "best level");
  }

  for (PinnaIsa isa = PINNA_ISA_C; isa < PINNA_N_ISAS; ++isa) {
    setenv("PINNA_ISA", pinna_isa_name(isa), 1);
    tap_int(pinna_cpu_isa(), isa < best ? isa : best, "asked for %s", pinna_isa_name(isa));
  }
  setenv("PINNA_ISA", "sse9", 1);
  tap_int(pinna_cpu_isa(), best, "an unknown wish changes nothing");
  tap_string(pinna_isa_name(PINNA_N_ISAS), "unknown", "a level that does not exist has no name");
  return tap_done();
}
