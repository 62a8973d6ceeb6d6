// Profile F: sessions that come and go.
import ws from 'k6/ws';

export const options = { vus: Number(__ENV.VUS), iterations: Number(__ENV.SESSIONS) };

export default function () {
  ws.connect(__ENV.URL, {}, (socket) => {
    socket.on('open', () => socket.close());
  });
}
