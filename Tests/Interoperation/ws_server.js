// What `websockets_server.py` does, on the library `ws`: `node ws_server.js PAYLOADS [CERT KEY]`.
"use strict";
const fs = require("fs");
const path = require("path");
const { WebSocketServer } = require("ws");

const [payloads, certificate, key] = process.argv.slice(2);
const server = certificate
    ? require("https").createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) })
    : require("http").createServer();
// It would leave messages of less than 1 KiB as they are.
const sockets = new WebSocketServer({ server, perMessageDeflate: { threshold: 0 } });

sockets.on("connection", (socket, request) => {
    const [, kind, size] = request.url.split("/");
    const binary = kind === "binary";
    const payload = fs.readFileSync(path.join(payloads, kind, size));
    const third = Math.floor(payload.length / 3);
    const verdicts = [];
    socket.on("error", (error) => console.error(`${request.url}: ${error.message}`));
    socket.on("message", (data, isBinary) => {
        verdicts.push(isBinary === binary && data.equals(payload) ? "same" : "different");
        if (verdicts.length === 1) {
            socket.send(payload.subarray(0, third), { binary, fin: false });
            socket.send(payload.subarray(third, 2 * third), { fin: false });
            socket.send(payload.subarray(2 * third), { fin: true });
        } else {
            socket.send(verdicts.join(", "));
        }
    });
    socket.send(payload, { binary });
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume().on("end", () => process.exit());
