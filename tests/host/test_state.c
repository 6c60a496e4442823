// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/fixture.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

// State: values, properties and files come back; damaged files change nothing and say why

static void
save(PinnaInstance* const instance, const char* const dir) {
  PinnaError error = {""};
  tap_int(pinna_instance_save(instance, dir, &error), PINNA_STATUS_OK, "save %s %s",
          pinna_instance_uri(instance), error.text);
}

static void
restore(PinnaInstance* const instance, const char* const dir) {
  PinnaError error = {""};
  tap_int(pinna_instance_restore(instance, dir, &error), PINNA_STATUS_OK, "restore %s %s",
          pinna_instance_uri(instance), error.text);
}

static void
test_values(PinnaWorld* const world) {
  char                 dir[64];
  PinnaInstance* const amp = start(world, "urn:pinna:test:amp", &live);
  PinnaInstance* const other = start(world, "urn:pinna:test:amp", &live);
  if (!amp || !other || !make_folder(dir)) {
    return;
  }

  set_value(amp, "gain", -12.345678F);
  set_value(amp, "mode", 1.0F);
  set_value(amp, "enabled", 0.0F);
  set_value(amp, "cutoff", 440.25F);
  save(amp, dir);
  restore(other, dir);
  static const char* const symbols[] = {"gain", "mode", "enabled", "cutoff", "repeat"};
  for (size_t i = 0U; i < 5U; ++i) {
    tap_near((double)value_of(other, symbols[i]), (double)value_of(amp, symbols[i]), 0.0, "%s",
             symbols[i]);
  }
  pinna_instance_free(amp);
  pinna_instance_free(other);

  PinnaError           error = {""};
  PinnaInstance* const delay = start(world, "urn:pinna:test:delay", &live);
  tap_int(pinna_instance_restore(delay, dir, &error), PINNA_STATUS_BAD_FILE, "another plugin's");
  tap_ok(strstr(error.text, "urn:pinna:test:amp") != NULL, "names whose it is: %s", error.text);
  error.text[0] = '\0';
  tap_int(pinna_instance_restore(delay, "/nowhere", &error), PINNA_STATUS_BAD_FILE, "no folder");
  tap_ok(strstr(error.text, "/nowhere") != NULL, "names it: %s", error.text);
  error.text[0] = '\0';
  tap_ok(pinna_instance_save(delay, "/nowhere/at/all", &error), "save into no folder");
  tap_ok(error.text[0] != '\0', "says why: %s", error.text);
  pinna_instance_free(delay);
  pinna_paths_remove(dir);
}

static void
test_files(PinnaWorld* const world) {
  char                 dir[64];
  char                 moved[80];
  PinnaInstance* const state = start(world, "urn:pinna:test:state", &live);
  if (!state || !make_folder(dir)) {
    return;
  }

  run_silence(state, 128U);
  tap_near((double)value_of(state, "kept"), 7.0, 0.0, "the default state is loaded");
  set_value(state, "number", 123.0F);
  run_silence(state, 128U);
  save(state, dir);
  pinna_instance_free(state);

  snprintf(moved, sizeof(moved), "%s-moved", dir);
  tap_int(rename(dir, moved), 0, "the folder moves");
  PinnaInstance* const other = start(world, "urn:pinna:test:state", &live);
  restore(other, moved);
  set_value(other, "number", 0.0F);
  run_silence(other, 128U);
  tap_near((double)value_of(other, "kept"), 123.0, 0.0, "the property comes back");
  tap_near((double)value_of(other, "filed"), 123.0, 0.0, "and what was in the file");
  pinna_instance_free(other);
  pinna_paths_remove(moved);
}

typedef struct {
  PinnaInstance* instance;
  atomic_bool    stop;
  uint64_t       n_runs;
} Audio;

static void*
run_audio(void* const handle) {
  Audio* const audio = (Audio*)handle;
  float        buffer[128] = {0.0F};
  while (!atomic_load(&audio->stop)) {
    pinna_instance_run(audio->instance, (const float* const[]){NULL}, (float* const[]){buffer},
                       128U);
    ++audio->n_runs;
  }
  return NULL;
}

static void
test_running(PinnaWorld* const world) {
  char      dir[64];
  Audio     audio = {start(world, "urn:pinna:test:state", &live), false, 0U};
  pthread_t thread;
  if (!audio.instance || !make_folder(dir)) {
    return;
  }

  set_value(audio.instance, "number", 55.0F);
  run_silence(audio.instance, 128U);
  set_value(audio.instance, "number", 0.0F);
  save(audio.instance, dir);
  pthread_create(&thread, NULL, run_audio, &audio);
  for (unsigned i = 0U; i < 5U; ++i) {
    restore(audio.instance, dir);
  }
  wait_ms(5U);
  atomic_store(&audio.stop, true);
  pthread_join(thread, NULL);
  tap_near((double)value_of(audio.instance, "clashes"), 0.0, 0.0,
           "the plugin never ran while it was restored (%" PRIu64 " runs)", audio.n_runs);
  tap_near((double)value_of(audio.instance, "kept"), 55.0, 0.0, "and has its number");
  pinna_instance_free(audio.instance);
  pinna_paths_remove(dir);
}

static uint64_t
sum(const char* const bytes, const size_t size) {
  uint64_t h = 14695981039346656037U;
  for (size_t i = 0U; i < size; ++i) {
    h = (h ^ (unsigned char)bytes[i]) * 1099511628211U;
  }
  return h;
}

