import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainDisk, freeBytes, requireFreeSpace } from './disk.mjs';

const GB = 1024 ** 3;

describe('disk', () => {
  it('knows the free space of a folder that is not there yet', () => {
    assert.ok(freeBytes('/tmp/not/there/yet') > 0);
  });

  it('refuses before it begins, in one sentence with both numbers', () => {
    assert.throws(() => requireFreeSpace('/data', 4 * GB, 'the portal', GB), {
      name: 'Explained',
      message:
        'the disk of /data has 1.0 GB free, but the portal needs 4.0 GB; ' +
        'free some space and run this again.',
    });
    requireFreeSpace('/data', 4 * GB, 'the portal', 4 * GB);
  });

  it('explains a disk that is full in the middle, and nothing else', () => {
    const full = Object.assign(new Error('write'), {
      code: 'ENOSPC',
      path: '/data/x',
    });
    assert.match(
      explainDisk(full).message,
      /disk is full while writing \/data/,
    );
    const other = Object.assign(new Error('no'), { code: 'EACCES' });
    assert.equal(explainDisk(other), other);
  });
});
