// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/sd_notify.h"
#include "tests/host/session_fixture.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// A stand-in for systemd: what it is told, and that the watchdog starves when audio stops

static int
listen_as_systemd(const char* const dir) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/notify", dir);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  tap_int(bind(fd, (const struct sockaddr*)&address, sizeof(address)), 0,
          "a socket like systemd's");
  setenv("NOTIFY_SOCKET", address.sun_path, 1);
  return fd;
}

/// Read all that came; count messages that hold `what`
static int
count(const int fd, const char* const what) {
  char    text[1100];
  int     n = 0;
  ssize_t size = 0;
  while ((size = recv(fd, text, sizeof(text) - 1U, 0)) >= 0) {
    text[size] = '\0';
    n += strstr(text, what) != NULL;
  }
  return n;
}

static void
test_watchdog(const int fd) {
  setenv("WATCHDOG_USEC", "300000", 1);
  PinnaWatchdog dog = pinna_watchdog();
  tap_near(dog.interval, 0.1, 1e-9, "fed three times as often as asked");
  tap_ok(pinna_watchdog_feed(&dog, 100, 10.0), "audio moved: fed");
  tap_ok(!pinna_watchdog_feed(&dog, 200, 10.05), "not too often");
  tap_ok(pinna_watchdog_feed(&dog, 200, 10.11), "moved on: fed");
  tap_ok(!pinna_watchdog_feed(&dog, 200, 11.0), "audio stands still: not fed");
  tap_ok(!pinna_watchdog_feed(&dog, 200, 100.0), "however long");
  tap_ok(pinna_watchdog_feed(&dog, 201, 100.1), "until it moves");
  tap_int(count(fd, "WATCHDOG=1"), 3, "three feeds arrived");
  setenv("WATCHDOG_PID", "1", 1);
  tap_near(pinna_watchdog().interval, 0.0, 0.0, "meant for another process");
  unsetenv("WATCHDOG_PID");
}

static void
test_session(Host* const host, const int fd) {
  host_write(host, "audio: {backend: 'null', clocked: yes, block: 64}\n");
  tap_int(host_start(host), PINNA_STATUS_OK, "start %s", host->error.text);
  host_sleep(0.25);
  tap_int(count(fd, "READY=1"), 1, "ready once audio runs");
  host_sleep(1.0);
  const int n = count(fd, "WATCHDOG=1");
  tap_ok(n >= 4 && n <= 11, "the watchdog is fed (%d times in a second)", n);
  host_ask(host, NULL, "reload");
  tap_int(count(fd, "RELOADING=1\nMONOTONIC_USEC="), 1, "reloading");
  host_stop(host);
  tap_int(count(fd, "STOPPING=1"), 1, "stopping");

  host_write(host, "audio: {backend: jack, server: pinna-no-such-server}\n");
  tap_int(host_start(host), PINNA_STATUS_OK, "start without a server %s", host->error.text);
  host_sleep(0.7);
  tap_int(count(fd, "WATCHDOG=1"), 0, "no audio, no food");
  host_stop(host);
  tap_int(count(fd, "READY=1"), 0, "nor ready");
}

int
main(void) {
  Host host;
  if (!host_open(&host)) {
    return 1;
  }
  tap_ok(!pinna_sd_notify("READY=1"), "without systemd nothing is sent");
  setenv("NOTIFY_SOCKET", "relative", 1);
  tap_ok(!pinna_sd_notify("READY=1"), "nor to nonsense");
  const int fd = listen_as_systemd(host.dir);
  tap_ok(pinna_sd_notify("STATUS=%d", 7), "sent");
  tap_int(count(fd, "STATUS=7"), 1, "and received");
  test_watchdog(fd);
  test_session(&host, fd);
  close(fd);
  host_close(&host);
  return tap_done();
}
