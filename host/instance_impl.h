// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_INSTANCE_IMPL_H
#define PINNA_HOST_INSTANCE_IMPL_H

#include "base/ring.h"
#include "host/instance.h"
#include "host/lv2_features.h"
#include "host/lv2_log.h"
#include "host/lv2_worker.h"

#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <stdatomic.h>

// One plugin instance: what its realtime side, its planning side and the extensions share

typedef struct {
  PinnaPortInfo   info;
  const LilvPort* lilv;
  _Atomic float   shared;  ///< Control: wanted input, or output as of the last run
  float           value;   ///< Control: what the plugin is connected to
  void*           buffer;  ///< Audio: what the plugin is connected to now
  float*          scratch; ///< Audio output: where unwanted samples go

  LV2_Atom_Sequence* sequence; ///< Atom: events of this run, or NULL if unconnected
  uint32_t           capacity; ///< Bytes of `sequence`
} PinnaPort;

/// Who may touch the plugin: the audio thread while it runs, or the control thread to restore
typedef enum { PINNA_GATE_OPEN, PINNA_GATE_RUNNING, PINNA_GATE_CLOSED } PinnaGate;

struct PinnaInstanceImpl {
  PinnaWorld*       world;
  const LilvPlugin* plugin;
  LilvInstance*     lilv;
  char*             name;
  char* missing; ///< Why this only stands in for a plugin (then `lilv` is NULL), or NULL
  PinnaInstanceConfig config;

  PinnaPort* ports;
  uint32_t   n_ports;

  uint32_t* audio_in; ///< Port indices, main channels first
  uint32_t* audio_out;
  uint32_t* control_in;
  uint32_t* control_out;
  uint32_t* atom_in;
  uint32_t* atom_out;
  uint32_t  n_audio_in;
  uint32_t  n_audio_out;
  uint32_t  n_main_in;
  uint32_t  n_main_out;
  uint32_t  n_control_in;
  uint32_t  n_control_out;
  uint32_t  n_atom_in;
  uint32_t  n_atom_out;

  PinnaPort* latency_port; ///< Or NULL

  PinnaParameterInfo* parameters; ///< [n_parameters]
  uint32_t            n_parameters;

  atomic_int gate;     ///< PinnaGate
  uint64_t   n_frames; ///< Since activation, audio thread
  bool       active;   ///< Between activate and deactivate, control thread
  bool       split;    ///< Cut runs into powers of two
  bool       in_place;

  void*      memory;     ///< Arena of all that follows
  float*     silence;    ///< [max_block]
  PinnaRing* events_in;  ///< Control thread to audio thread: type is the port
  PinnaRing* events_out; ///< Audio thread to control thread: type is the port
  char*      event;      ///< [event_size] Scratch of the control thread
  uint32_t   event_size;
  LV2_URID   urid_chunk;
  LV2_URID   urid_sequence;

  PinnaFeatures features;
  PinnaWorker*  worker;      ///< Or NULL, if the plugin has no use for it
  PinnaWorker*  idle_worker; ///< The worker that is not used
  PinnaLv2Log*  log;

  float saved_value; ///< Handed to lilv while saving
  char* scratch_dir; ///< Folder of files the plugin made, or NULL

  struct PinnaPresetImpl* presets; ///< [n_presets], NULL until asked for
  uint32_t                n_presets;
};

#endif // PINNA_HOST_INSTANCE_IMPL_H
