import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { AddressInfo } from 'node:net';
import { UnreachableError } from '../senders';
import { NameResolver } from './NameResolver';

const TYPE_A = 1;

/** What a name server answers to a question: its address, or that there is none. */
function answerTo(question: Buffer, address: number[]): Buffer {
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  // A response, recursion desired and available, one question.
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 4);
  // The name with its length bytes, a zero, type and class.
  const end = question.indexOf(0, 12) + 5;
  const asked = question.subarray(12, end);
  if (asked.readUInt16BE(asked.length - 4) !== TYPE_A) {
    return Buffer.concat([header, asked]);
  }
  header.writeUInt16BE(1, 6);
  // The name is the one at byte 12; type A, class IN, a minute, four bytes.
  const record = Buffer.from([0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4]);
  return Buffer.concat([header, asked, record, Buffer.from(address)]);
}

describe('NameResolver', () => {
  let server: Socket;
  let questions: number;
  /** Sends the answers that are held back, and those to come. */
  let release: () => void;
  let resolver: NameResolver;
  const { signal } = new AbortController();

  beforeEach(async () => {
    questions = 0;
    let open = () => {};
    const released = new Promise<void>(resolve => {
      open = resolve;
    });
    release = open;
    server = createSocket('udp4');
    server.on('message', async (question, { port, address }) => {
      questions++;
      await released;
      server.send(answerTo(question, [93, 184, 216, 34]), port, address);
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    resolver = create(30_000);
  });

  function create(tryMs: number): NameResolver {
    const { port } = server.address() as AddressInfo;
    return new NameResolver({ servers: [`127.0.0.1:${port}`], tryMs });
  }

  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  it('asks name servers for public names', async () => {
    release();
    expect(
      await resolver.resolve('hooks.test', { allowPrivate: false, signal }),
    ).toEqual([{ address: '93.184.216.34', family: 4 }]);
  });

  it('asks nobody for what is an address', async () => {
    for (const allowPrivate of [true, false]) {
      expect(
        await resolver.resolve('10.1.2.3', { allowPrivate, signal }),
      ).toEqual([{ address: '10.1.2.3', family: 4 }]);
      expect(
        await resolver.resolve('fd00::1', { allowPrivate, signal }),
      ).toEqual([{ address: 'fd00::1', family: 6 }]);
    }
    expect(questions).toBe(0);
  });

  it('asks the system for private names', async () => {
    const addresses = await resolver.resolve('localhost', {
      allowPrivate: true,
      signal,
    });
    expect(addresses.map(({ address }) => address)).toContain('127.0.0.1');
    expect(questions).toBe(0);
  });

  it('asks nobody for what is this machine', async () => {
    for (const host of ['localhost', 'hooks.localhost']) {
      expect(
        await resolver.resolve(host, { allowPrivate: false, signal }),
      ).toEqual([{ address: '127.0.0.1', family: 4 }]);
    }
    expect(questions).toBe(0);
  });

  it('G7: holds no thread while name servers do not answer', async () => {
    const asked = Array.from({ length: 16 }, (_, n) =>
      resolver.resolve(`hooks-${n}.test`, { allowPrivate: false, signal }),
    );
    // That takes one of the four threads of the process.
    await stat(__filename);
    release();
    expect(await Promise.all(asked)).toHaveLength(16);
  });

  it('gives up, for another attempt', async () => {
    const asking = create(50).resolve('hooks.test', {
      allowPrivate: false,
      signal,
    });
    await expect(asking).rejects.toThrow(UnreachableError);
    await expect(asking).rejects.toThrow('hooks.test does not resolve (E');
  });

  it('stops when its caller does', async () => {
    const controller = new AbortController();
    const asking = resolver.resolve('hooks.test', {
      allowPrivate: false,
      signal: controller.signal,
    });
    controller.abort(new Error('the worker stops'));
    await expect(asking).rejects.toThrow('the worker stops');
  });
});
