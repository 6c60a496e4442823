// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/grow.h"
#include "tests/tap.h"

#include <stdint.h>
#include <stdlib.h>

// An array that grows keeps what is in it, seldom moves, and stays whole without memory

static void
test_items(void) {
  double* items = NULL;
  size_t  max = 0U;
  size_t  n_grown = 0U;
  bool    good = true;
  for (size_t n = 0U; n < 100000U; ++n) {
    const size_t before = max;
    good = pinna_grow(&items, n, &max, sizeof(*items)) && max > n && good;
    n_grown += max != before;
    items[n] = (double)n;
  }
  for (size_t n = 0U; n < 100000U; ++n) {
    good = good && items[n] == (double)n;
  }
  tap_ok(good, "there is room for each, and each is kept");
  tap_at_most((double)n_grown, 18.0, "times that it grew");
  tap_ok(pinna_grow(&items, 1U, &max, sizeof(*items)), "there is room already");
  free(items);
}

static void
test_no_memory(void) {
  char   one = 'a';
  char*  items = &one;
  size_t max = SIZE_MAX / 2U + 1U;
  tap_ok(!pinna_grow(&items, max, &max, 1U), "more than a size_t counts");
  tap_ok(items == &one && max == SIZE_MAX / 2U + 1U, "and nothing has changed");
  max = SIZE_MAX / 16U;
  tap_ok(!pinna_grow(&items, max, &max, 16U), "more bytes than there are");
  tap_ok(items == &one && max == SIZE_MAX / 16U, "and nothing has changed");
}

int
main(void) {
  test_items();
  test_no_memory();
  return tap_done();
}
