// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/render.h"
#include "tests/host/jack_fixture.h"
#include "tests/host/session_fixture.h"
#include "tests/residual.h"
#include "tests/tap.h"
#include "tests/voice.h"

#include <dirent.h>
#include <jansson.h>
#ifdef PINNA_HAVE_OSC
#include <lo/lo.h>
#endif
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

// Captions and a vocoder live on a JACK server: the sound bit for bit, and workers that stand still

#define RATE 48000U
#define N_PLAY (10U * RATE)
#define N_RECORD (N_PLAY + RATE)
#define LEAD RATE
#define MAX_PHASES 64U ///< Positions of the voice in the denoiser's frames that are tried
#define N_FILE (LEAD + 64U * MAX_PHASES + N_PLAY)
#define VOWEL_S 6U
#define MAX_WORKERS 64U
#define MAX_FINALS 32U

static double n_xruns;        ///< Of the last live run
static char   osc_entry[160]; ///< Another sink, or ""
static float  play[N_PLAY];
static float  heard[2][N_RECORD];
static float  file_in[N_FILE];
static float  file_out[2U * N_FILE];

#define BRANCH(n)                                                                                  \
  "  - {id: eq_" n ", plugin: 'urn:pinna:eq:mono', set: {freq_1: 440, gain_1: 6, enabled_1: 1}}\n" \
  "  - {id: den_" n ", plugin: 'urn:pinna:denoise:mono', set: {neural: 0}}\n"
#define WIRES(n)                                                                                   \
  "  - {from: 'input:1', to: eq_" n "}\n"                                                          \
  "  - {from: eq_" n ", to: den_" n "}\n"

static const char* const without_captions = "nodes:\n" BRANCH("a") "wires:\n" WIRES(
    "a") "  - {from: den_a, to: 'output:1'}\n  - {from: den_a, to: 'output:2'}\n";
static const char* const with_captions = "nodes:\n" BRANCH("a")
    BRANCH("b") "  - {id: words, plugin: 'urn:pinna:asr:mono'}\n"
                "wires:\n" WIRES("a") WIRES("b") "  - {from: den_a, to: 'output:1'}\n"
                                                 "  - {from: den_b, to: words}\n"
                                                 "  - {from: words, to: 'output:2'}\n";
static const char* const with_vocoder =
    "nodes:\n" BRANCH("a") "  - {id: voc, plugin: 'urn:pinna:vocoder:mono'}\n"
                           "  - {id: words, plugin: 'urn:pinna:asr:mono'}\n"
                           "wires:\n" WIRES("a") "  - {from: den_a, to: voc}\n"
                                                 "  - {from: den_a, to: words}\n"
                                                 "  - {from: voc, to: 'output:1'}\n"
                                                 "  - {from: words, to: 'output:2'}\n";

typedef struct {
  uint32_t n;
  uint32_t n_gaps;
  double   gap_s;
  double   gap_end;
  double   start[MAX_FINALS];
  char     text[MAX_FINALS][64];
} Finals;

