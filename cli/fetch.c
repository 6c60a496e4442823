// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

// libcurl moves the bytes, OpenSSL counts them up

#define MAX_BYTES (UINT64_C(64) << 30U)
#define TAG_SIZE 512U

/// One try
typedef struct {
  const CliFetch* fetch;
  FILE*           file;
  CURL*           curl;
  uint64_t        had;   ///< Bytes of the part when the try began
  uint64_t        have;  ///< Bytes now
  uint64_t        total; ///< Of the whole file as the server says, 0: it does not
  char            tag[TAG_SIZE];
  PinnaStatus     refused; ///< Why our callback stopped the transfer
} Try;

static void
tag_path(const char* const part, char* const path, const size_t size) {
  snprintf(path, size, "%s.tag", part);
}

void
cli_fetch_forget(const char* const part) {
  char path[4200];
  tag_path(part, path, sizeof(path));
  unlink(path);
  unlink(part);
}

static void
read_tag(const char* const part, char tag[TAG_SIZE]) {
  char path[4200];
  tag_path(part, path, sizeof(path));
  FILE* const file = fopen(path, "r");
  tag[0] = '\0';
  if (file) {
    if (fgets(tag, TAG_SIZE, file)) {
      tag[strcspn(tag, "\r\n")] = '\0';
    }
    fclose(file);
  }
}

static void
write_tag(const char* const part, const char* const tag) {
  char path[4200];
  tag_path(part, path, sizeof(path));
  FILE* const file = fopen(path, "w");
  if (file) {
    fprintf(file, "%s\n", tag);
    fclose(file);
  }
}

/// A header's value, if the line is that header
static const char*
value_of(const char* const line, const size_t n, const char* const name) {
  const size_t length = strlen(name);
  if (n <= length || strncasecmp(line, name, length)) {
    return NULL;
  }
  return line + length + strspn(line + length, " ");
}

/// Strong ETags and dates say which version of a file this is
static size_t
on_header(char* const line, const size_t size, const size_t count, void* const handle) {
  Try* const   try = (Try*)handle;
  const size_t n = size * count;
  const char*  value = NULL;
  if (n > 5U && !strncmp(line, "HTTP/", 5U)) {
    try->tag[0] = '\0'; // A redirection's answer does not count
    try->total = 0U;
  } else if ((value = value_of(line, n, "etag:"))) {
    if (strncmp(value, "W/", 2U)) {
      snprintf(try->tag, TAG_SIZE, "%.*s", (int)(line + n - value), value);
    }
  } else if ((value = value_of(line, n, "last-modified:")) && !try->tag[0]) {
    snprintf(try->tag, TAG_SIZE, "%.*s", (int)(line + n - value), value);
  } else if ((value = value_of(line, n, "content-length:"))) {
    try->total = strtoull(value, NULL, 10);
  }
  try->tag[strcspn(try->tag, "\r\n")] = '\0';
  return n;
}

/// What the first bytes of an answer decide: whether they go on with the part or replace it
static PinnaStatus
begin(Try* const try) {
  long code = 0;
  curl_easy_getinfo(try->curl, CURLINFO_RESPONSE_CODE, &code);
  if (code != 206 && try->had) {
    try->had = 0U;
    if (ftruncate(fileno(try->file), 0)) {
      return PINNA_STATUS_IO;
    }
    rewind(try->file);
  }
  try->have = try->had;
  try->total += try->total ? try->had : 0U;
  const uint64_t most = try->fetch->size ? try->fetch->size : MAX_BYTES;
  if (try->total > most || (try->fetch->size && try->total && try->total != most)) {
    return PINNA_STATUS_BAD_FILE;
  }
  write_tag(try->fetch->part, try->tag);
  return PINNA_STATUS_OK;
}

static size_t
on_bytes(char* const bytes, const size_t size, const size_t count, void* const handle) {
  Try* const   try = (Try*)handle;
  const size_t n = size * count;
  if (try->have == UINT64_MAX) {
    try->refused = begin(try);
  }
  const uint64_t most = try->fetch->size ? try->fetch->size : MAX_BYTES;
  if (!try->refused && try->have + n > most) {
    try->refused = PINNA_STATUS_BAD_FILE;
  }
  if (!try->refused && fwrite(bytes, 1U, n, try->file) != n) {
    try->refused = PINNA_STATUS_IO;
  }
  if (try->refused) {
    return 0U;
  }
  try->have += n;
  if (try->fetch->progress && try->total) {
    cli_progress_show(try->fetch->progress, (double)try->have / (double)try->total);
  }
  return n;
}

static struct curl_slist*
set_options(Try* const try, char* const text) {
  const CliFetch* const f = try->fetch;
  CURL* const           curl = try->curl;
  struct curl_slist*    headers = NULL;
  char                  line[TAG_SIZE + 16U];
  char                  tag[TAG_SIZE];
  read_tag(f->part, tag);
  if (!tag[0] && try->had) { // No way to know whether it is the same file
    try->had = 0U;
  }
  curl_easy_setopt(curl, CURLOPT_URL, f->url);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, f->plain ? "https,http" : "https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, f->plain ? "https,http" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 8L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)f->timeout_s);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)f->timeout_s);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "pinna");
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, text);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, try);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, try);
  if (try->had) {
    snprintf(line, sizeof(line), "If-Range: %s", tag);
    headers = curl_slist_append(headers, line);
    snprintf(line, sizeof(line), "Range: bytes=%llu-", (unsigned long long)try->had);
    headers = curl_slist_append(headers, line);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  }
  return headers;
}

