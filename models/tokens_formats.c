// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/text_file.h"
#include "models/tokens_impl.h"
#include "nn/json.h"

#include <math.h>
#include <string.h>

// The three formats of vocabularies

/// Bytes of a protocol buffer message that are left
typedef struct {
  const unsigned char* p;
  const unsigned char* end;
} Wire;

typedef struct {
  uint32_t number;
  uint32_t type; ///< 0 varint, 1 eight bytes, 2 a length and bytes, 5 four bytes
  uint64_t value;
  Wire     bytes; ///< Of type 2
} Field;

static bool
take_varint(Wire* const wire, uint64_t* const value) {
  *value = 0U;
  for (uint32_t shift = 0U; shift < 64U && wire->p < wire->end; shift += 7U) {
    const uint64_t byte = *wire->p++;
    *value |= (byte & 0x7FU) << shift;
    if (byte < 0x80U) {
      return shift < 63U || byte < 2U;
    }
  }
  return false;
}

static bool
take_fixed(Wire* const wire, const uint32_t n, uint64_t* const value) {
  *value = 0U;
  if ((size_t)(wire->end - wire->p) < n) {
    return false;
  }
  for (uint32_t i = 0U; i < n; ++i) {
    *value |= (uint64_t)*wire->p++ << (8U * i);
  }
  return true;
}

/// @return false at a mistake
static bool
take_field(Wire* const wire, Field* const field) {
  uint64_t tag = 0U;
  if (!take_varint(wire, &tag) || tag >> 3U > 0x1FFFFFFFU || !(tag >> 3U)) {
    return false;
  }
  *field = (Field){(uint32_t)(tag >> 3U), (uint32_t)(tag & 7U), 0U, {NULL, NULL}};
  switch (field->type) {
  case 0U:
    return take_varint(wire, &field->value);
  case 1U:
    return take_fixed(wire, 8U, &field->value);
  case 5U:
    return take_fixed(wire, 4U, &field->value);
  case 2U:
    if (!take_varint(wire, &field->value) || field->value > (uint64_t)(wire->end - wire->p)) {
      return false;
    }
    field->bytes = (Wire){wire->p, wire->p + field->value};
    wire->p = field->bytes.end;
    return true;
  default:
    return false; // Groups, which nobody writes any more
  }
}

static PinnaStatus
bad_wire(const PinnaTokensReader* const reader, const Wire* const at) {
  return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                    "%s: malformed at byte %zu; expected a SentencePiece model", reader->label,
                    (size_t)((const char*)at->p - reader->data));
}

/// ModelProto.SentencePiece: 1 piece, 2 score, 3 type
static PinnaStatus
read_piece(const PinnaTokensReader* const reader, Wire wire) {
  PinnaSpan piece = {NULL, 0U};
  float     score = 0.0F;
  uint64_t  type = PINNA_TOKEN_NORMAL;
  while (wire.p < wire.end) {
    Field field;
    if (!take_field(&wire, &field)) {
      return bad_wire(reader, &wire);
    }
    if (field.number == 1U && field.type == 2U) {
      piece = (PinnaSpan){(const char*)field.bytes.p, (size_t)field.value};
    } else if (field.number == 2U && field.type == 5U) {
      const uint32_t bits = (uint32_t)field.value;
      memcpy(&score, &bits, sizeof(score));
    } else if (field.number == 3U && field.type == 0U) {
      type = field.value;
    } else if (field.number <= 3U) {
      return bad_wire(reader, &wire);
    }
  }
  if (!piece.n || !isfinite(score) || type < PINNA_TOKEN_NORMAL || type > PINNA_TOKEN_BYTE) {
    return bad_wire(reader, &wire);
  }
  return pinna_tokens_put(reader, reader->tokens->n, piece, score, (PinnaTokenType)type);
}

PinnaStatus
pinna_tokens_read_sentencepiece(const PinnaTokensReader* const reader) {
  const unsigned char* const from = (const unsigned char*)reader->data;
  Wire                       wire = {from, from + reader->size};
  while (wire.p < wire.end) {
    Field field;
    if (!take_field(&wire, &field) || (field.number == 1U && field.type != 2U)) {
      return bad_wire(reader, &wire);
    }
    const PinnaStatus status =
        field.number == 1U ? read_piece(reader, field.bytes) : PINNA_STATUS_OK;
    if (status) {
      return status;
    }
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_tokens_read_json(const PinnaTokensReader* const reader) {
  PinnaJson json = {reader->data, reader->data + reader->size, NULL, reader->data};
  char      piece[256];
  pinna_json_take(&json, '{');
  for (bool more = !pinna_json_next(&json, '}'); more && !json.why;) {
    uint64_t number = 0U;
    if (pinna_json_string(&json, piece, sizeof(piece)) && pinna_json_take(&json, ':') &&
        pinna_json_count(&json, &number)) {
      const PinnaStatus status =
          pinna_tokens_put(reader, number < PINNA_TOKENS_MAX ? (uint32_t)number : PINNA_TOKENS_MAX,
                           (PinnaSpan){piece, strlen(piece)}, 0.0F, (PinnaTokenType)0);
      if (status) {
        return status;
      }
    }
    more = pinna_json_next(&json, ',');
    if (!more) {
      pinna_json_take(&json, '}');
    }
  }
  return pinna_json_end(&json)
             ? PINNA_STATUS_OK
             : pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                          "%s: at byte %zu, %s; expected {\"piece\": number, ...}", reader->label,
                          (size_t)(json.p - json.from),
                          json.why ? json.why : "more than one value");
}

/// Whether every line that is not empty ends in a number
static bool
are_numbered(const PinnaTokensReader* const reader) {
  PinnaLines lines = {reader->data, reader->data + reader->size, 0U};
  PinnaSpan  line;
  while (pinna_lines_next(&lines, &line)) {
    PinnaSpan rest = line;
    PinnaSpan word;
    uint32_t  number = 0U;
    if (line.n &&
        (!pinna_span_last_word(&rest, &word) || !pinna_span_count(word, &number) || !rest.n)) {
      return false;
    }
  }
  return true;
}

PinnaStatus
pinna_tokens_read_lines(const PinnaTokensReader* const reader) {
  const bool numbered = are_numbered(reader);
  PinnaLines lines = {reader->data, reader->data + reader->size, 0U};
  PinnaSpan  line;
  while (pinna_lines_next(&lines, &line)) {
    PinnaSpan piece = line;
    PinnaSpan word;
    uint32_t  number = reader->tokens->n;
    if (!line.n) {
      continue;
    }
    if (numbered) {
      pinna_span_last_word(&piece, &word);
      pinna_span_count(word, &number);
      piece.n -= piece.n > 1U; // One blank between; a piece may be a blank itself
    }
    const PinnaStatus status = pinna_tokens_put(reader, number, piece, 0.0F, (PinnaTokenType)0);
    if (status) {
      return status;
    }
  }
  return PINNA_STATUS_OK;
}
