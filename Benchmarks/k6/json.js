// Profile H: profile A with answers that are read as JSON, checked, and measured.
import { check } from 'k6';
import { Trend } from 'k6/metrics';
import ws from 'k6/ws';

const message = '{"type":"tick","symbol":"EURUSD","price":1.08514,"number":170221}';
const tickTime = new Trend('tick_time', true);

export const options = { vus: Number(__ENV.VUS), iterations: Number(__ENV.VUS) };

export default function () {
  ws.connect(__ENV.URL, {}, (socket) => {
    let sent;
    const send = () => {
      sent = Date.now();
      socket.send(message);
    };
    socket.on('open', () => {
      send();
      socket.setTimeout(() => socket.close(), 1000 * Number(__ENV.SECONDS));
    });
    socket.on('message', (data) => {
      check(JSON.parse(data), { 'is a tick': (tick) => tick.type === 'tick' });
      tickTime.add(Date.now() - sent);
      send();
    });
  });
}
