"""A TCP peer that misbehaves in one way, given by its name: `raw_peer.py reserved-opcode`, `raw_peer.py status 403`; over
TLS 1.3 with `raw_peer.py --tls CERTIFICATE KEY reserved-opcode`; at a Unix domain socket with `raw_peer.py --unix PATH echo`; at
the IPv6 address of the loopback interface with `raw_peer.py --ipv6 echo`.

It writes frames by hand, because a library would not let it. The first line of output is its port. When standard input
ends, it prints one JSON line and ends: {"connections": …, "closes": [code of each Close frame that arrived],
"messages": [each text that arrived], "requests": [{"line": the request line, "headers": {name in lower case: value},
"from": the client's address}]}.
"""

import base64
import hashlib
import json
import random
import select
import socket
import ssl
import struct
import sys
import threading
import time
import zlib

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

connections = []
closes = []
messages = []
requests = []
port = 0
listener = None


class Gone(Exception):
    """The client has closed its side."""


class Peer:
    """One connection, with what a peer that behaves would do."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""

    def read(self, count):
        while len(self.buffer) < count:
            self.fill()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def fill(self):
        data = self.sock.recv(65536)
        if not data:
            raise Gone
        self.buffer += data

    def read_request(self):
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.request_line, *lines = head.decode("latin-1").split("\r\n")
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        client = self.sock.getpeername()
        requests.append(
            {"line": self.request_line, "headers": self.headers, "from": client[0] if client else ""}
        )

    def accept_key(self):
        digest = hashlib.sha1(self.headers["sec-websocket-key"].encode() + GUID).digest()
        return base64.b64encode(digest).decode()

    def respond(self, status, headers, body=b""):
        lines = [f"HTTP/1.1 {status}"] + [f"{name}: {value}" for name, value in headers]
        self.sock.sendall("\r\n".join(lines + ["", ""]).encode() + body)

    def accept(self):
        self.read_request()
        self.respond("101 Switching Protocols", self.upgrade(self.accept_key()))

    @staticmethod
    def upgrade(accept_key):
        return [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept_key)]

    def send_frame(self, first_byte, payload=b""):
        self.sock.sendall(self.frame(first_byte, payload))

    @staticmethod
    def frame(first_byte, payload):
        size = len(payload)
        if size < 126:
            return bytes([first_byte, size]) + payload
        if size < 65536:
            return bytes([first_byte, 126]) + struct.pack("!H", size) + payload
        return bytes([first_byte, 127]) + struct.pack("!Q", size) + payload

    def read_frame(self):
        first, second = self.read(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.read(8))
        mask = self.read(4)
        payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(self.read(length)))
        opcode = first & 0x0F
        if opcode == CLOSE:
            closes.append(struct.unpack("!H", payload[:2])[0] if payload else 1005)
        if opcode == TEXT:
            messages.append(payload.decode())
        return opcode, payload

    def read_to_end(self):
        """Reads until the client closes its side, and answers nothing."""
        while True:
            self.read(1)

    def read_to_close_frame(self):
        """Reads frames up to a Close frame; nothing is answered."""
        while self.read_frame()[0] != CLOSE:
            pass

    def serve(self):
        """Echoes until the client closes."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                self.send_frame(0x80 | CLOSE, payload[:2])
                return
            if opcode in (TEXT, BINARY):
                self.send_frame(0x80 | opcode, payload[:125])

    def reset(self):
        """Closes so that the client sees a reset instead of an end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


# Before the handshake is through.


def silent(peer):
    peer.read_to_end()


def reset_at_once(peer):
    """Without a look at the request."""
    peer.reset()


def greets(peer, packet):
    """Speaks first, bytes in hexadecimal digits, and listens to nothing."""
    peer.sock.sendall(bytes.fromhex(packet))
    peer.read_to_end()


def close_after_hello(peer):
    """Takes what comes first, whatever it is, and ends the connection."""
    peer.read(1)


def reset_after_hello(peer):
    peer.read(1)
    peer.reset()


def close_after_request(peer):
    peer.read_request()


def reset_after_request(peer):
    peer.read_request()
    peer.reset()


def status(peer, code):
    """An ordinary HTTP answer, with headers and a body."""
    reasons = {
        "200": "OK", "301": "Moved Permanently", "401": "Unauthorized", "403": "Forbidden", "503": "Service Unavailable"
    }
    peer.read_request()
    body = f"this is the body of a {code}".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", len(body)), ("X-Refused-By", "raw_peer")]
    if code == "301":
        headers.append(("Location", "/elsewhere"))
    peer.respond(f"{code} {reasons[code]}", headers, body)
    peer.read_to_end()


def routes(peer, *answers):
    """Answers by the target of the request: `TARGET STATUS [NAME: VALUE]…`, a header each behind ` | `; `PORT` in a value
    is the peer's own, and a header `Wait` is so many seconds of silence before the answer. A target that is not named is
    accepted."""
    peer.read_request()
    target = peer.request_line.split(" ")[1]
    for answer in answers:
        what, *fields = answer.split(" | ")
        name, status = what.split(" ", 1)
        if name != target:
            continue
        headers = [field.replace("PORT", str(port)).split(": ", 1) for field in fields]
        time.sleep(sum(float(value) for name, value in headers if name == "Wait"))
        if status == "101":
            peer.respond("101 Switching Protocols", peer.upgrade(peer.accept_key()) + headers)
            return peer.serve()
        peer.respond(f"{status} Whatever", headers + [("Content-Length", "0")])
        return None
    peer.respond("101 Switching Protocols", peer.upgrade(peer.accept_key()))
    return peer.serve()


def proxy(peer, status="200", credentials=None, trailer=""):
    """A tunnel to wherever CONNECT asks for, for whoever has the credentials; or another status for everybody."""
    peer.read_request()
    authorization = "Basic " + base64.b64encode(credentials.encode()).decode() if credentials else None
    if authorization != peer.headers.get("proxy-authorization"):
        status = "407"
    if status != "200":
        peer.respond(f"{status} Because", [("Content-Length", "100")], b"not all of it")
        return peer.read_to_end()
    host, _, port = peer.request_line.split(" ")[1].rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port))) as upstream:
        peer.respond("200 Connection established", [], trailer.encode())
        while True:
            for sock in select.select([peer.sock, upstream], [], [])[0]:
                data = sock.recv(65536)
                if not data:
                    return None
                (upstream if sock is peer.sock else peer.sock).sendall(data)


def wrong_accept(peer):
    peer.read_request()
    peer.respond("101 Switching Protocols", peer.upgrade("AAAAAAAAAAAAAAAAAAAAAAAAAAA="))
    peer.read_to_end()


def no_upgrade_header(peer):
    peer.read_request()
    peer.respond("101 Switching Protocols", [("Sec-WebSocket-Accept", peer.accept_key())])
    peer.read_to_end()


def unasked_subprotocol(peer):
    peer.read_request()
    headers = peer.upgrade(peer.accept_key()) + [("Sec-WebSocket-Protocol", "nobody-asked")]
    peer.respond("101 Switching Protocols", headers)
    peer.read_to_end()


def unasked_extension(peer):
    peer.read_request()
    headers = peer.upgrade(peer.accept_key()) + [("Sec-WebSocket-Extensions", "x-nobody-asked")]
    peer.respond("101 Switching Protocols", headers)
    peer.read_to_end()


def not_http(peer):
    peer.read_request()
    peer.sock.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n")
    peer.read_to_end()


def end_in_head(peer):
    peer.read_request()
    peer.sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgra")


def reset_in_head(peer):
    peer.read_request()
    peer.sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgra")
    # What is underway when a connection is reset may be lost.
    time.sleep(0.05)
    peer.reset()


def endless_head(peer, beginning, line):
    """A head that goes on for ever: to its client's limits on a head, not to its timeout."""
    peer.read_request()
    peer.sock.sendall(beginning.encode())
    while True:
        peer.sock.sendall(line.encode() * 10)


