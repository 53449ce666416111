import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hashOf, isStamped, stamp } from './stamp.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

describe('a stamp', () => {
  it('is fresh until a file, its name or a fact changes', t => {
    const root = temporaryFolder(t);
    const source = join(root, 'src');
    mkdirSync(join(source, 'deep'), { recursive: true });
    writeFileSync(join(source, 'deep/a.ts'), 'a');
    const hash = () => hashOf(root, [source, join(root, 'missing')], ['1']);
    const file = join(root, 'cache/stamp');
    assert.equal(isStamped(file, hash()), false);
    stamp(file, hash());
    assert.equal(isStamped(file, hash()), true);

    writeFileSync(join(source, 'deep/a.ts'), 'b');
    assert.equal(isStamped(file, hash()), false);
    writeFileSync(join(source, 'deep/a.ts'), 'a');
    assert.equal(isStamped(file, hash()), true);

    writeFileSync(join(source, 'b.ts'), '');
    assert.equal(isStamped(file, hash()), false);
    rmSync(join(source, 'b.ts'));

    assert.notEqual(
      hashOf(root, [source], ['1']),
      hashOf(root, [source], ['2']),
    );
  });

  it('does not mind build output or where the checkout is', t => {
    const root = temporaryFolder(t);
    mkdirSync(join(root, 'one/src/dist'), { recursive: true });
    writeFileSync(join(root, 'one/src/a.ts'), 'a');
    cpSync(join(root, 'one'), join(root, 'two'), { recursive: true });
    writeFileSync(join(root, 'two/src/dist/bundle.js'), 'x');
    assert.equal(
      hashOf(join(root, 'one'), [join(root, 'one/src')]),
      hashOf(join(root, 'two'), [join(root, 'two/src')]),
    );
  });

  it('tells files apart whose names and contents join to the same text', t => {
    const root = temporaryFolder(t);
    writeFileSync(join(root, 'ab'), 'c');
    const first = hashOf(root, [join(root, 'ab')]);
    writeFileSync(join(root, 'a'), 'bc');
    assert.notEqual(hashOf(root, [join(root, 'a')]), first);
  });
});
