// Profile D: the server pushes, and nobody answers.
import ws from 'k6/ws';

export const options = { vus: Number(__ENV.VUS), iterations: Number(__ENV.VUS) };

export default function () {
  ws.connect(__ENV.URL, {}, (socket) => {
    socket.on('open', () => socket.setTimeout(() => socket.close(), 1000 * Number(__ENV.SECONDS)));
    socket.on('message', () => {});
  });
}
