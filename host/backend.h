// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_BACKEND_H
#define PINNA_HOST_BACKEND_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Where audio comes from and goes to: JACK, PortAudio, files or a clock, behind one interface

typedef struct PinnaBackendImpl PinnaBackend;

/// What the backend calls. `process` runs in the audio thread, the others in any thread.
typedef struct {
  void* handle;

  /// Process one block; `in` and `out` do not overlap. Realtime.
  void (*process)(void* handle, const float* const* in, float* const* out,
                  uint32_t n_frames) PINNA_RT;

  /// The server or device reported a missed deadline. Realtime.
  void (*xrun)(void* handle) PINNA_RT;
} PinnaBackendClient;

/// A wish that a port be connected, kept alive and retried (JACK)
typedef struct {
  uint32_t    channel; ///< Our input or output, from 0
  const char* pattern; ///< Port name or shell pattern ("system:capture_*": the n-th match)
} PinnaConnection;

typedef struct {
  const char* kind;        ///< "jack", "portaudio", "file" or "null"
  uint32_t    n_inputs;    ///< 0 to 64; 0 with a file: as many as it has
  uint32_t    n_outputs;   ///< 0 to 64
  double      sample_rate; ///< Hz; 0: the server's, device's or file's own
  uint32_t    block;       ///< Frames per callback wished; 0: the backend's own

  const char*            client; ///< JACK client name
  const char*            server; ///< JACK server name, or NULL
  const PinnaConnection* inputs; ///< JACK: sources of our inputs
  uint32_t               n_input_connections;
  const PinnaConnection* outputs; ///< JACK: destinations of our outputs
  uint32_t               n_output_connections;

  const char* device; ///< PortAudio: device name or part of it, NULL: default

  const char* in_path;  ///< File to read, "-" is standard input; NULL: silence
  const char* out_path; ///< File to write, "-" is standard output; NULL: thrown away
  const char*
      format; ///< "wav", "flac", "w64", "rf64", "aiff", "ogg", "mp3", …; NULL: by name, else wav
  const char* subformat; ///< "float" (default where possible), "pcm16", "pcm24", "pcm32", "double"
  double      tail;      ///< Seconds of silence after the input's end
  uint32_t    skip; ///< Output frames to drop at the start (latency); as many are added at the end
  bool        clocked;  ///< null and file: paced in real time
  uint64_t    n_frames; ///< null: stop after so many; 0: run on
} PinnaBackendConfig;

typedef enum {
  PINNA_BACKEND_STOPPED, ///< Not started, or back with another sample rate: rebuild, then start
  PINNA_BACKEND_RUNNING,
  PINNA_BACKEND_LOST,    ///< Server or device gone: pinna_backend_poll() brings it back
  PINNA_BACKEND_FINISHED ///< Input exhausted and output written, or the poll's error says why not
} PinnaBackendState;

/// Names of the backends in this build, NULL-terminated
PINNA_API const char* const* pinna_backend_kinds(void);

/// Open without starting. The configuration is copied. Control thread.
/// @return NOT_FOUND (no server, device or file), BAD_FILE, BAD_ARG, UNSUPPORTED, IO
PINNA_API PinnaStatus pinna_backend_open(PinnaBackend** backend, const PinnaBackendConfig* config,
                                         PinnaError* error);

/// Stop and free. NULL is allowed.
PINNA_API void pinna_backend_close(PinnaBackend* backend);

/// Stop for good, and complete what is written. Control thread. @return IO: it is not whole
PINNA_API PinnaStatus pinna_backend_finish(PinnaBackend* backend, PinnaError* error);

/// Actual values after open; they may change when a lost server comes back differently
PINNA_API double   pinna_backend_sample_rate(const PinnaBackend* backend);
PINNA_API uint32_t pinna_backend_max_block(const PinnaBackend* backend);
PINNA_API uint32_t pinna_backend_n_inputs(const PinnaBackend* backend);
PINNA_API uint32_t pinna_backend_n_outputs(const PinnaBackend* backend);

/// Length of the input in frames at the backend's rate, 0 if unknown or endless
PINNA_API uint64_t pinna_backend_length(const PinnaBackend* backend);

/// Begin calling `client`. Control thread.
PINNA_API PinnaStatus pinna_backend_start(PinnaBackend* backend, const PinnaBackendClient* client,
                                          PinnaError* error);

/// Stop calling; returns when no callback is running. Control thread.
PINNA_API void pinna_backend_stop(PinnaBackend* backend);

/// Report the latency of the graph: to the server (JACK latency callbacks), or to the file backend
/// before its start, which then aligns output with input (`skip`). Control thread.
PINNA_API void pinna_backend_set_latency(PinnaBackend* backend, uint32_t frames);

/// Do what cannot be done in the audio thread: notice loss, reconnect, heal connections, write.
/// Control thread, about every 50 ms; never blocks longer than about 100 ms.
/// @param error Receives why the backend is lost, if it is
PINNA_API PinnaBackendState pinna_backend_poll(PinnaBackend* backend, PinnaError* error);

/// How often a lost server or device came back
PINNA_API uint32_t pinna_backend_n_returns(const PinnaBackend* backend);

/// Print the devices or servers that this backend can reach, one a line, to standard output
PINNA_API PinnaStatus pinna_backend_print_devices(const char* kind, PinnaError* error);

#endif // PINNA_HOST_BACKEND_H
