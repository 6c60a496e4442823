// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/feature_sink.h"

#include "cli/kaldi_ark.h"
#include "cli/npy.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Names files and writes them

static const char* const endings[] = {[CLI_FORMAT_NPY] = "npy",
                                      [CLI_FORMAT_CSV] = "csv",
                                      [CLI_FORMAT_ARK] = "ark",
                                      [CLI_FORMAT_PNG] = "png"};

enum { N_FORMATS = sizeof(endings) / sizeof(endings[0]) };

static PinnaStatus
io_failed(PinnaError* const error, const char* const path) {
  return pinna_fail(error, PINNA_STATUS_IO, "%s: %s", path, strerror(errno));
}

static bool
is_folder(const char* const path) {
  struct stat info;
  return !stat(path, &info) && S_ISDIR(info.st_mode);
}

/// mkdir -p
static PinnaStatus
make_folder(const char* const path, PinnaError* const error) {
  char         part[4096];
  const size_t n = strlen(path);
  if (n >= sizeof(part)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "the name of the folder is too long");
  }
  for (size_t i = 1U; i <= n; ++i) {
    if (path[i] == '/' || !path[i]) {
      memcpy(part, path, i);
      part[i] = '\0';
      if (mkdir(part, 0777) && errno != EEXIST) {
        return io_failed(error, part);
      }
    }
  }
  return is_folder(path) ? PINNA_STATUS_OK
                         : pinna_fail(error, PINNA_STATUS_IO, "%s is not a folder", path);
}

static PinnaStatus
choose_format(CliSink* const sink, const char* const name, PinnaError* const error) {
  const char* const dot = strrchr(sink->out, '.');
  const char* const ending = name ? name : dot && !strchr(dot, '/') ? dot + 1 : "";
  for (int i = 0; i < N_FORMATS; ++i) {
    if (!strcmp(ending, endings[i])) {
      sink->format = (CliFormat)i;
      sink->is_one = dot && !strcmp(dot + 1, endings[i]) && !is_folder(sink->out);
      return PINNA_STATUS_OK;
    }
  }
  return name ? pinna_fail(error, PINNA_STATUS_BAD_ARG,
                           "there is no format '%s': npy, csv, ark or png", name)
              : PINNA_STATUS_OK;
}

static PinnaStatus
open_archive(CliSink* const sink, const unsigned shard, const unsigned n_shards,
             PinnaError* const error) {
  char scp_path[sizeof(sink->ark_path)];
  char number[16] = "";
  if (!strcmp(sink->out, "-")) {
    sink->ark = stdout;
    return PINNA_STATUS_OK;
  }
  if (n_shards > 1U) {
    snprintf(number, sizeof(number), ".%u", shard);
  }
  const int         stem = sink->is_one ? (int)(strlen(sink->out) - 4U) : (int)strlen(sink->out);
  const char* const name = sink->is_one ? "" : "/feats";
  const int n = snprintf(scp_path, sizeof(scp_path), "%.*s%s%s.scp", stem, sink->out, name, number);
  if (n < 0 || (size_t)n >= sizeof(scp_path)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "the name of the archive is too long");
  }
  memcpy(sink->ark_path, scp_path, (size_t)n + 1U);
  memcpy(sink->ark_path + n - 3, "ark", 3U);
  sink->ark = fopen(sink->ark_path, "wb");
  sink->scp = sink->ark ? fopen(scp_path, "w") : NULL;
  return sink->scp ? PINNA_STATUS_OK : io_failed(error, sink->ark ? scp_path : sink->ark_path);
}

PinnaStatus
cli_sink_open(CliSink* const sink, const char* const out, const char* const format,
              const size_t n_inputs, const unsigned shard, const unsigned n_shards,
              PinnaError* const error) {
  *sink = (CliSink){.out = out ? out : "."};
  PinnaStatus status = choose_format(sink, format, error);
  if (status) {
    return status;
  }
  const bool is_stdout = !strcmp(sink->out, "-");
  if (is_stdout && sink->format == CLI_FORMAT_PNG) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "a picture needs a file: --out NAME.png");
  }
  if (sink->format != CLI_FORMAT_ARK && n_inputs > 1U && (sink->is_one || is_stdout)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "--out %s is one file, but there are %zu recordings: name a folder",
                      sink->out, n_inputs);
  }
  status = sink->is_one || is_stdout ? PINNA_STATUS_OK : make_folder(sink->out, error);
  return !status && sink->format == CLI_FORMAT_ARK ? open_archive(sink, shard, n_shards, error)
                                                   : status;
}

