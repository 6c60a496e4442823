// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/audio_file.h"

#include "host/audio_format.h"
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

// Writing: libsndfile, with a header of our own where a pipe cannot be rewound

#define CHUNK 4096U

/// Fewer frames than this wait for more: a system call costs more than a short block
#define WORTHWHILE 512U

/// Largest sound in a plain WAV file, whose sizes are 32-bit numbers
#define WAV_MOST 0xFFF00000ULL

struct PinnaAudioWriterImpl {
  SNDFILE*    file;
  SF_INFO     info;
  float*      chunk;       ///< Interleaved [CHUNK x n_channels]
  int*        integers;    ///< The same for integer encodings
  uint32_t    n_collected; ///< Frames in the chunk
  int         spooled;     ///< Temporary file to copy to `target` at the end, or -1
  int         target;
  char*       path;
  const char* name;
};

static void
put16(uint8_t* const at, const uint32_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8U);
}

static void
put32(uint8_t* const at, const uint32_t value) {
  put16(at, value);
  put16(at + 2, value >> 16U);
}

static uint32_t
sample_bytes(const int format) {
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_PCM_U8:
  case SF_FORMAT_ALAW:
  case SF_FORMAT_ULAW:
    return 1U;
  case SF_FORMAT_PCM_16:
    return 2U;
  case SF_FORMAT_PCM_24:
    return 3U;
  case SF_FORMAT_DOUBLE:
    return 8U;
  default:
    return 4U;
  }
}

static uint32_t
wav_tag(const int format) {
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_FLOAT:
  case SF_FORMAT_DOUBLE:
    return 3U;
  case SF_FORMAT_ALAW:
    return 6U;
  case SF_FORMAT_ULAW:
    return 7U;
  default:
    return 1U;
  }
}

/// A WAV header for a pipe: right if the length is known, else "until the pipe ends"
static bool
write_wav_header(const int fd, const SF_INFO* const info, const uint64_t n_frames) {
  uint8_t        head[58] = "RIFF....WAVEfmt ";
  const uint32_t bytes = sample_bytes(info->format);
  const uint32_t frame = bytes * (uint32_t)info->channels;
  const uint64_t size = n_frames * frame;
  const bool     known = n_frames && size <= WAV_MOST;
  put32(head + 4, known ? (uint32_t)(size + (size & 1U) + sizeof(head) - 8U) : UINT32_MAX);
  put32(head + 16, 18U);
  put16(head + 20, wav_tag(info->format));
  put16(head + 22, (uint32_t)info->channels);
  put32(head + 24, (uint32_t)info->samplerate);
  put32(head + 28, (uint32_t)info->samplerate * frame);
  put16(head + 32, frame);
  put16(head + 34, bytes * 8U);
  memcpy(head + 38, "fact", 4U);
  put32(head + 42, 4U);
  put32(head + 46, known ? (uint32_t)n_frames : UINT32_MAX);
  memcpy(head + 50, "data", 4U);
  put32(head + 54, known ? (uint32_t)size : UINT32_MAX);
  return pinna_spool_write(fd, head, sizeof(head));
}

static bool
is_container(const SF_INFO* const info, const int container) {
  return (info->format & SF_FORMAT_TYPEMASK) == container;
}

static void
set_container(SF_INFO* const info, const int container) {
  info->format = container | (info->format & SF_FORMAT_SUBMASK);
}

static PinnaStatus
refuse(const PinnaAudioWriter* const writer, PinnaError* const error, const char* const what,
       const char* const why) {
  return pinna_fail(error, PINNA_STATUS_IO, "Cannot %s '%s': %s", what, writer->name, why);
}

/// Give libsndfile something it can write to, or write the header of a pipe ourselves
static PinnaStatus
prepare_pipe(PinnaAudioWriter* const writer, int* const fd, const uint64_t n_frames,
             PinnaError* const error) {
  SF_INFO* const info = &writer->info;
  if (is_container(info, SF_FORMAT_WAV) || is_container(info, SF_FORMAT_WAVEX)) {
    if (!write_wav_header(*fd, info, n_frames)) {
      return refuse(writer, error, "write to", strerror(errno));
    }
    set_container(info, SF_FORMAT_RAW);
    info->format |= SF_ENDIAN_LITTLE;
  } else if (!is_container(info, SF_FORMAT_RAW) && !is_container(info, SF_FORMAT_AU) &&
             !is_container(info, SF_FORMAT_OGG)) {
    writer->target = *fd;
    *fd = writer->spooled = pinna_spool_file();
    if (*fd < 0) {
      return refuse(writer, error, "make a temporary file for", strerror(errno));
    }
  }

  return PINNA_STATUS_OK;
}

