// Profile E: sessions that do nothing but ping every ten seconds.
import ws from 'k6/ws';

export const options = { vus: Number(__ENV.VUS), duration: '1h' };

export default function () {
  ws.connect(__ENV.URL, {}, (socket) => {
    socket.on('open', () => socket.setInterval(() => socket.ping(), 10000));
  });
}
