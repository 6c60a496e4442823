// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_RENDER_H
#define PINNA_HOST_RENDER_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/config.h"
#include "host/engine.h"
#include "host/world.h"

#include <stdbool.h>
#include <stdint.h>

// Offline rendering of a configuration or of one plugin: the same graph as live, sample for sample

typedef struct {
  const char*        in_path;  ///< Any format libsndfile knows, "-" is standard input
  const char*        out_path; ///< "-" is standard output
  const PinnaConfig* config;   ///< Graph to render, or NULL: a chain of one plugin
  const char*        plugin;   ///< URI, if `config` is NULL
  const char*        preset;   ///< With `plugin`
  const char* const* set;      ///< "symbol=value" [n_set], with `plugin`
  uint32_t           n_set;
  double             sample_rate;  ///< Resample the input to this, 0: keep the file's
  uint32_t           block;        ///< Frames per run, 1 to 65536; 0: 1024
  double             tail;         ///< Seconds rendered after the end of the input
  bool               keep_latency; ///< Leave the graph's latency in the output (default: cut it)
  const char*        format;
  const char*        subformat;
} PinnaRenderConfig;

typedef struct {
  uint64_t n_frames;    ///< Written
  double   sample_rate; ///< Of the output, Hz
  uint32_t n_inputs;
  uint32_t n_outputs;
  uint32_t latency;      ///< Of the graph, frames
  double   seconds;      ///< Wall time
  double   speed;        ///< Audio time / wall time
  char     warning[512]; ///< What was wrong with the input although it was rendered, or ""
} PinnaRenderResult;

/// Called now and then with the share done, 0 to 1 (or the frames so far as a negative number if
/// the length is unknown). Return false to cancel.
typedef bool (*PinnaRenderProgress)(void* handle, double done);

/// Called once after the last block with the engine, for meters and load lines
typedef void (*PinnaRenderReport)(void* handle, PinnaEngine* engine, const PinnaGraphSpec* spec);

/// Render. A mono plugin on a file with more channels runs once per channel; a stereo plugin on a
/// mono file gets it on both inputs. Control thread.
PINNA_API PinnaStatus pinna_render(const PinnaRenderConfig* config, PinnaWorld* world,
                                   PinnaRenderProgress progress, PinnaRenderReport report,
                                   void* handle, PinnaRenderResult* result, PinnaError* error);

#endif // PINNA_HOST_RENDER_H
