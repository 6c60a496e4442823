// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/jack_fixture.h"

#include "tests/host/session_fixture.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <jack/jack.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// JACK for tests

static void
quiet(const char* const text) {
  (void)text;
}

bool
jack_fixture_begin(void) {
  char              path[300];
  const char* const tmp = getenv("TMPDIR");
  if (system("command -v jackd >/dev/null 2>&1")) {
    return false;
  }
  snprintf(path, sizeof(path), "%s/pinna-jackd.lock", tmp && tmp[0] ? tmp : "/tmp");
  const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  flock(fd, LOCK_EX);
  signal(SIGPIPE, SIG_IGN);
  jack_set_error_function(quiet);
  jack_set_info_function(quiet);
  return fd >= 0;
}

static jack_client_t*
join(const char* const name) {
  return jack_client_open(name, JackNoStartServer | JackUseExactName | JackServerName, NULL,
                          JACK_TEST_SERVER);
}

bool
jack_server_start(pid_t* const pid, const unsigned rate) {
  return jack_server_start_period(pid, rate, 256U);
}

bool
jack_server_start_period(pid_t* const pid, const unsigned rate, const unsigned period) {
  char text[16];
  char frames[16];
  snprintf(text, sizeof(text), "%u", rate);
  snprintf(frames, sizeof(frames), "%u", period);
  *pid = fork();
  if (!*pid) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, 1);
    dup2(null, 2);
    execlp("jackd", "jackd", "-R", "-S", "-n", JACK_TEST_SERVER, "-d", "dummy", "-r", text, "-p",
           frames, (char*)NULL);
    _exit(127);
  }
  for (int i = 0; i < 100; ++i) {
    jack_client_t* const client = join("knock");
    if (client) {
      jack_client_close(client);
      return true;
    }
    host_sleep(0.05);
  }
  return false;
}

void
jack_server_kill(const pid_t pid, const int number) {
  if (pid > 0) {
    kill(pid, number);
    waitpid(pid, NULL, 0);
  }
}

static int
play(const jack_nframes_t n, void* const handle) {
  JackProbe* const probe = handle;
  const bool       go = atomic_load(&probe->go);
  const uint32_t   at = atomic_load(&probe->played);
  for (int c = 0; c < 2; ++c) {
    float* const out = jack_port_get_buffer(probe->ports[c], n);
    for (uint32_t i = 0; i < n; ++i) {
      out[i] = go && probe->play[c] && at + i < probe->n_play ? probe->play[c][at + i] : 0.0F;
    }
  }
  atomic_store(&probe->played, go ? at + n : at);
  return 0;
}

static int
record(const jack_nframes_t n, void* const handle) {
  JackProbe* const   probe = handle;
  const bool         go = atomic_load(&probe->go);
  const uint32_t     at = atomic_load(&probe->recorded);
  const float* const in[2] = {jack_port_get_buffer(probe->ports[2], n),
                              jack_port_get_buffer(probe->ports[3], n)};
  for (uint32_t i = 0; i < n && go; ++i) {
    for (int c = 0; c < 2; ++c) {
      if (probe->record[c] && at + i < probe->n_record) {
        probe->record[c][at + i] = in[c][i];
      }
    }
  }
  uint32_t bits = 0;
  memcpy(&bits, &in[0][n - 1U], sizeof(bits));
  atomic_store(&probe->level, bits);
  atomic_store(&probe->recorded, go ? at + n : at);
  return 0;
}

float
jack_probe_level(const JackProbe* const probe) {
  const uint32_t bits = atomic_load(&probe->level);
  float          level = 0.0F;
  memcpy(&level, &bits, sizeof(level));
  return level;
}

bool
jack_probe_open(JackProbe* const probe) {
  static const char* const names[] = {"out_1", "out_2", "in_1", "in_2"};
  probe->source = join("source");
  probe->sink = join("sink");
  if (!probe->source || !probe->sink) {
    return false;
  }
  for (int i = 0; i < 4; ++i) {
    probe->ports[i] =
        jack_port_register(i < 2 ? probe->source : probe->sink, names[i], JACK_DEFAULT_AUDIO_TYPE,
                           i < 2 ? JackPortIsOutput : JackPortIsInput, 0);
  }
  jack_set_process_callback(probe->source, play, probe);
  jack_set_process_callback(probe->sink, record, probe);
  return !jack_activate(probe->source) && !jack_activate(probe->sink);
}

void
jack_probe_close(JackProbe* const probe) {
  if (probe->sink) {
    jack_client_close(probe->sink);
  }
  if (probe->source) {
    jack_client_close(probe->source);
  }
  probe->source = NULL;
  probe->sink = NULL;
}

int
jack_fixture_main(const int argc, char** const argv, void (*const test)(Host* host)) {
  Host      host;
  const int status = host_main(argc, argv);
  if (status >= 0) {
    return status;
  }
  if (!jack_fixture_begin()) {
    tap_skip_all("jackd is not installed (package jackd2)");
  }
  if (!host_open(&host)) {
    tap_ok(false, "fixture: %s", host.error.text);
    return tap_done();
  }
  host.apart = true;
  test(&host);
  host_close(&host);
  return tap_done();
}
