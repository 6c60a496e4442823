// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/listen.h"

#include "base/denormal.h"
#include "cli/progress.h"
#include "host/audio_file.h"
#include "models/embedded.h"
#include "models/registry.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Blocks of a file, its channels averaged, through a recogniser

typedef struct {
  const CliListen*  listen;
  PinnaAudioReader* reader;
  PinnaAsr*         asr;
  CliListened*      listened;
  uint32_t          n_chunk; ///< Samples of a chunk
  uint32_t          n_ch;
  float*            memory; ///< [n_ch][n_chunk]
  float**           channels;
} Listening;

PinnaStatus
cli_listen_open(PinnaAsrModel** const model, const char* const name, PinnaError* const error) {
  char path[4096] = "";
  bool is_path = false;
  if (name && !strchr(name, '/') && !pinna_embedded_find(name)) {
    snprintf(path, sizeof(path), "./%s", name);
    is_path = !access(path, R_OK) || !pinna_registry_path(name, path, sizeof(path), NULL);
  }
  const PinnaAsrModelConfig config = {.name = is_path ? path : name};
  const PinnaStatus         status = pinna_asr_model_open(model, &config, error);
  return status ? pinna_fail(error, status, "%s: %s", name ? name : PINNA_ASR_MODEL_DEFAULT,
                             pinna_strerror(status))
                : status;
}

static void
push(const Listening* const self, const float* const samples, const uint32_t n) {
  const CliListen* const listen = self->listen;
  if (listen->before) {
    listen->before(listen->handle, samples, n);
  }
  const double start = cli_seconds();
  pinna_asr_push(self->asr, samples, n, listen->sink);
  const double seconds = cli_seconds() - start;
  self->listened->seconds += seconds;
  if (listen->after) {
    listen->after(listen->handle, seconds);
  }
}

/// The mean of all channels, in the first one
static void
mix(const Listening* const self, const uint32_t n) {
  float* const mono = self->channels[0];
  for (uint32_t c = 1U; c < self->n_ch; ++c) {
    const float* const more = self->channels[c];
    for (uint32_t i = 0U; i < n; ++i) {
      mono[i] += more[i];
    }
  }
  for (uint32_t i = 0U; self->n_ch > 1U && i < n; ++i) {
    mono[i] /= (float)self->n_ch;
  }
}

static void
hear_silence(const Listening* const self, const double rate) {
  const uint32_t n_chunk = self->n_chunk;
  memset(self->channels[0], 0, n_chunk * sizeof(float));
  for (uint64_t left = (uint64_t)(self->listen->silence_s * rate); left;) {
    const uint32_t n = left < n_chunk ? (uint32_t)left : n_chunk;
    push(self, self->channels[0], n);
    left -= n;
  }
}

static void
hear(const Listening* const self) {
  const CliListen* const listen = self->listen;
  CliListened* const     listened = self->listened;
  const double           length = (double)pinna_audio_reader_length(self->reader);
  const PinnaFpMode      mode = pinna_denormal_enter();
  uint32_t               n = self->n_chunk;
  pinna_asr_reset(self->asr);
  while (n == self->n_chunk) {
    n = pinna_audio_reader_read(self->reader, self->channels, self->n_chunk);
    mix(self, n);
    if (n) {
      push(self, self->channels[0], n);
    }
    listened->n_samples += n;
    const double at = (double)listened->n_samples;
    if (listen->progress) {
      listen->progress(listen->handle, length > 0.0 ? at / length : -at);
    }
  }
  hear_silence(self, pinna_audio_reader_sample_rate(self->reader));
  if (listen->before) {
    listen->before(listen->handle, self->channels[0], 0U);
  }
  const double start = cli_seconds();
  pinna_asr_finish(self->asr, listen->sink);
  listened->seconds += cli_seconds() - start;
  pinna_denormal_leave(mode);
}

PinnaStatus
cli_listen(const CliListen* const self, PinnaAsrModel* const model, const char* const path,
           CliListened* const listened, PinnaError* const error) {
  const PinnaAcoustic* const acoustic = pinna_asr_model_acoustic(model);
  Listening                  l = {.listen = self,
                                  .asr = pinna_asr_model_asr(model),
                                  .listened = listened,
                                  .n_chunk = acoustic->chunk};
  *listened = (CliListened){0};
  PinnaStatus status = pinna_audio_reader_open(&l.reader, path, acoustic->rate, error);
  if (status) {
    return status;
  }
  l.n_ch = pinna_audio_reader_n_channels(l.reader);
  l.memory = (float*)calloc((size_t)l.n_ch * l.n_chunk, sizeof(float));
  l.channels = (float**)calloc(l.n_ch, sizeof(float*));
  if (l.memory && l.channels) {
    for (uint32_t c = 0U; c < l.n_ch; ++c) {
      l.channels[c] = l.memory + (size_t)c * l.n_chunk;
    }
    hear(&l);
    const char* const warning = pinna_audio_reader_warning(l.reader);
    snprintf(listened->warning, sizeof(listened->warning), "%s", warning ? warning : "");
  } else {
    status = pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: no memory to read it", path);
  }
  free(l.channels);
  free(l.memory);
  pinna_audio_reader_close(l.reader);
  return status;
}
