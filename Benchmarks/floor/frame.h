// Frames (RFC 6455 section 5.2): reading and writing their headers, masking, and keys for it.
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "program.h"

// The bits of a frame's first byte; `COMPRESSED` is RSV1 (RFC 7692 section 6).
enum { FINAL = 0x80, COMPRESSED = 0x40, OPCODE = 0x0F };
enum { TEXT = 0x1, CLOSE = 0x8, PING = 0x9, PONG = 0xA };
enum { MOST_HEADER = 14 };

struct frame {
    unsigned char first;
    bool is_masked;
    unsigned char mask[4];
    // How many bytes there are before the payload, and in it.
    size_t header, length;
};

// Reads the frame at the start of `bytes`; false where it has not arrived whole.
static inline bool read_frame(const unsigned char *bytes, size_t count, struct frame *frame) {
    if (count < 2) return false;
    frame->first = bytes[0];
    frame->is_masked = bytes[1] & 0x80;
    frame->length = bytes[1] & 0x7F;
    frame->header = 2;
    if (frame->length >= 126) {
        size_t digits = frame->length == 126 ? 2 : 8;
        if (count < 2 + digits) return false;
        frame->length = 0;
        for (size_t i = 0; i < digits; i++) frame->length = frame->length << 8 | bytes[2 + i];
        frame->header += digits;
    }
    if (frame->is_masked) {
        if (count < frame->header + 4) return false;
        memcpy(frame->mask, bytes + frame->header, 4);
        frame->header += 4;
    }
    return count - frame->header >= frame->length;
}

// Writes a header, masked where there is a mask; returns how many bytes it has.
static inline size_t write_header(unsigned char *to, unsigned char first, size_t length, const unsigned char *mask) {
    size_t count = 2;
    to[0] = first;
    if (length < 126) {
        to[1] = (unsigned char)length;
    } else {
        size_t digits = length <= 0xFFFF ? 2 : 8;
        to[1] = digits == 2 ? 126 : 127;
        for (size_t i = 0; i < digits; i++) to[2 + i] = (unsigned char)((uint64_t)length >> 8 * (digits - 1 - i));
        count += digits;
    }
    if (mask) {
        to[1] |= 0x80;
        memcpy(to + count, mask, 4);
        count += 4;
    }
    return count;
}

// Masks or unmasks a payload, eight bytes at a time; `to` may begin before `from` in the same memory.
static inline void mask_payload(unsigned char *to, const unsigned char *from, size_t length, const unsigned char *mask) {
    uint32_t once;
    memcpy(&once, mask, 4);
    uint64_t twice = (uint64_t)once << 32 | once, word;
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        memcpy(&word, from + i, 8);
        word ^= twice;
        memcpy(to + i, &word, 8);
    }
    for (; i < length; i++) to[i] = from[i] ^ mask[i & 3];
}

// Keys that nobody can foresee (RFC 6455 section 10.3), fetched from the kernel many at a time.
struct mask_keys {
    unsigned char bytes[64][4];
    unsigned left;
};

static inline const unsigned char *next_mask(struct mask_keys *keys) {
    if (keys->left == 0) {
        if (getentropy(keys->bytes, sizeof keys->bytes) != 0) die("getentropy");
        keys->left = sizeof keys->bytes / sizeof keys->bytes[0];
    }
    return keys->bytes[--keys->left];
}
