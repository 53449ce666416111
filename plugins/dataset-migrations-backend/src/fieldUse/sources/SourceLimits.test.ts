import { SourceLimits } from './SourceLimits';

describe('limits of a source', () => {
  it('do not let other code keep SQL from being read', () => {
    const limits = new SourceLimits();
    for (let index = 0; index < 4_000; index += 1) {
      limits.takes(`src/${index}.py`, 10);
    }
    expect(limits.takes('src/more.py', 10)).toBe(false);
    expect(limits.takes('models/a.sql', 10)).toBe(true);
    expect(limits.unread).toEqual([
      { file: 'src/3000.py', reason: expect.stringContaining('is not read') },
    ]);
  });

  it('report code that is too large to be looked through, and no data', () => {
    const limits = new SourceLimits();
    for (const path of ['a.sql', 'b.py', 'c.csv', 'package-lock.json']) {
      expect(limits.takes(path, 300_000)).toBe(false);
    }
    expect(limits.unread.map(({ file }) => file)).toEqual(['a.sql', 'b.py']);
  });

  it.each(['README.md', 'a.png', 'node_modules/a.sql', '../a.sql', 'Makefile'])(
    'do not want %s',
    path => {
      expect(new SourceLimits().takes(path, 1)).toBe(false);
    },
  );
});
