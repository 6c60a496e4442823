// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_SHELL_H
#define PINNA_PLUGINS_COMMON_SHELL_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "plugins/common/event.h"
#include "plugins/common/file.h"
#include "plugins/common/paint.h"
#include "plugins/common/port.h"

#include <lv2/core/lv2.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stdint.h>

// What every Pinna plugin shares: the LV2 side of a block, told by its table of ports

/// Most frames that reach PinnaPlugin.run at once; longer runs are cut
#define PINNA_SHELL_CHUNK 1024U

/// One call of PinnaPlugin.run
typedef struct {
  const float* const* in;       ///< [n_in x n_frames], finite; in[c] may equal out[c], no other
  float* const*       out;      ///< [n_out x n_frames]
  uint32_t            n_frames; ///< 0 to PINNA_SHELL_CHUNK
  const float*        values;   ///< [n_controls]: clamped, whole where the table says so
  float*              reports;  ///< [n_controls]: what to write to control outputs
  bool                changed;  ///< Some value differs from the previous call's
  bool                fresh;    ///< First call after activation: jump to the values
  bool                freewheel;
  PinnaEvents*        events; ///< Of the table's event ports, in this chunk
  bool*               redraw; ///< Set it where the picture has changed
  PinnaFile*          file;   ///< Of a plugin that has one
} PinnaPluginCall;

/// Numbers that a block keeps in the host's state besides its controls (such as what it learned).
/// Any thread but the audio thread calls these, while that may be running the block.
typedef struct {
  const char* uri; ///< Key of the atom:Vector of atom:Float
  /// Most numbers that `save` writes
  uint32_t (*size)(const void* block);
  /// Write them. Returns how many; 0: nothing to keep.
  uint32_t (*save)(const void* block, float* values);
  /// Take them back. Returns false if they make no sense.
  bool (*restore)(void* block, const float* values, uint32_t n_values);
} PinnaPluginState;

/// What a bundle's .c file defines, under the name `pinna_plugin`
typedef struct {
  const PinnaInfo* info;
  /// Build the block; its config is a PinnaPluginConfig. Not realtime.
  PinnaBuildFunc build;
  /// Forget the past: on activation, and after the block made a sample that is not finite.
  /// Realtime.
  void (*reset)(void* block);
  /// The audio. Realtime, any split of the frames gives the same samples.
  void (*run)(void* block, const PinnaPluginCall* call);
  /// Frames of delay, constant for the life of the block, or the most that `start` may return;
  /// NULL: none. Not realtime.
  uint32_t (*latency)(const void* block);
  /// Before the first call of `run` after activation: take choices that change the latency from
  /// `values`, return the frames of delay until the next activation. NULL: as `latency` said.
  /// Realtime.
  uint32_t (*start)(void* block, const float* values);
  /// The host has deactivated the plugin, or activates it again: nothing is to be done meanwhile.
  /// NULL: as ever. Not realtime, not while `run` is.
  void (*rest)(void* block, bool rests);
  /// Draw the values [n_controls]; NULL: no inline display. Any thread but the audio thread, which
  /// may be running the block meanwhile: read only what the block publishes (base/snapshot.h).
  void (*draw)(Paint* paint, const float* values, double rate, void* block);
  /// Which input an output passes on while `enabled` is 0; below 0: silence. NULL: output c passes
  /// input c, or the last one. Realtime.
  int32_t (*bypass)(const void* block, const float* values, uint32_t out);
  /// The stream is over (deactivation, or the end of the block, or both): finish and close what is
  /// written beside the sound. Not realtime, no audio thread uses the block. NULL: nothing.
  void (*finish)(void* block);
  const PinnaPluginState* state; ///< NULL: controls are all there is to keep
  const PinnaPluginFile*  file;  ///< NULL: none
} PinnaPlugin;

extern const PinnaPlugin pinna_plugin;

/// extension_data() under this URI returns the PinnaInfo: how tests see the table of ports
#define PINNA_TABLE_URI "urn:pinna:table"

LV2_Handle  pinna_shell_instantiate(const LV2_Descriptor* descriptor, double rate,
                                    const char* bundle_path, const LV2_Feature* const* features);
void        pinna_shell_connect(LV2_Handle handle, uint32_t port, void* data);
void        pinna_shell_activate(LV2_Handle handle);
void        pinna_shell_run(LV2_Handle handle, uint32_t n_frames) PINNA_RT;
void        pinna_shell_deactivate(LV2_Handle handle);
void        pinna_shell_cleanup(LV2_Handle handle);
const void* pinna_shell_extension(const char* uri);

/// Initialiser of the LV2_Descriptor of one variant
#define PINNA_DESCRIPTOR(uri)                                                                      \
  {                                                                                                \
    (uri), pinna_shell_instantiate, pinna_shell_connect, pinna_shell_activate, pinna_shell_run,    \
        pinna_shell_deactivate, pinna_shell_cleanup, pinna_shell_extension                         \
  }

#endif // PINNA_PLUGINS_COMMON_SHELL_H
