// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend_impl.h"

#include "host/audio_file.h"
#include "host/audio_thread.h"
#include "host/file_pump.h"
#include "host/log.h"
#include "host/pace.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

// Files as audio devices: a thread of its own reads, processes and writes

typedef struct {
  PinnaBackend        base;
  PinnaBackendClient  client;
  pthread_t           thread;
  bool                has_thread;
  bool                clocked;
  PinnaAudioReader*   reader;
  PinnaAudioWriter*   writer;
  PinnaFilePump*      pump;
  PinnaFilePumpConfig pump_config;
  PinnaError          failure; ///< Published by `finished`
  atomic_bool         stop;
  atomic_bool         finished;
  bool                warned; ///< Of a damaged input
} PinnaFileBackend;

static PinnaStatus
open_output(PinnaFileBackend* const file, const PinnaBackendConfig* const config,
            PinnaError* const error) {
  if (!config->out_path) {
    return PINNA_STATUS_OK;
  }
  if (config->in_path && pinna_audio_same_file(config->in_path, config->out_path)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "'%s' is both input and output: give the output another name",
                      config->out_path);
  }

  const uint64_t               length = file->base.length;
  const PinnaAudioWriterConfig writer = {
      config->out_path,       config->format,       config->subformat,
      file->base.sample_rate, file->base.n_outputs, length ? length + file->pump_config.tail : 0U};
  return pinna_audio_writer_open(&file->writer, &writer, error);
}

static PinnaStatus
open_files(PinnaFileBackend* const file, const PinnaBackendConfig* const config,
           PinnaError* const error) {
  PinnaBackend* const base = &file->base;
  base->sample_rate = config->sample_rate > 0.0 ? config->sample_rate : 48000.0;
  base->max_block = config->block ? config->block : 1024U;
  base->n_inputs = config->n_inputs;
  base->length = config->n_frames;
  if (config->in_path) {
    const PinnaStatus status =
        pinna_audio_reader_open(&file->reader, config->in_path, config->sample_rate, error);
    if (status) {
      return status;
    }
    base->sample_rate = pinna_audio_reader_sample_rate(file->reader);
    base->length = pinna_audio_reader_length(file->reader);
    base->n_inputs = base->n_inputs ? base->n_inputs : pinna_audio_reader_n_channels(file->reader);
  }
  base->n_outputs = config->n_outputs ? config->n_outputs : config->out_path ? base->n_inputs : 0U;
  if (base->n_inputs > 64U) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "'%s' has %u channels, at most 64 work",
                      config->in_path, base->n_inputs);
  }

  file->clocked = config->clocked;
  file->pump_config = (PinnaFilePumpConfig){
      .reader = file->reader,
      .n_inputs = base->n_inputs,
      .n_outputs = base->n_outputs,
      .block = base->max_block,
      .n_frames = config->n_frames,
      .tail = config->tail > 0.0 ? (uint64_t)llround(config->tail * base->sample_rate) : 0U,
      .skip = config->skip};
  const PinnaStatus status = open_output(file, config, error);
  file->pump_config.writer = file->writer;
  return status;
}

/// A damaged input is played as far as it goes, but not silently
static void
warn(PinnaFileBackend* const file) {
  const char* const warning = file->reader ? pinna_audio_reader_warning(file->reader) : NULL;
  if (warning && !file->warned) {
    pinna_log(PINNA_LOG_WARNING, "%s", warning);
    file->warned = true;
  }
}

static void
file_close(PinnaBackend* const backend) {
  PinnaFileBackend* const file = (PinnaFileBackend*)backend;
  pinna_audio_writer_close(file->writer, NULL);
  pinna_audio_reader_close(file->reader);
  pinna_file_pump_free(file->pump);
  free(file);
}