/// @return OK; IO: try again; NOT_FOUND, BAD_FILE, BAD_ARG: for good
static PinnaStatus
judge(const Try* const try, const CURLcode code, const char* const text, PinnaError* const error) {
  const CliFetch* const f = try->fetch;
  long                  answer = 0;
  curl_easy_getinfo(try->curl, CURLINFO_RESPONSE_CODE, &answer);
  if (try->refused == PINNA_STATUS_BAD_FILE) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: has %llu bytes or more, not %llu", f->url,
                      (unsigned long long)(try->total ? try->total : try->have),
                      (unsigned long long)f->size);
  }
  if (try->refused) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "%s: %s", f->part, strerror(errno));
  }
  if (answer == 416 && try->had) { // The file became shorter than what we have of it
    cli_fetch_forget(f->part);
    return pinna_fail(error, PINNA_STATUS_IO, "%s: has changed", f->url);
  }
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    const bool is_theirs = answer >= 500 || answer == 408 || answer == 429;
    return pinna_fail(error, is_theirs ? PINNA_STATUS_IO : PINNA_STATUS_NOT_FOUND,
                      "%s: the server answers %ld", f->url, answer);
  }
  if (code) {
    const bool is_final = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
                          code == CURLE_PEER_FAILED_VERIFICATION;
    return pinna_fail(error, is_final ? PINNA_STATUS_BAD_ARG : PINNA_STATUS_IO, "%s: %s", f->url,
                      text[0] ? text : curl_easy_strerror(code));
  }
  if (f->size && try->have != f->size) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: has %llu bytes, not %llu", f->url,
                      (unsigned long long)try->have, (unsigned long long)f->size);
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
try_once(const CliFetch* const fetch, PinnaError* const error) {
  char text[CURL_ERROR_SIZE] = "";
  Try  try = {.fetch = fetch, .curl = curl_easy_init(), .file = fopen(fetch->part, "ab")};
  if (!try.curl || !try.file) {
    const PinnaStatus status = pinna_fail(error, PINNA_STATUS_BAD_ARG, "%s: %s", fetch->part,
                                          try.file ? "libcurl has no memory" : strerror(errno));
    curl_easy_cleanup(try.curl);
    if (try.file) {
      fclose(try.file);
    }
    return status;
  }
  fseeko(try.file, 0, SEEK_END);
  try.had = (uint64_t)ftello(try.file);
  struct curl_slist* const headers = set_options(&try, text);
  try.have = UINT64_MAX;
  if (!try.had && ftruncate(fileno(try.file), 0)) {
    try.refused = PINNA_STATUS_IO;
  }
  const CURLcode code = curl_easy_perform(try.curl);
  if (try.have == UINT64_MAX) {
    try.have = try.had;
  }
  if ((fflush(try.file) || fsync(fileno(try.file))) && !try.refused) {
    try.refused = PINNA_STATUS_IO;
  }
  const PinnaStatus status = judge(&try, code, text, error);
  fclose(try.file);
  curl_slist_free_all(headers);
  curl_easy_cleanup(try.curl);
  return status;
}

PinnaStatus
cli_fetch(const CliFetch* const fetch, PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_IO;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  for (unsigned i = 0U; i < fetch->n_tries && status == PINNA_STATUS_IO; ++i) {
    PinnaError last = {""};
    if (i) {
      usleep(250000U << i); // Half a second, one, two
    }
    status = try_once(fetch, &last);
    if (status && (status != PINNA_STATUS_IO || i + 1U == fetch->n_tries)) {
      struct stat info;
      const bool  is_kept = status == PINNA_STATUS_IO && !stat(fetch->part, &info) && info.st_size;
      pinna_fail(error, status, "%s%s", last.text,
                 is_kept ? "; what is there is kept, the next try goes on from it" : "");
    }
  }
  if (status && status != PINNA_STATUS_IO) {
    cli_fetch_forget(fetch->part);
  }
  return status == PINNA_STATUS_BAD_ARG ? PINNA_STATUS_IO : status;
}

PinnaStatus
cli_sha256(const char* const path, char text[CLI_SHA256_SIZE], PinnaError* const error) {
  static const size_t  n_buffer = (size_t)1U << 20U;
  unsigned char        digest[EVP_MAX_MD_SIZE];
  FILE* const          file = fopen(path, "rb");
  unsigned char* const buffer = (unsigned char*)malloc(n_buffer);
  EVP_MD_CTX* const    context = EVP_MD_CTX_new();
  bool                 good = file && buffer && context;
  good = good && EVP_DigestInit_ex(context, EVP_sha256(), NULL);
  for (size_t n = 1U; good && n;) {
    n = fread(buffer, 1U, n_buffer, file);
    good = EVP_DigestUpdate(context, buffer, n) && !ferror(file);
  }
  good = good && EVP_DigestFinal_ex(context, digest, NULL);
  if (good) {
    for (size_t i = 0U; i < 32U; ++i) {
      snprintf(text + 2U * i, 3U, "%02x", digest[i]);
    }
  }
  const int why = errno;
  EVP_MD_CTX_free(context);
  free(buffer);
  if (file) {
    fclose(file);
  }
  return good ? PINNA_STATUS_OK
              : pinna_fail(error, PINNA_STATUS_IO, "%s: cannot be read: %s", path, strerror(why));
}
