// Shows ThreadSanitizer the order that a contended `Mutex` of Swift brings about, so that what such a mutex protects is
// not reported as a race, and what none protects still is. Preloaded by `scripts/sanitize thread`:
//
//     clang -O2 -shared -fPIC -o contended-mutex.so contended-mutex.c
//     LD_PRELOAD=./contended-mutex.so swift test --sanitize thread
//
// ThreadSanitizer knows what it has seen: atomic operations in code compiled for it. Locking and unlocking a mutex that
// nobody else wants is such code, inlined from the Synchronization module into ours. Where another thread holds it, or
// waits for it, they are calls of the two functions below, which are in libswiftSynchronization and the kernel and are
// not seen: to the sanitizer the lock was never taken, or never given back. Any program shows that in which two threads
// change one value in `Mutex.withLock` often enough, and none does with this library. A suppression would hide the rest
// as well: it names a function, and all that this function does.
//
// Where Swift renames the two functions this library does nothing, and the reports are back.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// _MutexHandle._lockSlow(_: UInt32) and _MutexHandle._unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Swift's calling convention; `self`, the word that is the mutex, has a register of its own.
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
typedef SWIFT void lock_function(uint32_t thread, SELF void *word);
typedef SWIFT void unlock_function(SELF void *word);

lock_function lock_slow __asm__(LOCK);
unlock_function unlock_slow __asm__(UNLOCK);

// Those of the sanitizer; null in a process without one, such as `swift test` itself.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

// The functions themselves. Found out at the start: dlsym takes a lock, which is no thing to do within another one.
static lock_function *next_lock;
static unlock_function *next_unlock;

__attribute__((constructor)) static void find_next(void) {
    next_lock = (lock_function *)dlsym(RTLD_NEXT, LOCK);
    next_unlock = (unlock_function *)dlsym(RTLD_NEXT, UNLOCK);
}

// On the word itself, as the atomic operations of an uncontended mutex are: each may be followed by the other.
SWIFT void lock_slow(uint32_t thread, SELF void *word) {
    next_lock(thread, word);
    if (__tsan_acquire) __tsan_acquire(word);
}

SWIFT void unlock_slow(SELF void *word) {
    if (__tsan_release) __tsan_release(word);
    next_unlock(word);
}
