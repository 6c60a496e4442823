// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/dataset_impl.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

// The tables that datasets come with: who says what in which file

static PinnaSpan
span(const char* const text) {
  return (PinnaSpan){text, strlen(text)};
}

/// The text up to a separator, which is taken off with it; all of it if there is none
static PinnaSpan
take_field(PinnaSpan* const line, const char separator) {
  const char* const at = line->n ? (const char*)memchr(line->p, separator, line->n) : NULL;
  const PinnaSpan   field = {line->p, at ? (size_t)(at - line->p) : line->n};
  const size_t      n = field.n + (at ? 1U : 0U);
  *line = (PinnaSpan){line->p + n, line->n - n};
  return field;
}

static PinnaStatus
bad_line(const PinnaDatasetPlace* const place, const PinnaLines* const lines,
         const char* const what) {
  return pinna_fail(place->error, PINNA_STATUS_BAD_FILE, "%s, line %u: %s", place->name,
                    (unsigned)lines->number, what);
}

/// Names in tables must not lead out of the dataset
static bool
is_safe(const PinnaSpan name) {
  for (size_t i = 0U; i < name.n; ++i) {
    if (name.p[i] == '\0' || (name.p[i] == '.' && i + 1U < name.n && name.p[i + 1U] == '.')) {
      return false;
    }
  }
  return name.n && name.n < 512U && name.p[0] != '/';
}

/// LibriSpeech: "SPEAKER-CHAPTER-NUMBER TEXT"
PinnaStatus
pinna_dataset_read_trans(PinnaDataset* const d, const PinnaDatasetPlace* const place,
                         const char* const data, const size_t size) {
  PinnaLines  lines = {data, data + size, 0U};
  PinnaSpan   line;
  PinnaStatus status = PINNA_STATUS_OK;
  while (!status && pinna_lines_next(&lines, &line)) {
    PinnaSpan       rest = line;
    const PinnaSpan id = take_field(&rest, ' ');
    PinnaSpan       left = id;
    char            file[640];
    if (!line.n) {
      continue;
    }
    if (!is_safe(id) || !rest.n) {
      return bad_line(place, &lines, "expected SPEAKER-CHAPTER-NUMBER TEXT");
    }
    const int n = snprintf(file, sizeof(file), "%.*s.flac", (int)id.n, id.p);
    status = pinna_dataset_add(d, place->folder, (PinnaSpan){file, (size_t)n}, id, rest,
                               take_field(&left, '-'));
  }
  return status;
}

/// LJ Speech: "ID|TEXT|NORMALIZED TEXT"; the last is what is said
PinnaStatus
pinna_dataset_read_metadata(PinnaDataset* const d, const PinnaDatasetPlace* const place,
                            const char* const data, const size_t size) {
  static const char* const forms[] = {"%s/wavs/%.*s.wav", "%s/wavs/%.*s.flac", "%s/%.*s.wav",
                                      "%s/%.*s.flac"};
  PinnaLines               lines = {data, data + size, 0U};
  PinnaSpan                line;
  PinnaStatus              status = PINNA_STATUS_OK;
  while (!status && pinna_lines_next(&lines, &line)) {
    char            path[4800];
    const PinnaSpan id = take_field(&line, '|');
    const PinnaSpan text = take_field(&line, '|');
    if (!id.n) {
      continue;
    }
    if (!is_safe(id) || !text.n || strlen(place->folder) > 4096U) {
      return bad_line(place, &lines, "expected ID|TEXT or ID|TEXT|NORMALIZED TEXT");
    }
    for (size_t i = 0U; i < sizeof(forms) / sizeof(forms[0]); ++i) {
      snprintf(path, sizeof(path), forms[i], place->folder, (int)id.n, id.p);
      if (d->is_dry || !access(path, R_OK)) {
        break;
      }
    }
    status = pinna_dataset_add(d, NULL, span(path), id, line.n ? line : text, span("lj"));
  }
  return status;
}

/// Common Voice: a head line that names the columns; client_id, path and sentence are ours
PinnaStatus
pinna_dataset_read_tsv(PinnaDataset* const d, const PinnaDatasetPlace* const place,
                       const char* const data, const size_t size) {
  enum { CLIENT, PATH, SENTENCE, N_COLUMNS };
  static const char* const names[N_COLUMNS] = {"client_id", "path", "sentence"};
  uint32_t                 column[N_COLUMNS] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
  PinnaLines               lines = {data, data + size, 0U};
  PinnaSpan                line;
  PinnaStatus              status = PINNA_STATUS_OK;
  if (!pinna_lines_next(&lines, &line)) {
    return bad_line(place, &lines, "empty");
  }
  for (uint32_t i = 0U; line.n; ++i) {
    const PinnaSpan field = take_field(&line, '\t');
    for (uint32_t k = 0U; k < N_COLUMNS; ++k) {
      column[k] = pinna_span_is(field, names[k]) ? i : column[k];
    }
  }
  if (column[PATH] == UINT32_MAX || column[SENTENCE] == UINT32_MAX) {
    return bad_line(place, &lines, "the head line names no columns path and sentence");
  }
  while (!status && pinna_lines_next(&lines, &line)) {
    PinnaSpan found[N_COLUMNS] = {{"", 0U}, {"", 0U}, {"", 0U}};
    bool      is_empty = !line.n;
    for (uint32_t i = 0U; line.n; ++i) {
      const PinnaSpan field = take_field(&line, '\t');
      for (uint32_t k = 0U; k < N_COLUMNS; ++k) {
        found[k] = column[k] == i ? field : found[k];
      }
    }
    if (is_empty) {
      continue;
    }
    if (!is_safe(found[PATH])) {
      return bad_line(place, &lines, "no path");
    }
    char      file[560];
    const int n = snprintf(file, sizeof(file), "clips/%.*s", (int)found[PATH].n, found[PATH].p);
    status = pinna_dataset_add(d, place->folder, (PinnaSpan){file, (size_t)n}, found[PATH],
                               found[SENTENCE], found[CLIENT]);
  }
  return status;
}

/// Speech Commands: "WORD/SPEAKER_nohash_NUMBER.wav"
PinnaStatus
pinna_dataset_read_list(PinnaDataset* const d, const PinnaDatasetPlace* const place,
                        const char* const data, const size_t size) {
  PinnaLines  lines = {data, data + size, 0U};
  PinnaSpan   line;
  PinnaStatus status = PINNA_STATUS_OK;
  while (!status && pinna_lines_next(&lines, &line)) {
    PinnaSpan       rest = line;
    const PinnaSpan word = take_field(&rest, '/');
    PinnaSpan       name = rest;
    if (!line.n) {
      continue;
    }
    if (!is_safe(line) || !rest.n) {
      return bad_line(place, &lines, "expected WORD/FILE.wav");
    }
    status = pinna_dataset_add(d, place->folder, line, line, word, take_field(&name, '_'));
  }
  return status;
}
