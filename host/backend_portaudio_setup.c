// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/clock.h"
#include "host/backend_portaudio_impl.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

// PortAudio backend, control side: finds devices, notices that one vanished, and brings it back

#define TRY_EVERY 0.5 ///< Seconds between attempts to find a lost device: PortAudio looks only anew
#define DEAD_AFTER 2.0      ///< Seconds without a callback after which a stream counts as dead
#define DEFAULT_BLOCK 1024U ///< Longest run planned for when the device chooses its own block

/// ALSA and libjack print about a hundred lines while PortAudio looks for devices.
/// @return The real standard error, for restore_stderr()
static int
silence_stderr(void) {
  fflush(stderr);
  const int real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (real >= 0 && null >= 0) {
    dup2(null, STDERR_FILENO);
  }
  if (null >= 0) {
    close(null);
  }
  return real;
}

static void
restore_stderr(const int real) {
  if (real >= 0) {
    fflush(stderr);
    dup2(real, STDERR_FILENO);
    close(real);
  }
}

static PaError
initialize(void) {
  const int     real = silence_stderr();
  const PaError result = Pa_Initialize();
  restore_stderr(real);
  return result;
}

static void
terminate(void) {
  const int real = silence_stderr();
  Pa_Terminate();
  restore_stderr(real);
}

/// "ALSA: hw:0,0"
static void
full_name(const PaDeviceInfo* const info, char* const text, const size_t size) {
  const PaHostApiInfo* const api = Pa_GetHostApiInfo(info->hostApi);
  snprintf(text, size, "%s: %s", api ? api->name : "?", info->name);
}

/// A device by name, else by part of its name; large enough for the wished channels
static PaDeviceIndex
find_device(const char* const name, const uint32_t n_inputs, const uint32_t n_outputs) {
  PaDeviceIndex part = paNoDevice;
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
    char                      text[512];
    const PaDeviceInfo* const info = Pa_GetDeviceInfo(i);
    if (info->maxInputChannels < (int)n_inputs || info->maxOutputChannels < (int)n_outputs) {
      continue;
    }
    full_name(info, text, sizeof(text));
    if (!strcasecmp(info->name, name) || !strcasecmp(text, name)) {
      return i;
    }
    if (part == paNoDevice && strcasestr(text, name)) {
      part = i;
    }
  }
  return part;
}

static PaStreamParameters
parameters(const PaDeviceIndex device, const uint32_t n_channels, const bool is_input) {
  const PaDeviceInfo* const info = Pa_GetDeviceInfo(device);
  return (PaStreamParameters){
      .device = device,
      .channelCount = (int)n_channels,
      .sampleFormat = paFloat32 | paNonInterleaved,
      .suggestedLatency = !info      ? 0.0
                          : is_input ? info->defaultLowInputLatency
                                     : info->defaultLowOutputLatency,
  };
}

static PaError
open_stream(PinnaBackendPortaudio* const portaudio, const PaDeviceIndex in_device,
            const PaDeviceIndex out_device, const double rate) {
  const uint32_t           n_in = portaudio->base.n_inputs;
  const uint32_t           n_out = portaudio->base.n_outputs;
  const PaStreamParameters in = parameters(in_device, n_in, true);
  const PaStreamParameters out = parameters(out_device, n_out, false);
  const int                real = silence_stderr();
  const PaError            result =
      Pa_OpenStream(&portaudio->stream, n_in ? &in : NULL, n_out ? &out : NULL, rate,
                    portaudio->wish_block ? portaudio->wish_block : paFramesPerBufferUnspecified,
                    paClipOff | paDitherOff, pinna_portaudio_process, portaudio);
  restore_stderr(real);
  return result;
}

