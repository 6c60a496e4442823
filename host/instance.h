// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_INSTANCE_H
#define PINNA_HOST_INSTANCE_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/log.h"
#include "host/world.h"

#include <stdbool.h>
#include <stdint.h>

// One running LV2 plugin: ports, controls, worker, presets, state; any plugin, known by URI only

typedef struct PinnaInstanceImpl PinnaInstance;

typedef enum { PINNA_PORT_AUDIO, PINNA_PORT_CV, PINNA_PORT_CONTROL, PINNA_PORT_ATOM } PinnaPortKind;

typedef enum {
  PINNA_PORT_IS_INPUT = 1U << 0U,
  PINNA_PORT_TOGGLED = 1U << 1U,
  PINNA_PORT_INTEGER = 1U << 2U,
  PINNA_PORT_ENUMERATION = 1U << 3U,
  PINNA_PORT_LOGARITHMIC = 1U << 4U,
  PINNA_PORT_LATENCY = 1U << 5U,   ///< Designation lv2:latency
  PINNA_PORT_ENABLED = 1U << 6U,   ///< Designation lv2:enabled
  PINNA_PORT_FREEWHEEL = 1U << 7U, ///< Designation lv2:freeWheeling
  PINNA_PORT_OPTIONAL = 1U << 8U,
  PINNA_PORT_SIDECHAIN = 1U << 9U,
  PINNA_PORT_TRIGGER = 1U << 10U, ///< Falls back to its default after one run
  PINNA_PORT_MIDI = 1U << 11U,    ///< Atom port that takes or gives MIDI
  PINNA_PORT_PATCH = 1U << 12U    ///< Atom port that takes or gives patch messages
} PinnaPortFlag;

typedef struct {
  const char* label;
  float       value;
} PinnaScalePoint;

/// What is known of one port; strings live as long as the instance (or the description)
typedef struct {
  const char*            symbol;
  const char*            name;
  const char*            unit; ///< Symbol such as "dB" or "Hz", or ""
  PinnaPortKind          kind;
  uint32_t               flags;   ///< PinnaPortFlag
  float                  minimum; ///< -INFINITY if the plugin names none
  float                  maximum; ///< INFINITY if the plugin names none
  float                  initial; ///< Default value
  const PinnaScalePoint* points;
  uint32_t               n_points;
} PinnaPortInfo;

/// A parameter that messages set (patch:writable); strings live as long as the instance
typedef struct {
  char* uri;
  char* symbol;  ///< Or the last part of the URI
  char* label;   ///< Or ""
  char* type;    ///< URI of its rdfs:range, such as atom:Path, or NULL
  char* comment; ///< Or NULL
  float minimum; ///< -INFINITY if the plugin names none
  float maximum;
} PinnaParameterInfo;

/// Receives one line that a plugin logged, without the newline. Control thread.
typedef void (*PinnaPluginLogFunc)(void* handle, PinnaLogLevel level, const char* plugin,
                                   const char* line);

typedef struct {
  double             sample_rate; ///< Hz
  uint32_t           max_block;   ///< Largest n_frames of a run
  bool               offline;     ///< Worker jobs run synchronously, freeWheeling ports are set
  bool               fixed_block; ///< Every run has exactly max_block frames
  PinnaPluginLogFunc log;         ///< NULL: pinna_log()
  void*              log_handle;
} PinnaInstanceConfig;

/// Instantiate and activate. Control thread.
/// @return NOT_FOUND, UNSUPPORTED (names the required feature, or the plugin refuses to start),
///         BAD_FILE (its library or description), NO_MEM, BAD_ARG (sample rate, block)
PINNA_API PinnaStatus pinna_instance_new(PinnaInstance** instance, PinnaWorld* world,
                                         const char* uri, const PinnaInstanceConfig* config,
                                         PinnaError* error);

/// Deactivate and free. NULL is allowed. The audio thread must have let go of it.
PINNA_API void pinna_instance_free(PinnaInstance* instance);

PINNA_API const char* pinna_instance_uri(const PinnaInstance* instance);

/// Human-readable plugin name
PINNA_API const char* pinna_instance_name(const PinnaInstance* instance);

PINNA_API uint32_t pinna_instance_n_ports(const PinnaInstance* instance);

PINNA_API const PinnaPortInfo* pinna_instance_port(const PinnaInstance* instance, uint32_t port);

/// Number of all channels: audio in port order, then CV, then side chains
PINNA_API uint32_t pinna_instance_n_audio_in(const PinnaInstance* instance);
PINNA_API uint32_t pinna_instance_n_audio_out(const PinnaInstance* instance);

/// Number of the channels that carry the signal, which come first: audio that is no side chain, or
/// CV if there is no such audio
PINNA_API uint32_t pinna_instance_n_main_in(const PinnaInstance* instance);
PINNA_API uint32_t pinna_instance_n_main_out(const PinnaInstance* instance);

/// Port index of audio input or output `channel`
PINNA_API uint32_t pinna_instance_audio_in(const PinnaInstance* instance, uint32_t channel);
PINNA_API uint32_t pinna_instance_audio_out(const PinnaInstance* instance, uint32_t channel);