def slow_head(peer):
    """A head that comes byte by byte and never ends: to its client's timeout."""
    peer.read_request()
    peer.sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nX-Slow: ")
    while True:
        peer.sock.sendall(b"x")
        time.sleep(0.05)


def refuses_every(peer, number):
    """Has no time for each connection of that number, and behaves to all others."""
    if len(connections) % int(number):
        return echo(peer)
    return status(peer, "503")


# After it.


def echo(peer):
    peer.accept()
    peer.serve()


def leaves_after(peer, number):
    """Behaves to so many connections, then is gone: nobody listens any more."""
    if len(connections) == int(number):
        listener.shutdown(socket.SHUT_RDWR)
    echo(peer)


def reset_after_open(peer):
    peer.accept()
    peer.reset()


def end_after_open(peer):
    """The end of the stream, without a Close frame."""
    peer.accept()


def close_code(peer, code):
    """Closes by itself, with a code."""
    peer.accept()
    peer.send_frame(0x80 | CLOSE, struct.pack("!H", int(code)) + b"the peer's reason")
    peer.read_to_close_frame()


def tells(peer, *messages):
    """Sends messages, each a first byte and a payload in hexadecimal digits, `81:68656c6c6f`, or so many letters,
    `81*16777216`; then it behaves."""
    peer.accept()
    for message in messages:
        if "*" in message:
            first_byte, count = message.split("*")
            payload = b"a" * int(count)
        else:
            first_byte, _, digits = message.partition(":")
            payload = bytes.fromhex(digits)
        peer.sock.sendall(peer.frame(int(first_byte, 16), payload))
    peer.serve()