static bool
write_sound(const char* const path, const uint32_t rate, const float* const x, const uint32_t n) {
  SF_INFO info = {
      .samplerate = (int)rate, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  const bool     good = sf_writef_float(file, x, n) == n;
  sf_close(file);
  return good;
}

/// Render `x` through a graph. @return Frames in file_out
static uint32_t
render(const Host* const host, const char* const graph, const uint32_t rate, const float* const x,
       const uint32_t n) {
  char         paths[2][320];
  char         text[2048];
  PinnaConfig* config = NULL;
  PinnaError   error = {""};
  snprintf(paths[0], sizeof(paths[0]), "%s/in.wav", host->dir);
  snprintf(paths[1], sizeof(paths[1]), "%s/out.wav", host->dir);
  snprintf(text, sizeof(text), "audio: {backend: file}\n%s", graph);
  SF_INFO           info = {0};
  uint32_t          n_out = 0U;
  PinnaRenderResult result;
  PinnaStatus status = pinna_config_parse(&config, text, (uint32_t)strlen(text), "r.yaml", &error);
  if (!status && write_sound(paths[0], rate, x, n)) {
    const PinnaRenderConfig c = {
        .in_path = paths[0], .out_path = paths[1], .config = config, .sample_rate = RATE};
    status = pinna_render(&c, host->world, NULL, NULL, NULL, &result, &error);
    SNDFILE* const file = status ? NULL : sf_open(paths[1], SFM_READ, &info);
    n_out = file ? (uint32_t)sf_readf_float(file, file_out, N_FILE) : 0U;
    sf_close(file);
  }
  pinna_config_free(config);
  if (!n_out) {
    tap_ok(false, "render: %s", error.text);
  }
  return n_out;
}

/// @return false: there is no voice here
static bool
make_voice(const Host* const host) {
  static float   voice[N_PLAY / 6U];
  const uint32_t n_low = voice_read(PINNA_SHARED_DIR, voice, N_PLAY / 6U);
  const uint32_t n = n_low ? render(host,
                                    "nodes: [{id: eq, plugin: 'urn:pinna:eq:mono'}]\n"
                                    "wires: [{from: 'input:1', to: eq}, {from: eq, to: "
                                    "'output:1'}, {from: eq, to: 'output:2'}]\n",
                                    VOICE_RATE, voice, n_low)
                           : 0U;
  for (uint32_t i = 0U; i < N_PLAY; ++i) {
    play[i] = i < n ? file_out[2U * i] : 0.0F;
  }
  return n > 0U;
}

/// What of a session's captions is compared
static Finals
read_finals(const Host* const host, const char* const name) {
  char   path[320];
  char   line[32768];
  Finals finals = {0};
  snprintf(path, sizeof(path), "%s/%s", host->dir, name);
  FILE* const file = fopen(path, "r");
  while (file && fgets(line, sizeof(line), file)) {
    json_t* const     object = json_loads(line, 0, NULL);
    const char* const kind = json_string_value(json_object_get(object, "kind"));
    const double      start = json_number_value(json_object_get(object, "start"));
    const double      end = json_number_value(json_object_get(object, "end"));
    const char* const text = json_string_value(json_object_get(object, "text"));
    if (kind && !strcmp(kind, "gap")) {
      ++finals.n_gaps;
      finals.gap_s += end - start;
      finals.gap_end = end;
    } else if (kind && text && !strcmp(kind, "final") && finals.n < MAX_FINALS) {
      finals.start[finals.n] = start;
      snprintf(finals.text[finals.n++], sizeof(finals.text[0]), "%.63s", text);
    }
    json_decref(object);
  }
  if (file) {
    fclose(file);
  }
  return finals;
}

/// Stop all threads of that name in a child process for a while. @return How many; 0: not allowed
static unsigned
stop_threads(const pid_t pid, const char* const name, const double seconds) {
  char           path[320];
  pid_t          held[MAX_WORKERS];
  unsigned       n = 0U;
  struct dirent* entry = NULL;
  snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
  DIR* const dir = opendir(path);
  while (dir && (entry = readdir(dir)) && n < MAX_WORKERS) {
    char comm[64] = "";
    snprintf(path, sizeof(path), "/proc/%d/task/%.20s/comm", (int)pid, entry->d_name);
    FILE* const file = fopen(path, "r");
    if (file) {
      const bool is_it = fgets(comm, sizeof(comm), file) && !strncmp(comm, name, strlen(name));
      held[n] = (pid_t)strtol(entry->d_name, NULL, 10);
      n += is_it && !ptrace(PTRACE_SEIZE, held[n], NULL, NULL) &&
           !ptrace(PTRACE_INTERRUPT, held[n], NULL, NULL);
      fclose(file);
    }
  }
  if (dir) {
    closedir(dir);
  }
  for (unsigned i = 0U; i < n; ++i) {
    waitpid(held[i], NULL, __WALL);
  }
  host_sleep(n ? seconds : 0.0);
  for (unsigned i = 0U; i < n; ++i) {
    ptrace(PTRACE_DETACH, held[i], NULL, NULL);
  }
  return n;
}

/// The workers of a host come after its audio thread, which is the first of all the others
static void
check_priorities(const pid_t pid) {
  char           path[320];
  int            audio = 0;
  int            worker = 0;
  struct dirent* entry = NULL;
  snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
  DIR* const dir = opendir(path);
  while (dir && (entry = readdir(dir))) {
    char               comm[64] = "";
    struct sched_param param = {.sched_priority = 0};
    snprintf(path, sizeof(path), "/proc/%d/task/%.20s/comm", (int)pid, entry->d_name);
    FILE* const file = fopen(path, "r");
    if (file && fgets(comm, sizeof(comm), file) &&
        !sched_getparam((pid_t)strtol(entry->d_name, NULL, 10), &param)) {
      int* const most = strncmp(comm, "pinna-worker", 12U) ? &audio : &worker;
      *most = param.sched_priority > *most ? param.sched_priority : *most;
    }
    if (file) {
      fclose(file);
    }
  }
  if (dir) {
    closedir(dir);
  }
  tap_ok(worker < audio || !worker, "priorities: audio %d, workers %d after it", audio, worker);
}

typedef struct {
  double   at, length; ///< In: seconds of `heard`
  unsigned n;          ///< Out: threads stopped
  uint32_t from, to;   ///< Out: frames of `heard`
} Stop;

/// All of `play` through a session on a server of `period` frames
static bool
run_live(Host* const host, const unsigned period, const char* const graph, Stop* const stop) {
  char      text[2048];
  pid_t     server = 0;
  JackProbe probe = {
      .play = {play, play}, .n_play = N_PLAY, .record = {heard[0], heard[1]}, .n_record = N_RECORD};
  memset(heard, 0, sizeof(heard));
  snprintf(text, sizeof(text),
           "audio: {backend: jack, server: " JACK_TEST_SERVER ", inputs: 1, outputs: 2}\n%s"
           "captions:\n  - {from: words, to: jsonl, file: $DIR/%u.jsonl}\n"
           "%s"
           "jack: {inputs: ['source:out_1'], outputs: ['sink:in_*']}\n"
           "state: {every: 0, dir: $DIR/state-%u}\n",
           graph, period, osc_entry, period);
  host_write(host, text);
  bool good = tap_ok(jack_server_start_period(&server, RATE, period) && jack_probe_open(&probe),
                     "a server with %u frames starts", period) &&
              tap_int(host_start(host), PINNA_STATUS_OK, "start %s", host->error.text);
  host_sleep(2.0); // Fade-in, weights
  const double latency = host_number(host, "audio.latency");
  atomic_store(&probe.go, true);
  for (int i = 0; good && i < 3000 && atomic_load(&probe.recorded) < N_RECORD; ++i) {
    if (stop && !stop->to && atomic_load(&probe.recorded) > stop->at * RATE) {
      stop->from = atomic_load(&probe.recorded);
      stop->n = stop_threads(host->pid, "pinna-worker", stop->length);
      stop->to = atomic_load(&probe.recorded);
    }
    host_sleep(0.02);
  }
  good = tap_ok(good && atomic_load(&probe.recorded) >= N_RECORD, "all of it was heard") && good;
  tap_near(host_number(host, "audio.latency"), latency, 0.0, "the latency is constant");
  n_xruns = host_number(host, "audio.xruns");
  tap_diag("%g xruns, latency %g frames", n_xruns, latency);
  for (int i = 0; i < 5; ++i) {
    char path[2][40];
    snprintf(path[0], sizeof(path[0]), "nodes.%d.id", i);
    snprintf(path[1], sizeof(path[1]), "nodes.%d.mean_us", i);
    if (host_text(host, path[0])[0]) {
      tap_diag("%s: %.2f us", host_text(host, path[0]), host_number(host, path[1]));
    }
  }
  check_priorities(host->pid);
  host_sleep(0.5); // The last captions
  host_stop(host);
  jack_probe_close(&probe);
  jack_server_kill(server, SIGTERM);
  return good;
}

static uint32_t
first_sound(const float* const x, const uint32_t n, const uint32_t step) {
  uint32_t i = 0U;
  while (i < n && x[(size_t)i * step] == 0.0F) {
    ++i;
  }
  return i;
}

/// The live sound is a render's whose voice begins at the same place of the denoiser's frames
static uint32_t
find_render(const Host* const host) {
  static float   ours[N_FILE];
  const uint32_t from = first_sound(heard[0], N_RECORD, 1U);
  for (uint32_t k = 0U; k < MAX_PHASES; ++k) {
    const uint32_t lead = LEAD + 64U * k;
    memset(file_in, 0, lead * sizeof(float));
    memcpy(file_in + lead, play, N_PLAY * sizeof(float));
    const uint32_t n = render(host, without_captions, RATE, file_in, lead + N_PLAY);
    const uint32_t at = first_sound(file_out, n, 2U);
    const uint32_t n_both = n - at < N_RECORD - from ? n - at : N_RECORD - from;
    for (uint32_t i = 0U; i < n_both; ++i) {
      ours[i] = file_out[2U * (at + i)];
    }
    if (n_both > N_PLAY / 2U && !memcmp(ours, heard[0] + from, n_both * sizeof(float))) {
      tap_ok(true, "%u live frames are a render's, bit for bit (phase %u)", n_both, k);
      return lead;
    }
  }
  tap_ok(false, "the live sound is a render's, bit for bit");
  return LEAD;
}

#ifdef PINNA_HAVE_OSC
static Finals told_by_osc;

/// liblo's own receiver: final captions
static int
hear_final(const char* const path, const char* const types, lo_arg** const argv, const int argc,
           const lo_message message, void* const handle) {
  Finals* const finals = (Finals*)handle;
  (void)path;
  (void)argc;
  (void)message;
  if (!strcmp(types, "hddiss") && finals->n < MAX_FINALS) {
    memcpy(&finals->start[finals->n], argv[1], sizeof(double)); // liblo aligns to 4 bytes
    snprintf(finals->text[finals->n++], sizeof(finals->text[0]), "%.63s", (const char*)argv[4]);
  }
  return 0;
}

static bool
run_with_osc(Host* const host) {
  const lo_server_thread receiver = lo_server_thread_new(NULL, NULL);
  lo_server_thread_add_method(receiver, "/captions/final", NULL, hear_final, &told_by_osc);
  lo_server_thread_start(receiver);
  snprintf(osc_entry, sizeof(osc_entry),
           "  - {from: words, to: osc, url: 'osc.udp://127.0.0.1:%d/captions'}\n",
           lo_server_thread_get_port(receiver));
  const bool good = run_live(host, 64U, with_captions, NULL);
  lo_server_thread_stop(receiver);
  lo_server_thread_free(receiver);
  osc_entry[0] = '\0';
  return good;
}
#else
static bool
run_with_osc(Host* const host) {
  return run_live(host, 64U, with_captions, NULL);
}
#endif

#ifdef PINNA_HAVE_OSC
/// What came by OSC is what was written
static void
compare_osc(const Finals* const live) {
  double worst = told_by_osc.n == live->n ? 0.0 : 1e9;
  for (uint32_t i = 0U; i < live->n && i < told_by_osc.n; ++i) {
    const bool same = !strcmp(live->text[i], told_by_osc.text[i]);
    worst = same ? fmax(worst, fabs(live->start[i] - told_by_osc.start[i])) : 1e9;
  }
  tap_at_most(worst, 2e-3, "%u of %u captions came by OSC, words and times as written [s]",
              told_by_osc.n, live->n);
}
#endif

static void
test_captions(Host* const host) {
  char graph[2048];
  if (!run_with_osc(host)) {
    return;
  }
  tap_all_equal(heard[1], heard[0], N_RECORD, "with captions and without: the same bits");
  const uint32_t lead = find_render(host);
  memset(file_in, 0, lead * sizeof(float));
  memcpy(file_in + lead, play, N_PLAY * sizeof(float));
  snprintf(graph, sizeof(graph),
           "%scaptions: [{from: words, to: jsonl, file: '%s/render.jsonl'}]\n", with_captions,
           host->dir);
  render(host, graph, RATE, file_in, lead + N_PLAY);
  const Finals live = read_finals(host, "64.jsonl");
#ifdef PINNA_HAVE_OSC
  compare_osc(&live);
#endif
  const Finals file = read_finals(host, "render.jsonl");
  if (live.n_gaps) {
    tap_skip("this machine is too busy to keep time", "live captions are a render's");
    return;
  }
  double worst = 0.0;
  tap_int(live.n, file.n, "as many captions as of the render");
  tap_at_least(file.n, 5.0, "of six words");
  for (uint32_t i = 0U; i < live.n && i < file.n; ++i) {
    tap_string(live.text[i], file.text[i], "caption at %.2f s", file.start[i]);
    worst = fmax(worst, fabs(live.start[i] - live.start[0] - file.start[i] + file.start[0]));
  }
  // A clock that stood still while the machine was busy has other times
  const double late = n_xruns * 64.0 / RATE;
  if (late > 0.2) {
    tap_skip("this machine is too busy to keep time", "at the same times (%g xruns)", n_xruns);
    return;
  }
  tap_at_most(worst, 0.1 + late, "at the same times [s], but for what the clock lost");
}

/// A steady vowel, then words
static void
make_vowel(void) {
  memmove(play + VOWEL_S * RATE, play, (N_PLAY - VOWEL_S * RATE) * sizeof(float));
  for (uint32_t i = 0U; i < VOWEL_S * RATE; ++i) {
    double sum = 0.0;
    for (int k = 1; k <= 18; ++k) {
      const double f = 120.0 * k;
      const double gain = 1.0 / (1.0 + pow((f - 600.0) / 250.0, 2.0)) +
                          0.4 / (1.0 + pow((f - 1200.0) / 250.0, 2.0));
      sum += gain * sin(6.283185307179586 * f * i / RATE + k * k);
    }
    play[i] = (float)(0.05 * sum);
  }
}

static void
test_vocoder(Host* const host) {
  Stop stop = {.at = 3.0, .length = 2.0};
  make_vowel();
  if (!run_live(host, 128U, with_vocoder, &stop)) {
    return;
  }
  const uint32_t second = RATE;
  const double   calm = fmax(residual_above(heard[0], second, 3U * RATE - RATE / 10U, RATE),
                             residual_above(heard[1], second, 3U * RATE - RATE / 10U, RATE));
  const double   all = residual_above(heard[0], second, 6U * RATE - RATE / 10U, RATE);
  const double   sound = residual_above(heard[1], second, 6U * RATE - RATE / 10U, RATE);
  double         wet = 0.0;
  double         dry = 0.0;
  tap_diag("above 3 kHz: sound %.1f, voice %.1f, with the stall %.1f dBFS",
           20.0 * log10(sound + 1e-9),
           20.0 * log10(residual_above(heard[0], second, 3U * RATE - RATE / 10U, RATE) + 1e-9),
           20.0 * log10(all + 1e-9));
  for (uint32_t i = second; i < 3U * RATE - RATE / 10U; ++i) {
    wet = fmax(wet, fabs((double)heard[0][i] - (double)heard[1][i]));
  }
  tap_at_least(wet, 0.01, "before, the voice is the network's");
  if (!stop.n) {
    tap_skip("threads cannot be stopped here (ptrace)", "a stall");
    return;
  }
  for (uint32_t i = stop.from + RATE / 2U; i + RATE / 10U < stop.to; ++i) {
    dry = fmax(dry, fabs((double)heard[0][i] - (double)heard[1][i]));
  }
  tap_at_most(dry, 1e-6, "%u workers stand still: the sound itself, as late as reported", stop.n);
  if (n_xruns > 20.0 || sound > 2.0 * calm) { // The server itself cut the sound, voice or not
    tap_skip("this machine is too busy to keep time", "no click");
    return;
  }
  tap_at_most(20.0 * log10(fmax(all - calm, 1e-9)), -50.0,
              "no click: above 3 kHz, over the programme [dBFS]");
  double quietest = 1.0;
  for (uint32_t at = second; at < VOWEL_S * RATE - RATE / 10U; at += 960U) {
    double sum = 0.0;
    double want = 0.0;
    for (uint32_t i = at; i < at + 960U; ++i) {
      sum += (double)heard[0][i] * (double)heard[0][i];
      want += (double)heard[1][i] * (double)heard[1][i];
    }
    quietest = fmin(quietest, sqrt(sum / (want + 1e-12)));
  }
  tap_at_least(20.0 * log10(quietest + 1e-9), -9.0, "nor a hole [dB]");
  const Finals live = read_finals(host, "128.jsonl");
  tap_near(live.gap_s, (double)(stop.to - stop.from) / RATE, 0.3,
           "the captions tell what was not heard: %u gap [s]", live.n_gaps);
  tap_ok(live.n && live.start[live.n - 1U] > live.gap_end, "and then go on: '%s' at %.2f s",
         live.n ? live.text[live.n - 1U] : "", live.n ? live.start[live.n - 1U] : 0.0);
}

static void
test_all(Host* const host) {
  if (make_voice(host)) {
    test_captions(host);
    test_vocoder(host);
  } else {
    tap_skip("data/fsdd is not there (PINNA_SHARED)", "captions and vocoder on JACK");
  }
}

int
main(const int argc, char** const argv) {
  return jack_fixture_main(argc, argv, test_all);
}
