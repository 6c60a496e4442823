// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/audio_file.h"
#include "tests/host/folder.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Sound files: every format there and back, pipes, resampling, and files that are not what they say

#define N 9001U

static char folder[64];

static void
write_file(const char* const path, const char* const format, const char* const subformat,
           const float* const* const x, const uint32_t n_channels, const uint64_t promised) {
  const PinnaAudioWriterConfig config = {path, format, subformat, 48000.0, n_channels, promised};
  PinnaAudioWriter*            writer = NULL;
  PinnaError                   error = {""};
  if (pinna_audio_writer_open(&writer, &config, &error) ||
      pinna_audio_writer_write(writer, x, N, &error) || pinna_audio_writer_close(writer, &error)) {
    tap_ok(false, "write %s: %s", path, error.text);
  }
}

/// Read all into [2 x most] in blocks of `block`. @return frames
static uint32_t
read_file(const char* const path, const double rate, float* const left, float* const right,
          const uint32_t most, const uint32_t block) {
  PinnaAudioReader* reader = NULL;
  PinnaError        error = {""};
  uint32_t          n = 0U;
  if (pinna_audio_reader_open(&reader, path, rate, &error)) {
    tap_ok(false, "read: %s", error.text);
    return 0U;
  }
  for (uint32_t got = block; got == block && n + block <= most;) {
    float* const out[] = {left + n, right + n};
    got = pinna_audio_reader_read(reader, out, block);
    n += got;
  }
  pinna_audio_reader_close(reader);
  return n;
}

static void
test_formats(const float* const* const x) {
  static const struct {
    const char* name;
    const char* subformat;
    double      tolerance; ///< Half a step, or 0: exact
  } cases[] = {
      {"a.wav", NULL, 0.0},
      {"b.wav", "pcm16", 0.6 / 32768},
      {"c.wav", "pcm24", 0.6 / 8388608},
      {"d.wav", "double", 0.0},
      {"e.flac", NULL, 0.6 / 8388608},
      {"f.flac", "pcm16", 0.6 / 32768},
      {"g.aiff", NULL, 0.0},
      {"h.au", NULL, 0.0},
      {"i.w64", NULL, 0.0},
      {"j.rf64", NULL, 0.0},
      {"k.caf", NULL, 0.0},
      {"l.no-such-ending", NULL, 0.0},
      {"m.wav", "pcm32", 1e-7},
  };
  float* const left = malloc(2U * N * sizeof(float));
  float* const right = malloc(2U * N * sizeof(float));
  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const char* const path = path_in(folder, cases[i].name);
    write_file(path, NULL, cases[i].subformat, x, 2U, i % 2U ? N : 0U);
    tap_int(read_file(path, 0.0, left, right, 2U * N, 1U + (uint32_t)i * 97U), N, "%s: frames",
            cases[i].name);
    tap_all_near(left, x[0], N, cases[i].tolerance, "%s %s: left", cases[i].name,
                 cases[i].subformat ? cases[i].subformat : "");
    tap_all_near(right, x[1], N, cases[i].tolerance, "%s: right", cases[i].name);
  }

  write_file(path_in(folder, "n.ogg"), NULL, NULL, x, 2U, N);
  tap_int(read_file(path_in(folder, "n.ogg"), 0.0, left, right, 2U * N, 512U), N, "ogg: frames");

  PinnaAudioWriter*      writer = NULL;
  PinnaAudioWriterConfig bad = {path_in(folder, "o.flac"), NULL, "float", 48000.0, 2U, 0U};
  PinnaError             error = {""};
  tap_int(pinna_audio_writer_open(&writer, &bad, &error), PINNA_STATUS_UNSUPPORTED,
          "FLAC has no float");
  tap_ok(strstr(error.text, "pcm24") != NULL, "and says what there is: %s", error.text);
  bad.format = "mp4";
  error.text[0] = '\0';
  tap_int(pinna_audio_writer_open(&writer, &bad, &error), PINNA_STATUS_UNSUPPORTED,
          "no such format");
  tap_ok(strstr(error.text, "mp4") && strstr(error.text, "flac"), "names it: %s", error.text);
  free(left), free(right);
}

