// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/feature_source.h"

#include "host/audio_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Reads recordings in pieces, so that progress can be told

enum { PIECE = 1 << 16 };

static bool
grow(CliSound* const sound, size_t* const room) {
  const size_t wanted = sound->n_samples + PIECE;
  if (wanted <= *room) {
    return true;
  }
  const size_t size = *room * 2U > wanted ? *room * 2U : wanted;
  for (uint32_t c = 0U; c < sound->n_ch; ++c) {
    float* const samples = (float*)realloc(sound->samples[c], size * sizeof(float));
    if (!samples) {
      return false;
    }
    sound->samples[c] = samples;
  }
  *room = size;
  return true;
}

static PinnaStatus
read_all(CliSound* const sound, PinnaAudioReader* const reader, const CliReadFunc func,
         void* const handle) {
  const double length = (double)pinna_audio_reader_length(reader);
  size_t       room = length > 0.0 ? (size_t)length + PIECE : 0U;
  for (uint32_t c = 0U; room && c < sound->n_ch; ++c) {
    sound->samples[c] = (float*)malloc(room * sizeof(float));
    if (!sound->samples[c]) {
      return PINNA_STATUS_NO_MEM;
    }
  }
  float** const at = (float**)calloc(sound->n_ch, sizeof(float*));
  PinnaStatus   status = at ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  for (uint32_t n = PIECE; !status && n == PIECE;) {
    if (!grow(sound, &room)) {
      status = PINNA_STATUS_NO_MEM;
      break;
    }
    for (uint32_t c = 0U; c < sound->n_ch; ++c) {
      at[c] = sound->samples[c] + sound->n_samples;
    }
    n = pinna_audio_reader_read(reader, at, PIECE);
    sound->n_samples += n;
    if (func && length > 0.0) {
      func(handle, (double)sound->n_samples / length);
    }
  }
  free(at);
  return status;
}

/// Keep one channel
static PinnaStatus
choose_channel(CliSound* const sound, const unsigned channel, const char* const path,
               PinnaError* const error) {
  if (channel > sound->n_ch) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "%s has %u channel%s, no channel %u", path,
                      sound->n_ch, sound->n_ch == 1U ? "" : "s", channel);
  }
  if (channel) {
    float* const kept = sound->samples[channel - 1U];
    sound->samples[channel - 1U] = sound->samples[0];
    sound->samples[0] = kept;
    for (uint32_t c = 1U; c < sound->n_ch; ++c) {
      free(sound->samples[c]);
      sound->samples[c] = NULL;
    }
    sound->n_ch = 1U;
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
cli_sound_read(CliSound* const sound, const char* const path, const double rate,
               const unsigned channel, char* const warning, const CliReadFunc func,
               void* const handle, PinnaError* const error) {
  PinnaAudioReader* reader = NULL;
  *sound = (CliSound){0};
  *warning = '\0';
  PinnaStatus status = pinna_audio_reader_open(&reader, path, rate, error);
  if (status) {
    return status;
  }
  sound->n_ch = pinna_audio_reader_n_channels(reader);
  sound->rate = pinna_audio_reader_sample_rate(reader);
  sound->samples = (float**)calloc(sound->n_ch, sizeof(float*));
  status = sound->samples ? read_all(sound, reader, func, handle) : PINNA_STATUS_NO_MEM;
  if (!status) {
    const char* const text = pinna_audio_reader_warning(reader);
    snprintf(warning, 256U, "%s", text ? text : "");
    status = choose_channel(sound, channel, path, error);
  }
  pinna_audio_reader_close(reader);
  if (status) {
    cli_sound_free(sound);
  }
  return status;
}

void
cli_sound_free(CliSound* const sound) {
  for (uint32_t c = 0U; sound->samples && c < sound->n_ch; ++c) {
    free(sound->samples[c]);
  }
  free(sound->samples);
  *sound = (CliSound){0};
}

PinnaStatus
cli_map_file(CliMapped* const mapped, const char* const path, PinnaError* const error) {
  struct stat info;
  const int   file = open(path, O_RDONLY | O_CLOEXEC);
  *mapped = (CliMapped){0};
  if (file < 0) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s: %s", path, strerror(errno));
  }
  void* data = MAP_FAILED;
  if (!fstat(file, &info) && S_ISREG(info.st_mode) && info.st_size > 0) {
    data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  }
  close(file);
  if (data == MAP_FAILED) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s is empty or no regular file", path);
  }
  *mapped = (CliMapped){data, (size_t)info.st_size};
  return PINNA_STATUS_OK;
}

void
cli_unmap_file(CliMapped* const mapped) {
  if (mapped->data) {
    munmap((void*)(uintptr_t)mapped->data, mapped->size);
    *mapped = (CliMapped){0};
  }
}