def no_answer_to_close(peer):
    peer.accept()
    peer.read_to_close_frame()
    peer.read_to_end()


def pings(peer):
    """Pings twice, and echoes nothing before it has both pongs."""
    peer.accept()
    early = []
    for payload in (b"one", b"two"):
        peer.send_frame(0x80 | PING, payload)
        while (frame := peer.read_frame())[0] != PONG:
            early.append(frame)
        assert frame == (PONG, payload)
    for opcode, payload in early:
        peer.send_frame(0x80 | opcode, payload[:125])
    peer.serve()


def message_with_handshake(peer):
    """The first message comes in the same packet as the 101."""
    peer.read_request()
    peer.respond("101 Switching Protocols", peer.upgrade(peer.accept_key()), peer.frame(0x80 | TEXT, b"early"))
    peer.serve()


def answers(peer, *greetings):
    """Sends text messages in one packet with the 101, then a reply to each request, {"id": …}: {"reply": …, "numbers": …}, with
    the numbers from 0 to 199. What a request may say beside its id: "burst" is how many other messages come before the reply,
    alike but for their content, some of them binary, with a ping before every tenth; "fragments", in how many frames the reply
    comes, every second of them in two packets, with a ping in their middle whose pong it waits for; "hold", for how many
    milliseconds it holds the reply back; and "as", the id to reply to instead."""
    peer.read_request()
    packet = b"".join(peer.frame(0x80 | TEXT, greeting.encode()) for greeting in greetings)
    peer.respond("101 Switching Protocols", peer.upgrade(peer.accept_key()), packet)
    while (frame := peer.read_frame())[0] != CLOSE:
        if frame[0] == TEXT:
            answer(peer, json.loads(frame[1]))
    peer.send_frame(0x80 | CLOSE, frame[1][:2])


