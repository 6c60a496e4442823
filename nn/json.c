// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/json.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

// Strings, counts and punctuation of JSON (RFC 8259)

bool
pinna_json_fail(PinnaJson* const json, const char* const why) {
  if (!json->why) {
    json->why = why;
  }
  return false;
}

static void
skip_blanks(PinnaJson* const json) {
  while (!json->why && json->p < json->end && *json->p && strchr(" \t\r\n", *json->p)) {
    ++json->p;
  }
}

bool
pinna_json_end(PinnaJson* const json) {
  skip_blanks(json);
  return !json->why && json->p == json->end;
}

bool
pinna_json_next(PinnaJson* const json, const char c) {
  skip_blanks(json);
  if (json->why || json->p == json->end || *json->p != c) {
    return false;
  }
  ++json->p;
  return true;
}

bool
pinna_json_take(PinnaJson* const json, const char c) {
  return pinna_json_next(json, c) || pinna_json_fail(json, "unexpected character or end");
}

/// Four hexadecimal digits, or -1
static int32_t
take_hex(PinnaJson* const json) {
  int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    static const char digits[] = "0123456789abcdef";
    const char        c = json->p < json->end ? *json->p++ : '\0';
    const char* const at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 'a' - 'A' : c) : NULL;
    if (!at) {
      return -1;
    }
    value = value * 16 + (int32_t)(at - digits);
  }
  return value;
}

static size_t
put_utf8(const uint32_t code, char* const out) {
  if (code < 0x80U) {
    out[0] = (char)code;
    return 1U;
  }
  const size_t n = code < 0x800U ? 2U : code < 0x10000U ? 3U : 4U;
  uint32_t     left = code;
  for (size_t i = n - 1U; i > 0U; --i, left >>= 6U) {
    out[i] = (char)(0x80U | (left & 0x3FU));
  }
  out[0] = (char)((0xF00U >> n) | left);
  return n;
}

/// What follows a backslash. @return Bytes written to out [4], 0 at a mistake
static size_t
take_escape(PinnaJson* const json, char* const out) {
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  const char        c = json->p < json->end ? *json->p++ : '\0';
  const char* const at = c ? strchr(names, c) : NULL;
  if (at) {
    out[0] = values[at - names];
    return 1U;
  }

  const int32_t high = c == 'u' ? take_hex(json) : -1;
  if (high <= 0 || (high >= 0xDC00 && high < 0xE000)) {
    return 0U;
  }
  if (high < 0xD800 || high >= 0xE000) {
    return put_utf8((uint32_t)high, out);
  }
  if (json->end - json->p < 6 || json->p[0] != '\\' || json->p[1] != 'u') {
    return 0U;
  }
  json->p += 2;
  const int32_t low = take_hex(json);
  if (low < 0xDC00 || low >= 0xE000) {
    return 0U;
  }
  return put_utf8(0x10000U + (((uint32_t)high - 0xD800U) << 10U) + ((uint32_t)low - 0xDC00U), out);
}

/// One character that stands for itself. @return Bytes written to out [4], 0 at a mistake
static size_t
take_utf8(PinnaJson* const json, char* const out) {
  const unsigned char* const s = (const unsigned char*)json->p;
  const unsigned char        c = s[0];
  const size_t n = c < 0x80U ? 1U : c < 0xC2U ? 0U : c < 0xE0U ? 2U : c < 0xF0U ? 3U : 4U;
  if (!n || c < 0x20U || c > 0xF4U || (size_t)(json->end - json->p) < n) {
    return 0U;
  }
  for (size_t i = 1U; i < n; ++i) {
    if ((s[i] & 0xC0U) != 0x80U) {
      return 0U;
    }
  }
  // Overlong, surrogate, beyond Unicode
  if ((c == 0xE0U && s[1] < 0xA0U) || (c == 0xEDU && s[1] > 0x9FU) ||
      (c == 0xF0U && s[1] < 0x90U) || (c == 0xF4U && s[1] > 0x8FU)) {
    return 0U;
  }
  memcpy(out, s, n);
  json->p += n;
  return n;
}

bool
pinna_json_string(PinnaJson* const json, char* const text, const size_t size) {
  size_t at = 0U;
  if (!pinna_json_take(json, '"')) {
    return false;
  }
  while (json->p < json->end && *json->p != '"') {
    char       c[4];
    const bool is_escape = *json->p == '\\';
    json->p += is_escape;
    const size_t n = is_escape ? take_escape(json, c) : take_utf8(json, c);
    if (!n) {
      return pinna_json_fail(json, "a character that is not allowed in a string");
    }
    if (n >= size - at) {
      return pinna_json_fail(json, "a string is too long");
    }
    memcpy(text + at, c, n);
    at += n;
  }
  text[at] = '\0';
  return pinna_json_take(json, '"');
}

bool
pinna_json_count(PinnaJson* const json, uint64_t* const value) {
  const char* first = NULL;
  *value = 0U;
  skip_blanks(json);
  for (first = json->p; !json->why && json->p < json->end; ++json->p) {
    const uint64_t digit = (uint64_t)(unsigned char)*json->p - '0';
    if (digit > 9U) {
      break;
    }
    if (*value > ((uint64_t)INT64_MAX - digit) / 10U) {
      return pinna_json_fail(json, "a number is too big");
    }
    *value = *value * 10U + digit;
  }
  if (json->why || json->p == first || (*first == '0' && json->p - first > 1) ||
      (json->p < json->end && *json->p && strchr(".eE", *json->p))) {
    return pinna_json_fail(json, "no whole number");
  }
  return true;
}

bool
pinna_json_number(PinnaJson* const json, double* const value) {
  char   text[64];
  char*  end = NULL;
  size_t n = 0U;
  skip_blanks(json);
  while (!json->why && json->p + n < json->end && n < sizeof(text) - 1U && json->p[n] &&
         strchr("+-.0123456789eE", json->p[n])) {
    text[n] = json->p[n];
    ++n;
  }
  text[n] = '\0';
  const char first = text[text[0] == '-'];
  *value = pinna_number_read(text, &end);
  if (first < '0' || first > '9' || *end || !isfinite(*value)) {
    return pinna_json_fail(json, "no number");
  }
  json->p += n;
  return true;
}
