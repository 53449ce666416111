import { crashToRunning } from './crashToRunning';
import { filesBounded } from './filesBounded';
import { filesVerifiedVsCopy } from './filesVerifiedVsCopy';
import { pickupIdle } from './pickupIdle';
import { tableVerifiedVsCtas } from './tableVerifiedVsCtas';
import { Benchmark } from './types';
import { vsRowByRow } from './vsRowByRow';
import { workerPeak } from './workerPeak';

/** In the order of the printed table. */
export const benchmarks: Benchmark[] = [
  filesVerifiedVsCopy,
  filesBounded,
  tableVerifiedVsCtas,
  vsRowByRow,
  workerPeak,
  pickupIdle,
  crashToRunning,
];
