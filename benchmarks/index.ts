import { campaign10k } from './campaign10k';
import { crashToRunning } from './crashToRunning';
import { filesBounded } from './filesBounded';
import { filesVerifiedVsCopy } from './filesVerifiedVsCopy';
import { metadataOnly } from './metadataOnly';
import { pickupIdle } from './pickupIdle';
import { queueDeep } from './queueDeep';
import { queueVsBare } from './queueVsBare';
import { rate30mVs3m } from './rate30mVs3m';
import { tableUnverifiedVsCtas } from './tableUnverifiedVsCtas';
import { tableVerifiedVsCtas } from './tableVerifiedVsCtas';
import { twoProcesses } from './twoProcesses';
import { Benchmark } from './types';
import { verdicts5000 } from './verdicts5000';
import { vsInplaceUpdate } from './vsInplaceUpdate';
import { vsRowByRow } from './vsRowByRow';
import { workerPeak } from './workerPeak';

/** In the order of the printed table. */
export const benchmarks: Benchmark[] = [
  filesVerifiedVsCopy,
  filesBounded,
  tableVerifiedVsCtas,
  tableUnverifiedVsCtas,
  rate30mVs3m,
  metadataOnly,
  vsInplaceUpdate,
  vsRowByRow,
  workerPeak,
  verdicts5000,
  pickupIdle,
  queueDeep,
  queueVsBare,
  twoProcesses,
  crashToRunning,
  campaign10k,
];
