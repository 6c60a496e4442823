// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_HOST_JACK_FIXTURE_H
#define PINNA_TESTS_HOST_JACK_FIXTURE_H

#include "tests/host/session_fixture.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// A JACK server with a dummy driver, and clients that send and record, for tests

#define JACK_TEST_SERVER "pinna-test"

/// main() of a test with a session in a process of its own, on a JACK server: skips all without
/// jackd. @return Exit status
int jack_fixture_main(int argc, char** argv, void (*test)(Host* host));

/// Hold the lock that lets one test at a time run a server (the table of servers is one for all).
/// @return false if there is no jackd
bool jack_fixture_begin(void);

/// Start a server in sync mode at 48 kHz. @return false if it does not answer within 5 seconds
bool jack_server_start(pid_t* pid, unsigned rate);

/// The same with another number of frames at once than 256
bool jack_server_start_period(pid_t* pid, unsigned rate, unsigned period);

/// End it by a signal and reap it
void jack_server_kill(pid_t pid, int signal);

/// Two clients in a row of the graph: "source" plays, "sink" records
typedef struct {
  void*            source; ///< jack_client_t
  void*            sink;
  void*            ports[4];  ///< out_1, out_2 of source; in_1, in_2 of sink
  const float*     play[2];   ///< [n_play], then silence
  float*           record[2]; ///< [n_record]
  uint32_t         n_play;
  uint32_t         n_record;
  _Atomic bool     go; ///< Play and record from the next cycle on
  _Atomic uint32_t played;
  _Atomic uint32_t recorded;
  _Atomic uint32_t level; ///< Bits of the last float that the sink heard on in_1
} JackProbe;

/// Open both; `play` and the others are set before or after. @return false on failure
bool jack_probe_open(JackProbe* probe);
void jack_probe_close(JackProbe* probe);

/// Last sample that the sink heard
float jack_probe_level(const JackProbe* probe);

#endif // PINNA_TESTS_HOST_JACK_FIXTURE_H