static void
test_resampling(void) {
  // A tone far below both bands is known in closed form at any rate
  static const double rates[] = {44100.0, 96000.0, 16000.0, 47999.0, 192000.0};
  const uint32_t      most = 5U * N;
  float* const        tone = malloc(N * sizeof(float));
  float* const        left = malloc(most * sizeof(float));
  float* const        right = malloc(most * sizeof(float));
  float* const        again = malloc(most * sizeof(float));
  for (uint32_t i = 0U; i < N; ++i) {
    tone[i] = 0.5F * (float)sin(2.0 * M_PI * 700.0 * i / 48000.0);
  }
  const float* const x[] = {tone, tone};
  write_file(path_in(folder, "r.wav"), NULL, NULL, x, 2U, N);
  for (size_t k = 0U; k < sizeof(rates) / sizeof(rates[0]); ++k) {
    const uint32_t n = read_file(path_in(folder, "r.wav"), rates[k], left, right, most, 333U);
    const uint32_t edge = (uint32_t)(0.02 * rates[k]); // More than the filter reaches
    double         worst = 0.0;
    tap_int(n, (long long)ceil(N * rates[k] / 48000.0), "exact length at %g Hz", rates[k]);
    for (uint32_t i = edge; i + edge < n; ++i) {
      worst = fmax(worst, fabs((double)left[i] - 0.5 * sin(2.0 * M_PI * 700.0 * i / rates[k])));
    }
    tap_at_most(worst, 2e-6, "no shift, no colour at %g Hz", rates[k]);
    tap_int(read_file(path_in(folder, "r.wav"), rates[k], again, right, most, 1024U), n,
            "length in other blocks");
    tap_all_equal(again, left, n, "the same in other blocks");
  }
  free(tone), free(left), free(right), free(again);
}

/// Sound that may not fit into WAV's 32-bit sizes starts as RF64, and ends as plain WAV if it fits
static void
test_long(const float* const* const x) {
  char  head[16] = "";
  float left[100];
  float right[100];
  write_file(path_in(folder, "long.wav"), NULL, NULL, x, 2U, 1ULL << 32U);
  FILE* const file = fopen(path_in(folder, "long.wav"), "rb");
  if (file && fread(head, 1U, sizeof(head), file) == sizeof(head)) {
    fclose(file);
  }
  tap_ok(!memcmp(head, "RIFF", 4U) && !memcmp(head + 8, "WAVE", 4U), "is WAV in the end");
  tap_int(read_file(path_in(folder, "long.wav"), 0.0, left, right, 100U, 100U), 100,
          "with its sound");
  tap_all_equal(right, x[1], 100U, "as it was");
}

static void
expect_refusal(const char* const path, const PinnaStatus status, const char* const words,
               const char* const what) {
  PinnaAudioReader* reader = NULL;
  PinnaError        error = {""};
  tap_int(pinna_audio_reader_open(&reader, path, 0.0, &error), status, "%s is refused", what);
  tap_ok(strstr(error.text, words) && strstr(error.text, path), "%s: %s", what, error.text);
  pinna_audio_reader_close(reader);
}

