// A station over npm `ocpp-rpc`, strict: the same lines of JSON as station.py.
//
//   station.mjs URL IDENTITY
import {createInterface} from 'node:readline';
import {RPCClient} from 'ocpp-rpc';

const [url, identity] = process.argv.slice(2);
const say = what => process.stdout.write(JSON.stringify(what) + '\n');
const answers = {
  GetConfiguration: {
    configurationKey: [{key: 'ChargeProfileMaxStackLevel', readonly: true, value: '5'}],
  },
  UnlockConnector: {status: 'Unlocked'},
};

const client = new RPCClient({
  endpoint: url, identity, protocols: ['ocpp1.6'], strictMode: ['ocpp1.6'], reconnect: false,
});
client.handle(({method, params}) => {
  say({called: method, payload: params});
  return answers[method] ?? {status: 'Accepted'};
});
client.on('close', ({code}) => {
  say({closed: code});
  process.exit(0);
});
await client.connect();
say({connected: client.protocol});

for await (const line of createInterface({input: process.stdin})) {
  const order = JSON.parse(line);
  if (order.answer) {
    answers[order.answer] = order.payload;
    say({answers: order.answer});
    continue;
  }
  client.call(order.call, order.payload)
      .then(result => say({id: order.id, result}))
      .catch(error => say({id: order.id, error: `${error.rpcErrorCode}: ${error.message}`}));
}
await client.close();
