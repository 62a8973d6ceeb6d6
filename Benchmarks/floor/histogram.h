// A histogram of times: 2,048 buckets for each power of two, so that a percentile is off by at most 0.05 %.
#pragma once

#include <stdint.h>

enum { PRECISION = 11, BUCKETS = (64 - PRECISION + 1) << PRECISION };

struct histogram {
    uint64_t count;
    uint64_t buckets[BUCKETS];
};

static inline void histogram_add(struct histogram *histogram, int64_t value) {
    uint64_t positive = value > 0 ? (uint64_t)value : 0;
    int power = 63 - __builtin_clzll(positive | 1), shift = power > PRECISION ? power - PRECISION : 0;
    histogram->buckets[((uint64_t)shift << PRECISION) + (positive >> shift)]++;
    histogram->count++;
}

static inline void histogram_merge(struct histogram *into, const struct histogram *from) {
    into->count += from->count;
    for (int i = 0; i < BUCKETS; i++) into->buckets[i] += from->buckets[i];
}

// The least value that a share of all values is not above, to the middle of its bucket; 0 where there are no values.
static inline double histogram_percentile(const struct histogram *histogram, double share) {
    uint64_t rank = (uint64_t)(share * (double)histogram->count), seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        if ((seen += histogram->buckets[i]) <= rank) continue;
        int shift = i >> PRECISION > 1 ? (i >> PRECISION) - 1 : 0;
        uint64_t least = ((uint64_t)i - ((uint64_t)shift << PRECISION)) << shift;
        return (double)least + (double)((1ULL << shift) - 1) / 2;
    }
    return 0;
}
