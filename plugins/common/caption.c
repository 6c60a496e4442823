// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/caption.h"

#include <string.h>

// A caption as an atom object, written where the host wants it

/// What is left of the host's buffer
typedef struct {
  char* at;
  char* end;
  bool  full;
} Cursor;

/// Room for `size` bytes, zeroed up to a multiple of 8; NULL if there is none
static void*
take(Cursor* const cursor, const uint32_t size) {
  const size_t padded = ((size_t)size + 7U) & ~(size_t)7U;
  cursor->full = cursor->full || padded > (size_t)(cursor->end - cursor->at);
  if (cursor->full) {
    return NULL;
  }
  void* const here = memset(cursor->at, 0, padded);
  cursor->at += padded;
  return here;
}

static void
put(Cursor* const cursor, const LV2_URID key, const LV2_URID type, const void* const value,
    const uint32_t size) {
  LV2_Atom_Property_Body* const property =
      (LV2_Atom_Property_Body*)take(cursor, (uint32_t)sizeof(LV2_Atom_Property_Body) + size);
  if (property) {
    *property = (LV2_Atom_Property_Body){key, 0U, {size, type}};
    memcpy(property + 1, value, size);
  }
}

static void
put_int(Cursor* const cursor, const PinnaCaptionUrids* const urids, const LV2_URID key,
        const uint32_t value) {
  const int32_t number = (int32_t)value;
  put(cursor, key, urids->integer, &number, sizeof(number));
}

static void
put_long(Cursor* const cursor, const PinnaCaptionUrids* const urids, const LV2_URID key,
         const uint64_t value) {
  const int64_t number = (int64_t)value;
  put(cursor, key, urids->integer64, &number, sizeof(number));
}

/// A vector of n items, to be filled in. @return NULL: no room
static void*
put_vector(Cursor* const cursor, const PinnaCaptionUrids* const urids, const LV2_URID key,
           const LV2_URID type, const uint32_t size, const uint32_t n) {
  const uint32_t body = (uint32_t)sizeof(LV2_Atom_Vector_Body) + n * size;
  char* const    here = (char*)take(cursor, (uint32_t)sizeof(LV2_Atom_Property_Body) + body);
  if (!here) {
    return NULL;
  }
  *(LV2_Atom_Property_Body*)(void*)here = (LV2_Atom_Property_Body){key, 0U, {body, urids->vector}};
  *(LV2_Atom_Vector_Body*)(void*)(here + sizeof(LV2_Atom_Property_Body)) =
      (LV2_Atom_Vector_Body){size, type};
  return here + sizeof(LV2_Atom_Property_Body) + sizeof(LV2_Atom_Vector_Body);
}

static void
put_words(Cursor* const cursor, const PinnaCaptionUrids* const urids,
          const PinnaCaption* const caption) {
  const uint32_t n = caption->n_words;
  int64_t* const times = (int64_t*)put_vector(cursor, urids, urids->word_times, urids->integer64,
                                              sizeof(int64_t), 2U * n);
  int32_t* const texts = (int32_t*)put_vector(cursor, urids, urids->word_texts, urids->integer,
                                              sizeof(int32_t), 2U * n);
  float* const   log_probs =
      (float*)put_vector(cursor, urids, urids->word_log_probs, urids->real, sizeof(float), n);
  for (uint32_t i = 0U; i < n && !cursor->full; ++i) {
    times[2U * i] = (int64_t)caption->words[i].start;
    times[2U * i + 1U] = (int64_t)caption->words[i].end;
    texts[2U * i] = caption->words[i].text;
    texts[2U * i + 1U] = caption->words[i].n_text;
    log_probs[i] = caption->words[i].log_prob;
  }
}

bool
pinna_caption_send(PinnaEvents* const events, const uint32_t control, const uint32_t frame,
                   const PinnaCaptionUrids* const urids, const PinnaCaption* const caption) {
  LV2_Atom_Sequence* const buffer = events->buffers[control];
  if (!buffer || !events->sequence || !urids->caption ||
      buffer->atom.size > events->capacity[control]) {
    return false;
  }
  char* const body = (char*)&buffer->body;
  Cursor      cursor = {body + buffer->atom.size, body + events->capacity[control], false};
  LV2_Atom_Event* const event =
      (LV2_Atom_Event*)take(&cursor, sizeof(LV2_Atom_Event) + sizeof(LV2_Atom_Object_Body));
  put_int(&cursor, urids, urids->kind, (uint32_t)caption->kind);
  put_int(&cursor, urids, urids->rate, caption->rate);
  put_long(&cursor, urids, urids->segment, caption->segment);
  put_long(&cursor, urids, urids->start, caption->start);
  put_long(&cursor, urids, urids->end, caption->end);
  if (caption->kind == PINNA_CAPTION_PARTIAL || caption->kind == PINNA_CAPTION_FINAL) {
    put_int(&cursor, urids, urids->stable, caption->n_stable);
    put(&cursor, urids->text, urids->string, caption->text, caption->n_text + 1U);
    put_words(&cursor, urids, caption);
  }
  if (cursor.full) {
    return false;
  }
  event->time.frames = (int64_t)events->first + frame;
  event->body = (LV2_Atom){(uint32_t)(cursor.at - (char*)(event + 1)), urids->object};
  *(LV2_Atom_Object_Body*)(event + 1) = (LV2_Atom_Object_Body){0U, urids->caption};
  buffer->atom.size = (uint32_t)(cursor.at - body);
  return true;
}
