import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPython, PYTHON_CONFIG } from './python.mjs';
import { portalConfigs } from './portal.mjs';

test('the demo has agents in Python where there is Python', () => {
  const { PATH } = process.env;
  const configured = () => portalConfigs().includes(PYTHON_CONFIG);
  assert.equal(configured(), findPython() !== undefined);
  process.env.PATH = '/nowhere';
  try {
    assert.equal(findPython(), undefined);
    assert.equal(configured(), false);
  } finally {
    process.env.PATH = PATH;
  }
});
