// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/cache.h"

#include "nn/vk/device_impl.h"
#include "nn/vk/shaders.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A checked header before what the driver wants kept

#define MAX_BYTES (64U << 20U)

typedef struct {
  char     magic[8];
  uint32_t vendor;
  uint32_t device;
  uint32_t driver;
  uint32_t reserved;
  uint8_t  uuid[VK_UUID_SIZE];
  uint64_t shaders; ///< Hash of all shaders of the build
  uint64_t n_bytes; ///< Behind the header
  uint64_t hash;    ///< Of them
} Header;
_Static_assert(sizeof(Header) == 64U, "no padding");

static Header
header_of(const PinnaVkDevice* const d, const void* const data, const size_t n) {
  Header h = {.magic = {'P', 'I', 'N', 'N', 'A', 'V', 'K', '1'},
              .vendor = d->properties.vendorID,
              .device = d->properties.deviceID,
              .driver = d->properties.driverVersion,
              .shaders = pinna_vk_shaders_hash(),
              .n_bytes = n,
              .hash = pinna_vk_hash(PINNA_VK_HASH_START, data, n)};
  memcpy(h.uuid, d->properties.pipelineCacheUUID, VK_UUID_SIZE);
  return h;
}

void
pinna_vk_cache_path(const PinnaVkDevice* const d, char* const path, const size_t size) {
  const char* const cache = getenv("XDG_CACHE_HOME");
  const char* const home = getenv("HOME");
  const bool        has_cache = cache && cache[0] == '/';
  path[0] = '\0';
  if (has_cache || (home && home[0] == '/')) {
    const int n =
        snprintf(path, size, "%s%s/pinna/vulkan-%04x-%04x.bin", has_cache ? cache : home,
                 has_cache ? "" : "/.cache", d->properties.vendorID, d->properties.deviceID);
    if (n < 0 || (size_t)n >= size) {
      path[0] = '\0';
    }
  }
}

/// All bytes of a regular file of no unlikely size, or NULL
static char*
read_file(const char* const path, size_t* const n_bytes) {
  struct stat info;
  char*       bytes = NULL;
  const int   fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd >= 0 && !fstat(fd, &info) && S_ISREG(info.st_mode) &&
      info.st_size > (off_t)sizeof(Header) && info.st_size <= (off_t)MAX_BYTES) {
    *n_bytes = (size_t)info.st_size;
    bytes = (char*)malloc(*n_bytes);
    if (bytes && read(fd, bytes, *n_bytes) != (ssize_t)*n_bytes) {
      free(bytes);
      bytes = NULL;
    }
  }
  if (fd >= 0) {
    close(fd);
  }
  return bytes;
}

void
pinna_vk_cache_open(PinnaVkDevice* const d) {
  char   path[1024];
  size_t n_bytes = 0U;
  pinna_vk_cache_path(d, path, sizeof(path));
  char* const               bytes = read_file(path, &n_bytes);
  VkPipelineCacheCreateInfo info = {.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO};
  if (bytes) {
    const size_t n = n_bytes - sizeof(Header);
    const Header expected = header_of(d, bytes + sizeof(Header), n);
    if (!memcmp(bytes, &expected, sizeof(Header))) {
      info.initialDataSize = n;
      info.pInitialData = bytes + sizeof(Header);
      d->cache_hash = expected.hash;
    }
  }
  d->cache_loaded = info.initialDataSize;
  if (d->vk.CreatePipelineCache(d->device, &info, NULL, &d->pipelines)) {
    d->pipelines = VK_NULL_HANDLE;
  }
  free(bytes);
}

/// Every folder on the way to a file
static void
make_folders(const char* const path) {
  char part[1024];
  for (const char* c = strchr(path + 1, '/'); c; c = strchr(c + 1, '/')) {
    snprintf(part, sizeof(part), "%.*s", (int)(c - path), path);
    mkdir(part, 0700);
  }
}

/// Beside the file first, then in its place
static bool
replace_file(const char* const path, const Header* const header, const void* const data) {
  char beside[1040];
  snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
  make_folders(path);
  const int fd = mkstemp(beside);
  if (fd < 0) {
    return false;
  }
  bool is_good = write(fd, header, sizeof(*header)) == (ssize_t)sizeof(*header) &&
                 write(fd, data, header->n_bytes) == (ssize_t)header->n_bytes && !fsync(fd);
  is_good = !close(fd) && is_good && !rename(beside, path);
  if (!is_good) {
    unlink(beside);
  }
  return is_good;
}

bool
pinna_vk_cache_save(PinnaVkDevice* const d) {
  char   path[1024];
  size_t n = 0U;
  bool   is_good = true;
  pinna_vk_cache_path(d, path, sizeof(path));
  pthread_mutex_lock(&d->mutex);
  if (path[0] && d->pipelines && !d->vk.GetPipelineCacheData(d->device, d->pipelines, &n, NULL) &&
      n && n <= MAX_BYTES - sizeof(Header)) {
    void* const data = malloc(n);
    if (data && !d->vk.GetPipelineCacheData(d->device, d->pipelines, &n, data)) {
      const Header header = header_of(d, data, n);
      if (header.hash != d->cache_hash) {
        is_good = replace_file(path, &header, data);
        d->cache_hash = is_good ? header.hash : d->cache_hash;
      }
    }
    free(data);
  }
  pthread_mutex_unlock(&d->mutex);
  return is_good;
}

void
pinna_vk_cache_close(PinnaVkDevice* const d) {
  d->vk.DestroyPipelineCache(d->device, d->pipelines, NULL);
}

size_t
pinna_vk_cache_loaded(const PinnaVkDevice* const d) {
  return d->cache_loaded;
}
