import { SqlParser } from './SqlParser';

describe('SqlParser', () => {
  it('gives statements with the lines of their names', async () => {
    const parser = new SqlParser();
    try {
      expect(await parser.parse('select\n  delay', 'postgresql')).toEqual({
        statements: [
          {
            select: expect.objectContaining({
              expressions: [
                {
                  column: expect.objectContaining({
                    name: expect.objectContaining({ name: 'delay' }),
                  }),
                },
              ],
            }),
          },
        ],
      });
    } finally {
      await parser.close();
    }
  });

  it('ends a thread that takes too long, and starts another', async () => {
    const parser = new SqlParser({ timeoutMs: 1 });
    try {
      expect(await parser.parse('select 1', 'postgresql')).toEqual({
        error: 'took longer than 1 ms to parse',
      });
      expect(await parser.parse('select 1', 'postgresql')).toEqual({
        error: 'took longer than 1 ms to parse',
      });
    } finally {
      await parser.close();
    }
  });

  it('refuses a dialect that there is not', async () => {
    const parser = new SqlParser();
    try {
      expect(await parser.parse('select 1', 'klingon')).toEqual({
        error: expect.stringContaining('klingon'),
      });
    } finally {
      await parser.close();
    }
  });
});
