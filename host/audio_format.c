// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/audio_format.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

// Tables of containers and encodings, checked against what this libsndfile can write

typedef struct {
  const char* name;
  int         value;
} Name;

static const Name containers[] = {
    {"wav", SF_FORMAT_WAV},   {"wave", SF_FORMAT_WAV},  {"flac", SF_FORMAT_FLAC},
    {"ogg", SF_FORMAT_OGG},   {"oga", SF_FORMAT_OGG},   {"opus", SF_FORMAT_OGG},
    {"mp3", SF_FORMAT_MPEG},  {"aiff", SF_FORMAT_AIFF}, {"aif", SF_FORMAT_AIFF},
    {"aifc", SF_FORMAT_AIFF}, {"au", SF_FORMAT_AU},     {"snd", SF_FORMAT_AU},
    {"w64", SF_FORMAT_W64},   {"rf64", SF_FORMAT_RF64}, {"wavex", SF_FORMAT_WAVEX},
    {"caf", SF_FORMAT_CAF},   {"voc", SF_FORMAT_VOC},   {"raw", SF_FORMAT_RAW},
    {"sf", SF_FORMAT_IRCAM},  {"nist", SF_FORMAT_NIST}, {"mat5", SF_FORMAT_MAT5},
};

/// Best first
static const Name encodings[] = {
    {"float", SF_FORMAT_FLOAT},        {"pcm24", SF_FORMAT_PCM_24},   {"vorbis", SF_FORMAT_VORBIS},
    {"mp3", SF_FORMAT_MPEG_LAYER_III}, {"opus", SF_FORMAT_OPUS},      {"pcm32", SF_FORMAT_PCM_32},
    {"double", SF_FORMAT_DOUBLE},      {"pcm16", SF_FORMAT_PCM_16},   {"pcm8", SF_FORMAT_PCM_S8},
    {"pcmu8", SF_FORMAT_PCM_U8},       {"alaw", SF_FORMAT_ALAW},      {"ulaw", SF_FORMAT_ULAW},
    {"alac16", SF_FORMAT_ALAC_16},     {"alac24", SF_FORMAT_ALAC_24},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const Name*
find(const Name* const table, const size_t n, const char* const name) {
  for (size_t i = 0U; i < n; ++i) {
    if (!strcasecmp(table[i].name, name)) {
      return table + i;
    }
  }

  return NULL;
}

static void
append(char* const text, const size_t size, const char* const name) {
  const size_t used = strlen(text);
  snprintf(text + used, size - used, "%s%s", used ? ", " : "", name);
}

static bool
works(const SF_INFO* const info, const int format) {
  SF_INFO trial = *info;
  trial.format = format;
  return sf_format_check(&trial);
}

static PinnaStatus
unknown_container(PinnaError* const error, const char* const name) {
  char list[512] = "";
  for (size_t i = 0U; i < COUNT(containers); ++i) {
    append(list, sizeof(list), containers[i].name);
  }

  return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                    "There is no sound file format '%s'; there are: %s", name, list);
}

static PinnaStatus
no_encoding(PinnaError* const error, const SF_INFO* const info, const Name* const container,
            const char* const name) {
  char list[512] = "";
  for (size_t i = 0U; i < COUNT(encodings); ++i) {
    if (works(info, container->value | encodings[i].value)) {
      append(list, sizeof(list), encodings[i].name);
    }
  }
  if (!list[0]) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                      "%s cannot hold %d channels at %d Hz: choose another format or sample rate",
                      container->name, info->channels, info->samplerate);
  }

  return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                    "%s cannot hold '%s' with %d channels at %d Hz; it can hold: %s",
                    container->name, name, info->channels, info->samplerate, list);
}

PinnaStatus
pinna_audio_format(SF_INFO* const info, const char* const path, const char* const format,
                   const char* const subformat, PinnaError* const error) {
  const char* const slash = strrchr(path, '/');
  const char* const dot = strrchr(slash ? slash : path, '.');
  const Name*       container = containers;
  if (format) {
    container = find(containers, COUNT(containers), format);
  } else if (dot && find(containers, COUNT(containers), dot + 1)) {
    container = find(containers, COUNT(containers), dot + 1);
  }
  if (!container) {
    return unknown_container(error, format);
  }

  const Name* encoding = NULL;
  if (subformat) {
    encoding = find(encodings, COUNT(encodings), subformat);
    if (!encoding || !works(info, container->value | encoding->value)) {
      return no_encoding(error, info, container, subformat);
    }
  } else if (!strcasecmp(container->name, "opus")) {
    encoding = find(encodings, COUNT(encodings), "opus");
  }
  for (size_t i = 0U; i < COUNT(encodings) && !encoding; ++i) {
    encoding = works(info, container->value | encodings[i].value) ? encodings + i : NULL;
  }
  if (!encoding || !works(info, container->value | encoding->value)) {
    return no_encoding(error, info, container, "sound");
  }

  info->format = container->value | encoding->value;
  return PINNA_STATUS_OK;
}
