// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/caption_atom.h"

#include "base/caption_uris.h"

#include <lv2/atom/atom.h>
#include <math.h>
#include <string.h>

// Properties one by one; what does not fit the contract is no caption

enum { KIND, RATE, SEGMENT, START, END, STABLE, TEXT, TIMES, TEXTS, LOG_PROBS, N_KEYS };

void
pinna_caption_atoms_map(PinnaCaptionAtoms* const atoms, const LV2_URID_Map* const map) {
  static const char* const keys[N_KEYS] = {PINNA_CAPTION__kind,      PINNA_CAPTION__rate,
                                           PINNA_CAPTION__segment,   PINNA_CAPTION__start,
                                           PINNA_CAPTION__end,       PINNA_CAPTION__stable,
                                           PINNA_CAPTION__text,      PINNA_CAPTION__wordTimes,
                                           PINNA_CAPTION__wordTexts, PINNA_CAPTION__wordLogProbs};
  atoms->object = map->map(map->handle, LV2_ATOM__Object);
  atoms->vector = map->map(map->handle, LV2_ATOM__Vector);
  atoms->integer = map->map(map->handle, LV2_ATOM__Int);
  atoms->integer64 = map->map(map->handle, LV2_ATOM__Long);
  atoms->real = map->map(map->handle, LV2_ATOM__Float);
  atoms->string = map->map(map->handle, LV2_ATOM__String);
  atoms->caption = map->map(map->handle, PINNA_CAPTION__Caption);
  for (int i = 0; i < N_KEYS; ++i) {
    atoms->keys[i] = map->map(map->handle, keys[i]);
  }
}

/// The values of an object's properties; NULL where it has none
typedef struct {
  const LV2_Atom* values[N_KEYS];
} Found;

static bool
find_properties(const PinnaCaptionAtoms* const atoms, const LV2_Atom* const atom,
                const uint32_t size, Found* const found) {
  const char* const end = (const char*)(atom + 1) + atom->size;
  const char*       at = (const char*)(atom + 1) + sizeof(LV2_Atom_Object_Body);
  if (size < sizeof(LV2_Atom) || atom->size > size - sizeof(LV2_Atom) ||
      atom->type != atoms->object || atom->size < sizeof(LV2_Atom_Object_Body) ||
      ((const LV2_Atom_Object_Body*)(atom + 1))->otype != atoms->caption) {
    return false;
  }
  while ((size_t)(end - at) >= sizeof(LV2_Atom_Property_Body)) {
    const LV2_Atom_Property_Body* const property = (const LV2_Atom_Property_Body*)(const void*)at;
    const size_t                        left = (size_t)(end - at) - sizeof(*property);
    if (property->value.size > left) {
      return false;
    }
    for (int i = 0; i < N_KEYS; ++i) {
      found->values[i] = property->key == atoms->keys[i] ? &property->value : found->values[i];
    }
    const size_t padded = ((size_t)property->value.size + 7U) & ~(size_t)7U;
    at += sizeof(*property) + (padded < left ? padded : left);
  }
  return true;
}

/// A number that is not negative, int or long
static bool
read_number(const PinnaCaptionAtoms* const atoms, const LV2_Atom* const value,
            uint64_t* const number) {
  int32_t narrow = -1;
  int64_t wide = -1;
  if (value && value->type == atoms->integer && value->size == sizeof(narrow)) {
    memcpy(&narrow, value + 1, sizeof(narrow));
    wide = narrow;
  } else if (value && value->type == atoms->integer64 && value->size == sizeof(wide)) {
    memcpy(&wide, value + 1, sizeof(wide));
  }
  *number = (uint64_t)wide;
  return wide >= 0;
}

/// Items of a vector of n, NULL if it is another
static const void*
vector_of(const PinnaCaptionAtoms* const atoms, const LV2_Atom* const value, const LV2_URID type,
          const uint32_t size, const uint32_t n) {
  if (!value || value->type != atoms->vector ||
      value->size != sizeof(LV2_Atom_Vector_Body) + (size_t)size * n) {
    return NULL;
  }
  const LV2_Atom_Vector_Body* const body = (const LV2_Atom_Vector_Body*)(value + 1);
  return body->child_type == type && body->child_size == size ? body + 1 : NULL;
}

