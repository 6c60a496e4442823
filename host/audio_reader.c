// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/audio_file.h"

#include "host/file_rate.h"
#include "host/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Reading: libsndfile in chunks of a fixed size, resampled, handed out in any size

#define CHUNK 4096U

struct PinnaAudioReaderImpl {
  SNDFILE*       file;
  SF_INFO        info;
  PinnaFileRate* rate; ///< NULL at the file's own rate
  double         sample_rate;
  bool           piped;
  bool           input_ended;
  bool           flushed;     ///< The resampler has given its rest
  uint64_t       n_read;      ///< Frames taken from the file
  uint64_t       n_delivered; ///< Frames put into `ready`, at the output rate

  float*   chunk; ///< Interleaved, from the file
  uint32_t n_chunk;
  float*   ready; ///< Interleaved, at the output rate
  uint32_t n_ready;
  uint32_t ready_at;
  uint32_t ready_size; ///< Frames of room

  const char* name;
  char*       path;
  char        warning[512];
};

static PinnaStatus
no_sound_file(PinnaError* const error, const char* const name, SNDFILE* const file) {
  return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                    "'%s' is not a sound file that can be read (%s): give a WAV, FLAC, AIFF, OGG, "
                    "MP3, AU, CAF, W64 or RF64 file",
                    name, sf_strerror(file));
}

/// A descriptor that libsndfile can read from: pipes of formats that need seeking become files
static PinnaStatus
open_descriptor(const char* const path, bool* const piped, int* const fd, PinnaError* const error) {
  struct stat entry;
  const bool  standard = !strcmp(path, "-");
  const char* name = standard ? "standard input" : path;
  *fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
  if (*fd < 0 || fstat(*fd, &entry)) {
    const int code = errno;
    return pinna_fail(error, code == ENOENT ? PINNA_STATUS_NOT_FOUND : PINNA_STATUS_IO,
                      "Cannot open '%s': %s", name, strerror(code));
  }
  if (S_ISDIR(entry.st_mode)) {
    close(*fd);
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "'%s' is a folder: name a sound file in it",
                      name);
  }

  *piped = pinna_spool_needed(*fd);
  if (!*piped) {
    return PINNA_STATUS_OK;
  }

  char           head[4] = {0};
  const uint32_t n = pinna_spool_peek(*fd, head, sizeof(head));
  const bool     streams =
      n == sizeof(head) && (!memcmp(head, "RIFF", 4U) || !memcmp(head, ".snd", 4U) ||
                            !memcmp(head, "FORM", 4U) || !memcmp(head, "OggS", 4U));
  if (!streams) {
    const int  file = pinna_spool_file();
    const bool copied = file >= 0 && pinna_spool_copy(*fd, file) && !lseek(file, 0, SEEK_SET);
    const int  code = errno;
    close(*fd);
    *fd = file;
    *piped = false;
    if (!copied) {
      return pinna_fail(error, PINNA_STATUS_IO, "Cannot copy %s to a temporary file: %s", name,
                        strerror(code));
    }
  }
  return PINNA_STATUS_OK;
}

/// libsndfile repairs sizes in silence, but writes "data : 384000 (should be 99920)" into its log
static void
look_for_truncation(PinnaAudioReader* const reader) {
  char log[16384] = {0};
  sf_command(reader->file, SFC_GET_LOG_INFO, log, sizeof(log));
  const char* const data = strstr(log, "\ndata : ");
  unsigned long     claimed = 0U;
  unsigned long     actual = 0U;
  if (data && sscanf(data, "\ndata : %lu (should be %lu)", &claimed, &actual) == 2 &&
      claimed > actual && claimed < 0x7FFFF000U) {
    snprintf(reader->warning, sizeof(reader->warning),
             "'%s' is truncated: its header promises %lu bytes of sound, %lu are there; using them",
             reader->name, claimed, actual);
  }
}

static PinnaStatus
init_resampler(PinnaAudioReader* const reader, const double sample_rate, PinnaError* const error) {
  const double own = reader->info.samplerate;
  reader->sample_rate = sample_rate > 0.0 ? round(sample_rate) : own;
  return reader->sample_rate == own
             ? PINNA_STATUS_OK
             : pinna_file_rate_new(&reader->rate, (uint32_t)reader->info.channels,
                                   (uint32_t)reader->info.samplerate, (uint32_t)reader->sample_rate,
                                   CHUNK, error);
}

static PinnaStatus
init_reader(PinnaAudioReader* const reader, const int fd, const double sample_rate,
            PinnaError* const error) {
  reader->file = sf_open_fd(fd, SFM_READ, &reader->info, SF_TRUE);
  if (!reader->file) {
    return no_sound_file(error, reader->name, NULL);
  }
  if (reader->info.channels < 1 || reader->info.channels > 1024 || reader->info.samplerate < 1) {
    return no_sound_file(error, reader->name, reader->file);
  }

  look_for_truncation(reader);
  if (!reader->piped && reader->info.frames <= 0) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                      "'%s' has no sound in it (0 frames): record or export it again",
                      reader->name);
  }

  const PinnaStatus status = init_resampler(reader, sample_rate, error);
  if (status) {
    return status;
  }

  const size_t n_channels = (size_t)reader->info.channels;
  reader->ready_size = reader->rate ? pinna_file_rate_max_out(reader->rate) : CHUNK;
  reader->chunk = (float*)calloc(CHUNK * n_channels, sizeof(float));
  reader->ready = (float*)calloc(reader->ready_size * n_channels, sizeof(float));
  return reader->chunk && reader->ready
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory to read '%s'", reader->name);
}

