// What every program has to do: give up with a reason, read the numbers of its command line.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// Ends the program with what has failed, and the reason in `errno`.
static inline _Noreturn void die(const char *what) {
    perror(what);
    exit(1);
}

// Ends the program with what has failed, where `errno` says nothing of it.
static inline _Noreturn void give_up(const char *reason) {
    fprintf(stderr, "%s\n", reason);
    exit(1);
}

// Zeroed memory for `count` things of `size` bytes.
static inline void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (!memory) die("calloc");
    return memory;
}

// The value of an option, between `least` and `most`.
static inline double number_in(const char *text, double least, double most) {
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end || !(number >= least && number <= most)) {
        fprintf(stderr, "'%s' is no number from %g to %g\n", text, least, most);
        exit(2);
    }
    return number;
}
