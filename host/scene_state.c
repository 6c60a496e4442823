// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/log.h"
#include "host/scene.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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
pinna_scene_save(const PinnaScene* const scene, const char* const dir, PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  for (unsigned i = 0; i < scene->config->n_nodes && !status; ++i) {
    status = save_node(scene, i, dir, error);
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
  if (json_is_true(json_object_get(note, "file_bypass")) == scene->file_bypass[i]) {
    node->bypass = json_is_true(json_object_get(note, "bypass"));
  }
  json_decref(note);
}

void
pinna_scene_restore(const PinnaScene* const scene, const char* const dir) {
  for (unsigned i = 0; i < scene->config->n_nodes; ++i) {
    restore_node(scene, i, dir);
  }
}
