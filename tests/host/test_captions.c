// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption_text.h"
#include "host/caption_atom.h"
#include "host/caption_kinds.h"
#include "host/config.h"
#include "host/render.h"
#include "tests/host/fixture.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <sndfile.h>
#include <sys/resource.h>
#include <sys/stat.h>
#ifdef PINNA_HAVE_OSC
#include <lo/lo.h>
#endif

// Captions from a plugin's events to every kind of sink: right times, bounded files, bad disks

static PinnaCaption caption;

/// A final caption of words "w0 w1 ..." of half a second each
static void
make_caption(const uint32_t n_words, const uint64_t segment, const double start) {
  caption = (PinnaCaption){.kind = PINNA_CAPTION_FINAL,
                           .rate = 16000U,
                           .segment = segment,
                           .start = (uint64_t)(16000.0 * start)};
  for (uint32_t i = 0U; i < n_words; ++i) {
    const uint32_t at = caption.n_text + (i > 0U);
    caption.n_text +=
        (uint32_t)snprintf(caption.text + caption.n_text, sizeof(caption.text) - caption.n_text,
                           "%sw%u", i ? " " : "", i);
    caption.words[i] =
        (PinnaCaptionWord){caption.start + 8000U * i, caption.start + 8000U * (i + 1U), -0.1F,
                           (uint16_t)at, (uint16_t)(caption.n_text - at)};
  }
  caption.n_words = n_words;
  caption.n_stable = caption.n_text;
  caption.end = caption.start + 8000U * n_words;
}

/// Files of a folder and the bytes in them
static unsigned
count_files(const char* const folder, uint64_t* const bytes) {
  DIR* const dir = opendir(folder);
  unsigned   n = 0U;
  *bytes = 0U;
  for (struct dirent* entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
    char        path[512];
    struct stat facts;
    snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
    if (entry->d_name[0] != '.' && !stat(path, &facts)) {
      ++n;
      *bytes += (uint64_t)facts.st_size;
    }
  }
  if (dir) {
    closedir(dir);
  }
  return n;
}

static void
test_cues(void) {
  PinnaCaptionCue  cues[PINNA_CAPTION_MAX_WORDS];
  PinnaCaptionText text = {NULL, 0U, 0U, false};
  make_caption(40U, 1U, 3.0);
  const uint32_t n = pinna_caption_cues(&caption, cues);
  bool           good = n > 1U && cues[0].first == 0U && cues[n - 1U].last == 39U;
  for (uint32_t i = 0U; i < n; ++i) {
    good = good && cues[i].end - cues[i].start <= 6.0 &&
           (!i || cues[i].first == cues[i - 1U].last + 1U);
    pinna_caption_text_cue(&text, &caption, &cues[i], false);
  }
  tap_ok(good, "40 words of half a second become %u subtitles of at most 6 seconds", n);
  size_t longest = 0U;
  for (size_t i = 0U, from = 0U; i < text.n; ++i) {
    if (text.bytes[i] == '\n') {
      longest = i - from > longest ? i - from : longest;
      from = i + 1U;
    }
  }
  tap_at_most((double)longest, 42.0, "longest line");
  caption.n_words = 0U;
  tap_int(pinna_caption_cues(&caption, cues), 1, "text without words is one");
  free(text.bytes);
}

static PinnaCaptionSink*
open_sink(const PinnaCaptionSinkConfig* const config) {
  PinnaError        error = {""};
  PinnaCaptionSink* sink = NULL;
  const PinnaStatus status = pinna_caption_kinds_open(&sink, config, &error);
  if (status) {
    tap_int(status, PINNA_STATUS_OK, "%s opens: %s", config->kind, error.text);
  }
  return sink;
}

