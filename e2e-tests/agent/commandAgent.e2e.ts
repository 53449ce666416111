import { test } from 'node:test';
import {
  findPython,
  PYTHON_CONFIG,
  pythonEnvironment,
} from '../../scripts/lib/python.mjs';
import { describeKilledHalfWay } from './killedHalfWay';
import { names } from './names';

const python = findPython();

if (python) {
  describeKilledHalfWay('an agent in Python', 'command-agent', {
    material: names,
    configs: [PYTHON_CONFIG],
    env: pythonEnvironment(python),
  });
} else {
  test('an agent in Python', { skip: 'there is no Python here' });
}
