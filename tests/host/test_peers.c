// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/fixture.h"

#include <math.h>
#include <stdio.h>

// Other people's plugins from Debian's packages: started, run, saved, restored without complaint

enum { MAX_CHANNELS = 16, N = 256 };

static const struct {
  const char* package;
  const char* uri;
} peers[] = {
    {"lv2-examples", "http://lv2plug.in/plugins/eg-amp"},
    {"lv2-examples", "http://lv2plug.in/plugins/eg-params"},
    {"lv2-examples", "http://lv2plug.in/plugins/eg-sampler"},
    {"mda-lv2", "http://drobilla.net/plugins/mda/RezFilter"},
    {"mda-lv2", "http://drobilla.net/plugins/mda/Delay"},
    {"mda-lv2", "http://drobilla.net/plugins/mda/EPiano"},
    {"x42-plugins", "http://gareus.org/oss/lv2/fil4#mono"},
    {"x42-plugins", "http://gareus.org/oss/lv2/fil4#stereo"},
    {"x42-plugins", "http://gareus.org/oss/lv2/dpl#stereo"},
    {"x42-plugins", "http://gareus.org/oss/lv2/fat1"},
    {"x42-plugins", "http://gareus.org/oss/lv2/darc#mono"},
    {"lsp-plugins-lv2", "http://lsp-plug.in/plugins/lv2/para_equalizer_x16_mono"},
    {"lsp-plugins-lv2", "http://lsp-plug.in/plugins/lv2/sc_compressor_stereo"},
    {"lsp-plugins-lv2", "http://lsp-plug.in/plugins/lv2/limiter_stereo"},
    {"calf-plugins", "http://calf.sourceforge.net/plugins/Equalizer8Band"},
    {"calf-plugins", "http://calf.sourceforge.net/plugins/Reverb"},
    {"calf-plugins", "http://calf.sourceforge.net/plugins/Compressor"},
    {"zam-plugins", "urn:zamaudio:ZamEQ2"},
    {"zam-plugins", "urn:zamaudio:ZamComp"},
    {"rubberband-lv2", "http://breakfastquay.com/rdf/lv2-rubberband#mono"},
    {"rubberband-lv2", "http://breakfastquay.com/rdf/lv2-rubberband#stereo"},
    {"swh-lv2", "http://plugin.org.uk/swh-plugins/amPitchshift"},
    {"swh-lv2", "http://plugin.org.uk/swh-plugins/gverb"},
    {"swh-lv2", "http://plugin.org.uk/swh-plugins/svf"},
};

/// Frames of finite output in 40 blocks of odd lengths with a tone in every channel
static bool
sounds_sane(PinnaInstance* const instance) {
  static float in[N];
  static float out[MAX_CHANNELS][N];
  const float* ins[MAX_CHANNELS];
  float*       outs[MAX_CHANNELS];
  for (unsigned i = 0U; i < MAX_CHANNELS; ++i) {
    ins[i] = in;
    outs[i] = out[i];
  }
  if (pinna_instance_n_audio_in(instance) > MAX_CHANNELS ||
      pinna_instance_n_audio_out(instance) > MAX_CHANNELS) {
    return false;
  }

  bool     sane = true;
  unsigned time = 0U;
  for (unsigned block = 0U; block < 40U; ++block) {
    const unsigned n = block % 3U == 0U ? N : block % 3U == 1U ? 1U : 127U;
    for (unsigned i = 0U; i < n; ++i) {
      in[i] = 0.1F * sinf(0.05F * (float)time++);
    }
    pinna_instance_run(instance, ins, outs, n);
    for (unsigned c = 0U; c < pinna_instance_n_audio_out(instance); ++c) {
      for (unsigned i = 0U; i < n; ++i) {
        sane = sane && isfinite(out[c][i]);
      }
    }
  }
  return sane;
}

/// Move every control to a place of its own
static void
stir(PinnaInstance* const instance) {
  unsigned seed = 99U;
  for (uint32_t i = 0U; i < pinna_instance_n_ports(instance); ++i) {
    const PinnaPortInfo* const info = pinna_instance_port(instance, i);
    const float                share = 0.5F + 0.1F * tap_noise(&seed);
    if (info->kind == PINNA_PORT_CONTROL && isfinite(info->minimum) && isfinite(info->maximum) &&
        !(info->flags & (PINNA_PORT_TRIGGER | PINNA_PORT_FREEWHEEL))) {
      pinna_instance_set(instance, i, info->minimum + share * (info->maximum - info->minimum));
    }
  }
}

static unsigned
differences(const PinnaInstance* const a, const PinnaInstance* const b) {
  unsigned n = 0U;
  for (uint32_t i = 0U; i < pinna_instance_n_ports(a); ++i) {
    const PinnaPortInfo* const info = pinna_instance_port(a, i);
    const bool kept = info->kind == PINNA_PORT_CONTROL && (info->flags & PINNA_PORT_IS_INPUT) &&
                      !(info->flags & PINNA_PORT_TRIGGER);
    n += kept && pinna_instance_get(a, i) != pinna_instance_get(b, i);
  }
  return n;
}

static void
test_peer(PinnaWorld* const world, const char* const uri) {
  const PinnaInstanceConfig config = {.sample_rate = 48000.0, .max_block = N};
  char                      dir[64];
  PinnaError                error = {""};
  PinnaInstance* const      one = start(world, uri, &config);
  PinnaInstance* const      two = one ? start(world, uri, &config) : NULL;
  if (two && make_folder(dir)) {
    bool good = sounds_sane(one);
    stir(one);
    good = good && !pinna_instance_save(one, dir, &error);
    good = good && !pinna_instance_restore(two, dir, &error);
    good = good && sounds_sane(two) && !differences(one, two);
    pinna_instance_idle(two);
    tap_ok(good, "%s runs, saves and restores %s", uri, error.text);
    pinna_paths_remove(dir);
  }
  pinna_instance_free(one);
  pinna_instance_free(two);
}

/// Anything on standard error is a complaint
static FILE* complaints;
static int   own_stderr;

static void
catch_complaints(void) {
  complaints = tmpfile();
  own_stderr = dup(STDERR_FILENO);
  if (!complaints || dup2(fileno(complaints), STDERR_FILENO) < 0) {
    tap_diag("standard error is not watched");
  }
}

static long
n_complaints(void) {
  fflush(stderr);
  return complaints ? lseek(fileno(complaints), 0, SEEK_END) : 0L;
}

// Other people's plugins keep memory until the end, and after that nobody knows whose it was
PINNA_API int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void) {
  return 1;
}

int
main(void) {
  PinnaError  error = {""};
  PinnaWorld* world = NULL;
  tap_int(pinna_world_new(&world, &error), PINNA_STATUS_OK, "world: %s", error.text);
  catch_complaints();
  for (size_t i = 0U; world && i < sizeof(peers) / sizeof(peers[0]); ++i) {
    const long before = n_complaints();
    if (!pinna_world_plugin(world, peers[i].uri, NULL)) {
      tap_skip("not installed", "%s: package %s", peers[i].uri, peers[i].package);
    } else {
      test_peer(world, peers[i].uri);
      tap_int(n_complaints() - before, 0, "without a word on standard error");
    }
  }
  dup2(own_stderr, STDERR_FILENO);
  pinna_world_free(world);
  return tap_done();
}
