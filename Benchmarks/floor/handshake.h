// The opening handshake (RFC 6455 section 4) as text: what is found in a head, and the proof that the key was read.
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "program.h"

enum { KEY_LENGTH = 24, PROOF_LENGTH = 28 };

// How many bytes the head at the start of `bytes` has, its empty line included; 0 where it has not arrived whole.
static inline size_t head_length(const unsigned char *bytes, size_t count) {
    const unsigned char *end = memmem(bytes, count, "\r\n\r\n", 4);
    return end ? (size_t)(end - bytes) + 4 : 0;
}

// Copies the value of the first header of that name out of a head, without the spaces before it; false where there is
// none, or none that fits.
static inline bool find_header(const char *head, size_t count, const char *name, char *value, size_t room) {
    size_t name_length = strlen(name);
    const char *end = head + count, *line = head;
    while ((line = memmem(line, end - line, "\r\n", 2)) != NULL) {
        line += 2;
        if ((size_t)(end - line) <= name_length || line[name_length] != ':' || strncasecmp(line, name, name_length) != 0)
            continue;
        const char *start = line + name_length + 1, *stop = memmem(start, end - start, "\r\n", 2);
        while (start < stop && *start == ' ') start++;
        size_t length = stop - start;
        if (length >= room) return false;
        memcpy(value, start, length);
        value[length] = 0;
        return true;
    }
    return false;
}

// The value of `Sec-WebSocket-Accept` for a key (section 4.2.2), ended by a 0.
static inline void prove(const char *key, char proof[PROOF_LENGTH + 1]) {
    // OpenSSL looks an algorithm up by its name each time that it is asked for one.
    static _Thread_local EVP_MD *sha1;
    if (!sha1 && !(sha1 = EVP_MD_fetch(NULL, "SHA1", NULL))) give_up("OpenSSL has no SHA-1");
    char text[KEY_LENGTH + 36];
    unsigned char digest[EVP_MAX_MD_SIZE];
    memcpy(text, key, KEY_LENGTH);
    memcpy(text + KEY_LENGTH, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    if (EVP_Digest(text, sizeof text, digest, NULL, sha1, NULL) != 1) give_up("SHA-1 has failed");
    EVP_EncodeBlock((unsigned char *)proof, digest, 20);
}