static void
test_formats(const char* const folder) {
  char path[128];
  snprintf(path, sizeof(path), "%s/a.srt", folder);
  PinnaCaptionSinkConfig config = {.kind = "srt", .from = "me", .file = path};
  PinnaCaptionSink*      sink = open_sink(&config);
  make_caption(2U, 1U, 3661.5);
  pinna_caption_sink_write(sink, &caption, 0.25, 0.0);
  make_caption(1U, 2U, 3662.0); // Begins before the last one ends
  pinna_caption_sink_write(sink, &caption, 0.25, 0.0);
  tap_int(pinna_caption_sink_close(sink, NULL), PINNA_STATUS_OK, "srt closes");
  tap_string(text_of(path),
             "1\n01:01:01,750 --> 01:01:02,750\nw0 w1\n\n2\n01:01:02,750 --> 01:01:02,751\nw0\n\n",
             "SubRip");
  snprintf(path, sizeof(path), "%s/a.vtt", folder);
  config.kind = "vtt";
  sink = open_sink(&config);
  make_caption(1U, 1U, 1.0);
  memcpy(caption.text, "<>", 2U);
  pinna_caption_sink_write(sink, &caption, 0.0, 0.0);
  caption.kind = PINNA_CAPTION_GAP;
  pinna_caption_sink_write(sink, &caption, 1.0, 0.0);
  pinna_caption_sink_close(sink, NULL);
  tap_string(text_of(path),
             "WEBVTT\n\n1\n00:00:01.000 --> 00:00:01.500\n&lt;&gt;\n\n"
             "NOTE Nothing was heard from 00:00:02.000 to 00:00:02.500\n\n",
             "WebVTT");
  snprintf(path, sizeof(path), "%s/a.txt", folder);
  config.kind = "terminal";
  config.out = fopen(path, "w");
  sink = open_sink(&config);
  make_caption(2U, 1U, 61.5);
  pinna_caption_sink_write(sink, &caption, 0.0, 0.0);
  caption.kind = PINNA_CAPTION_PARTIAL;
  pinna_caption_sink_write(sink, &caption, 0.0, 0.0);
  caption.kind = PINNA_CAPTION_BEHIND;
  pinna_caption_sink_write(sink, &caption, 0.0, 0.0);
  pinna_caption_sink_close(sink, NULL);
  fclose(config.out);
  tap_string(text_of(path), "[00:01:01.5] w0 w1\n[00:01:01.5] (1.0 seconds behind)\n",
             "a terminal that is none gets what is final");
}

static void
test_json(const char* const folder) {
  char path[128];
  snprintf(path, sizeof(path), "%s/b.jsonl", folder);
  const PinnaCaptionSinkConfig config = {
      .kind = "jsonl", .from = "m\"e", .file = path, .partials = true, .live = true};
  PinnaCaptionSink* const sink = open_sink(&config);
  make_caption(2U, 7U, 2.0);
  caption.kind = PINNA_CAPTION_PARTIAL;
  caption.n_stable = 2U;
  pinna_caption_sink_write(sink, &caption, 10.0, 1.0e9);
  pinna_caption_sink_close(sink, NULL);
  json_t* const object = json_loads(text_of(path), 0, NULL);
  tap_string(json_string_value(json_object_get(object, "kind")), "partial", "kind");
  tap_string(json_string_value(json_object_get(object, "from")), "m\"e", "from");
  tap_string(json_string_value(json_object_get(object, "time")), "2001-09-09T01:46:52.000Z",
             "date");
  tap_int(json_integer_value(json_object_get(object, "segment")), 7, "segment");
  tap_int(json_integer_value(json_object_get(object, "stable")), 2, "stable");
  tap_near(json_number_value(json_object_get(object, "start")), 12.0, 1e-9, "start");
  json_t* const word = json_array_get(json_object_get(object, "words"), 1U);
  tap_string(json_string_value(json_object_get(word, "text")), "w1", "a word");
  json_decref(object);
}

static void
test_rotation(const char* const folder) {
  char     path[128];
  char     place[128];
  uint64_t bytes = 0U;
  snprintf(place, sizeof(place), "%s/c", folder);
  mkdir(place, 0755);
  snprintf(path, sizeof(path), "%s/c/long.run.vtt", folder);
  PinnaCaptionSinkConfig config = {
      .kind = "vtt", .from = "me", .file = path, .keep = 3U, .limit = 1U, .live = true};
  snprintf(place, sizeof(place), "%s/c/long.run-20200101T000000Z.vtt", folder);
  fclose(fopen(place, "w")); // Of a run long ago
  snprintf(place, sizeof(place), "%s/c/long.run-other.vtt", folder);
  fclose(fopen(place, "w")); // Not ours
  PinnaCaptionSink* sink = open_sink(&config);
  const uint64_t    n = 40000U; // Two weeks of one caption every half minute
  for (uint64_t i = 0U; i < n; ++i) {
    make_caption(12U, i + 1U, 30.0 * (double)i);
    pinna_caption_sink_write(sink, &caption, 0.0, 1.7e9);
  }
  tap_int((long long)pinna_caption_sink_lost(sink), 0, "nothing is lost");
  tap_int(pinna_caption_sink_close(sink, NULL), PINNA_STATUS_OK, "closes");
  snprintf(place, sizeof(place), "%s/c", folder);
  tap_int(count_files(place, &bytes), 4, "three files are kept, and what is not ours");
  tap_at_most((double)bytes, 3.1e6, "they are bounded");
  const char* const text = text_of(path);
  tap_ok(strstr(text, "WEBVTT\n\nNOTE 00:00:00.000 is 20") == text &&
             strstr(text, "\n\n1\n00:00:0") != NULL,
         "a later file has its own head, and a clock of its own");
  sink = open_sink(&config);
  make_caption(1U, 1U, 1.0);
  pinna_caption_sink_write(sink, &caption, 0.0, 1.7e9);
  pinna_caption_sink_close(sink, NULL);
  tap_ok(strlen(text_of(path)) < 200U && count_files(place, &bytes) == 4U,
         "a new run moves the old file away");
  config.every = 1U;
  sink = open_sink(&config);
  pinna_caption_sink_write(sink, &caption, 0.0, 1.7e9);
  wait_ms(1100U);
  caption.text[1] = '8';
  pinna_caption_sink_write(sink, &caption, 0.0, 1.7e9);
  pinna_caption_sink_close(sink, NULL);
  tap_ok(strstr(text_of(path), "w8") && !strstr(text_of(path), "w0"), "after its time a file ends");
}

