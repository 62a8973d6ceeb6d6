// Profiles A, B, C, G, J and K: so many messages in flight on each connection, sent again as they come back.
import ws from 'k6/ws';

const message = __ENV.PAYLOAD ? open(__ENV.PAYLOAD)
  : __ENV.SIZE ? new Uint8Array(Number(__ENV.SIZE)).buffer
  : 'aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffffgggggggghhhhhhhh';
const isText = typeof message === 'string';
const inFlight = Number(__ENV.IN_FLIGHT || 1);

export const options = { vus: Number(__ENV.VUS), iterations: Number(__ENV.VUS) };

export default function () {
  ws.connect(__ENV.URL, __ENV.COMPRESSION ? { compression: 'deflate' } : {}, (socket) => {
    const send = isText ? () => socket.send(message) : () => socket.sendBinary(message);
    socket.on('open', () => {
      for (let i = 0; i < inFlight; i++) send();
      socket.setTimeout(() => socket.close(), 1000 * Number(__ENV.SECONDS));
    });
    socket.on(isText ? 'message' : 'binaryMessage', send);
  });
}
