// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/log.h"
#include "host/scene.h"
#include "host/stand_in.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A scene's state: for each node a folder by the plugin, and a note of what the file said by then

static json_t*
note_of(const PinnaScene* const scene, const unsigned i) {
  const PinnaConfigNode* const node = &scene->config->nodes[i];
  json_t* const                set = json_object();
  for (unsigned s = 0; s < node->n_set; ++s) {
    json_object_set_new(set, node->set[s].symbol, json_string(node->set[s].value));
  }
  return json_pack("{s:s, s:s?, s:b, s:b, s:o}", "plugin", node->plugin, "preset", node->preset,
                   "bypass", (int)node->bypass, "file_bypass", (int)scene->file_bypass[i], "set",
                   set);
}

static bool
copy_file(const char* const from, const char* const to) {
  FILE* const in = fopen(from, "re");
  FILE* const out = in ? fopen(to, "we") : NULL;
  char        bytes[16384];
  bool        good = out;
  for (size_t n = 1; good && n;) {
    n = fread(bytes, 1, sizeof(bytes), in);
    good = fwrite(bytes, 1, n, out) == n && !ferror(in);
  }
  if (in) {
    fclose(in);
  }
  return (!out || !fclose(out)) && good;
}

/// A file, a link as it is, or a folder with all below it
static bool
copy(const char* const from, const char* const to) {
  char        text[PATH_MAX];
  char        below[PATH_MAX];
  struct stat info;
  if (lstat(from, &info) || S_ISREG(info.st_mode)) {
    return copy_file(from, to);
  }
  if (S_ISLNK(info.st_mode)) {
    const ssize_t n = readlink(from, text, sizeof(text) - 1U);
    text[n > 0 ? n : 0] = '\0';
    return n > 0 && !symlink(text, to);
  }

  struct dirent** entries = NULL;
  const int       n = scandir(from, &entries, NULL, NULL);
  bool            good = n >= 0 && !mkdir(to, 0755);
  for (int i = 0; i < n; ++i) {
    const char* const name = entries[i]->d_name;
    if (good && strcmp(name, ".") && strcmp(name, "..")) {
      good = snprintf(text, sizeof(text), "%s/%s", from, name) < (int)sizeof(text) &&
             snprintf(below, sizeof(below), "%s/%s", to, name) < (int)sizeof(below) &&
             copy(text, below);
    }
    free(entries[i]);
  }
  free((void*)entries);
  return good;
}

/// What was known of a missing node is kept for its return. @return false if it cannot be written
static bool
keep_node(const char* const id, const char* const older, const char* const dir) {
  char        from[PATH_MAX];
  char        to[PATH_MAX];
  struct stat info;
  snprintf(from, sizeof(from), "%s/%s.json", older, id);
  snprintf(to, sizeof(to), "%s/%s.json", dir, id);
  if (stat(from, &info)) {
    return true; // It never had a state
  }
  const bool noted = copy_file(from, to);
  snprintf(from, sizeof(from), "%s/%s", older, id);
  snprintf(to, sizeof(to), "%s/%s", dir, id);
  return noted && copy(from, to);
}

static PinnaStatus
save_node(const PinnaScene* const scene, const unsigned i, const char* const dir,
          PinnaError* const error) {
  char              path[PATH_MAX];
  const char* const id = scene->config->nodes[i].id;
  json_t* const     note = note_of(scene, i);
  snprintf(path, sizeof(path), "%s/%s.json", dir, id);
  const bool noted = note && !json_dump_file(note, path, JSON_INDENT(2));
  json_decref(note);

  snprintf(path, sizeof(path), "%s/%s", dir, id);
  if (!noted || mkdir(path, 0755)) {
    return pinna_fail(error, PINNA_STATUS_IO, "Cannot save the state of '%s' in %s: %s", id, dir,
                      strerror(errno));
  }
  return pinna_instance_save(scene->instances[i], path, error);
}

PinnaStatus
pinna_scene_save(const PinnaScene* const scene, const char* const dir, const char* const older,
                 PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  for (unsigned i = 0; i < scene->config->n_nodes && !status; ++i) {
    const char* const id = scene->config->nodes[i].id;
    if (!pinna_stand_in_reason(scene->instances[i])) {
      status = save_node(scene, i, dir, error);
    } else if (older && !keep_node(id, older, dir)) {
      status = pinna_fail(error, PINNA_STATUS_IO, "Cannot keep the state of '%s' in %s: %s", id,
                          dir, strerror(errno));
    }
  }
  return status;
}

static bool
same_word(const json_t* const value, const char* const text) {
  const char* const word = json_string_value(value);
  return word == text || (word && text && !strcmp(word, text));
}

static void
restore_node(const PinnaScene* const scene, const unsigned i, const char* const dir) {
  PinnaConfigNode* const node = &scene->config->nodes[i];
  char                   path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/%s.json", dir, node->id);
  json_t* const note = json_load_file(path, 0, NULL);
  if (!note || !same_word(json_object_get(note, "plugin"), node->plugin) ||
      !same_word(json_object_get(note, "preset"), node->preset)) {
    json_decref(note);
    return; // A new node, or another plugin by this name: the file's values stand
  }

  PinnaError error = {""};
  snprintf(path, sizeof(path), "%s/%s", dir, node->id);
  if (pinna_instance_restore(scene->instances[i], path, &error)) {
    pinna_log(PINNA_LOG_WARNING, "The state of '%s' was not restored: %s", node->id, error.text);
  }
  const json_t* const set = json_object_get(note, "set");
  for (unsigned s = 0; s < node->n_set; ++s) {
    if (!same_word(json_object_get(set, node->set[s].symbol), node->set[s].value)) {
      pinna_instance_set_text(scene->instances[i], node->set[s].symbol, node->set[s].value, NULL);
    }
  }
  pinna_instance_reset(scene->instances[i]);
  if (json_is_true(json_object_get(note, "file_bypass")) == scene->file_bypass[i]) {
    node->bypass = json_is_true(json_object_get(note, "bypass"));
  }
  json_decref(note);
}

void
pinna_scene_restore(const PinnaScene* const scene, const PinnaScene* const old,
                    const char* const dir) {
  for (unsigned i = 0; i < scene->config->n_nodes; ++i) {
    unsigned   before = 0;
    const bool returned = old && old->instances &&
                          !pinna_scene_find(old, scene->config->nodes[i].id, &before, NULL) &&
                          pinna_stand_in_reason(old->instances[before]);
    if (!pinna_stand_in_reason(scene->instances[i]) && (!old || returned)) {
      restore_node(scene, i, dir);
    }
  }
}
