// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/caption_out.h"
#include "plugins/common/shell.h"
#include "tests/folder.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <lv2/atom/forge.h>
#include <lv2/log/log.h>
#include <lv2/time/time.h>

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A plugin's file of captions: the timeline's times, a file for each pass, whole to the last word,
// and nothing but a ring in the audio thread

enum { RATE = 1000, MAX_URIS = 256, EVENT_BYTES = 512 };

const PinnaPlugin pinna_plugin = {0}; ///< The shell that is linked wants one

static char  uris[MAX_URIS][128];
static char  said[8192]; ///< In the host's log
static char  folder[64];
static char  path[256];
static void* memory;

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri) {
  (void)handle;
  LV2_URID i = 0U;
  while (uris[i][0] && strcmp(uris[i], uri) != 0) {
    ++i;
  }
  snprintf(uris[i], sizeof(uris[i]), "%s", uri);
  return i + 1U;
}

static LV2_URID_Map map = {NULL, map_uri};

static int
hear(const LV2_Log_Handle handle, const LV2_URID type, const char* const format, ...) {
  (void)handle;
  (void)type;
  va_list      args;
  const size_t n = strlen(said);
  va_start(args, format);
  vsnprintf(said + n, sizeof(said) - n, format, args);
  va_end(args);
  return 0;
}

static LV2_Log_Log log_feature = {NULL, hear, NULL};

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_caption_out_init((PinnaCaptionOut**)object, arena, (const PinnaPluginConfig*)config);
}

static PinnaCaptionOut*
make(void** const slot) {
  const PinnaPluginConfig config = {.rate = RATE, .map = &map, .log = &log_feature};
  void*                   object = NULL;
  pinna_arena_build(slot, &object, build, &config);
  return (PinnaCaptionOut*)object;
}

/// A final caption of words that begin at these frames, each a tenth of a second long
static PinnaCaption
words_at(const uint64_t* const starts, const uint32_t n) {
  static const char* const names[] = {"zero", "one", "two", "three"};
  PinnaCaption             caption = {
                  .kind = PINNA_CAPTION_FINAL, .rate = RATE, .segment = 1U, .n_words = n, .start = starts[0]};
  for (uint32_t i = 0U; i < n; ++i) {
    const uint32_t at = caption.n_text + (i > 0U);
    caption.n_text +=
        (uint32_t)sprintf(caption.text + caption.n_text, "%s%s", i ? " " : "", names[i % 4U]);
    caption.words[i] = (PinnaCaptionWord){starts[i], starts[i] + RATE / 10U, -0.5f, (uint16_t)at,
                                          (uint16_t)(caption.n_text - at)};
    caption.end = caption.words[i].end;
  }
  caption.n_stable = caption.n_text;
  return caption;
}

static PinnaCaption
word_at(const uint64_t start) {
  return words_at(&start, 1U);
}

/// What the host writes into the control port for a chunk
typedef struct {
  _Alignas(8) uint8_t bytes[EVENT_BYTES];
} Chunk;

/// @param frame Of the transport; below 0: the host says nothing
static void
forge(Chunk* const chunk, const int64_t frame, const float speed) {
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame sequence;
  LV2_Atom_Forge_Frame object;
  lv2_atom_forge_init(&forge, &map);
  lv2_atom_forge_set_buffer(&forge, chunk->bytes, sizeof(chunk->bytes));
  lv2_atom_forge_sequence_head(&forge, &sequence, 0U);
  if (frame >= 0) {
    lv2_atom_forge_frame_time(&forge, 0);
    lv2_atom_forge_object(&forge, &object, 0U, map_uri(NULL, LV2_TIME__Position));
    lv2_atom_forge_key(&forge, map_uri(NULL, LV2_TIME__frame));
    lv2_atom_forge_long(&forge, frame);
    lv2_atom_forge_key(&forge, map_uri(NULL, LV2_TIME__speed));
    lv2_atom_forge_float(&forge, speed);
    lv2_atom_forge_pop(&forge, &object);
  }
  lv2_atom_forge_pop(&forge, &sequence);
}

/// The audio thread's chunk that begins at frame `at`
static void
run_chunk(PinnaCaptionOut* const out, const uint64_t at, Chunk* const chunk) {
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)(void*)chunk->bytes;
  LV2_Atom_Sequence*       buffers[] = {sequence};
  const PinnaEvents        events = {
             .buffers = buffers, .n_frames = 64U, .last = true, .sequence = sequence->atom.type};
  pinna_caption_out_follow(out, &events, 0U, at);
}

