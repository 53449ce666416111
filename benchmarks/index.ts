import { campaign10k } from './campaign10k';
import { crashToRunning } from './crashToRunning';
import { filesBounded } from './filesBounded';
import { filesVerifiedVsCopy } from './filesVerifiedVsCopy';
import { metadataOnly } from './metadataOnly';
import { pickupIdle } from './pickupIdle';
import { rate30mVs3m } from './rate30mVs3m';
import { tableUnverifiedVsCtas } from './tableUnverifiedVsCtas';
import { tableVerifiedVsCtas } from './tableVerifiedVsCtas';
import { Benchmark } from './types';
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
  pickupIdle,
  crashToRunning,
  campaign10k,
];
