// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/file_pump.h"

#include "base/arena.h"

#include <string.h>

// Counting frames: input, then tail, then as much silence as was skipped at the start

struct PinnaFilePumpImpl {
  PinnaFilePumpConfig config;
  float**             read;  ///< [reader's channels] into buffers
  const float**       in;    ///< [n_inputs]
  float**             out;   ///< [n_outputs]
  const float**       write; ///< [n_outputs] behind what is skipped
  uint32_t            n_channels;
  uint64_t            n_done;  ///< Frames processed
  uint64_t            n_total; ///< Frames to process; UINT64_MAX until the input's end is known
  uint64_t            n_skipped;
  uint64_t            n_written;
  uint32_t            last;
};

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const argument) {
  const PinnaFilePumpConfig* const config = (const PinnaFilePumpConfig*)argument;
  const uint32_t n_channels = config->reader ? pinna_audio_reader_n_channels(config->reader) : 0U;
  PinnaFilePump* const pump = PINNA_TAKE(arena, 1, PinnaFilePump);
  float** const        read = PINNA_TAKE(arena, n_channels, float*);
  const float** const  in = PINNA_TAKE(arena, config->n_inputs, const float*);
  float** const        out = PINNA_TAKE(arena, config->n_outputs, float*);
  const float** const  write = PINNA_TAKE(arena, config->n_outputs, const float*);
  const uint32_t       stride = (config->block + 15U) / 16U * 16U;
  float* const         samples =
      PINNA_TAKE(arena, (size_t)stride * (n_channels + config->n_outputs + 1U), float);
  if (pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return pinna_arena_result(arena);
  }

  const float* const silence = samples + (size_t)(n_channels + config->n_outputs) * stride;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    read[c] = samples + (size_t)c * stride;
  }
  for (uint32_t c = 0U; c < config->n_inputs; ++c) {
    in[c] = c < n_channels ? read[c] : n_channels == 1U ? read[0] : silence;
  }
  for (uint32_t c = 0U; c < config->n_outputs; ++c) {
    out[c] = samples + (size_t)(n_channels + c) * stride;
  }
  const uint64_t silent =
      config->n_frames ? config->n_frames + config->tail + config->skip : UINT64_MAX;
  *pump = (PinnaFilePump){.config = *config,
                          .read = read,
                          .in = in,
                          .out = out,
                          .write = write,
                          .n_channels = n_channels,
                          .n_total = config->reader ? UINT64_MAX : silent};
  *object = pump;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_file_pump_new(PinnaFilePump** const pump, const PinnaFilePumpConfig* const config) {
  void*             memory = NULL;
  void*             object = NULL;
  const PinnaStatus status = pinna_arena_build(&memory, &object, build, config);
  *pump = (PinnaFilePump*)object;
  return status;
}

void
pinna_file_pump_free(PinnaFilePump* const pump) {
  pinna_arena_free(pump); // The pump is the first slice of its block
}

static uint32_t
smaller(const uint32_t a, const uint64_t b) {
  return a < b ? a : (uint32_t)b;
}

/// Fill the inputs with the next block, find the total length at the input's end
static void
fill(PinnaFilePump* const pump) {
  const PinnaFilePumpConfig* const config = &pump->config;
  uint32_t                         n = 0U;
  if (pump->n_total == UINT64_MAX && config->reader) {
    n = pinna_audio_reader_read(config->reader, pump->read, config->block);
    if (n < config->block) {
      pump->n_total = pump->n_done + n + config->tail + config->skip;
    }
  }

  for (uint32_t c = 0U; c < pump->n_channels; ++c) {
    memset(pump->read[c] + n, 0, (config->block - n) * sizeof(float));
  }
}

PinnaStatus
pinna_file_pump_step(PinnaFilePump* const pump, const PinnaBackendClient* const client,
                     PinnaError* const error) {
  const PinnaFilePumpConfig* const config = &pump->config;
  fill(pump);
  const uint32_t n = smaller(config->block, pump->n_total - pump->n_done);
  pump->last = n;
  if (!n) {
    return PINNA_STATUS_END;
  }

  client->process(client->handle, pump->in, pump->out, n);
  pump->n_done += n;

  const uint32_t skipped = smaller(n, config->skip - pump->n_skipped);
  pump->n_skipped += skipped;
  pump->n_written += n - skipped;
  for (uint32_t c = 0U; c < config->n_outputs; ++c) {
    pump->write[c] = pump->out[c] + skipped;
  }
  return config->writer && n > skipped
             ? pinna_audio_writer_write(config->writer, pump->write, n - skipped, error)
             : PINNA_STATUS_OK;
}

uint32_t
pinna_file_pump_last(const PinnaFilePump* const pump) {
  return pump->last;
}

uint64_t
pinna_file_pump_written(const PinnaFilePump* const pump) {
  return pump->n_written;
}
