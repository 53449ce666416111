import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { freePort, onFreePort, parsePort, requirePort } from './ports.mjs';

const words = { purpose: 'the portal', advice: 'choose another' };

describe('ports', () => {
  it('finds one that can be listened on', async () => {
    await requirePort(await freePort(), words);
  });

  it('says in one sentence that a port is taken, and what to do', async t => {
    const server = createServer().listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address();
    await assert.rejects(requirePort(port, words), {
      name: 'Explained',
      message: `port ${port}, which the portal needs, is taken by another program; choose another.`,
    });
  });

  it('tries another one when somebody was quicker, and only then', async t => {
    const servers = [];
    t.after(() => servers.forEach(server => server.close()));
    const started = await onFreePort(async port => {
      if (servers.length) return port;
      servers.push(createServer().listen(port, '127.0.0.1'));
      await once(servers[0], 'listening');
      throw new Error('it is taken');
    });
    assert.notEqual(started, servers[0].address().port);
    await assert.rejects(
      onFreePort(async () => {
        throw new Error('for another reason');
      }),
      /for another reason/,
    );
  });

  it('reads what a person gave', () => {
    assert.equal(parsePort('7007', '--port'), 7007);
    for (const text of ['0', '65536', '-1', '70a', '', '1.5']) {
      assert.throws(() => parsePort(text, '--port'), { name: 'Explained' });
    }
  });
});