/// Index of the port with this symbol.
/// @return NOT_FOUND: the error names the nearest symbols
PINNA_API PinnaStatus pinna_instance_find(const PinnaInstance* instance, const char* symbol,
                                          uint32_t* port, PinnaError* error);

/// Set a control input: taken over at the start of the next run. Any thread, realtime.
/// Values outside the port's range are clamped, NaN is refused (nothing changes).
PINNA_API void pinna_instance_set(PinnaInstance* instance, uint32_t port, float value) PINNA_RT;

/// Last value of a control input, or of a control output after the last run. Any thread, realtime.
PINNA_API float pinna_instance_get(const PinnaInstance* instance, uint32_t port) PINNA_RT;

/// The i-th parameter, or NULL
PINNA_API const PinnaParameterInfo* pinna_instance_parameter(const PinnaInstance* instance,
                                                             uint32_t             i);

/// Set a control from text: a number, which may carry the port's unit or a multiple of it (3dB,
/// 2kHz, 20 ms), a scale point's label, or on/off/yes/no/true/false for toggles. Or a parameter, by
/// symbol, label or URI: a path (relative ones are of the working folder), a text, a number, or
/// on/off; the plugin takes it in the next run, or before it, if pinna_instance_reset() comes
/// first. Control thread.
/// @return NOT_FOUND, BAD_ARG (also out of range), UNSUPPORTED, BUSY: the error names symbol, text,
///         range or labels, or the parameters that there are
PINNA_API PinnaStatus pinna_instance_set_text(PinnaInstance* instance, const char* symbol,
                                              const char* text, PinnaError* error);

/// See whether pinna_instance_set_text() would do it. Control thread.
PINNA_API PinnaStatus pinna_instance_check_text(PinnaInstance* instance, const char* symbol,
                                                const char* text, PinnaError* error);

/// Apply a preset by URI or by label (case-insensitive). Control thread.
/// @return NOT_FOUND: the error lists the plugin's presets
PINNA_API PinnaStatus pinna_instance_preset(PinnaInstance* instance, const char* preset,
                                            PinnaError* error);

/// Labels of the plugin's presets: NULL-terminated array, free with pinna_instance_free_labels()
PINNA_API char** pinna_instance_preset_labels(PinnaInstance* instance);
PINNA_API void   pinna_instance_free_labels(char** labels);

/// Save control values and plugin state (files through state:mapPath) under the folder `dir`,
/// which exists and is empty. Control thread, also while running if the plugin allows it.
PINNA_API PinnaStatus pinna_instance_save(PinnaInstance* instance, const char* dir,
                                          PinnaError* error);

/// Restore what pinna_instance_save() wrote. Control thread.
/// @return BAD_FILE: missing or malformed; the instance keeps its values
PINNA_API PinnaStatus pinna_instance_restore(PinnaInstance* instance, const char* dir,
                                             PinnaError* error);

/// Have the plugin take the parameters that were set, forget all signal history (deactivate,
/// activate) and learn the latency that the present values give. Control thread, while no audio
/// thread runs the instance.
PINNA_API void pinna_instance_reset(PinnaInstance* instance);

/// Delay of the audio outputs in frames, from the latency port; 0 without one. Known from the
/// start for the values of that moment, then updated by each run. Realtime.
PINNA_API uint32_t pinna_instance_latency(const PinnaInstance* instance) PINNA_RT;

/// Run one block: copies pending controls, connects audio, runs, delivers worker responses.
/// Audio thread only, realtime as far as the plugin is. With 0 frames the plugin is not called.
/// While a state is restored into a plugin that cannot take it running, the outputs are silent.
/// @param in  [pinna_instance_n_audio_in() x n_frames]; NULL entries are silence
/// @param out [pinna_instance_n_audio_out() x n_frames]; NULL entries are thrown away; may equal
///            entries of `in` only if pinna_instance_in_place()
/// @param n_frames 0 to max_block
PINNA_API void pinna_instance_run(PinnaInstance* instance, const float* const* in,
                                  float* const* out, uint32_t n_frames) PINNA_RT;

/// False for plugins that declare lv2:inPlaceBroken
PINNA_API bool pinna_instance_in_place(const PinnaInstance* instance);

/// Control thread, periodically: delivers the plugin's log lines and non-realtime worker business
PINNA_API void pinna_instance_idle(PinnaInstance* instance);

/// A message that the plugin wrote to an atom output in the last run, queued for the control
/// thread.
/// @param port Receives the port index
/// @param atom Receives the atom (an LV2_Atom with its body), up to `capacity` bytes, aligned to 8
/// @param frame Receives the absolute frame since activation
/// @return false if there is none
PINNA_API bool pinna_instance_read_event(PinnaInstance* instance, uint32_t* port, uint64_t* frame,
                                         void* atom, uint32_t capacity);

/// Queue an atom for an atom input port (control or MIDI); delivered at frame 0 of the next run.
/// Control thread. @return BUSY when the queue is full, BAD_ARG (not an atom input, or too large)
PINNA_API PinnaStatus pinna_instance_write_event(PinnaInstance* instance, uint32_t port,
                                                 const void* atom);

#endif // PINNA_HOST_INSTANCE_H