/// Find the devices and open a stream; PortAudio is initialised
static PinnaStatus
join_device(PinnaBackendPortaudio* const portaudio, PinnaError* const error) {
  const char* const   name = portaudio->device;
  const uint32_t      n_in = portaudio->base.n_inputs;
  const uint32_t      n_out = portaudio->base.n_outputs;
  const PaDeviceIndex named = name ? find_device(name, n_in, n_out) : paNoDevice;
  const PaDeviceIndex in = name ? named : Pa_GetDefaultInputDevice();
  const PaDeviceIndex out = name ? named : Pa_GetDefaultOutputDevice();
  if (((n_in || !n_out) && in == paNoDevice) || (n_out && out == paNoDevice)) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                      "PortAudio finds no device%s%s with %u inputs and %u outputs "
                      "(pinna devices lists them)",
                      name ? " like " : "", name ? name : "", n_in, n_out);
  }

  const double own = Pa_GetDeviceInfo(n_out ? out : in)->defaultSampleRate;
  const double rate = portaudio->wish_rate > 0.0          ? portaudio->wish_rate
                      : portaudio->base.sample_rate > 0.0 ? portaudio->base.sample_rate
                                                          : own;
  PaError      result = open_stream(portaudio, in, out, rate);
  if (result == paInvalidSampleRate && portaudio->wish_rate <= 0.0) {
    result = open_stream(portaudio, in, out, own);
  }
  if (result != paNoError) {
    portaudio->stream = NULL;
    return pinna_fail(error,
                      result == paInvalidSampleRate || result == paInvalidChannelCount
                          ? PINNA_STATUS_UNSUPPORTED
                          : PINNA_STATUS_IO,
                      "PortAudio device '%s' at %.0f Hz: %s",
                      Pa_GetDeviceInfo(n_out ? out : in)->name, rate, Pa_GetErrorText(result));
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
join(PinnaBackendPortaudio* const portaudio, PinnaError* const error) {
  portaudio->last_try = pinna_clock_s();
  const PaError result = initialize();
  if (result != paNoError) {
    return pinna_fail(error, PINNA_STATUS_IO, "PortAudio does not start: %s",
                      Pa_GetErrorText(result));
  }
  const PinnaStatus status = join_device(portaudio, error);
  if (status) {
    terminate();
  }
  return status;
}

static void
leave(PinnaBackendPortaudio* const portaudio) {
  if (portaudio->stream) {
    const int real = silence_stderr();
    Pa_AbortStream(portaudio->stream);
    Pa_CloseStream(portaudio->stream);
    restore_stderr(real);
    terminate();
    portaudio->stream = NULL;
  }
}

static void*
clear_wreck(void* const handle) {
  PinnaPortaudioWreck* const wreck = handle;
  Pa_AbortStream(wreck->stream);
  Pa_CloseStream(wreck->stream);
  terminate();
  atomic_store(&wreck->done, true);
  return NULL;
}

static void
abandon(PinnaBackendPortaudio* const portaudio) {
  PinnaPortaudioWreck* const wreck = calloc(1, sizeof(PinnaPortaudioWreck));
  pthread_t                  thread;
  if (!wreck) {
    return; // Tried again at the next poll
  }
  wreck->stream = portaudio->stream;
  if (pthread_create(&thread, NULL, clear_wreck, wreck)) {
    free(wreck);
    return;
  }
  pthread_detach(thread);
  portaudio->stream = NULL;
  portaudio->wreck = wreck;
}

/// @return true if PortAudio is free for another attempt
static bool
wreck_gone(PinnaBackendPortaudio* const portaudio) {
  if (portaudio->wreck && atomic_load(&portaudio->wreck->done)) {
    free(portaudio->wreck);
    portaudio->wreck = NULL;
  }
  return !portaudio->wreck;
}

static PinnaStatus
activate(PinnaBackendPortaudio* const portaudio, PinnaError* const error) {
  const PaError result = Pa_StartStream(portaudio->stream);
  if (result != paNoError) {
    leave(portaudio);
    return pinna_fail(error, PINNA_STATUS_LOST, "PortAudio does not start the stream: %s",
                      Pa_GetErrorText(result));
  }
  portaudio->last_call = pinna_clock_s();
  return PINNA_STATUS_OK;
}

static void
portaudio_close(PinnaBackend* const backend) {
  PinnaBackendPortaudio* const portaudio = (PinnaBackendPortaudio*)backend;
  leave(portaudio);
  wreck_gone(portaudio); // One that is not done keeps its few bytes
  free(portaudio->device);
  free(portaudio);
}

static PinnaStatus
portaudio_open(PinnaBackend** const backend, const PinnaBackendConfig* const config,
               PinnaError* const error) {
  *backend = NULL;
  PinnaBackendPortaudio* const portaudio = calloc(1, sizeof(PinnaBackendPortaudio));
  if (!portaudio || (config->device && !(portaudio->device = strdup(config->device)))) {
    free(portaudio);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  portaudio->base.type = &pinna_backend_portaudio;
  portaudio->base.n_inputs = config->n_inputs;
  portaudio->base.n_outputs = config->n_outputs;
  portaudio->base.max_block = config->block ? config->block : DEFAULT_BLOCK;
  portaudio->wish_rate = config->sample_rate;
  portaudio->wish_block = config->block;

  const PinnaStatus status = join(portaudio, error);
  if (status) {
    portaudio_close(&portaudio->base);
    return status;
  }
  portaudio->base.sample_rate = Pa_GetStreamInfo(portaudio->stream)->sampleRate;
  *backend = &portaudio->base;
  return PINNA_STATUS_OK;
}

static PinnaStatus
portaudio_start(PinnaBackend* const backend, const PinnaBackendClient* const client,
                PinnaError* const error) {
  PinnaBackendPortaudio* const portaudio = (PinnaBackendPortaudio*)backend;
  portaudio->client = *client;
  portaudio->started = true;
  return portaudio->stream ? activate(portaudio, error) : PINNA_STATUS_OK;
}

static void
portaudio_stop(PinnaBackend* const backend) {
  PinnaBackendPortaudio* const portaudio = (PinnaBackendPortaudio*)backend;
  if (portaudio->stream && portaudio->started) {
    Pa_StopStream(portaudio->stream);
  }
  portaudio->started = false;
}

/// The device is away: list the devices anew now and then
static PinnaBackendState
come_back(PinnaBackendPortaudio* const portaudio, PinnaError* const error) {
  if (!wreck_gone(portaudio)) {
    pinna_fail(error, PINNA_STATUS_LOST,
               "The PortAudio device went away, and its driver does not let go of it "
               "(for a JACK server use 'backend: jack')");
    return PINNA_BACKEND_LOST;
  }
  if (pinna_clock_s() - portaudio->last_try < TRY_EVERY || join(portaudio, error)) {
    pinna_fail(error, PINNA_STATUS_LOST, "The PortAudio device is away");
    return PINNA_BACKEND_LOST;
  }

  const double rate = Pa_GetStreamInfo(portaudio->stream)->sampleRate;
  const bool   same = fabs(rate - portaudio->base.sample_rate) < 0.5;
  portaudio->base.sample_rate = rate;
  if (portaudio->started && same && activate(portaudio, error)) {
    return PINNA_BACKEND_LOST;
  }
  ++portaudio->base.n_returns;
  portaudio->started = portaudio->started && same;
  return portaudio->started ? PINNA_BACKEND_RUNNING : PINNA_BACKEND_STOPPED;
}

static PinnaBackendState
portaudio_poll(PinnaBackend* const backend, PinnaError* const error) {
  PinnaBackendPortaudio* const portaudio = (PinnaBackendPortaudio*)backend;
  if (!portaudio->stream) {
    return come_back(portaudio, error);
  }
  if (!portaudio->started) {
    return PINNA_BACKEND_STOPPED;
  }

  const double   now = pinna_clock_s();
  const uint64_t n_calls = atomic_load_explicit(&portaudio->n_calls, memory_order_relaxed);
  if (n_calls != portaudio->seen_calls) {
    portaudio->seen_calls = n_calls;
    portaudio->last_call = now;
  }
  if (Pa_IsStreamActive(portaudio->stream) != 1 || now - portaudio->last_call > DEAD_AFTER) {
    abandon(portaudio);
    portaudio->last_try = now;
    pinna_fail(error, PINNA_STATUS_LOST, "The PortAudio device went away");
    return PINNA_BACKEND_LOST;
  }
  return PINNA_BACKEND_RUNNING;
}

static PinnaStatus
portaudio_print_devices(PinnaError* const error) {
  const PaError result = initialize();
  if (result != paNoError) {
    return pinna_fail(error, PINNA_STATUS_IO, "PortAudio does not start: %s",
                      Pa_GetErrorText(result));
  }
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
    char                      text[512];
    const PaDeviceInfo* const info = Pa_GetDeviceInfo(i);
    full_name(info, text, sizeof(text));
    printf("%s (%d in, %d out, %.0f Hz)%s%s\n", text, info->maxInputChannels,
           info->maxOutputChannels, info->defaultSampleRate,
           i == Pa_GetDefaultInputDevice() ? " [default input]" : "",
           i == Pa_GetDefaultOutputDevice() ? " [default output]" : "");
  }
  const int n = Pa_GetDeviceCount();
  terminate();
  return n > 0 ? PINNA_STATUS_OK
               : pinna_fail(error, PINNA_STATUS_NOT_FOUND, "PortAudio finds no device");
}

const PinnaBackendType pinna_backend_portaudio = {
    .kind = "portaudio",
    .open = portaudio_open,
    .close = portaudio_close,
    .start = portaudio_start,
    .stop = portaudio_stop,
    .poll = portaudio_poll,
    .print_devices = portaudio_print_devices,
};