static void
write_bytes(const char* const path, const char* const bytes, const size_t size, const bool seal) {
  FILE* const file = fopen(path, "wb");
  fwrite(bytes, 1U, size, file);
  if (seal) {
    fprintf(file, "# pinna: %zu bytes, sum %016" PRIx64 "\n", size, sum(bytes, size));
  }
  fclose(file);
}

static size_t
read_bytes(const char* const path, char* const bytes, const size_t capacity) {
  FILE* const  file = fopen(path, "rb");
  const size_t size = file ? fread(bytes, 1U, capacity, file) : 0U;
  if (file) {
    fclose(file);
  }
  return size;
}

static void
damage(char* const bytes, const size_t size, unsigned* const seed) {
  const unsigned n = 1U + (unsigned)((tap_noise(seed) + 1.0F) * 4.0F);
  for (unsigned i = 0U; i < n; ++i) {
    const size_t at = (size_t)((double)(tap_noise(seed) + 1.0F) * 0.5 * (double)(size - 1U));
    bytes[at] = (char)(bytes[at] ^ (1 << (unsigned)((tap_noise(seed) + 1.0F) * 3.99F)));
  }
}

/// No damage is restored, whether it truncates or flips bits
static void
test_damage(PinnaInstance* const amp, const char* const path, const char* const dir,
            const char* const whole, const size_t size, unsigned seed) {
  unsigned n_wrong = 0U;
  char     bytes[8192];
  set_value(amp, "gain", 11.0F);
  for (size_t n = 0U; n < size; n += 1U + size / 97U) {
    PinnaError error = {""};
    write_bytes(path, whole, n, false);
    n_wrong += pinna_instance_restore(amp, dir, &error) != PINNA_STATUS_BAD_FILE || !error.text[0];
  }
  tap_int(n_wrong, 0, "every truncated file is refused with a reason");
  for (unsigned i = 0U; i < 300U; ++i) {
    PinnaError error = {""};
    memcpy(bytes, whole, size);
    damage(bytes, size, &seed);
    write_bytes(path, bytes, size, false);
    n_wrong +=
        memcmp(bytes, whole, size) &&
        (pinna_instance_restore(amp, dir, &error) != PINNA_STATUS_BAD_FILE || !error.text[0]);
  }
  tap_int(n_wrong, 0, "and every garbled one");
  tap_near((double)value_of(amp, "gain"), 11.0, 0.0, "the values stay");
}

/// Damage under a good seal gets as far as the parser: never a crash, never a value out of range
static void
test_sealed_damage(PinnaInstance* const amp, const char* const path, const char* const dir,
                   const char* const whole, const size_t size, unsigned seed) {
  const unsigned n_rounds = getenv("PINNA_LONG") ? 20000U : 300U;
  unsigned       n_restored = 0U;
  unsigned       n_outside = 0U;
  char           bytes[8192];
  for (unsigned i = 0U; i < n_rounds; ++i) {
    memcpy(bytes, whole, size);
    damage(bytes, size, &seed);
    write_bytes(path, bytes, i % 3U ? size : size * (i % 97U) / 97U, true);
    n_restored += !pinna_instance_restore(amp, dir, NULL);
    n_outside += !(value_of(amp, "gain") >= -90.0F && value_of(amp, "gain") <= 24.0F);
  }
  tap_int(n_outside, 0, "damage under a good seal: %u of %u restored, no value out of range",
          n_restored, n_rounds);
}

static void
test_malformed(PinnaWorld* const world) {
  char                 dir[64];
  char                 path[96];
  char                 whole[8192];
  PinnaInstance* const amp = start(world, "urn:pinna:test:amp", &live);
  if (!amp || !make_folder(dir)) {
    return;
  }

  save(amp, dir);
  snprintf(path, sizeof(path), "%s/state.ttl", dir);
  const size_t size = read_bytes(path, whole, sizeof(whole));
  tap_ok(size > 100U && size < sizeof(whole), "the file has %zu bytes", size);
  test_damage(amp, path, dir, whole, size, 17U);

  char* const  end = (char*)memmem(whole, size, "# pinna:", 8U);
  const size_t body = end ? (size_t)(end - whole) : size;
  if (!freopen("/dev/null", "w", stderr)) { // The parser comments on each error
    tap_diag("standard error stays open");
  }
  test_sealed_damage(amp, path, dir, whole, body, 23U);
  write_bytes(path, whole, body, true);
  restore(amp, dir);
  pinna_instance_free(amp);
  pinna_paths_remove(dir);
}

static void
test_sampler(PinnaWorld* const world) {
  static const char* const uri = "http://lv2plug.in/plugins/eg-sampler";
  char                     dir[64];
  char                     command[128];
  if (!pinna_world_plugin(world, uri, NULL)) {
    tap_skip("package lv2-examples is not installed", "eg-sampler");
    return;
  }

  PinnaInstance* const sampler = start(world, uri, &live);
  PinnaInstance* const other = start(world, uri, &live);
  if (sampler && other && make_folder(dir)) {
    run_silence(sampler, 128U);
    save(sampler, dir);
    snprintf(command, sizeof(command), "grep -q wav '%s/state.ttl'", dir);
    tap_int(system(command), 0, "its sample is in the state");
    restore(other, dir);
    run_silence(other, 128U);
    pinna_paths_remove(dir);
  }
  pinna_instance_free(sampler);
  pinna_instance_free(other);
}

static void
test_all(PinnaWorld* const world) {
  test_values(world);
  test_files(world);
  test_running(world);
  test_sampler(world);
  test_malformed(world);
}

int
main(void) {
  return try_world(test_all);
}
