import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeFailures } from './failures.mjs';

const numbered = (count, word) =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);

describe('the failures at the end of a log', () => {
  it('say what each test said, without colours, and its name', () => {
    const message = '\u001b[31mexpected 2\u001b[39m\n\n  received 1';
    assert.deepEqual(describeFailures([{ name: 'a.test.ts: adds', message }]), [
      'a.test.ts: adds said:',
      '  expected 2',
      '    received 1',
      'failed: a.test.ts: adds',
    ]);
    assert.deepEqual(describeFailures([]), []);
  });

  it('show the beginning and the end of a long message', () => {
    const message = numbered(1_000, 'line').join('\n');
    const lines = describeFailures([{ name: 'tsc', message }]);
    assert.equal(lines[1], '  line 1');
    assert.ok(lines.includes('  ... 961 more lines ...'));
    assert.equal(lines.at(-2), '  line 1000');
    assert.equal(lines.length, 42);
  });

  it('fit into what is kept of a log, however many they are', () => {
    for (const count of [1, 3, 7, 20, 500]) {
      const failures = numbered(count, 'test').map(name => ({
        name,
        message: numbered(90, 'x'.repeat(5_000)).join('\n'),
      }));
      const lines = describeFailures(failures);
      assert.ok(lines.length <= 151, `${lines.length} lines of ${count}`);
      assert.ok(lines.every(line => line.length < 250));
      assert.ok(lines.includes('failed: test 1'));
    }
    const many = describeFailures(
      numbered(500, 'test').map(name => ({ name })),
    );
    assert.equal(many.length, 31);
    assert.equal(many.at(-1), 'failed: and 470 more');
  });
});