static void
follow(PinnaCaptionOut* const out, const uint64_t at, const int64_t frame, const float speed) {
  Chunk chunk = {{0}};
  forge(&chunk, frame, speed);
  run_chunk(out, at, &chunk);
}

/// Files of the folder but the one in use; `text` receives the one that holds this word
static unsigned
n_archives(const char* const word, char* const text, const size_t size) {
  DIR* const dir = opendir(folder);
  unsigned   n = 0U;
  for (const struct dirent* entry = readdir(dir); entry; entry = readdir(dir)) {
    char file[600];
    snprintf(file, sizeof(file), "%s/%s", folder, entry->d_name);
    if (entry->d_name[0] != '.' && strcmp(file, path) != 0) {
      ++n;
      if (word && strstr(text_of(file), word)) {
        snprintf(text, size, "%s", text_of(file));
      }
    }
  }
  closedir(dir);
  return n;
}

static void
clear(void) {
  char command[400];
  snprintf(command, sizeof(command), "rm -f %s/*", folder);
  tap_int(system(command), 0, "the folder is empty");
  said[0] = '\0';
}

static void
put(PinnaCaptionOut* const out, const PinnaCaption caption) {
  pinna_caption_out_put(out, &caption);
}

static void
test_without_transport(PinnaCaptionOut* const out) {
  clear();
  tap_int(pinna_caption_out_status(out), PINNA_CAPTION_OUT_NONE, "no file is asked for");
  follow(out, 0U, -1, 0.0f);
  put(out, word_at(10U));
  tap_ok(!pinna_caption_out_waits(out), "then the worker is left alone");
  pinna_caption_out_open(out, path);
  tap_int(pinna_caption_out_status(out), PINNA_CAPTION_OUT_READY, "ready");
  pinna_caption_out_reset(out);
  follow(out, 0U, -1, 0.0f);
  put(out, word_at(1500U));
  tap_ok(pinna_caption_out_waits(out) && !pinna_caption_out_waits(out), "the worker is asked once");
  tap_ok(access(path, F_OK), "nothing is there before it came");
  pinna_caption_out_work(out);
  tap_string(text_of(path), "1\n00:00:01,500 --> 00:00:01,600\nzero\n\n", "then all is");
  tap_int(pinna_caption_out_status(out), PINNA_CAPTION_OUT_WRITTEN, "written");
  put(out, word_at(2500U));
  pinna_caption_out_finish(out, false);
  tap_string(text_of(path),
             "1\n00:00:01,500 --> 00:00:01,600\nzero\n\n2\n00:00:02,500 --> 00:00:02,600\nzero\n\n",
             "the end needs no worker");
}

static void
test_passes(PinnaCaptionOut* const out) {
  char           text[1024] = "";
  const uint64_t across[] = {4800U, 4950U, 5100U};
  clear();
  pinna_caption_out_reset(out);
  follow(out, 0U, 0, 0.0f); // The transport stands at first
  follow(out, 1000U, 60000, 1.0f);
  put(out, word_at(1500U));
  follow(out, 2000U, 61003, 1.0f); // Rounded, not moved
  put(out, word_at(2500U));
  pinna_caption_out_work(out);
  tap_string(text_of(path),
             "1\n00:01:00,500 --> 00:01:00,600\nzero\n\n2\n00:01:01,500 --> 00:01:01,600\nzero\n\n",
             "times are the timeline's");
  follow(out, 3000U, 62000, 0.0f);
  put(out, word_at(3500U));
  put(out, word_at(2900U)); // Said before it stopped, told after
  pinna_caption_out_work(out);
  tap_ok(strstr(text_of(path), "3\n00:01:01,900") && !strstr(text_of(path), "00:01:02,5"),
         "what is heard while it stands is not written, what was said before is");
  follow(out, 4000U, 10000, 1.0f);
  pinna_caption_out_work(out);
  tap_int((int)n_archives(NULL, NULL, 0U), 0, "a pass without words leaves the file alone");
  follow(out, 5000U, 0, 1.0f); // A loop
  put(out, words_at(across, 3U));
  pinna_caption_out_work(out);
  tap_string(text_of(path), "1\n00:00:00,100 --> 00:00:00,200\ntwo\n\n",
             "a sentence across a loop's end: the rest is in the new pass");
  tap_int((int)n_archives("zero one", text, sizeof(text)), 2, "older passes were moved away");
  tap_string(text, "1\n00:00:10,800 --> 00:00:11,050\nzero one\n\n", "with the first words");
  pinna_caption_out_finish(out, true);
  tap_int((int)n_archives(NULL, NULL, 0U), 2, "an end changes nothing of it");
}

