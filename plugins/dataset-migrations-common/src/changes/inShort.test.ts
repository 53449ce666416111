import { fingerprint, inShort } from './inShort';

describe('inShort', () => {
  it('leaves a text that fits as it is', () => {
    expect(inShort('distance * 1.609')).toBe('distance * 1.609');
    expect(inShort('😀'.repeat(300))).toBe('😀'.repeat(300));
  });

  it('tells long texts apart that begin alike', () => {
    const [one, two] = ['a', 'b'].map(end =>
      inShort(`${'😀'.repeat(300)}${end}`),
    );
    expect(one).toMatch(/^(😀){300}… \(301 characters, [0-9a-f]{16}\)$/u);
    expect(one).not.toBe(two);
  });
});

describe('fingerprint', () => {
  it('is FNV-1a', () => {
    expect(fingerprint('')).toBe('cbf29ce484222325');
    expect(fingerprint('a')).toBe('af63dc4c8601ec8c');
    expect(fingerprint('foobar')).toBe('85944171f73967e8');
  });
});
