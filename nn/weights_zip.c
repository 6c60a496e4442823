// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights_zip.h"

#include "base/status.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// The central directory, checked against the local headers (PKWARE APPNOTE 6.3)

typedef struct {
  uint64_t n_members;
  uint64_t offset; ///< Of the central directory
  uint64_t size;
} Directory;

static uint64_t
get(const unsigned char* const p, const unsigned n_bytes) {
  uint64_t value = 0U;
  for (unsigned i = 0U; i < n_bytes; ++i) {
    value |= (uint64_t)p[i] << (8U * i);
  }
  return value;
}

/// The end record is the last thing but for a comment. @return Its offset, or size
static size_t
find_end(const unsigned char* const data, const size_t size) {
  const size_t most = size > 65557U ? size - 65557U : 0U;
  for (size_t at = size >= 22U ? size - 22U + 1U : 0U; at-- > most;) {
    if (get(data + at, 4U) == 0x06054B50U && get(data + at + 20U, 2U) == size - at - 22U) {
      return at;
    }
  }
  return size;
}

static bool
read_end(const unsigned char* const data, const size_t size, Directory* const d) {
  const size_t at = find_end(data, size);
  if (at == size || get(data + at + 4U, 4U)) {
    return false;
  }
  d->n_members = get(data + at + 10U, 2U);
  d->size = get(data + at + 12U, 4U);
  d->offset = get(data + at + 16U, 4U);
  if (at >= 20U && get(data + at - 20U, 4U) == 0x07064B50U) { // Zip64
    const uint64_t end = get(data + at - 12U, 8U);
    if (at < 76U || end > at - 76U || get(data + end, 4U) != 0x06064B50U) {
      return false;
    }
    d->n_members = get(data + end + 32U, 8U);
    d->size = get(data + end + 40U, 8U);
    d->offset = get(data + end + 48U, 8U);
  }
  return d->offset <= at && d->size <= at - d->offset && d->n_members <= d->size / 46U;
}

/// Sizes and offset that did not fit 32 bits are in an extra field
static bool
read_zip64(const unsigned char* p, size_t left, uint64_t* const sizes) {
  while (left >= 4U) {
    const size_t id = (size_t)get(p, 2U);
    size_t       n = (size_t)get(p + 2U, 2U);
    if (n > left - 4U) {
      return false;
    }
    p += 4U;
    left -= 4U + n;
    for (int i = 0; id == 1U && i < 3; ++i) {
      if (sizes[i] == 0xFFFFFFFFU) {
        if (n < 8U) {
          return false;
        }
        sizes[i] = get(p, 8U);
        p += 8U;
        n -= 8U;
      }
    }
    p += n;
  }
  return true;
}

/// One central header at p. @return NULL, or what is wrong
static const char*
read_member(const unsigned char* const data, const uint64_t limit, const unsigned char* const p,
            PinnaZipMember* const member) {
  const size_t n_name = (size_t)get(p + 28U, 2U);
  uint64_t     sizes[3] = {get(p + 24U, 4U), get(p + 20U, 4U), get(p + 42U, 4U)};
  member->name = (const char*)p + 46U;
  member->name_length = n_name;
  if (!read_zip64(p + 46U + n_name, (size_t)get(p + 30U, 2U), sizes)) {
    return "its extra field is cut off";
  }
  if (get(p + 8U, 2U) & 1U) {
    return "it is encrypted";
  }
  if (get(p + 10U, 2U) || sizes[0] != sizes[1]) {
    return "it is compressed, which torch never does";
  }

  const uint64_t at = sizes[2];
  if (at > limit || limit - at < 30U || get(data + at, 4U) != 0x04034B50U) {
    return "its local header is not where the directory says";
  }
  const uint64_t n_head = 30U + get(data + at + 26U, 2U) + get(data + at + 28U, 2U);
  if (limit - at < n_head || limit - at - n_head < sizes[0]) {
    return "it reaches beyond the end of the file";
  }
  member->header = data + at;
  member->data = data + at + n_head;
  member->size = (size_t)sizes[0];
  return NULL;
}

static int
by_place(const void* const a, const void* const b) {
  const unsigned char* const s = ((const PinnaZipMember*)a)->header;
  const unsigned char* const t = ((const PinnaZipMember*)b)->header;
  return (s > t) - (s < t);
}

static int
by_name(const void* const a, const void* const b) {
  const PinnaZipMember* const s = (const PinnaZipMember*)a;
  const PinnaZipMember* const t = (const PinnaZipMember*)b;
  const size_t                n = s->name_length < t->name_length ? s->name_length : t->name_length;
  const int                   order = memcmp(s->name, t->name, n);
  return order ? order : (s->name_length > t->name_length) - (s->name_length < t->name_length);
}

static PinnaStatus
refuse(PinnaError* const error, const char* const label, const PinnaZipMember* const member,
       const char* const why) {
  const int n = member->name_length < 200U ? (int)member->name_length : 200;
  return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: archive member '%.*s': %s", label, n,
                    member->name, why);
}

static PinnaStatus
check_members(const PinnaZip* const zip, const char* const label, PinnaError* const error) {
  PinnaZipMember* const m = zip->members;
  qsort(m, zip->n_members, sizeof(*m), by_place);
  for (size_t i = 1U; i < zip->n_members; ++i) {
    if (m[i].header < m[i - 1U].data + m[i - 1U].size) {
      return refuse(error, label, &m[i], "it overlaps another");
    }
  }
  qsort(m, zip->n_members, sizeof(*m), by_name);
  for (size_t i = 1U; i < zip->n_members; ++i) {
    if (!by_name(&m[i - 1U], &m[i])) {
      return refuse(error, label, &m[i], "it is there twice");
    }
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_zip_open(PinnaZip* const zip, const unsigned char* const data, const size_t size,
               const char* const label, PinnaError* const error) {
  Directory d = {0U, 0U, 0U};
  *zip = (PinnaZip){NULL, 0U};
  if (!read_end(data, size, &d) || !d.n_members) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: no zip directory at the end: cut off?",
                      label);
  }
  zip->members = (PinnaZipMember*)calloc((size_t)d.n_members, sizeof(PinnaZipMember));
  if (!zip->members) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", label);
  }

  const unsigned char* p = data + d.offset;
  const unsigned char* end = p + d.size;
  PinnaStatus          status = PINNA_STATUS_OK;
  for (; !status && zip->n_members < d.n_members; ++zip->n_members) {
    const bool     is_there = end - p >= 46 && get(p, 4U) == 0x02014B50U;
    const uint64_t n = is_there ? 46U + get(p + 28U, 2U) + get(p + 30U, 2U) + get(p + 32U, 2U) : 0U;
    if (!is_there || (uint64_t)(end - p) < n) {
      status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: the zip directory is cut off", label);
      break;
    }
    const char* const why = read_member(data, d.offset, p, &zip->members[zip->n_members]);
    status = why ? refuse(error, label, &zip->members[zip->n_members], why) : PINNA_STATUS_OK;
    p += n;
  }
  if (!status) {
    status = check_members(zip, label, error);
  }
  if (status) {
    free(zip->members);
    *zip = (PinnaZip){NULL, 0U};
  }
  return status;
}

const PinnaZipMember*
pinna_zip_find(const PinnaZip* const zip, const char* const name, const size_t length) {
  const PinnaZipMember key = {name, length, NULL, 0U, NULL};
  return (const PinnaZipMember*)bsearch(&key, zip->members, zip->n_members, sizeof(key), by_name);
}