def answer(peer, request):
    number = request["id"]
    numbers = list(range(200))
    others = [
        (TEXT, json.dumps({"reply": number + 1, "numbers": numbers})),
        (BINARY, json.dumps({"reply": number, "numbers": numbers})[:-1]),
        (TEXT, f"reply: {number}"),
        (BINARY, "\x00\x01"),
        (TEXT, json.dumps({"reply": str(number)})),
    ]
    for index in range(request.get("burst", 0)):
        if index % 10 == 0:
            peer.send_frame(0x80 | PING, b"in a burst")
        opcode, text = others[index % len(others)]
        peer.sock.sendall(peer.frame(0x80 | opcode, text.encode()))
    time.sleep(request.get("hold", 0) / 1000)
    reply = json.dumps({"reply": request.get("as", number), "numbers": numbers}).encode()
    fragments = request.get("fragments", 1)
    for index in range(fragments):
        piece = reply[len(reply) * index // fragments : len(reply) * (index + 1) // fragments]
        final = 0x80 if index == fragments - 1 else 0
        frame = peer.frame(final | (CONTINUATION if index else TEXT), piece)
        if fragments > 1 and index == fragments // 2:
            peer.send_frame(0x80 | PING, b"in a message")
            while peer.read_frame() != (PONG, b"in a message"):
                pass
        if index % 2:
            # In its header as well as in its payload.
            cut = 1 + index // 2 % (len(frame) - 1)
            peer.sock.sendall(frame[:cut])
            time.sleep(0.001)
            frame = frame[cut:]
        peer.sock.sendall(frame)


def sends(peer, *packets):
    """Sends bytes, each packet given in hexadecimal digits, and reads up to the Close frame."""
    peer.accept()
    for packet in packets:
        peer.sock.sendall(bytes.fromhex(packet))
    peer.read_to_close_frame()


def floods(peer, beginning, packet, count="", ending=""):
    """Sends a beginning, then the same packet so often or for ever, and reads up to the Close frame."""
    peer.accept()
    peer.sock.sendall(bytes.fromhex(beginning))
    packet = bytes.fromhex(packet)
    times = max(1, 65536 // len(packet))
    for _ in range(int(count) // times) if count else iter(int, 1):
        peer.sock.sendall(packet * times)
    peer.sock.sendall(bytes.fromhex(ending))
    peer.read_to_close_frame()


def inflates(peer, mebibytes, noise="0"):
    """A message of that many MiB of zeros, in about a thousandth of that and so many bytes of noise for each."""
    # Each piece ends where the next one needs nothing of it, so that one is all of them.
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = compressor.compress(bytes((1 << 20) - int(noise)) + random.randbytes(int(noise)))
    piece += compressor.flush(zlib.Z_FULL_FLUSH)
    payload = (piece * int(mebibytes)).removesuffix(b"\x00\x00\xff\xff")
    peer.read_request()
    headers = peer.upgrade(peer.accept_key()) + [("Sec-WebSocket-Extensions", "permessage-deflate")]
    peer.respond("101 Switching Protocols", headers, peer.frame(0x80 | 0x40 | BINARY, payload))
    peer.read_to_close_frame()


def sends_and_ends(peer, packet):
    """The same in one packet with the end of the stream, which the client may go on writing after."""
    peer.read_request()
    peer.respond("101 Switching Protocols", peer.upgrade(peer.accept_key()), bytes.fromhex(packet))
    peer.sock.shutdown(socket.SHUT_WR)
    peer.read_to_end()


def end_after_close_frame(peer):
    """The end of the stream in the place of the answer to a Close frame."""
    peer.accept()
    peer.read_to_close_frame()


def reset_after_close_frame(peer):
    peer.accept()
    peer.read_to_close_frame()
    peer.reset()


def talks_past_close_frame(peer):
    """Goes on as if there had been none."""
    peer.accept()
    peer.read_to_close_frame()
    while True:
        peer.send_frame(0x80 | TEXT, b"more")
        time.sleep(0.01)


def close_frame_then_more(peer):
    """Says more after its own Close frame, in the same packet and later."""
    peer.accept()
    more = bytes([0x80 | TEXT, 4]) + b"more" + bytes([0x80 | PING, 0])
    peer.sock.sendall(bytes([0x80 | CLOSE, 2]) + struct.pack("!H", 1000) + more)
    time.sleep(0.02)
    peer.sock.sendall(more + bytes([0x80 | 3, 0]))
    peer.read_to_close_frame()
    peer.read_to_end()


def data_without_pongs(peer):
    """Answers pings with messages, and with pongs that nobody asked for."""
    peer.accept()
    while (frame := peer.read_frame())[0] != CLOSE:
        if frame[0] == PING:
            peer.send_frame(0x80 | TEXT, b"here I am")
            peer.send_frame(0x80 | PONG)


def latest_pong(peer, pings):
    """Answers every third ping, and closes after so many."""
    peer.accept()
    for number in range(int(pings)):
        while (frame := peer.read_frame())[0] != PING:
            pass
        if number % 3 == 2:
            peer.send_frame(0x80 | PONG, frame[1])
    peer.send_frame(0x80 | CLOSE, struct.pack("!H", 1000))
    peer.read_to_close_frame()


def late_pong(peer, seconds):
    """Answers the first ping after so long, and no other."""
    peer.accept()
    while (frame := peer.read_frame())[0] != PING:
        pass
    time.sleep(float(seconds))
    peer.send_frame(0x80 | PONG, frame[1])
    peer.read_to_close_frame()


def never_reads(peer):
    """Opens, and takes no byte from then on."""
    peer.accept()
    time.sleep(30)


MODES = {
    function.__name__.replace("_", "-"): function
    for function in (
        silent,
        reset_at_once,
        greets,
        close_after_hello,
        reset_after_hello,
        close_after_request,
        reset_after_request,
        status,
        routes,
        refuses_every,
        proxy,
        wrong_accept,
        no_upgrade_header,
        unasked_subprotocol,
        unasked_extension,
        not_http,
        end_in_head,
        reset_in_head,
        endless_head,
        slow_head,
        echo,
        leaves_after,
        reset_after_open,
        end_after_open,
        close_code,
        no_answer_to_close,
        pings,
        message_with_handshake,
        answers,
        sends,
        floods,
        inflates,
        sends_and_ends,
        end_after_close_frame,
        reset_after_close_frame,
        talks_past_close_frame,
        close_frame_then_more,
        data_without_pongs,
        latest_pong,
        late_pong,
        never_reads,
        tells,
    )
}


def serve_connection(sock, tls, mode, arguments):
    with sock:
        try:
            if tls:
                sock = tls.wrap_socket(sock, server_side=True)
            mode(Peer(sock), *arguments)
            if tls:
                # Says that this is the end, and waits for the client to say so too.
                sock.settimeout(1)
                sock.unwrap()
        except (Gone, ConnectionError):
            pass
        except OSError:
            # What is wrong with its TLS is for the client to say, and a client may leave without a word.
            if not tls:
                raise


def accept_connections(*arguments):
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(target=serve_connection, args=(sock, *arguments), daemon=True)
        connections.append(thread)
        thread.start()


def tls_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # A server that says nothing between the handshake and its first answer.
    context.num_tickets = 0
    context.load_cert_chain(certificate, key)
    return context


def listen(path, is_ipv6):
    """At a port of the loopback interface, or at a Unix domain socket."""
    if is_ipv6:
        return socket.create_server(("::1", 0), family=socket.AF_INET6, backlog=128)
    if path is None:
        return socket.create_server(("127.0.0.1", 0), backlog=128)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    return listener


def main():
    global listener, port
    arguments = sys.argv[1:]
    tls = path = None
    is_ipv6 = arguments[0] == "--ipv6"
    if arguments[0] == "--tls":
        tls = tls_context(*arguments[1:3])
        arguments = arguments[3:]
    elif arguments[0] == "--unix":
        path = arguments[1]
        arguments = arguments[2:]
    elif is_ipv6:
        arguments = arguments[1:]
    mode = MODES[arguments[0]]
    listener = listen(path, is_ipv6)
    port = 0 if path else listener.getsockname()[1]
    print(port, flush=True)
    threading.Thread(target=accept_connections, args=(tls, mode, arguments[1:]), daemon=True).start()
    sys.stdin.read()
    # The clients are gone: what they have sent last is read, unless somebody holds a connection open after all.
    deadline = time.monotonic() + 2
    for thread in connections:
        thread.join(max(0, deadline - time.monotonic()))
    counts = {"connections": len(connections), "closes": closes, "messages": messages, "requests": requests}
    print(json.dumps(counts), flush=True)


main()