static PinnaStatus
file_open(PinnaBackend** const backend, const PinnaBackendConfig* const config,
          PinnaError* const error) {
  PinnaFileBackend* const file = (PinnaFileBackend*)calloc(1U, sizeof(PinnaFileBackend));
  if (!file) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory for the file backend");
  }

  const PinnaStatus status = open_files(file, config, error);
  if (status) {
    file_close(&file->base);
    return status;
  }

  warn(file);
  *backend = &file->base;
  return PINNA_STATUS_OK;
}

static void*
run(void* const handle) {
  PinnaFileBackend* const file = (PinnaFileBackend*)handle;
  PinnaPace               pace;
  PinnaStatus             status = PINNA_STATUS_OK;
  pinna_pace_start(&pace, file->base.sample_rate);
  while (!atomic_load_explicit(&file->stop, memory_order_acquire)) {
    status = pinna_file_pump_step(file->pump, &file->client, &file->failure);
    if (status) {
      break;
    }
    if (file->clocked && !pinna_pace_wait(&pace, pinna_file_pump_last(file->pump)) &&
        file->client.xrun) {
      file->client.xrun(file->client.handle);
    }
  }

  if (status) {
    pinna_audio_writer_close(file->writer, &file->failure);
    file->writer = NULL;
    atomic_store_explicit(&file->finished, true, memory_order_release);
  }
  return NULL;
}

static PinnaStatus
file_start(PinnaBackend* const backend, const PinnaBackendClient* const client,
           PinnaError* const error) {
  PinnaFileBackend* const file = (PinnaFileBackend*)backend;
  if (file->has_thread) {
    return pinna_fail(error, PINNA_STATUS_BUSY, "The file backend is already running");
  }
  if (atomic_load(&file->finished)) {
    return pinna_fail(error, PINNA_STATUS_END, "The input file has been played to its end");
  }
  if (!file->pump && pinna_file_pump_new(&file->pump, &file->pump_config)) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory for the file backend");
  }

  file->client = *client;
  atomic_store(&file->stop, false);
  const PinnaStatus status = pinna_audio_thread_start(&file->thread, run, file, false, error);
  file->has_thread = !status;
  return status;
}

static void
file_stop(PinnaBackend* const backend) {
  PinnaFileBackend* const file = (PinnaFileBackend*)backend;
  if (file->has_thread) {
    atomic_store_explicit(&file->stop, true, memory_order_release);
    pthread_join(file->thread, NULL);
    file->has_thread = false;
  }
}

static PinnaStatus
file_finish(PinnaBackend* const backend, PinnaError* const error) {
  PinnaFileBackend* const file = (PinnaFileBackend*)backend;
  const PinnaStatus       status = pinna_audio_writer_close(file->writer, &file->failure);
  file->writer = NULL;
  atomic_store(&file->finished, true);
  return file->failure.text[0]
             ? pinna_fail(error, status ? status : PINNA_STATUS_IO, "%s", file->failure.text)
             : status;
}

static PinnaBackendState
file_poll(PinnaBackend* const backend, PinnaError* const error) {
  PinnaFileBackend* const file = (PinnaFileBackend*)backend;
  if (atomic_load_explicit(&file->finished, memory_order_acquire)) {
    warn(file);
    if (file->failure.text[0]) {
      pinna_fail(error, PINNA_STATUS_IO, "%s", file->failure.text);
    }
    return PINNA_BACKEND_FINISHED;
  }

  return file->has_thread ? PINNA_BACKEND_RUNNING : PINNA_BACKEND_STOPPED;
}

static void
file_set_latency(PinnaBackend* const backend, const uint32_t frames) {
  PinnaFileBackend* const file = (PinnaFileBackend*)backend;
  if (!file->pump) {
    file->pump_config.skip = frames;
  }
}

const PinnaBackendType pinna_backend_file = {
    .kind = "file",
    .open = file_open,
    .close = file_close,
    .start = file_start,
    .stop = file_stop,
    .finish = file_finish,
    .poll = file_poll,
    .set_latency = file_set_latency,
};
