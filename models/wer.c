// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wer.h"

#include "base/grow.h"
#include "models/text_file.h"

#include <stdlib.h>
#include <string.h>

// Edit distance row by row, and resampling of utterances

/// The cheapest way to a cell, with its kinds of changes
typedef struct {
  uint32_t n_substitutions;
  uint32_t n_deletions;
  uint32_t n_insertions;
} Cell;

static uint32_t
cost(const Cell cell) {
  return cell.n_substitutions + cell.n_deletions + cell.n_insertions;
}

/// @param row [n_b + 1]; ends as the costs of all of a against each beginning of b
static void
fill(const uint32_t* const a, const size_t n_a, const uint32_t* const b, const size_t n_b,
     Cell* const row) {
  for (size_t k = 0U; k <= n_b; ++k) {
    row[k] = (Cell){0U, 0U, (uint32_t)k};
  }
  for (size_t i = 0U; i < n_a; ++i) {
    Cell diagonal = row[0];
    ++row[0].n_deletions;
    for (size_t k = 1U; k <= n_b; ++k) {
      Cell best = diagonal;
      Cell other = row[k];
      best.n_substitutions += a[i] != b[k - 1U];
      ++other.n_deletions;
      best = cost(other) < cost(best) ? other : best;
      other = row[k - 1U];
      ++other.n_insertions;
      best = cost(other) < cost(best) ? other : best;
      diagonal = row[k];
      row[k] = best;
    }
  }
}

static PinnaStatus
distance_of(const uint32_t* const a, const size_t n_a, const uint32_t* const b, const size_t n_b,
            Cell* const cell) {
  Cell* const row = n_b < SIZE_MAX / sizeof(Cell) ? (Cell*)malloc((n_b + 1U) * sizeof(Cell)) : NULL;
  if (!row) {
    return PINNA_STATUS_NO_MEM;
  }
  fill(a, n_a, b, n_b, row);
  *cell = row[n_b];
  free(row);
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_wer_distance(const uint32_t* const reference, const size_t n_reference,
                   const uint32_t* const transcript, const size_t n_transcript,
                   uint32_t* const distance) {
  Cell              cell = {0U, 0U, 0U};
  const PinnaStatus status = distance_of(reference, n_reference, transcript, n_transcript, &cell);
  *distance = cost(cell);
  return status;
}

/// Words of a text as numbers [*n]; free() them
static uint32_t*
number_words(PinnaWordTable* const table, const char* const text, uint32_t* const n) {
  PinnaLines lines = {text, text + strlen(text), 0U};
  PinnaSpan  line;
  PinnaSpan  word;
  uint32_t*  words = NULL;
  size_t     max = 0U;
  *n = 0U;
  bool good = pinna_grow(&words, 0U, &max, sizeof(uint32_t));
  while (good && pinna_lines_next(&lines, &line)) {
    while (good && pinna_span_word(&line, &word)) {
      good = pinna_grow(&words, *n, &max, sizeof(uint32_t));
      if (good) {
        words[*n] = pinna_word_table_add(table, word);
        good = words[(*n)++] != PINNA_WORD_NONE;
      }
    }
  }
  if (!good) {
    free(words);
  }
  return good ? words : NULL;
}

PinnaStatus
pinna_wer_compare(const char* const reference, const char* const transcript, PinnaWer* const wer) {
  PinnaWordTable    table = {0};
  Cell              cell = {0U, 0U, 0U};
  uint32_t          n_a = 0U;
  uint32_t          n_b = 0U;
  uint32_t* const   a = number_words(&table, reference, &n_a);
  uint32_t* const   b = a ? number_words(&table, transcript, &n_b) : NULL;
  const PinnaStatus status = b ? distance_of(a, n_a, b, n_b, &cell) : PINNA_STATUS_NO_MEM;
  *wer = (PinnaWer){n_a, cell.n_substitutions, cell.n_deletions, cell.n_insertions};
  free(a);
  free(b);
  pinna_word_table_free(&table);
  return status;
}

static uint64_t
roll(uint64_t* const state) {
  *state += 0x9E3779B97F4A7C15U; // splitmix64
  uint64_t z = *state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

static int
compare(const void* const a, const void* const b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

PinnaStatus
pinna_wer_rate(const PinnaWer* const utterances, const size_t n, const uint32_t n_rounds,
               const uint64_t seed, PinnaWerInterval* const interval) {
  double* const rates = (double*)malloc(((size_t)n_rounds + 1U) * sizeof(double));
  uint64_t      state = seed;
  if (!rates) {
    return PINNA_STATUS_NO_MEM;
  }
  for (uint32_t round = 0U; round <= n_rounds; ++round) {
    uint64_t errors = 0U;
    uint64_t words = 0U;
    for (size_t i = 0U; i < n; ++i) {
      const PinnaWer* const one = &utterances[round < n_rounds ? roll(&state) % n : i];
      errors += (uint64_t)one->n_substitutions + one->n_deletions + one->n_insertions;
      words += one->n_words;
    }
    rates[round] = words ? (double)errors / (double)words : 0.0;
  }
  *interval = (PinnaWerInterval){rates[n_rounds], rates[n_rounds], rates[n_rounds]};
  if (n_rounds) {
    qsort(rates, n_rounds, sizeof(double), compare);
    interval->low = rates[(size_t)(0.025 * (n_rounds - 1U) + 0.5)];
    interval->high = rates[(size_t)(0.975 * (n_rounds - 1U) + 0.5)];
  }
  free(rates);
  return PINNA_STATUS_OK;
}