static void
test_faults(const float* const* const x) {
  const char* const text = path_in(folder, "text.wav");
  FILE* const       file = fopen(text, "w");
  fputs("This is not sound.\nIt never was.\n", file);
  fclose(file);
  fclose(fopen(path_in(folder, "empty.wav"), "w"));
  expect_refusal(text, PINNA_STATUS_BAD_FILE, "not a sound file", "a text file");
  expect_refusal(path_in(folder, "empty.wav"), PINNA_STATUS_BAD_FILE, "empty.wav",
                 "a file of no bytes");
  expect_refusal(folder, PINNA_STATUS_BAD_FILE, "folder", "a folder");
  expect_refusal(path_in(folder, "none.wav"), PINNA_STATUS_NOT_FOUND, "No such file",
                 "an absent file");

  PinnaAudioWriter*            writer = NULL;
  const PinnaAudioWriterConfig none = {path_in(folder, "zero.wav"), NULL, NULL, 48000.0, 2U, 0U};
  PinnaError                   error = {""};
  pinna_audio_writer_open(&writer, &none, &error);
  pinna_audio_writer_close(writer, &error);
  expect_refusal(path_in(folder, "zero.wav"), PINNA_STATUS_BAD_FILE, "0 frames",
                 "a WAV file without sound");

  PinnaAudioReader* reader = NULL;
  float* const      left = malloc(N * sizeof(float));
  float* const      right = malloc(N * sizeof(float));
  float* const      out[] = {left, right};
  write_file(path_in(folder, "whole.wav"), NULL, NULL, x, 2U, N);
  struct stat entry;
  stat(path_in(folder, "whole.wav"), &entry);
  if (truncate(path_in(folder, "whole.wav"), entry.st_size - 4000 * 8)) {
    tap_diag("truncate: %s", strerror(errno));
  }
  tap_int(pinna_audio_reader_open(&reader, path_in(folder, "whole.wav"), 0.0, &error), 0,
          "a truncated WAV opens");
  tap_int(pinna_audio_reader_read(reader, out, N), N - 4000, "what is there is read");
  tap_ok(pinna_audio_reader_warning(reader) &&
             strstr(pinna_audio_reader_warning(reader), "truncated"),
         "with a warning: %s", pinna_audio_reader_warning(reader));
  tap_all_equal(left, x[0], N - 4000U, "as it was");
  pinna_audio_reader_close(reader);
  free(left), free(right);

  const PinnaAudioWriterConfig full = {"/dev/full", "wav", NULL, 48000.0, 2U, N};
  error.text[0] = '\0';
  PinnaStatus status = pinna_audio_writer_open(&writer, &full, &error);
  if (!status) {
    status = pinna_audio_writer_write(writer, x, N, &error);
    const PinnaStatus closed = pinna_audio_writer_close(writer, &error);
    status = status ? status : closed;
  }
  tap_int(status, PINNA_STATUS_IO, "a full disk is an error");
  tap_ok(strstr(error.text, "/dev/full") && strstr(error.text, "No space"), "that says so: %s",
         error.text);
}

/// Headers with random damage: any answer but a crash, a hang or a sample that is not there
static void
test_fuzz(void) {
  static const char* const names[] = {
      "a.wav", "e.flac", "g.aiff", "h.au", "i.w64", "k.caf",
#ifndef __SANITIZE_ADDRESS__
      "n.ogg", // libvorbis 1.3.7 leaks when a header is damaged
#endif
  };
  const unsigned rounds = getenv("PINNA_LONG") ? 3000U : 60U;
  unsigned       seed = 4242U;
  unsigned       n_opened = 0U;
  float*         out[64];
  for (int c = 0; c < 64; ++c) {
    out[c] = malloc(1000U * sizeof(float));
  }
  for (size_t k = 0U; k < sizeof(names) / sizeof(names[0]); ++k) {
    FILE* const  file = fopen(path_in(folder, names[k]), "rb");
    char* const  bytes = malloc(1U << 20U);
    const size_t size = fread(bytes, 1U, 1U << 20U, file);
    fclose(file);
    for (unsigned i = 0U; i < rounds; ++i) {
      char* const copy = malloc(size);
      memcpy(copy, bytes, size);
      for (int j = 0; j < 4; ++j) {
        copy[(size_t)((tap_noise(&seed) + 1.0F) * 50.0F) % size] =
            (char)(tap_noise(&seed) * 127.0F);
      }
      FILE* const damaged = fopen(path_in(folder, "damaged"), "wb");
      fwrite(copy, 1U, size, damaged);
      fclose(damaged);
      free(copy);

      PinnaAudioReader* reader = NULL;
      PinnaError        error = {""};
      if (!pinna_audio_reader_open(&reader, path_in(folder, "damaged"), 0.0, &error)) {
        ++n_opened;
        for (int blocks = 0; pinna_audio_reader_n_channels(reader) <= 64U && blocks < 40 &&
                             pinna_audio_reader_read(reader, out, 1000U) == 1000U;
             ++blocks) {
        }
        pinna_audio_reader_close(reader);
      } else if (!error.text[0]) {
        tap_ok(false, "a refusal without a word");
      }
    }
    free(bytes);
  }
  tap_ok(true, "%u damaged files, %u of them readable", rounds * 7U, n_opened);
  for (int c = 0; c < 64; ++c) {
    free(out[c]);
  }
}

typedef struct {
  const char* path;
  int         fd;
} Feeder;

