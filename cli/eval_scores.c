// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/eval_scores.h"

#include "base/grow.h"
#include "models/text_file.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Reads a table of scores

#define SEPARATORS ",;\t"

/// The next field of a line that ends with NUL, without blanks and quotes; NULL behind the last
static char*
take_field(char** const line) {
  if (!*line) {
    return NULL;
  }
  char* const  from = *line;
  const size_t n = strcspn(from, SEPARATORS);
  *line = from[n] ? from + n + 1U : NULL;
  from[n] = '\0';
  char* const field = from + strspn(from, " \"");
  size_t      length = strlen(field);
  while (length && strchr(" \"\r", field[length - 1U])) {
    field[--length] = '\0';
  }
  return field;
}

static PinnaStatus
read_head(CliEvalScores* const self, char* line, const char* const path, PinnaError* const error) {
  take_field(&line);
  for (char* name = take_field(&line); name; name = take_field(&line)) {
    if (self->n_names == CLI_EVAL_MAX_SCORES) {
      return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s has more than %u scores", path,
                        CLI_EVAL_MAX_SCORES);
    }
    self->names[self->n_names] = strdup(name);
    if (!self->names[self->n_names++]) {
      return PINNA_STATUS_NO_MEM;
    }
  }
  return self->n_names ? PINNA_STATUS_OK
                       : pinna_fail(error, PINNA_STATUS_BAD_FILE,
                                    "%s, line 1: expected a head, id and names of scores", path);
}

static PinnaStatus
read_row(CliEvalScores* const self, char* line, const unsigned number, const char* const path,
         PinnaError* const error) {
  CliEvalScore      row = {.id = NULL};
  const char* const id = take_field(&line);
  for (unsigned i = 0U; i < self->n_names; ++i) {
    const char* const field = take_field(&line);
    char*             end = NULL;
    row.values[i] = field && *field ? strtod(field, &end) : NAN;
    if (end && (end == field || *end)) {
      return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s, line %u: '%.64s' is no number", path,
                        number, field);
    }
  }
  row.id = pinna_grow(&self->rows, self->n, &self->max, sizeof(CliEvalScore)) ? strdup(id ? id : "")
                                                                              : NULL;
  if (!row.id) {
    return PINNA_STATUS_NO_MEM;
  }
  self->rows[self->n++] = row;
  return PINNA_STATUS_OK;
}

PinnaStatus
cli_eval_scores_read(CliEvalScores* const self, const char* const path, PinnaError* const error) {
  char*       data = NULL;
  size_t      size = 0U;
  PinnaStatus status = pinna_text_read(&data, &size, path, error);
  PinnaLines  lines = {data, data + size, 0U};
  PinnaSpan   line;
  while (!status && pinna_lines_next(&lines, &line)) {
    char* const copy = strndup(line.p, line.n);
    if (!copy) {
      status = PINNA_STATUS_NO_MEM;
    } else if (*copy) {
      status = self->n_names ? read_row(self, copy, (unsigned)lines.number, path, error)
                             : read_head(self, copy, path, error);
    }
    free(copy);
  }
  free(data);
  return status;
}

static const char*
last_part(const char* const path, size_t* const n) {
  const char* const slash = strrchr(path, '/');
  const char* const name = slash ? slash + 1 : path;
  *n = strlen(name);
  *n -= *n > 4U && !strcmp(name + *n - 4U, ".wav") ? 4U : 0U;
  return name;
}

const CliEvalScore*
cli_eval_scores_find(const CliEvalScores* const self, const char* const id) {
  const CliEvalScore* found = NULL;
  size_t              n_id = 0U;
  const char* const   name = last_part(id, &n_id);
  for (size_t i = 0U; i < self->n; ++i) {
    size_t            n = 0U;
    const char* const other = last_part(self->rows[i].id, &n);
    if (!strcmp(self->rows[i].id, id)) {
      return &self->rows[i];
    }
    found = !found && n == n_id && !strncmp(name, other, n) ? &self->rows[i] : found;
  }
  return found;
}

void
cli_eval_scores_free(CliEvalScores* const self) {
  for (size_t i = 0U; i < self->n; ++i) {
    free(self->rows[i].id);
  }
  for (unsigned i = 0U; i < self->n_names; ++i) {
    free(self->names[i]);
  }
  free(self->rows);
}
