import { LoggerService } from '@backstage/backend-plugin-api';
import { loggerWithoutSecrets } from './loggerWithoutSecrets';

const reason = (secret: string) => `refused password=${secret}`;

describe('loggerWithoutSecrets', () => {
  const lines: unknown[][] = [];
  const note =
    (level: string) =>
    (...line: unknown[]) =>
      void lines.push([level, ...line]);
  const logger = (meta?: object): LoggerService => ({
    error: note('error'),
    warn: note('warn'),
    info: note('info'),
    debug: note('debug'),
    child: more => logger({ ...meta, ...more }),
  });

  beforeEach(() => {
    lines.length = 0;
  });

  it.each(['error', 'warn', 'info', 'debug'] as const)(
    'G10: says no secret in a line of %s, nor does one made of it',
    level => {
      const clean = loggerWithoutSecrets(logger());
      clean[level](reason('hunter2'));
      clean.child({ of: 'the queue' })[level](reason('hunter2'), { tries: 2 });
      expect(lines).toEqual([
        [level, reason('***'), undefined],
        [level, reason('***'), { tries: 2 }],
      ]);
    },
  );

  it('G10: says of an error what it is, without what it carries', () => {
    const error = Object.assign(new TypeError(reason('hunter2')), {
      config: { password: 'hunter2' },
    });
    loggerWithoutSecrets(logger()).error('It failed', error);
    const [[, , said]] = lines as [[string, string, Error]];
    expect(said).toMatchObject({
      name: 'TypeError',
      message: reason('***'),
      stack: expect.stringContaining(__filename),
    });
    expect(said).not.toHaveProperty('config');
    expect(said.stack).not.toContain('hunter2');
  });
});