static PinnaStatus
open_target(PinnaAudioWriter* const writer, const uint64_t n_frames, PinnaError* const error) {
  const bool standard = !strcmp(writer->path, "-");
  int        fd = standard ? dup(STDOUT_FILENO)
                           : open(writer->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    return refuse(writer, error, "write", strerror(errno));
  }

  SF_INFO* const info = &writer->info;
  const uint64_t size = n_frames * sample_bytes(info->format) * (uint64_t)info->channels;
  bool           downgrade = false;
  if (pinna_spool_needed(fd)) {
    const PinnaStatus status = prepare_pipe(writer, &fd, n_frames, error);
    if (status) {
      close(fd);
      return status;
    }
  } else if (is_container(info, SF_FORMAT_WAV) && (!n_frames || size > WAV_MOST)) {
    set_container(info, SF_FORMAT_RF64);
    downgrade = true;
  }

  const bool keep = writer->spooled >= 0;
  writer->file = sf_open_fd(fd, SFM_WRITE, info, !keep);
  if (!writer->file) {
    return refuse(writer, error, "write", sf_strerror(NULL));
  }

  // The PEAK chunk holds the time of day: without it equal sound makes equal files
  sf_command(writer->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  sf_command(writer->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  sf_command(writer->file, SFC_RF64_AUTO_DOWNGRADE, NULL, downgrade ? SF_TRUE : SF_FALSE);
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_audio_writer_open(PinnaAudioWriter** const result, const PinnaAudioWriterConfig* const config,
                        PinnaError* const error) {
  *result = NULL;
  if (config->n_channels < 1U || config->n_channels > 1024U || !(config->sample_rate >= 1.0) ||
      config->sample_rate > 1e9) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "Cannot write %u channels at %g Hz to '%s'",
                      config->n_channels, config->sample_rate, config->path);
  }

  PinnaAudioWriter* const writer = (PinnaAudioWriter*)calloc(1U, sizeof(PinnaAudioWriter));
  if (!writer) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory to write '%s'", config->path);
  }

  writer->spooled = -1;
  writer->target = -1;
  writer->info.samplerate = (int)lrint(config->sample_rate);
  writer->info.channels = (int)config->n_channels;
  writer->path = strdup(config->path);
  writer->chunk = (float*)calloc((size_t)CHUNK * config->n_channels, sizeof(float));
  writer->integers = (int*)calloc((size_t)CHUNK * config->n_channels, sizeof(int));
  PinnaStatus status =
      writer->path && writer->chunk && writer->integers ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  if (!status) {
    writer->name = strcmp(config->path, "-") ? writer->path : "standard output";
    status =
        pinna_audio_format(&writer->info, config->path, config->format, config->subformat, error);
  }
  if (!status) {
    status = open_target(writer, config->n_frames, error);
  }
  if (status) {
    pinna_audio_writer_close(writer, error);
    return pinna_fail(error, status, "No memory to write '%s'", config->path);
  }

  *result = writer;
  return PINNA_STATUS_OK;
}

/// Bits of an integer encoding, 0 for the others
static unsigned
integer_bits(const int format) {
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_PCM_S8:
  case SF_FORMAT_PCM_U8:
    return 8U;
  case SF_FORMAT_PCM_16:
  case SF_FORMAT_ALAC_16:
    return 16U;
  case SF_FORMAT_PCM_24:
  case SF_FORMAT_ALAC_24:
    return 24U;
  case SF_FORMAT_PCM_32:
    return 32U;
  default:
    return 0U;
  }
}

/// Round to the nearest step and clip; libsndfile's own clipping rounds down
static int32_t
quantise(const float x, const unsigned bits) {
  const double  scale = (double)(1ULL << (bits - 1U));
  const double  value = rint((double)x * scale);
  const int64_t clipped = (int64_t)(value < -scale        ? -scale
                                    : value > scale - 1.0 ? scale - 1.0
                                                          : value);
  return (int32_t)(clipped * (1LL << (32U - bits)));
}

/// Interleave into the chunk behind what is there
static void
collect(PinnaAudioWriter* const writer, const float* const* const in, const uint32_t at,
        const uint32_t n) {
  const uint32_t n_channels = (uint32_t)writer->info.channels;
  const unsigned bits = integer_bits(writer->info.format);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (uint32_t i = 0U; i < n; ++i) {
      const float  x = in[c][at + i];
      const size_t k = ((size_t)writer->n_collected + i) * n_channels + c;
      if (bits) {
        writer->integers[k] = quantise(x, bits);
      } else {
        writer->chunk[k] = x;
      }
    }
  }

  writer->n_collected += n;
}

static PinnaStatus
flush(PinnaAudioWriter* const writer, PinnaError* const error) {
  const sf_count_t n = writer->n_collected;
  writer->n_collected = 0U;
  errno = 0;
  const sf_count_t written = integer_bits(writer->info.format)
                                 ? sf_writef_int(writer->file, writer->integers, n)
                                 : sf_writef_float(writer->file, writer->chunk, n);
  return written == n ? PINNA_STATUS_OK
                      : refuse(writer, error, "write to",
                               errno ? strerror(errno) : sf_strerror(writer->file));
}

PinnaStatus
pinna_audio_writer_write(PinnaAudioWriter* const writer, const float* const* const in,
                         const uint32_t n_frames, PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  for (uint32_t at = 0U; at < n_frames && !status;) {
    const uint32_t room = CHUNK - writer->n_collected;
    const uint32_t n = n_frames - at < room ? n_frames - at : room;
    collect(writer, in, at, n);
    at += n;
    if (writer->n_collected >= WORTHWHILE) {
      status = flush(writer, error);
    }
  }

  return status;
}

PinnaStatus
pinna_audio_writer_close(PinnaAudioWriter* const writer, PinnaError* const error) {
  if (!writer) {
    return PINNA_STATUS_OK;
  }

  PinnaStatus status = writer->file ? flush(writer, error) : PINNA_STATUS_OK;
  errno = 0;
  if (writer->file && sf_close(writer->file)) {
    status = refuse(writer, error, "complete", errno ? strerror(errno) : "the disk may be full");
  }
  if (writer->spooled >= 0) {
    if (!status && writer->file &&
        (lseek(writer->spooled, 0, SEEK_SET) ||
         !pinna_spool_copy(writer->spooled, writer->target))) {
      status = refuse(writer, error, "write to", strerror(errno));
    }
    close(writer->spooled);
    close(writer->target);
  }

  free(writer->chunk);
  free(writer->integers);
  free(writer->path);
  free(writer);
  return status;
}

bool
pinna_audio_same_file(const char* const a, const char* const b) {
  struct stat x;
  struct stat y;
  return strcmp(a, "-") && strcmp(b, "-") && !stat(a, &x) && !stat(b, &y) && S_ISREG(x.st_mode) &&
         x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}
