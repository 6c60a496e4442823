// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/attributes.h"
#include "tests/rt_trap_impl.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

// Engine of the realtime trap: an interposer, whose symbols in the executable also serve modules

const char* const rt_trap_engine_name = "interposer";

void
rt_trap_engine_enter(void) {
}

void
rt_trap_engine_leave(void) {
}

static void*
next_symbol(_Atomic(void*)* const slot, const char* const name) {
  void* symbol = atomic_load_explicit(slot, memory_order_relaxed);
  if (!symbol) {
    symbol = dlsym(RTLD_NEXT, name);
    atomic_store_explicit(slot, symbol, memory_order_relaxed);
  }
  return symbol;
}

#define CALL_NEXT(type, name, params, args)                                                        \
  static _Atomic(void*) slot;                                                                      \
  return ((type(*) params)next_symbol(&slot, #name))args

/// A function that is reported, then done by the C library
#define TRAP(type, name, params, args)                                                             \
  PINNA_API type name params;                                                                      \
  type name           params {                                                                     \
    rt_trap_hit(#name);                                                                  \
    CALL_NEXT(type, name, params, args);                                                 \
  }

/// The large-file name of a function, which is reported without the 64
#define TRAP64(type, name, params, args)                                                           \
  PINNA_API type name##64 params;                                                                  \
  type           name##64 params {                                                                 \
    rt_trap_hit(#name);                                                                  \
    CALL_NEXT(type, name##64, params, args);                                             \
  }

/// A function with a variable argument list, which the C library takes as a va_list in `next`
#define TRAP_VA(type, name, params, last, next, next_params, next_args)                            \
  PINNA_API type name params;                                                                      \
  static type name##_next next_params {                                                            \
    CALL_NEXT(type, next, next_params, next_args);                                                 \
  }                                                                                                \
  type name params {                                                                               \
    rt_trap_hit(#name);                                                                            \
    va_list args;                                                                                  \
    va_start(args, last);                                                                          \
    const type result = name##_next next_args;                                                     \
    va_end(args);                                                                                  \
    return result;                                                                                 \
  }

// Memory: not through dlsym(), which allocates

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t align, size_t size);
void  __libc_free(void* memory);

PINNA_API void*
malloc(const size_t size) {
  rt_trap_hit("malloc");
  return __libc_malloc(size);
}

PINNA_API void*
calloc(const size_t count, const size_t size) {
  rt_trap_hit("calloc");
  return __libc_calloc(count, size);
}

PINNA_API void*
realloc(void* const memory, const size_t size) {
  rt_trap_hit("realloc");
  return __libc_realloc(memory, size);
}

PINNA_API void
free(void* const memory) {
  if (memory) {
    rt_trap_hit("free");
  }
  __libc_free(memory);
}

PINNA_API void*
memalign(const size_t align, const size_t size) {
  rt_trap_hit("memalign");
  return __libc_memalign(align, size);
}

PINNA_API void*
aligned_alloc(const size_t align, const size_t size) {
  rt_trap_hit("aligned_alloc");
  return __libc_memalign(align, size);
}

PINNA_API int
posix_memalign(void** const memory, const size_t align, const size_t size) {
  rt_trap_hit("posix_memalign");
  void* const made = __libc_memalign(align, size);
  *memory = made ? made : *memory;
  return made ? 0 : ENOMEM;
}

TRAP(void*, mmap, (void* p, size_t n, int prot, int flags, int fd, off_t at),
     (p, n, prot, flags, fd, at))
TRAP64(void*, mmap, (void* p, size_t n, int prot, int flags, int fd, off64_t at),
       (p, n, prot, flags, fd, at))
TRAP(int, munmap, (void* p, size_t n), (p, n))
TRAP(int, mprotect, (void* p, size_t n, int prot), (p, n, prot))
TRAP(int, madvise, (void* p, size_t n, int advice), (p, n, advice))

// Locks; sem_post() and sem_trywait() never block and are left to the kernel's trap

TRAP(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
TRAP(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
TRAP(int, pthread_mutex_timedlock, (pthread_mutex_t * m, const struct timespec* t), (m, t))
TRAP(int, pthread_mutex_unlock, (pthread_mutex_t * m), (m))
TRAP(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m))
TRAP(int, pthread_cond_timedwait,
     (pthread_cond_t * c, pthread_mutex_t* m, const struct timespec* t), (c, m, t))
TRAP(int, pthread_cond_signal, (pthread_cond_t * c), (c))
TRAP(int, pthread_cond_broadcast, (pthread_cond_t * c), (c))
TRAP(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
TRAP(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
TRAP(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * l), (l))
TRAP(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * l), (l))
TRAP(int, pthread_rwlock_unlock, (pthread_rwlock_t * l), (l))
TRAP(int, pthread_spin_lock, (pthread_spinlock_t * l), (l))
TRAP(int, pthread_create, (pthread_t * t, const pthread_attr_t* a, void* (*f)(void*), void* handle),
     (t, a, f, handle))
TRAP(int, pthread_join, (pthread_t t, void** result), (t, result))
TRAP(int, mtx_lock, (mtx_t * m), (m))
TRAP(int, mtx_trylock, (mtx_t * m), (m))
TRAP(int, cnd_wait, (cnd_t * c, mtx_t* m), (c, m))
TRAP(int, cnd_signal, (cnd_t * c), (c))
TRAP(int, sem_wait, (sem_t * s), (s))
TRAP(int, sem_timedwait, (sem_t * s, const struct timespec* t), (s, t))

// Sleep

TRAP(int, nanosleep, (const struct timespec* t, struct timespec* rest), (t, rest))
TRAP(int, clock_nanosleep,
     (clockid_t id, int flags, const struct timespec* t, struct timespec* rest),
     (id, flags, t, rest))
TRAP(int, usleep, (useconds_t t), (t))
TRAP(unsigned, sleep, (unsigned t), (t))
TRAP(int, sched_yield, (void), ())
TRAP(int, poll, (struct pollfd * fds, nfds_t n, int t), (fds, n, t))
TRAP(int, select, (int n, fd_set* r, fd_set* w, fd_set* e, struct timeval* t), (n, r, w, e, t))

// Files and sockets

#define TRAP_OPEN(name, symbol)                                                                    \
  PINNA_API int trap_##name(const char* path, int flags, ...) __asm__(symbol);                     \
  int           trap_##name(const char* const path, const int flags, ...) {                        \
              rt_trap_hit("open");                                                                 \
              va_list args;                                                                        \
              va_start(args, flags);                                                               \
              const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(args, mode_t) : 0U;     \
              va_end(args);                                                                        \
              CALL_NEXT(int, open64, (const char*, int, mode_t), (path, flags, mode));             \
  }

TRAP_OPEN(open, "open")
TRAP_OPEN(open64, "open64")
TRAP(int, close, (int fd), (fd))
TRAP(ssize_t, read, (int fd, void* p, size_t n), (fd, p, n))
TRAP(ssize_t, write, (int fd, const void* p, size_t n), (fd, p, n))
TRAP(ssize_t, pread, (int fd, void* p, size_t n, off_t at), (fd, p, n, at))
TRAP(ssize_t, pwrite, (int fd, const void* p, size_t n, off_t at), (fd, p, n, at))
TRAP64(ssize_t, pread, (int fd, void* p, size_t n, off64_t at), (fd, p, n, at))
TRAP64(ssize_t, pwrite, (int fd, const void* p, size_t n, off64_t at), (fd, p, n, at))
TRAP64(off64_t, lseek, (int fd, off64_t at, int whence), (fd, at, whence))
TRAP(off_t, lseek, (int fd, off_t at, int whence), (fd, at, whence))
TRAP(int, fsync, (int fd), (fd))
TRAP(ssize_t, send, (int fd, const void* p, size_t n, int flags), (fd, p, n, flags))
TRAP(ssize_t, recv, (int fd, void* p, size_t n, int flags), (fd, p, n, flags))
TRAP(FILE*, fopen, (const char* path, const char* mode), (path, mode))
TRAP64(FILE*, fopen, (const char* path, const char* mode), (path, mode))
TRAP(int, fclose, (FILE * f), (f))
TRAP(int, fflush, (FILE * f), (f))
TRAP(size_t, fread, (void* p, size_t size, size_t n, FILE* f), (p, size, n, f))
TRAP(size_t, fwrite, (const void* p, size_t size, size_t n, FILE* f), (p, size, n, f))
TRAP(char*, fgets, (char* s, int n, FILE* f), (s, n, f))

// Formatting; the names with _chk are what a fortified build calls

TRAP(int, puts, (const char* s), (s))
TRAP(int, putchar, (int c), (c))
TRAP(int, fputs, (const char* s, FILE* f), (s, f))
TRAP(int, fputc, (int c, FILE* f), (c, f))
TRAP(int, vprintf, (const char* s, va_list v), (s, v))
TRAP(int, vfprintf, (FILE * f, const char* s, va_list v), (f, s, v))
TRAP(int, vsnprintf, (char* p, size_t n, const char* s, va_list v), (p, n, s, v))
TRAP(int, __vfprintf_chk, (FILE * f, int k, const char* s, va_list v), (f, k, s, v))
TRAP(int, __vsnprintf_chk, (char* p, size_t n, int k, size_t m, const char* s, va_list v),
     (p, n, k, m, s, v))
TRAP_VA(int, printf, (const char* s, ...), s, vprintf, (const char* s, va_list args), (s, args))
TRAP_VA(int, fprintf, (FILE * f, const char* s, ...), s, vfprintf,
        (FILE * f, const char* s, va_list args), (f, s, args))
TRAP_VA(int, sprintf, (char* p, const char* s, ...), s, vsprintf,
        (char* p, const char* s, va_list args), (p, s, args))
TRAP_VA(int, snprintf, (char* p, size_t n, const char* s, ...), s, vsnprintf,
        (char* p, size_t n, const char* s, va_list args), (p, n, s, args))
TRAP_VA(int, sscanf, (const char* p, const char* s, ...), s, vsscanf,
        (const char* p, const char* s, va_list args), (p, s, args))
TRAP_VA(int, __printf_chk, (int k, const char* s, ...), s, __vprintf_chk,
        (int k, const char* s, va_list args), (k, s, args))
TRAP_VA(int, __fprintf_chk, (FILE * f, int k, const char* s, ...), s, __vfprintf_chk,
        (FILE * f, int k, const char* s, va_list args), (f, k, s, args))
TRAP_VA(int, __sprintf_chk, (char* p, int k, size_t m, const char* s, ...), s, __vsprintf_chk,
        (char* p, int k, size_t m, const char* s, va_list args), (p, k, m, s, args))
TRAP_VA(int, __snprintf_chk, (char* p, size_t n, int k, size_t m, const char* s, ...), s,
        __vsnprintf_chk, (char* p, size_t n, int k, size_t m, const char* s, va_list args),
        (p, n, k, m, s, args))
