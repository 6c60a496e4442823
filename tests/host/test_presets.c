// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/fixture.h"

// Presets by URI and by label, clamped; misses name what there is

static void
test_labels(PinnaInstance* const amp) {
  char** const labels = pinna_instance_preset_labels(amp);
  tap_ok(labels && labels[0] && labels[1] && labels[2] && !labels[3], "three presets");
  tap_string(labels[0], "Beyond", "in order of their labels");
  tap_string(labels[1], "Loud", "second");
  tap_string(labels[2], "Upside down", "third");
  pinna_instance_free_labels(labels);
  pinna_instance_free_labels(NULL);
}

static void
test_amp(PinnaWorld* const world) {
  PinnaInstance* const amp = start(world, "urn:pinna:test:amp", &live);
  PinnaError           error = {""};
  if (!amp) {
    return;
  }

  test_labels(amp);
  set_value(amp, "repeat", 3.0F);
  tap_int(pinna_instance_preset(amp, "upside DOWN", &error), PINNA_STATUS_OK, "by label, any case");
  tap_near((double)value_of(amp, "gain"), -6.0, 0.0, "its gain");
  tap_near((double)value_of(amp, "mode"), 1.0, 0.0, "its mode");
  tap_near((double)value_of(amp, "repeat"), 3.0, 0.0, "what it does not name stays");
  tap_int(pinna_instance_preset(amp, "urn:pinna:test:amp:loud", &error), PINNA_STATUS_OK, "by URI");
  tap_near((double)value_of(amp, "gain"), 12.0, 0.0, "its gain");
  tap_int(pinna_instance_preset(amp, "Beyond", &error), PINNA_STATUS_OK, "values out of range");
  tap_near((double)value_of(amp, "gain"), 24.0, 0.0, "are clamped");
  tap_near((double)value_of(amp, "mode"), 2.0, 0.0, "to the nearest point, too");

  tap_int(pinna_instance_preset(amp, "Quiet", &error), PINNA_STATUS_NOT_FOUND, "absent");
  tap_ok(strstr(error.text, "'Beyond', 'Loud', 'Upside down'") != NULL, "lists all: %s",
         error.text);
  tap_near((double)value_of(amp, "gain"), 24.0, 0.0, "and changes nothing");
  pinna_instance_free(amp);

  PinnaInstance* const delay = start(world, "urn:pinna:test:delay", &live);
  error.text[0] = '\0';
  tap_int(pinna_instance_preset(delay, "Any", &error), PINNA_STATUS_NOT_FOUND, "a plugin without");
  tap_ok(strstr(error.text, "none at all") != NULL, "says so: %s", error.text);
  pinna_instance_free(delay);
}

/// Presets of installed plugins change their controls and survive a run
static void
test_installed(PinnaWorld* const world, const char* const uri, const char* const package) {
  if (!pinna_world_plugin(world, uri, NULL)) {
    tap_skip("not installed", "presets of %s: package %s", uri, package);
    return;
  }

  PinnaInstance* const instance = start(world, uri, &live);
  char** const         labels = instance ? pinna_instance_preset_labels(instance) : NULL;
  unsigned             n = 0U;
  unsigned             n_applied = 0U;
  for (; labels && labels[n]; ++n) {
    n_applied += !pinna_instance_preset(instance, labels[n], NULL);
    run_silence(instance, 128U);
  }
  tap_ok(n && n == n_applied, "%s: %u of %u presets", uri, n_applied, n);
  pinna_instance_free_labels(labels);
  pinna_instance_free(instance);
}

// Other people's plugins keep memory until the end, and after that nobody knows whose it was
PINNA_API int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void) {
  return 1;
}

static void
test_all(PinnaWorld* const world) {
  test_amp(world);
  test_installed(world, "http://gareus.org/oss/lv2/fat1#scales", "x42-plugins");
  test_installed(world, "http://calf.sourceforge.net/plugins/Reverb", "calf-plugins");
  test_installed(world, "http://drobilla.net/plugins/mda/Leslie", "mda-lv2");
}

int
main(void) {
  return try_world(test_all);
}
