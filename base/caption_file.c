// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// Opening, moving away, pruning

enum { DATE = 16 }; ///< 20261122T101500Z

PinnaStatus
pinna_caption_file_init(PinnaCaptionFile* const file, const char* const path, const uint32_t keep,
                        const uint32_t every, const uint64_t limit, const bool anew) {
  *file = (PinnaCaptionFile){strdup(path), keep ? keep : 1U, every, limit, -1, 0U, 0.0, anew};
  return file->path ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

/// The name without folder, and where its ending begins
static const char*
name_of(const char* const path, size_t* const stem) {
  const char* const slash = strrchr(path, '/');
  const char* const name = slash ? slash + 1 : path;
  const char* const dot = strrchr(name, '.');
  *stem = dot && dot > name ? (size_t)(dot - name) : strlen(name);
  return name;
}

/// Whether `name` is one that this file had when it was full
static bool
is_archive(const char* const name, const char* const own, const size_t stem) {
  const size_t n = strlen(name);
  const size_t n_end = strlen(own + stem);
  if (n < stem + 1U + DATE + n_end || strncmp(name, own, stem) != 0 || name[stem] != '-' ||
      strcmp(name + n - n_end, own + stem) != 0) {
    return false;
  }
  const char* const date = name + stem + 1U;
  const size_t      n_more = n - n_end - stem - 1U - DATE; // "-2" of a second one in one second
  return strspn(date, "0123456789") == 8U && date[8] == 'T' &&
         strspn(date + 9, "0123456789") == 6U && date[15] == 'Z' &&
         (!n_more || (date[DATE] == '-' && strspn(date + DATE + 1, "0123456789") == n_more - 1U));
}

/// The oldest archive's name; @return how many there are
static uint32_t
find_oldest(const char* const folder, const char* const own, const size_t stem, char* const oldest,
            const size_t size) {
  DIR* const dir = opendir(folder);
  uint32_t   n = 0U;
  oldest[0] = '\0';
  for (struct dirent* entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
    if (is_archive(entry->d_name, own, stem)) {
      if (!n++ || strcmp(entry->d_name, oldest) < 0) {
        snprintf(oldest, size, "%s", entry->d_name);
      }
    }
  }
  if (dir) {
    closedir(dir);
  }
  return n;
}

/// Remove archives until with the file in use there are `keep`
static void
prune(const PinnaCaptionFile* const file) {
  char              folder[PATH_MAX];
  char              oldest[NAME_MAX + 1];
  char              path[PATH_MAX + NAME_MAX + 2];
  size_t            stem = 0U;
  const char* const own = name_of(file->path, &stem);
  snprintf(folder, sizeof(folder), "%.*s", (int)(own - file->path), file->path);
  for (int i = 0; i < 1000; ++i) {
    if (find_oldest(folder[0] ? folder : ".", own, stem, oldest, sizeof(oldest)) < file->keep) {
      return;
    }
    snprintf(path, sizeof(path), "%s%s", folder, oldest);
    if (unlink(path)) {
      return;
    }
  }
}

/// Give the file on disk the name of an archive
static void
move_away(const PinnaCaptionFile* const file, const double begun) {
  const time_t      seconds = (time_t)begun;
  char              date[DATE + 1];
  char              path[PATH_MAX];
  size_t            stem = 0U;
  struct tm         parts;
  const char* const own = name_of(file->path, &stem);
  gmtime_r(&seconds, &parts);
  strftime(date, sizeof(date), "%Y%m%dT%H%M%SZ", &parts);
  for (unsigned i = 1U; i < 100U; ++i) {
    char more[16] = "";
    if (i > 1U) {
      snprintf(more, sizeof(more), "-%u", i);
    }
    snprintf(path, sizeof(path), "%.*s-%s%s%s", (int)(own - file->path + (ptrdiff_t)stem),
             file->path, date, more, own + stem);
    if (access(path, F_OK)) {
      rename(file->path, path);
      prune(file);
      return;
    }
  }
}

static void
shut(PinnaCaptionFile* const file) {
  if (file->fd >= 0) {
    close(file->fd);
  }
  file->fd = -1;
}

/// Open it for ourselves alone; what is in it stays
static PinnaStatus
seize(PinnaCaptionFile* const file, PinnaError* const error) {
  file->fd = open(file->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file->fd < 0) {
    return pinna_fail(error, PINNA_STATUS_IO, "%s: %s", file->path, strerror(errno));
  }
  if (flock(file->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) {
    shut(file);
    return pinna_fail(error, PINNA_STATUS_IO, "%s: somebody else writes captions into it",
                      file->path);
  }
  return PINNA_STATUS_OK;
}

/// A new file by this name, the old one moved away unless that was done or is not wanted
static PinnaStatus
begin(PinnaCaptionFile* const file, PinnaError* const error) {
  struct stat facts;
  PinnaStatus status = seize(file, error);
  if (!status && !file->moved && !fstat(file->fd, &facts) && S_ISREG(facts.st_mode) &&
      facts.st_size) {
    move_away(file, (double)facts.st_mtime);
    shut(file); // Only now: nobody else took it meanwhile
    status = seize(file, error);
  }
  if (!status) {
    file->moved = true;
    file->size = 0U;
    status = !ftruncate(file->fd, 0) || errno == EINVAL // No file but a pipe or a terminal
                 ? status
                 : pinna_fail(error, PINNA_STATUS_IO, "%s: %s", file->path, strerror(errno));
  }
  return status;
}

PinnaStatus
pinna_caption_file_ready(PinnaCaptionFile* const file, const double now, bool* const begun,
                         PinnaError* const error) {
  struct stat facts;
  *begun = false;
  if (file->fd >= 0 && !fstat(file->fd, &facts) && !facts.st_nlink) {
    shut(file); // Somebody removed it: nobody would ever read it
    file->moved = false;
  }
  if (file->fd >= 0) {
    const bool is_old = file->every && (now - file->begun >= file->every || now < file->begun);
    const bool is_long = file->limit && file->size >= file->limit;
    if (!is_old && !is_long) {
      return PINNA_STATUS_OK;
    }
    move_away(file, file->begun);
    shut(file);
    file->moved = true;
  }
  const PinnaStatus status = begin(file, error);
  if (!status) {
    file->begun = now;
    *begun = true;
  }
  return status;
}

PinnaStatus
pinna_caption_file_write(PinnaCaptionFile* const file, const char* const bytes, const size_t n,
                         PinnaError* const error) {
  size_t done = 0U;
  while (file->fd >= 0 && done < n) {
    const ssize_t more = write(file->fd, bytes + done, n - done);
    if (more < 0 && errno == EINTR) {
      continue;
    }
    if (more <= 0) {
      const int reason = more ? errno : ENOSPC;
      if (ftruncate(file->fd, (off_t)file->size) ||
          lseek(file->fd, (off_t)file->size, SEEK_SET) < 0) {
        shut(file); // A pipe, or a disk that is gone
        file->moved = false;
      }
      return pinna_fail(error, PINNA_STATUS_IO, "%s: %s", file->path, strerror(reason));
    }
    done += (size_t)more;
  }
  if (file->fd < 0) {
    return pinna_fail(error, PINNA_STATUS_IO, "%s: not open", file->path);
  }
  file->size += n;
  return PINNA_STATUS_OK;
}

void
pinna_caption_file_free(PinnaCaptionFile* const file) {
  shut(file);
  free(file->path);
  *file = (PinnaCaptionFile){.fd = -1};
}
