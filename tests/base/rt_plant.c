// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/base/rt_plant.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Planted violations, compiled into the test of the realtime trap and into a module that it loads

static void* volatile memory; // Keeps the compiler from removing allocations

static pthread_mutex_t  mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t   cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

#define DEED(name, ...)                                                                            \
  static void do_##name(void* const handle) {                                                      \
    (void)handle;                                                                                  \
    __VA_ARGS__                                                                                    \
  }

DEED(malloc, memory = malloc(100U);)
DEED(calloc, memory = calloc(3U, 7U);)
DEED(realloc, void* const made = realloc(memory, 300U); memory = made;)
DEED(free, free(memory); memory = NULL;)
DEED(posix_memalign, void* made = NULL; memory = posix_memalign(&made, 64U, 64U) ? NULL : made;)
DEED(aligned_alloc, memory = aligned_alloc(64U, 128U);)
DEED(mutex_lock, pthread_mutex_lock(&mutex); pthread_mutex_unlock(&mutex);)
DEED(
    mutex_trylock, if (!pthread_mutex_trylock(&mutex)) { pthread_mutex_unlock(&mutex); })
DEED(cond_signal, pthread_cond_signal(&cond);)
DEED(cond_timedwait, struct timespec past = {0, 0}; pthread_mutex_lock(&mutex);
     pthread_cond_timedwait(&cond, &mutex, &past); pthread_mutex_unlock(&mutex);)
DEED(rwlock_rdlock, pthread_rwlock_rdlock(&rwlock); pthread_rwlock_unlock(&rwlock);)
DEED(sem_wait, sem_t sem; sem_init(&sem, 0, 1U); sem_wait(&sem);)
DEED(nanosleep, struct timespec t = {0, 1000}; nanosleep(&t, NULL);)
DEED(clock_nanosleep, struct timespec t = {0, 1000}; clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);)
DEED(usleep, usleep(1U);)
DEED(printf, printf("# planted %d\n", 1);)
DEED(snprintf, static char text[32]; snprintf(text, sizeof(text), "%g", fabs(-1.0));)
DEED(
    fopen, FILE* const file = fopen("/dev/null", "w"); if (file) { fclose(file); })
DEED(write, memory = write(STDERR_FILENO, "", 0U) ? memory : NULL;)
DEED(read, char byte = 0; memory = read(-1, &byte, 1U) ? memory : NULL;)
DEED(
    open, const int fd = open("/dev/null", O_RDONLY); if (fd >= 0) { close(fd); })
DEED(mmap, memory = mmap(NULL, 4096U, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);)

const RtPlant*
rt_plants(void) {
  static const RtPlant plants[] = {
      {"malloc", do_malloc, 0, 1},
      {"calloc", do_calloc, 0, 1},
      {"realloc", do_realloc, 0, 1},
      {"free", do_free, 0, 1},
      {"posix_memalign", do_posix_memalign, 0, 1},
      {"aligned_alloc", do_aligned_alloc, 0, 1},
      {"pthread_mutex_lock", do_mutex_lock, 0, 1},
      {"pthread_mutex_trylock", do_mutex_trylock, 0, 1},
      {"pthread_cond_signal", do_cond_signal, 0, 1},
      {"pthread_mutex_lock", do_cond_timedwait, 0, 1},
      {"pthread_rwlock_rdlock", do_rwlock_rdlock, 0, 1},
      {"sem_wait", do_sem_wait, 0, 0},
      {"nanosleep", do_nanosleep, 1, 1},
      {"clock_nanosleep", do_clock_nanosleep, 1, 1},
      {"usleep", do_usleep, 1, 1},
      {"printf", do_printf, 0, 0},
      {"snprintf", do_snprintf, 0, 0},
      {"fopen", do_fopen, 1, 1},
      {"write", do_write, 1, 1},
      {"read", do_read, 1, 1},
      {"open", do_open, 1, 1},
      {"mmap", do_mmap, 1, 1},
      {NULL, NULL, 0, 0},
  };
  return plants;
}

void
rt_plant_clean(void* const handle) {
  static atomic_int count;
  float             a[64];
  float             b[64];
  memset(a, 1, sizeof(a));
  memcpy(b, a, sizeof(a));
  for (int i = 0; i < 64; ++i) {
    b[i] = sinf(b[i]) + powf(a[i], 0.5f);
  }

  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  sem_t sem;
  sem_init(&sem, 0, 0U);
  sem_trywait(&sem);
  sem_post(&sem);
  atomic_fetch_add(&count, b[7] > 0.0f);
  free(NULL);
  (void)handle;
}

void
rt_plant_syscall(void* const handle) {
  (void)handle;
#if defined(__x86_64__)
  long result = SYS_getppid;
  __asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
#else
  syscall(SYS_getppid);
#endif
}

void
rt_plant_wake(void* const handle) {
  sem_post((sem_t*)handle);
}
