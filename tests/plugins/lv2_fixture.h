// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_PLUGINS_LV2_FIXTURE_H
#define PINNA_TESTS_PLUGINS_LV2_FIXTURE_H

#include "plugins/common/port.h"

#include <lilv/lilv.h>

#include <stdbool.h>
#include <stdint.h>

// A small LV2 host for tests: built bundles by URI, ports by symbol, audio in blocks

/// Bytes of an event port's buffer
#define FIXTURE_EVENT_BYTES 65536U

/// Channels a fixture can connect
#define FIXTURE_MAX_CHANNELS 16U

typedef struct FixtureImpl Fixture;

/// One instance
typedef struct {
  Fixture*            fixture;
  const LilvPlugin*   plugin;
  LilvInstance*       instance;
  const PinnaInfo*    info;    ///< The plugin's own table, NULL in a peer
  const PinnaVariant* variant; ///< Row of that table, NULL in a peer
  bool                has_events;
  uint32_t            n_ports;
  uint32_t            n_in;
  uint32_t            n_out;
  uint32_t            in_port[FIXTURE_MAX_CHANNELS];
  uint32_t            out_port[FIXTURE_MAX_CHANNELS];
  float*              value;  ///< Of every port [n_ports]; audio and event ports unused
  void**              events; ///< Buffers of event ports [n_ports], else NULL: LV2_Atom_Sequence
  char                property[128]; ///< To be set with the next run, "": none
  char                path[1024];
  const float*        floats; ///< Instead of the path, or NULL
  uint32_t            n_floats;
} FixturePlugin;

/// Load the bundles in LV2_PATH. Ends the program if there are none.
Fixture* fixture_open(void);
void     fixture_close(Fixture* fixture);

/// Every plugin found, in the order of their URIs; NULL past the last
const char* fixture_uri(const Fixture* fixture, uint32_t index);

/// main() of a test of every plugin found. @return Exit status
int fixture_try_all(void (*check)(Fixture* fixture, const char* uri));

LilvWorld* fixture_world(const Fixture* fixture);

/// A node for a URI that lives as long as the fixture
const LilvNode* fixture_node(Fixture* fixture, const char* uri);

/// The host's LV2_URID_Map and LV2_URID_Unmap
void* fixture_urid_map(Fixture* fixture);
void* fixture_urid_unmap(Fixture* fixture);

/// How often a plugin asked to be redrawn, all instances together
unsigned fixture_n_redraws(const Fixture* fixture);

/// Instantiate, connect all controls at their defaults (freewheel: on, if it has workers),
/// activate.
/// @return NULL if the plugin is not found or refuses
FixturePlugin* fixture_load(Fixture* fixture, const char* uri, double rate);
void           fixture_free(FixturePlugin* plugin);

/// A control by symbol. Ends the program if there is no such port.
float* fixture_control(FixturePlugin* plugin, const char* symbol);

/// Set "gain_3" from ("gain", 3)
void fixture_set_band(FixturePlugin* plugin, const char* symbol, int band, double value);

/// Give every control input but enabled and freewheel a value of its range
void fixture_randomise(FixturePlugin* plugin, unsigned* seed);

/// All control inputs at their defaults, but rendering offline where workers take part
void fixture_defaults(FixturePlugin* plugin);

/// From now on instances are offered a worker, which does what they ask for in fixture_work()
void fixture_offer_worker(Fixture* fixture);

/// Do all that this plugin asked its worker for. Returns how much that was.
unsigned fixture_work(FixturePlugin* plugin);

/// Send patch:Set of a property to a path with the next run, to the port "control"
void fixture_send_path(FixturePlugin* plugin, const char* property, const char* path);

/// Send patch:Set of a property to a vector of floats with the next run, which reads them
void fixture_send_floats(FixturePlugin* plugin, const char* property, const float* values,
                         uint32_t n_values);

/// Deactivate and activate
void fixture_restart(FixturePlugin* plugin);

/// Connect and run one block
/// @param in  n_in channels [n_frames]
/// @param out n_out channels [n_frames]
void fixture_run(FixturePlugin* plugin, float* const* in, float* const* out, uint32_t n_frames);

/// Run `n_frames` in blocks of `block`
void fixture_render(FixturePlugin* plugin, float* const* in, float* const* out, uint32_t n_frames,
                    uint32_t block);

/// What the latency port says
uint32_t fixture_latency(FixturePlugin* plugin);

/// Channels [n_channels][n_frames], zeroed; free with free()
float** fixture_buffers(uint32_t n_channels, uint32_t n_frames);

#endif // PINNA_TESTS_PLUGINS_LV2_FIXTURE_H
