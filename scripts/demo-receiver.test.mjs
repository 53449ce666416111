import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { extract } from 'tar-stream';
import { startDemoReceiver } from './demo-receiver.mjs';
import { reportRun } from './demo-world/scheduler.mjs';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

async function start(t) {
  const receiver = await startDemoReceiver({ secret: SECRET });
  t.after(receiver.stop);
  return receiver;
}

/** Calls back as Standard Webhooks says. */
function call(url, body, { at = new Date(), tamper = text => text } = {}) {
  return fetch(url, {
    method: 'POST',
    body: tamper(body),
    headers: {
      'webhook-id': 'message-1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(SECRET).sign('message-1', at, body),
    },
  });
}

describe('the demo server', () => {
  it('G7: remembers callbacks whose signature is right', async t => {
    const receiver = await start(t);
    const event = { type: 'succeeded', subject: 'resource:default/flights' };
    const response = await call(
      `${receiver.url}/hooks/route-planner`,
      JSON.stringify(event),
    );
    assert.equal(response.status, 204);
    const { items } = await (await fetch(`${receiver.url}/callbacks`)).json();
    assert.equal(items.length, 1);
    assert.equal(items[0].path, '/hooks/route-planner');
    assert.equal(items[0].id, 'message-1');
    assert.equal(items[0].verified, true);
    assert.deepEqual(items[0].event, event);
  });

  it('refuses what was altered, is old or is not signed', async t => {
    const receiver = await start(t);
    const url = `${receiver.url}/hooks/route-planner`;
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const response of [
      await call(url, '{}', { tamper: text => `${text} ` }),
      await call(url, '{}', { at: hourAgo }),
      await fetch(url, { method: 'POST', body: '{}' }),
    ]) {
      assert.equal(response.status, 401);
    }
    const seen = receiver.callbacks();
    assert.equal(seen.length, 3);
    for (const { verified, event, problem } of seen) {
      assert.equal(verified, false);
      assert.equal(event, undefined);
      assert.ok(problem);
    }
  });

  it('shows callbacks without running what stands in them', async t => {
    const receiver = await start(t);
    const event = { type: '<script>alert(1)</script>', subject: '"&\'' };
    await call(`${receiver.url}/hooks/<b>`, JSON.stringify(event));
    const page = await (await fetch(receiver.url)).text();
    assert.ok(!page.includes('<script>'));
    assert.ok(page.includes('&#60;script&#62;alert(1)&#60;/script&#62;'));
  });

  it('G10: takes no body of more than a megabyte', async t => {
    const receiver = await start(t);
    const response = await call(
      `${receiver.url}/hooks/route-planner`,
      ' '.repeat(1024 * 1024 + 1),
    );
    assert.equal(response.status, 413);
    assert.equal(receiver.callbacks().length, 0);
  });

  it('serves the catalog with its own address in it, and caches', async t => {
    const receiver = await start(t);
    const url = `${receiver.url}/catalog/consumers/flights.yaml`;
    const response = await fetch(url);
    const text = await response.text();
    assert.ok(text.includes(`webhook: ${receiver.url}/hooks/route-planner`));
    assert.ok(!text.includes('127.0.0.1:7099'));
    const again = await fetch(url, {
      headers: { 'if-none-match': response.headers.get('etag') },
    });
    assert.equal(again.status, 304);
  });

  it('serves code of consumers as a Gitea server does', async t => {
    const receiver = await start(t);
    const repository = `${receiver.url}/api/v1/repos/airline/punctuality-mailer`;
    const commit = await fetch(`${repository}/git/commits/main`);
    assert.match((await commit.json()).sha, /^[0-9a-f]{40}$/);

    const archive = await fetch(`${repository}/archive/main.tar.gz`);
    const names = [];
    const reader = extract();
    reader.on('entry', ({ name }, content, next) => {
      names.push(name);
      content.on('end', next).resume();
    });
    reader.end(gunzipSync(Buffer.from(await archive.arrayBuffer())));
    await new Promise(resolve => {
      reader.on('finish', resolve);
    });
    const model = 'models/staging/stg_flights.sql';
    assert.ok(names.includes(`punctuality-mailer/${model}`), String(names));

    const page = `${receiver.url}/airline/punctuality-mailer/src/branch/main/`;
    const shown = async path => (await fetch(`${page}${path}`)).text();
    assert.ok((await shown('')).split('\n').includes(model));
    assert.match(await shown(model), /delay as minutes_late/);
    for (const path of [
      '/airline/nobody/src/branch/main/',
      '/airline/claims-desk/src/branch/main/nothing.sql',
      '/airline/claims-desk/src/branch/main/..%2f..%2fREADME.md',
      '/airline/../src/branch/main/',
      '/api/v1/repos/airline/nobody/archive/main.tar.gz',
    ]) {
      const { status } = await fetch(`${receiver.url}${path}`);
      assert.equal(status, 404, path);
    }
  });

  it('reports a run until the portal knows consumer and dataset', async t => {
    const bodies = [];
    const portal = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(JSON.parse(body));
      assert.equal(request.headers.authorization, 'Bearer token');
      // Neither the consumer, nor the dataset, then both.
      const [status, answer] = [
        [404, {}],
        [200, { accepted: [], ignored: [] }],
        [200, { accepted: [], written: [{}], ignored: [] }],
      ][bodies.length - 1];
      response.writeHead(status).end(JSON.stringify(answer));
    });
    await new Promise(resolve => {
      portal.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => portal.close());
    const portalUrl = `http://127.0.0.1:${portal.address().port}`;
    await reportRun({ portalUrl, token: 'token', everyMs: 1 });
    assert.equal(bodies.length, 3);
    assert.equal(bodies[2].job.namespace, 'airflow');
    portal.removeAllListeners('request');
    portal.on('request', (_, response) => response.writeHead(403).end('no'));
    await assert.rejects(
      reportRun({ portalUrl, token: 'token', everyMs: 1 }),
      /403 no/,
    );
  });

  it('G10: serves nothing but the YAML files of its folder', async t => {
    const receiver = await start(t);
    for (const path of [
      '/catalog',
      '/nothing.yaml',
      '/README.md',
      '/..%2fapp-config.yaml',
      '/%2e%2e/app-config.yaml',
      '/catalog/..%5c..%5c..%5capp-config.yaml',
      '//etc/passwd.yaml',
    ]) {
      const response = await fetch(`${receiver.url}${path}`);
      assert.equal(response.status, 404, path);
    }
    const written = await fetch(`${receiver.url}/catalog/all.yaml`, {
      method: 'PUT',
    });
    assert.equal(written.status, 405);
  });
});
