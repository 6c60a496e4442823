// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/listen.h"

#include "base/arena.h"
#include "base/denormal.h"
#include "cli/progress.h"
#include "host/audio_file.h"
#include "models/asr_stream.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Blocks of a file, its channels averaged, through a recogniser

typedef struct {
  const CliListen*  listen;
  PinnaAudioReader* reader;
  PinnaAsrStream*   stream;
  CliListened*      listened;
  double            rate;
  uint32_t          n_chunk; ///< Samples of a chunk
  uint32_t          n_ch;
  float*            memory; ///< [n_ch][n_chunk]
  float**           channels;
} Listening;

static void
push(const Listening* const self, const float* const samples, const uint32_t n) {
  const CliListen* const listen = self->listen;
  if (listen->before) {
    listen->before(listen->handle, self->rate, samples, n);
  }
  const double start = cli_seconds();
  pinna_asr_stream_push(self->stream, samples, n, listen->sink);
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
  const float share = 1.0F / (float)self->n_ch; // As the plugin does it, to the last bit
  for (uint32_t i = 0U; i < n; ++i) {
    mono[i] *= share;
  }
}

static void
hear_silence(const Listening* const self) {
  const uint32_t n_chunk = self->n_chunk;
  memset(self->channels[0], 0, n_chunk * sizeof(float));
  for (uint64_t left = (uint64_t)(self->listen->silence_s * self->rate); left;) {
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
  uint64_t               n_read = 0U;
  while (n == self->n_chunk) {
    n = pinna_audio_reader_read(self->reader, self->channels, self->n_chunk);
    mix(self, n);
    if (n) {
      push(self, self->channels[0], n);
    }
    n_read += n;
    const double at = (double)n_read;
    if (listen->progress) {
      listen->progress(listen->handle, length > 0.0 ? at / length : -at);
    }
  }
  listened->length_s = (double)n_read / self->rate;
  hear_silence(self);
  if (listen->before) {
    listen->before(listen->handle, self->rate, self->channels[0], 0U);
  }
  const double start = cli_seconds();
  pinna_asr_stream_finish(self->stream, listen->sink);
  listened->seconds += cli_seconds() - start;
  pinna_denormal_leave(mode);
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_asr_stream_init((PinnaAsrStream**)object, arena,
                               (const PinnaAsrStreamConfig*)config);
}

PinnaStatus
cli_listen(const CliListen* const self, PinnaAsrModel* const model, const char* const path,
           CliListened* const listened, PinnaError* const error) {
  Listening l = {.listen = self, .listened = listened};
  void*     memory = NULL;
  void*     stream = NULL;
  *listened = (CliListened){0};
  PinnaStatus status = pinna_audio_reader_open(&l.reader, path, 0.0, error);
  if (status) {
    return status;
  }
  l.rate = pinna_audio_reader_sample_rate(l.reader);
  l.n_ch = pinna_audio_reader_n_channels(l.reader);
  l.n_chunk = pinna_asr_stream_chunk(model, l.rate);
  l.memory = (float*)calloc((size_t)l.n_ch * l.n_chunk, sizeof(float));
  l.channels = (float**)calloc(l.n_ch, sizeof(float*));
  const PinnaAsrStreamConfig config = {model, l.rate, l.n_chunk};
  status = pinna_arena_build(&memory, &stream, build, &config);
  if (status == PINNA_STATUS_BAD_ARG) {
    status = pinna_fail(error, status, "%s: %g Hz: recognisers hear 1000 to 384000", path, l.rate);
  } else if (status || !l.memory || !l.channels) {
    status = pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: no memory to read it", path);
  } else {
    l.stream = (PinnaAsrStream*)stream;
    for (uint32_t c = 0U; c < l.n_ch; ++c) {
      l.channels[c] = l.memory + (size_t)c * l.n_chunk;
    }
    hear(&l);
    const char* const warning = pinna_audio_reader_warning(l.reader);
    snprintf(listened->warning, sizeof(listened->warning), "%s", warning ? warning : "");
  }
  pinna_arena_free(memory);
  free(l.channels);
  free(l.memory);
  pinna_audio_reader_close(l.reader);
  return status;
}
