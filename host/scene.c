// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/scene.h"

#include "host/log.h"
#include "host/nearest.h"
#include "host/paths.h"
#include "host/stand_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Making a scene's plugins, and sharing them with the scene before

static bool
same_text(const char* const a, const char* const b) {
  return a == b || (a && b && !strcmp(a, b));
}

PinnaStatus
pinna_scene_new(PinnaScene** const scene, PinnaConfig* const config, PinnaError* const error) {
  PinnaScene* const made = calloc(1, sizeof(PinnaScene));
  *scene = made;
  if (made) {
    made->config = config;
    made->file_bypass = calloc(config->n_nodes + 1U, sizeof(bool));
    made->muted = calloc(config->n_nodes + 1U, sizeof(bool));
  }
  if (!made || !made->file_bypass || !made->muted) {
    *scene = NULL;
    if (made) {
      pinna_scene_free(made, NULL);
    } else {
      pinna_config_free(config);
    }
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  for (unsigned i = 0; i < config->n_nodes; ++i) {
    made->file_bypass[i] = config->nodes[i].bypass;
  }
  return PINNA_STATUS_OK;
}

static bool
plays(const PinnaScene* const scene, const PinnaInstance* const instance) {
  for (unsigned i = 0; scene && scene->instances && i < scene->config->n_nodes; ++i) {
    if (scene->instances[i] == instance) {
      return true;
    }
  }
  return false;
}

static void
free_instances(PinnaInstance** const instances, const unsigned n, const PinnaScene* const keep) {
  for (unsigned i = 0; instances && i < n; ++i) {
    if (!plays(keep, instances[i])) {
      pinna_instance_free(instances[i]);
    }
  }
  free((void*)instances);
}

void
pinna_scene_free(PinnaScene* const scene, const PinnaScene* const keep) {
  if (scene) {
    free_instances(scene->instances, scene->config->n_nodes, keep);
    pinna_config_free(scene->config);
    free(scene->file_bypass);
    free(scene->muted);
    free(scene);
  }
}

/// Index of the node of `old` that plays on in `node`, or -1
static int
find_shared(const PinnaScene* const old, const PinnaConfigNode* const node) {
  for (unsigned i = 0; old && old->instances && i < old->config->n_nodes; ++i) {
    const PinnaConfigNode* const before = &old->config->nodes[i];
    if (!strcmp(before->id, node->id) && !strcmp(before->plugin, node->plugin) &&
        same_text(before->preset, node->preset) && !pinna_stand_in_reason(old->instances[i])) {
      return (int)i;
    }
  }
  return -1;
}

static const char*
value_in(const PinnaConfigNode* const node, const char* const symbol) {
  for (unsigned i = 0; i < node->n_set; ++i) {
    if (!strcmp(node->set[i].symbol, symbol)) {
      return node->set[i].value;
    }
  }
  return NULL;
}

/// @param bad Receives the value that is wrong
static PinnaStatus
check_values(PinnaInstance* const instance, const PinnaConfigNode* const node,
             const PinnaConfigSet** const bad, PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  for (unsigned i = 0; i < node->n_set && !status; ++i) {
    status = pinna_instance_check_text(instance, node->set[i].symbol, node->set[i].value, error);
    *bad = status ? &node->set[i] : NULL;
  }
  return status;
}

static PinnaStatus
make(PinnaInstance** const instance, PinnaWorld* const world,
     const PinnaInstanceConfig* const settings, const PinnaConfigNode* const node,
     const PinnaConfigSet** const bad, PinnaError* const error) {
  PinnaStatus status = pinna_instance_new(instance, world, node->plugin, settings, error);
  if (!status && node->preset) {
    status = pinna_instance_preset(*instance, node->preset, error);
  }
  for (unsigned i = 0; i < node->n_set && !status; ++i) {
    status = pinna_instance_set_text(*instance, node->set[i].symbol, node->set[i].value, error);
    *bad = status ? &node->set[i] : NULL;
  }
  if (status) {
    pinna_instance_free(*instance);
    *instance = NULL;
  } else {
    pinna_instance_reset(*instance); // Nothing is heard of the values' way to where they are
  }
  return status;
}

/// @param bad The value that is wrong, or NULL
static void
add_reason(PinnaError* const all, const PinnaConfig* const config, const char* const id,
           const PinnaConfigSet* const bad, const PinnaError* const reason) {
  if (all) {
    const size_t used = strlen(all->text);
    snprintf(all->text + used, sizeof(all->text) - used, "%s%s%sNode '%s': %s", used ? "\n" : "",
             bad ? config->file : "", bad ? bad->place : "", id, reason->text);
  }
}

/// True if sound goes on without this node: a reload takes nothing away that plays
static bool
may_be_missing(const PinnaScene* const scene, const PinnaScene* const old,
               const PinnaConfigNode* const node) {
  unsigned i = 0;
  return scene->goes_on && !node->required &&
         (!old ||
          (!pinna_scene_find(old, node->id, &i, NULL) && pinna_stand_in_reason(old->instances[i])));
}

/// Put a through path in the node's place, and say so
static PinnaStatus
pass_by(PinnaInstance** const instance, const PinnaConfigNode* const node,
        const PinnaError* const reason) {
  const PinnaStatus status = pinna_stand_in_new(instance, node->plugin, reason->text, NULL);
  if (!status) {
    pinna_log(PINNA_LOG_ERROR,
              "Node '%s' is missing and its input is passed on unchanged: %s (mend this and ask "
              "for a reload, or write 'required: yes' to start with it only)",
              node->id, reason->text);
  }
  return status;
}

static PinnaStatus
make_all(PinnaInstance*** const instances, const PinnaScene* const scene, PinnaWorld* const world,
         const PinnaInstanceConfig* const settings, const PinnaScene* const old,
         PinnaError* const error) {
  const PinnaConfig* const config = scene->config;
  PinnaInstance** const    made = (PinnaInstance**)calloc(config->n_nodes + 1U, sizeof(*made));
  if (!made) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }

  PinnaStatus first = PINNA_STATUS_OK;
  for (unsigned i = 0; i < config->n_nodes; ++i) {
    const PinnaConfigNode* const node = &config->nodes[i];
    const int                    shared = find_shared(old, node);
    const PinnaConfigSet*        bad = NULL;
    PinnaError                   reason = {""};
    if (shared >= 0) {
      made[i] = old->instances[shared];
    }
    PinnaStatus status = shared >= 0 ? check_values(made[i], node, &bad, &reason)
                                     : make(&made[i], world, settings, node, &bad, &reason);
    if (status && shared < 0 && may_be_missing(scene, old, node)) {
      status = pass_by(&made[i], node, &reason);
    }
    if (status) {
      first = first ? first : status;
      add_reason(error, config, node->id, bad, &reason);
    }
  }
  if (first) {
    free_instances(made, config->n_nodes, old);
    return first;
  }
  *instances = made;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_scene_equip(PinnaScene* const scene, PinnaWorld* const world,
                  const PinnaInstanceConfig* const settings, const PinnaScene* const old,
                  PinnaError* const error) {
  PinnaConfig* const config = scene->config;
  const PinnaStatus  status = make_all(&scene->instances, scene, world, settings, old, error);
  for (unsigned i = 0; i < config->n_nodes && !status; ++i) {
    const int shared = find_shared(old, &config->nodes[i]);
    if (shared >= 0 && old->file_bypass[shared] == scene->file_bypass[i]) {
      config->nodes[i].bypass = old->config->nodes[shared].bypass;
    }
  }
  return status;
}

void
pinna_scene_adopt(const PinnaScene* const scene, const PinnaScene* const old) {
  for (unsigned i = 0; i < scene->config->n_nodes; ++i) {
    const PinnaConfigNode* const node = &scene->config->nodes[i];
    const int                    shared = find_shared(old, node);
    for (unsigned s = 0; shared >= 0 && s < node->n_set; ++s) {
      const PinnaConfigSet* const set = &node->set[s];
      if (!same_text(value_in(&old->config->nodes[shared], set->symbol), set->value)) {
        pinna_instance_set_text(scene->instances[i], set->symbol, set->value, NULL);
      }
    }
  }
}

PinnaStatus
pinna_scene_move(PinnaScene* const scene, PinnaWorld* const world,
                 const PinnaInstanceConfig* const settings, const PinnaScene* const keep,
                 PinnaError* const error) {
  PinnaInstance**   fresh = NULL;
  const PinnaStatus status = make_all(&fresh, scene, world, settings, NULL, error);
  if (status) {
    return status;
  }

  char              dir[512];
  PinnaError        reason = {""};
  const char* const tmp = getenv("TMPDIR");
  snprintf(dir, sizeof(dir), "%s/pinna-move-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
  const bool has_dir = mkdtemp(dir);
  const bool saved = has_dir && !pinna_scene_save(scene, dir, NULL, &reason);
  free_instances(scene->instances, scene->config->n_nodes, keep);
  scene->instances = fresh;
  if (saved) {
    pinna_scene_restore(scene, NULL, dir);
  } else {
    pinna_log(PINNA_LOG_WARNING, "The plugins' state could not be carried over: %s",
              has_dir ? reason.text : "no temporary folder");
  }
  if (has_dir) {
    pinna_paths_remove(dir);
  }
  return PINNA_STATUS_OK;
}

unsigned
pinna_scene_n_missing(const PinnaScene* const scene, const char** const first) {
  unsigned n = 0;
  for (unsigned i = scene->instances ? scene->config->n_nodes : 0U; i-- > 0U;) {
    if (pinna_stand_in_reason(scene->instances[i])) {
      ++n;
      if (first) {
        *first = scene->config->nodes[i].id;
      }
    }
  }
  return n;
}

PinnaStatus
pinna_scene_find(const PinnaScene* const scene, const char* const id, unsigned* const node,
                 PinnaError* const error) {
  PinnaNearest nearest = pinna_nearest(id);
  for (unsigned i = 0; i < scene->config->n_nodes; ++i) {
    const char* const name = scene->config->nodes[i].id;
    if (!strcmp(name, id)) {
      *node = i;
      return PINNA_STATUS_OK;
    }
    pinna_nearest_offer(&nearest, name, name);
  }
  char hint[256];
  return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "There is no node '%s'%s", id,
                    pinna_nearest_text(&nearest, hint, sizeof(hint)));
}