PinnaStatus
pinna_audio_reader_open(PinnaAudioReader** const result, const char* const path,
                        const double sample_rate, PinnaError* const error) {
  *result = NULL;
  PinnaAudioReader* const reader = (PinnaAudioReader*)calloc(1U, sizeof(PinnaAudioReader));
  if (!reader || !(reader->path = strdup(path))) {
    free(reader);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory to read '%s'", path);
  }

  int fd = -1;
  reader->name = strcmp(path, "-") ? reader->path : "standard input";
  PinnaStatus status = open_descriptor(path, &reader->piped, &fd, error);
  if (!status) {
    status = init_reader(reader, fd, sample_rate, error);
  }
  if (status) {
    pinna_audio_reader_close(reader);
    return status;
  }

  *result = reader;
  return PINNA_STATUS_OK;
}

void
pinna_audio_reader_close(PinnaAudioReader* const reader) {
  if (reader) {
    if (reader->file) {
      sf_close(reader->file);
    }
    pinna_file_rate_free(reader->rate);
    free(reader->chunk);
    free(reader->ready);
    free(reader->path);
    free(reader);
  }
}

uint32_t
pinna_audio_reader_n_channels(const PinnaAudioReader* const reader) {
  return (uint32_t)reader->info.channels;
}

double
pinna_audio_reader_sample_rate(const PinnaAudioReader* const reader) {
  return reader->sample_rate;
}

static uint64_t
resampled_length(const PinnaAudioReader* const reader, const uint64_t n_frames) {
  return reader->rate ? pinna_file_rate_length(reader->rate, n_frames) : n_frames;
}

uint64_t
pinna_audio_reader_length(const PinnaAudioReader* const reader) {
  return reader->piped ? 0U : resampled_length(reader, (uint64_t)reader->info.frames);
}

const char*
pinna_audio_reader_warning(const PinnaAudioReader* const reader) {
  return reader->warning[0] ? reader->warning : NULL;
}

static void
note_end(PinnaAudioReader* const reader) {
  reader->input_ended = true;
  const double seconds = (double)reader->n_read / reader->info.samplerate;
  // A pipe's header may claim any length ("until it ends"), so that only plausible claims count
  const uint64_t claimed = (uint64_t)reader->info.frames;
  const bool     short_of =
      reader->n_read < claimed &&
      (!reader->piped || ((double)claimed + 1.0) * 8.0 * reader->info.channels <= 0x7FFFF000U);
  if (!reader->warning[0] && (sf_error(reader->file) || short_of)) {
    snprintf(reader->warning, sizeof(reader->warning),
             "'%s' is damaged or truncated after %.3f s (%s); using what came before", reader->name,
             seconds, sf_error(reader->file) ? sf_strerror(reader->file) : "it ends too early");
  }
}

static void
read_chunk(PinnaAudioReader* const reader) {
  uint32_t n = 0U;
  while (n < CHUNK && !reader->input_ended) {
    const sf_count_t got = sf_readf_float(
        reader->file, reader->chunk + (size_t)n * (size_t)reader->info.channels, CHUNK - n);
    if (got <= 0) {
      note_end(reader);
    } else {
      n += (uint32_t)got;
      reader->n_read += (uint64_t)got;
    }
  }

  reader->n_chunk = n;
}

/// Feed the resampler until it gives something or its rest is given
static void
resample(PinnaAudioReader* const reader) {
  while (!reader->n_ready && !reader->flushed) {
    if (!reader->input_ended) {
      read_chunk(reader);
      reader->n_ready =
          pinna_file_rate_run(reader->rate, reader->chunk, reader->n_chunk, reader->ready);
    } else {
      reader->flushed = true;
      reader->n_ready = pinna_file_rate_run(reader->rate, NULL, 0U, reader->ready);
    }
  }

  const uint64_t left = resampled_length(reader, reader->n_read) - reader->n_delivered;
  if (reader->input_ended && left < reader->n_ready) {
    reader->n_ready = (uint32_t)left;
  }
  reader->n_delivered += reader->n_ready;
}

static void
refill(PinnaAudioReader* const reader) {
  reader->ready_at = 0U;
  reader->n_ready = 0U;
  if (reader->rate) {
    resample(reader);
  } else if (!reader->input_ended) {
    read_chunk(reader);
    memcpy(reader->ready, reader->chunk,
           reader->n_chunk * (size_t)reader->info.channels * sizeof(float));
    reader->n_ready = reader->n_chunk;
  }
}

uint32_t
pinna_audio_reader_read(PinnaAudioReader* const reader, float* const* const out,
                        const uint32_t n_frames) {
  const uint32_t n_channels = (uint32_t)reader->info.channels;
  uint32_t       done = 0U;
  while (done < n_frames) {
    if (reader->ready_at == reader->n_ready) {
      refill(reader);
      if (!reader->n_ready) {
        break;
      }
    }

    const uint32_t left = reader->n_ready - reader->ready_at;
    const uint32_t n = n_frames - done < left ? n_frames - done : left;
    const float*   source = reader->ready + (size_t)reader->ready_at * n_channels;
    for (uint32_t c = 0U; c < n_channels; ++c) {
      for (uint32_t i = 0U; i < n; ++i) {
        out[c][done + i] = source[(size_t)i * n_channels + c];
      }
    }
    reader->ready_at += n;
    done += n;
  }

  return done;
}