static void
test_bad_disks(const char* const folder) {
  char       path[128];
  char       place[128];
  PinnaError error = {""};
  snprintf(path, sizeof(path), "%s/absent/a.jsonl", folder);
  PinnaCaptionSinkConfig config = {.kind = "jsonl", .from = "me", .file = path};
  PinnaCaptionSink*      sink = NULL;
  tap_int(pinna_caption_kinds_open(&sink, &config, &error), PINNA_STATUS_IO, "offline: %s",
          error.text);
  config.live = true;
  sink = open_sink(&config);
  make_caption(2U, 1U, 1.0);
  pinna_caption_sink_write(sink, &caption, 0.0, 0.0);
  tap_ok(pinna_caption_sink_lost(sink) == 1U && strstr(pinna_caption_sink_trouble(sink), "absent"),
         "live: %s", pinna_caption_sink_trouble(sink));
  snprintf(place, sizeof(place), "%s/absent", folder);
  mkdir(place, 0755);
  for (int i = 0; i < 60 && pinna_caption_sink_trouble(sink)[0]; ++i) {
    wait_ms(100U);
    pinna_caption_sink_write(sink, &caption, 0.0, 0.0);
  }
  tap_string(pinna_caption_sink_trouble(sink), "",
             "once the folder is there, captions are written");
  unlink(path);
  pinna_caption_sink_write(sink, &caption, 0.0, 0.0);
  tap_ok(strstr(text_of(path), "w0 w1"), "a file that somebody removed is begun again");
  error = (PinnaError){""};
  tap_int(pinna_caption_sink_close(sink, &error), PINNA_STATUS_IO, "and at the end: %s",
          error.text);

  // A disk that fills up in the middle of a record
  struct rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const struct rlimit small = {1000U, before.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  sink = open_sink(&config);
  for (uint64_t i = 0U; i < 20U; ++i) {
    make_caption(3U, i + 1U, (double)i);
    pinna_caption_sink_write(sink, &caption, 0.0, 0.0);
  }
  setrlimit(RLIMIT_FSIZE, &before);
  const char* const text = text_of(path);
  tap_ok(strlen(text) > 300U && strlen(text) <= 1000U && text[strlen(text) - 1U] == '\n' &&
             pinna_caption_sink_lost(sink) > 0U,
         "a full disk holds whole records only: %zu bytes, %u lost", strlen(text),
         (unsigned)pinna_caption_sink_lost(sink));
  pinna_caption_sink_close(sink, NULL);
}

static void
test_choice(void) {
  PinnaError                   error = {""};
  PinnaCaptionSink*            sink = NULL;
  const PinnaCaptionSinkConfig bad[] = {{.kind = "vtx"},
                                        {.kind = "vtt"},
                                        {.kind = "osc"},
                                        {.kind = "osc", .url = "http://a/b"},
                                        {.kind = "osc", .url = "osc.tcp://localhost:1/x"}};
  for (size_t i = 0U; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    error.text[0] = '\0';
    tap_ok(pinna_caption_kinds_open(&sink, &bad[i], &error) && error.text[0] && !sink, "%s",
           error.text);
  }
}

#ifdef PINNA_HAVE_OSC
static unsigned n_heard[3];
static char     heard[PINNA_CAPTION_MAX_TEXT];
static double   heard_start;

static int
hear(const char* const path, const char* const types, lo_arg** const argv, const int argc,
     const lo_message message, void* const handle) {
  (void)message;
  (void)handle;
  if (!strcmp(path, "/a/b/final") && !strcmp(types, "hddiss") && argc == 6) {
    ++n_heard[0];
    memcpy(&heard_start, (const void*)argv[1], sizeof(heard_start)); // Aligned to 4 only
    snprintf(heard, sizeof(heard), "%s", (const char*)argv[4]);
  }
  n_heard[1] += !strcmp(path, "/a/b/word") && !strcmp(types, "hiddfs");
  n_heard[2] += !strcmp(path, "/a/b/gap") && !strcmp(types, "dds");
  return 0;
}

static void
test_osc(void) {
  char            url[128];
  const lo_server server = lo_server_new(NULL, NULL);
  lo_server_add_method(server, NULL, NULL, hear, NULL);
  snprintf(url, sizeof(url), "osc.udp://127.0.0.1:%d/a/b/", lo_server_get_port(server));
  const PinnaCaptionSinkConfig config = {.kind = "osc", .from = "me", .url = url, .live = true};
  PinnaCaptionSink* const      sink = open_sink(&config);
  make_caption(3U, 1U, 2.0);
  pinna_caption_sink_write(sink, &caption, 0.5, 0.0);
  caption.kind = PINNA_CAPTION_GAP;
  pinna_caption_sink_write(sink, &caption, 0.5, 0.0);
  caption.kind = PINNA_CAPTION_PARTIAL;
  pinna_caption_sink_write(sink, &caption, 0.5, 0.0);
  for (int i = 0; i < 50 && !n_heard[2]; ++i) {
    lo_server_recv_noblock(server, 100);
  }
  tap_int(n_heard[0], 1, "a receiver hears the final caption");
  tap_string(heard, "w0 w1 w2", "its text");
  tap_near(heard_start, 2.5, 1e-9, "its start");
  tap_int(n_heard[1], 3, "its words");
  tap_int(n_heard[2], 1, "and a gap");
  tap_int((long long)pinna_caption_sink_lost(sink), 0, "nothing is lost");
  pinna_caption_sink_close(sink, NULL);
  lo_server_free(server);
}
#endif

/// What an atom that is nearly a caption does
static void
test_atoms(PinnaWorld* const world) {
  PinnaInstance* const speaker = start(world, "urn:pinna:test:caption", &live);
  PinnaCaptionAtoms    atoms;
  _Alignas(8) char     atom[16384];
  uint32_t             port = 0U;
  uint64_t             frame = 0U;
  float                silence[128] = {0.0f};
  const float* const   in[] = {silence};
  float                sound[128];
  float* const         out[] = {sound};
  unsigned             seed = 7U;
  unsigned             n_read = 0U;
  pinna_caption_atoms_map(&atoms, pinna_world_urid_map(world));
  for (uint32_t i = 0U; speaker && i < 38U; ++i) {
    pinna_instance_run(speaker, in, out, 128U);
  }
  tap_ok(pinna_instance_read_event(speaker, &port, &frame, atom, sizeof(atom)), "an event comes");
  const uint32_t size = 8U + *(const uint32_t*)(const void*)atom;
  tap_int((long long)frame, 4799, "at its frame");
  tap_ok(pinna_caption_atoms_read(&atoms, atom, size, &caption), "and is a caption");
  tap_string(caption.text, "t\xC3\xA9nth <0>", "text");
  tap_int(caption.n_words, 2, "words");
  tap_int((long long)caption.words[1].start, 2400, "their times");
  for (int i = 0; i < 200000; ++i) {
    _Alignas(8) char bent[16384];
    memcpy(bent, atom, size);
    for (int k = 0; k < 3; ++k) {
      bent[(size_t)((tap_noise(&seed) + 1.0F) * 0.49F * (float)size)] =
          (char)(tap_noise(&seed) * 127.0F);
    }
    const uint32_t cut = i % 2 ? size : (uint32_t)((tap_noise(&seed) + 1.0F) * 0.49F * (float)size);
    if (pinna_caption_atoms_read(&atoms, bent, cut, &caption)) {
      n_read += caption.n_words <= 256U && caption.n_text == strlen(caption.text);
    }
  }
  tap_ok(n_read > 0U, "200000 bent ones are read or refused (%u read)", n_read);
  pinna_instance_free(speaker);
}

static void
write_silence(const char* const path, const int n_frames) {
  SF_INFO info = {.samplerate = 48000, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  const float    zero = 0.0F;
  for (int i = 0; i < n_frames; ++i) {
    sf_write_float(file, &zero, 1);
  }
  sf_close(file);
}

/// A render through a plugin that delays: captions at the times of the input
static void
test_render(PinnaWorld* const world, const char* const folder) {
  char         text[1024];
  char         paths[3][128];
  PinnaError   error = {""};
  PinnaConfig* config = NULL;
  snprintf(paths[0], sizeof(paths[0]), "%s/in.wav", folder);
  snprintf(paths[1], sizeof(paths[1]), "%s/out.wav", folder);
  snprintf(paths[2], sizeof(paths[2]), "%s/d.jsonl", folder);
  write_silence(paths[0], 48000 * 4);
  snprintf(text, sizeof(text),
           "audio: {backend: file}\n"
           "nodes:\n"
           "  - {id: late, plugin: \"urn:pinna:test:delay\"}\n"
           "  - {id: words, plugin: \"urn:pinna:test:caption\"}\n"
           "wires:\n  - {from: \"input:1\", to: late}\n  - {from: late, to: words}\n"
           "  - {from: words, to: \"output:1\"}\n"
           "captions:\n  - {from: words, to: jsonl, file: \"%s\", partials: yes}\n"
           "  - {from: words, to: srt, file: \"%s/d.srt\"}\n",
           paths[2], folder);
  tap_int(pinna_config_parse(&config, text, (uint32_t)strlen(text), "here.yaml", &error),
          PINNA_STATUS_OK, "configuration %s", error.text);
  const PinnaRenderConfig render = {
      .in_path = paths[0], .out_path = paths[1], .config = config, .block = 64U};
  PinnaRenderResult result;
  tap_int(pinna_render(&render, world, NULL, NULL, NULL, &result, &error), PINNA_STATUS_OK,
          "render %s", error.text);
  unsigned    n[3] = {0U, 0U, 0U};
  double      worst = 0.0;
  const char* line = text_of(paths[2]);
  for (unsigned i = 0U; *line; line = strchr(line, '\n') + 1, ++i) {
    json_t* const     object = json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);
    const char* const kind = json_string_value(json_object_get(object, "kind"));
    const unsigned    tenth = n[1] + n[2];
    const double      start = 0.1 * tenth - (double)result.latency / 48000.0;
    worst = fmax(worst, fabs(json_number_value(json_object_get(object, "start")) - start));
    n[!strcmp(kind, "partial") ? 0 : !strcmp(kind, "final") ? 1 : 2] += 1U;
    json_decref(object);
  }
  // The one that the node tells at 4 s began a latency earlier, while there was sound
  tap_ok(n[0] == 33U && n[1] == 33U && n[2] == 8U && result.latency,
         "%u partial and %u final captions, %u gaps", n[0], n[1], n[2]);
  tap_at_most(worst, 1e-9, "all at the input's time, seconds off");
  snprintf(paths[2], sizeof(paths[2]), "%s/d.srt", folder);
  tap_ok(strstr(text_of(paths[2]), "t\xC3\xA9nth <3>\n\n5\n"), "subtitles too");
  pinna_config_free(config);
}

static void
test_config(void) {
  static const struct {
    const char* entry;
    const char* why;
  } cases[] = {{"{from: word, to: terminal}", "words"},
               {"{from: words, to: vvt}", "vtt"},
               {"{from: words, to: vtt}", "need a 'file'"},
               {"{from: words, to: osc}", "need a 'url'"},
               {"{from: words, to: vtt, file: a, keep: 0}", "keep"},
               {"{to: vtt, file: a}", "from"},
               {"{from: words, to: vtt, fil: a}", "file"}};
  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    char         text[512];
    PinnaConfig* config = NULL;
    PinnaError   error = {""};
    snprintf(text, sizeof(text),
             "audio: {backend: \"null\"}\nnodes:\n  - {id: words, plugin: \"urn:x\"}\ncaptions:\n  "
             "- %s\n",
             cases[i].entry);
    const PinnaStatus status =
        pinna_config_parse(&config, text, (uint32_t)strlen(text), "a.yaml", &error);
    tap_ok(status == PINNA_STATUS_BAD_CONFIG && strstr(error.text, cases[i].why) &&
               strstr(error.text, "a.yaml:5:"),
           "%s", error.text);
    pinna_config_free(config);
  }
}

int
main(void) {
  char        folder[64];
  PinnaWorld* world = NULL;
  PinnaError  error = {""};
  tap_int(pinna_world_new(&world, &error), PINNA_STATUS_OK, "world %s", error.text);
  make_folder(folder);
  test_cues();
  test_formats(folder);
  test_json(folder);
  test_rotation(folder);
  test_bad_disks(folder);
  test_choice();
#ifdef PINNA_HAVE_OSC
  test_osc();
#else
  tap_skip("built without liblo", "OSC");
#endif
  test_atoms(world);
  test_render(world, folder);
  test_config();
  pinna_paths_remove(folder);
  pinna_world_free(world);
  return tap_done();
}
