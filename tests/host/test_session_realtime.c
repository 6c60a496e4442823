// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend_jack_impl.h"
#include "host/backend_portaudio_impl.h"
#include "host/session_impl.h"
#include "tests/host/jack_fixture.h"
#include "tests/host/session_fixture.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The whole callback under the realtime trap, while controls, presets, bypass and graphs change

// The linker puts __wrap_X in the place of X: pinna_host_session_process() and the backends'
// callbacks

static _Atomic unsigned n_calls;

void __real_pinna_host_session_process(void* handle, const float* const* in, float* const* out,
                                       uint32_t n_frames);
void __wrap_pinna_host_session_process(void* handle, const float* const* in, float* const* out,
                                       uint32_t n_frames);
int  __real_pinna_jack_process(jack_nframes_t n_frames, void* handle);
int  __wrap_pinna_jack_process(jack_nframes_t n_frames, void* handle);
int  __real_pinna_portaudio_process(const void* in, void* out, unsigned long n_frames,
                                    const PaStreamCallbackTimeInfo* time,
                                    PaStreamCallbackFlags flags, void* handle);
int  __wrap_pinna_portaudio_process(const void* in, void* out, unsigned long n_frames,
                                    const PaStreamCallbackTimeInfo* time,
                                    PaStreamCallbackFlags flags, void* handle);

void
__wrap_pinna_host_session_process(void* const handle, const float* const* const in,
                                  float* const* const out, const uint32_t n_frames) {
  rt_trap_enter();
  __real_pinna_host_session_process(handle, in, out, n_frames);
  rt_trap_leave();
  atomic_fetch_add(&n_calls, 1U);
}

int
__wrap_pinna_jack_process(const jack_nframes_t n_frames, void* const handle) {
  rt_trap_enter();
  const int result = __real_pinna_jack_process(n_frames, handle);
  rt_trap_leave();
  return result;
}

int
__wrap_pinna_portaudio_process(const void* const in, void* const out, const unsigned long n_frames,
                               const PaStreamCallbackTimeInfo* const time,
                               const PaStreamCallbackFlags flags, void* const handle) {
  rt_trap_enter();
  const int result = __real_pinna_portaudio_process(in, out, n_frames, time, flags, handle);
  rt_trap_leave();
  return result;
}

static void
write_room(const Host* const host, const char* const audio, const int variant) {
  char text[2048];
  snprintf(text, sizeof(text),
           "audio: {%s}\n"
           "nodes:\n"
           "  - {id: eq, plugin: 'urn:pinna:eq:stereo', set: {gain_1: %d, enabled_1: 1}}\n"
           "  - {id: amp, plugin: 'urn:pinna:test:amp'}\n"
           "  - {id: words, plugin: 'urn:pinna:asr:mono', set: {caption_file: $DIR/words.vtt}}\n"
           "  - {id: voice, plugin: 'urn:pinna:vocoder:mono'}\n"
           "%s"
           "wires:\n"
           "  - {from: input, to: eq}\n"
           "  - {from: 'eq:1', to: amp}\n"
           "  - {from: %s, to: 'output:1'}\n"
           "  - {from: 'eq:2', to: words}\n"
           "  - {from: words, to: voice}\n"
           "  - {from: voice, to: 'output:2'}\n"
           "%s"
           "state: {every: 0}\n",
           audio, variant,
           variant % 2 ? "  - {id: late, plugin: 'urn:pinna:test:delay', set: {frames: 100}}\n"
                       : "",
           variant % 2 ? "late" : "amp", variant % 2 ? "  - {from: amp, to: late}\n" : "");
  host_write(host, text);
}

static void
test_changes(Host* const host, const char* const audio, const char* const name) {
  PinnaError error = {""};
  write_room(host, audio, 0);
  if (!tap_int(host_start(host), PINNA_STATUS_OK, "start %s %s", name, host->error.text)) {
    return;
  }
  host_sleep(0.1);
  const unsigned before = atomic_load(&n_calls);
  tap_near(host_number_becomes(host, "nodes.2.controls.file_status", 1.0), 1.0, 0.0,
           "%s: captions have their file", name);
  for (int i = 0; i < 12; ++i) {
    host_ask(host, &error, "set eq freq_1 %d", 100 + 300 * i);
    host_ask(host, &error, "set amp gain %d", i);
    host_ask(host, &error, "bypass eq %s", i % 2 ? "on" : "off");
    host_ask(host, &error, "preset amp Loud");
    write_room(host, audio, i);
    host_ask(host, &error, "reload");
    host_ask(host, &error, "save");
    host_ask(host, &error, "status");
  }
  tap_string(error.text, "", "every request is granted");
  tap_ok(atomic_load(&n_calls) > before + 20U, "%s: %u callbacks", name,
         atomic_load(&n_calls) - before);
  host_stop(host);
  rt_trap_check("%s: controls, presets, bypass, graphs, saving and status leave it realtime", name);
}

int
main(void) {
  Host host;
  if (!host_open(&host)) {
    return 1;
  }
  test_changes(&host, "backend: 'null', clocked: yes, block: 64", "null");
  pid_t server = 0;
  if (!jack_fixture_begin() || !jack_server_start(&server, 48000)) {
    tap_skip("jackd is not installed (package jackd2), or does not start", "JACK callback");
  } else {
    test_changes(&host, "backend: jack, server: " JACK_TEST_SERVER, "jack");
    setenv("JACK_DEFAULT_SERVER", JACK_TEST_SERVER, 1);
    test_changes(&host, "backend: portaudio, device: JACK", "portaudio");
  }
  jack_server_kill(server, SIGTERM);
  host_close(&host);
  return tap_done();
}
