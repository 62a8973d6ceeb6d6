// The floor client's frames: messages with a fresh mask each, compressed anew each time where that is asked for, and a look
// at what came back.

#include "floor-client.h"

// What `Z_SYNC_FLUSH` ends with, which is not sent (RFC 7692 section 7.2.1).
static const unsigned char FLUSHED[4] = {0x00, 0x00, 0xFF, 0xFF};

void prepare_messages(struct worker *worker) {
    const struct client_options *options = &worker->run->options;
    size_t most = options->payload_length + MOST_HEADER;
    if (options->compresses) {
        if (deflateInit2(&worker->deflater, options->level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
            inflateInit2(&worker->inflater, -15) != Z_OK)
            give_up("zlib cannot be initialised");
        most = deflateBound(&worker->deflater, options->payload_length) + MOST_HEADER + sizeof FLUSHED;
        worker->inflated = allocate(1, options->payload_length + 1);
    }
    // As many as can be answered at once, and a control frame.
    worker->output_room = (options->in_flight + 1) * most + 256;
    worker->output = allocate(1, worker->output_room);
}

// Compresses the payload, by itself; returns its length.
static size_t compress_payload(struct worker *worker, unsigned char *to, size_t room) {
    const struct client_options *options = &worker->run->options;
    z_stream *stream = &worker->deflater;
    stream->next_in = (unsigned char *)options->payload;
    stream->avail_in = (unsigned)options->payload_length;
    stream->next_out = to;
    stream->avail_out = (unsigned)room;
    if (deflate(stream, Z_SYNC_FLUSH) != Z_OK || stream->avail_in > 0 || stream->avail_out == 0) give_up("deflate has failed");
    size_t length = room - stream->avail_out - sizeof FLUSHED;
    deflateReset(stream);
    return length;
}

void append_message(struct worker *worker) {
    const struct client_options *options = &worker->run->options;
    unsigned char *frame = worker->output + worker->output_count;
    const unsigned char *payload = options->payload, *mask = next_mask(&worker->masks);
    size_t length = options->payload_length;
    unsigned char first = FINAL | TEXT;
    if (options->compresses) {
        // Behind where the longest header would end; masking moves it to where this one does.
        payload = frame + MOST_HEADER;
        length = compress_payload(worker, frame + MOST_HEADER, worker->output_room - worker->output_count - MOST_HEADER);
        first |= COMPRESSED;
    }
    size_t header = write_header(frame, first, length, mask);
    mask_payload(frame + header, payload, length, mask);
    worker->output_count += header + length;
}

void append_control(struct worker *worker, unsigned opcode, const unsigned char *payload, size_t length) {
    unsigned char *frame = worker->output + worker->output_count;
    const unsigned char *mask = next_mask(&worker->masks);
    size_t header = write_header(frame, FINAL | opcode, length, mask);
    mask_payload(frame + header, payload, length, mask);
    worker->output_count += header + length;
}

void flush_output(struct worker *worker, struct connection *connection) {
    enum outcome outcome = wire_send(&connection->wire, worker->output, worker->output_count);
    worker->output_count = 0;
    if (outcome == ENDED) give_up("floor-client: the server has ended a connection");
    if (outcome == LATER) wait_for_room(worker, connection);
}

void check_message(struct worker *worker, const struct frame *frame, unsigned char *payload) {
    const struct client_options *options = &worker->run->options;
    size_t length = frame->length;
    if (frame->first & COMPRESSED) {
        if (!options->compresses) give_up("floor-client: a compressed message that was not agreed upon");
        z_stream *stream = &worker->inflater;
        stream->next_out = worker->inflated;
        stream->avail_out = (unsigned)options->payload_length + 1;
        const struct { const unsigned char *bytes; size_t count; } parts[] = {{payload, length}, {FLUSHED, sizeof FLUSHED}};
        for (int i = 0; i < 2; i++) {
            stream->next_in = (unsigned char *)parts[i].bytes;
            stream->avail_in = (unsigned)parts[i].count;
            if (inflate(stream, Z_SYNC_FLUSH) != Z_OK) give_up("floor-client: a message cannot be inflated");
        }
        length = options->payload_length + 1 - stream->avail_out;
        inflateReset(stream);
    }
    if (options->mode != RECEIVE && length != options->payload_length)
        give_up("floor-client: a message that is not the one sent");
}
