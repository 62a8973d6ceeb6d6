// Counts a process's allocations: preloaded, it prints the number of calls of malloc, calloc, realloc and the aligned
// ones on standard error when the process ends. What one message costs is the difference between two runs of different
// length, divided by the difference of their messages.
//
//     cc -O2 -shared -fPIC -o malloc-count.so malloc-count.c
//     LD_PRELOAD=./malloc-count.so wsplan run PLAN

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ullong allocations;

static void count(void) { atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed); }

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    count();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    void *made = memalign(alignment, size);
    if (!made) return ENOMEM;
    *memory = made;
    return 0;
}

__attribute__((destructor)) static void report(void) {
    fprintf(stderr, "allocations=%llu\n", (unsigned long long)atomic_load(&allocations));
}
