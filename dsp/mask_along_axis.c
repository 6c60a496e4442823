// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mask_along_axis.h"

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Masks of whole spectrograms

static bool
is_drawn(const float u) {
  return u >= 0.0f && u < 1.0f;
}

PinnaStatus
pinna_mask_span(const PinnaMaskAxis* const axis, const float u_length, const float u_start,
                size_t* const start, size_t* const end) {
  *start = *end = 0U;
  if (!(axis->p >= 0.0 && axis->p <= 1.0) || !is_drawn(u_length) || !is_drawn(u_start)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const size_t cap = (size_t)((double)axis->n_axis * axis->p);
  const size_t most = axis->p < 1.0 && cap < axis->mask_param ? cap : axis->mask_param;
  if (!most) {
    return PINNA_STATUS_OK;
  }

  const float length = u_length * (float)most;
  const float from = u_start * ((float)axis->n_axis - length);
  if (from <= -1.0f) { // A mask longer than the axis begins before it, as a slice in TorchAudio
    const size_t before = (size_t)-from;
    *end = (size_t)length > before ? (size_t)length - before : 0U;
  } else {
    *start = from > 0.0f ? (size_t)from : 0U;
    *end = *start + (size_t)length;
  }
  *end = *end < axis->n_axis ? *end : axis->n_axis;
  *start = *start < *end ? *start : *end;
  return PINNA_STATUS_OK;
}

static void
fill(float* const x, const PinnaMaskAxis* const axis, const size_t start, const size_t end) {
  for (size_t o = 0U; o < axis->n_outer; ++o) {
    float* const row = x + o * axis->n_axis * axis->n_inner;
    for (size_t i = start * axis->n_inner; i < end * axis->n_inner; ++i) {
      row[i] = axis->mask_value;
    }
  }
}

PinnaStatus
pinna_mask_along_axis(float* const x, const PinnaMaskAxis* const axis, const float u_length,
                      const float u_start) {
  size_t            start = 0U;
  size_t            end = 0U;
  const PinnaStatus status = pinna_mask_span(axis, u_length, u_start, &start, &end);
  if (status) {
    return status;
  }
  if (end - start && end - start >= axis->mask_param) {
    return PINNA_STATUS_BAD_ARG;
  }
  fill(x, axis, start, end);
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_mask_along_axis_iid(float* const x, const size_t n_examples, const PinnaMaskAxis* const axis,
                          const float* const u_length, const float* const u_start) {
  const size_t size = axis->n_outer * axis->n_axis * axis->n_inner;
  for (size_t e = 0U; e < n_examples; ++e) {
    size_t            start = 0U;
    size_t            end = 0U;
    const PinnaStatus status = pinna_mask_span(axis, u_length[e], u_start[e], &start, &end);
    if (status) {
      return status;
    }
    fill(x + e * size, axis, start, end);
  }
  return PINNA_STATUS_OK;
}