static bool
read_words(const PinnaCaptionAtoms* const atoms, const Found* const found,
           PinnaCaption* const caption) {
  const LV2_Atom* const last = found->values[LOG_PROBS];
  const size_t          n = !last || last->size < sizeof(LV2_Atom_Vector_Body)
                                ? 0U
                                : (last->size - sizeof(LV2_Atom_Vector_Body)) / sizeof(float);
  if (!last) {
    return true;
  }
  const uint32_t       count = n <= PINNA_CAPTION_MAX_WORDS ? (uint32_t)n : 0U;
  const int64_t* const times =
      (const int64_t*)vector_of(atoms, found->values[TIMES], atoms->integer64, 8U, 2U * count);
  const int32_t* const texts =
      (const int32_t*)vector_of(atoms, found->values[TEXTS], atoms->integer, 4U, 2U * count);
  const float* const log_probs = (const float*)vector_of(atoms, last, atoms->real, 4U, count);
  if (!times || !texts || !log_probs) {
    return false;
  }
  for (uint32_t i = 0U; i < count; ++i) {
    const int64_t start = times[2U * i];
    const int64_t end = times[2U * i + 1U];
    const int32_t text = texts[2U * i];
    const int32_t length = texts[2U * i + 1U];
    if (start < 0 || end < start || text < 0 || length < 0 ||
        (int64_t)text + length > (int64_t)caption->n_text || isnan(log_probs[i])) {
      return false;
    }
    caption->words[i] = (PinnaCaptionWord){(uint64_t)start, (uint64_t)end, log_probs[i],
                                           (uint16_t)text, (uint16_t)length};
    caption->log_prob += log_probs[i];
  }
  caption->n_words = count;
  return true;
}

static bool
read_text(const PinnaCaptionAtoms* const atoms, const Found* const found,
          PinnaCaption* const caption) {
  const LV2_Atom* const text = found->values[TEXT];
  uint64_t              stable = 0U;
  if (!text || text->type != atoms->string || !text->size || text->size > PINNA_CAPTION_MAX_TEXT) {
    return false;
  }
  memcpy(caption->text, text + 1, text->size);
  caption->text[text->size - 1U] = '\0';
  caption->n_text = (uint32_t)strlen(caption->text);
  for (char* p = caption->text; *p; ++p) {
    *p = (unsigned char)*p < 0x20U ? ' ' : *p; // Lines are the sinks' business
  }
  if (!read_number(atoms, found->values[STABLE], &stable) || stable > caption->n_text) {
    return false;
  }
  caption->n_stable = (uint32_t)stable;
  return read_words(atoms, found, caption);
}

bool
pinna_caption_atoms_read(const PinnaCaptionAtoms* const atoms, const void* const atom,
                         const uint32_t size, PinnaCaption* const caption) {
  Found    found = {{NULL}};
  uint64_t kind = 0U;
  uint64_t rate = 0U;
  if (size < sizeof(LV2_Atom) || !find_properties(atoms, (const LV2_Atom*)atom, size, &found) ||
      !read_number(atoms, found.values[KIND], &kind) || kind > PINNA_CAPTION_BEHIND ||
      !read_number(atoms, found.values[RATE], &rate) || !rate || rate > 1000000U ||
      !read_number(atoms, found.values[SEGMENT], &caption->segment) ||
      !read_number(atoms, found.values[START], &caption->start) ||
      !read_number(atoms, found.values[END], &caption->end) || caption->end < caption->start) {
    return false;
  }
  caption->kind = (PinnaCaptionKind)kind;
  caption->rate = (uint32_t)rate;
  caption->log_prob = 0.0F;
  caption->n_stable = 0U;
  caption->n_text = 0U;
  caption->n_words = 0U;
  caption->text[0] = '\0';
  return kind >= PINNA_CAPTION_GAP || read_text(atoms, &found, caption);
}