static void*
feed(void* const handle) {
  const Feeder* const feeder = handle;
  FILE* const         file = fopen(feeder->path, "rb");
  char                bytes[700];
  size_t              n;
  while ((n = fread(bytes, 1U, sizeof(bytes), file)) > 0U) {
    if (write(feeder->fd, bytes, n) < 0) {
      break;
    }
  }
  fclose(file);
  close(feeder->fd);
  return NULL;
}

/// What a pipe delivers must be what the file holds
static void
test_pipe_input(const char* const name, const float* const expected, const double tolerance) {
  int          ends[2];
  pthread_t    thread;
  float* const left = calloc(2U * N, sizeof(float));
  float* const right = calloc(2U * N, sizeof(float));
  const int    keep = dup(STDIN_FILENO);
  if (pipe(ends)) {
    exit(1);
  }
  Feeder feeder = {path_in(folder, name), ends[1]};
  dup2(ends[0], STDIN_FILENO);
  close(ends[0]);
  pthread_create(&thread, NULL, feed, &feeder);
  tap_int(read_file("-", 0.0, left, right, 2U * N, 600U), N, "%s through a pipe: frames", name);
  if (expected) {
    tap_all_near(left, expected, N, tolerance, "%s through a pipe: samples", name);
  }
  close(STDIN_FILENO);
  pthread_join(thread, NULL);
  dup2(keep, STDIN_FILENO);
  close(keep);
  free(left), free(right);
}

/// What is written into a pipe, read back by sox where there is one
static void
test_pipe_output(const char* const format, const float* const* const x, const uint64_t promised,
                 const double tolerance) {
  const int keep = dup(STDOUT_FILENO);
  char      command[600];
  char      name[64];
  snprintf(name, sizeof(name), "piped-%s-%u", format, (unsigned)promised);
  const char* const path = path_in(folder, name);
  snprintf(command, sizeof(command), "cat >'%s'", path);
  fflush(stdout);
  FILE* const cat = popen(command, "w");
  dup2(fileno(cat), STDOUT_FILENO);
  write_file("-", format, NULL, x, 2U, promised);
  dup2(keep, STDOUT_FILENO);
  close(keep);
  pclose(cat);

  float* const left = calloc(2U * N, sizeof(float));
  float* const right = calloc(2U * N, sizeof(float));
  tap_int(read_file(path, 0.0, left, right, 2U * N, 64U), N, "%s into a pipe: frames", name);
  tap_all_near(right, x[1], N, tolerance, "%s into a pipe: samples", name);
  free(left), free(right);

  snprintf(command, sizeof(command),
           "sox -t %s '%s' -t f32 -c 2 - 2>/dev/null | wc -c | grep -qx %u", format, path, N * 8U);
  if (system("command -v sox >/dev/null")) {
    tap_skip("no sox", "%s", name);
  } else {
    tap_int(system(command), 0, "sox reads all frames of %s", name);
  }
}

int
main(void) {
  if (!make_folder(folder)) {
    tap_skip_all("no temporary folder");
  }

  unsigned     seed = (unsigned)getpid();
  float* const left = malloc(N * sizeof(float));
  float* const right = malloc(N * sizeof(float));
  for (uint32_t i = 0U; i < N; ++i) {
    left[i] = tap_noise(&seed) * 0.99F;
    right[i] = tap_noise(&seed) * 0.99F;
  }
  const float* const x[] = {left, right};
  test_formats(x);
  test_resampling();
  test_long(x);
  test_faults(x);
  test_pipe_input("a.wav", left, 0.0);
  test_pipe_input("b.wav", left, 0.6 / 32768);
  test_pipe_input("e.flac", left, 0.6 / 8388608);
  test_pipe_input("g.aiff", left, 0.0);
  test_pipe_input("h.au", left, 0.0);
  test_pipe_input("i.w64", left, 0.0);
  test_pipe_input("j.rf64", left, 0.0);
  test_pipe_input("k.caf", left, 0.0);
  test_pipe_input("n.ogg", NULL, 0.0);
  test_pipe_output("wav", x, N, 0.0);
  test_pipe_output("wav", x, 0U, 0.0);
  test_pipe_output("au", x, N, 0.0);
  test_pipe_output("flac", x, N, 0.6 / 8388608);
  test_pipe_output("w64", x, N, 0.0);
  test_pipe_input("piped-wav-0", left, 0.0);
  test_fuzz();

  pinna_paths_remove(folder);
  free(left), free(right);
  return tap_done();
}