PinnaStatus
cli_sink_path(const CliSink* const sink, const char* const id, char* const path, const size_t size,
              PinnaError* const error) {
  if (sink->is_one || !strcmp(sink->out, "-")) {
    snprintf(path, size, "%s", sink->out);
    return PINNA_STATUS_OK;
  }
  if (strchr(id, '/') || !strcmp(id, ".") || !strcmp(id, "..") || !*id) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "'%s' cannot be the name of a file", id);
  }
  const int n = snprintf(path, size, "%s/%s.%s", sink->out, id, endings[sink->format]);
  return n > 0 && (size_t)n < size
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_ARG, "the name '%s' is too long", id);
}

static PinnaStatus
write_csv(FILE* const out, const CliMatrix* const matrix, const CliFeatureInfo* const info) {
  fputs("time", out);
  for (uint32_t c = 0U; c < matrix->n_cols; ++c) {
    if (c < CLI_FEATURE_MAX_CURVES && info->columns[c]) {
      fprintf(out, ",%s", info->columns[c]);
    } else {
      fprintf(out, ",%" PRIu32, c);
    }
  }
  fputc('\n', out);
  for (uint32_t r = 0U; r < matrix->n_rows; ++r) {
    fprintf(out, "%.9g", info->first_seconds + r * info->frame_seconds);
    for (uint32_t c = 0U; c < matrix->n_cols; ++c) {
      fprintf(out, ",%.9g", (double)matrix->values[(size_t)r * matrix->n_cols + c]);
    }
    fputc('\n', out);
  }
  return ferror(out) ? PINNA_STATUS_IO : PINNA_STATUS_OK;
}

static PinnaStatus
write_stream(FILE* const out, const CliFormat format, const CliMatrix* const matrix,
             const CliFeatureInfo* const info) {
  return format == CLI_FORMAT_CSV ? write_csv(out, matrix, info)
                                  : cli_npy_write(out, matrix, !info->row_major);
}

static PinnaStatus
write_file(const CliSink* const sink, const char* const path, const CliMatrix* const matrix,
           const CliFeatureInfo* const info, const CliPictureOptions* const picture,
           PinnaError* const error) {
  char part[4096 + 32];
  snprintf(part, sizeof(part), "%s.part-%ld", path, (long)getpid());
  PinnaStatus status = PINNA_STATUS_OK;
  if (sink->format == CLI_FORMAT_PNG) {
    status = cli_picture_write(part, matrix, info, picture, error);
  } else {
    FILE* const out = fopen(part, "wb");
    if (!out) {
      return io_failed(error, path);
    }
    status = write_stream(out, sink->format, matrix, info);
    if (fclose(out) || status) {
      status = io_failed(error, path);
    }
  }
  if (!status && rename(part, path)) {
    status = io_failed(error, path);
  }
  if (status) {
    unlink(part);
  }
  return status;
}

static PinnaStatus
append_to_archive(CliSink* const sink, const char* const id, const CliMatrix* const matrix,
                  PinnaError* const error) {
  uint64_t          offset = 0U;
  const PinnaStatus status = cli_ark_write(sink->ark, id, matrix, &offset);
  if (status == PINNA_STATUS_BAD_ARG) {
    return pinna_fail(error, status, "'%s' cannot be a name in a Kaldi archive", id);
  }
  // Standard output has no offsets, and its "not seekable" is no failure
  if (status && sink->scp) {
    return io_failed(error, sink->ark_path);
  }
  if (sink->scp) {
    fprintf(sink->scp, "%s %s:%" PRIu64 "\n", id, sink->ark_path, offset);
  }
  return ferror(sink->ark) ? io_failed(error, "standard output") : PINNA_STATUS_OK;
}

PinnaStatus
cli_sink_write(CliSink* const sink, const char* const id, const CliMatrix* const matrix,
               const CliFeatureInfo* const info, const CliPictureOptions* const picture,
               PinnaError* const error) {
  if (sink->format == CLI_FORMAT_ARK) {
    return append_to_archive(sink, id, matrix, error);
  }
  char              path[4096];
  const PinnaStatus status = cli_sink_path(sink, id, path, sizeof(path), error);
  if (status) {
    return status;
  }
  if (!strcmp(path, "-")) {
    const PinnaStatus written = write_stream(stdout, sink->format, matrix, info);
    return written || fflush(stdout) ? io_failed(error, "standard output") : PINNA_STATUS_OK;
  }
  return write_file(sink, path, matrix, info, picture, error);
}

/// @return true: not all could be written
static bool
close_stream(FILE* const stream) {
  return stream && (stream == stdout ? fflush(stream) : fclose(stream));
}

PinnaStatus
cli_sink_close(CliSink* const sink, PinnaError* const error) {
  const bool is_ark_bad = close_stream(sink->ark);
  const bool is_scp_bad = close_stream(sink->scp);
  sink->ark = sink->scp = NULL;
  return is_ark_bad || is_scp_bad ? io_failed(error, sink->ark_path) : PINNA_STATUS_OK;
}
