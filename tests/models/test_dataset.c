// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/dataset.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Small datasets of every kind on disk, and ones that are broken

static char root[512];

static void
put(const char* const name, const char* const text) {
  char path[1024];
  snprintf(path, sizeof(path), "%s/%s", root, name);
  for (char* p = path + strlen(root) + 1U; (p = strchr(p, '/')) != NULL; ++p) {
    *p = '\0';
    mkdir(path, 0700);
    *p = '/';
  }
  FILE* const file = fopen(path, "wb");
  if (!file || fputs(text, file) < 0 || fclose(file)) {
    abort();
  }
}

static void
expect(const char* const kind, const char* const sub, const char* const want) {
  char          spec[1024];
  char          found[2048] = "";
  size_t        n = 0U;
  PinnaDataset* dataset = NULL;
  PinnaError    error = {{0}};
  snprintf(spec, sizeof(spec), "%s:%s/%s", kind, root, sub);
  if (!tap_int(pinna_dataset_open(&dataset, spec, &error), 0, "%s opens %s", kind, error.text)) {
    return;
  }
  for (size_t i = 0U; i < pinna_dataset_count(dataset); ++i) {
    const PinnaUtterance* const u = pinna_dataset_at(dataset, i);
    n += (size_t)snprintf(found + n, sizeof(found) - n, "%s=%s by %s at %s;", u->id, u->text,
                          u->speaker, u->path + strlen(root) + 1U);
  }
  tap_string(found, want, "%s: ids, texts, speakers, files", kind);
  tap_ok(!pinna_dataset_at(dataset, pinna_dataset_count(dataset)), "nothing behind the last");
  pinna_dataset_close(dataset);
}

static void
refuse(const char* const spec, const char* const word) {
  PinnaDataset* dataset = NULL;
  PinnaError    error = {{0}};
  tap_ok(pinna_dataset_open(&dataset, spec, &error) && !dataset && strstr(error.text, word),
         "refused: %s", error.text);
}

static void
test_kinds(void) {
  put("libri/84/121/84-121.trans.txt", "84-121-0001 AND YES\n84-121-0000 GO ON\n");
  expect("librispeech", "libri",
         "84-121-0000=GO ON by 84 at libri/84/121/84-121-0000.flac;"
         "84-121-0001=AND YES by 84 at libri/84/121/84-121-0001.flac;");
  put("lj/LJSpeech-1.1/metadata.csv", "LJ1|In 2 parts|In two parts\r\nLJ2|Only one\n");
  put("lj/LJSpeech-1.1/wavs/LJ1.wav", "");
  put("lj/LJSpeech-1.1/LJ2.flac", "");
  expect("ljspeech", "lj",
         "LJ1=In two parts by lj at lj/LJSpeech-1.1/wavs/LJ1.wav;"
         "LJ2=Only one by lj at lj/LJSpeech-1.1/LJ2.flac;");
  put("cv/test.tsv", "client_id\tage\tpath\tsentence\nme\t9\tb.mp3\tHello.\nyou\t8\ta.mp3\tHi!\n");
  expect("commonvoice", "cv",
         "a.mp3=Hi! by you at cv/clips/a.mp3;b.mp3=Hello. by me at cv/clips/b.mp3;");
  expect("commonvoice", "cv/test.tsv",
         "a.mp3=Hi! by you at cv/clips/a.mp3;b.mp3=Hello. by me at cv/clips/b.mp3;");
  put("sc/yes/aa_nohash_0.wav", "");
  put("sc/_background_noise_/hum_x.wav", "");
  put("sc/no/bb_nohash_1.wav", "");
  expect("speechcommands", "sc",
         "no/bb_nohash_1.wav=no by bb at sc/no/bb_nohash_1.wav;"
         "yes/aa_nohash_0.wav=yes by aa at sc/yes/aa_nohash_0.wav;");
  put("sc/testing_list.txt", "yes/aa_nohash_0.wav\n");
  expect("speechcommands", "sc", "yes/aa_nohash_0.wav=yes by aa at sc/yes/aa_nohash_0.wav;");
  put("yn/0_1_1.wav", "");
  put("yn/README", "");
  expect("yesno", "yn", "0_1_1=no yes yes by  at yn/0_1_1.wav;");
  put("fsdd/7_george_12.wav", "");
  put("fsdd/x_y.wav", "");
  expect("fsdd", "fsdd", "7_george_12=seven by george at fsdd/7_george_12.wav;");
}

static void
test_bad(void) {
  char spec[1024];
  refuse("nonsense", "KIND:PATH");
  refuse("music:.", "KIND:PATH");
  refuse("fsdd:/no/such/folder", "/no/such/folder");
  put("empty/readme.txt", "");
  snprintf(spec, sizeof(spec), "librispeech:%s/empty", root);
  refuse(spec, "nothing of a librispeech dataset");
  snprintf(spec, sizeof(spec), "ljspeech:%s/empty", root);
  refuse(spec, "metadata.csv");
  put("bad/test.tsv", "a\tb\tc\n1\t2\t3\n");
  snprintf(spec, sizeof(spec), "commonvoice:%s/bad", root);
  refuse(spec, "line 1");
  put("out/testing_list.txt", "yes/a_0.wav\nyes/../../secret.wav\n");
  snprintf(spec, sizeof(spec), "speechcommands:%s/out", root);
  refuse(spec, "line 2");
}

int
main(void) {
  const char* const folder = getenv("TMPDIR");
  char              command[600];
  snprintf(root, sizeof(root), "%s/pinna_dataset_XXXXXX", folder ? folder : P_tmpdir);
  if (!mkdtemp(root)) {
    tap_skip_all("no temporary folder");
  }
  test_kinds();
  test_bad();
  snprintf(command, sizeof(command), "rm -r '%s'", root);
  tap_int(system(command), 0, "cleaned up");
  return tap_done();
}