static void
test_export(PinnaCaptionOut* const out) {
  char text[1024] = "";
  clear();
  fclose(fopen(path, "w")); // Empty: nothing to move away
  FILE* const old = fopen(path, "w");
  fputs("my own work\n", old);
  fclose(old);
  pinna_caption_out_reset(out);
  follow(out, 0U, 0, 1.0f);
  pinna_caption_out_finish(out, true);
  tap_string(text_of(path), "", "an export in which nothing is said has its file");
  tap_int((int)n_archives("my own", text, sizeof(text)), 1, "what was there is moved away");
  pinna_caption_out_finish(out, false);
  tap_int((int)n_archives(NULL, NULL, 0U), 1, "a second end does nothing");
}

static void
test_two(PinnaCaptionOut* const out) {
  void*                  other_memory = NULL;
  PinnaCaptionOut* const other = make(&other_memory);
  clear();
  pinna_caption_out_open(other, path);
  pinna_caption_out_reset(out);
  follow(out, 0U, -1, 0.0f);
  follow(other, 0U, -1, 0.0f);
  put(out, word_at(100U));
  pinna_caption_out_work(out);
  put(other, word_at(200U));
  pinna_caption_out_work(other);
  tap_ok(pinna_caption_out_status(other) == PINNA_CAPTION_OUT_FAILED &&
             strstr(said, "somebody else writes captions into it"),
         "the second of two plugins with one file is refused: %s", said);
  tap_string(text_of(path), "1\n00:00:00,100 --> 00:00:00,200\nzero\n\n", "and the first goes on");
  pinna_caption_out_finish(other, true);
  pinna_caption_out_finish(out, false);
  pinna_arena_free(other_memory);
}

static void
test_mistakes(PinnaCaptionOut* const out) {
  static const struct {
    const char* path;
    const char* error;
  } cases[] = {{"captions.srt", "from the root"},
               {"/var/captions.doc", "must end in .srt, .vtt, .jsonl or .txt"},
               {"/var.d/captions", "must end in"},
               {"/no/such/folder/x.vtt", "no such folder"}};
  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    said[0] = '\0';
    pinna_caption_out_open(out, cases[i].path);
    tap_ok(pinna_caption_out_status(out) == PINNA_CAPTION_OUT_FAILED &&
               strstr(said, cases[i].error) && strstr(said, cases[i].path),
           "%s", said);
  }
  pinna_caption_out_reset(out); // A folder may come
  follow(out, 0U, -1, 0.0f);
  put(out, word_at(100U));
  pinna_caption_out_finish(out, false);
  tap_int(pinna_caption_out_status(out), PINNA_CAPTION_OUT_FAILED, "lost, and nothing worse");
  pinna_caption_out_open(out, "");
  tap_int(pinna_caption_out_status(out), PINNA_CAPTION_OUT_NONE, "no file any more");
}

/// More than the ring holds, and no worker
typedef struct {
  PinnaCaptionOut* out;
  PinnaCaption     caption;
  Chunk            chunks[100];
} Script;

static void
play(void* const data) {
  Script* const script = (Script*)data;
  for (uint64_t i = 0U; i < 100U; ++i) {
    run_chunk(script->out, 64U * i, &script->chunks[i]);
    pinna_caption_out_put(script->out, &script->caption);
    pinna_caption_out_waits(script->out);
  }
}

static void
test_realtime(PinnaCaptionOut* const out) {
  pinna_caption_out_open(out, path);
  pinna_caption_out_reset(out);
  static Script script;
  script.out = out;
  script.caption = word_at(100U);
  for (unsigned i = 0U; i < 100U; ++i) {
    forge(&script.chunks[i], 1000 * (int64_t)i, i % 3U ? 1.0f : 0.0f);
  }
  rt_trap_reset();
  rt_trap_enter();
  play(&script);
  rt_trap_leave();
  rt_trap_check("following and putting are realtime, with a full ring too");
  rt_trap_check_seccomp(play, &script, "and ask the system for nothing");
  said[0] = '\0';
  pinna_caption_out_work(out);
  tap_ok(strstr(said, "worker came too late"), "what was lost is told: %s", said);
}

int
main(void) {
  PinnaCaptionOut* const out = make(&memory);
  if (!make_folder(folder)) {
    return 1;
  }
  snprintf(path, sizeof(path), "%s/take.srt", folder);
  test_without_transport(out);
  test_passes(out);
  test_export(out);
  test_two(out);
  test_mistakes(out);
  test_realtime(out);
  pinna_caption_out_finish(out, false);
  clear();
  rmdir(folder);
  pinna_arena_free(memory);
  return tap_done();
}
